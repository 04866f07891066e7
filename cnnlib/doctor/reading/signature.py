"""The parameters that a caller of somebody's function can fill, also by way of ``*args`` and ``**kwargs``."""

import functools
import inspect
import re
from typing import NamedTuple

from ..patient.code import handed_to_base, keys_of_kwargs
from .arguments import kind_of_type


class Parameter(NamedTuple):
    """One parameter of a function, as :mod:`inspect` tells it."""

    name: str
    positional: bool
    optional: bool
    default: object
    said: str | None = None  # whether a number or a sequence, by its type


def _asked(function) -> tuple:
    """What :mod:`inspect` tells of a function's parameters; ValueError or TypeError where it cannot tell."""
    if inspect.ismethod(function):  # a new object each time; the function under it is always the same
        return _signature(function.__func__)[1:]
    return _signature(function)


@functools.lru_cache(maxsize=512)
def _signature(function) -> tuple:
    """The parameters; also those taken out of ``**kwargs``, and those of a constructor that another one extends."""
    asked = list(inspect.signature(function).parameters.values())
    if not any(p.kind is p.VAR_KEYWORD for p in asked):
        return tuple(asked)
    makers, given = [function], ()
    if isinstance(function, type):
        makers = [base.__init__ for base in function.__mro__[:-1] if "__init__" in vars(base)]
        if not makers:
            return tuple(asked)
        places, given = handed_to_base(makers[0])
    more = [p for maker in makers[1:2] for p in list(inspect.signature(maker).parameters.values())[1 + places :]]
    more += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=inspect.Parameter.empty if need else None)
        for name, need in keys_of_kwargs(makers[0]).items()
        if name.isidentifier()
    ]
    for p in more:
        named = [*(one.name for one in asked), *given]
        if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL) and p.name not in named:
            asked.append(p.replace(kind=p.KEYWORD_ONLY))
    return tuple(asked)


def parameters(function) -> list[Parameter]:
    """The parameters a caller can fill; those of a class are its constructor's.  [] if they cannot be found out."""
    bound = inspect.ismethod(function)
    try:
        return list(_parameters(function.__func__ if bound else function, bound))
    except (TypeError, ValueError):
        return []


@functools.lru_cache(maxsize=512)
def _parameters(function, bound: bool) -> tuple[Parameter, ...]:
    asked, kinds = _signature(function)[bound:], inspect.Parameter
    only, empty = kinds.KEYWORD_ONLY, kinds.empty
    if [p.kind for p in asked] == [kinds.VAR_POSITIONAL] and re.search("shape|size|dim", asked[0].name):
        return (Parameter("*" + asked[0].name, True, False, empty),)
    return tuple(
        Parameter(p.name, p.kind is not only, p.default is not empty, p.default, kind_of_type(p.annotation))
        for p in asked
        if p.kind not in (kinds.VAR_POSITIONAL, kinds.VAR_KEYWORD)
    )


def takes_anything(function) -> bool:
    """Whether a function has ``*args`` and no named parameter."""
    try:
        kinds = [p.kind for p in _asked(function)]
    except (TypeError, ValueError):
        return True
    return inspect.Parameter.VAR_POSITIONAL in kinds and not parameters(function)

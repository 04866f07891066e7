"""Functions that make a forward and a backward function: ``ahead, back = conv(stride), conv_back(stride)``."""

import copy
import inspect
import types

from ..patient.session import Subject
from .shapes import means, named


def as_subject(layer, backward) -> Subject | None:
    """A class whose objects have the two functions that these two make; None for other pairs."""
    if not (goes(layer, "X", "forward") and goes(backward, "delta", "backward")):
        return None

    class Made:
        """A fresh forward and backward function; each maker has defaults of its own, as dicts may be changed."""

        def __init__(self, *args, **named_):
            given = _filled(inspect.signature(layer), args, named_)
            asked = inspect.signature(backward)
            shared = {name: value for name, value in given.items() if name in asked.parameters}
            self.forward = layer(**given)
            self.backward = backward(**_filled(asked, (), shared))

    Made.__signature__ = inspect.signature(layer)
    return named(Subject(Made), layer)


def goes(function, meaning: str, site: str) -> bool:
    """Whether a function makes another, whose first parameter is X (on the way forward) or delta (back)."""
    if not inspect.isfunction(function) or inspect.iscoroutinefunction(function):
        return False
    parts = [part for part in function.__code__.co_consts if isinstance(part, types.CodeType) and part.co_argcount]
    own = inspect.signature(function).parameters
    handed = any(means(name, meaning, site) for name in own)
    return not handed and any(means(part.co_varnames[0], meaning, site) for part in parts if part.co_name[0] != "<")


def _filled(signature, args, given) -> dict:
    """Every parameter with its value, or a copy of its default."""
    bound = signature.bind(*args, **given).arguments
    left = {name: p.default for name, p in signature.parameters.items() if p.default is not p.empty}
    return copy.deepcopy(left) | bound

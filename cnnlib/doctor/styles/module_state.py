"""Functions whose weights and cache are variables of their module, as ``K`` beside ``forward(x)``.

Each fresh layer has copies of these variables.  They take the place of the module's own while a function runs, and
what it has assigned to them, or to others by ``global``, is the layer's afterwards.
"""

import builtins
import dis
import inspect

import numpy as np

from ..patient import calls, names
from ..patient.contents import arrays_in
from ..patient.session import Subject
from .shapes import named, signed

STATE = (np.ndarray, dict, list, float, int)


def as_subject(layer, backward) -> Subject | None:
    """An object with the variables, forward and backward; None where the forward function is handed its weights."""
    if (
        not (inspect.isfunction(layer) and inspect.isfunction(backward))
        or layer.__globals__ is not backward.__globals__
    ):
        return None
    home = layer.__globals__
    used, assigned = _globals_of([layer, backward], home)
    kept = [name for name in used if isinstance(home.get(name), STATE) or name in assigned or name not in home]
    state = {name: home.get(name) for name in kept}
    weights = [a for a in arrays_in({n: v for n, v in state.items() if v is not None}).values() if a.ndim > 1]
    asked = {meaning for p in calls.parameters(layer) for meaning in names.meanings("forward", p.name)[:1]}
    if not weights or asked & {"K", "b", "bag", "settings"}:
        return None
    made = type("ModuleState", (), {"forward": _method(layer, home), "backward": _method(backward, home)})()
    vars(made).update({name: value for name, value in state.items() if name in home})
    return named(Subject(made), layer)


def _globals_of(functions, home) -> tuple[list[str], set[str]]:
    """The variables of the module that functions and those they call read or assign; those that they assign."""
    found, assigned, seen, left = [], set(), set(), list(functions)
    while left:
        function = left.pop()
        if function in seen:
            continue
        seen.add(function)
        for step in dis.get_instructions(function):
            if step.opname in ("LOAD_GLOBAL", "STORE_GLOBAL"):
                value = home.get(step.argval)
                if inspect.isfunction(value) and value.__globals__ is home:
                    left.append(value)
                elif not hasattr(builtins, step.argval):
                    found.append(step.argval)
                    assigned |= {step.argval} if step.opname == "STORE_GLOBAL" else set()
    return list(dict.fromkeys(found)), assigned


def _method(function, home):
    """The function as a method: the layer's variables are the module's while it runs."""

    def method(self, *args, **named_):
        before = dict(home)
        home.update(vars(self))
        try:
            return function(*args, **named_)
        finally:
            vars(self).update({n: v for n, v in home.items() if n in vars(self) or n not in before})
            home.clear()
            home.update(before)

    return with_self(method, function)


def with_self(method, function):
    """The method with the function's parameters behind ``self``."""
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signed(method, function)
    method.__signature__ = inspect.Signature([own, *inspect.signature(function).parameters.values()])
    return method

"""What the styles share: a class or an object with other methods under the same name, and a look at code."""

import copy
import dis
import inspect
import types

import numpy as np

from ..patient import calls, names
from ..patient.contents import parts_of
from ..patient.session import Subject


def kind_of_layer(layer) -> type:
    """The class of a layer, which may be one itself."""
    return layer if isinstance(layer, type) else type(layer)


def with_methods(layer, **methods) -> Subject:
    """A Subject for the class, or a copy of the object, whose class has these methods as well."""
    kind = kind_of_layer(layer)
    new = type(kind.__name__, (kind,), {"__module__": kind.__module__, "__doc__": kind.__doc__} | methods)
    if layer is kind:
        return named(Subject(new), kind)
    made = copy.deepcopy(layer)
    made.__class__ = new
    return named(Subject(made), kind)


def named(subject: Subject, thing) -> Subject:
    """The subject under the name of what was handed over."""
    subject.name = thing.__name__
    return subject


def signed(function, like):
    """The function with the signature of another one."""
    function.__signature__ = inspect.signature(like)
    function.__name__ = getattr(like, "__name__", "forward")
    return function


def inner_names(function) -> list[str]:
    """Names of the functions that are defined inside a function."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return [part.co_name for part in code.co_consts if isinstance(part, types.CodeType)] if code else []


def attributes_read(kind: type, name: str) -> list[str]:
    """The names that a method, and the methods it calls, read on an object and never write, in the code's order."""
    read, written, seen, left = [], set(), set(), [name]
    while left:
        name = left.pop(0)
        function = getattr(kind, name, None)
        code = getattr(getattr(function, "__func__", function), "__code__", None)
        if name in seen or code is None:
            continue
        seen.add(name)
        for step in dis.get_instructions(code):
            if step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
                (left if inspect.isfunction(getattr(kind, step.argval, None)) else read).append(step.argval)
            elif step.opname == "STORE_ATTR":
                written.add(step.argval)
    return [name for name in dict.fromkeys(read) if name not in written]


def array_of(value):
    """The array inside an object that wraps one, such as a tensor's ``data``; arrays as they are."""
    for _ in range(3):
        if isinstance(value, (np.ndarray, list, tuple)) or value is None or np.isscalar(value):
            break
        inside = dict(parts_of(value))
        wanted = next((n for n in inside if names.squeezed(n) in names.WRAPPERS and inside[n] is not None), None)
        if wanted is None:
            break
        value = inside[wanted]
    return value


def means(name: str, meaning: str, site: str) -> bool:
    """Whether a parameter or attribute of this name is the meaning first of all."""
    return names.meanings(site, name.strip("_"))[:1] == [meaning]


def parameter_names(function) -> list[str]:
    """The names of the parameters that a caller can fill."""
    return [p.name for p in calls.parameters(function)]

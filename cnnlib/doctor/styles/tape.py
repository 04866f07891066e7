"""Tensors that record their operations: X, K and b are wrapped, and the output goes back by itself.

``y = conv(Tensor(x)); y.backward(delta)`` fills the gradients of x and of the weights.  A backward pass that
takes no delta starts from a sum: (y·delta).sum().backward().
"""

import inspect
import sys

import numpy as np

from ..patient import calls, likely, names
from ..patient.session import Subject
from ..reading.methods import method_name
from ..running import LayerError, quietly
from .shapes import array_of, kind_of_layer, means, named, parameter_names, signed, with_methods

ARRAYS = ("X", "K", "b")
CLOSURES = ("_backward", "backward_fn", "_backward_fn", "grad_fn")  # of an output, without a delta


def as_subject(layer, backward) -> Subject | None:
    """The layer on arrays, if its module has tensors that go back and the layer itself does not; else None."""
    if backward is not None:
        return None
    if isinstance(layer, type) and (name := _convolution_of(layer)) and _is_tensor(layer):
        return named(Subject(_function(_on_its_object(getattr(layer, name)), layer), _back), layer)
    kind = layer if inspect.isfunction(layer) else kind_of_layer(layer)
    own = isinstance(kind, type) and method_name(kind, names.BACKWARDS, "back") is not None
    tensor = None if own and not _annotated(kind) else tensor_class(kind)
    if tensor is None or (own and tensor.__name__ not in _annotated(kind)):
        return None
    if inspect.isfunction(layer):
        if not any(means(name, "X", "forward") for name in parameter_names(layer)[:1]):
            return None
        return named(Subject(_function(layer, tensor), _back), layer)
    forward = method_name(kind, names.FORWARDS, "forward")
    return None if forward is None else _layer(layer, getattr(kind, forward), tensor)


def tensor_class(thing) -> type | None:
    """A class of the same module that wraps one array, keeps a gradient beside it and has a backward pass."""
    home = sys.modules.get(getattr(thing, "__module__", None) or "")
    kinds = [value for value in (vars(home).values() if home else ()) if isinstance(value, type)]
    return next((kind for kind in kinds if kind is not thing and _is_tensor(kind)), None)


def _is_tensor(kind) -> bool:
    """Whether a class wraps one array, keeps a gradient beside it and has a backward pass."""
    try:
        with quietly("the constructor"):
            wrapped = kind(np.ones((2, 3)))
            known = any(hasattr(wrapped, name) for name in (*names.BACKWARDS, *CLOSURES))
            return known and hasattr(wrapped, "grad") and np.array_equal(array_of(wrapped), np.ones((2, 3)))
    except LayerError:
        return False


def _convolution_of(kind) -> str | None:
    """The method of a class that is called a convolution, as of tensors that convolve themselves."""
    return next((name for name in likely.own_methods(kind, of_class=True) if "conv" in name.lower()), None)


def _on_its_object(method):
    """The method as a function whose first parameter is X."""
    asked = list(inspect.signature(method).parameters.values())

    def function(x, *args, **named_):
        return method(x, *args, **named_)

    function.__signature__ = inspect.Signature([asked[0].replace(name="x"), *asked[1:]])
    return function


def _annotated(kind) -> list[str]:
    """The names of the types that the forward method of a class is annotated with."""
    name = method_name(kind, names.FORWARDS, "forward")
    notes = getattr(getattr(kind, name, None), "__annotations__", {}) if name else {}
    return [getattr(note, "__name__", str(note)) for note in notes.values()]


def _layer(layer, method, tensor) -> Subject:
    """The class with forward and backward on arrays; what was recorded is kept out of sight of its arrays."""

    def forward(self, x):
        X = wrap(tensor, x)
        Z = method(self, X)
        self._recorded = lambda: (X, Z)
        return array_of(Z)

    def backward(self, delta):
        X, Z = self._recorded()
        go_back(tensor, Z, delta)
        return gradient_in(X)

    hidden = {} if method.__name__ == "forward" else {method.__name__: method}
    return with_methods(layer, **hidden, forward=forward, backward=backward)


def _function(function, tensor):
    """The function on arrays; beside Z it returns what was recorded."""
    meant = {name: _array(name) for name in parameter_names(function)}

    def forward(*args, **named_):
        given = inspect.signature(function).bind(*args, **named_).arguments
        arrays = {name: wrap(tensor, value) for name, value in given.items() if isinstance(value, np.ndarray)}
        Z = function(**(given | arrays))
        recorded = [arrays.get(name) for part in ARRAYS for name in arrays if meant.get(name) == part]
        return array_of(Z), lambda: (tensor, Z, recorded or list(arrays.values()))

    return signed(forward, function)


def _array(name) -> str | None:
    return next((meaning for meaning in ARRAYS if meaning in names.meanings("forward", name)), None)


def _back(delta, cache):
    """dX, dK and db, in the order of the function's arrays."""
    tensor, Z, recorded = cache()
    go_back(tensor, Z, delta)
    return tuple(gradient_in(array) for array in recorded)


def wrap(tensor, array):
    """A tensor whose gradient is kept, whatever the constructor calls that."""
    asked = [name for name in parameter_names(tensor) if "grad" in name.lower() and "_fn" not in name.lower()]
    flags = {p.name: True for p in calls.parameters(tensor) if p.name in asked and isinstance(p.default, bool)}
    return tensor(np.array(array, dtype=float), **flags)


def gradient_in(wrapped) -> np.ndarray | None:
    """The gradient that a tensor holds, as an array of its own; None where it holds none."""
    found = array_of(getattr(wrapped, "grad", None))
    return None if found is None else np.array(found, dtype=float)


def go_back(tensor, Z, delta) -> None:
    """Start the backward pass of an output from delta: handed over, or as the slope of a sum."""
    name = next((name for name in names.BACKWARDS if callable(getattr(Z, name, None))), None)
    own = next((getattr(Z, one) for one in CLOSURES if callable(getattr(Z, one, None))), None)
    if name is None or (own is not None and not hasattr(Z, "__mul__")):
        Z.grad = delta
        return own()
    method = getattr(Z, name)
    asked = calls.parameters(method)
    if asked and not isinstance(asked[0].default, bool):  # a flag, as retain_graph=False, is no delta
        for start in (delta, tensor(delta)):
            try:
                method(start)
            except (TypeError, AttributeError, ValueError) as error:
                problem = error
                continue
            return
        raise problem
    total = Z * tensor(delta)
    total = total.sum() if hasattr(total, "sum") else total
    getattr(total, method.__name__)()

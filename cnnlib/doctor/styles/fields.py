"""Layers whose input is set before a call without arguments: ``layer.x = X; layer.run(); layer.y``."""

from ..patient import calls, names
from ..patient.session import Subject
from ..patient.uses import layers_before
from ..reading.methods import method_name
from .shapes import attributes_read, kind_of_layer, means, with_methods

SIZES = {"H", "W", "N", "C", "O", "k", "stride", "pad"}


def as_subject(layer, backward) -> Subject | None:
    """The class with a forward pass that takes X, and a backward pass that takes delta, by way of its fields."""
    kind = kind_of_layer(layer)
    if layers_before(kind) or callable(backward) or kind.__module__ == "builtins" or not hasattr(kind, "__mro__"):
        return None
    forward, back = method_name(kind, names.FORWARDS, "forward"), method_name(kind, names.BACKWARDS, "back")
    if forward in (None, "__call__") or _required(kind, forward):
        return None
    field = _field(attributes_read(kind, forward), "X", "forward")
    if field is None:
        return None
    methods = {forward: _forward(getattr(kind, forward), field)}
    if back is not None and not _required(kind, back):
        methods[back] = _backward(
            getattr(kind, back), _field(attributes_read(kind, back), "delta", "backward", but=field)
        )
    return with_methods(layer, **methods)


def _required(kind, name) -> list[str]:
    """The parameters that a call of this method has to fill."""
    return [p.name for p in calls.parameters(getattr(kind, name)) if not p.optional][1:]


def _field(known, meaning, site, but=None) -> str | None:
    """The attribute that holds X or delta, by the names that parameters have; those of sizes, as H, last."""
    found = [name for name in known if name != but and means(name, meaning, site)]
    return min(found, key=lambda name: bool(SIZES & {*names.meanings("make", name)}), default=None)


def _forward(method, field):
    def forward(self, x):
        setattr(self, field, x)
        return method(self)

    return forward


def _backward(method, field):
    def backward(self, delta):
        if field is not None:
            setattr(self, field, delta)
        return method(self)

    return backward

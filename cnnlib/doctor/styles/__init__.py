"""Layers of other styles as a layer with ``forward`` and ``backward`` on arrays.

Each module knows one style and gives a Subject, or None for a layer that is not of it: modules and functions of
PyTorch, tensors that record their operations, fields that are set before a call without arguments, functions that
return their own backward pass, (init, apply) pairs, pairs of functions that make the two passes, and functions
whose weights are variables of their module.
"""

from ..patient.session import Subject
from . import closures, fields, makers, module_state, pure, tape, torch_layers

STYLES = (torch_layers, closures, pure, tape, fields, makers, module_state)


def as_subject(layer, backward) -> Subject | None:
    """The Subject of the first style that the layer is of; None for a layer that is called as it is."""
    found = (style.as_subject(layer, backward) for style in STYLES)
    return next((subject for subject in found if subject is not None), None)


__all__ = ["as_subject"]

"""What every layer is: forward, backward, params, grads — nothing else.

``forward`` keeps what ``backward`` will need and returns the output; ``backward`` takes ∂L/∂output and
returns ∂L/∂input, leaving ∂L/∂params in ``grads``.  This room also holds the checks that turn a wrong
array into a sentence.  Layers keep references: do not change an input in place between the two passes.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


class Layer:
    """Base of all layers.  ``params`` is the only truth: change or replace an entry, the next forward uses it."""

    def __init__(self):
        self.params = {}
        self.grads = {}
        self.cache = None  # what the last forward left for backward: (what it needs, output shape and dtype)

    def forward(self, X: ArrayLike) -> np.ndarray:
        """The layer's output for a batch X; the first axis is the image."""
        raise NotImplementedError

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """∂L/∂X from delta = ∂L/∂output, and ``grads`` as a side effect.  None if need_dX is false."""
        raise NotImplementedError

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """The shape of one image's output, from the shape of one image's input (no batch axis)."""
        raise NotImplementedError

    def remember(self, needed, output):
        """Keep what backward needs, beside the shape and dtype that delta has to have; returns the output."""
        self.cache = (needed, output.shape, output.dtype)
        return output

    def recall(self, delta):
        """What forward kept, and delta in the output's dtype; ValueError where no forward pass fits it."""
        if self.cache is None:
            raise ValueError(f"{self}: backward without a forward; call forward(X) first")
        needed, shape, dtype = self.cache
        delta = np.asarray(delta)
        if delta.shape != shape:
            raise ValueError(
                f"{self}: backward was given delta {delta.shape}, but the last forward gave {shape}; "
                "delta has to have the shape of the output"
            )
        return needed, as_input(delta, self, "delta", dtype=dtype)

    def __repr__(self):
        return type(self).__name__


def layer_dtype(dtype, layer):
    """``dtype`` as a NumPy dtype a layer with parameters can hold: float32, float64, or object (symbols)."""
    dtype = np.dtype(dtype)
    if dtype.kind not in "fO":
        raise ValueError(f"{layer}: dtype {dtype} cannot be trained; use float32, float64 or object")
    return dtype


def as_input(X, layer, what="the input", *, dtype=None, symbols=False):
    """X as an array the layer can take: real numbers cast to ``dtype``, objects only where symbols are allowed.

    Without a dtype floats stay what they are and whole numbers become float64.  ``what`` names X in errors.
    """
    X = np.asarray(X)
    kind = X.dtype.kind
    if kind == "O" and not (symbols or dtype == np.dtype(object)):
        hint = "; build the layer with dtype=object to run it on symbols" if hasattr(layer, "dtype") else ""
        raise ValueError(f"{layer}: {what} holds objects; it takes real numbers{hint}")
    if kind not in "buifO":
        raise ValueError(f"{layer}: {what} holds {'text' if kind in 'SU' else X.dtype}; it takes real numbers")
    if dtype is None:
        dtype = X.dtype if kind in "fO" else np.float64
    return X.astype(dtype, copy=False)


def check_maps(X, layer, channels=None):
    """ValueError unless X is a batch of maps (N, C, n_h, n_w) with that many channels and at least one image."""
    asked = f"(N, {channels or 'C'}, rows, columns)"
    if X.ndim != 4:
        hint = "; give one image as X[None]" if X.ndim == 3 else ""
        raise ValueError(f"{layer}: the input has shape {X.shape}; it takes a batch of maps {asked}{hint}")
    if 0 in X.shape:
        raise ValueError(f"{layer}: the input has shape {X.shape}, which holds nothing; it takes {asked}")
    if channels is not None and X.shape[1] != channels:
        raise ValueError(f"{layer}: the input {X.shape} has {X.shape[1]} channels; it takes {asked}")


def check_param(array, shape, dtype, name, layer):
    """A parameter as the layer computes with it; ValueError if it was replaced by one of another shape."""
    array = np.asarray(array)
    if array.shape != shape:
        raise ValueError(f"{layer}: params[{name!r}] has shape {array.shape}; it has to be {shape}")
    return as_input(array, layer, f"params[{name!r}]", dtype=dtype)

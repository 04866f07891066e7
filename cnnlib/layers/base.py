"""What every layer is: forward, backward, params, grads, and nothing else.

``forward`` keeps what ``backward`` will need and returns the output; ``backward`` takes ∂L/∂output and
returns ∂L/∂input, leaving ∂L/∂params in ``grads``.  Layers keep references: do not change an input in place
between the two passes.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ..console import Printable
from ..validation import as_array
from .validation import as_input


class Layer(Printable):
    """Base of all layers.  ``params`` holds the parameters: if an entry is replaced, the next forward pass uses it.

    ``kind`` is the word that a network names its layers with; without one it takes the name of the class.
    """

    kind = ""

    def __init__(self):
        self.params = {}
        self.grads = {}
        self.cache = None  # kept by the last forward for backward: (what it needs, output shape and dtype)

    def forward(self, X: ArrayLike) -> np.ndarray:
        """The layer's output for a batch X; the first axis is the image."""
        raise NotImplementedError

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """∂L/∂X from delta = ∂L/∂output, and ``grads`` as a side effect.  None if need_dX is false."""
        raise NotImplementedError

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """The shape of one image's output, from the shape of one image's input (no batch axis)."""
        raise NotImplementedError

    def remember(self, needed: object, output: np.ndarray) -> np.ndarray:
        """Keep what backward needs, and the shape and dtype that delta has to have; returns the output."""
        self.cache = (needed, output.shape, output.dtype)
        return output

    def recall(self, delta: ArrayLike) -> tuple[object, np.ndarray]:
        """What forward kept, and delta in the output's dtype.

        Raises
        ------
        ValueError
            Where there was no forward pass, or its output had another shape.
        """
        if self.cache is None:
            raise ValueError(f"{self}: backward without a forward; call forward(X) first")
        needed, shape, dtype = self.cache
        delta = as_array(delta, self, "delta")
        if delta.shape != shape:
            raise ValueError(
                f"{self}: backward was given delta {delta.shape}, but the last forward gave {shape}; "
                "delta has to have the shape of the output"
            )
        return needed, as_input(delta, self, "delta", dtype=dtype)

    def __copy__(self):
        """A layer with the same params that has not seen a batch: no grads, an empty cache."""
        twin = object.__new__(type(self))
        vars(twin).update(vars(self), grads={}, cache=None)
        return twin

    def __repr__(self):
        return type(self).__name__

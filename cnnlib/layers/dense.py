"""The end of the net: the maps as one vector, and the fully connected layer."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..validation import whole_number
from .base import Layer
from .initialisers import glorot_uniform
from .validation import as_input, check_param, first_values, image_shape, layer_dtype


class Flatten(Layer):
    """(N, C, n_h, n_w) becomes (N, C·n_h·n_w), map after map, row after row, in any dtype.

    MATLAB's toolbox lays each map out column after column.  Either order trains alike; mixing them does not.
    """

    kind = "flatten"

    def forward(self, X: ArrayLike) -> np.ndarray:
        """One row of features per image."""
        X = as_input(X, self, symbols=True)
        if X.ndim < 2 or 0 in X.shape:
            raise ValueError(f"{self}: the input has shape {X.shape}; it takes a batch (N, …)")
        return self.remember(X.shape, X.reshape(len(X), -1))

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """The same numbers in the shape of the maps: the exact inverse of forward."""
        shape, delta = self.recall(delta)
        return delta.reshape(shape) if need_dX else None

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """(C·n_h·n_w,) from (C, n_h, n_w)."""
        return (int(np.prod(image_shape(input_shape, self, "(C, rows, columns)"))),)


class Dense(Layer):
    """Every output sees every input: Z[n, j] = Σ_i W[j, i] · X[n, i] + b[j].

    X (N, n_in), W (n_out, n_in), b (n_out,), Z (N, n_out).  ``init``, ``rng`` and ``dtype`` as in :class:`Conv2D`.
    """

    kind = "dense"

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        init: Callable[..., np.ndarray] = glorot_uniform,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ):
        super().__init__()
        self.n_in = whole_number(n_in, "Dense: n_in", at_least=1)
        self.n_out = whole_number(n_out, "Dense: n_out", at_least=1)
        self.dtype = layer_dtype(dtype, self)
        shape, fans = (self.n_out, self.n_in), (self.n_in, self.n_out)
        self.params["W"] = first_values(init, shape, fans, rng, self)
        self.params["b"] = np.zeros(self.n_out, dtype=self.dtype)

    def forward(self, X: ArrayLike) -> np.ndarray:
        """Z = X·Wᵀ + b."""
        X = as_input(X, self, dtype=self.dtype)
        if X.ndim != 2 or len(X) == 0 or X.shape[1] != self.n_in:
            raise ValueError(f"{self}: the input has shape {X.shape}; it takes (N, {self.n_in})")
        W = self._weights().copy()  # backward uses the weights of this forward
        return self.remember((X, W), X @ W.T + self._bias())

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """dW = deltaᵀ·X, db = Σ_n delta[n], dX = delta·W; 1/N is already in delta."""
        (X, W), delta = self.recall(delta)
        self.grads["W"] = delta.T @ X
        self.grads["b"] = delta.sum(axis=0)
        return delta @ W if need_dX else None

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """(n_out,) from (n_in,)."""
        input_shape = image_shape(input_shape, self, f"({self.n_in},)")
        if input_shape != (self.n_in,):
            raise ValueError(f"{self}: an input {input_shape} does not fit; it takes ({self.n_in},)")
        return (self.n_out,)

    def _weights(self):
        return check_param(self.params["W"], (self.n_out, self.n_in), self.dtype, "W", self)

    def _bias(self):
        return check_param(self.params["b"], (self.n_out,), self.dtype, "b", self)

    def __repr__(self):
        return f"Dense({self.n_in}→{self.n_out})"

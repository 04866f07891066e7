"""Activation functions, each a layer: A = f(Z), and backward dZ = dA ∘ f′(Z).

Each derivative is written in terms of the output A, which the layer has kept.  Real numbers of any shape.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .base import Layer
from .validation import as_input


class Activation(Layer):
    """A = f(Z), elementwise; a subclass defines f, and f′ in terms of A."""

    def forward(self, X: ArrayLike) -> np.ndarray:
        """A = f(Z), in the shape of Z."""
        A = self.function(as_input(X, self))
        return self.remember(A, A)

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """∂L/∂Z = ∂L/∂A ∘ f′(Z)."""
        A, delta = self.recall(delta)
        if not need_dX:
            return None
        with np.errstate(under="ignore"):  # where f is flat, almost nothing is passed back
            return delta * self.slope(A)

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """The same."""
        return tuple(input_shape)


class Sigmoid(Activation):
    """σ(z) = 1 / (1 + e^−z);  σ′(z) = a(1 − a) with a = σ(z)."""

    kind = "sigmoid"

    @staticmethod
    def function(Z: np.ndarray) -> np.ndarray:
        """1 / (1 + e^−z)."""
        with np.errstate(over="ignore", under="ignore"):  # far out e^−z is ∞ or 0, and a is 0 or 1: that is right
            return 1 / (1 + np.exp(-Z))

    @staticmethod
    def slope(A: np.ndarray) -> np.ndarray:
        """a(1 − a)."""
        return A * (1 - A)


class Tanh(Activation):
    """tanh(z);  tanh′(z) = 1 − a² with a = tanh(z)."""

    kind = "tanh"

    @staticmethod
    def function(Z: np.ndarray) -> np.ndarray:
        """tanh(z)."""
        return np.tanh(Z)

    @staticmethod
    def slope(A: np.ndarray) -> np.ndarray:
        """1 − a²."""
        return 1 - A * A


class ScaledTanh(Activation):
    """1.7159·tanh(2z/3), the squashing of LeNet-5: through (1, 1) and (−1, −1), where it bends most.

    Its slope with a = f(z) is (2/3)·(1.7159 − a²/1.7159).
    Source: LeCun, Bottou, Bengio & Haffner (1998), appendix A.
    """

    kind = "tanh"

    height, steepness = 1.7159, 2 / 3

    @classmethod
    def function(cls, Z: np.ndarray) -> np.ndarray:
        """1.7159·tanh(2z/3)."""
        return cls.height * np.tanh(cls.steepness * Z)

    @classmethod
    def slope(cls, A: np.ndarray) -> np.ndarray:
        """(2/3)·(1.7159 − a²/1.7159)."""
        return cls.steepness * (cls.height - A * A / cls.height)


class ReLU(Activation):
    """max(0, z);  its slope is 1 where z > 0, and 0 elsewhere (at z = 0 too)."""

    kind = "relu"

    @staticmethod
    def function(Z: np.ndarray) -> np.ndarray:
        """max(0, z)."""
        return np.maximum(Z, 0)

    @staticmethod
    def slope(A: np.ndarray) -> np.ndarray:
        """1 where a > 0, else 0."""
        return (A > 0).astype(A.dtype)

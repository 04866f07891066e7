"""What convolution and transposed convolution share: settings, kernels, one bias for each output map."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..correlation import OPERATIONS, Geometry
from ..ops import Size
from ..validation import whole_number
from .base import Layer
from .validation import check_param, first_values, image_shape, layer_dtype


class KernelLayer(Layer):
    """The checked settings, the parameters K and b, db, and the layer's name for its errors."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size,
        padding: Size,
        dilation: Size,
        operation: str,
        dtype: DTypeLike,
    ):
        super().__init__()
        name = type(self).__name__
        self.in_channels = whole_number(in_channels, f"{name}: in_channels", at_least=1)
        self.out_channels = whole_number(out_channels, f"{name}: out_channels", at_least=1)
        try:
            self.geometry = Geometry.of(kernel_size, stride, padding, dilation)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        if operation not in OPERATIONS:
            raise ValueError(f"{name}: operation {operation!r} is none of {', '.join(OPERATIONS)}")
        self.operation = operation
        self.dtype = layer_dtype(dtype, self)

    def start(
        self,
        kernel_shape: tuple[int, ...],
        fans: tuple[int, int],
        init: Callable[..., np.ndarray],
        rng: np.random.Generator | None,
    ) -> None:
        """Draw K, and set b to 0."""
        self.kernel_shape = kernel_shape
        self.params["K"] = first_values(init, kernel_shape, fans, rng, self)
        self.params["b"] = np.zeros(self.out_channels, dtype=self.dtype)

    def bias_gradient(self, delta: ArrayLike) -> np.ndarray:
        """db[o] = Σ_n Σ_i Σ_j delta[n, o, i, j]: one bias serves a whole map, so its units' deltas add up."""
        _, delta = self.recall(delta)
        return delta.sum(axis=0).sum(axis=(1, 2))  # whole maps first: fast in any memory order

    def image_size(self, input_shape: Sequence[int]) -> tuple[int, int]:
        """(rows, columns) of one image's input.

        Raises
        ------
        ValueError
            For anything but (in_channels, rows, columns).
        """
        asked = f"({self.in_channels}, rows, columns)"
        input_shape = image_shape(input_shape, self, asked)
        if len(input_shape) != 3 or input_shape[0] != self.in_channels:
            raise ValueError(f"{self}: an input {input_shape} does not fit; it takes {asked}")
        return input_shape[1:]

    def unusual(self) -> dict[str, tuple[int, int]]:
        """The settings that differ from their defaults, as the layer's repr shows them."""
        usual = Geometry._field_defaults
        return {name: value for name in usual if (value := getattr(self.geometry, name)) != usual[name]}

    def _param(self, name, shape):
        return check_param(self.params[name], shape, self.dtype, name, self)

    def _bias(self):
        return self._param("b", (self.out_channels,))

    def __repr__(self):
        k_h, k_w = self.geometry.kernel
        settings = [f", {name} {v}" if v == h else f", {name} {v}×{h}" for name, (v, h) in self.unusual().items()]
        sizes = f"{self.in_channels}→{self.out_channels}, {k_h}×{k_w}"
        return f"{type(self).__name__}({sizes}, {self.operation}{''.join(settings)})"

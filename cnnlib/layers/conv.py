"""The convolutional layer.  Its backward pass is the answer to the question of the course."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .. import adjoint, ops
from ..banded import Band, is_faster
from ..correlation import OPERATIONS, Geometry, correlate_maps, effective_kernel
from ..ops import Size
from .base import Layer, as_input, check_maps, check_param, first_values, image_shape, layer_dtype
from .initialisers import glorot_uniform

PATHS = ("auto", "plain", "banded")


class SlidingWindows:
    """The textbook's way: forward slides the kernel over the input, backward the turned kernel over the deltas.

    A :class:`cnnlib.banded.Band` has the same three methods.  H stands for the kernel as it lies on a window: K
    under correlation, rot180(K) under convolution.  X and K stay those of the last forward pass.
    """

    def __init__(self, geometry: Geometry, operation: str):
        self.geometry, self.operation = geometry, operation
        self.settings = dict(geometry.settings(), operation=operation)

    def forward(self, X: np.ndarray, K: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Z = X ⋆ H + b."""
        self.X, self.K = X, K
        H = effective_kernel(K, self.operation)
        g = self.geometry
        Z = correlate_maps(g.with_padding(X), H, stride=g.stride, dilation=g.dilation)
        return Z + b[:, None, None]

    def input_gradient(self, delta: np.ndarray) -> np.ndarray:
        """dX = delta ⋆_full rot180(H), channels swapped."""
        return adjoint.gather(delta, self.K, self.X.shape, **self.settings)

    def kernel_gradient(self, delta: np.ndarray) -> np.ndarray:
        """dK = X ⋆ delta; under convolution its turn."""
        return adjoint.kernel_gradient(self.X, delta, self.geometry.kernel, **self.settings)


class Conv2D(Layer):
    """Slide C_out kernels over maps with C_in channels and add a shared bias to each output map.

    correlation ⋆   Z[n, o, i, j] = Σ_c Σ_u Σ_v X[n, c, s·i + d·u − p, s·j + d·v − p] · K[o, c, u, v] + b[o]
    convolution ∗   the same with rot180(K) in the place of K

    X (N, C_in, n_h, n_w), K (C_out, C_in, k_h, k_w), b (C_out,), Z (N, C_out, m_h, m_w) with
    m = ⌊(n + 2p − d(k−1) − 1)/s⌋ + 1.  kernel_size k, stride s, padding p and dilation d, in cells, are
    ints or pairs (vertical, horizontal).  ``init`` draws the kernels, from a fixed seed if ``rng`` is None;
    biases start at 0.  dtype is float32, float64 or object: the same lines then run on SymPy symbols.

    ``path`` chooses the algorithm, and changes no result beyond rounding: "plain" is :class:`SlidingWindows`, the
    lines of the textbook; "banded" is :class:`cnnlib.banded.Band`, one matrix product with a banded matrix; "auto"
    takes the band for numbers where it is faster.
    ValueError for sizes that do not fit, wrong channel counts and anything but real numbers.
    """

    kind = "conv"

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        *,
        stride: Size = 1,
        padding: Size = 0,
        dilation: Size = 1,
        operation: str = "correlation",
        path: str = "auto",
        init: Callable[..., np.ndarray] = glorot_uniform,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ):
        super().__init__()
        c_in = ops.whole_number(in_channels, "Conv2D: in_channels", at_least=1)
        c_out = ops.whole_number(out_channels, "Conv2D: out_channels", at_least=1)
        try:
            self.geometry = Geometry.of(kernel_size, stride, padding, dilation)
        except ValueError as error:
            raise ValueError(f"Conv2D: {error}") from None
        if operation not in OPERATIONS:
            raise ValueError(f"Conv2D: operation {operation!r} is none of {', '.join(OPERATIONS)}")
        if path not in PATHS:
            raise ValueError(f"Conv2D: path {path!r} is none of {', '.join(PATHS)}")
        self.operation, self.path = operation, path
        self.kernel_shape = (c_out, c_in, *self.geometry.kernel)
        self.dtype = layer_dtype(dtype, self)
        area = int(np.prod(self.geometry.kernel))
        fans = (c_in * area, c_out * area)
        self.params["K"] = first_values(init, self.kernel_shape, fans, rng, self)
        self.params["b"] = np.zeros(c_out, dtype=self.dtype)

    def forward(self, X: ArrayLike) -> np.ndarray:
        """Z = X ⋆ K + b or X ∗ K + b; formula and shapes in the class."""
        X = as_input(X, self, dtype=self.dtype)
        check_maps(X, self, channels=self.kernel_shape[1])
        K, b = self._kernels(), self._param("b", self.kernel_shape[:1])  # a copy of K: backward belongs to it
        algorithm = self._algorithm_for(X.shape)
        return self.remember(algorithm, algorithm.forward(X, K, b))

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """From delta = ∂L/∂Z (N, C_out, m_h, m_w):

        dK = X ⋆ delta (under ∗ turned by 180°),  db = Σ delta,  and, asked for,
        dX = delta ⋆_full rot180(K) with the channels swapped (under ∗ with K unturned).
        """
        self.grads["K"] = self.kernel_gradient(delta)
        self.grads["b"] = self.bias_gradient(delta)
        return self.input_gradient(delta) if need_dX else None

    def input_gradient(self, delta: ArrayLike) -> np.ndarray:
        """dX = ∂L/∂X (N, C_in, n_h, n_w): see :func:`cnnlib.adjoint.gather`, the general rule."""
        algorithm, delta = self.recall(delta)
        return algorithm.input_gradient(delta)

    def kernel_gradient(self, delta: ArrayLike) -> np.ndarray:
        """dK = ∂L/∂K, shaped like K, summed over positions and batch: :func:`cnnlib.adjoint.kernel_gradient`."""
        algorithm, delta = self.recall(delta)
        return algorithm.kernel_gradient(delta)

    def bias_gradient(self, delta: ArrayLike) -> np.ndarray:
        """db[o] = Σ_n Σ_i Σ_j delta[n, o, i, j]: one bias serves a whole map, so its units' deltas add up."""
        _, delta = self.recall(delta)
        return delta.sum(axis=0).sum(axis=(1, 2))  # whole maps first: fast in any memory order

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """(C_out, m_h, m_w) from (C_in, n_h, n_w)."""
        c_in = self.kernel_shape[1]
        asked = f"({c_in}, rows, columns)"
        input_shape = image_shape(input_shape, self, asked)
        if len(input_shape) != 3 or input_shape[0] != c_in:
            raise ValueError(f"{self}: an input {input_shape} does not fit; it takes {asked}")
        try:
            return (self.kernel_shape[0], *self.geometry.output_size(input_shape[1:]))
        except ValueError as error:
            raise ValueError(f"{self}: an input {input_shape} does not fit: {error}") from None

    @property
    def algorithm(self) -> SlidingWindows | Band | None:
        """What computed the last forward pass and will compute its gradients; None before the first."""
        return self.cache and self.cache[0]

    def _algorithm_for(self, input_shape):
        """The algorithm that ``path`` asks for, or the faster one."""
        _, _, m_w = self.output_shape(input_shape[1:])
        faster = Band if self.dtype != object and is_faster(m_w, self.geometry.kernel[1]) else SlidingWindows
        kind = {"plain": SlidingWindows, "banded": Band, "auto": faster}[self.path]
        return kind(self.geometry, self.operation)

    def _kernels(self):
        return self._param("K", self.kernel_shape).copy()

    def _param(self, name, shape):
        return check_param(self.params[name], shape, self.dtype, name, self)

    def __repr__(self):
        c_out, c_in, k_h, k_w = self.kernel_shape
        unusual = [
            f", {name} {v}" if v == h else f", {name} {v}×{h}"
            for name, usual in Geometry._field_defaults.items()
            for v, h in [getattr(self.geometry, name)]
            if (v, h) != usual
        ]
        return f"{type(self).__name__}({c_in}→{c_out}, {k_h}×{k_w}, {self.operation}{''.join(unusual)})"

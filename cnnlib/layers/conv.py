"""The convolutional layer.  Its backward pass contains the turn that the course explains."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .. import adjoint
from ..banded import Band, is_faster
from ..correlation import Geometry, correlate_maps, effective_kernel
from ..ops import Size
from ..validation import whole_number
from .groups import Groups
from .initialisers import glorot_uniform
from .kernel_layer import KernelLayer
from .validation import as_input, check_maps

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


class Conv2D(KernelLayer):
    """Slide C_out kernels over maps with C_in channels and add a shared bias to each output map::

        correlation ⋆   Z[n, o, i, j] = Σ_c Σ_u Σ_v X[n, c, s·i + d·u − p, s·j + d·v − p] · K[o, c, u, v] + b[o]
        convolution ∗   the same with rot180(K) in the place of K

    X (N, C_in, n_h, n_w), K (C_out, C_in, k_h, k_w), b (C_out,), Z (N, C_out, m_h, m_w) with
    m = ⌊(n + 2p − d(h−1) − 1)/s⌋ + 1.  Biases start at 0.

    Parameters
    ----------
    in_channels, out_channels : maps
        C_in and C_out.
    kernel_size, stride, padding, dilation : cells
        k, s, p and d, each an int or a pair (vertical, horizontal).
    groups : G, a divisor of C_in and C_out
        Cuts the maps into G shares: output map o sees the C_in/G input maps of its own share alone, and K is
        (C_out, C_in/G, k_h, k_w).  With G = C_in the layer is called depthwise.
    operation : "correlation" or "convolution"
    path : "auto", "plain" or "banded"
        The algorithm, which changes no result beyond rounding: "plain" is :class:`SlidingWindows`, the lines of the
        textbook; "banded" is :class:`cnnlib.banded.Band`, one matrix product with a banded matrix; "auto" takes the
        band for numbers where it is faster.
    init : function
        Draws the kernels, such as :func:`cnnlib.layers.he_normal`.
    rng : numpy.random.Generator
        By default from a fixed seed.
    dtype : float32, float64 or object
        With object the same lines run on SymPy symbols.

    Raises
    ------
    ValueError
        Here and in both passes, for sizes that do not fit, wrong channel counts and anything but real numbers.
    """

    kind = "conv"
    groups = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        *,
        stride: Size = 1,
        padding: Size = 0,
        dilation: Size = 1,
        groups: int = 1,
        operation: str = "correlation",
        path: str = "auto",
        init: Callable[..., np.ndarray] = glorot_uniform,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, operation, dtype)
        self.groups = whole_number(groups, f"{type(self).__name__}: groups", at_least=1)
        if self.in_channels % self.groups or self.out_channels % self.groups:
            raise ValueError(
                f"{self}: groups {self.groups} has to divide the input maps and the output maps, "
                f"{self.in_channels} and {self.out_channels}"
            )
        if path not in PATHS:
            raise ValueError(f"{type(self).__name__}: path {path!r} is none of {', '.join(PATHS)}")
        self.path = path
        c_in, c_out = self.in_channels // self.groups, self.out_channels // self.groups  # of one group
        area = int(np.prod(self.geometry.kernel))
        fans = (c_in * area, c_out * area)
        self.start((self.out_channels, c_in, *self.geometry.kernel), fans, init, rng)

    def forward(self, X: ArrayLike) -> np.ndarray:
        """Z = X ⋆ K + b or X ∗ K + b; formula and shapes in the class."""
        X = as_input(X, self, dtype=self.dtype)
        check_maps(X, self, channels=self.in_channels)
        K, b = self._kernels(), self._bias()  # a copy of K: backward belongs to it
        algorithm = self._algorithm_for(X.shape)
        return self.remember(algorithm, algorithm.forward(X, K, b))

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """From delta = ∂L/∂Z (N, C_out, m_h, m_w):

        dK = X ⋆ delta (under ∗ turned by 180°),  db = Σ delta,  and, unless need_dX is False,
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

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """(C_out, m_h, m_w) from (C_in, n_h, n_w)."""
        size = self.image_size(input_shape)
        try:
            return (self.out_channels, *self.geometry.output_size(size))
        except ValueError as error:
            raise ValueError(f"{self}: an input {(self.in_channels, *size)} does not fit: {error}") from None

    @property
    def algorithm(self) -> SlidingWindows | Band | Groups | None:
        """What computed the last forward pass and will compute its gradients; None before the first."""
        return self.cache and self.cache[0]

    def _algorithm_for(self, input_shape):
        """The algorithm that ``path`` asks for, or the faster one."""
        _, _, m_w = self.output_shape(input_shape[1:])
        faster = Band if self.dtype != object and is_faster(m_w, self.geometry.kernel[1]) else SlidingWindows
        kind = {"plain": SlidingWindows, "banded": Band, "auto": faster}[self.path]
        if self.groups == 1:
            return kind(self.geometry, self.operation)
        return Groups([kind(self.geometry, self.operation) for _ in range(self.groups)])

    def _kernels(self):
        return self._param("K", self.kernel_shape).copy()

    def unusual(self) -> dict[str, tuple[int, int]]:
        """Groups come last in the layer's name."""
        return super().unusual() | ({"groups": (self.groups, self.groups)} if self.groups > 1 else {})

"""The transposed convolution: the input gradient of a convolutional layer, used as a forward pass.

So the turn of the course is in ``forward`` here, and ``backward`` slides the kernel as it is.  The layer is also
called deconvolution, though it inverts nothing, and fractionally strided convolution.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .. import adjoint, ops
from ..correlation import correlate_maps, effective_kernel
from ..ops import Size
from ..validation import as_pair
from .initialisers import glorot_uniform
from .kernel_layer import KernelLayer
from .validation import as_input, check_maps


class ConvTranspose2D(KernelLayer):
    """Paste each input cell, times its kernel, onto the output; where pastes overlap they add up.

    For every i, j, u, v, from b[o] on::

        Z[n, o, s·i + d·u − p, s·j + d·v − p] += Σ_c X[n, c, i, j] · K[c, o, u, v]

    This is the transpose of the layer Conv2D(out_channels, in_channels, …) with the same K, so K is (C_in, C_out,
    k_h, k_w), "in" first, as PyTorch has it.  X (N, C_in, m_h, m_w), b (C_out,), Z (N, C_out, n_h, n_w) with
    n = s(m−1) + d(h−1) + 1 − 2p + r.  Source: Dumoulin & Visin, A guide to convolution arithmetic (2016), §4.

    Parameters
    ----------
    in_channels, out_channels : maps
        C_in and C_out.
    output_padding : cells, from 0 to s − 1
        r, the tail that a strided convolution drops: n, n+1, …, n+s−1 inputs all give m outputs, and r says
        which of these sizes is meant.  The r last rows and columns lie beyond the last window (unless the
        padding cuts windows off), and receive nothing but the bias.
    operation : "correlation" or "convolution"
        That of the layer it is the transpose of; under "convolution" ∗ the pasted kernel is rot180(K).
    kernel_size, stride, padding, dilation, init, rng, dtype
        As in :class:`Conv2D`.

    Raises
    ------
    ValueError
        Here and in both passes, for sizes that do not fit, wrong channel counts and anything but real numbers.
    """

    kind = "conv_transpose"
    output_padding = (0, 0)

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        *,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        dilation: Size = 1,
        operation: str = "correlation",
        init: Callable[..., np.ndarray] = glorot_uniform,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, operation, dtype)
        self.output_padding = as_pair(output_padding, "ConvTranspose2D: output_padding", at_least=0)
        if any(r >= s for r, s in zip(self.output_padding, self.geometry.stride, strict=True)):
            raise ValueError(
                f"ConvTranspose2D: output_padding {output_padding!r} has to be smaller than the stride {stride!r}: "
                "a convolution drops at most stride − 1 rows and columns"
            )
        c_in, c_out, area = self.in_channels, self.out_channels, int(np.prod(self.geometry.kernel))
        self.start((c_in, c_out, *self.geometry.kernel), (c_in * area, c_out * area), init, rng)

    def forward(self, X: ArrayLike) -> np.ndarray:
        """Z: X dilated by the stride, framed, and under the turned kernel: :func:`cnnlib.adjoint.gather`."""
        X = as_input(X, self, dtype=self.dtype)
        check_maps(X, self, channels=self.in_channels)
        K, b = self._param("K", self.kernel_shape).copy(), self._bias()
        output_shape = (len(X), *self.output_shape(X.shape[1:]))
        Z = adjoint.gather(X, K, output_shape, **self._settings())
        return self.remember((X, K), Z + b[:, None, None])

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """From delta = ∂L/∂Z (N, C_out, n_h, n_w):

        dK = delta ⋆ X, the two exchanged (under ∗ turned by 180°),  db = Σ delta,  and, unless need_dX is False,
        dX = delta ⋆ K: the forward pass of the convolutional layer.  Nothing turns (under ∗ the kernel does).
        """
        self.grads["K"] = self.kernel_gradient(delta)
        self.grads["b"] = self.bias_gradient(delta)
        return self.input_gradient(delta) if need_dX else None

    def input_gradient(self, delta: ArrayLike) -> np.ndarray:
        """dX[n, c, i, j] = Σ_o Σ_u Σ_v delta[n, o, s·i+d·u−pad, s·j+d·v−pad] · K[c, o, u, v], shaped like X."""
        (_, K), delta = self.recall(delta)
        g = self.geometry
        H = effective_kernel(K, self.operation)
        return correlate_maps(ops.pad(delta, g.padding), H, stride=g.stride, dilation=g.dilation)

    def kernel_gradient(self, delta: ArrayLike) -> np.ndarray:
        """dK[c, o, u, v] = Σ_n Σ_i Σ_j X[n, c, i, j] · delta[n, o, s·i+d·u−pad, s·j+d·v−pad], shaped like K."""
        (X, _), delta = self.recall(delta)
        return adjoint.kernel_gradient(delta, X, self.geometry.kernel, **self._settings())

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """(C_out, n_h, n_w) from (C_in, m_h, m_w)."""
        g, (m_h, m_w) = self.geometry, self.image_size(input_shape)
        axes = zip((m_h, m_w), g.stride, g.span, g.padding, self.output_padding, strict=True)
        size = tuple(s * (m - 1) + span - 2 * p + r for m, s, span, p, r in axes)
        if min(size) < 1:
            raise ValueError(
                f"{self}: maps of {m_h}×{m_w} would become {size[0]}×{size[1]}; "
                "take less padding, or larger maps"
            )
        return (self.out_channels, *size)

    def _settings(self):
        return dict(self.geometry.settings(), operation=self.operation)

    def unusual(self) -> dict[str, tuple[int, int]]:
        """The output padding comes last in the layer's name."""
        extra = {"output padding": self.output_padding} if any(self.output_padding) else {}
        return super().unusual() | extra

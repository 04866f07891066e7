"""The backward pass of a convolutional layer: dX in four ways that give the same numbers, and dK.

The forward pass is Z[n, o, i, j] = Σ_c Σ_u Σ_v X[n, c, s·i+d·u−pad, s·j+d·v−pad] · H[o, c, u, v], where H is
what lies on the window: K under ⋆, rot180(K) under ∗.  Given delta = ∂L/∂Z,

* :func:`gather` asks each input cell which windows it was in — here, and only here, H appears turned;
* :func:`scatter` pastes delta[i, j]·H back where the window was;
* :func:`matrix` writes the forward pass as Z = C·X and multiplies by the transpose, dX = Cᵀ·delta;
* :func:`col2im` does the same product on unrolled windows, then adds the windows back.

Shapes: delta (N, C_out, m_h, m_w), K (C_out, C_in, k_h, k_w), input_shape (N, C_in, n_h, n_w); or a
single map and a single kernel, (m_h, m_w), (k_h, k_w), (n_h, n_w).  Sizes are ints or pairs.  Any
dtype, SymPy symbols included; small integers are summed as int64, float16 as float32.  ValueError, naming the
shapes, for sizes that do not belong together; for masked cells; for whole numbers whose sums int64 cannot hold.
Source of the general rule: Dumoulin & Visin, A guide to convolution arithmetic (2016).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from . import ops
from .correlation import Geometry, correlate_maps, laid_on_window
from .ops import Size
from .validation import as_array, widened


def gather(
    delta: ArrayLike, K: ArrayLike, input_shape: Sequence[int], *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """Each input cell collects: dX = (delta, dilated and padded) ⋆ rot180(H), channels swapped.

    dX[n, c, p, q] = Σ_o Σ_u Σ_v delta[n, o, i, j] · H[o, c, u, v]   with i = p − u, j = q − v

    (written for stride 1, no padding).  Input p met output i at tap u = p − i: as i goes up, u goes
    down, and reading the taps downwards *is* the turned kernel.  Returns dX, shaped input_shape.
    """
    call = _Call.of(delta, K, input_shape, stride, padding, dilation, operation)
    spread = ops.dilate(call.delta, call.geometry.stride)
    framed = ops.pad(spread, call.geometry.backward_frame(call.input_size))
    turned = ops.rot180(call.H).swapaxes(0, 1)  # turn space, swap channels
    return call.give_back(correlate_maps(framed, turned, dilation=call.geometry.dilation))


def scatter(
    delta: ArrayLike, K: ArrayLike, input_shape: Sequence[int], *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """Each output cell pays back: paste Σ_o delta[n, o, i, j] · H[o] onto its window of dX.  No turn.

    Returns dX, shaped input_shape.
    """
    call = _Call.of(delta, K, input_shape, stride, padding, dilation, operation)
    dX = call.empty_padded_input()
    for i, j in np.ndindex(call.delta.shape[-2:]):
        dX[call.window(i, j)] += np.tensordot(call.delta[:, :, i, j], call.H, axes=1)
    return call.give_back(call.without_padding(dX))


def matrix(
    delta: ArrayLike, K: ArrayLike, input_shape: Sequence[int], *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """dX = Cᵀ·delta with the matrix C of the forward pass (:func:`correlation_matrix`).  No turn.

    Returns dX, shaped input_shape.
    """
    call = _Call.of(delta, K, input_shape, stride, padding, dilation, operation)
    C = correlation_matrix(
        K, input_shape, stride=stride, padding=padding, dilation=dilation, operation=operation
    )
    rows, C = widened(call.delta.reshape(len(call.delta), -1), C)  # one image a row: Cᵀ·delta is rows·C
    return call.give_back((rows @ C).reshape(call.input_shape))


def correlation_matrix(
    K: ArrayLike, input_shape: Sequence[int], *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """The matrix C of the forward pass, Z.ravel() = C · X.ravel() for one image, built from its indices.

    Row (o, i, j), column (c, p, q): C = H[o, c, u, v] where p = s·i + d·u − padding (likewise q), else 0.
    Shape (C_out·m_h·m_w, C_in·n_h·n_w).  For stride 1 its rows are shifted copies: a banded matrix.
    """
    K, (*_, n_h, n_w) = _as_kernels(K), _four_sizes(input_shape)
    geometry = Geometry.of(K.shape[-2:], stride, padding, dilation)
    H = laid_on_window(K, operation)
    (s_h, s_w), (p_h, p_w), (d_h, d_w) = geometry.stride, geometry.padding, geometry.dilation
    m_h, m_w = geometry.output_size((n_h, n_w))
    C = np.zeros((len(H), m_h, m_w, H.shape[1], n_h, n_w), dtype=H.dtype)
    for i, j, u, v in np.ndindex(m_h, m_w, *geometry.kernel):
        p, q = s_h * i + d_h * u - p_h, s_w * j + d_w * v - p_w
        if 0 <= p < n_h and 0 <= q < n_w:  # a tap on the padding multiplies a zero
            C[:, i, j, :, p, q] = H[:, :, u, v]
    return C.reshape(len(H) * m_h * m_w, -1)


def col2im(
    delta: ArrayLike, K: ArrayLike, input_shape: Sequence[int], *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """One matrix product gives the gradient of every unrolled window; each is added back in its place.

    Again no turn: this is :func:`scatter` with the loops in another order.  Returns dX, shaped input_shape.
    """
    call = _Call.of(delta, K, input_shape, stride, padding, dilation, operation)
    columns = np.tensordot(call.delta, call.H, axes=([1], [0]))  # (N, m_h, m_w, C_in, k_h, k_w)
    dX = call.empty_padded_input()
    for u, v in np.ndindex(call.geometry.kernel):
        dX[call.tap(u, v)] += np.moveaxis(columns[..., u, v], -1, 1)
    return call.give_back(call.without_padding(dX))


def kernel_gradient(
    X: ArrayLike, delta: ArrayLike, kernel_size: Size, *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """dK = X ⋆ delta under ⋆; its turn, rot180(X ⋆ delta), under ∗.

    dH[o, c, u, v] = Σ_n Σ_i Σ_j delta[n, o, i, j] · X[n, c, s·i+d·u−pad, s·j+d·v−pad]

    The sum runs over positions (the kernel is shared) and over the batch (1/N is already in delta).
    Nothing is turned on the way: u is given, and i + u in X goes up with i.  (u = p − i belongs to dX.)
    Returns dK, shaped like K.
    """
    X, delta = as_array(X, "kernel_gradient: X"), as_array(delta, "kernel_gradient: delta")
    X, delta = widened(X, delta)
    single = X.ndim == 2
    if X.ndim not in (2, 4):
        raise ValueError(f"kernel_gradient: X has shape {X.shape}; it takes (N, C_in, n_h, n_w) or (n_h, n_w)")
    geometry = Geometry.of(kernel_size, stride, padding, dilation)
    m_h, m_w = geometry.output_size(X.shape[-2:])
    if delta.ndim != X.ndim or delta.shape[-2:] != (m_h, m_w) or (not single and len(delta) != len(X)):
        fits = f"({m_h}, {m_w})" if single else f"({len(X)}, C_out, {m_h}, {m_w})"
        raise ValueError(
            f"kernel_gradient: delta has shape {delta.shape}; "
            f"for X {X.shape} and kernels {geometry.kernel} it takes {fits}"
        )
    if single:
        X, delta = X[None, None], delta[None, None]
    W = ops.windows(
        ops.pad(X, geometry.padding), geometry.kernel, stride=geometry.stride, dilation=geometry.dilation
    )
    parts = ops.blocks((m_h, m_w), W[:, :, 0, 0].nbytes)
    if len(parts) == 1:
        dK = laid_on_window(np.tensordot(delta, W, axes=([0, 2, 3], [0, 2, 3])), operation)
    else:
        each = (np.tensordot(delta[:, :, *p], W[:, :, *p], axes=([0, 2, 3], [0, 2, 3])) for p in parts)
        dK = laid_on_window(sum(each), operation)
    return dK[0, 0] if single else dK


class _Call:
    """The arguments that the four ways share, checked once and brought to four axes."""

    @classmethod
    def of(cls, delta, K, input_shape, stride, padding, dilation, operation):
        call = cls()
        call.input_shape = _four_sizes(input_shape)
        call.asked_shape = tuple(input_shape)
        call.input_size = call.input_shape[-2:]
        delta, K = widened(as_array(delta, "delta"), _as_kernels(K))
        call.delta = delta[None, None] if delta.ndim == 2 else delta
        call.geometry = Geometry.of(K.shape[-2:], stride, padding, dilation)
        call.H = laid_on_window(K, operation)
        expected = (call.input_shape[0], len(K), *call.geometry.output_size(call.input_size))
        if call.delta.shape != expected or call.input_shape[1] != K.shape[1]:
            raise ValueError(
                f"delta {delta.shape} and kernels {K.shape} do not fit an input {call.asked_shape}; "
                f"with {call.geometry} delta has to be {expected} and the input have {K.shape[1]} channels"
            )
        return call

    def empty_padded_input(self):
        n, c, n_h, n_w = self.input_shape
        p_h, p_w = self.geometry.padding
        dtype = np.result_type(self.delta, self.H)
        return np.zeros((n, c, n_h + 2 * p_h, n_w + 2 * p_w), dtype=dtype)

    def window(self, i, j):
        """Where output cell (i, j) looked: a slice for each of the last two axes."""
        (s_h, s_w), (d_h, d_w), (span_h, span_w) = self._settings()
        return (..., slice(s_h * i, s_h * i + span_h, d_h), slice(s_w * j, s_w * j + span_w, d_w))

    def tap(self, u, v):
        """Where kernel entry (u, v) lay, for all output cells at once."""
        (s_h, s_w), (d_h, d_w), _ = self._settings()
        m_h, m_w = self.delta.shape[-2:]
        return (..., slice(d_h * u, d_h * u + s_h * m_h, s_h), slice(d_w * v, d_w * v + s_w * m_w, s_w))

    def _settings(self):
        return self.geometry.stride, self.geometry.dilation, self.geometry.span

    def without_padding(self, dX):
        p_h, p_w = self.geometry.padding
        return ops.pad(dX, (-p_h, -p_w))

    def give_back(self, dX):
        return dX.reshape(self.asked_shape)


def _as_kernels(K):
    """K as (C_out, C_in, k_h, k_w), numbers or symbols."""
    K = as_array(K, "the kernels")
    if K.ndim not in (2, 4) or K.size == 0:
        raise ValueError(f"the kernels have shape {K.shape}; they have to be (C_out, C_in, k_h, k_w) or (k_h, k_w)")
    return K[None, None] if K.ndim == 2 else K


def _four_sizes(input_shape):
    """The input's shape with ones in the place of the axes that were left out."""
    sizes = tuple(input_shape) if np.ndim(input_shape) == 1 else ()
    if not 2 <= len(sizes) <= 4:
        raise ValueError(f"the input shape {input_shape!r} has to be (N, C_in, n_h, n_w) or (n_h, n_w)")
    return (1,) * (4 - len(sizes)) + tuple(ops.whole_number(n, "input size", at_least=1) for n in sizes)

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

import functools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from . import ops
from .correlation import Geometry, correlate_maps, effective_kernel
from .ops import Size
from .validation import as_array, whole_number, widened


def _for_one_map_or_many(way: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """Check the arguments of one of the four ways and bring them to four axes; dX gets the shape asked for."""

    @functools.wraps(way)
    def checked(delta, K, input_shape, *, stride=1, padding=0, dilation=1, operation="correlation"):
        shape = _four_sizes(input_shape)
        delta, K = widened(as_array(delta, "delta"), _as_kernels(K))
        geometry, deltas = Geometry.of(K.shape[-2:], stride, padding, dilation), _as_batch(delta)
        expected = (shape[0], len(K), *geometry.output_size(shape[-2:]))
        if deltas.shape != expected or shape[1] != K.shape[1]:
            raise ValueError(
                f"delta {delta.shape} and kernels {K.shape} do not fit an input {tuple(input_shape)}; "
                f"with {geometry} delta has to be {expected} and the input have {K.shape[1]} channels"
            )
        dX = way(deltas, K, shape, stride=stride, padding=padding, dilation=dilation, operation=operation)
        return dX.reshape(tuple(input_shape))

    return checked


@_for_one_map_or_many
def gather(
    delta: ArrayLike, K: ArrayLike, input_shape: Sequence[int], *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """Each input cell collects: dX = (delta, dilated and padded) ⋆ rot180(H), channels swapped.

    For stride 1 and no padding::

        dX[n, c, p, q] = Σ_o Σ_u Σ_v delta[n, o, i, j] · H[o, c, u, v]   with i = p − u, j = q − v

    Input p met output i at tap u = p − i: as i goes up, u goes down, and reading the taps downwards *is* the
    turned kernel.

    Parameters
    ----------
    delta : (N, C_out, m_h, m_w) or (m_h, m_w)
        ∂L/∂Z.
    K : (C_out, C_in, k_h, k_w) or (k_h, k_w)
        The kernels of the forward pass.
    input_shape : (N, C_in, n_h, n_w) or (n_h, n_w)
        The shape of X.
    stride, padding, dilation : in cells
        Those of the forward pass, each one number or a pair (vertical, horizontal).
    operation : "correlation" or "convolution"
        That of the forward pass.

    Returns
    -------
    dX : shaped input_shape
        ∂L/∂X.

    Raises
    ------
    ValueError
        For sizes that do not belong together, masked cells, and whole numbers whose sums int64 cannot hold.
    """
    geometry, H = Geometry.of(K.shape[-2:], stride, padding, dilation), effective_kernel(K, operation)
    spread = ops.dilate(delta, stride)
    framed = ops.pad(spread, geometry.backward_frame(input_shape[-2:]))
    turned = ops.rot180(H).swapaxes(0, 1)  # turn space, swap channels
    return correlate_maps(framed, turned, dilation=dilation)


@_for_one_map_or_many
def scatter(
    delta: ArrayLike, K: ArrayLike, input_shape: Sequence[int], *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """For every output cell, add delta[n, o, i, j] · H[o], summed over o, to the input window it read.  No turn.

    Parameters and errors as in :func:`gather`; returns dX, shaped input_shape.
    """
    geometry, H = Geometry.of(K.shape[-2:], stride, padding, dilation), effective_kernel(K, operation)
    dX = np.zeros(geometry.padded_shape(input_shape), dtype=H.dtype)
    for i, j in np.ndindex(delta.shape[-2:]):
        dX[geometry.window(i, j)] += np.tensordot(delta[:, :, i, j], H, axes=1)
    return geometry.without_padding(dX)


@_for_one_map_or_many
def matrix(
    delta: ArrayLike, K: ArrayLike, input_shape: Sequence[int], *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """dX = Cᵀ·delta with the matrix C of the forward pass (:func:`correlation_matrix`).  No turn.

    Parameters and errors as in :func:`gather`; returns dX, shaped input_shape.
    """
    settings = dict(stride=stride, padding=padding, dilation=dilation, operation=operation)
    C = correlation_matrix(K, input_shape, **settings)
    rows = delta.reshape(len(delta), -1)  # one image a row, so that Cᵀ·delta is rows·C
    return (rows @ C).reshape(input_shape)


def correlation_matrix(
    K: ArrayLike, input_shape: Sequence[int], *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """The matrix C of the forward pass, Z.ravel() = C · X.ravel() for one image, built from its indices.

    Row (o, i, j), column (c, p, q): C = H[o, c, u, v] where p = s·i + d·u − padding (likewise q), else 0.  For
    stride 1 the rows are shifted copies of each other: a banded matrix.  Parameters and errors as in
    :func:`gather`; returns C, shaped (C_out·m_h·m_w, C_in·n_h·n_w).
    """
    K, (*_, n_h, n_w) = _as_kernels(K), _four_sizes(input_shape)
    geometry = Geometry.of(K.shape[-2:], stride, padding, dilation)
    H = effective_kernel(K, operation)
    (s_h, s_w), (p_h, p_w), (d_h, d_w) = geometry.stride, geometry.padding, geometry.dilation
    m_h, m_w = geometry.output_size((n_h, n_w))
    C = np.zeros((len(H), m_h, m_w, H.shape[1], n_h, n_w), dtype=H.dtype)
    for i, j, u, v in np.ndindex(m_h, m_w, *geometry.kernel):
        p, q = s_h * i + d_h * u - p_h, s_w * j + d_w * v - p_w
        if 0 <= p < n_h and 0 <= q < n_w:  # a tap on the padding multiplies a zero
            C[:, i, j, :, p, q] = H[:, :, u, v]
    return C.reshape(len(H) * m_h * m_w, -1)


@_for_one_map_or_many
def col2im(
    delta: ArrayLike, K: ArrayLike, input_shape: Sequence[int], *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """One matrix product gives the gradient of every unrolled window; each is added back in its place.

    Again no turn: this is :func:`scatter` with the loops in another order.  Parameters and errors as in
    :func:`gather`; returns dX, shaped input_shape.
    """
    geometry, H = Geometry.of(K.shape[-2:], stride, padding, dilation), effective_kernel(K, operation)
    columns = np.tensordot(delta, H, axes=([1], [0]))  # (N, m_h, m_w, C_in, k_h, k_w)
    dX = np.zeros(geometry.padded_shape(input_shape), dtype=H.dtype)
    for u, v in np.ndindex(geometry.kernel):
        dX[geometry.cells_at_tap(u, v, delta.shape[-2:])] += np.moveaxis(columns[..., u, v], -1, 1)
    return geometry.without_padding(dX)


def kernel_gradient(
    X: ArrayLike, delta: ArrayLike, kernel_size: Size, *,
    stride: Size = 1, padding: Size = 0, dilation: Size = 1, operation: str = "correlation",
) -> np.ndarray:
    """dK = X ⋆ delta under ⋆; its turn, rot180(X ⋆ delta), under ∗::

        dH[o, c, u, v] = Σ_n Σ_i Σ_j delta[n, o, i, j] · X[n, c, s·i+d·u−pad, s·j+d·v−pad]

    The sum runs over positions (the kernel is shared) and over the batch (1/N is already in delta).
    Nothing is turned on the way: u is given, and i + u in X goes up with i.  (u = p − i belongs to dX.)

    Parameters
    ----------
    X : (N, C_in, n_h, n_w) or (n_h, n_w)
        The input of the forward pass.
    delta : (N, C_out, m_h, m_w) or (m_h, m_w)
        ∂L/∂Z.
    kernel_size : cells
        One number or a pair (vertical, horizontal).
    stride, padding, dilation, operation
        As in :func:`gather`.

    Returns
    -------
    dK : (C_out, C_in, k_h, k_w) or (k_h, k_w)

    Raises
    ------
    ValueError
        For sizes that do not belong together, masked cells, and whole numbers whose sums int64 cannot hold.
    """
    X, delta = as_array(X, "kernel_gradient: X"), as_array(delta, "kernel_gradient: delta")
    X, delta = widened(X, delta)
    single = X.ndim == 2
    if X.ndim not in (2, 4):
        raise ValueError(f"kernel_gradient: X has shape {X.shape}; it takes (N, C_in, n_h, n_w) or (n_h, n_w)")
    geometry = Geometry.of(kernel_size, stride, padding, dilation)
    _check_delta_of(X, delta, geometry)
    if single:
        X, delta = X[None, None], delta[None, None]
    W = ops.windows(
        ops.pad(X, geometry.padding), geometry.kernel, stride=geometry.stride, dilation=geometry.dilation
    )
    dH = 0
    for part in ops.blocks(delta.shape[2:], W[:, :, 0, 0].nbytes):  # one, unless all windows are too much at once
        dH = dH + np.tensordot(delta[:, :, *part], W[:, :, *part], axes=([0, 2, 3], [0, 2, 3]))
    dK = effective_kernel(dH, operation)  # rot180 is its own inverse: this turns dH back into dK
    return dK[0, 0] if single else dK


def _check_delta_of(X, delta, geometry):
    """ValueError unless delta has one cell for each window of X, and as many images."""
    m_h, m_w = geometry.output_size(X.shape[-2:])
    if delta.ndim != X.ndim or delta.shape[-2:] != (m_h, m_w) or (X.ndim == 4 and len(delta) != len(X)):
        fits = f"({m_h}, {m_w})" if X.ndim == 2 else f"({len(X)}, C_out, {m_h}, {m_w})"
        raise ValueError(
            f"kernel_gradient: delta has shape {delta.shape}; "
            f"for X {X.shape} and kernels {geometry.kernel} it takes {fits}"
        )


def _as_batch(delta):
    """A single map as a batch of one map with one channel."""
    return delta[None, None] if delta.ndim == 2 else delta


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
    return (1,) * (4 - len(sizes)) + tuple(whole_number(n, "input size", at_least=1) for n in sizes)

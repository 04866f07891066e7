"""Answers to the first half of the exam, notebook 14: one layer backwards."""

import numpy as np

from cnnlib import adjoint, ops

from . import right, wrong, wrong_ways

# -------------------------------------------------------------------------- input_gradient_gather


def size_of(delta, K, padding):
    return [m + k - 1 - 2 * padding for m, k in zip(delta.shape[2:], K.shape[2:], strict=True)]


@right("nb14.input_gradient_gather")
def collected_by_index(delta, K, padding):
    (n, _, m_h, m_w), (_, c_in, k_h, k_w) = delta.shape, K.shape
    dX = np.zeros((n, c_in, *size_of(delta, K, padding)))
    for p, q in np.ndindex(dX.shape[2:]):
        for u, v in np.ndindex(k_h, k_w):
            i, j = p + padding - u, q + padding - v
            if 0 <= i < m_h and 0 <= j < m_w:
                dX[:, :, p, q] += delta[:, :, i, j] @ K[:, :, u, v]
    return dX


@right("nb14.input_gradient_gather")
def full_convolution_cropped(delta, K, padding):
    full = np.array([[sum(ops.convolve(d[o], K[o, c], "full") for o in range(len(K))) for c in range(K.shape[1])]
                     for d in delta])  # fmt: skip
    h, w = full.shape[2:]
    return full[:, :, padding : h - padding, padding : w - padding]


@right("nb14.input_gradient_gather")
def pasted_then_cropped(delta, K, padding):
    wide = np.zeros((len(delta), K.shape[1], *size_of(delta, K, 0)))
    for i, j in np.ndindex(delta.shape[2:]):
        here = wide[:, :, i : i + K.shape[2], j : j + K.shape[3]]
        here += np.einsum("no,ocuv->ncuv", delta[:, :, i, j], K)
    return wide[:, :, padding : wide.shape[2] - padding, padding : wide.shape[3] - padding]


@right("nb14.input_gradient_gather")
def by_the_library(delta, K, padding):
    return adjoint.gather(delta, K, (len(delta), K.shape[1], *size_of(delta, K, padding)), padding=padding)


@right("nb14.input_gradient_gather")
def by_fourier(delta, K, padding):
    size = size_of(delta, K, 0)
    product = np.einsum("noij,ocij->ncij", np.fft.fft2(delta, size), np.fft.fft2(K, size))
    full = np.fft.ifft2(product).real
    return full[:, :, padding : size[0] - padding, padding : size[1] - padding]


@wrong("nb14.input_gradient_gather", "is not turned")
def forgotten_turn(delta, K, padding):
    return collected_by_index(delta, K[:, :, ::-1, ::-1], padding)


@wrong("nb14.input_gradient_gather", "the padding of the forward pass is ignored")
def uncropped(delta, K, padding):
    return by_fourier(delta, K, 0)


@wrong("nb14.input_gradient_gather", "the channels are not swapped")
def other_channel(delta, K, padding):
    return collected_by_index(delta, K.swapaxes(0, 1), padding)


@wrong("nb14.input_gradient_gather", "its rows are reversed")
def rows_only(delta, K, padding):
    return collected_by_index(delta, K[:, :, :, ::-1], padding)  # the gather's own turn undoes the columns


@wrong("nb14.input_gradient_gather", "mean over the output channels")
def averaged(delta, K, padding):
    return by_fourier(delta, K / len(K), padding)


@wrong("nb14.input_gradient_gather", "h − 1 − padding")
def framed_as_forward(delta, K, padding):
    framed = np.pad(delta, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(framed, K.shape[2:], axis=(2, 3))
    return np.einsum("noijuv,ocuv->ncij", windows, K[..., ::-1, ::-1])


# ------------------------------------------------------------------------- input_gradient_scatter


@right("nb14.input_gradient_scatter")
def paste_the_turned(delta, K, input_shape, stride):
    dX, (k_h, k_w) = np.zeros(input_shape), K.shape[2:]
    for n, o, i, j in np.ndindex(delta.shape):
        window = dX[n, :, stride * i : stride * i + k_h, stride * j : stride * j + k_w]
        window += delta[n, o, i, j] * K[o, :, ::-1, ::-1]
    return dX


@right("nb14.input_gradient_scatter")
def tap_by_tap(delta, K, input_shape, stride):
    dX, (k_h, k_w), (m_h, m_w) = np.zeros(input_shape), K.shape[2:], delta.shape[2:]
    for u, v in np.ndindex(k_h, k_w):
        at = np.s_[:, :, u : u + stride * m_h : stride, v : v + stride * m_w : stride]
        dX[at] += np.einsum("noij,oc->ncij", delta, K[:, :, k_h - 1 - u, k_w - 1 - v])
    return dX


@right("nb14.input_gradient_scatter")
def gather_with_the_kernel_as_it_is(delta, K, input_shape, stride):
    return adjoint.gather(delta, K, input_shape, stride=stride, operation="convolution")


@right("nb14.input_gradient_scatter")
def matrix_transposed(delta, K, input_shape, stride):
    C = adjoint.correlation_matrix(ops.rot180(K), input_shape, stride=stride)
    return (delta.reshape(len(delta), -1) @ C).reshape(input_shape)


@wrong("nb14.input_gradient_scatter", "the pasted kernel is not turned")
def paste_as_under_correlation(delta, K, input_shape, stride):
    return paste_the_turned(delta, ops.rot180(K), input_shape, stride)


@wrong("nb14.input_gradient_scatter", "transposed")
def transposed_kernel(delta, K, input_shape, stride):
    dX, H = np.zeros(input_shape), K.swapaxes(2, 3)
    for n, o, i, j in np.ndindex(delta.shape):
        window = dX[n, :, stride * i : stride * i + H.shape[2], stride * j : stride * j + H.shape[3]]
        window += delta[n, o, i, j] * H[o]
    return dX


@wrong("nb14.input_gradient_scatter", "overwrite each other")
def assigned(delta, K, input_shape, stride):
    dX, (k_h, k_w) = np.zeros(input_shape), K.shape[2:]
    for i, j in np.ndindex(delta.shape[2:]):
        pasted = np.tensordot(delta[:, :, i, j], ops.rot180(K), axes=1)
        dX[:, :, stride * i : stride * i + k_h, stride * j : stride * j + k_w] = pasted
    return dX


@wrong("nb14.input_gradient_scatter", "the stride is ignored")
def side_by_side(delta, K, input_shape, stride):
    return paste_the_turned(delta, K, input_shape, 1)


@wrong("nb14.input_gradient_scatter", "the channels are not swapped")
def same_channels(delta, K, input_shape, stride):
    return paste_the_turned(delta, K.swapaxes(0, 1), input_shape, stride)


@wrong("nb14.input_gradient_scatter", "mean over the output channels")
def mean_of_channels(delta, K, input_shape, stride):
    return paste_the_turned(delta, K, input_shape, stride) / len(K)


# -------------------------------------------------------------------------- input_gradient_matrix


@right("nb14.input_gradient_matrix")
def entry_by_entry(K, input_shape, dilation):
    (c_out, c_in, k_h, k_w), (_, n_h, n_w) = K.shape, input_shape
    m_h, m_w = n_h - dilation * (k_h - 1), n_w - dilation * (k_w - 1)
    B = np.zeros((c_in, n_h, n_w, c_out, m_h, m_w))
    for o, c, u, v, i, j in np.ndindex(*K.shape, m_h, m_w):
        B[c, i + dilation * u, j + dilation * v, o, i, j] = K[o, c, u, v]
    return B.reshape(c_in * n_h * n_w, -1)


@right("nb14.input_gradient_matrix")
def library_transposed(K, input_shape, dilation):
    return adjoint.correlation_matrix(K, input_shape, dilation=dilation).T


@right("nb14.input_gradient_matrix")
def a_column_for_each_unit_delta(K, input_shape, dilation):
    size = [n - dilation * (k - 1) for n, k in zip(input_shape[1:], K.shape[2:], strict=True)]
    units = np.eye(len(K) * size[0] * size[1]).reshape(-1, len(K), *size)
    return adjoint.scatter(units, K, (len(units), *input_shape), dilation=dilation).reshape(len(units), -1).T


@right("nb14.input_gradient_matrix")
def a_row_for_each_unit_image(K, input_shape, dilation):
    units = np.eye(int(np.prod(input_shape))).reshape(-1, *input_shape)
    spread = ops.dilate(K, dilation)
    windows = np.lib.stride_tricks.sliding_window_view(units, spread.shape[2:], axis=(2, 3))
    return np.einsum("ncijuv,ocuv->noij", windows, spread).reshape(len(units), -1)


@wrong("nb14.input_gradient_matrix", "this is C, the matrix of the forward pass")
def forward_matrix(K, input_shape, dilation):
    return entry_by_entry(K, input_shape, dilation).T


@wrong("nb14.input_gradient_matrix", "turned by 180°")
def turned_although_a_matrix(K, input_shape, dilation):
    return entry_by_entry(ops.rot180(K), input_shape, dilation)


@wrong("nb14.input_gradient_matrix", "the dilation is ignored")
def close_taps(K, input_shape, dilation):
    return entry_by_entry(K, input_shape, 1)


@wrong("nb14.input_gradient_matrix", "column after column")
def fortran(K, input_shape, dilation):
    c_in, n_h, n_w = input_shape
    m_h, m_w = n_h - dilation * (K.shape[2] - 1), n_w - dilation * (K.shape[3] - 1)
    rows = np.arange(c_in * n_h * n_w).reshape(c_in, n_h, n_w).swapaxes(1, 2).ravel()
    columns = np.arange(len(K) * m_h * m_w).reshape(len(K), m_h, m_w).swapaxes(1, 2).ravel()
    return entry_by_entry(K, input_shape, dilation)[rows][:, columns]


@wrong("nb14.input_gradient_matrix", "the channels stand last")
def channels_last(K, input_shape, dilation):
    c_in, n_h, n_w = input_shape
    m_h, m_w = n_h - dilation * (K.shape[2] - 1), n_w - dilation * (K.shape[3] - 1)
    rows = np.arange(c_in * n_h * n_w).reshape(c_in, -1).T.ravel()
    columns = np.arange(len(K) * m_h * m_w).reshape(len(K), -1).T.ravel()
    return entry_by_entry(K, input_shape, dilation)[rows][:, columns]


@wrong("nb14.input_gradient_matrix", "one cell too many")
def d_zeros_between(K, input_shape, dilation):
    return entry_by_entry(K, input_shape, dilation + 1)


# -------------------------------------------------------------------------------- kernel_gradient


@right("nb14.kernel_gradient")
def by_definition(X, delta, kernel_size, stride, padding):
    dK = np.zeros((delta.shape[1], X.shape[1], *kernel_size))
    for u, v, i, j in np.ndindex(*kernel_size, *delta.shape[2:]):
        p, q = stride * i + u - padding, stride * j + v - padding
        if 0 <= p < X.shape[2] and 0 <= q < X.shape[3]:
            dK[:, :, u, v] += delta[:, :, i, j].T @ X[:, :, p, q]
    return dK


@right("nb14.kernel_gradient")
def slice_for_each_tap(X, delta, kernel_size, stride, padding):
    framed, (m_h, m_w) = ops.pad(X, padding), delta.shape[2:]
    dK = np.zeros((delta.shape[1], X.shape[1], *kernel_size))
    for u, v in np.ndindex(kernel_size):
        part = framed[:, :, u : u + stride * m_h : stride, v : v + stride * m_w : stride]
        dK[:, :, u, v] = np.einsum("noij,ncij->oc", delta, part)
    return dK


@right("nb14.kernel_gradient")
def dilated_delta_as_kernel(X, delta, kernel_size, stride, padding):
    spread = ops.dilate(delta, stride)
    windows = np.lib.stride_tricks.sliding_window_view(ops.pad(X, padding), spread.shape[2:], axis=(2, 3))
    whole = np.einsum("ncuvij,noij->ocuv", windows, spread)
    return whole[:, :, : kernel_size[0], : kernel_size[1]]  # what is left over belongs to the dropped tail


@right("nb14.kernel_gradient")
def library(X, delta, kernel_size, stride, padding):
    return adjoint.kernel_gradient(X, delta, kernel_size, stride=stride, padding=padding)


@wrong("nb14.kernel_gradient", "the result is turned by 180°")
def turned_result(X, delta, kernel_size, stride, padding):
    return by_definition(X, delta, kernel_size, stride, padding)[:, :, ::-1, ::-1]


@wrong("nb14.kernel_gradient", "the stride is ignored")
def dense_windows(X, delta, kernel_size, stride, padding):
    return slice_for_each_tap(X, delta, kernel_size, 1, padding)


@wrong("nb14.kernel_gradient", "mean over the batch")
def batch_mean(X, delta, kernel_size, stride, padding):
    return by_definition(X, delta, kernel_size, stride, padding) / X.shape[0]


@wrong("nb14.kernel_gradient", "the dropped tail is still there")
def too_large(X, delta, kernel_size, stride, padding):
    spread = ops.dilate(delta, stride)
    windows = np.lib.stride_tricks.sliding_window_view(ops.pad(X, padding), spread.shape[2:], axis=(2, 3))
    return np.einsum("ncuvij,noij->ocuv", windows, spread)


@wrong("nb14.kernel_gradient", "mean over space")
def space_mean(X, delta, kernel_size, stride, padding):
    return by_definition(X, delta / np.prod(delta.shape[2:]), kernel_size, stride, padding)


@wrong("nb14.kernel_gradient", "the channels are swapped")
def in_and_out(X, delta, kernel_size, stride, padding):
    return by_definition(X, delta, kernel_size, stride, padding).transpose(1, 0, 2, 3)


@wrong("nb14.kernel_gradient", "the batch is reversed in X only")
def flipped_batch(X, delta, kernel_size, stride, padding):
    return by_definition(X[::-1], delta, kernel_size, stride, padding)


@wrong("nb14.input_gradient_gather", "divided by the batch")
def gathered_over_the_batch(delta, K, padding):
    return collected_by_index(delta, K, padding) / len(delta)


@wrong("nb14.input_gradient_scatter", "divided by the batch")
def scattered_over_the_batch(delta, K, input_shape, stride):
    return paste_the_turned(delta, K, input_shape, stride) / len(delta)


# ---------------------------------------------------------------------------- every other way, and slips


def collected(delta, H, padding, *, wrap=False):
    """dX[p, q] = Σ delta[p + padding − u, …]·H[u, v]; with ``wrap`` nobody asks whether the index is below 0."""
    (n, _, m_h, m_w), (_, c_in, k_h, k_w) = delta.shape, H.shape
    dX = np.zeros((n, c_in, m_h + k_h - 1 - 2 * padding, m_w + k_w - 1 - 2 * padding))
    for p, q, u, v in np.ndindex(*dX.shape[2:], k_h, k_w):
        i, j = p + padding - u, q + padding - v
        if i < m_h and j < m_w and (wrap or (i >= 0 and j >= 0)):
            dX[:, :, p, q] += delta[:, :, i, j] @ H[:, :, u, v]
    return dX


@wrong_ways(
    "nb14.input_gradient_gather", "turned by 180°", "the kernel that slides over the padded delta is {}"
)
def slid_over_the_frame(lay):
    return lambda delta, K, padding: collected(delta, np.flip(lay(K), (2, 3)), padding)


@wrong("nb14.input_gradient_gather", "delta[p − u, q − v] wraps around")
def no_lower_guard(delta, K, padding):
    return collected(delta, K, padding, wrap=True)


@wrong("nb14.input_gradient_gather", "the kernel is not turned, and the channels are not swapped")
def forward_pass_on_a_frame(delta, K, padding):
    return collected(delta, K.swapaxes(0, 1)[:, :, ::-1, ::-1], padding)


@wrong_ways(
    "nb14.input_gradient_scatter", "turned by 180°", "the pasted kernel is {}; under ∗ the window held rot180(K)"
)
def pasted(lay):
    def dX(delta, K, input_shape, stride):
        H, result = lay(K), np.zeros(input_shape)
        for n, o, i, j in np.ndindex(delta.shape):
            for u, v in np.ndindex(H.shape[2:]):
                result[n, :, stride * i + u, stride * j + v] += delta[n, o, i, j] * H[o, :, u, v]
        return result

    return dX


@wrong_ways(
    "nb14.input_gradient_matrix",
    "not turned",
    "the kernel in the matrix is {}; a row of C holds it as it is",
)
def filled_with(lay):
    def matrix(K, input_shape, dilation):
        H, (c_in, n_h, n_w) = lay(K), input_shape
        m_h, m_w = n_h - dilation * (H.shape[2] - 1), n_w - dilation * (H.shape[3] - 1)
        B = np.zeros((*input_shape, len(H), m_h, m_w))
        for c, u, v, o, i, j in np.ndindex(c_in, *H.shape[2:], len(H), m_h, m_w):
            B[c, i + dilation * u, j + dilation * v, o, i, j] = H[o, c, u, v]
        return B.reshape(c_in * n_h * n_w, -1)

    return matrix


@wrong("nb14.input_gradient_matrix", "the channels of K are swapped")
def channels_swapped(K, input_shape, dilation):
    c_in, n_h, n_w = input_shape
    m_h, m_w = (n - dilation * (k - 1) for n, k in zip((n_h, n_w), K.shape[2:], strict=True))
    B = np.zeros((len(K), n_h, n_w, c_in, m_h, m_w))
    for c, u, v, o, i, j in np.ndindex(len(K), *K.shape[2:], c_in, m_h, m_w):
        B[c, i + dilation * u, j + dilation * v, o, i, j] = K[c, o, u, v]
    return B.reshape(len(K) * n_h * n_w, -1)


def collected_kernel_gradient(X, delta, kernel_size, stride, padding):
    """dK[o, c, u, v] = Σ delta[n, o, i, j]·X[n, c, s·i + u − padding, …], term by term."""
    dK = np.zeros((delta.shape[1], X.shape[1], *kernel_size))
    framed = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    for i, j in np.ndindex(delta.shape[2:]):
        for u, v in np.ndindex(*kernel_size):
            dK[:, :, u, v] += delta[:, :, i, j].T @ framed[:, :, stride * i + u, stride * j + v]
    return dK


@wrong_ways("nb14.kernel_gradient", "not turned", "the result is {}; under ⋆ dK needs no turn")
def the_result(lay):
    return lambda X, delta, kernel_size, stride, padding: lay(
        collected_kernel_gradient(X, delta, kernel_size, stride, padding)
    )


@wrong("nb14.kernel_gradient", "the padding is ignored")
def never_padded(X, delta, kernel_size, stride, padding):
    wide = np.pad(X, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))
    return collected_kernel_gradient(wide, delta, kernel_size, stride, 0)

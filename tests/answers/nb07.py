"""Answers to the exercises of notebook 07."""

import numpy as np

from cnnlib import adjoint, ops

from . import right, wrong, wrong_ways

# ------------------------------------------------------------------------------------------- frame


@right("nb07.frame")
def from_the_formula(n, k, stride, padding, dilation):
    reach = dilation * (k - 1)
    r = (n + sum(padding) - reach - 1) % stride
    return reach - padding[0], reach - padding[1] + r


@right("nb07.frame")
def from_the_size(n, k, stride, padding, dilation):
    """Before as always; after is what is missing to n + d(k−1) cells."""
    reach = dilation * (k - 1)
    m = (n + sum(padding) - reach - 1) // stride + 1
    before = reach - padding[0]
    return np.array([before, n + reach - before - (stride * (m - 1) + 1)])


@right("nb07.frame")
def from_the_extremes(n, k, stride, padding, dilation):
    read = [p + padding[0] - dilation * u for p in range(n) for u in range(k)]
    starts = range(0, n + sum(padding) - dilation * (k - 1), stride)
    return [-min(read), max(read) - starts[-1]]


@right("nb07.frame")
def by_dropping_cells(n, k, stride, padding, dilation):
    reach, last = dilation * (k - 1), 0
    while last + stride + reach <= n + sum(padding) - 1:
        last += stride
    return reach - padding[0], n - 1 + padding[0] - last


@wrong("nb07.frame", "the dropped tail is missing")
def without_tail(n, k, stride, padding, dilation):
    return tuple(dilation * (k - 1) - side for side in padding)


@wrong("nb07.frame", "at the wrong end")
def tail_before(n, k, stride, padding, dilation):
    before, after = without_tail(n, k, stride, padding, dilation)
    return before + (n + sum(padding) - dilation * (k - 1) - 1) % stride, after


@wrong("nb07.frame", "before and after are exchanged")
def sides_exchanged(n, k, stride, padding, dilation):
    return from_the_formula(n, k, stride, padding[::-1], dilation)


@wrong("nb07.frame", "a negative border is a crop")
def never_negative(n, k, stride, padding, dilation):
    return np.maximum(from_the_formula(n, k, stride, padding, dilation), 0)


@wrong("nb07.frame", "the dilation is ignored")
def taps_side_by_side(n, k, stride, padding, dilation):
    return from_the_size(n, k, stride, padding, 1)


@wrong("nb07.frame", "the forward padding is ignored")
def as_without_padding(n, k, stride, padding, dilation):
    before, after = from_the_formula(n, k, stride, padding, dilation)
    return before + padding[0], after + padding[1]


# -------------------------------------------------------------------- kernel_gradient_of_convolution


@right("nb07.kernel_gradient_of_convolution")
def six_loops(X, delta, kernel_size, stride, dilation):
    dK, (k_h, k_w) = np.zeros(kernel_size), kernel_size
    for i, j in np.ndindex(delta.shape):
        for u, v in np.ndindex(k_h, k_w):
            seen = X[stride[0] * i + dilation[0] * u, stride[1] * j + dilation[1] * v]
            dK[k_h - 1 - u, k_w - 1 - v] += delta[i, j] * seen
    return dK


@right("nb07.kernel_gradient_of_convolution")
def by_the_rule(X, delta, kernel_size, stride, dilation):
    spread = ops.dilate(delta, stride)
    h, w = [a + d * (k - 1) for a, d, k in zip(spread.shape, dilation, kernel_size, strict=True)]
    d_h, d_w = dilation
    return ops.rot180(ops.correlate(X[:h, :w], spread)[::d_h, ::d_w])


@right("nb07.kernel_gradient_of_convolution")
def by_the_library(X, delta, kernel_size, stride, dilation):
    setting = dict(stride=stride, dilation=dilation, operation="convolution")
    return adjoint.kernel_gradient(X[None, None], delta[None, None], kernel_size, **setting)[0, 0]


@right("nb07.kernel_gradient_of_convolution")
def turned_maps_convolved(X, delta, kernel_size, stride, dilation):
    """rot(X) ∗ δ: the turn of the result as a turn of both."""
    W = ops.windows(X, kernel_size, stride=stride, dilation=dilation)
    return np.einsum("ij,ijuv->uv", delta, W)[::-1, ::-1]


@right("nb07.kernel_gradient_of_convolution")
def by_measuring(X, delta, kernel_size, stride, dilation):
    dK = np.zeros(kernel_size)
    for u, v in np.ndindex(*kernel_size):
        K = np.zeros(kernel_size)
        K[u, v] = 1
        W = ops.windows(X, kernel_size, stride=stride, dilation=dilation)
        dK[u, v] = (delta * np.einsum("ijuv,uv->ij", W, np.rot90(K, 2))).sum()
    return dK


@wrong("nb07.kernel_gradient_of_convolution", "dK under ⋆, not turned")
def of_a_correlation(X, delta, kernel_size, stride, dilation):
    return adjoint.kernel_gradient(X, delta, kernel_size, stride=stride, dilation=dilation)


@wrong("nb07.kernel_gradient_of_convolution", "the vertical stride is used on both axes")
def one_stride_for_all(X, delta, kernel_size, stride, dilation):
    return six_loops(X, delta, kernel_size, (stride[0], stride[0]), dilation)


@wrong("nb07.kernel_gradient_of_convolution", "the vertical dilation is used on both axes")
def one_dilation_for_all(X, delta, kernel_size, stride, dilation):
    return six_loops(X, delta, kernel_size, stride, (dilation[0], dilation[0]))


@wrong("nb07.kernel_gradient_of_convolution", "the tail of X was not dropped")
def tail_kept(X, delta, kernel_size, stride, dilation):
    Z = ops.correlate(X, ops.dilate(delta, stride))
    return Z[:: dilation[0], :: dilation[1]][::-1, ::-1]


@wrong("nb07.kernel_gradient_of_convolution", "mean over the positions")
def averaged(X, delta, kernel_size, stride, dilation):
    return six_loops(X, delta, kernel_size, stride, dilation) / delta.size


@wrong("nb07.kernel_gradient_of_convolution", "one axis only: its rows")
def rows_turned(X, delta, kernel_size, stride, dilation):
    return six_loops(X, delta, kernel_size, stride, dilation)[:, ::-1]


@wrong("nb07.kernel_gradient_of_convolution", "the first entries are kept")
def dilation_forgotten(X, delta, kernel_size, stride, dilation):
    k_h, k_w = kernel_size
    return np.rot90(ops.correlate(X, ops.dilate(delta, stride))[:k_h, :k_w], 2)


# ---------------------------------------------------------------------- transposed_kernel_gradient


@right("nb07.transposed_kernel_gradient")
def entry_by_entry(X, dY, kernel_size, stride):
    dK = np.zeros(kernel_size)
    for u, v in np.ndindex(*kernel_size):
        for i, j in np.ndindex(X.shape):
            dK[u, v] += X[i, j] * dY[stride * i + u, stride * j + v]
    return dK


@right("nb07.transposed_kernel_gradient")
def as_one_correlation(X, dY, kernel_size, stride):
    k_h, k_w = kernel_size
    return ops.correlate(dY, ops.dilate(X, stride))[:k_h, :k_w]


@right("nb07.transposed_kernel_gradient")
def as_dK_of_a_convolution_layer(X, dY, kernel_size, stride):
    return adjoint.kernel_gradient(dY, X, kernel_size, stride=stride)


@right("nb07.transposed_kernel_gradient")
def window_by_window(X, dY, kernel_size, stride):
    W = ops.windows(dY, kernel_size, stride=stride)
    return np.tensordot(X, W, axes=2)


@wrong("nb07.transposed_kernel_gradient", "turned by 180°; nothing turns here")
def turned_back(X, dY, kernel_size, stride):
    return entry_by_entry(X, dY, kernel_size, stride)[::-1, ::-1]


@wrong("nb07.transposed_kernel_gradient", "the stride is ignored")
def as_stride_one(X, dY, kernel_size, stride):
    return entry_by_entry(X, dY, kernel_size, 1)


@wrong("nb07.transposed_kernel_gradient", "X is turned")
def convolved_with_x(X, dY, kernel_size, stride):
    k_h, k_w = kernel_size
    return ops.convolve(dY, ops.dilate(X, stride))[:k_h, :k_w]


@wrong("nb07.transposed_kernel_gradient", "are not dropped")
def too_many_entries(X, dY, kernel_size, stride):
    return ops.correlate(dY, ops.dilate(X, stride))


@wrong("nb07.transposed_kernel_gradient", "mean over X")
def per_cell(X, dY, kernel_size, stride):
    return entry_by_entry(X, dY, kernel_size, stride) / X.size


@wrong("nb07.transposed_kernel_gradient", "one axis only: its columns")
def columns_turned(X, dY, kernel_size, stride):
    return entry_by_entry(X, dY, kernel_size, stride)[..., ::-1]


# ---------------------------------------------------------------------------- every other way, and slips


def ends(n, k, stride, padding, dilation):
    """(before, after) of the right frame, and the tail."""
    D, room = dilation * (k - 1), n + sum(padding)
    tail = (room - D - 1) % stride
    return D - padding[0], D - padding[1] + tail, tail


@wrong("nb07.frame", "the dropped tail is at both ends")
def tail_twice(n, k, stride, padding, dilation):
    before, after, tail = ends(n, k, stride, padding, dilation)
    return before + tail, after


@wrong("nb07.frame", "the forward padding is added")
def padding_added(n, k, stride, padding, dilation):
    before, after, _ = ends(n, k, stride, padding, dilation)
    return before + 2 * padding[0], after + 2 * padding[1]


@wrong("nb07.frame", "d·h in the place of d(h−1)")
def one_tap_too_many(n, k, stride, padding, dilation):
    before, after, _ = ends(n, k, stride, padding, dilation)
    return before + dilation, after + dilation


@wrong("nb07.frame", "one too many at both ends")
def counted_from_one(n, k, stride, padding, dilation):
    before, after, _ = ends(n, k, stride, padding, dilation)
    return before + 1, after + 1


@wrong_ways("nb07.kernel_gradient_of_convolution", "turned by 180°", "{}")
def gradient_of_the_window(lay):
    return lambda X, delta, kernel_size, stride, dilation: lay(
        np.flip(six_loops(X, delta, kernel_size, stride, dilation))
    )


@wrong_ways("nb07.transposed_kernel_gradient", "not turned", "the result is {}; nothing turns here")
def the_result(lay):
    return lambda X, dY, kernel_size, stride: lay(entry_by_entry(X, dY, kernel_size, stride))


@wrong("nb07.transposed_kernel_gradient", "this is a convolution, which turns X")
def convolved_without_a_cut(X, dY, kernel_size, stride):
    spread = np.zeros([stride * (m - 1) + 1 for m in X.shape])
    spread[::stride, ::stride] = X
    return ops.convolve(dY, spread)

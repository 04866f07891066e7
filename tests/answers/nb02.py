"""Answers to the exercises of notebook 02."""

import math

import numpy as np

from cnnlib import ops

from . import right, wrong

# ------------------------------------------------------------------------------------ same_padding


@right("nb02.same_padding")
def halves(kernel_size):
    k_h, k_w = kernel_size
    return (k_h // 2, (k_h - 1) // 2), (k_w // 2, (k_w - 1) // 2)


@right("nb02.same_padding")
def what_full_has_less_what_is_cut(kernel_size):
    return [(k - 1 - (k - 1) // 2, k - 1 - k // 2) for k in kernel_size]


@right("nb02.same_padding")
def rounded(kernel_size):
    k = np.array(kernel_size)
    return np.stack([np.ceil((k - 1) / 2), np.floor((k - 1) / 2)], axis=1)


@right("nb02.same_padding")
def remainder_after(kernel_size):
    sides = ()
    for k in kernel_size:
        before = k // 2
        sides += ((before, k - 1 - before),)
    return sides


@right("nb02.same_padding")
def asked_from_numpy(kernel_size):
    """Where a single 1 ends up in NumPy's same tells how much was added before it."""
    sides = []
    for k in kernel_size:
        n = 2 * k
        out = np.correlate(np.eye(n)[k], np.eye(k)[0], "same")
        before = int(out.argmax()) - k
        sides.append((before, k - 1 - before))
    return sides


@wrong("nb02.same_padding", "the same of MATLAB")
def other_half(kernel_size):
    return [((k - 1) // 2, k // 2) for k in kernel_size]


@wrong("nb02.same_padding", "one cell larger")
def textbook(kernel_size):
    return [(k // 2, k // 2) for k in kernel_size]


@wrong("nb02.same_padding", "one cell smaller")
def for_odd_kernels(kernel_size):
    return [((k - 1) // 2,) * 2 for k in kernel_size]


@wrong("nb02.same_padding", "the frame of full")
def full_frame(kernel_size):
    return [(k - 1, k - 1) for k in kernel_size]


@wrong("nb02.same_padding", "rows and columns are exchanged")
def width_first(kernel_size):
    k_h, k_w = kernel_size
    return halves((k_w, k_h))


@wrong("nb02.same_padding", "((top, left), (bottom, right))")
def corner_wise(kernel_size):
    return np.transpose(halves(kernel_size))


# -------------------------------------------------------------------------------------- times_used


@right("nb02.times_used")
def look_at_every_window(p, q, input_size, kernel_size, stride):
    (n_h, n_w), (k_h, k_w), count = input_size, kernel_size, 0
    for top in range(0, n_h - k_h + 1, stride):
        for left in range(0, n_w - k_w + 1, stride):
            count += top <= p < top + k_h and left <= q < left + k_w
    return count


@right("nb02.times_used")
def closed_formula(p, q, input_size, kernel_size, stride):
    product = 1
    for at, n, k in zip((p, q), input_size, kernel_size, strict=True):
        last = min(at // stride, (n - k) // stride)
        first = max(0, math.ceil((at - k + 1) / stride))
        product *= max(0, last - first + 1)
    return product


@right("nb02.times_used")
def add_up_all_windows(p, q, input_size, kernel_size, stride):
    used = np.zeros(input_size, dtype=int)
    for i, j in np.ndindex(
        *(ops.output_size(n, k, stride=stride) for n, k in zip(input_size, kernel_size, strict=True))
    ):
        used[i * stride : i * stride + kernel_size[0], j * stride : j * stride + kernel_size[1]] += 1
    return used[p, q]


@right("nb02.times_used")
def derivative_of_the_sum(p, q, input_size, kernel_size, stride):
    X = np.zeros(input_size)
    X[p, q] = 1
    return np.sum(ops.windows(X, kernel_size, stride=stride))


@right("nb02.times_used")
def full_correlation_of_ones(p, q, input_size, kernel_size, stride):
    size = [ops.output_size(n, k, stride=stride) for n, k in zip(input_size, kernel_size, strict=True)]
    spread = ops.dilate(np.ones(size), stride)
    used = np.zeros(input_size)
    full = ops.correlate(spread, np.ones(kernel_size), "full")
    used[: full.shape[0], : full.shape[1]] = full
    return used[p, q]


@wrong("nb02.times_used", "h·w for every pixel")
def as_in_the_middle(p, q, input_size, kernel_size, stride):
    return kernel_size[0] * kernel_size[1]


@wrong("nb02.times_used", "the stride is ignored")
def without_stride(p, q, input_size, kernel_size, stride):
    return look_at_every_window(p, q, input_size, kernel_size, 1)


@wrong("nb02.times_used", "the two axes are added")
def sum_of_axes(p, q, input_size, kernel_size, stride):
    down = look_at_every_window(p, 0, (input_size[0], 1), (kernel_size[0], 1), stride)
    across = look_at_every_window(0, q, (1, input_size[1]), (1, kernel_size[1]), stride)
    return down + across


@wrong("nb02.times_used", "p and q are exchanged")
def exchanged(p, q, input_size, kernel_size, stride):
    return look_at_every_window(q, p, input_size, kernel_size, stride)


@wrong("nb02.times_used", "the rows only")
def one_axis(p, q, input_size, kernel_size, stride):
    return look_at_every_window(p, 0, (input_size[0], 1), (kernel_size[0], 1), stride)


@wrong("nb02.times_used", "hang over the edge")
def full_mode(p, q, input_size, kernel_size, stride):
    (n_h, n_w), (k_h, k_w), count = input_size, kernel_size, 0
    for top in range(1 - k_h, n_h, stride):
        for left in range(1 - k_w, n_w, stride):
            count += top <= p < top + k_h and left <= q < left + k_w
    return count


# ---------------------------------------------------------------------------------- smallest_input


@right("nb02.smallest_input")
def formula(m, k, stride, padding, dilation):
    return (m - 1) * stride + dilation * (k - 1) + 1 - 2 * padding


@right("nb02.smallest_input")
def last_cell_of_the_last_window(m, k, stride, padding, dilation):
    first_of_last = stride * (m - 1) - padding
    last_of_last = first_of_last + dilation * (k - 1)
    return last_of_last - padding + 1


@right("nb02.smallest_input")
def search(m, k, stride, padding, dilation):
    for n in range(1, 1000):
        room = n + 2 * padding - dilation * (k - 1) - 1
        if room >= 0 and room // stride + 1 == m:
            return n


@right("nb02.smallest_input")
def search_with_the_library(m, k, stride, padding, dilation):
    n = 1
    while True:
        try:
            if ops.output_size(n, k, stride=stride, padding=padding, dilation=dilation) >= m:
                return n
        except ValueError:
            pass
        n += 1


@wrong("nb02.smallest_input", "the largest such input")
def largest(m, k, stride, padding, dilation):
    return max(n for n in range(1, 200) if (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1 == m)


@wrong("nb02.smallest_input", "the dilation is ignored")
def without_dilation(m, k, stride, padding, dilation):
    return formula(m, k, stride, padding, 1)


@wrong("nb02.smallest_input", "not d·h")
def dilated_too_far(m, k, stride, padding, dilation):
    return (m - 1) * stride + dilation * k - 2 * padding


@wrong("nb02.smallest_input", "on both sides")
def padding_once(m, k, stride, padding, dilation):
    return (m - 1) * stride + dilation * (k - 1) + 1 - padding


@wrong("nb02.smallest_input", "the padding is added")
def forward_sign(m, k, stride, padding, dilation):
    return (m - 1) * stride + dilation * (k - 1) + 1 + 2 * padding


@wrong("nb02.smallest_input", "one too many")
def m_strides(m, k, stride, padding, dilation):
    return m * stride + dilation * (k - 1) + 1 - 2 * padding


@wrong("nb02.smallest_input", "the stride is ignored")
def stride_one(m, k, stride, padding, dilation):
    return m + dilation * (k - 1) - 2 * padding


# ------------------------------------------------------------------------------------------- slips


def rows_that_hold(p, n, k, s, *, first=True, last=True):
    """How many i with s·i ≤ p < s·i + k; without a first or a last window where these are False."""
    lowest = max((p - k) // s + 1, 0) if first else (p - k) // s + 1
    highest = min(p // s, (n - k) // s) if last else p // s
    return max(highest - lowest + 1, 0)


@wrong("nb02.times_used", "windows beyond the far edge are counted")
def no_last_window(p, q, input_size, kernel_size, stride):
    return np.prod([rows_that_hold(*axis, stride, last=False) for axis in zip((p, q), input_size, kernel_size)])  # noqa: B905


@wrong("nb02.times_used", "windows before the near edge are counted")
def no_first_window(p, q, input_size, kernel_size, stride):
    return np.prod([rows_that_hold(*axis, stride, first=False) for axis in zip((p, q), input_size, kernel_size)])  # noqa: B905


@wrong("nb02.times_used", "the columns only")
def other_axis(p, q, input_size, kernel_size, stride):
    return rows_that_hold(q, input_size[1], kernel_size[1], stride)


@wrong("nb02.smallest_input", "one too few")
def without_the_first_cell(m, k, stride, padding, dilation):
    return (m - 1) * stride + (k - 1) * dilation - 2 * padding

"""Answers to the exercises of notebook 01."""

import numpy as np

from cnnlib import ops

from . import right, wrong, wrong_ways

# ------------------------------------------------------------------------------------- convolve_at


@right("nb01.convolve_at")
def turned_window(X, K, i, j):
    k_h, k_w = K.shape
    return np.sum(X[i : i + k_h, j : j + k_w] * K[::-1, ::-1])


@right("nb01.convolve_at")
def loops_that_read_the_kernel_backwards(X, K, i, j):
    total = 0
    for u in range(K.shape[0]):
        for v in range(K.shape[1]):
            total += X[i + u, j + v] * K[K.shape[0] - 1 - u, K.shape[1] - 1 - v]
    return total


@right("nb01.convolve_at")
def loops_that_read_the_window_backwards(X, K, i, j):
    k_h, k_w = K.shape
    return sum(X[i + k_h - 1 - u, j + k_w - 1 - v] * K[u, v] for u in range(k_h) for v in range(k_w))


@right("nb01.convolve_at")
def polynomial_product(X, K, i, j):
    width = X.shape[1] + K.shape[1] - 1
    spread = [np.pad(A, ((0, 0), (0, width - A.shape[1]))).ravel() for A in (X, K)]
    return np.convolve(*spread)[(i + K.shape[0] - 1) * width + j + K.shape[1] - 1]


@right("nb01.convolve_at")
def fourier(X, K, i, j):
    size = np.add(X.shape, K.shape) - 1
    full = np.fft.irfft2(np.fft.rfft2(X, size) * np.fft.rfft2(K, size), size)
    return full[i + K.shape[0] - 1, j + K.shape[1] - 1]


@wrong("nb01.convolve_at", "the + 1 belongs to a kernel of 2×2")
def the_loop_of_the_notebook(X, K, i, j):
    return sum(X[i + 1 - u, j + 1 - v] * K[u, v] for u, v in np.ndindex(K.shape))


@wrong("nb01.convolve_at", "the window times the kernel not turned")
def a_correlation(X, K, i, j):
    return sum(X[i + u, j + v] * K[u, v] for u in range(K.shape[0]) for v in range(K.shape[1]))


@wrong("nb01.convolve_at", "one axis only: its rows")
def flipud(X, K, i, j):
    return np.vdot(X[i : i + len(K), j : j + len(K[0])], np.flipud(K))


@wrong("nb01.convolve_at", "one axis only: its columns")
def fliplr(X, K, i, j):
    return np.vdot(X[i : i + len(K), j : j + len(K[0])], np.fliplr(K))


@wrong("nb01.convolve_at", "transposed")
def transposed(X, K, i, j):
    return ops.correlate(X, K.T)[i, j]


@wrong("nb01.convolve_at", "turned by 90°")
def quarter_turn(X, K, i, j):
    return ops.correlate(X, np.rot90(K))[i, j]


@wrong("nb01.convolve_at", "full result")
def full_index(X, K, i, j):
    terms = [
        X[i - u, j - v] * K[u, v] for u in range(K.shape[0]) for v in range(K.shape[1]) if i - u >= 0 and j - v >= 0
    ]
    return sum(terms)


@wrong("nb01.convolve_at", "i and j are exchanged")
def exchanged(X, K, i, j):
    return turned_window(X, K, j, i)


@wrong("nb01.convolve_at", "right is a single number")
def without_the_sum(X, K, i, j):
    return X[i : i + K.shape[0], j : j + K.shape[1]] * K[::-1, ::-1]


# ------------------------------------------------------------------------- kernels_for_correlation


@right("nb01.kernels_for_correlation")
def slices(K):
    return K[:, :, ::-1, ::-1]


@right("nb01.kernels_for_correlation")
def flip(K):
    return np.flip(K, axis=(2, 3)).copy()


@right("nb01.kernels_for_correlation")
def two_quarter_turns(K):
    return np.rot90(K, 2, axes=(2, 3))


@right("nb01.kernels_for_correlation")
def kernel_by_kernel(K):
    return [[np.flipud(np.fliplr(kernel)) for kernel in row] for row in K]


@right("nb01.kernels_for_correlation")
def backwards_through_the_taps(K):
    return K.reshape(*K.shape[:2], -1)[..., ::-1].reshape(K.shape)


@wrong("nb01.kernels_for_correlation", "not turned")
def as_they_are(K):
    return K


@wrong("nb01.kernels_for_correlation", "transposed")
def transposes(K):
    return K.transpose(0, 1, 3, 2)


@wrong("nb01.kernels_for_correlation", "one axis only: its columns")
def last_axis(K):
    return np.flip(K, axis=-1)


@wrong("nb01.kernels_for_correlation", "turned by 90°")
def rot90_once(K):
    return np.rot90(K, axes=(2, 3))


@wrong("nb01.kernels_for_correlation", "the channels are reversed as well")
def flipall(K):
    return np.flip(K)


@wrong("nb01.kernels_for_correlation", "the channel axes are reversed instead")
def rot180_of_the_first_axes(K):
    return np.rot90(K, 2)


@wrong("nb01.kernels_for_correlation", "the channels are swapped")
def as_in_the_backward_pass(K):
    return K.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1]


# ------------------------------------------------------------------------------- correlate_swapped


@right("nb01.correlate_swapped")
def turned(Z):
    return ops.rot180(Z)


@right("nb01.correlate_swapped")
def both_axes(Z):
    return np.flip(Z)


@right("nb01.correlate_swapped")
def cell_by_cell(Z):
    swapped, (m_h, m_w) = np.empty_like(Z), Z.shape
    for i, j in np.ndindex(Z.shape):
        swapped[i, j] = Z[m_h - 1 - i, m_w - 1 - j]
    return swapped


@right("nb01.correlate_swapped")
def flat_backwards(Z):
    return Z.ravel()[::-1].reshape(Z.shape)


@wrong("nb01.correlate_swapped", "Z not turned")
def commutes(Z):
    return Z.copy()


@wrong("nb01.correlate_swapped", "transposed")
def transposed_result(Z):
    return Z.T


@wrong("nb01.correlate_swapped", "one axis only: its rows")
def rows_backwards(Z):
    return Z[::-1]


@wrong("nb01.correlate_swapped", "one axis only: its columns")
def columns_backwards(Z):
    return [row[::-1] for row in Z]


@wrong("nb01.correlate_swapped", "other diagonal")
def anti_transposed(Z):
    return np.rot90(Z, 2).T


@wrong("nb01.correlate_swapped", "zero everywhere")
def zeros(Z):
    return np.zeros_like(Z)


# ---------------------------------------------------------------------------- every other way, and slips


@wrong_ways("nb01.convolve_at", "turned by 180°", "this is the window times the kernel {}")
def window_times(lay):
    def one_cell(X, K, i, j):
        H = lay(K)
        return sum(X[i + u, j + v] * H[u, v] for u, v in np.ndindex(H.shape))

    return one_cell


@wrong("nb01.convolve_at", "X[i − u, j − v] wraps around")
def the_printed_formula(X, K, i, j):
    Z = 0.0
    for u in range(K.shape[0]):
        for v in range(K.shape[1]):
            Z += X[i - u, j - v] * K[u, v]
    return Z


@wrong("nb01.convolve_at", "the same result")
def same_index(X, K, i, j):
    (k_h, k_w), padded = K.shape, np.pad(X, 9)
    top, left = 9 + i - k_h // 2, 9 + j - k_w // 2
    return (padded[top : top + k_h, left : left + k_w] * K[::-1, ::-1]).sum()


@wrong_ways("nb01.kernels_for_correlation", "turned by 180°", "every kernel is {}")
def each_kernel(lay):
    return lambda K: lay(K)


@wrong("nb01.kernels_for_correlation", "the input channels are reversed as well")
def all_but_the_first_axis(K):
    return np.array([np.flip(kernels) for kernels in K])


@wrong("nb01.kernels_for_correlation", "the output channels are reversed as well")
def from_the_last_kernel(K):
    return [[np.flip(kernel) for kernel in kernels] for kernels in reversed(K)]


@wrong_ways("nb01.correlate_swapped", "turned by 180°", "this is Z {}")
def the_result(lay):
    return lambda Z: lay(Z)

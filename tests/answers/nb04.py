"""Answers to the exercises of notebook 04."""

from contextlib import suppress

import numpy as np

from cnnlib import adjoint, ops

from . import right, wrong, wrong_ways

# ------------------------------------------------------------------------------- input_gradient_at


@right("nb04.input_gradient_at")
def over_the_kernel(delta, K, p, q):
    total = 0
    for u in range(K.shape[0]):
        for v in range(K.shape[1]):
            if 0 <= p - u < delta.shape[0] and 0 <= q - v < delta.shape[1]:
                total += delta[p - u, q - v] * K[u, v]
    return total


@right("nb04.input_gradient_at")
def over_delta(delta, K, p, q):
    total = 0
    for i, j in np.ndindex(delta.shape):
        u, v = p - i, q - j
        if u in range(K.shape[0]) and v in range(K.shape[1]):
            total += delta[i, j] * K[u, v]
    return total


@right("nb04.input_gradient_at")
def gather(delta, K, p, q):
    k_h, k_w = K.shape
    padded = np.pad(delta, ((k_h - 1, k_h - 1), (k_w - 1, k_w - 1)))
    return (padded[p : p + k_h, q : q + k_w] * np.rot90(K, 2)).sum()


@right("nb04.input_gradient_at")
def scatter(delta, K, p, q):
    dX = np.zeros(np.add(delta.shape, K.shape) - 1)
    for i, j in np.ndindex(delta.shape):
        dX[i : i + K.shape[0], j : j + K.shape[1]] += delta[i, j] * K
    return dX[p, q]


@right("nb04.input_gradient_at")
def matrix(delta, K, p, q):
    shape = np.add(delta.shape, K.shape) - 1
    C = adjoint.correlation_matrix(K, shape)
    return (C.T @ delta.ravel()).reshape(shape)[p, q]


@right("nb04.input_gradient_at")
def fourier(delta, K, p, q):
    size = np.add(delta.shape, K.shape) - 1
    return np.fft.ifft2(np.fft.fft2(delta, size) * np.fft.fft2(K, size)).real[p, q]


@right("nb04.input_gradient_at")
def by_differences(delta, K, p, q):
    X = np.zeros(np.add(delta.shape, K.shape) - 1)
    X[p, q] = 1  # the loss Σ delta·Z is linear in X
    return (delta * ops.correlate(X, K)).sum()


@wrong("nb04.input_gradient_at", "the full correlation with the kernel not turned")
def not_turned(delta, K, p, q):
    k_h, k_w = K.shape
    padded = np.pad(delta, ((k_h - 1, k_h - 1), (k_w - 1, k_w - 1)))
    return (padded[p : p + k_h, q : q + k_w] * K).sum()


@wrong("nb04.input_gradient_at", "one axis only: its rows")
def one_axis(delta, K, p, q):
    return ops.correlate(delta, K[::-1], "full")[p, q]


@wrong("nb04.input_gradient_at", "turned by 90°")
def quarter_turn(delta, K, p, q):
    return ops.correlate(delta, np.rot90(K), "full")[p, q]


@wrong("nb04.input_gradient_at", "transposed")
def transposed(delta, K, p, q):
    return ops.correlate(delta, np.transpose(K), "full")[p, q]


@wrong("nb04.input_gradient_at", "a negative index")
def no_lower_bound(delta, K, p, q):
    total = 0
    for u, v in np.ndindex(K.shape):
        i, j = p - u, q - v
        if i < delta.shape[0] and j < delta.shape[1]:
            total += delta[i, j] * K[u, v]
    return total


@wrong("nb04.input_gradient_at", "raises no IndexError")
def index_error_caught(delta, K, p, q):
    total = 0
    for i, j in np.ndindex(delta.shape):
        with suppress(IndexError):
            total += delta[i, j] * K[p - i, q - j]
    return total


@wrong("nb04.input_gradient_at", "the sign, in K[i − p")
def sign_of_the_tap(delta, K, p, q):
    total = 0
    for i, j in np.ndindex(delta.shape):
        if 0 <= i - p < K.shape[0] and 0 <= j - q < K.shape[1]:
            total += delta[i, j] * K[i - p, j - q]
    return total


@wrong("nb04.input_gradient_at", "p and q are exchanged")
def exchanged(delta, K, p, q):
    return over_the_kernel(delta, K, q, p)


@wrong("nb04.input_gradient_at", "a negative index")  # and an IndexError for some cells
def no_bounds_at_all(delta, K, p, q):
    return sum(delta[p - u, q - v] * K[u, v] for u, v in np.ndindex(K.shape))


# ----------------------------------------------------------------------------- kernel_from_impulse


@right("nb04.kernel_from_impulse")
def cut_out(dX, i, j, kernel_size):
    return dX[i : i + kernel_size[0], j : j + kernel_size[1]]


@right("nb04.kernel_from_impulse")
def tap_by_tap(dX, i, j, kernel_size):
    K = np.empty(kernel_size)
    for u, v in np.ndindex(*kernel_size):
        K[u, v] = dX[i + u, j + v]
    return K


@right("nb04.kernel_from_impulse")
def whatever_is_not_zero(dX, i, j, kernel_size):
    return dX[dX != 0].reshape(kernel_size)


@right("nb04.kernel_from_impulse")
def rolled_to_the_corner(dX, i, j, kernel_size):
    return np.roll(dX, (-i, -j), axis=(0, 1))[: kernel_size[0], : kernel_size[1]]


@wrong("nb04.kernel_from_impulse", "turned by 180°")
def turned(dX, i, j, kernel_size):
    return ops.rot180(cut_out(dX, i, j, kernel_size))


@wrong("nb04.kernel_from_impulse", "i and j are exchanged")
def exchanged_window(dX, i, j, kernel_size):
    return cut_out(dX, j, i, kernel_size)


@wrong("nb04.kernel_from_impulse", "rows and columns of kernel_size")
def wrong_size(dX, i, j, kernel_size):
    return cut_out(dX, i, j, (kernel_size[1], kernel_size[0]))


@wrong("nb04.kernel_from_impulse", "centred on (i, j)")
def centred(dX, i, j, kernel_size):
    k_h, k_w = kernel_size
    around = np.pad(dX, 5)
    return around[5 + i - k_h // 2 :, 5 + j - k_w // 2 :][:k_h, :k_w]


@wrong("nb04.kernel_from_impulse", "one axis only: its rows")
def upside_down(dX, i, j, kernel_size):
    return cut_out(dX, i, j, kernel_size)[::-1]


@wrong("nb04.kernel_from_impulse", "transposed")
def transposed_window(dX, i, j, kernel_size):
    return cut_out(dX, i, j, kernel_size).T


# ---------------------------------------------------------------------------- every other way, and slips


@wrong_ways("nb04.input_gradient_at", "turned by 180°", "this is the full correlation with the kernel {}")
def framed_window_times(lay):
    def one_cell(delta, K, p, q):
        H = lay(K)
        framed = np.pad(delta, [(k - 1, k - 1) for k in H.shape])
        return sum(framed[p + u, q + v] * H[u, v] for u, v in np.ndindex(H.shape))

    return one_cell


@wrong("nb04.input_gradient_at", "K[p − i, q − j] wraps around")
def only_an_upper_guard(delta, K, p, q):
    total = 0
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            if p - i < K.shape[0] and q - j < K.shape[1]:
                total += delta[i, j] * K[p - i, q - j]
    return total


@wrong_ways(
    "nb04.kernel_from_impulse", "not turned", "the window of dX is {}; an impulse pastes the kernel as it is"
)
def the_window(lay):
    return lambda dX, i, j, kernel_size: lay(cut_out(dX, i, j, kernel_size))


@wrong("nb04.kernel_from_impulse", "the window ends at (i, j)")
def backwards_from_the_impulse(dX, i, j, kernel_size):
    k_h, k_w = kernel_size
    return dX[i + 1 - k_h : i + 1, j + 1 - k_w : j + 1]

"""Answers to the exercises of notebook 05."""

import numpy as np

from cnnlib import adjoint, ops
from cnnlib.layers import Conv2D

from . import right, wrong, wrong_ways

# --------------------------------------------------------------------- kernel_gradient_convolution


def kernel_size(X, delta):
    return tuple(n - m + 1 for n, m in zip(X.shape[2:], delta.shape[2:], strict=True))


def correlated(X, delta):
    k_h, k_w = kernel_size(X, delta)
    (_, c_in, *_), (_, c_out, m_h, m_w) = X.shape, delta.shape
    dK = np.zeros((c_out, c_in, k_h, k_w))
    for u, v in np.ndindex(k_h, k_w):
        dK[:, :, u, v] = np.einsum("noij,ncij->oc", delta, X[:, :, u : u + m_h, v : v + m_w])
    return dK


@right("nb05.kernel_gradient_convolution")
def turned_correlation(X, delta):
    return correlated(X, delta)[:, :, ::-1, ::-1]


@right("nb05.kernel_gradient_convolution")
def term_by_term(X, delta):
    k_h, k_w = kernel_size(X, delta)
    dK = np.zeros((delta.shape[1], X.shape[1], k_h, k_w))
    for n, o, i, j in np.ndindex(delta.shape):
        for u, v in np.ndindex(k_h, k_w):
            dK[o, :, u, v] += delta[n, o, i, j] * X[n, :, i + k_h - 1 - u, j + k_w - 1 - v]
    return dK


@right("nb05.kernel_gradient_convolution")
def turned_input_convolved_with_delta(X, delta):
    (N, c_in, *_), c_out = X.shape, delta.shape[1]
    dK = np.zeros((c_out, c_in, *kernel_size(X, delta)))
    for n, o, c in np.ndindex(N, c_out, c_in):
        dK[o, c] += ops.convolve(ops.rot180(X[n, c]), delta[n, o])
    return dK


@right("nb05.kernel_gradient_convolution")
def the_layer(X, delta):
    layer = Conv2D(X.shape[1], delta.shape[1], kernel_size(X, delta), operation="convolution", dtype=np.float64)
    layer.forward(X)
    layer.backward(delta)
    return layer.grads["K"]


@right("nb05.kernel_gradient_convolution")
def fourier(X, delta):
    size = X.shape[2:]
    product = np.einsum("noij,ncij->ocij", np.conj(np.fft.fft2(delta, size)), np.fft.fft2(X))
    k_h, k_w = kernel_size(X, delta)
    return np.fft.ifft2(product).real[:, :, :k_h, :k_w][:, :, ::-1, ::-1]


@wrong("nb05.kernel_gradient_convolution", "the result not turned")
def as_under_correlation(X, delta):
    return correlated(X, delta)


@wrong("nb05.kernel_gradient_convolution", "delta is turned")
def delta_turned(X, delta):
    return correlated(X, delta[..., ::-1, ::-1])


@wrong("nb05.kernel_gradient_convolution", "mean over the batch")
def batch_mean(X, delta):
    return turned_correlation(X, delta) / X.shape[0]


@wrong("nb05.kernel_gradient_convolution", "mean over space")
def space_mean(X, delta):
    return turned_correlation(X, delta) / (delta.shape[2] * delta.shape[3])


@wrong("nb05.kernel_gradient_convolution", "the channels are swapped")
def channels_the_other_way(X, delta):
    return turned_correlation(X, delta).transpose(1, 0, 2, 3)


@wrong("nb05.kernel_gradient_convolution", "the batch is reversed")
def flipall_of_the_input(X, delta):
    return correlated(X[::-1], delta)[..., ::-1, ::-1]


@wrong("nb05.kernel_gradient_convolution", "only the first sample")
def one_sample(X, delta):
    return turned_correlation(X[:1], delta[:1])


@wrong("nb05.kernel_gradient_convolution", "one axis only: its columns")
def half_a_turn(X, delta):
    return correlated(X, delta)[..., ::-1]


# ---------------------------------------------------------------------- input_gradient_convolution


def full(delta, K, turn):
    N, c_out, m_h, m_w = delta.shape
    _, c_in, k_h, k_w = K.shape
    dX = np.zeros((N, c_in, m_h + k_h - 1, m_w + k_w - 1))
    for n, o, c in np.ndindex(N, c_out, c_in):
        dX[n, c] += ops.correlate(delta[n, o], turn(K[o, c]), "full")
    return dX


@right("nb05.input_gradient_convolution")
def kernel_as_it_is(delta, K):
    return full(delta, K, lambda kernel: kernel)


@right("nb05.input_gradient_convolution")
def convolution_with_the_turned_kernel(delta, K):
    return sum(
        np.array([[ops.convolve(one[o], ops.rot180(K[o, c]), "full") for c in range(K.shape[1])] for one in delta])
        for o in range(K.shape[0])
    )


@right("nb05.input_gradient_convolution")
def scatter_what_lay_on_the_window(delta, K):
    (N, _, m_h, m_w), (_, c_in, k_h, k_w) = delta.shape, K.shape
    dX = np.zeros((N, c_in, m_h + k_h - 1, m_w + k_w - 1))
    for i, j in np.ndindex(m_h, m_w):
        dX[:, :, i : i + k_h, j : j + k_w] += np.einsum("no,ocuv->ncuv", delta[:, :, i, j], K[..., ::-1, ::-1])
    return dX


@right("nb05.input_gradient_convolution")
def matrix(delta, K):
    size = [m + k - 1 for m, k in zip(delta.shape[2:], K.shape[2:], strict=True)]
    C = adjoint.correlation_matrix(K, (1, K.shape[1], *size), operation="convolution")
    return (delta.reshape(len(delta), -1) @ C).reshape(len(delta), K.shape[1], *size)


@right("nb05.input_gradient_convolution")
def fourier_of_the_turn(delta, K):
    size = [m + k - 1 for m, k in zip(delta.shape[2:], K.shape[2:], strict=True)]
    spectrum = np.fft.fft2(K[..., ::-1, ::-1], size)
    return np.fft.ifft2(np.einsum("noij,ocij->ncij", np.fft.fft2(delta, size), spectrum)).real


@wrong("nb05.input_gradient_convolution", "the kernel turned by 180°")
def as_in_every_textbook(delta, K):
    return full(delta, K, ops.rot180)


@wrong("nb05.input_gradient_convolution", "one axis only: its columns")
def mirrored(delta, K):
    return full(delta, K, np.fliplr)


@wrong("nb05.input_gradient_convolution", "transposed")
def transposed(delta, K):
    (N, _, m_h, m_w), (_, c_in, k_h, k_w) = delta.shape, K.shape
    dX = np.zeros((N, c_in, m_h + k_w - 1, m_w + k_h - 1))
    for n, o, c in np.ndindex(N, len(K), c_in):
        dX[n, c] += ops.correlate(delta[n, o], K[o, c].T, "full")
    return dX


@wrong("nb05.input_gradient_convolution", "the channels are not swapped")
def channels_kept(delta, K):
    if K.shape[0] != K.shape[1]:
        raise ValueError("these channels do not fit")
    return full(delta, K.transpose(1, 0, 2, 3), lambda kernel: kernel)


@wrong("nb05.input_gradient_convolution", "turned by 180°, as under ⋆, and the channels")
def everything_wrong(delta, K):
    if K.shape[0] != K.shape[1]:
        raise ValueError("these channels do not fit")
    return full(delta, K.transpose(1, 0, 2, 3), ops.rot180)


@wrong("nb05.input_gradient_convolution", "mean over the output channels")
def channel_mean(delta, K):
    return kernel_as_it_is(delta, K) / delta.shape[1]


@wrong("nb05.input_gradient_convolution", "divided by the batch")
def over_the_batch(delta, K):
    return kernel_as_it_is(delta, K) / delta.shape[0]


# ---------------------------------------------------------------------------- every other way, and slips


@wrong_ways(
    "nb05.kernel_gradient_convolution",
    "turned by 180°",
    "this is X ⋆ delta, the result {}; under ∗ dK is its turn by 180°",
)
def the_correlation(lay):
    return lambda X, delta: lay(correlated(X, delta))


@wrong("nb05.kernel_gradient_convolution", "the channels of the result are reversed")
def every_axis_reversed(X, delta):
    return np.flip(correlated(X, delta))


def collected(delta, H, *, wrap=False):
    """dX[p, q] = Σ delta[p − u, q − v]·H[u, v]; with ``wrap`` nobody asks whether p − u is below 0."""
    (N, _, m_h, m_w), (_, c_in, k_h, k_w) = delta.shape, H.shape
    dX = np.zeros((N, c_in, m_h + k_h - 1, m_w + k_w - 1))
    for n, c, p, q in np.ndindex(dX.shape):
        for u, v in np.ndindex(k_h, k_w):
            if p - u < m_h and q - v < m_w and (wrap or (p >= u and q >= v)):
                dX[n, c, p, q] += delta[n, :, p - u, q - v] @ H[:, c, u, v]
    return dX


@wrong_ways(
    "nb05.input_gradient_convolution",
    "not turned",
    "this is the full correlation with the kernel {}; under ∗ it is used as it is",
)
def collected_with(lay):
    return lambda delta, K: collected(delta, np.flip(lay(K), (2, 3)))


@wrong("nb05.input_gradient_convolution", "delta[p − u, q − v] wraps around")
def no_lower_guard(delta, K):
    return collected(delta, K[:, :, ::-1, ::-1], wrap=True)


@wrong("nb05.input_gradient_convolution", "the batch is summed")
def one_gradient_for_all(delta, K):
    dX = collected(delta, K[:, :, ::-1, ::-1])
    return np.broadcast_to(sum(dX), dX.shape)

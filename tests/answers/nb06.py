"""Answers to the exercises of notebook 06."""

import contextlib

import numpy as np

from cnnlib import adjoint, ops

from . import right, wrong, wrong_ways

# ----------------------------------------------------------------------------------- matrix_column


@right("nb06.matrix_column")
def entry_by_entry(K, output_shape, p, q):
    column = np.zeros(output_shape)
    for i, j in np.ndindex(output_shape):
        u, v = p - i, q - j
        if 0 <= u < K.shape[0] and 0 <= v < K.shape[1]:
            column[i, j] = K[u, v]
    return column


@right("nb06.matrix_column")
def pick_the_column(K, output_shape, p, q):
    input_shape = np.add(output_shape, K.shape) - 1
    C = adjoint.correlation_matrix(K, input_shape)
    return C[:, p * input_shape[1] + q].reshape(output_shape)


@right("nb06.matrix_column")
def forward_pass_of_a_unit_map(K, output_shape, p, q):
    X = np.zeros(np.add(output_shape, K.shape) - 1)
    X[p, q] = 1
    return ops.correlate(X, K)


@right("nb06.matrix_column")
def turned_kernel_cut_at_the_edges(K, output_shape, p, q):
    (m_h, m_w), (k_h, k_w) = output_shape, K.shape
    large = np.zeros((m_h + 2 * k_h - 2, m_w + 2 * k_w - 2))
    large[p : p + k_h, q : q + k_w] = np.rot90(K, 2)
    return large[k_h - 1 : k_h - 1 + m_h, k_w - 1 : k_w - 1 + m_w]


@wrong("nb06.matrix_column", "the kernel is not turned")
def not_turned(K, output_shape, p, q):
    return turned_kernel_cut_at_the_edges(ops.rot180(K), output_shape, p, q)


@wrong("nb06.matrix_column", "a negative index")
def no_lower_bound(K, output_shape, p, q):
    column = np.zeros(output_shape)
    for i, j in np.ndindex(output_shape):
        if p - i < K.shape[0] and q - j < K.shape[1]:
            with contextlib.suppress(IndexError):
                column[i, j] = K[p - i, q - j]
    return column


@wrong("nb06.matrix_column", "p and q are exchanged")
def other_pixel(K, output_shape, p, q):
    return entry_by_entry(K, output_shape, q, p)


@wrong("nb06.matrix_column", "K starts at (p, q)")
def forwards(K, output_shape, p, q):
    column = np.zeros(output_shape)
    for u, v in np.ndindex(K.shape):
        if p + u < output_shape[0] and q + v < output_shape[1]:
            column[p + u, q + v] = K[u, v]
    return column


@wrong("nb06.matrix_column", "one axis only: its rows")
def half_a_turn(K, output_shape, p, q):
    return entry_by_entry(K[:, ::-1], output_shape, p, q)


# ----------------------------------------------------------------------------------------- scatter


@right("nb06.scatter")
def paste(delta, K, input_shape, stride):
    dX, (k_h, k_w) = np.zeros(input_shape), K.shape[2:]
    for n, o, i, j in np.ndindex(delta.shape):
        dX[n, :, stride * i : stride * i + k_h, stride * j : stride * j + k_w] += delta[n, o, i, j] * K[o]
    return dX


@right("nb06.scatter")
def tap_by_tap_as_col2im(delta, K, input_shape, stride):
    dX, (m_h, m_w) = np.zeros(input_shape), delta.shape[2:]
    for u, v in np.ndindex(K.shape[2:]):
        part = np.einsum("noij,oc->ncij", delta, K[:, :, u, v])
        dX[:, :, u : u + stride * m_h : stride, v : v + stride * m_w : stride] += part
    return dX


@right("nb06.scatter")
def gather(delta, K, input_shape, stride):
    return adjoint.gather(delta, K, input_shape, stride=stride)


@right("nb06.scatter")
def matrix(delta, K, input_shape, stride):
    C = adjoint.correlation_matrix(K, input_shape, stride=stride)
    return (C.T @ delta.reshape(len(delta), -1).T).T.reshape(input_shape)


@right("nb06.scatter")
def fourier(delta, K, input_shape, stride):
    (_, c_out, m_h, m_w), size = delta.shape, input_shape[2:]
    spread = np.zeros((len(delta), c_out, *size))
    spread[:, :, : stride * m_h : stride, : stride * m_w : stride] = delta
    product = np.einsum("noij,ocij->ncij", np.fft.fft2(spread), np.fft.fft2(K, size))
    return np.fft.ifft2(product).real


@wrong("nb06.scatter", "turned by 180°")
def turned_paste(delta, K, input_shape, stride):
    return paste(delta, ops.rot180(K), input_shape, stride)


@wrong("nb06.scatter", "overwrite each other")
def assigned(delta, K, input_shape, stride):
    dX, (k_h, k_w) = np.zeros(input_shape), K.shape[2:]
    for i, j in np.ndindex(delta.shape[2:]):
        window = np.tensordot(delta[:, :, i, j], K, axes=1)
        dX[:, :, stride * i : stride * i + k_h, stride * j : stride * j + k_w] = window
    return dX


@wrong("nb06.scatter", "= where += belongs")
def assigned_map_by_map(delta, K, input_shape, stride):
    dX, (k_h, k_w) = np.zeros(input_shape), K.shape[2:]
    for n, o, c in np.ndindex(*delta.shape[:2], K.shape[1]):
        for i, j in np.ndindex(delta.shape[2:]):
            dX[n, c, stride * i : stride * i + k_h, stride * j : stride * j + k_w] = delta[n, o, i, j] * K[o, c]
    return dX


@wrong("nb06.scatter", "the stride is ignored")
def dense_paste(delta, K, input_shape, stride):
    return paste(delta, K, input_shape, 1)


@wrong("nb06.scatter", "the channels are not swapped")
def channels_kept(delta, K, input_shape, stride):
    dX, (k_h, k_w) = np.zeros(input_shape), K.shape[2:]
    for n, c, i, j in np.ndindex(delta.shape):
        dX[n, :, stride * i : stride * i + k_h, stride * j : stride * j + k_w] += delta[n, c, i, j] * K[:, c]
    return dX


@wrong("nb06.scatter", "mean over the output channels")
def averaged(delta, K, input_shape, stride):
    return paste(delta, K, input_shape, stride) / K.shape[0]


@wrong("nb06.scatter", "divided by the batch")
def over_the_batch(delta, K, input_shape, stride):
    return paste(delta, K, input_shape, stride) / len(delta)


# ---------------------------------------------------------------------------- every other way, and slips


@wrong_ways("nb06.matrix_column", "turned by 180°", "in this column the kernel is {}")
def laid_into_the_column(lay):
    def column(K, output_shape, p, q):
        H, filled = lay(K), np.zeros(output_shape)
        for u, v in np.ndindex(H.shape):
            i, j = p + 1 - H.shape[0] + u, q + 1 - H.shape[1] + v
            if 0 <= i < output_shape[0] and 0 <= j < output_shape[1]:
                filled[i, j] = H[u, v]
        return filled

    return column


@wrong("nb06.matrix_column", "C[p − u, q − v] wraps around")
def written_without_a_lower_guard(K, output_shape, p, q):
    C = np.zeros(output_shape)
    for u, v in np.ndindex(K.shape):
        with contextlib.suppress(IndexError):  # too far down is an error, too far up is not
            C[p - u, q - v] = K[u, v]
    return C


@wrong_ways("nb06.scatter", "not turned", "the pasted kernel is {}; scatter pastes it as it is")
def pasted(lay):
    def dX(delta, K, input_shape, stride):
        H, result = lay(K), np.zeros(input_shape)
        for n, o, i, j in np.ndindex(delta.shape):
            for u, v in np.ndindex(H.shape[2:]):
                result[n, :, stride * i + u, stride * j + v] += delta[n, o, i, j] * H[o, :, u, v]
        return result

    return dX

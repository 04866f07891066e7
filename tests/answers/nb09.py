"""Answers to the exercises of notebook 09."""

import numpy as np

from cnnlib.layers import Flatten, MeanPool2D, Sigmoid

from . import right, wrong

# ---------------------------------------------------------------------------------- mean_pool_back


@right("nb09.mean_pool_back")
def repeated(delta, scale):
    return np.repeat(np.repeat(delta, scale[0], axis=2), scale[1], axis=3) / (scale[0] * scale[1])


@right("nb09.mean_pool_back")
def kronecker(delta, scale):
    return np.kron(delta, np.ones((1, 1, *scale))) / np.prod(scale)


@right("nb09.mean_pool_back")
def cell_by_cell(delta, scale):
    (n, c, m_h, m_w), (s_h, s_w) = delta.shape, scale
    dX = np.zeros((n, c, s_h * m_h, s_w * m_w))
    for index in np.ndindex(dX.shape):
        image, channel, p, q = index
        dX[index] = delta[image, channel, p // s_h, q // s_w] / (s_h * s_w)
    return dX


@right("nb09.mean_pool_back")
def by_indexing(delta, scale):
    p, q = (np.arange(m * s) // s for m, s in zip(delta.shape[2:], scale, strict=True))
    return delta[:, :, p[:, None], q] / (scale[0] * scale[1])


@right("nb09.mean_pool_back")
def by_broadcasting(delta, scale):
    (n, c, m_h, m_w), (s_h, s_w) = delta.shape, scale
    blocks = delta[:, :, :, None, :, None] * np.full((s_h, 1, s_w), 1 / (s_h * s_w))
    return blocks.reshape(n, c, m_h * s_h, m_w * s_w)


@right("nb09.mean_pool_back")
def by_the_layer(delta, scale):
    (n, c, m_h, m_w), layer = delta.shape, MeanPool2D(scale)
    layer.forward(np.zeros((n, c, m_h * scale[0], m_w * scale[1])))
    return layer.backward(delta)


@wrong("nb09.mean_pool_back", "not divided")
def only_expanded(delta, scale):
    return kronecker(delta, scale) * np.prod(scale)


@wrong("nb09.mean_pool_back", "divided twice")
def twice(delta, scale):
    return kronecker(delta, scale) / np.prod(scale)


@wrong("nb09.mean_pool_back", "divided by s_h²")
def square_blocks(delta, scale):
    return kronecker(delta, scale) * np.prod(scale) / scale[0] ** 2


@wrong("nb09.mean_pool_back", "exchanged")
def other_way_round(delta, scale):
    return repeated(delta, scale[::-1])


@wrong("nb09.mean_pool_back", "again and again")
def tiled(delta, scale):
    return np.tile(delta, (1, 1, *scale)) / np.prod(scale)


@wrong("nb09.mean_pool_back", "first cell of its block")
def corner_only(delta, scale):
    dX = np.zeros(cell_by_cell(delta, scale).shape)
    dX[..., :: scale[0], :: scale[1]] = delta
    return dX


# ----------------------------------------------------------------------------------- max_pool_back


@right("nb09.max_pool_back")
def block_by_block(X, delta, s):
    dX = np.zeros(X.shape)
    for i, j in np.ndindex(delta.shape):
        block = X[s * i : s * i + s, s * j : s * j + s]
        mask = block == block.max()
        dX[s * i : s * i + s, s * j : s * j + s] = delta[i, j] * mask / mask.sum()
    return dX


@right("nb09.max_pool_back")
def with_one_mask(X, delta, s):
    m_h, m_w = delta.shape
    blocks = X.reshape(m_h, s, m_w, s)
    mask = blocks == blocks.max(axis=(1, 3), keepdims=True)
    shares = mask / mask.sum(axis=(1, 3), keepdims=True)
    return (shares * delta[:, None, :, None]).reshape(X.shape)


@right("nb09.max_pool_back")
def with_kron(X, delta, s):
    def wide(array):
        return np.kron(array, np.ones((s, s)))

    def blocks(array):
        return array.reshape(delta.shape[0], s, delta.shape[1], s)

    mask = wide(blocks(X).max(axis=(1, 3))) == X
    return mask * wide(delta / blocks(mask).sum(axis=(1, 3)))


@right("nb09.max_pool_back")
def mean_over_all_orders_of_first_wins(X, delta, s):
    """Every tied cell wins once."""
    dX = np.zeros(X.shape)
    for i, j in np.ndindex(delta.shape):
        cells = [(p, q) for p, q in np.ndindex(X.shape) if (p // s, q // s) == (i, j)]
        winners = [cell for cell in cells if X[cell] == max(X[c] for c in cells)]
        for cell in winners:
            dX[cell] += delta[i, j] / len(winners)
    return dX


@wrong("nb09.max_pool_back", "first cell takes all")
def with_argmax(X, delta, s):
    dX = np.zeros(X.shape)
    for i, j in np.ndindex(delta.shape):
        a, b = divmod(int(X[s * i : s * i + s, s * j : s * j + s].argmax()), s)
        dX[s * i + a, s * j + b] = delta[i, j]
    return dX


@wrong("nb09.max_pool_back", "last cell takes all")
def last_of_equals(X, delta, s):
    return with_argmax(X[::-1, ::-1], delta[::-1, ::-1], s)[::-1, ::-1]


@wrong("nb09.max_pool_back", "each cell gets the whole delta")
def mask_only(X, delta, s):
    blocks = X.reshape(delta.shape[0], s, delta.shape[1], s)
    mask = blocks == blocks.max(axis=(1, 3), keepdims=True)
    return (mask * delta[:, None, :, None]).reshape(X.shape)


@wrong("nb09.max_pool_back", "mean pooling")
def as_mean(X, delta, s):
    return np.kron(delta, np.ones((s, s))) / s**2


@wrong("nb09.max_pool_back", "a maximum divides nothing")
def divided(X, delta, s):
    return block_by_block(X, delta, s) / s**2


@wrong("nb09.max_pool_back", "maximum of the whole map")
def global_maximum(X, delta, s):
    return block_by_block(X, delta, s) * (X.max() == X)


@wrong("nb09.max_pool_back", "each cell gets half")
def halves(X, delta, s):
    dX, epsilon = np.zeros(X.shape), 1e-3
    for p, q in np.ndindex(X.shape):
        block = X[s * (p // s) : s * (p // s) + s, s * (q // s) : s * (q // s) + s].copy()
        tops = []
        for moved in (X[p, q] + epsilon, X[p, q] - epsilon):
            block[p % s, q % s] = moved
            tops.append(block.max())
        dX[p, q] = delta[p // s, q // s] * (tops[0] - tops[1]) / (2 * epsilon)
    return dX


# ------------------------------------------------------------------------------------- conv_ending


@right("nb09.conv_ending")
def reshape_and_swap(od, W, A):
    n, c, n_h, n_w = A.shape
    return (od @ W).reshape(n, c, n_w, n_h).swapaxes(2, 3) * A * (1 - A)


@right("nb09.conv_ending")
def place_by_place(od, W, A):
    dZ, (_, c, n_h, n_w) = np.zeros(A.shape), A.shape
    for n in range(len(A)):
        for t, (m, j, i) in enumerate(np.ndindex(c, n_w, n_h)):
            dZ[n, m, i, j] = od[n] @ W[:, t] * A[n, m, i, j] * (1 - A[n, m, i, j])
    return dZ


@right("nb09.conv_ending")
def slope_before_reshape(od, W, A):
    fv = A.swapaxes(2, 3).reshape(len(A), -1)
    fvd = od @ W * fv * (1 - fv)
    n, c, n_h, n_w = A.shape
    return np.array([[one.reshape(n_h, n_w, order="F") for one in row] for row in fvd.reshape(n, c, n_h * n_w)])


@right("nb09.conv_ending")
def weights_permuted(od, W, A):
    _, c, n_h, n_w = A.shape
    by_rows = W.reshape(-1, c, n_w, n_h).swapaxes(2, 3).reshape(W.shape)
    return (od @ by_rows).reshape(A.shape) * A * (1 - A)


@right("nb09.conv_ending")
def by_the_layers(od, W, A):
    flatten, sigmoid = Flatten(), Sigmoid()
    sigmoid.forward(np.log(A / (1 - A)))
    flatten.forward(A.swapaxes(2, 3))
    return sigmoid.backward(flatten.backward(od @ W).swapaxes(2, 3))


@wrong("nb09.conv_ending", "reshaped row by row; the features")
def by_rows(od, W, A):
    return (od @ W).reshape(A.shape) * A * (1 - A)


@wrong("nb09.conv_ending", "this is ∂L/∂A")
def no_slope(od, W, A):
    return reshape_and_swap(od, W, A) / (A * (1 - A))


@wrong("nb09.conv_ending", "and it is reshaped row by row")
def neither(od, W, A):
    return (od @ W).reshape(A.shape)


@wrong("nb09.conv_ending", "twice")
def slope_twice(od, W, A):
    return reshape_and_swap(od, W, A) * A * (1 - A)


@wrong("nb09.conv_ending", "multiplied by a")
def times_the_neurons(od, W, A):
    return no_slope(od, W, A) * A


@wrong("nb09.conv_ending", "taken at a")
def sigmoid_of_sigmoid(od, W, A):
    return no_slope(od, W, A) * np.exp(-A) / (1 + np.exp(-A)) ** 2


@wrong("nb09.conv_ending", "all maps at once")
def fortran_over_all(od, W, A):
    return (od @ W).reshape(len(A), *A.shape[:0:-1]).transpose(0, 3, 2, 1) * A * (1 - A)


@wrong("nb09.conv_ending", "divided by N")
def mean_over_images(od, W, A):
    return reshape_and_swap(od, W, A) / len(od)


# ------------------------------------------------------------------------------------------- slips


@wrong("nb09.mean_pool_back", "divided by s_w²")
def as_if_square_across(delta, scale):
    return repeated(delta, scale) * scale[0] / scale[1]

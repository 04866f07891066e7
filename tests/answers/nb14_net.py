"""Answers to the second half of the exam, notebook 14: overlapping blocks, and a whole net."""

import numpy as np

from cnnlib import adjoint, ops
from cnnlib.layers import Conv2D, Dense, Flatten, MeanPool2D, Sigmoid
from cnnlib.losses import SquaredError
from cnnlib.network import Network

from . import right, wrong, wrong_ways

# ------------------------------------------------------------------------------- pooling_backward


@right("nb14_net.pooling_backward")
def paste_blocks(delta, input_size, block, stride):
    (b_h, b_w), dX = block, np.zeros((*delta.shape[:2], *input_size))
    for i, j in np.ndindex(delta.shape[2:]):
        cells = dX[:, :, stride * i : stride * i + b_h, stride * j : stride * j + b_w]
        cells += delta[:, :, i, j, None, None] / (b_h * b_w)
    return dX


@right("nb14_net.pooling_backward")
def ask_each_cell(delta, input_size, block, stride):
    dX = np.zeros((*delta.shape[:2], *input_size))
    for p, q in np.ndindex(input_size):
        for i, j in np.ndindex(delta.shape[2:]):
            if 0 <= p - stride * i < block[0] and 0 <= q - stride * j < block[1]:
                dX[:, :, p, q] += delta[:, :, i, j]
    return dX / np.prod(block)


@right("nb14_net.pooling_backward")
def box_as_kernel(delta, input_size, block, stride):
    maps = delta.reshape(-1, 1, *delta.shape[2:])
    box = np.full((1, 1, *block), 1 / (block[0] * block[1]))
    dX = adjoint.gather(maps, box, (len(maps), 1, *input_size), stride=stride)
    return dX.reshape(*delta.shape[:2], *input_size)


@right("nb14_net.pooling_backward")
def one_matrix_for_each_axis(delta, input_size, block, stride):
    def shares(n, m, b):
        return np.array([[float(0 <= p - stride * i < b) for i in range(m)] for p in range(n)]) / b

    rows, columns = (shares(*axis) for axis in zip(input_size, delta.shape[2:], block, strict=True))
    return rows @ delta @ columns.T


@wrong("nb14_net.pooling_backward", "not divided")
def whole_delta(delta, input_size, block, stride):
    return paste_blocks(delta, input_size, block, stride) * np.prod(block)


@wrong("nb14_net.pooling_backward", "divided twice")
def twice(delta, input_size, block, stride):
    return paste_blocks(delta, input_size, block, stride) / np.prod(block)


@wrong("nb14_net.pooling_backward", "overwrite each other")
def assigned(delta, input_size, block, stride):
    (b_h, b_w), dX = block, np.zeros((*delta.shape[:2], *input_size))
    for i, j in np.ndindex(delta.shape[2:]):
        share = delta[:, :, i, j, None, None] / (b_h * b_w)
        dX[:, :, stride * i : stride * i + b_h, stride * j : stride * j + b_w] = share
    return dX


@wrong("nb14_net.pooling_backward", "b_h and b_w are exchanged")
def lying_blocks(delta, input_size, block, stride):
    return paste_blocks(delta, input_size, block[::-1], stride)


@wrong("nb14_net.pooling_backward", "the stride is 1")
def dense_blocks(delta, input_size, block, stride):
    return paste_blocks(delta, input_size, block, 1)


@wrong("nb14_net.pooling_backward", "blocks lie side by side")
def expand(delta, input_size, block, stride):
    dX = np.zeros((*delta.shape[:2], *input_size))
    wide = np.kron(delta, np.ones(block))[:, :, : input_size[0], : input_size[1]]
    dX[:, :, : wide.shape[2], : wide.shape[3]] = wide / np.prod(block)
    return dX


@wrong("nb14_net.pooling_backward", "number of blocks that hold a cell")
def mean_of_contributions(delta, input_size, block, stride):
    held = ask_each_cell(np.ones_like(delta), input_size, block, stride) * np.prod(block)
    return paste_blocks(delta, input_size, block, stride) / np.where(held == 0, 1, held)


# ---------------------------------------------------------------------------------- net_backward


def down_to_delta(A, P, W, O, Y):
    """delta of the output, and delta at Z of the convolution."""
    out = (O - Y) * O * (1 - O) / len(O)
    dP = (out @ W).reshape(P.shape)
    s_h, s_w = A.shape[2] // P.shape[2], A.shape[3] // P.shape[3]
    return out, np.kron(dP, np.ones((s_h, s_w))) / (s_h * s_w) * A * (1 - A)


def upper(P, out):
    return {"dW": out.T @ P.reshape(len(P), -1), "dc": out.sum(axis=0)}


@right("nb14_net.net_backward")
def scatter_and_slices(X, K, A, P, W, O, Y):
    out, delta = down_to_delta(A, P, W, O, Y)
    (m_h, m_w), dK, dX = A.shape[2:], np.zeros_like(K), np.zeros_like(X)
    for u, v in np.ndindex(K.shape[2:]):
        part = X[:, :, u : u + m_h, v : v + m_w]
        dK[:, :, u, v] = np.einsum("noij,ncij->oc", delta, part)
        dX[:, :, u : u + m_h, v : v + m_w] += np.einsum("noij,oc->ncij", delta, K[:, :, u, v])
    return upper(P, out) | {"db": delta.sum(axis=(0, 2, 3)), "dK": dK, "dX": dX}


@right("nb14_net.net_backward")
def gather_with_the_turned_kernel(X, K, A, P, W, O, Y):
    out, delta = down_to_delta(A, P, W, O, Y)
    framed = ops.pad(delta, (K.shape[2] - 1, K.shape[3] - 1))
    dX = np.einsum("noijuv,ocuv->ncij", ops.windows(framed, K.shape[2:]), K[:, :, ::-1, ::-1])
    dK = np.einsum("ncuvij,noij->ocuv", ops.windows(X, A.shape[2:]), delta)
    return {"dX": dX, "dK": dK, "db": np.einsum("noij->o", delta), **upper(P, out)}


@right("nb14_net.net_backward")
def image_by_image(X, K, A, P, W, O, Y):
    """Each image by itself, cell by cell; the parts add up, dX is stacked."""
    found = {"dW": np.zeros_like(W), "dc": np.zeros(len(W)), "db": np.zeros(len(K)), "dK": np.zeros_like(K)}
    outs, deltas = down_to_delta(A, P, W, O, Y)
    dX = np.zeros_like(X)
    for x, p, out, delta, dx in zip(X, P, outs, deltas, dX, strict=True):
        found["dW"] += np.outer(out, p.ravel())
        found["dc"] += out
        for o, i, j in np.ndindex(delta.shape):
            window = np.s_[:, i : i + K.shape[2], j : j + K.shape[3]]
            found["db"][o] += delta[o, i, j]
            found["dK"][o] += delta[o, i, j] * x[window]
            dx[window] += delta[o, i, j] * K[o]
    return found | {"dX": dX}


@right("nb14_net.net_backward")
def by_the_network(X, K, A, P, W, O, Y):
    """The layers of cnnlib; the biases are read off the outputs."""
    scale = A.shape[2] // P.shape[2], A.shape[3] // P.shape[3]
    conv, dense = Conv2D(*K.shape[1::-1], K.shape[2:], dtype=float), Dense(W.shape[1], len(W), dtype=float)
    plain = np.einsum("ncijuv,ocuv->noij", ops.windows(X, K.shape[2:]), K)
    conv.params = {"K": K, "b": (np.log(A / (1 - A)) - plain)[0, :, 0, 0]}
    dense.params = {"W": W, "b": (np.log(O / (1 - O)) - P.reshape(len(P), -1) @ W.T)[0]}
    net = Network([conv, Sigmoid(), MeanPool2D(scale), Flatten(), dense, Sigmoid()], SquaredError())
    net.forward(X)
    net.backward(Y, input_gradient=True)
    return {"dW": dense.grads["W"], "dc": dense.grads["b"], "db": conv.grads["b"], "dK": conv.grads["K"],
            "dX": net.deltas[0]}  # fmt: skip


def changed(**changes):
    """The right answer with some of its arrays changed."""

    def answer(*arguments):
        found = scatter_and_slices(*arguments)
        return found | {name: change(found[name]) for name, change in changes.items()}

    return answer


@wrong("nb14_net.net_backward", "dW: 1/N is missing")
def without_n(X, K, A, P, W, O, Y):
    return {name: array * len(X) for name, array in scatter_and_slices(X, K, A, P, W, O, Y).items()}


@wrong("nb14_net.net_backward", "dW: the sign")
def label_minus_output(X, K, A, P, W, O, Y):
    return {name: -array for name, array in scatter_and_slices(X, K, A, P, W, O, Y).items()}


@wrong("nb14_net.net_backward", "db: mean over space")
def bias_mean(X, K, A, P, W, O, Y):
    return changed(db=lambda db: db / (A.shape[2] * A.shape[3]))(X, K, A, P, W, O, Y)


@wrong("nb14_net.net_backward", "dK: turned by 180°")
def kernel_turned(X, K, A, P, W, O, Y):
    return changed(dK=lambda dK: dK[..., ::-1, ::-1])(X, K, A, P, W, O, Y)


@wrong("nb14_net.net_backward", "dX: the pasted kernel is turned by 180°")
def image_gradient_turned(X, K, A, P, W, O, Y):
    found = scatter_and_slices(X, K, A, P, W, O, Y)
    return found | {"dX": scatter_and_slices(X, ops.rot180(K), A, P, W, O, Y)["dX"]}


@wrong("nb14_net.net_backward", "dX: the channels are not swapped")
def channels_kept(X, K, A, P, W, O, Y):
    found = scatter_and_slices(X, K, A, P, W, O, Y)
    return found | {"dX": scatter_and_slices(X, K.swapaxes(0, 1), A, P, W, O, Y)["dX"]}


@wrong("nb14_net.net_backward", "db: not divided: each cell of a block gets the whole delta")
def not_shared(X, K, A, P, W, O, Y):
    area = A.shape[2] * A.shape[3] / (P.shape[2] * P.shape[3])
    return changed(**{name: lambda array: array * area for name in ("db", "dK", "dX")})(X, K, A, P, W, O, Y)


@wrong("nb14_net.net_backward", "without db")
def half_done(X, K, A, P, W, O, Y):
    return upper(P, down_to_delta(A, P, W, O, Y)[0])


@wrong("nb14_net.net_backward", "in which dK is empty")
def placeholder(X, K, A, P, W, O, Y):
    return scatter_and_slices(X, K, A, P, W, O, Y) | {"dK": None}


@wrong("nb14_net.net_backward", "dc: it returns a str")
def words(X, K, A, P, W, O, Y):
    return scatter_and_slices(X, K, A, P, W, O, Y) | {"dc": "the sum"}


@wrong("nb14_net.net_backward", "a tuple, and not a dict of arrays")
def in_a_row(X, K, A, P, W, O, Y):
    return tuple(scatter_and_slices(X, K, A, P, W, O, Y).values())


# ---------------------------------------------------------------------------- every other way, and slips


@wrong("nb14_net.pooling_backward", "divided by stride²")
def area_of_a_step(delta, input_size, block, stride):
    return paste_blocks(delta, input_size, block, stride) * np.prod(block) / stride**2


@wrong("nb14_net.pooling_backward", "divided by b_h²")
def as_if_square(delta, input_size, block, stride):
    return paste_blocks(delta, input_size, block, stride) * block[1] / block[0]


def whole_pass(X, K, A, P, W, O, Y, *, out=None, into_pool=lambda dP, P: dP, slope=None, area=1.0, last=()):
    """The pass line by line, with some of its lines written otherwise."""
    if out is None:
        out = (O - Y) * O * (1 - O) / len(O)
    dP = into_pool((out @ W).reshape(P.shape), P)
    blocks = A.shape[2] // P.shape[2], A.shape[3] // P.shape[3]
    delta = np.kron(dP, np.full(blocks, 1 / np.prod(blocks) ** area)) * (A * (1 - A) if slope is None else slope)
    found = upper(P, out) | {"db": delta.sum(axis=(0, 2, 3)), "dK": np.zeros_like(K), "dX": np.zeros_like(X)}
    for u, v in np.ndindex(K.shape[2:]):
        here = np.s_[:, :, u : u + A.shape[2], v : v + A.shape[3]]
        found["dK"][:, :, u, v] = np.einsum("noij,ncij->oc", delta, X[here])
        found["dX"][here] += np.einsum("noij,oc->ncij", delta, K[:, :, u, v])
    return found | {name: change(found[name]) for name, change in dict(last).items()}


def sigma_slope(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


@wrong("nb14_net.net_backward", "dW: divided by N twice")
def mean_of_the_mean(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, out=(O - Y) * O * (1 - O) / len(O) ** 2)


@wrong("nb14_net.net_backward", "dW: σ′ of the output is missing")
def straight_through(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, out=(O - Y) / len(O))


@wrong("nb14_net.net_backward", "dW: σ is applied to O again")
def slope_of_an_output(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, out=(O - Y) / len(O) * sigma_slope(O))


@wrong("nb14_net.net_backward", "dW: transposed")
def features_first(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, last={"dW": np.transpose})


@wrong("nb14_net.net_backward", "dW: the maps are flattened column after column")
def as_matlab_does(X, K, A, P, W, O, Y):
    found = whole_pass(X, K, A, P, W, O, Y)
    out = (O - Y) * O * (1 - O) / len(O)
    return found | {"dW": out.T @ P.swapaxes(2, 3).reshape(len(P), -1)}


@wrong("nb14_net.net_backward", "db: σ′ at the pool")
def slope_at_the_pool(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, into_pool=lambda dP, P: dP * P * (1 - P))


@wrong("nb14_net.net_backward", "db: σ′ below the pool is missing")
def no_slope(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, slope=1.0)


@wrong("nb14_net.net_backward", "db: σ is applied to A again")
def slope_of_an_activation(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, slope=sigma_slope(A))


@wrong("nb14_net.net_backward", "db: divided twice by the size of the block")
def shared_out_twice(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, area=2.0)


@wrong("nb14_net.net_backward", "dK: the result is transposed")
def kernels_transposed(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, last={"dK": lambda dK: dK.transpose(0, 1, 3, 2)})


@wrong("nb14_net.net_backward", "dK: mean over space")
def kernel_mean(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, last={"dK": lambda dK: dK / np.prod(A.shape[2:])})


@wrong("nb14_net.net_backward", "dK: the channels are swapped")
def kernel_channels(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, last={"dK": lambda dK: dK.transpose(1, 0, 2, 3)})


@wrong("nb14_net.net_backward", "dX: X(1 − X) does not belong there")
def slope_of_the_image(X, K, A, P, W, O, Y):
    return whole_pass(X, K, A, P, W, O, Y, last={"dX": lambda dX: dX * X * (1 - X)})


@wrong_ways("nb14_net.net_backward", "not turned", "dX: the pasted kernel is {}; scatter pastes it as it is")
def pasted_with(lay):
    def answer(X, K, A, P, W, O, Y):
        found, H = whole_pass(X, K, A, P, W, O, Y), lay(K)
        _, delta = down_to_delta(A, P, W, O, Y)
        dX = np.zeros_like(X)
        for n, o, i, j in np.ndindex(delta.shape):
            window = dX[n, :, i : i + H.shape[2], j : j + H.shape[3]]
            window += delta[n, o, i, j] * H[o, :, : window.shape[1], : window.shape[2]]
        return found | {"dX": dX}

    return answer

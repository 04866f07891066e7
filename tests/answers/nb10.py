"""Answers to the exercises of notebook 10."""

import itertools

import numpy as np

from cnnlib.layers import MeanPool2D

from . import right, wrong

# ------------------------------------------------------------------------------- delta_below_pool


@right("nb10.delta_below_pool")
def repeat_and_fill(A, pooled_delta, scale):
    s_h, s_w = scale
    wide = np.zeros(A.shape)
    blocks = pooled_delta.repeat(s_h, axis=2).repeat(s_w, axis=3)
    wide[:, :, : blocks.shape[2], : blocks.shape[3]] = blocks / (s_h * s_w)
    return wide * A * (1 - A)


@right("nb10.delta_below_pool")
def cell_by_cell(A, pooled_delta, scale):
    delta = np.zeros_like(A)
    for n, c, p, q in np.ndindex(A.shape):
        i, j = p // scale[0], q // scale[1]
        if i < pooled_delta.shape[2] and j < pooled_delta.shape[3]:
            share = pooled_delta[n, c, i, j] / (scale[0] * scale[1])
            delta[n, c, p, q] = share * A[n, c, p, q] * (1 - A[n, c, p, q])
    return delta


@right("nb10.delta_below_pool")
def offsets_inside_the_blocks(A, pooled_delta, scale):
    (s_h, s_w), (m_h, m_w) = scale, pooled_delta.shape[2:]
    wide = np.zeros_like(A)
    for u, v in np.ndindex(s_h, s_w):
        wide[:, :, u : m_h * s_h : s_h, v : m_w * s_w : s_w] = pooled_delta
    return A * (1 - A) * wide / s_h / s_w


@right("nb10.delta_below_pool")
def kronecker(A, pooled_delta, scale):
    wide = np.kron(pooled_delta, np.full((1, 1, *scale), 1 / (scale[0] * scale[1])))
    missing = [(0, n - m) for n, m in zip(A.shape, wide.shape, strict=True)]
    return (A - A**2) * np.pad(wide, missing)


@right("nb10.delta_below_pool")
def the_layer_itself(A, pooled_delta, scale):
    pool = MeanPool2D(scale, drop_tail=True)
    pool.forward(A)
    return pool.backward(pooled_delta) * A * (1 - A)


@wrong("nb10.delta_below_pool", "not shared out")
def whole_delta(A, pooled_delta, scale):
    return repeat_and_fill(A, pooled_delta, scale) * scale[0] * scale[1]


@wrong("nb10.delta_below_pool", "divided by s_h²")
def as_if_square(A, pooled_delta, scale):
    return whole_delta(A, pooled_delta, scale) / scale[0] ** 2


@wrong("nb10.delta_below_pool", "σ′ is missing")
def without_slope(A, pooled_delta, scale):
    return repeat_and_fill(A, pooled_delta, scale) / (A * (1 - A))


@wrong("nb10.delta_below_pool", "an activation already")
def slope_of_an_activation(A, pooled_delta, scale):
    a = 1 / (1 + np.exp(-A))
    return without_slope(A, pooled_delta, scale) * a * (1 - a)


@wrong("nb10.delta_below_pool", "dropped tail")
def tail_gets_the_last_block(A, pooled_delta, scale):
    (s_h, s_w), (m_h, m_w) = scale, pooled_delta.shape[2:]
    rows = np.minimum(np.arange(A.shape[2]) // s_h, m_h - 1)
    columns = np.minimum(np.arange(A.shape[3]) // s_w, m_w - 1)
    return A * (1 - A) * pooled_delta[:, :, rows][:, :, :, columns] / (s_h * s_w)


@wrong("nb10.delta_below_pool", "side by side")
def tiled(A, pooled_delta, scale):
    wide = np.zeros(A.shape)
    blocks = np.tile(pooled_delta, scale)
    wide[:, :, : blocks.shape[2], : blocks.shape[3]] = blocks
    return wide * A * (1 - A) / np.prod(scale)


# ---------------------------------------------------------------------------------- turned_slices


@right("nb10.turned_slices")
def layer_by_layer(net, channels):
    below, total, first = channels, 0, True
    for part in net.split("-"):
        if "c" in part:
            maps = int(part.partition("c")[0])
            total += 0 if first else below * maps
            below, first = maps, False
    return total


@right("nb10.turned_slices")
def neighbours(net, channels):
    maps = [int(part.split("c")[0]) for part in net.split("-") if not part.endswith("s")]
    return sum(a * b for a, b in itertools.pairwise(maps))


@right("nb10.turned_slices")
def all_but_the_first(net, channels):
    maps = [channels] + [int(part.split("c")[0]) for part in net.split("-") if "c" in part]
    slices = [maps[n] * maps[n + 1] for n in range(len(maps) - 1)]
    return sum(slices) - slices[0]


@right("nb10.turned_slices")
def product_of_arrays(net, channels):
    maps = np.array([int(part.split("c")[0]) for part in net.split("-") if "c" in part])
    return maps[:-1] @ maps[1:]


@wrong("nb10.turned_slices", "the first convolution counts too")
def with_the_first(net, channels):
    maps = [channels] + [int(part.split("c")[0]) for part in net.split("-") if "c" in part]
    return sum(a * b for a, b in itertools.pairwise(maps))


@wrong("nb10.turned_slices", "kernels are counted")
def kernels_only(net, channels):
    return sum([int(part.split("c")[0]) for part in net.split("-") if "c" in part][1:])


@wrong("nb10.turned_slices", "numbers are counted")
def numbers(net, channels):
    parts = [tuple(map(int, part.split("c"))) for part in net.split("-") if "c" in part]
    return sum(a * b * k * k for (a, _), (b, k) in itertools.pairwise(parts))


@wrong("nb10.turned_slices", "as if they saw the image")
def channels_never_change(net, channels):
    return channels * kernels_only(net, channels)


@wrong("nb10.turned_slices", "on top of a convolution is left out")
def pools_only(net, channels):
    parts, below, total = net.split("-"), channels, 0
    for before, part in zip(["", *parts], parts, strict=False):
        if "c" in part:
            maps = int(part.split("c")[0])
            total += below * maps if before.endswith("s") else 0
            below = maps
    return total


@wrong("nb10.turned_slices", "biases are counted too")
def with_biases(net, channels):
    return neighbours(net, channels) + kernels_only(net, channels)


# ----------------------------------------------------------------------------- delta_of_last_maps


@right("nb10.delta_of_last_maps")
def swap_the_axes(O, Y, W, map_shape):
    c, h, w = map_shape
    od = (O - Y) * O * (1 - O) / len(O)
    return (od @ W).reshape(len(O), c, w, h).transpose(0, 1, 3, 2)


@right("nb10.delta_of_last_maps")
def fortran_order(O, Y, W, map_shape):
    c, h, w = map_shape
    fvd, dA = ((O - Y) * O * (1 - O) / len(O)) @ W, np.zeros((len(O), *map_shape))
    for n, m in np.ndindex(len(O), c):
        dA[n, m] = fvd[n, m * h * w : (m + 1) * h * w].reshape((h, w), order="F")
    return dA


@right("nb10.delta_of_last_maps")
def number_by_number(O, Y, W, map_shape):
    _, h, w = map_shape
    dA = np.zeros((len(O), *map_shape))
    for n, m, p, q in np.ndindex(dA.shape):
        for k in range(10):
            od = (O[n, k] - Y[n, k]) * O[n, k] * (1 - O[n, k])
            dA[n, m, p, q] += W[k, m * h * w + q * h + p] * od / len(O)
    return dA


@right("nb10.delta_of_last_maps")
def weights_first(O, Y, W, map_shape):
    c, h, w = map_shape
    rows = W.reshape(10, c, w, h).swapaxes(2, 3)
    return np.einsum("nk,kchw->nchw", (O - Y) * (O - O * O), rows) / O.shape[0]


@wrong("nb10.delta_of_last_maps", "row by row")
def row_order(O, Y, W, map_shape):
    return (((O - Y) * O * (1 - O) / len(O)) @ W).reshape(len(O), *map_shape)


@wrong("nb10.delta_of_last_maps", "1/N is missing")
def per_image(O, Y, W, map_shape):
    return len(O) * swap_the_axes(O, Y, W, map_shape)


@wrong("nb10.delta_of_last_maps", "the sign is reversed")
def target_minus_output(O, Y, W, map_shape):
    return -swap_the_axes(O, Y, W, map_shape)


@wrong("nb10.delta_of_last_maps", "σ′ of the outputs is missing")
def error_straight_through(O, Y, W, map_shape):
    c, h, w = map_shape
    return ((O - Y) / len(O) @ W).reshape(len(O), c, w, h).transpose(0, 1, 3, 2)


@wrong("nb10.delta_of_last_maps", "O is an output already")
def slope_of_an_output(O, Y, W, map_shape):
    c, h, w = map_shape
    s = 1 / (1 + np.exp(-O))
    return ((O - Y) * s * (1 - s) / len(O) @ W).reshape(len(O), c, w, h).transpose(0, 1, 3, 2)


@wrong("nb10.delta_of_last_maps", "a factor 2 too much")
def forgotten_half(O, Y, W, map_shape):
    return 2 * swap_the_axes(O, Y, W, map_shape)


# ------------------------------------------------------------------------------------------- slips


@wrong("nb10.delta_below_pool", "divided by s_h·s_w twice")
def shared_out_twice(A, pooled_delta, scale):
    return repeat_and_fill(A, pooled_delta / np.prod(scale), scale)


@wrong("nb10.delta_below_pool", "multiplied by A, and not by A(1 − A)")
def times_the_activation(A, pooled_delta, scale):
    return repeat_and_fill(A, pooled_delta, scale) / (1 - A)


@wrong("nb10.delta_below_pool", "only one cell of each block gets a share")
def top_left_cells(A, pooled_delta, scale):
    delta = np.zeros_like(A)
    for i, j in np.ndindex(pooled_delta.shape[2:]):
        p, q = scale[0] * i, scale[1] * j
        delta[:, :, p, q] = pooled_delta[:, :, i, j] * (A * (1 - A))[:, :, p, q] / np.prod(scale)
    return delta


def convolutions(net):
    """How many maps each convolution has."""
    return [int(part.split("c")[0]) for part in net.split("-") if "c" in part]


@wrong("nb10.turned_slices", "below the first convolution maps[−1] stands")
def from_the_layer_before(net, channels):
    maps = convolutions(net)
    return sum(maps[k] * maps[k - 1] for k in range(len(maps)))


@wrong("nb10.turned_slices", "slices of the first layer only")
def first_layer(net, channels):
    return convolutions(net)[0] * channels


@wrong("nb10.delta_of_last_maps", "the channels are laid last")
def features_by_place(O, Y, W, map_shape):
    (c, h, w), fvd = map_shape, ((O - Y) * O * (1 - O)) @ W / len(O)
    return fvd.reshape(len(O), h, w, c).transpose(0, 3, 1, 2)

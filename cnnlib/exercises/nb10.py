"""Notebook 10, the article line by line: below a pool with a tail, which slices turn, and the end of the net."""

import re

import numpy as np

from .exercise import Exercise

# ------------------------------------------------------------------------------- delta_below_pool


def _pools(rng):
    for (n_h, n_w), scale in [((5, 7), (2, 3)), ((7, 8), (3, 2)), ((4, 9), (2, 4))]:
        sizes = (2, 3, n_h // scale[0], n_w // scale[1])
        yield rng.uniform(0.05, 0.95, (2, 3, n_h, n_w)), rng.standard_normal(sizes), scale


def _shares(
    *,
    slope=lambda A: A * (1 - A),
    share=lambda s_h, s_w: 1 / (s_h * s_w),
    spread=lambda d, s_h, s_w: d.repeat(s_h, axis=2).repeat(s_w, axis=3),
    tail="constant",
):
    """delta = slope(A) ∘ share · spread(pooled_delta), the dropped tail filled as np.pad says."""

    def delta(A, pooled_delta, scale):
        wide = spread(pooled_delta, *scale)[:, :, : A.shape[2], : A.shape[3]]
        missing = [(0, n - m) for n, m in zip(A.shape, wide.shape, strict=True)]
        return slope(A) * np.pad(wide, missing, mode=tail) * share(*scale)

    return delta


def _sigma(A):
    return 1 / (1 + np.exp(-A))


def _corner_only(d, s_h, s_w):
    """Only the first cell of each block gets its delta."""
    wide = np.zeros((*d.shape[:2], d.shape[2] * s_h, d.shape[3] * s_w))
    wide[:, :, ::s_h, ::s_w] = d
    return wide


delta_below_pool = Exercise(
    name="delta_below_pool",
    task="A = σ(Z) went through a mean pool of s_h×s_w blocks; rows and columns that fill no block were dropped. "
    "delta_below_pool(A, pooled_delta, scale) has to return ∂L/∂Z, shaped like A.",
    cases=_pools,
    reference=_shares(),
    mistakes={
        "the delta is not shared out: each cell of a block gets all of it": _shares(share=lambda *_scale: 1),
        "it is divided by s_h², but a block has s_h·s_w cells": _shares(share=lambda s_h, _s_w: 1 / s_h**2),
        "it is divided by s_h·s_w twice": _shares(share=lambda s_h, s_w: 1 / (s_h * s_w) ** 2),
        "σ′ is missing": _shares(slope=np.ones_like),
        "multiplied by A, and not by A(1 − A)": _shares(slope=lambda A: A),
        "A is an activation already; σ′ in terms of it is A(1 − A)": _shares(
            slope=lambda A: _sigma(A) * (1 - _sigma(A))
        ),
        "the dropped tail reached no output; its delta is 0": _shares(tail="edge"),
        "the small maps are laid side by side; every cell has to be widened to a block": _shares(
            spread=lambda d, s_h, s_w: np.tile(d, (1, 1, s_h, s_w))
        ),
        "only one cell of each block gets a share": _shares(spread=_corner_only),
    },
    hints=(
        "First from the pooled delta to every cell of its block, then through σ.",
        "Every cell of a block had the weight 1/(s_h·s_w) in its mean. np.repeat along axis 2, then along axis 3.",
        "Fill an array of zeros shaped like A, and leave the tail at 0; multiply by A * (1 - A) at the end.",
    ),
)


# ---------------------------------------------------------------------------------- turned_slices

_NETS = [
    ("6c5-2s-12c5-2s", 1),
    ("4c3-7c3-2s", 3),
    ("5c5-2s-8c3-3c3-2s-9c2", 2),
    ("16c3", 3),
    ("3c5-2s-2s-4c4-6c1", 4),
]


def _layers(net):
    """[(maps, k)] of the convolutions, in order."""
    return [(int(maps), int(k)) for maps, k in re.findall(r"(\d+)c(\d+)", net)]


def _sum_over(term, first=1):
    """Σ term(I, J, k) over the convolutions from number ``first`` on; I maps below, J above."""

    def count(net, channels):
        layers = _layers(net)
        below = [channels, *(maps for maps, _ in layers)]
        return sum(term(below[n], *layers[n]) for n in range(first, len(layers)))

    return count


def _consecutive_only_after_a_pool(net, channels):
    """A convolution directly on another one is taken for one whose deltas nobody needs."""
    parts, total, below = net.split("-"), 0, channels
    for n, part in enumerate(parts):
        if "c" in part:
            maps = int(part.split("c")[0])
            total += below * maps if n and "s" in parts[n - 1] else 0
            below = maps
    return total


def _last_below_the_first(net, channels):
    """maps[n − 1] for every n: below the first convolution that is the last one."""
    maps = [maps for maps, _ in _layers(net)]
    return sum(maps[n - 1] * maps[n] for n in range(len(maps)))


turned_slices = Exercise(
    name="turned_slices",
    task='net is a shorthand such as "6c5-2s-12c5-2s": 6 kernels of 5×5, a pool of 2×2, and so on; the image has '
    "channels maps. turned_slices(net, channels) has to return how many kernel slices one backward pass turns.",
    cases=lambda _rng: iter(_NETS),
    reference=_sum_over(lambda below, maps, _k: below * maps),
    mistakes={
        "the first convolution counts too; but nobody asks for the delta of the image": _sum_over(
            lambda below, maps, _k: below * maps, first=0
        ),
        "below the first convolution maps[−1] stands, the last one's; the first never turns": _last_below_the_first,
        "kernels are counted; each has a slice for every map below": _sum_over(lambda _below, maps, _k: maps),
        "numbers are counted, and not slices of h×h": _sum_over(lambda below, maps, k: below * maps * k**2),
        "all kernels but the first layer's are counted as if they saw the image": lambda net, channels: sum(
            channels * maps for maps, _ in _layers(net)[1:]
        ),
        "slices of the first layer only; those are the ones that are never turned": lambda net, channels: (
            channels * _layers(net)[0][0]
        ),
        "a convolution on top of a convolution is left out; it hands deltas down as well": (
            _consecutive_only_after_a_pool
        ),
        "the biases are counted too; nothing of them is turned": _sum_over(
            lambda below, maps, _k: below * maps + maps
        ),
    },
    hints=(
        "A kernel is turned to hand deltas to the maps below it. Below which convolution does nobody want deltas?",
        "A convolution from I to J maps has I·J slices. A pool changes the size of the maps, not their number.",
        "Split the net at '-'. Keep the number of maps of the convolution before; at first that is channels.",
    ),
)


# ----------------------------------------------------------------------------- delta_of_last_maps


def _ends(rng):
    for N, shape in [(2, (3, 2, 4)), (3, (2, 3, 2)), (4, (2, 4, 3))]:
        Y = rng.uniform(0, 1, (N, 10))
        yield rng.uniform(0.05, 0.95, (N, 10)), Y, rng.standard_normal((10, int(np.prod(shape)))), shape


def _end(*, slope=lambda O: O * (1 - O), sign=1, mean=True, order="columns", factor=1.0):
    """sign·(O − Y)∘slope(O)·W/N, reshaped into maps."""

    def delta(O, Y, W, map_shape):
        N, (c, h, w) = len(O), map_shape
        fvd = factor * sign * ((O - Y) * slope(O)) @ W / (N if mean else 1)
        if order == "columns":
            return fvd.reshape(N, c, w, h).swapaxes(2, 3)
        if order == "channels last":
            return np.moveaxis(fvd.reshape(N, h, w, c), 3, 1)
        return fvd.reshape(N, c, h, w)

    return delta


delta_of_last_maps = Exercise(
    name="delta_of_last_maps",
    task="O = σ(W·fv + b), L = ½ Σ (O − Y)² / N, and fv holds map after map, each column by column. "
    "delta_of_last_maps(O, Y, W, map_shape) has to return ∂L/∂A for the last maps, (N, C, h, w).",
    cases=_ends,
    reference=_end(),
    mistakes={
        "the maps are filled row by row; MATLAB stored them column by column": _end(order="rows"),
        "the channels are laid last; a map's features stand together": _end(order="channels last"),
        "1/N is missing: L is a mean over the batch": _end(mean=False),
        "the sign is reversed: the derivative of ½(o − y)² is o − y": _end(sign=-1),
        "σ′ of the outputs is missing": _end(slope=np.ones_like),
        "O is an output already; σ′ in terms of it is O(1 − O)": _end(slope=lambda O: _sigma(O) * (1 - _sigma(O))),
        "a factor 2 too much: the ½ of the loss takes it away": _end(factor=2.0),
    },
    hints=(
        "Three steps: the error, through the σ of the outputs, through the weights. Then 1/N, and back to maps.",
        "od = (O − Y)·O·(1 − O), and fvd = od @ W has one row for each image.",
        "Column by column: the row index runs fastest. Reshape to (N, C, w, h), and swap the last two axes.",
    ),
)

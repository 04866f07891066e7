"""Mistakes with the bias: in db, and where the forward pass adds it."""

import numpy as np

from ..anatomy import spread_bias
from .arrays import scaled
from .built.words import said
from .kernel_sums import cells, positions
from .kernels import BOTH, CONV
from .mistake import Mistake, same


def _bias_itself(view, db):
    return view.case.b.copy()


def _spread(view):
    return spread_bias(view.case.b)


def _over(axes):
    return lambda view, d: d.sum(axis=axes)


def _of_each_image(view, d):
    """Summed over a map, one row an image."""
    sums = d.sum(axis=(2, 3))
    return sums[0] if len(sums) == 1 else sums


def _everywhere(of):
    """For a bias of its own at every place: one number a map, mean or sum over the places, at each of them."""
    return lambda view, d: np.broadcast_to(of(d.sum(axis=0)), view.case.b.shape) if view.case.b.ndim == 3 else None


def _bias_times(function):
    return lambda view, total: total + function(view) * _spread(view)


# what a bias is added for once each by mistake: channels, products, taps; rows, columns, cells of Z, images
LOOPED_OVER = (("K", [1]), ("K", [1, 2, 3]), ("K", [2, 3]), *(("delta", axes) for axes in ([2], [3], [2, 3], [0])))


def _times_sizes(of, axes):
    return _bias_times(lambda view: int(np.prod([getattr(view, of).shape[axis] for axis in axes])))


def _one_bias(index):
    return lambda view, total: total + np.ravel(view.case.b)[index]


MISTAKES = [
    Mistake(
        "bias_mean",
        "bias",
        "db is the mean over the positions of a map instead of the sum",
        "b is added at every position: sum.",
        same(
            "db",
            "core",
            lambda view, d: d.mean(axis=(2, 3)).sum(axis=0),
            lambda view, d: d.mean(axis=(0, 2, 3)),
            _everywhere(lambda sums: sums.mean(axis=(1, 2), keepdims=True)),
            said("one number for all maps", _everywhere(lambda sums: sums.mean())),
        ),
        CONV,
        "08",
    ),
    Mistake(
        "bias_tied",
        "bias",
        "every place of a map has its own bias, and gets the sum of the whole map",
        "db[o, i, j] = delta[o, i, j], summed over images alone.",
        same(
            "db",
            "core",
            _everywhere(lambda sums: sums.sum(axis=(1, 2), keepdims=True)),
            said("and of all maps", _everywhere(lambda sums: sums.sum())),
            said("no: the sum over the maps at its place", _everywhere(lambda sums: sums.sum(axis=0))),
        ),
        CONV,
        "08",
    ),
    Mistake(
        "bias_often",
        "bias",
        "db is multiplied by the number of channels or taps: it is added once a product",
        "b is added once an output cell, so db[o] = Σ delta[o].",
        same(
            "db",
            "post",
            scaled(lambda view: view.K.shape[1]),
            scaled(cells),
            scaled(lambda view: int(np.prod(view.K.shape[2:]))),
        ),
        CONV,
        "08",
    ),
    Mistake(
        "bias_last_cell",
        "bias",
        "db is the delta of one position alone: = stands where += belongs",
        "Sum over all positions.",
        same(
            "db",
            "core",
            lambda view, d: d[:, :, -1, -1].sum(axis=0),
            lambda view, d: d[-1, :, -1, -1],
            lambda view, d: d[:, :, 0, 0].sum(axis=0),
        ),
        CONV,
        "08",
    ),
    Mistake(
        "bias_shrinks",
        "bias",
        "the step of the bias is made with the bias itself, b − α·b",
        "b − α·db.",
        same("db", "post", _bias_itself),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_counts",
        "bias",
        "db counts positions instead of adding delta",
        "db[o] = Σ delta[o].",
        same(
            "db",
            "core",
            lambda view, d: np.full(d.shape[1], float(len(d) * positions(view))),
            lambda view, d: np.full(d.shape[1], float(len(d))),
        ),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_plus_batch",
        "bias",
        "the batch size is added to db",
        "db[o] = Σ delta[o].",
        same("db", "post", lambda view, db: db + len(view.given)),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_squared",
        "bias",
        "db is summed from squared deltas",
        "db[o] = Σ delta[o].",
        same("db", "core", lambda view, d: (d**2).sum(axis=(0, 2, 3))),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_absolute",
        "bias",
        "db is summed from absolute deltas",
        "db[o] = Σ delta[o].",
        same("db", "core", lambda view, d: np.abs(d).sum(axis=(0, 2, 3))),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_plus_itself",
        "bias",
        "the bias is added to its gradient",
        "Start db from zeros.",
        same("db", "post", lambda view, db: db + view.case.b),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_unused",
        "bias",
        "the bias is never used",
        "Z = X ⋆ K + b.",
        same("forward", "bias", lambda view, total: total),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_added_often",
        "bias",
        "the bias is added several times to a cell: once a channel, a tap, or a turn of another loop",
        "Add b once to each cell, behind the sum over channels and taps.",
        same("forward", "bias", *(_times_sizes(of, axes) for of, axes in LOOPED_OVER)),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_subtracted",
        "bias",
        "the bias is subtracted",
        "Z = X ⋆ K + b.",
        same("forward", "bias", _bias_times(lambda view: -1)),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_of_one_map",
        "bias",
        "every map gets the bias of the first (or the last) map",
        "Add b[o] to map o.",
        same("forward", "bias", _one_bias(0), _one_bias(-1)),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_summed",
        "bias",
        "every map gets the sum of all biases",
        "Add b[o] to map o.",
        same("forward", "bias", lambda view, total: total + view.case.b.sum()),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_multiplied",
        "bias",
        "the sum is multiplied by the bias where the bias has to be added",
        "Z = X ⋆ K + b.",
        same(
            "forward",
            "bias",
            lambda view, total: total * _spread(view),
            lambda view, total: total * _spread(view) / view.K.shape[1],
            lambda view, total: total * (1 + _spread(view)),
        ),
        BOTH,
        "08",
    ),
    Mistake(
        "bias_wrong_axes",
        "bias",
        "db is summed over other axes than images, rows and columns",
        "One number a map: sum over all axes but that of the maps.",
        same(
            "db",
            "core",
            _of_each_image,
            *map(_over, ((0, 1, 2), (1, 2, 3), (0, 1, 3), (0, 1), (1, 2), (0,))),
        ),
        BOTH,
        "08",
    ),
]

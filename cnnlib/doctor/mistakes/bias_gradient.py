"""Mistakes in db."""

import numpy as np

from .arrays import scaled
from .kernel_sums import cells, positions
from .kernels import BOTH, CONV
from .mistake import Mistake, same


def _bias_itself(view, db):
    return view.case.b.copy()


MISTAKES = [
    Mistake(
        "bias_mean",
        "bias",
        "db is the mean over the positions of a map instead of the sum",
        "b is added at every position: sum.",
        same("db", "core", lambda view, d: d.mean(axis=(2, 3)).sum(axis=0), lambda view, d: d.mean(axis=(0, 2, 3))),
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
]

"""Mistakes of pooling layers."""

import numpy as np

from ...view import shared, windows_of
from ..mistake import Mistake, same
from .loops import ASSIGNED

MEAN, MAX = ("mean pooling",), ("max pooling",)


def _size(view):
    return view.case.setting.k_h * view.case.setting.k_w


def _overwritten(view, d):
    dX = np.zeros(view.X.shape)
    for place, window in windows_of(view, d):
        block = view.X[window]
        dX[window] = (
            d[place] / block.size if view.plan.kind == "mean pooling" else d[place] * (block == block.max())
        )
    return dX


def _first_cell(view, d):
    dX = np.zeros(view.X.shape)
    for place, (n, c, rows, cols) in windows_of(view, d):
        dX[n, c, rows.start, cols.start] += d[place]
    return dX


def _everywhere(view, d):
    dX = np.zeros(view.X.shape)
    for place, window in windows_of(view, d):
        dX[window] += d[place]
    return dX


def _mean_for_max(view, d):
    return _everywhere(view, d) / _size(view)


def _minimum(view, d):
    dX = np.zeros(view.X.shape)
    for place, window in windows_of(view, d):
        block = view.X[window]
        dX[window][np.unravel_index(np.argmin(block), block.shape)] += d[place]
    return dX


def _one_mask(view, d):
    """The places of all maxima OR-ed into one mask: an overlapping maximum gets the whole sum of its windows."""
    mask, total = np.zeros(view.X.shape, dtype=bool), np.zeros(view.X.shape)
    for place, window in windows_of(view, d):
        block = view.X[window]
        mask[window] |= block == block.max()
        total[window] += d[place]
    return mask * total


def _stride_one(view, d):
    setting, (k_h, k_w), dX = (
        view.case.setting,
        (view.case.setting.k_h, view.case.setting.k_w),
        np.zeros(view.X.shape),
    )
    for n, c, i, j in np.ndindex(d.shape):
        dX[n, c, i : i + k_h, j : j + k_w] += d[n, c, i, j] / (k_h * k_w)
    return dX if setting.s > 1 else shared(view, d)


def _times_values(view, d):
    return shared(view, d) * view.X


def _reached(view, dX):
    setting, (m_h, m_w) = view.case.setting, view.given.shape[2:]
    return dX[:, :, : view.s * (m_h - 1) + setting.k_h, : view.s * (m_w - 1) + setting.k_w]


def _doubled(view, d):
    """dX[window] += (what stood there, and the share): what an earlier window left is added once more."""
    dX = np.zeros(view.X.shape)
    for place, window in windows_of(view, d):
        block, one = view.X[window], np.zeros(view.X[window].shape)
        one[np.unravel_index(np.argmax(block), block.shape)] = 1.0
        share = d[place] / block.size if view.plan.kind == "mean pooling" else d[place] * one
        dX[window] += dX[window] + share
    return dX


MISTAKES = [
    Mistake(
        "no_share",
        "scale",
        "every cell of a window gets the whole delta instead of its share",
        "Divide by the window's size, s².",
        same("dX", "core", _everywhere),
        MEAN,
        "09",
    ),
    Mistake(
        "shared_twice",
        "scale",
        "the share is taken twice: divided by s⁴",
        "Divide by s² once.",
        same("dX", "post", lambda view, dX: dX / _size(view)),
        MEAN,
        "09",
    ),
    Mistake(
        "stride_one",
        "stride",
        "the share of window (i, j) lands at row i, column j: the stride is forgotten",
        "Place it at (s·i, s·j).",
        same("dX", "core", _stride_one),
        MEAN,
        "09",
    ),
    Mistake(
        "pool_overwritten",
        "padding",
        "= stands where += belongs: overlapping windows overwrite each other",
        "Add: dX[window] += …",
        same("dX", "core", _overwritten, ASSIGNED),
        (*MEAN, *MAX),
        "09",
    ),
    Mistake(
        "pool_first_cell",
        "ingredient",
        "the top left cell of every window gets the delta",
        "Max pooling: the place of the maximum; mean: all cells.",
        same("dX", "core", _first_cell),
        (*MEAN, *MAX),
        "09",
    ),
    Mistake(
        "max_everywhere",
        "ingredient",
        "every cell of a window gets the delta, not the maximum alone",
        "Only the place of the maximum.",
        same("dX", "core", _everywhere),
        MAX,
        "09",
    ),
    Mistake(
        "mean_for_max",
        "ingredient",
        "delta is shared evenly, as mean pooling does it",
        "Only the place of the maximum gets delta.",
        same("dX", "core", _mean_for_max),
        MAX,
        "09",
    ),
    Mistake(
        "pool_remainder_cut",
        "stride",
        "rows and columns that no window reached are missing in dX",
        "dX has the shape of X; the remainder gets zeros.",
        same("dX", "post", _reached),
        ("mean pooling", "max pooling"),
        "09",
    ),
    Mistake(
        "minimum",
        "ingredient",
        "the place of the minimum gets the delta",
        "np.argmax, not np.argmin.",
        same("dX", "core", _minimum),
        MAX,
        "09",
    ),
    Mistake(
        "one_mask",
        "ingredient",
        "one mask is used for all windows: where windows overlap, a maximum gets its neighbours' deltas",
        "One mask a window.",
        same("dX", "core", _one_mask),
        MAX,
        "09",
    ),
    Mistake(
        "pool_times_values",
        "ingredient",
        "delta is multiplied by the pooled values",
        "The slope of a maximum is 1, not X.",
        same("dX", "core", _times_values),
        MAX,
        "09",
    ),
    Mistake(
        "pool_added_twice",
        "padding",
        "what stands in a window already is added to it once more: where windows overlap it counts twice",
        "dX[window] += share, without dX[window] in the share.",
        same("dX", "core", _doubled),
        (*MEAN, *MAX),
        "09",
    ),
]

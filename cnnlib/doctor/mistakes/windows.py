"""Mistakes in visiting delta: rows or columns that a loop leaves out, axes turned, exchanged or read as others."""

import numpy as np

from ..view import scatter
from .arrays import flipped, keeping, rereadings
from .built.dilated import TURNED
from .built.words import said
from .deltas import ALL, EVERY, MAPS
from .kernels import CONV
from .mistake import Mistake, same


def _columns_beyond_rows(view, d):
    """Both loops run to m_h: the columns j ≥ m_h are never visited.  Of sequences nobody counts the rows."""
    return None if view.X.shape[2] == 1 else keeping(..., slice(0, d.shape[2]))(view, d)


def _rows_beyond_columns(view, d):
    return keeping(..., slice(0, d.shape[3]), slice(None))(view, d)


def _on_diagonal(summed_axis):
    """All of row i (or column j) of delta at the window (i, i) (or (j, j))."""

    def change(view, d):
        sums = d.sum(axis=summed_axis)
        return sums[..., None] * np.eye(sums.shape[-1])

    return change


def _counted_by_channels(view, d):
    """The loop over the output maps ends at the number of channels."""
    return keeping(slice(None), slice(0, view.X.shape[1]))(view, d)


def _counted_by_maps(axis):
    """The loop over the channels ends at the number of output maps."""
    return lambda view, a: keeping(*[slice(None)] * axis, slice(0, view.K.shape[0]))(view, a)


def _dilated_by_rows(view, d, H):
    """Zeros between the columns at the places worked out for the rows; what lies behind them stays together."""
    if not view.case.setting.even or view.s == 1:
        return scatter(view, d, H)
    places = list(range(1, d.shape[2])) * (view.s - 1)
    for axis in (2, 3):
        d = np.insert(d, places, 0, axis=axis)
    return scatter(view, d, H, step=1)


def _that_fit(fewer):
    """Delta at the windows that lie inside the map without its padding; ``fewer`` counts one less each way."""

    def change(view, d):
        sizes = zip(view.X.shape[2:], view.K.shape[2:], view.strides, strict=True)
        rows, cols = (max(0, (n - fewer - k) // s + 1) for n, k, s in sizes)
        return keeping(..., slice(0, rows), slice(0, cols))(view, d)

    return change


def _that_fit_delta(view, d):
    """Delta at the windows that end inside a map of delta's own size."""
    rows, cols = (
        max(0, (m - k) // s + 1) for m, k, s in zip(d.shape[2:], view.K.shape[2:], view.strides, strict=True)
    )
    return keeping(..., slice(0, rows), slice(0, cols))(view, d)


def _only(words, *place):
    """Delta visited at some rows or columns alone; of sequences nobody counts the rows."""
    return said(words, lambda view, d: None if view.X.shape[2] == 1 else keeping(..., *place)(view, d))


MISTAKES = [
    Mistake(
        "last_row_lost",
        "padding",
        "the last row of delta is never visited: a loop ends one too early",
        "The loops run over every row and column of delta: range(m_h), range(m_w).",
        same(ALL, "pre", keeping(..., slice(0, -1), slice(None))),
        MAPS,
        "07",
    ),
    Mistake(
        "last_column_lost",
        "padding",
        "the last column of delta is never visited: a loop ends one too early",
        "The loops run over every row and column of delta: range(m_h), range(m_w).",
        same(ALL, "pre", keeping(..., slice(0, -1))),
        MAPS,
        "07",
    ),
    Mistake(
        "last_row_and_column_lost",
        "padding",
        "the last row and the last column of delta are never visited",
        "The loops run over every row and column of delta: range(m_h), range(m_w).",
        same(ALL, "pre", keeping(..., slice(0, -1), slice(0, -1))),
        MAPS,
        "07",
    ),
    Mistake(
        "first_row_and_column_lost",
        "padding",
        "the first row and the first column of delta are never visited",
        "The loops start at 0.",
        same(ALL, "pre", keeping(..., slice(1, None), slice(1, None))),
        MAPS,
        "07",
    ),
    Mistake(
        "windows_without_padding",
        "padding",
        "the loops over delta visit as many windows as fit into the map without its padding",
        "The loops run over every row and column of delta: range(m_h), range(m_w).",
        same(
            ALL,
            "pre",
            said("i + h ≤ n", _that_fit(0)),
            said("i + h < n", _that_fit(1)),
            said("s·i + h ≤ m", _that_fit_delta),
        ),
        CONV,
        "07",
    ),
    Mistake(
        "one_row_only",
        "padding",
        "a loop over delta ends after one turn: a break or a return stands in it, or a counter is the other loop's",
        "The loops run over every row and column of delta: range(m_h), range(m_w).",
        same(
            ALL,
            "pre",
            _only("only the first row is visited", slice(0, 1), slice(None)),
            _only("only the last row is visited", slice(-1, None), slice(None)),
            _only("only the first column is visited", slice(0, 1)),
            _only("only the last column is visited", slice(-1, None)),
            _only("only the first window is visited", slice(0, 1), slice(0, 1)),
        ),
        MAPS,
        "07",
    ),
    Mistake(
        "rows_for_columns",
        "stride",
        "the number of rows is used for the columns too: columns beyond it are never visited",
        "Two sizes, two names: m_h for the rows, m_w for the columns.",
        same(ALL, "pre", _columns_beyond_rows),
        MAPS,
        "07",
    ),
    Mistake(
        "columns_for_rows",
        "stride",
        "the number of columns is used for the rows too: rows beyond it are never visited",
        "Two sizes, two names: m_h for the rows, m_w for the columns.",
        same(ALL, "pre", _rows_beyond_columns),
        MAPS,
        "07",
    ),
    Mistake(
        "delta_turned",
        "orientation",
        "delta is turned by 180° on the way in",
        "Delta stays as it is; under ⋆ only the kernel appears turned, in the gather form of dX.",
        same(ALL, "pre", flipped(2, 3)),
        MAPS,
        "03",
        rare=TURNED,
    ),
    Mistake(
        "delta_one_axis",
        "orientation",
        "delta is reversed along one of its two map axes",
        "Leave delta as it is.",
        same("dX dK", "pre", flipped(2), flipped(3)),
        MAPS,
        "03",
    ),
    Mistake(
        "delta_transposed",
        "orientation",
        "rows and columns of delta are exchanged",
        "Index delta by [row, column], in the order of the forward pass.",
        same(
            "dX dK",
            "pre",
            lambda view, d: d.swapaxes(2, 3).reshape(d.shape),
            lambda view, d: d.reshape(*d.shape[:2], d.shape[3], d.shape[2]).swapaxes(2, 3),
        ),
        MAPS,
        "03",
    ),
    Mistake(
        "delta_reshaped",
        "channels",
        "delta is reshaped where its axes have to be moved: its numbers reach wrong maps or places",
        "Move the axes first (transpose), then reshape.",
        same(ALL, "pre", *rereadings("NOHW", lambda view: view.plan.Z)),
        EVERY,
        "08",
    ),
    Mistake(
        "row_index_for_column",
        "stride",
        "the row's index stands for the column's as well (or the other way round): windows are taken at (i, i)",
        "Row s·i and column s·j: two indices.",
        same("dX dK", "pre", _on_diagonal(3), _on_diagonal(2)),
        MAPS,
        "07",
    ),
    Mistake(
        "dilated_by_rows",
        "stride",
        "zeros are put between the columns of delta at the places of the rows: columns beyond them stay close",
        "Two axes, two lists of places; or Dd = zeros, Dd[..., ::s, ::s] = delta.",
        same("dX", "core", _dilated_by_rows),
        CONV,
        "07",
    ),
    Mistake(
        "maps_counted_by_channels",
        "channels",
        "the loop over the output maps ends at the number of channels: maps beyond it get nothing",
        "range(K.shape[0]) for the maps of OIHW, range(K.shape[1]) for the channels.",
        same(ALL, "pre", _counted_by_channels),
        CONV,
        "08",
    ),
    Mistake(
        "channels_counted_by_maps",
        "channels",
        "the loop over the channels ends at the number of output maps: channels beyond it get nothing",
        "range(K.shape[1]) for the channels of OIHW, range(K.shape[0]) for the maps.",
        same("dX", "post", _counted_by_maps(1)) | same("dK", "kernel", _counted_by_maps(1)),
        CONV,
        "08",
    ),
]

"""dX as a turned kernel slid over delta: every border that people give delta, and what they do with the result.

With a border of w cells the sliding product begins h − 1 − w rows into the padded gradient; right is w = h − 1 − p.
Its height is D + 2w − h + 1, with D = (m − 1)·s + 1 rows of dilated delta, m of delta as it came, m·s where zeros
stand behind the last row, too, or one row for each place that a window could begin at.  The product is kept as it
comes, cut by p, written into zeros of X's size, or taken with the layer's stride.
"""

import itertools
import re

import numpy as np

from ...anatomy import padded
from ...view import scatter
from ..kernels import CONV
from ..mistake import Mistake
from .words import said

RIGHT = "a border of h − 1 − p"
WIDTHS = {
    "no border": lambda p, h, D, n: 0,
    "a border of p": lambda p, h, D, n: p,
    "a border of h − 1": lambda p, h, D, n: h - 1,
    RIGHT: lambda p, h, D, n: h - 1 - p,
    "a border of ⌊h/2⌋": lambda p, h, D, n: h // 2,
    "a border of ⌊(h − 1)/2⌋": lambda p, h, D, n: (h - 1) // 2,
    "a border of 1": lambda p, h, D, n: 1,
    "a border of 2": lambda p, h, D, n: 2,
    "a border of h": lambda p, h, D, n: h,
    "a border of h − p": lambda p, h, D, n: h - p,
    "a border of 2p": lambda p, h, D, n: 2 * p,
    "a border of p + 1": lambda p, h, D, n: p + 1,
    "half of what the size of X needs": lambda p, h, D, n: (n - D + h - 1) // 2,
    "half of what the size of X needs, rounded up": lambda p, h, D, n: (n - D + h) // 2,
    "half of what is missing to the size of X": lambda p, h, D, n: (n - D) // 2,
}
HEIGHTS = {
    "": lambda m, s, whole: (m - 1) * s + 1,
    " around delta without zeros between its rows": lambda m, s, whole: m,
    " around delta with s − 1 zeros behind each row": lambda m, s, whole: m * s,
    " around delta with zeros for the remainder": lambda m, s, whole: whole,
}
FILLED, CENTRED = "the product is written into zeros of X's size", "zeros are put around the product"
RESULTS = {
    "the product is the result": lambda a, view: a,
    "p rows are cut off the product": lambda a, view: _cut(a, view),
    "rows p to n − p of the product are kept": lambda a, view: _kept(a, view),
    FILLED: lambda a, view: _filled(a, view),
    "the product is taken with the stride": lambda a, view: _strided(a, view),
    "rows p to n − p of the product with the stride are kept": lambda a, view: _kept(_strided(a, view), view),
    "the product is taken with the stride and written into zeros of X's size": lambda a, view: _filled(
        _strided(a, view), view
    ),
}


def _cut(a, view):
    (top, _), (left, _) = view.anatomy.pads
    return a[:, :, top : a.shape[2] - top, left : a.shape[3] - left]


def _strided(a, view):
    return a[:, :, :: view.strides[0], :: view.strides[1]]


def _kept(a, view):
    (top, _), (left, _) = view.anatomy.pads
    return a[:, :, top : view.X.shape[2] - top, left : view.X.shape[3] - left]


def _centred(a, view):
    """The product with zeros on either side of what it lacks to X's size, the larger half at the end."""
    lacking = [n - m for n, m in zip(view.X.shape[2:], a.shape[2:], strict=True)]
    return padded(a, tuple((n // 2, n - n // 2) for n in lacking)) if min(lacking) >= 0 else None


def _filled(a, view):
    dX = np.zeros(view.X.shape)
    part = a[:, :, : dX.shape[2], : dX.shape[3]]
    dX[:, :, : part.shape[2], : part.shape[3]] = part
    return dX


AXES = {
    (0, 1): "",
    (1, 0): ", that of the columns for the rows and the other way round",
    (0, 0): ", that of the rows for the columns too",
    (1, 1): ", that of the columns for the rows too",
}


def _slid(width, height, result, axes=(0, 1)):
    """The product of one choice; ``axes`` says from which of the two the borders of rows and columns are taken."""

    def change(view, P):
        pads, sizes, sides = (view.top, view.left), view.K.shape[2:], []
        for axis, (m, s, n) in enumerate(zip(view.given.shape[2:], view.strides, view.X.shape[2:], strict=True)):
            p, h, other = pads[axis], sizes[axis], axes[axis]
            D = HEIGHTS[height](m, s, n + 2 * p - h + 1)
            w = WIDTHS[width](pads[other], sizes[other], D, n)
            if w < 0:
                return None
            sides.append((h - 1 - w, max(0, D + 2 * w - h + 1)))
        return (RESULTS | {CENTRED: _centred})[result](_window(P, sides), view)

    return ("crop", said(f"{width}{height}{AXES[axes]}; {result}", change))


DILATED = [height for height in HEIGHTS if "without zeros between" not in height]
TWICE = [
    _slid(width, height, result)
    for width, height, result in itertools.product(WIDTHS, DILATED, RESULTS)
    if "with the stride" in result
]
"""Delta is dilated, and slid over with the stride again."""
CROSSED = [
    _slid(width, "", result, axes)
    for width, result, axes in itertools.product([one for one in WIDTHS if re.search(r"\bh\b", one)], RESULTS, AXES)
    if "with the stride" not in result and axes != (0, 1)
]
ONCE = [
    _slid(width, height, result)
    for width, height, result in itertools.product(WIDTHS, HEIGHTS, RESULTS)
    if (height not in DILATED or "with the stride" not in result) and (width, height, result) != (RIGHT, "", FILLED)
]


def _window(P, sides):
    """The rows and columns of P that begin at a place and have a size; zeros where there are none."""
    (top, rows), (left, cols) = sides
    ends = zip(sides, P.shape[2:], strict=True)
    wide = padded(P, tuple((max(0, -first), max(0, first + size - n)) for (first, size), n in ends))
    top, left = max(top, 0), max(left, 0)
    return wide[:, :, top : top + rows, left : left + cols]


def _one_zero(runs_on):
    """dX of delta with one zero between its rows for every stride; what lacks is zero, or read further on."""

    def change(view, d, H):
        steps, border = [min(s, 2) for s in view.strides], [h - 1 for h in H.shape[2:]]
        if not runs_on or max(view.strides) < 3:
            return scatter(view, d, H, step=steps)
        border = [n - p for n, p in zip(border, (view.top, view.left), strict=True)]
        return None if min(border) < 0 else _read_on(view, _dilated(d, steps, border), H)

    return change


def _dilated(d, steps, border):
    """delta with a border, step − 1 zeros between its rows and columns."""
    (a, b), (m_h, m_w) = steps, d.shape[2:]
    wide = np.zeros((*d.shape[:2], (m_h - 1) * a + 1 + 2 * border[0], (m_w - 1) * b + 1 + 2 * border[1]))
    wide[:, :, border[0] : border[0] + (m_h - 1) * a + 1 : a, border[1] : border[1] + (m_w - 1) * b + 1 : b] = d
    return wide


def _read_on(view, wide, H):
    """The turned kernel slid over an array; past the end of a row it reads what follows in memory (as_strided)."""
    (N, O, _, cols), (rows_X, cols_X) = wide.shape, view.X.shape[2:]
    k_h, k_w = H.shape[2:]
    flat = np.concatenate([wide.ravel(), np.zeros((rows_X + k_h) * cols + cols_X + k_w)])
    first = np.arange(N * O).reshape(N, O, 1, 1) * wide[0, 0].size
    place = first + np.arange(rows_X)[:, None] * cols + np.arange(cols_X)
    P = np.zeros(view.Xp.shape)
    inside = P[:, :, view.top : view.top + rows_X, view.left : view.left + cols_X]
    for u, v in np.ndindex(k_h, k_w):
        inside += np.einsum("nopq,oc->ncpq", flat[place + u * cols + v], H[:, :, k_h - 1 - u, k_w - 1 - v])
    return P


BORDERS_READ_ON = {
    "p": lambda p, h: p,
    "p, or h − 1 without padding": lambda p, h: p or h - 1,
    "⌊h/2⌋": lambda p, h: h // 2,
}
ENOUGH = "h − 1 − p"  # but where the stride leaves rows over
LEAST_KNOWN = 0.3  # of the cells of dX have to be read from delta alone


def _in_memory(border):
    """dX by as_strided over dilated delta with this border: past a row's end the next, past all of it anything."""

    def change(view, d, H):
        got = view.run.gradients.get("dX")
        width = BORDERS_READ_ON.get(border, lambda p, h: max(h - 1 - p, 0))
        widths = [width(p, h) for p, h in zip((view.top, view.left), H.shape[2:], strict=True)]
        wide, (rows, cols), (k_h, k_w) = _dilated(d, view.strides, widths), view.X.shape[2:], H.shape[2:]
        last = (rows + k_h - 2) * wide.shape[3] + cols + k_w - 2
        if got is None or got.shape != view.X.shape or wide.shape[3] == 0:
            return None
        P = _read_on(view, wide, H)
        reach = np.arange(rows)[:, None] * wide.shape[3] + np.arange(cols) + (k_h - 1) * wide.shape[3] + k_w - 1
        beyond = reach >= wide[0, 0].size  # of the last map of the last image
        if last >= wide[0, 0].size and np.mean(beyond) > 1 - LEAST_KNOWN and len(d) == 1:
            return None
        inside = P[-1:, :, view.top : view.top + rows, view.left : view.left + cols]
        inside[...] = np.where(beyond, got[-1:], inside)
        return P

    return ("core", said(f"a border of {border}, and past its end what follows in memory is read", change))


IN_MEMORY = [_in_memory(border) for border in BORDERS_READ_ON]
LACKING = [*(_slid(RIGHT, "", result) for result in (FILLED, CENTRED)), _in_memory(ENOUGH)]
MISTAKES = [
    Mistake(
        "one_zero_between",
        "stride",
        "there is one zero between the rows of delta whatever the stride: right for s = 2, wrong from s = 3 on",
        "s − 1 zeros between the rows and columns of delta.",
        {
            "dX": [
                ("core", _one_zero(False)),
                ("core", said("beyond its end the next row is read", _one_zero(True))),
            ]
        },
        CONV,
        "07",
    ),
    Mistake(
        "delta_without_remainder",
        "stride",
        "the rows that the stride leaves over are not appended to delta: its product with the turned kernel lacks "
        "as many",
        "Append (n + 2p − h) mod s rows of zeros to the dilated delta, then pad it by h − 1 − p.",
        {},
        CONV,
        "07",
        rare={"dX": LACKING},
    ),
    Mistake(
        "border_of_delta",
        "padding",
        "delta gets another border than h − 1 − p before the turned kernel slides over it",
        "Dilate delta by s, pad it by h − 1 − p, and slide the turned kernel over it with stride 1.",
        {},
        CONV,
        "07",
        rare={"dX": ONCE + CROSSED + IN_MEMORY},
    ),
]

"""dX as a turned kernel slid over delta: every border that people give delta, and what they do with the result.

With a border of w cells the sliding product begins h − 1 − w rows into the padded gradient; right is w = h − 1 − p.
Its height is D + 2w − h + 1, with D = (m − 1)·s + 1 rows of dilated delta, m of delta as it came, m·s where zeros
stand behind the last row, too, or one row for each place that a window could begin at.  The product is kept as it
comes, cut by p, written into zeros of X's size, or taken with the layer's stride.
"""

import itertools

import numpy as np

from ...anatomy import padded
from ..kernels import CONV
from ..mistake import Mistake
from .words import said

WIDTHS = {
    "no border": lambda p, h, D, n: 0,
    "a border of p": lambda p, h, D, n: p,
    "a border of h − 1": lambda p, h, D, n: h - 1,
    "a border of h − 1 − p": lambda p, h, D, n: h - 1 - p,
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
RESULTS = {
    "the product is the result": lambda a, view: a,
    "p rows are cut off the product": lambda a, view: _cut(a, view),
    "rows p to n − p of the product are kept": lambda a, view: _kept(a, view),
    "rows p to n − p of the product with the stride are kept": lambda a, view: _kept(_strided(a, view), view),
    "the product is written into zeros of X's size": lambda a, view: _filled(a, view),
    "the product is taken with the stride": lambda a, view: _strided(a, view),
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


def _filled(a, view):
    dX = np.zeros(view.X.shape)
    part = a[:, :, : dX.shape[2], : dX.shape[3]]
    dX[:, :, : part.shape[2], : part.shape[3]] = part
    return dX


def _slid(width, height, result):
    def change(view, P):
        sides = []
        for p, h, m, s, n in zip(
            (view.top, view.left),
            view.K.shape[2:],
            view.given.shape[2:],
            view.strides,
            view.X.shape[2:],
            strict=True,
        ):
            D = HEIGHTS[height](m, s, n + 2 * p - h + 1)
            w = WIDTHS[width](p, h, D, n)
            if w < 0:
                return None
            sides.append((h - 1 - w, max(0, D + 2 * w - h + 1)))
        return RESULTS[result](_window(P, sides), view)

    return ("crop", said(f"{width}{height}; {result}", change))


def _window(P, sides):
    """The rows and columns of P that begin at a place and have a size; zeros where there are none."""
    (top, rows), (left, cols) = sides
    ends = zip(sides, P.shape[2:], strict=True)
    wide = padded(P, tuple((max(0, -first), max(0, first + size - n)) for (first, size), n in ends))
    top, left = max(top, 0), max(left, 0)
    return wide[:, :, top : top + rows, left : left + cols]


MISTAKES = [
    Mistake(
        "border_of_delta",
        "padding",
        "delta gets another border than h − 1 − p before the turned kernel slides over it",
        "Dilate delta by s, pad it by h − 1 − p, and slide the turned kernel over it with stride 1.",
        {},
        CONV,
        "07",
        rare={"dX": list(itertools.starmap(_slid, itertools.product(WIDTHS, HEIGHTS, RESULTS)))},
    )
]

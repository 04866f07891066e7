"""Everything at wrong places: windows of X, shares of dX, moved by a fixed number or by one that the sizes give.

A move is a distance (1, 2, h − 1, p, …), a direction (down, up, to either side, or both), and what comes in: zeros,
or the other end of the map, as products of spectra (FFT) bring it.
"""

import functools
import itertools

import numpy as np

from ...view import cropped
from ..kernels import CONV
from ..mistake import Mistake
from .words import said

FIXED = {(a, b): f"{a:+d} rows, {b:+d} columns" for a in (-2, -1, 0, 1, 2) for b in (-2, -1, 0, 1, 2) if a or b}
DISTANCES = {
    "h − 1": lambda k, p, s: k - 1,
    "h": lambda k, p, s: k,
    "⌊h/2⌋": lambda k, p, s: k // 2,
    "⌊(h − 1)/2⌋": lambda k, p, s: (k - 1) // 2,
    "p": lambda k, p, s: p,
    "p + 1": lambda k, p, s: p + 1,
    "h − 1 − p": lambda k, p, s: k - 1 - p,
    "s − 1": lambda k, p, s: s - 1,
    "⌊s/2⌋": lambda k, p, s: s // 2,
    "s": lambda k, p, s: s,
    "1": lambda k, p, s: 1,
}
SIGNS = {
    (1, 1): "down and to the right",
    (-1, -1): "up and to the left",
    (1, 0): "down",
    (-1, 0): "up",
    (0, 1): "to the right",
    (0, -1): "to the left",
}


def _filled(a, rows, cols):
    """The maps moved down and to the right by so many cells; zeros come in."""
    wide = np.pad(a, ((0, 0), (0, 0), (abs(rows), abs(rows)), (abs(cols), abs(cols))))
    top, left = abs(rows) - rows, abs(cols) - cols
    return wide[:, :, top : top + a.shape[2], left : left + a.shape[3]]


def _rolled(a, rows, cols):
    return np.roll(a, (rows, cols), axis=(2, 3))


def _by_fixed(view, way):
    """How far in this view; of sequences nobody counts the rows."""
    return 0 if view.case.setting.flat else way[0], way[1]


def _by(view, name, way):
    """The same by sizes."""
    sides = zip(view.K.shape[2:], (view.top, view.left), view.strides, way, strict=True)
    rows, cols = (direction * DISTANCES[name](*side) for *side, direction in sides)
    return 0 if view.case.setting.flat else rows, cols


def _of_X(move, by):
    return lambda view, X: move(X, *by(view))


def _of_dX(move, by):
    """The shares moved before the padding is cut off; where the map begins anew at its end, dX itself."""
    if move is _rolled:
        return lambda view, P: _rolled(cropped(view, P), *by(view))
    return lambda view, P: cropped(view, _filled(P, *by(view)))


def _all(make, sign):
    """Every move of an array; ``sign`` −1 for windows, which move against the array that they read."""
    for (rows, cols), words in FIXED.items():
        yield said(words, make(_filled, functools.partial(_by_fixed, way=(sign * rows, sign * cols))))
    for name, way, move in itertools.product(DISTANCES, SIGNS, (_filled, _rolled)):
        by = functools.partial(_by, name=name, way=tuple(sign * direction for direction in way))
        rolled = ", and what leaves the map comes in at its other end" if move is _rolled else ""
        yield said(f"by {name} cells {SIGNS[way]}{rolled}", make(move, by))


MISTAKES = [
    Mistake(
        "windows_moved",
        "padding",
        "the windows of X lie at wrong places",
        "Window [i, j] begins at row s·i, column s·j of padded X; after a product of spectra the part that begins "
        "at row h − 1 is the one without wrapping round.",
        {},
        CONV,
        "07",
        rare={part: [("maps", change) for change in _all(_of_X, -1)] for part in ("dK", "forward")},
    ),
    Mistake(
        "shares_moved",
        "padding",
        "the shares of dX are added at wrong places",
        "delta[i, j] times K goes to the window that begins at row s·i, column s·j of the padded map; before a "
        "product of spectra delta has to stand at the place that the forward pass cut it from.",
        {},
        CONV,
        "07",
        rare={"dX": [("crop", change) for change in _all(_of_dX, 1)]},
    ),
]

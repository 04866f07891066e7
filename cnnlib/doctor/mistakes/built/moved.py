"""Everything at wrong places: windows of X, shares of dX, moved by a fixed number or by one that the sizes give.

A border may be cut off that is not the forward pass's.  A move is a distance (1, 2, h − 1, p, …), a direction (down
or up, to either side, both), and what comes in: zeros, or the other end of the map, as products of spectra have it.
"""

import functools
import itertools

import numpy as np

from ...view import cropped
from ..kernels import CONV
from ..mistake import Mistake, same
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


def _borders(view):
    """The whole padding of rows and columns that gives this output: (m − 1)·s + h − n."""
    sizes = zip(view.X.shape[2:], view.K.shape[2:], view.given.shape[2:], strict=True)
    return [max(0, (m - 1) * view.s + k - n) for n, k, m in sizes]


def _by_other_border(border):
    """Cut as if border(whole padding, h) rows stood at the top; nothing changes without padding."""

    def change(view, P):
        if view.top == 0 and view.left == 0:
            return cropped(view, P)
        (H, W), (top, left) = view.X.shape[2:], map(border, _borders(view), view.K.shape[2:])
        wide = np.pad(P, ((0, 0), (0, 0), (0, H + top), (0, W + left)))
        return wide[:, :, top : top + H, left : left + W]

    return _with_words_of(border, change)


def _padded_by_other_border(border):
    """X with that border for dK."""

    def change(view, X):
        if view.top == 0 and view.left == 0:
            return X
        top, left = map(border, _borders(view), view.K.shape[2:])
        return np.pad(view.X, ((0, 0), (0, 0), (top, top), (left, left)))

    return _with_words_of(border, change)


def _with_words_of(border, change):
    words = getattr(border, "words", None)
    return said(words, change) if words else change


BORDERS = (
    lambda whole, h: whole // 2 + 1,
    lambda whole, h: whole // 2,
    lambda whole, h: -(-whole // 2),
    said("(h − 1)/2 whatever the stride", lambda whole, h: (h - 1) // 2),
    said("⌊h/2⌋ whatever the stride", lambda whole, h: h // 2),
)


def _anywhere(view, P):
    """The part of the padded gradient that the layer gave, wherever it was cut; the right part where it is none."""
    got = view.run.gradients.get("dX")
    if got is None or got.shape[:2] != P.shape[:2] or not got.size:
        return cropped(view, P)
    (h, w), scale = got.shape[2:], max(float(np.max(np.abs(P))), 1e-3)
    for top, left in np.ndindex(max(0, P.shape[2] - h + 1), max(0, P.shape[3] - w + 1)):
        part = P[:, :, top : top + h, left : left + w]
        if np.max(np.abs(part - got)) <= 1e-6 * scale:
            return part
    return cropped(view, P)


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
    Mistake(
        "border_not_that_of_forward",
        "padding",
        "the backward pass works out another border than the forward pass: "
        "⌊whole/2⌋, ⌈whole/2⌉ and ⌊whole/2⌋ + 1 differ",
        "Work the padding out once, and hand it on to the backward pass.",
        same("dX", "crop", *map(_by_other_border, BORDERS))
        | same("dK", "maps", *map(_padded_by_other_border, BORDERS)),
        CONV,
        "07",
    ),
    Mistake(
        "cut_elsewhere",
        "padding",
        "the padded gradient is right, and cut at wrong rows and columns",
        "Keep rows p … p + H of the padded gradient.",
        same("dX", "crop", _anywhere),
        CONV,
        "07",
    ),
]

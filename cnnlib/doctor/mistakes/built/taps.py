"""The rows and columns of taps and windows, worked out from one number, as index arrays of im2col do.

Tap number t of a kernel stands at row t // k_w, column t mod k_w; with another size in either place, or with
np.tile for np.repeat, other cells of a window are read.
"""

import itertools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..kernels import CONV
from ..mistake import Mistake
from .words import said

RULES = {
    "t // {w}": lambda t, h, w: t // w,
    "t // {h}": lambda t, h, w: t // h,
    "t mod {w}": lambda t, h, w: t % w,
    "t mod {h}": lambda t, h, w: t % h,
}
RIGHT = ("t // {w}", "t mod {w}")


def _places(rules, h, w):
    t = np.arange(h * w)
    return [RULES[rule](t, h, w) for rule in rules]


def _taps(rules):
    """Z from windows whose tap t lies at other rows and columns; None where one would leave the map."""

    def change(view, X, H):
        (m_h, m_w), (s_h, s_w), (rows, cols) = view.Z.shape[2:], view.strides, _places(rules, *H.shape[2:])
        ends, sizes = (s_h * (m_h - 1) + 1, s_w * (m_w - 1) + 1), (rows.max() + 1, cols.max() + 1)
        if any(end + size - 1 > n for end, size, n in zip(ends, sizes, X.shape[2:], strict=True)):
            return None
        W = sliding_window_view(X, sizes, axis=(2, 3))[:, :, : ends[0] : s_h, : ends[1] : s_w, rows, cols]
        return np.tensordot(W, H.reshape(*H.shape[:2], -1), axes=((1, 4), (1, 2))).transpose(0, 3, 1, 2)

    words = " and ".join(rule.format(h="k_h", w="k_w") for rule in rules)
    return ("core", said(f"tap t lies at {words}", change))


def _windows(rules):
    def change(view, Z):
        rows, cols = _places(rules, *Z.shape[2:])
        return Z[:, :, rows, cols].reshape(Z.shape)

    words = " and ".join(rule.format(h="m_h", w="m_w") for rule in rules)
    return ("post", said(f"window t lies at {words}", change))


OTHERS = [rules for rules in itertools.product(RULES, repeat=2) if rules != RIGHT]
MISTAKES = [
    Mistake(
        "taps_numbered_wrongly",
        "padding",
        "rows and columns are worked out from a number by another rule than t // k_w and t mod k_w",
        "np.repeat(np.arange(k_h), k_w) for the rows of the taps, np.tile(np.arange(k_w), k_h) for their columns; "
        "likewise for the windows with m_h and m_w.",
        {"forward": [make(rules) for make in (_taps, _windows) for rules in OTHERS]},
        CONV,
        "07",
    ),
]

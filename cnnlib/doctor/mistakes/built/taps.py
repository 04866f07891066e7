"""The rows and columns of taps and windows, worked out from one number, as index arrays of im2col do.

Tap number t of a kernel stands at row t // k_w, column t mod k_w; with another size in either place, or with
np.tile for np.repeat, other cells of a window are read.
"""

import itertools

import numpy as np

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
        (k_h, k_w), (m_h, m_w), (s_h, s_w) = H.shape[2:], view.Z.shape[2:], view.strides
        total = np.zeros(view.Z.shape)
        for t, (u, v) in enumerate(zip(*_places(rules, k_h, k_w), strict=True)):
            part = X[:, :, u : u + s_h * (m_h - 1) + 1 : s_h, v : v + s_w * (m_w - 1) + 1 : s_w]
            if part.shape[2:] != (m_h, m_w):
                return None
            total += np.einsum("ncij,oc->noij", part, H[:, :, t // k_w, t % k_w])
        return total

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

"""Delta with zeros between its cells, put together wrongly: begun at another row, too small, or turned with them.

Right is delta[i, j] at row s·i, column s·j of (m − 1)·s + 1 rows, or of more where zeros stand behind.
"""

import itertools

import numpy as np

from ...view import gathered, scatter
from ..kernels import CONV
from ..mistake import Mistake
from .words import said

HEIGHTS = {
    "(m − 1)·s + 1 rows": lambda m, s, whole: (m - 1) * s + 1,
    "m·s rows": lambda m, s, whole: m * s,
    "as many rows as windows of stride 1": lambda m, s, whole: whole,
}
STARTS = {
    "row s·i": lambda s: 0,
    "row s·i + s − 1": lambda s: s - 1,
    "row s·i + ⌊s/2⌋": lambda s: s // 2,
    "row s·i + 1": lambda s: 1 if s > 1 else 0,
}


def _dilated(view, d, height, start, turned):
    """Delta so dilated; what does not fit in is lost."""
    sizes = zip(d.shape[2:], view.strides, view.Xp.shape[2:], view.K.shape[2:], strict=True)
    shape = [HEIGHTS[height](m, s, n - k + 1) for m, s, n, k in sizes]
    (a, b), (s_h, s_w) = (STARTS[start](s) for s in view.strides), view.strides
    wide = np.zeros((*d.shape[:2], *shape))
    there = wide[:, :, a::s_h, b::s_w]
    rows, cols = (min(n, m) for n, m in zip(there.shape[2:], d.shape[2:], strict=True))
    there[:, :, :rows, :cols] = d[:, :, :rows, :cols]
    return wide[:, :, ::-1, ::-1] if turned else wide


def _change(core, height, start, turned):
    words = f"delta[i, j] in {start} of {height}" + (", then all of it turned" if turned else "")

    def change(view, d, other=None):
        """None for pooling, which has delta alone."""
        return None if other is None else core(view, _dilated(view, d, height, start, turned), other, step=1)

    return said(words, change)


def _all(core):
    return [
        ("core", _change(core, height, start, turned))
        for turned, start, height in itertools.product((False, True), STARTS, HEIGHTS)
        if start != "row s·i"
    ]


TURNED = {
    part: [("core", _change(core, height, "row s·i", True)) for height in HEIGHTS]
    for part, core in (("dX", scatter), ("dK", gathered))
}
"""Delta begun at the right row, and turned together with its zeros."""


MISTAKES = [
    Mistake(
        "dilated_wrongly",
        "stride",
        "zeros are put between the cells of delta at wrong places",
        "Dd = np.zeros(…); Dd[..., ::s, ::s] = delta, which begins at row 0.",
        {},
        CONV,
        "07",
        rare={"dX": _all(scatter), "dK": _all(gathered)},
    ),
]

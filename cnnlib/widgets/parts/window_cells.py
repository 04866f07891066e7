"""The colour of each cell of a small map and of the text on it, and the cells that a window covers.

Plain functions, no widget.  Colours come from :mod:`cnnlib.plots.image_grid`, so a grid, a still figure and the
training panel show one value in one colour.  Text is black or white, whichever is easier to read on the
fill: the contrast is at least 4.5 : 1 on every colour of every palette.
"""

import numpy as np
from numpy.typing import ArrayLike

from cnnlib.plots.colours import ink_on
from cnnlib.plots.image_grid import PALETTES, shade
from cnnlib.validation import as_pair


def fills(values: ArrayLike, colours: str | None, limit: float) -> tuple[list, list]:
    """(fills, inks): a colour "#rrggbb" for each cell and for the text on it; "" where there is no number.

    colours: "signed" (−limit to limit, white is 0), "unit" or "ink" (0 to limit); None for no colour at all.
    """
    A = np.asarray(values)
    if colours is None or A.dtype.kind not in "buif":
        blank = [[""] * A.shape[1] for _ in range(A.shape[0])]
        return blank, blank
    shown = np.isfinite(A)
    where = np.where(shown, shade(np.where(shown, A, 0), colours, limit), 0)
    fill, ink = _SHADES[colours]
    return [[fill[k] for k in row] for row in where.tolist()], [[ink[k] for k in row] for row in where.tolist()]


def window(top_left, size, dilation=1) -> list[tuple[int, int]]:
    """The cells (row, column) that a window covers: ``size`` (k_h, k_w) of them, ``dilation`` apart.

    For output cell (i, j) of a map with stride s the window starts at (s·i, s·j) of the padded map.
    """
    top, left = as_pair(top_left, "window: top left")
    k_h, k_w = as_pair(size, "window: size", at_least=1)
    d_h, d_w = as_pair(dilation, "window: dilation", at_least=1)
    return [(top + d_h * u, left + d_w * v) for u in range(k_h) for v in range(k_w)]


def _shades(palette):
    """Every fill of a palette, and the text colour on it; the first entry, for cells without a number, is empty."""
    colours = ["#" + bytes(colour).hex() for colour in palette]
    return ["", *colours[1:]], ["", *map(ink_on, colours[1:])]


_SHADES = {name: _shades(palette) for name, palette in PALETTES.items()}

"""What stands in the cells of a small map, and on which colour: arrays to texts, fills and inks, and back.

Plain functions, no widget.  Colours come from :mod:`cnnlib.tiles`, so a grid, a still figure and the
training panel show one value in one colour.  Text is black or white, whichever is easier to read on the
fill: the contrast is at least 4.5 : 1 on every colour of every palette.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .. import ops
from ..tiles import PALETTES, shade

MINUS = "−"  # U+2212: as wide as a digit
BLACK, WHITE = "#000000", "#ffffff"


def texts(values: ArrayLike, decimals: int | None = None) -> list[list[str]]:
    """Each entry as text, rows of strings: numbers with equally many decimals, symbols as they print.

    values (rows, columns); ``decimals`` by default 0, 1 or 2, the fewest that lose nothing, and as many as
    two digits take where every number is below 0.1.  No negative zero; a true minus sign.
    """
    A = np.asarray(values)
    if A.dtype.kind in "buif":
        decimals = _decimals(A) if decimals is None else decimals
        return [[_number(value, decimals) for value in row] for row in A.tolist()]
    return [[str(value).replace("-", MINUS) for value in row] for row in A.tolist()]


def numbers(rows: Sequence[Sequence[str]]) -> np.ndarray:
    """The numbers that texts show, float64 (rows, columns); ValueError for a text that is no number."""
    try:
        return np.array([[float(text.replace(MINUS, "-").replace("∞", "inf")) for text in row] for row in rows])
    except ValueError:
        raise ValueError("the cells hold symbols, not numbers; read their texts") from None


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
    top, left = ops.as_pair(top_left, "window: top left")
    k_h, k_w = ops.as_pair(size, "window: size", at_least=1)
    d_h, d_w = ops.as_pair(dilation, "window: dilation", at_least=1)
    return [(top + d_h * u, left + d_w * v) for u in range(k_h) for v in range(k_w)]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours "#rrggbb", 1 to 21.  Source: WCAG 2.2, relative luminance."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour):
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _decimals(A):
    """How many decimals the whole map is shown with."""
    A = A[np.isfinite(A)].astype(float)
    largest = float(np.abs(A).max(initial=0.0))
    if 0 < largest < 0.1:
        return min(1 - int(np.floor(np.log10(largest))), 9)
    return next((d for d in (0, 1) if np.allclose(A, np.round(A, d), rtol=0, atol=1e-9 * largest)), 2)


def _number(value, decimals):
    if not np.isfinite(value):
        return {"nan": "NaN", "inf": "∞", "-inf": f"{MINUS}∞"}[str(float(value))]
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", MINUS)  # + 0.0 takes the sign off −0


def _shades(palette):
    """Every fill of a palette, and the ink on it; the first, for no number, is no colour."""
    colours = ["#" + bytes(colour).hex() for colour in palette]
    inks = [max(BLACK, WHITE, key=lambda ink: contrast(ink, colour)) for colour in colours]
    return ["", *colours[1:]], ["", *inks[1:]]


_SHADES = {name: _shades(palette) for name, palette in PALETTES.items()}

"""Maps side by side in one image, with boxes around some of their cells; and the bars of the scores.

An image says in ``data-`` attributes where its cells are, so that a click on the picture finds the number under it.
"""

import html
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..plots.colours import LINES
from ..plots.image_grid import picture
from ..plots.number_format import written
from .provenance import Box

GAP = 2  # pixels between two maps


class Arrangement(NamedTuple):
    """How maps lie in an image: so many columns of maps, each cell scale×scale pixels."""

    columns: int
    scale: int
    gap: int = GAP


def map_image(
    maps: np.ndarray,
    how: Arrangement,
    *,
    alt: str,
    place: tuple[int, str] | None = None,
    boxes: list[Box] = (),
    chosen: Box | None = None,
    large: Box | None = None,
    **colours,
) -> str:
    """Maps (C, h, w) as one picture, with ``boxes`` around cells and around the map that is drawn ``large``.

    ``place`` = (stop, lane) lets its cells be chosen; ``colours`` and ``limit`` as in
    :func:`cnnlib.plots.image_grid.picture`.
    """
    image = picture(maps, columns=how.columns, scale=how.scale, gap=how.gap, alt=alt, **colours)
    drawn = [outline(box, maps.shape, how, "cnn-lit") for box in boxes]
    drawn += [outline(chosen, maps.shape, how, "cnn-chosen-cell")] if chosen else []
    drawn += [outline(large, maps.shape, how, "cnn-large")] if large else []
    layer = '<svg class="cnn-boxes" aria-hidden="true" width="100%" height="100%">'
    lines = f"{layer}{''.join(drawn)}</svg>" if drawn else ""
    if place is None:
        return f'<div class="cnn-sheet">{image}{lines}</div>'
    stop, lane = place
    grid = " ".join(map(str, (*maps.shape, *how)))
    words = html.escape(f"{alt}; arrow keys choose a number")
    return (
        f'<div class="cnn-sheet" tabindex="0" role="group" aria-label="{words}" data-stop="{stop}" '
        f'data-lane="{lane}" '
        f'data-grid="{grid}">{image}{lines}</div>'
    )


def outline(box: Box, shape: tuple[int, ...], how: Arrangement, name: str) -> str:
    """A box as SVG, with a light line around it so that it shows on dark cells too."""
    _, h, w = shape
    columns, scale, gap = how
    x = (box.map % columns) * (w * scale + gap) + box.left * scale
    y = (box.map // columns) * (h * scale + gap) + box.top * scale
    place = f'x="{x}" y="{y}" width="{box.width * scale}" height="{box.height * scale}"'
    return f'<rect class="cnn-halo" {place}/><rect class="{name}" {place}/>'


def unit_row(a: np.ndarray, scale: int) -> np.ndarray:
    """A row of units (1, n) as one upright map, eight pixels wide."""
    return a.T.repeat(8 // scale, axis=1)[None]


def bars(values: ArrayLike, label: int, *, centred: bool) -> str:
    """Ten bars, one a class, as SVG; the right class in bold.  Centred: from −1 to 1, else from 0 to 1."""
    rows, width, zero = [], 74, (37 if centred else 0)
    for c, value in enumerate(values):
        length = float(np.clip(np.nan_to_num(value), -1 if centred else 0, 1)) * (width - zero)
        x, y = 18 + zero + min(length, 0), 15 * c + 2
        weight = "bold" if c == label else "normal"
        fill = LINES["delta" if centred else "output"]
        rows.append(
            f'<text x="6" y="{y + 10}" text-anchor="middle" font-weight="{weight}" fill="currentColor">{c}</text>'
            f'<rect x="{x:.1f}" y="{y}" width="{abs(length):.1f}" height="11" fill="{fill}"/>'
        )
    axis = f'<path d="M{18 + zero} 0V150" stroke="currentColor" stroke-width="1"/>'
    text = ", ".join(f"{c}: {written(value, '.2f')}" for c, value in enumerate(values))
    drawing = "".join(rows) + axis
    size = 'viewBox="0 0 94 150" width="94" height="150" font-size="13"'
    return f'<svg role="img" aria-label="{text}" {size}>{drawing}</svg>'

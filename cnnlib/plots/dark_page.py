"""A figure's second picture, for a dark page: what stands on the paper turns light, and the paper is the page's.

A map with colours keeps its cells, where white means 0, and the numbers in them.  Everything else follows the page,
as it does in the explorers: titles, words, axes, arrows, hatched padding, and maps without colours.
:func:`on_dark` changes a figure for the time of a ``with`` block, and puts everything back.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from matplotlib import patheffects
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from .colours import DARK, DARK_PAGE, DARK_PAGES, ON_DARK, PAPER, THIN, WHITE

SEAM = 3  # points, at both sides together: the width of the seam around an outline, as in the explorers
# Two pictures, of which the page's theme shows one; a property also reaches what is in a shadow tree.
SHOWN = "display:var(--cnn-light-figure,inline)", "display:var(--cnn-dark-figure,none)"
BY_THEME = f"{{}}{{}}<style>{DARK_PAGES} {{{{ --cnn-light-figure: none; --cnn-dark-figure: inline }}}}</style>"
SECOND = re.compile(r"<img [^>]*--cnn-dark-figure[^>]*>")
PARTS = {Line2D: ("color", "markerfacecolor", "markeredgecolor"), Collection: ("edgecolor",)}


@contextmanager
def on_dark(fig: Figure) -> Iterator[None]:
    """Give every artist of the figure its colours on a dark page."""
    fig.draw_without_rendering()  # only then do texts have their places
    coloured = [ax for ax in fig.axes if any(_has_colours(image) for image in ax.images)]
    areas = [patch for patch in fig.findobj(Patch) if _is_area(patch, fig)]
    papers = [area for area in areas if to_hex(area.get_facecolor()) == PAPER]
    fills = [area for area in areas if to_hex(area.get_facecolor()) not in ON_DARK]
    undo = []

    def change(artist, name, value):
        undo.append((getattr(artist, f"set_{name}"), getattr(artist, f"get_{name}")()))
        getattr(artist, f"set_{name}")(value)

    try:
        cells = [image for ax in coloured for image in ax.images]
        for text in fig.findobj(Text):
            if _under(text, papers) or not _under(text, [*fills, *cells]):
                change(text, "color", _light(text.get_color()))
        for kind, parts in PARTS.items():
            for artist in fig.findobj(kind):
                for part in parts if artist.axes not in coloured else ():
                    change(artist, part, _light(getattr(artist, f"get_{part}")()))
        for lines in (lines for ax in coloured for lines in ax.collections):
            change(lines, "edgecolor", THIN)  # seen between white cells and between dark ones
        for patch in areas:
            if patch in papers or patch.axes not in coloured:  # the mark on K[0,0] lies on a coloured cell
                change(patch, "facecolor", _light(patch.get_facecolor()))
            if patch in papers:
                change(patch, "edgecolor", _light(patch.get_edgecolor()))  # and the hatch's before Matplotlib 3.11
                if hasattr(patch, "set_hatchcolor"):
                    change(patch, "hatchcolor", _light(patch.get_hatchcolor()))
        for patch in set(fig.findobj(Patch)) - set(areas):
            _redraw_outline(patch, coloured, change)
        for image in (image for ax in fig.axes if ax not in coloured for image in ax.images):
            change(image, "visible", False)
        yield
    finally:
        for put_back, value in reversed(undo):
            put_back(value)


def light_alone(page: str) -> str:
    """HTML without the second pictures, for a page that is always light, such as a slide."""
    return SECOND.sub("", page)


def _redraw_outline(patch, coloured, change):
    """An outline stays dark on coloured cells and turns light elsewhere, between two seams."""
    outlines_cells = patch.axes and patch.axes.images and to_hex(patch.get_edgecolor()) == DARK
    if outlines_cells:
        seam = WHITE if patch.axes in coloured else DARK_PAGE
        seam = patheffects.withStroke(linewidth=patch.get_linewidth() + SEAM, foreground=seam)
        change(patch, "path_effects", [seam])
    if patch.axes not in coloured:
        change(patch, "edgecolor", _light(patch.get_edgecolor()))


def _light(colours):
    """A colour, or a list of them, on a dark page; the roles' lines stay as they are."""
    if isinstance(colours, str) and colours in ("none", "auto"):
        return colours
    if not isinstance(colours, str) and len(colours) and not isinstance(colours[0], float):
        return [_light(tuple(map(float, colour))) for colour in colours]
    *rgb, alpha = to_rgba(colours)
    return (*to_rgba(ON_DARK.get(to_hex(rgb), to_hex(rgb)))[:3], alpha)


def _has_colours(image):
    return (image.get_array() != 255).any()


def _is_area(patch, fig):
    """Whether the patch has a fill, and is not the paper itself."""
    paper = patch is fig.patch or any(patch is ax.patch for ax in fig.axes)
    return not paper and patch.get_visible() and patch.get_fill() and patch.get_facecolor()[3] > 0.5


def _under(text, artists):
    """Whether the middle of the text lies on one of the artists."""
    box = text.get_window_extent()
    middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return any(artist.get_window_extent().contains(*middle) for artist in artists)

"""What :func:`cnnlib.plots.figures.draw_map` draws into a map: padding, frame, numbers, corner mark; and ⋆.

Places are cells: x is a column and y a row, and cell (i, j) has its middle at (j, i).
"""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from .colours import DARK, HAIR, HATCH, LINES, PAPER, THIN, ink_on
from .html import in_mathtext
from .number_format import MINUS, entries

NUMBERED = 7  # maps of at most 7×7 cells show their numbers
HALF_MINUS, HALF_DIGIT = 0.42, 0.365  # of the font size: half a minus sign's width, half a digit's height


def draw_padding(ax, shape, padding):
    """Hatch the frame of padding; returns what is left inside as (top, left, height, width)."""
    sides = np.asarray(padding)
    (top, bottom), (left, right) = np.broadcast_to(sides[:, None] if sides.ndim == 1 else sides, (2, 2))
    for i, j in np.ndindex(shape):
        if not (top <= i < shape[0] - bottom and left <= j < shape[1] - right):
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, fc=PAPER, ec=HATCH, lw=0, hatch="///"))
    return top, left, shape[0] - top - bottom, shape[1] - left - right


def draw_frame(ax, shape, role, inner):
    """Thin lines between the cells of a small map, and a frame in the colour of its role."""
    ax.spines[:].set_visible(False)
    top, left, h, w = inner
    if max(h, w) <= NUMBERED:  # padding does not count: the reader counts its cells, too
        ax.hlines(np.arange(1, shape[0]) - 0.5, -0.5, shape[1] - 0.5, color=HAIR, lw=1, zorder=2)
        ax.vlines(np.arange(1, shape[1]) - 0.5, -0.5, shape[0] - 0.5, color=HAIR, lw=1, zorder=2)
    colour, width = (LINES[role], 3) if role else (THIN, 0.8)
    style = dict(fill=False, ec=colour, lw=width, zorder=4, clip_on=False)
    ax.add_patch(Rectangle((left - 0.5, top - 0.5), w, h, **style))


def draw_numbers(ax, A, cells):
    """Write every entry into its cell, digits under digits: a minus sign stands left of them and moves none."""
    texts = [text for row in entries(A) for text in row]
    shift = 0.25 if any(text.startswith(MINUS) for text in texts) else 0.0
    for (i, j), text in zip(np.ndindex(A.shape), texts, strict=True):
        ink = DARK if cells[i, j].min() == 255 else ink_on("#" + bytes(cells[i, j]).hex())
        across = shift - HALF_MINUS if text.startswith(MINUS) else shift
        write(ax, text, j, i, across=across, color=ink)


def write(ax, text, x, y, *, across=0.0, down=HALF_DIGIT, ha="center", color=DARK):
    """Text with its baseline ``down`` and its anchor ``across`` from cell position (x, y), in font sizes."""
    em = plt.rcParams["font.size"]
    place = dict(xytext=(across * em, -down * em), textcoords="offset points", annotation_clip=False)
    ax.annotate(text, (x, y), ha=ha, va="baseline", color=color, zorder=5, **place)


def enlarge_stars(fig):
    """Set each ⋆ among words of the figure as TeX does; by itself it is drawn large already."""
    for text in fig.findobj(Text):
        words = text.get_text()
        if "⋆" in words and words != "⋆":
            text.set(text=in_mathtext(words), math_fontfamily="cm")


def draw_mark(ax, shape, mark):
    """A black triangle in the corner where K[0,0] is."""
    corner = {"as_is": (0, 0), "turned": (1, 1)}.get(mark, mark)
    if corner not in ((0, 0), (0, 1), (1, 0), (1, 1)):
        raise ValueError(f'draw_map: mark {mark!r} is neither "as_is" nor "turned" nor a corner such as (0, 1)')
    bottom, right = corner
    x, y = right * shape[1] - 0.5, bottom * shape[0] - 0.5
    length = 0.085 * max(4, *shape)  # as large on a 28×28 map as on a 3×3 one
    corners = [(x, y), (x + (1 - 2 * right) * length, y), (x, y + (1 - 2 * bottom) * length)]
    ax.add_patch(Polygon(corners, fc=DARK, ec="white", lw=1, zorder=5, clip_on=False))

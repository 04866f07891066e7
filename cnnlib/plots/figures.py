"""The still pictures of the course, on Matplotlib: arrays in, Axes out, and the Axes are always an argument.

:func:`draw_map` draws one map — kernel, image, delta —, :func:`outline` the chosen window, :func:`board`
lays out maps whose cells all have one size, :func:`show` puts a figure into a notebook with its alt text.
Roles have one colour each; signed arrays share the diverging colours of :mod:`cnnlib.plots.image_grid`, white is 0;
the kernel carries a mark on K[0,0], which travels with the turn.  Text sizes are in ``course.mplstyle``, and
nothing here depends on the reader's own settings; a notebook that draws itself says
``plt.style.use(figures.STYLE)``.  Figures stay white in a dark theme, because white means 0.
"""

import base64
import html
import io

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from ..validation import unmasked
from .colours import DARK, HAIR, HATCH, INKS, LINES, PAPER, THIN, ink_on
from .image_grid import PALETTES, limit_text, scale_limit, shade
from .number_format import MINUS, entries
from .style import STYLE, in_course_style

__all__ = ["STYLE", "as_html", "between", "board", "draw_map", "draw_row", "label", "outline", "show"]

NUMBERED = 7  # maps of at most 7×7 cells show their numbers
PIXELS_PER_INCH = 96  # on the screen; the picture itself is twice as fine
SMALLEST_TEXT = 18  # pixels on a 1280×720 slide
LARGEST = (9.0, 6.0)  # inches: a larger figure would be shrunk to the slide, and its text with it
HALF_MINUS, HALF_DIGIT = 0.42, 0.365  # of the font size: half a minus sign's width, half a digit's height
MARGIN, TITLE, CAPTION = 0.12, 0.36, 0.3  # inches: around a board, above each map, below each row


@in_course_style
def draw_map(ax, A, *, colours="signed", limit=None, role=None, title="", mark=None, padding=0, numbers=None):
    """Draw a map A (n_h, n_w), or a row of n numbers, and return ``ax``.

    colours: "signed" (−limit to limit, white is 0), "unit" or "ink" (0 to limit), or None for white cells.
    limit: by default the largest |A|, or 1 for unit and ink; printed below unless the numbers are shown.
    role: "input", "kernel", "output" or "delta", the colour of frame and title; the title is given the size.
    mark: where K[0,0] is now: "as_is", "turned", or another corner as (bottom, right), each 0 or 1.
    padding: how much of A is padding, as :func:`cnnlib.ops.pad` takes it; it is hatched.
    numbers: by default shown up to 7×7; two decimals and a sign take cells of 0.75 inches.  An array of
    symbols or text shows these.
    """
    A = np.atleast_2d(unmasked(A, "draw_map: A"))
    if A.ndim != 2 or A.size == 0:
        raise ValueError(f"draw_map: A has shape {A.shape}; give one map, an array (rows, columns)")
    if A.dtype.kind == "f" and not np.isfinite(A).all():
        raise ValueError(f"draw_map: {np.count_nonzero(~np.isfinite(A))} cells are infinite or not a number")
    if role is not None and role not in LINES:
        raise ValueError(f"draw_map: role {role!r} is none of {', '.join(LINES)}")
    if limit is not None and not 0 <= limit < np.inf:
        raise ValueError(f"draw_map: limit has to be a finite number of at least 0, not {limit!r}")
    if numbers is None:
        numbers = max(A.shape) <= NUMBERED
    limit = limit or _limit(A, colours)
    cells = _cell_colours(A, colours, limit)
    ax.imshow(cells, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    inner = _draw_padding(ax, A.shape, padding)
    _draw_frame(ax, A.shape, role, inner)
    if numbers:
        _draw_numbers(ax, A, cells)
    elif colours == "signed":
        ax.set_xlabel(limit_text(limit))
    if mark is not None:
        _draw_mark(ax, A.shape, mark)
    if title:
        ax.set_title(f"{title}  {inner[2]}×{inner[3]}", color=INKS.get(role, DARK))
    return ax


@in_course_style
def outline(ax, i, j, h=1, w=1):
    """One thick dark outline around the h×w cells from row i, column j: what is being talked about."""
    ax.add_patch(Rectangle((j - 0.5, i - 0.5), w, h, fill=False, lw=4, ec=DARK, zorder=6, clip_on=False))
    return ax


@in_course_style
def board(rows, *, cell=0.5, gap=0.5, left=0.0, right=0.0, below=CAPTION):
    """A figure for rows of maps: (fig, axes), axes[r][c] for the size rows[r][c] = (n_h, n_w) in cells.

    Every cell is ``cell`` inches wide, in every map.  Maps stand centred in their row and column, ``gap``
    inches apart; None leaves a place empty.  ``left``, ``right``: inches of room beside all of them for words,
    ``below``: under each row, for a limit.
    """
    columns = range(max(len(row) for row in rows))
    sized = [[size or (0, 0) for size in row] for row in rows]
    widths = [cell * max(row[c][1] for row in sized if c < len(row)) for c in columns]
    heights = [cell * max(h for h, _ in row) for row in sized]
    width = sum(widths) + gap * (len(widths) - 1) + left + right + 2 * MARGIN
    height = sum(heights) + len(rows) * (TITLE + below) + 2 * MARGIN
    fig, axes = Figure(figsize=(width, height)), []
    top = height - MARGIN
    for row, tallest in zip(rows, heights, strict=True):
        x, middle, placed = MARGIN + left, top - TITLE - tallest / 2, []
        for size, wide in zip(row, widths, strict=False):
            h, w = (cell * n for n in size or (0, 0))
            box = ((x + (wide - w) / 2) / width, (middle - h / 2) / height, w / width, h / height)
            placed.append(fig.add_axes(box) if size else None)
            x += wide + gap
        axes.append(placed)
        top -= TITLE + tallest + below
    return fig, axes


@in_course_style
def label(ax, *, left=(), right=(), below=()):
    """Words beside the rows and below the columns of a map, on one baseline with the numbers in its cells."""
    h, w = ax.dataLim.height, ax.dataLim.width
    for texts, x, side in ((left, -0.65, "right"), (right, w - 0.35, "left")):
        for i, text in enumerate(texts):
            _write(ax, text, x, i, ha=side)
    for j, text in enumerate(below):
        _write(ax, text, j, h - 0.5, down=1.4)
    return ax


@in_course_style
def between(left, right, text):
    """Write an operator such as ⋆ or ← half way between two neighbouring Axes, at their middle."""
    a, b = left.get_position(), right.get_position()
    style = dict(ha="center", va="center", fontsize=30 if text in "⋆∗" else 22)  # the font draws these two small
    return left.figure.text((a.x1 + b.x0) / 2, (a.y0 + a.y1) / 2, text, **style)


@in_course_style
def draw_row(axes, maps, *, colours="signed", limit=None, role=None, titles=()):
    """Maps beside each other on one colour scale; returns the limit that they share, printed once, at the left."""
    limit = limit or max(_limit(np.asarray(unmasked(A, "draw_row")), colours) for A in maps)
    for c, (ax, A) in enumerate(zip(axes, maps, strict=True)):
        draw_map(ax, A, colours=colours, limit=limit, role=role, title=titles[c] if titles else "")
        if c:
            ax.set_xlabel("")
    return limit


@in_course_style
def as_html(fig, *, alt):
    """The figure as an <img> element, 96 pixels an inch on the screen, with ``alt`` for those who cannot see it.

    Closes the figure.  ValueError without alt text, for text below 18 pixels, and for more than 9×6 inches.
    """
    if not alt or not alt.strip():
        raise ValueError("show: say in one sentence what to look at, alt='…'")
    _check_fits_a_slide(fig)
    file = io.BytesIO()
    fig.savefig(file, format="png", dpi=2 * PIXELS_PER_INCH, facecolor="white", bbox_inches=None)
    plt.close(fig)
    width, source = round(fig.get_figwidth() * PIXELS_PER_INCH), base64.b64encode(file.getvalue()).decode()
    style = "max-width:100%;height:auto;background:white;border-radius:4px"
    return f'<img alt="{html.escape(alt)}" width="{width}" style="{style}" src="data:image/png;base64,{source}">'


def show(fig, *, alt):
    """Show a figure in a notebook, alt text included (an export drops that of a plain figure), and close it."""
    from IPython.display import HTML, display

    display(HTML(as_html(fig, alt=alt)))


def _check_fits_a_slide(fig):
    """ValueError unless the figure can be shown on a slide with text that can be read from the last row."""
    width, height = fig.get_size_inches()
    if width > LARGEST[0] or height > LARGEST[1]:
        raise ValueError(f"show: {width:.1f}×{height:.1f} inches; a slide takes {LARGEST[0]:g}×{LARGEST[1]:g}")
    sizes = [text.get_fontsize() for text in fig.findobj(Text) if text.get_visible() and text.get_text().strip()]
    pixels = min(sizes, default=SMALLEST_TEXT) * PIXELS_PER_INCH / 72
    if pixels < SMALLEST_TEXT:
        cure = "plt.style.use(figures.STYLE) sets the size"
        raise ValueError(f"show: text of {pixels:.0f} pixels on a slide; {SMALLEST_TEXT} is the least; {cure}")


def _limit(A, colours):
    """Default end of the colour scale: the largest absolute entry, or 1."""
    return scale_limit(A) if colours == "signed" else 1.0


def _cell_colours(A, colours, limit):
    """(n_h, n_w, 3) uint8, the course's own colours and no second colour map; white for symbols."""
    if colours is None or A.dtype.kind not in "buif":
        return np.full((*A.shape, 3), 255, dtype=np.uint8)
    return PALETTES[colours][shade(A, colours, limit)]


def _draw_padding(ax, shape, padding):
    """Hatch the frame of padding; returns what is left inside as (top, left, height, width)."""
    sides = np.asarray(padding)
    (top, bottom), (left, right) = np.broadcast_to(sides[:, None] if sides.ndim == 1 else sides, (2, 2))
    for i, j in np.ndindex(shape):
        if not (top <= i < shape[0] - bottom and left <= j < shape[1] - right):
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, fc=PAPER, ec=HATCH, lw=0, hatch="///"))
    return top, left, shape[0] - top - bottom, shape[1] - left - right


def _draw_frame(ax, shape, role, inner):
    """Thin lines between the cells of a small map, and a frame in the colour of its role."""
    ax.spines[:].set_visible(False)
    top, left, h, w = inner
    if max(h, w) <= NUMBERED:  # padding does not count: its cells are counted by eye, too
        ax.hlines(np.arange(1, shape[0]) - 0.5, -0.5, shape[1] - 0.5, color=HAIR, lw=1, zorder=2)
        ax.vlines(np.arange(1, shape[1]) - 0.5, -0.5, shape[0] - 0.5, color=HAIR, lw=1, zorder=2)
    colour, width = (LINES[role], 3) if role else (THIN, 0.8)
    style = dict(fill=False, ec=colour, lw=width, zorder=4, clip_on=False)
    ax.add_patch(Rectangle((left - 0.5, top - 0.5), w, h, **style))


def _draw_numbers(ax, A, cells):
    """Every entry in its cell, digits under digits: a sign hangs out to the left and moves none of them."""
    texts = [text for row in entries(A) for text in row]
    room = 0.25 if any(text.startswith(MINUS) for text in texts) else 0.0
    for (i, j), text in zip(np.ndindex(A.shape), texts, strict=True):
        ink = DARK if cells[i, j].min() == 255 else ink_on("#" + bytes(cells[i, j]).hex())
        across = room - HALF_MINUS if text.startswith(MINUS) else room
        _write(ax, text, j, i, across=across, color=ink)


def _write(ax, text, x, y, *, across=0.0, down=HALF_DIGIT, ha="center", color=DARK):
    """Text with its baseline ``down`` and its anchor ``across`` from cell position (x, y), in font sizes."""
    em = plt.rcParams["font.size"]
    place = dict(xytext=(across * em, -down * em), textcoords="offset points", annotation_clip=False)
    ax.annotate(text, (x, y), ha=ha, va="baseline", color=color, zorder=5, **place)


def _draw_mark(ax, shape, mark):
    """A black triangle in the corner where K[0,0] is."""
    corner = {"as_is": (0, 0), "turned": (1, 1)}.get(mark, mark)
    if corner not in ((0, 0), (0, 1), (1, 0), (1, 1)):
        raise ValueError(f'draw_map: mark {mark!r} is neither "as_is" nor "turned" nor a corner such as (0, 1)')
    bottom, right = corner
    x, y = right * shape[1] - 0.5, bottom * shape[0] - 0.5
    length = 0.085 * max(4, *shape)  # as large on a 28×28 map as on a 3×3 one
    corners = [(x, y), (x + (1 - 2 * right) * length, y), (x, y + (1 - 2 * bottom) * length)]
    ax.add_patch(Polygon(corners, fc=DARK, ec="white", lw=1, zorder=5, clip_on=False))

"""The still pictures of the course, on Matplotlib: arrays in, Axes out, and the Axes are always an argument.

:func:`draw_map` draws one map — kernel, image, delta —, :func:`outline` the chosen window, :func:`board`
lays out maps whose cells all have one size, :func:`show` puts a figure into a notebook with its alt text.
Roles have one colour each; signed arrays share the diverging colours of :mod:`cnnlib.plots.image_grid`, white is 0;
the kernel carries a mark on K[0,0], which travels with the turn.  Text sizes are in ``course.mplstyle``, and
nothing here depends on the reader's own settings; a notebook that draws by itself calls
``plt.style.use(figures.STYLE)``.  On a dark page the paper is the page's, and coloured cells stay, because white
means 0 (:mod:`cnnlib.plots.dark_page`).
"""

import base64
import html
import io

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from ..validation import unmasked
from .colours import DARK, INKS, LINES
from .dark_page import BY_THEME, SHOWN, on_dark
from .image_grid import PALETTES, limit_text, scale_limit, shade
from .map_parts import NUMBERED, draw_frame, draw_mark, draw_numbers, draw_padding, enlarge_stars, write
from .style import STYLE, in_course_style

__all__ = ["STYLE", "as_html", "between", "board", "draw_map", "draw_row", "label", "outline", "show"]

PIXELS_PER_INCH = 96  # on the screen; the picture has twice this resolution
SMALLEST_TEXT = 18  # pixels on a 1280×720 slide
LARGEST = (9.0, 6.0)  # inches: a larger figure would be shrunk to the slide, and its text with it
MARGIN, TITLE, CAPTION = 0.12, 0.36, 0.3  # inches: around a board, above each map, below each row


@in_course_style
def draw_map(ax, A, *, colours="signed", limit=None, role=None, title="", mark=None, padding=0, numbers=None):
    """Draw a map.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    A : (n_h, n_w), or a row of n numbers
    colours : "signed", "unit", "ink" or None
        From −limit to limit with white for 0, from 0 to limit (the last two), or white cells.
    limit : in units of A
        By default the largest ``|A|``, or 1 for unit and ink; printed below unless the numbers are shown.
    role : "input", "kernel", "output" or "delta"
        The colour of frame and title.
    title : text
        The size of the map is added.
    mark : "as_is", "turned" or (bottom, right), each 0 or 1
        The corner in which K[0,0] is now.
    padding : cells, as :func:`cnnlib.ops.pad` takes them
        How much of A is padding; it is hatched.
    numbers : bool, or an array of symbols or text to show
        By default shown up to 7×7; two decimals and a sign take cells of 0.75 inches.

    Returns
    -------
    ax
    """
    A = np.atleast_2d(unmasked(A, "draw_map: A"))
    _check_map(A, role, limit)
    if numbers is None:
        numbers = max(A.shape) <= NUMBERED
    limit = limit or _limit(A, colours)
    cells = _cell_colours(A, colours, limit)
    ax.imshow(cells, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    inner = draw_padding(ax, A.shape, padding)
    draw_frame(ax, A.shape, role, inner)
    if numbers:
        draw_numbers(ax, A, cells)
    elif colours == "signed":
        ax.set_xlabel(limit_text(limit))
    if mark is not None:
        draw_mark(ax, A.shape, mark)
    if title:
        ax.set_title(f"{title}  {inner[2]}×{inner[3]}", color=INKS.get(role, DARK))
    return ax


def _check_map(A, role, limit):
    """ValueError for what draw_map cannot draw."""
    if A.ndim != 2 or A.size == 0:
        raise ValueError(f"draw_map: A has shape {A.shape}; give one map, an array (rows, columns)")
    if A.dtype.kind == "f" and not np.isfinite(A).all():
        raise ValueError(f"draw_map: {np.count_nonzero(~np.isfinite(A))} cells are infinite or not a number")
    if role is not None and role not in LINES:
        raise ValueError(f"draw_map: role {role!r} is none of {', '.join(LINES)}")
    if limit is not None and not 0 <= limit < np.inf:
        raise ValueError(f"draw_map: limit has to be a finite number of at least 0, not {limit!r}")


@in_course_style
def outline(ax, i, j, h=1, w=1):
    """One thick dark outline around the h×w cells from row i, column j, to point at them."""
    ax.add_patch(Rectangle((j - 0.5, i - 0.5), w, h, fill=False, lw=4, ec=DARK, zorder=6, clip_on=False))
    return ax


@in_course_style
def board(rows, *, cell=0.5, gap=0.5, left=0.0, right=0.0, below=CAPTION):
    """A figure for rows of maps, each centred in its row and column.

    Parameters
    ----------
    rows : lists of (n_h, n_w) in cells
        The sizes of the maps; None leaves a place empty.
    cell : inches
        The width of every cell in every map.
    gap : inches
        Between maps.
    left, right : inches
        Space beside all of them, for words.
    below : inches
        Under each row, for a limit.

    Returns
    -------
    fig, axes
        axes[r][c] belongs to rows[r][c].
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
            write(ax, text, x, i, ha=side)
    for j, text in enumerate(below):
        write(ax, text, j, h - 0.5, down=1.4)
    return ax


@in_course_style
def between(left, right, text):
    """Write an operator such as ⋆ or ← half way between two neighbouring Axes, at their middle."""
    a, b = left.get_position(), right.get_position()
    style = dict(ha="center", va="center", fontsize=30 if text in "⋆∗" else 22)  # the font draws these two small
    return left.figure.text((a.x1 + b.x0) / 2, (a.y0 + a.y1) / 2, text, **style)


@in_course_style
def draw_row(axes, maps, *, colours="signed", limit=None, role=None, titles=()):
    """Draw maps beside each other on one colour scale; returns the limit, which is printed once, at the left."""
    limit = limit or max(_limit(np.asarray(unmasked(A, "draw_row")), colours) for A in maps)
    for c, (ax, A) in enumerate(zip(axes, maps, strict=True)):
        draw_map(ax, A, colours=colours, limit=limit, role=role, title=titles[c] if titles else "")
        if c:
            ax.set_xlabel("")
    return limit


@in_course_style
def as_html(fig, *, alt):
    """The figure as an <img> element, 96 pixels an inch on the screen; closes the figure.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : text
        The description for those who cannot see it.

    Raises
    ------
    ValueError
        Without alt text, for text below 18 pixels, and for more than 9×6 inches.
    """
    if not alt or not alt.strip():
        raise ValueError("show: say in one sentence what to look at, alt='…'")
    _check_fits_a_slide(fig)
    enlarge_stars(fig)
    pictures = [_png(fig, facecolor="white")]
    with on_dark(fig):
        pictures.append(_png(fig, transparent=True))
    plt.close(fig)
    width, said = round(fig.get_figwidth() * PIXELS_PER_INCH), html.escape(alt)
    style = f"--cnn-wide:{width}px;max-width:100%;height:auto;border-radius:4px"
    return BY_THEME.format(*(
        f'<img alt="{said}" width="{width}" style="{style};{shown}" src="data:image/png;base64,{source}"{hidden}>'
        for source, shown, hidden in zip(pictures, SHOWN, ("", " hidden"), strict=True)
    ))


def _png(fig, **paper):
    """The figure as base64 text, twice as fine as the screen."""
    file = io.BytesIO()
    fig.savefig(file, format="png", dpi=2 * PIXELS_PER_INCH, bbox_inches=None, **paper)
    return base64.b64encode(file.getvalue()).decode()


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

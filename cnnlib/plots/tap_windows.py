"""The windows of a small correlation: which tap of the kernel lies on which input cell.

:func:`tap_windows` draws them beside each other, each a picture of the input; :func:`tap_table` those of a row,
below each other.  The taps are tints of the kernel's orange, from K[0,0], the lightest, to the last, the darkest.
The chosen input cell is outlined in every window.  In an open question (``known=False``) no window names or tints
any tap, because three known ones would give the fourth away.
"""

from itertools import product

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from . import figures
from .colours import DARK, TAPS
from .number_format import lowered


def tap_windows(input_size, kernel_size, *, chosen=None, known=True, kernel=False, columns=4) -> Figure:
    """One picture for each window (i, j) of an input (n_h, n_w) under a kernel (k_h, k_w), stride 1.

    chosen: an input cell (p, q), outlined wherever it stands.  known: with False no tap has a name, and a question
    mark stands on the chosen cell.  kernel: with True the kernel, with its taps named, stands before the windows.
    """
    (n_h, n_w), (k_h, k_w) = input_size, kernel_size
    windows = [(i, j) for i in range(n_h - k_h + 1) for j in range(n_w - k_w + 1)]
    rows = [windows[start : start + columns] for start in range(0, len(windows), columns)]
    sizes = [[kernel_size if r == 0 else None] * kernel + [input_size] * len(row) for r, row in enumerate(rows)]
    gap = 0.24 if kernel else 0.42
    room = figures.LARGEST[0] - 2 * figures.MARGIN - gap * (len(sizes[0]) - 1)
    cell = min(0.52, room / sum(size[1] for size in sizes[0]))
    fig, axes = figures.board(sizes, cell=cell, gap=gap, below=0.12)
    if kernel:
        _draw_window(axes[0][0], tap_names(kernel_size, kernel_size, 0, 0), (0, 0), kernel_size, "K")
    for row, row_axes in zip(rows, axes, strict=True):
        for (i, j), ax in zip(row, row_axes[int(kernel) :], strict=False):
            names = tap_names(input_size, kernel_size, i, j)
            _draw_window(ax, names, (i, j), kernel_size, f"window ({i}, {j})", chosen, known)
    return fig


def tap_names(input_size, kernel_size, i, j) -> np.ndarray:
    """The name of the tap on each input cell in window (i, j): k₀₁; "" where no tap lies."""
    names = np.full(input_size, "", dtype=object)
    for u, v in np.ndindex(*kernel_size):
        names[i + u, j + v] = f"k{lowered(u)}{lowered(v)}"
    return names


def tints(kernel_size) -> np.ndarray:
    """A colour for each tap in reading order, (k_h, k_w, 3) in 0 to 1: even steps through the row's three tints."""
    anchors = np.array([[int(colour[c : c + 2], 16) / 255 for c in (1, 3, 5)] for colour in TAPS])
    places = np.linspace(0, len(TAPS) - 1, int(np.prod(kernel_size)))
    channels = [np.interp(places, range(len(TAPS)), anchors[:, c]) for c in range(3)]
    return np.stack(channels, axis=-1).reshape(*kernel_size, 3)


def _draw_window(ax, names, at, kernel_size, title, chosen=None, known=True):
    figures.draw_map(ax, names, colours=None, role="input", numbers=False)
    colours = tints(kernel_size)
    for u, v in np.ndindex(*kernel_size):
        p, q = at[0] + u, at[1] + v
        name, colour = (names[p, q], colours[u, v]) if known else _unknown((p, q) == chosen)
        _draw_tap(ax, p, q, name, colour)
    ax.set_title(title, color=DARK)
    if chosen is not None:
        figures.outline(ax, *chosen)


def tap_table(n, h, *, stride=1, chosen=None, known=True, rows="window") -> Figure:
    """The windows of a row of n inputs under h taps as a table: a row a window, a column an input, in it the tap.

    chosen: the input p whose column is outlined.  known: with False no tap has a name, and
    question marks stand in that column.  rows: what the text around it calls a row, the window or its output.
    """
    starts = range(0, n - h + 1, stride)
    fig, [[ax]] = figures.board([[(len(starts), n)]], cell=0.7, left=1.4, below=0.5)
    figures.draw_map(ax, np.full((len(starts), n), "", dtype=object), colours=None, role="input", numbers=False)
    for (i, start), u in product(enumerate(starts), range(h)):
        p = start + u
        name, colour = (f"k{lowered(u)}", tints((1, h))[0, u]) if known else _unknown(p == chosen)
        _draw_tap(ax, i, p, name, colour)
    figures.label(ax, left=[f"{rows} {i}" for i in range(len(starts))], below=[f"x{lowered(p)}" for p in range(n)])
    if chosen is not None:
        figures.outline(ax, 0, chosen, len(starts), 1)
    return fig


def _unknown(asked):
    """Name and colour of a tap in an open question."""
    return "?" if asked else "", TAPS[0]


def _draw_tap(ax, p, q, name, colour):
    """One tap on cell (p, q), on its tint."""
    ax.add_patch(Rectangle((q - 0.5, p - 0.5), 1, 1, fc=colour, ec=DARK, lw=1, zorder=3))
    ax.text(q, p, name, ha="center", va="center", color=DARK, fontsize=18, zorder=7)

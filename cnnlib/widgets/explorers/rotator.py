"""The kernel rotator of notebook 01: a kernel turns by 180°, and its corner mark and indices travel along.

Beside it one window of the input is read twice, with K and with the turned K: two windows, two sums.
What is shown is computed by :func:`read_window`, :func:`travelling`, :func:`words` and :func:`own_kernel`,
which know no widget.
"""

import html
from typing import NamedTuple

import ipywidgets as widgets
import numpy as np

from cnnlib import ops
from cnnlib.correlation import effective_kernel
from cnnlib.plots.colours import style
from cnnlib.plots.number_format import MINUS, factor, written

from ..parts.controls import dropdown, toggle
from ..parts.explorer import Explorer
from ..parts.map_grid import MapGrid
from ..parts.parse import parse_numbers
from ..parts.transport import Transport
from ..parts.window_cells import window

X = np.array([[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8], [9, 7, 9, 3]])
K = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
FRAMES = 36  # from 0° to 180° in steps of 5°
SPEEDS = {"slow": 0.2, "normal": 0.07, "fast": 0.03}  # seconds a frame
SIGNS = [("⋆ correlation", "correlation"), ("∗ convolution", "convolution")]
STYLE = style("""
.cnn-rotator { --jp-widgets-font-size: 16px; --jp-widgets-inline-height: 32px; }
.cnn-rotator .cnn-sums { font-size: 17px; line-height: 1.6; font-variant-numeric: tabular-nums; }
.cnn-rotator .cnn-sums .cnn-here { display: inline-block; width: 1.3em; }
.cnn-rotator .cnn-sums .cnn-sign { font-size: 1.3em; line-height: 1; }
""")
LARGEST = 99  # of a learner's own entries: two digits, so that a cell keeps its width


class Reading(NamedTuple):
    """One window read with one kernel: what lies on its cells, the products, and their sum."""

    taps: np.ndarray
    products: np.ndarray
    total: float


def read_window(X, K, corner, operation):
    """Lay K on the window of X whose top left cell is ``corner``; turned if the operation is "convolution"."""
    taps = effective_kernel(K, operation)
    i, j = corner
    products = X[i : i + K.shape[0], j : j + K.shape[1]] * taps
    return Reading(taps, products, products.sum())


def travelling(frame):
    """The index that each cell of a 3×3 kernel carries, {cell: text}; after the turn also where it came to."""
    cells = list(np.ndindex(3, 3))
    if frame < FRAMES:
        return {(u, v): f"{u}{v}" for u, v in cells}
    return {(u, v): f"{u}{v}→{2 - u}{2 - v}" for u, v in cells}


def words(frame):
    """The position of the turn in words."""
    if frame == 0:
        return "0°: the kernel as it is; K[0,0] and its mark lie top left"
    if frame == FRAMES:
        return "180°: index (u, v) has come to (2−u, 2−v); K[0,0] and its mark lie bottom right"
    half = "; a quarter turn: what was a row is a column" if 2 * frame == FRAMES else ""
    return f"{180 * frame // FRAMES}° of 180°{half}"


def own_kernel(text):
    """A learner's nine numbers as a 3×3 array; ValueError, in words, for anything else."""
    kernel = parse_numbers(text, (3, 3), symbols=False)
    if np.abs(kernel).max() > LARGEST or (kernel != np.round(kernel, 1)).any():
        raise ValueError(f"entries go from {MINUS}{LARGEST} to {LARGEST}, with one decimal at most")
    return kernel


class Rotator(Explorer):
    """``Rotator()`` turns a 3×3 kernel beside two readings of one window of X, which has at least 3×3 cells."""

    def __init__(self, K=K, X=X):
        self.K, self.X = np.array(K), np.array(X)
        if self.K.shape != (3, 3) or self.X.ndim != 2 or min(self.X.shape) < 3:
            raise ValueError(f"Rotator: it takes K 3×3 and X at least 3×3, not {self.K.shape} and {self.X.shape}")
        maps = self._build_maps()
        controls = self._build_controls()
        self.text, self.answer = self._build_text()
        self.sums = widgets.HTML(layout=widgets.Layout(min_height="84px"))
        line = widgets.Layout(align_items="center", min_height="40px", flex_flow="row wrap", grid_gap="4px 18px")
        apart = widgets.Layout(align_items="flex-start", grid_gap="46px")
        choices = widgets.HBox([controls["sign"], controls["corner"], self.text], layout=line)
        rows = [choices, self.answer, widgets.HBox(maps, layout=apart), controls["turn"], self.sums]
        super().__init__(rows, controls)
        self.add_class("cnn-rotator")
        self.draw()

    def _build_maps(self):
        self.kernel = MapGrid(self.K, symbol="K", role="kernel", mark="as_is", angle=0, digits=4, notes={})
        look = dict(symbol="X", role="input", indices=("p", "q"), notes={}, digits=2, interactive=True)
        self.as_is, self.turned = MapGrid(self.X, **look), MapGrid(self.X, **look)
        for grid in (self.as_is, self.turned):
            grid.observe(self._clicked, "chosen")
        return [self.kernel, self.as_is, self.turned]

    def _build_controls(self):
        rows, columns = self.X.shape
        corners = [(f"({i}, {j})", (i, j)) for i, j in np.ndindex(rows - 2, columns - 2)]
        sign = toggle("", SIGNS, "170px", tooltips=["K slides as it is", "K slides turned"])
        corner = dropdown("window at", corners, "190px")
        turn = Transport(FRAMES + 1, words=words, speeds=SPEEDS, still=(0, FRAMES // 2, FRAMES))
        return {"sign": sign, "corner": corner, "turn": turn}

    def _build_text(self):
        text = widgets.Text(_line(self.K), description="your K", continuous_update=False)
        text.layout.width, text.style.description_width = "330px", "68px"
        text.observe(self._typed, "value")
        return text, widgets.HTML(layout=widgets.Layout(min_height="32px"))

    # --------------------------------------------------------------------------------- the picture

    def draw(self):
        """Bring kernel, windows and sums up to date."""
        frame, corner = self.controls["turn"].position, self.controls["corner"].value
        self.kernel.show(self.K, angle=180 * frame / FRAMES, notes=travelling(frame))
        lines = [
            self._read(self.as_is, "K", self.K, corner, lies_so=frame == 0),
            self._read(self.turned, "K turned", ops.rot180(self.K), corner, lies_so=frame == FRAMES),
        ]
        same = "K looks the same after the turn, so nobody can see it." if self._symmetric() else ""
        self.sums.value = f'{STYLE}<div class="cnn-sums">{"".join(lines)}{same}</div>'

    def _read(self, grid, name, K, corner, lies_so):
        """Show one reading of the window, and return its line: nine products and their sum."""
        operation = self.controls["sign"].value
        sign = "⋆" if operation == "correlation" else "∗"
        reading, covered = read_window(self.X, K, corner, operation), window(corner, (3, 3))
        notes = {cell: f"·{written(tap)}" for cell, tap in zip(covered, reading.taps.flat, strict=True)}
        grid.show(symbol=f"{sign} {name} on X", outlined=covered, notes=notes)
        i, j = corner
        pairs = zip(self.X[i : i + 3, j : j + 3].flat, reading.taps.flat, strict=True)
        terms = " + ".join(f"{written(x)}·{factor(tap)}" for x, tap in pairs)
        arrow = f'<span class="cnn-here">{"▸" if lies_so else ""}</span>'
        here = f'{arrow}X <span class="cnn-sign">{sign}</span> {name}'
        return f"<div>{here} at ({i}, {j}): {terms} = <b>{written(reading.total)}</b></div>"

    def _symmetric(self):
        return bool((ops.rot180(self.K) == self.K).all())

    # ------------------------------------------------------------------------- what a person can do

    def _clicked(self, change):
        """A click on a cell moves the window there, or as near as it fits."""
        if change["new"] is not None:
            change["owner"].chosen = None
            furthest = (self.X.shape[0] - 3, self.X.shape[1] - 3)
            self.controls["corner"].value = tuple(map(min, change["new"], furthest))

    def _typed(self, change):
        """A kernel of the learner's own; what cannot be used is answered in words, and K stays as it was."""
        try:
            self.K, message = own_kernel(change["new"]), ""
        except ValueError as error:
            message = f"{error}. The kernel stays {_line(self.K)}."
        self.answer.value = f'<span role="status" style="font-size:16px">{html.escape(message)}</span>'
        self.draw()


def _line(K):
    """A kernel as one types it."""
    return "; ".join(" ".join(written(value) for value in row) for row in K)

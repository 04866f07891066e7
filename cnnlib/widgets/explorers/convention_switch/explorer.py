"""One switch, ⋆ or ∗: formula, picture and line of code change together, and so does what has to turn.

The upper lane is the forward pass, the lower one of its gradients.  The numbers are computed, and each line of code
is the one that gives the map at the end of its lane.
"""

import html

import ipywidgets as widgets
import numpy as np

from cnnlib.plots.colours import style
from cnnlib.plots.image_grid import scale_limit
from cnnlib.widgets.parts import formula
from cnnlib.widgets.parts.controls import toggle
from cnnlib.widgets.parts.explorer import Explorer
from cnnlib.widgets.parts.map_grid import MapGrid

from . import formulas as conventions
from .goals import TASK

STYLE = style("""
.cnn-convention-switch { --cnn-map-size: 15px; }
.cnn-convention-switch .cnn-map { padding: 0 4px; }
.cnn-convention-switch .cnn-map .cnn-title { min-height: 24px; }
.cnn-convention-switch .cnn-map .cnn-room { --high: 24px; --cell: max(28px, calc(var(--digits) * 1ch + 10px)); }
.cnn-convention-switch .cnn-map .cnn-mark::before { width: .6em; height: .6em; }
.cnn-convention-switch .cnn-formula { font-size: 16px; line-height: 22px; }
.cnn-convention-switch .cnn-formula code { font-size: 15px; }
""")
CHOICES = [("⋆ correlation", "correlation"), ("∗ convolution", "convolution")]


class ConventionSwitch(Explorer):
    """``ConventionSwitch(X, K, delta)``: one map, one kernel, and the deltas at the output of that layer.

    delta has the size of the valid result, (n_h − k_h + 1, n_w − k_w + 1); ValueError otherwise.
    """

    task = TASK

    def __init__(self, X, K, delta):
        self.X, self.K, self.delta = (np.asarray(A) for A in (X, K, delta))
        if not self.X.ndim == self.K.ndim == self.delta.ndim == 2:
            raise ValueError("ConventionSwitch: X, K and delta have to be one map each, arrays (rows, columns)")
        fits = tuple(n - k + 1 for n, k in zip(self.X.shape, self.K.shape, strict=True))
        if self.delta.shape != fits:
            raise ValueError(f"ConventionSwitch: delta is {self.delta.shape}; for these X and K it takes {fits}")
        self.operation = toggle("forward", CHOICES, "150px")
        self.gradient = toggle("back", ["dX", "dK"], "150px")
        self.forward_maps = [_grid("X", "input"), _grid("K", "kernel"), _grid("Z", "output")]
        self.dX_maps = [_grid("δ", "delta"), _grid("K", "kernel"), _grid("dX", "input")]
        self.dK_maps = [_grid("X", "input"), _grid("δ", "delta"), _grid("X ⋆ δ", "kernel"), _grid("dK", "kernel")]
        beside = widgets.Layout(flex="1 1 300px", margin="0 0 0 16px")
        self.forward_text, self.backward_text = widgets.HTML(layout=beside), widgets.HTML(layout=beside)
        back = _lane(self.dX_maps[::-1], "←←")  # from right to left: dX under X, K under K, δ under Z
        self.lanes = [_lane(self.forward_maps, "⋆="), back, _lane(self.dK_maps, "⋆=→")]
        self.back_lanes = self.lanes[1:]
        above = _row([self.lanes[0], self.forward_text])
        below = _row([*self.lanes[1:], self.backward_text])
        above.layout.min_height = f"{_height(len(self.X))}px"
        below.layout.min_height = f"{_height(len(self.X) + len(self.K) - 1)}px"  # of δ with its border
        buttons = widgets.HBox([self.operation, self.gradient])
        controls = {"operation": self.operation, "gradient": self.gradient}
        super().__init__([widgets.HTML(STYLE), buttons, above, below], controls)
        self.add_class("cnn-convention-switch")
        self.draw()

    def draw(self):
        """Both lanes and their lines of text, for the chosen operation and gradient."""
        operation, gradient = self.operation.value, self.gradient.value
        above = conventions.forward(self.X, self.K, operation)
        _show(self.forward_maps, above, kernel=1)
        below = conventions.backward(self.X, self.K, self.delta, gradient, operation)
        if gradient == "dX":
            _show(self.dX_maps, below, kernel=1)
            k_h, k_w = self.K.shape
            frame = np.ones(below.source.shape, dtype=bool)
            frame[k_h - 1 : 1 - k_h or None, k_w - 1 : 1 - k_w or None] = False
            self.dX_maps[0].show(hatched=frame)
        else:
            _show(self.dK_maps[:3], below, kernel=2)
            self.dK_maps[3].show(below.result, mark="as_is", limit=scale_limit(below.result))
        self.lanes[1].layout.display = None if gradient == "dX" else "none"
        self.lanes[2].layout.display = None if gradient == "dK" else "none"
        self.forward_text.value = _text(conventions.FORWARD[operation])
        words = conventions.in_words(gradient, operation)
        self.backward_text.value = _text(conventions.BACKWARD[gradient, operation], words)


def _show(grids, lane, kernel):
    """Put a lane's maps into its grids; number ``kernel`` of them carries the mark."""
    maps = lane.source, lane.on_windows, lane.correlated
    for number, (grid, values) in enumerate(zip(grids, maps, strict=True)):
        turned = number == kernel and lane.mark == "turned"
        grid.show(values, limit=scale_limit(values), mark=lane.mark if number == kernel else None,
                  caption="turned" if turned else "")  # fmt: skip
    grids[kernel].layout.min_width = "132px"  # for the caption: the map to its right does not move


def _text(shown, words=""):
    """Formula, indices, code, and what to look at."""
    codes = [f"<code>{html.escape(code)}</code>" for code in (shown.code, shown.also) if code]
    return formula.announced(f"<b>{_coloured(shown.short)}</b>", _coloured(shown.indices), *codes, words)


def _coloured(text):
    """A formula with each letter in the colour of its role."""
    roles = {"δ": "delta", "dX": "input", "dK": "kernel", "X": "input", "x": "input", "K": "kernel", "k": "kernel",
             "Z": "output", "z": "output"}  # fmt: skip
    coloured, rest = "", text
    while rest:
        name = next((name for name in roles if rest.startswith(name)), None)
        coloured += f'<span class="cnn-{roles[name]}">{name}</span>' if name else html.escape(rest[0])
        rest = rest[len(name or rest[0]) :]
    return coloured.replace("full", "<sub>full</sub>")


def _grid(symbol, role):
    return MapGrid(np.zeros((1, 1)), symbol=symbol, role=role, colours="signed")


def _lane(grids, signs):
    """Grids with a sign between each two, in a row that keeps its place."""
    parts = [grids[0]]
    for sign, grid in zip(signs, grids[1:], strict=True):
        parts += [widgets.HTML(formula.sign(sign)), grid]
    return widgets.HBox(parts, layout=widgets.Layout(align_items="center"))


def _row(parts):
    return widgets.HBox(parts, layout=widgets.Layout(align_items="center", flex_flow="row wrap"))


def _height(rows):
    """Pixels of a lane whose highest map has so many rows: its title, the rows, the border."""
    return 34 + 24 * rows

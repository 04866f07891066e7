"""The kernel rotator of notebook 01: a kernel turns by 180° on its window, and one sum changes with it.

The kernel lies on the input, and its corner mark and indices turn with it.  Beside it are the nine products of that
window and their sum.  :mod:`.readings` computes what is shown.
"""

import html

import ipywidgets as widgets
import numpy as np

from cnnlib import ops
from cnnlib.plots.colours import style
from cnnlib.plots.html import with_star
from cnnlib.plots.number_format import factor, written

from ...parts.controls import dropdown, toggle
from ...parts.explorer import Explorer
from ...parts.map_grid import MapGrid
from ...parts.transport import Transport
from ...parts.window_cells import window
from .goals import TASK
from .readings import FRAMES, QUARTER, angle, as_typed, name, own_kernel, read_window, words

X = np.array([[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8], [9, 7, 9, 3]])
K = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
SPEEDS = {"slow": 0.2, "normal": 0.07, "fast": 0.03}  # seconds a frame
SIGNS = [("⋆ correlation", "correlation"), ("∗ convolution", "convolution")]
CELL, TITLE, HEAD, MARGIN = 52, 28, 24, 60  # pixels: a cell, the lines above the map, and what stands to its left
STYLE = style(f"""
.cnn-rotator {{ --jp-widgets-font-size: 16px; --jp-widgets-inline-height: 32px; }}
.cnn-rotator :is(.widget-html, .widget-html-content) {{ margin-block: 0; min-height: 0; }}
.cnn-rotator .cnn-stage {{ position: relative; overflow: visible; flex: none; }}
.cnn-rotator .cnn-stage .cnn-map {{ padding: 0; font-size: 18px; }}
.cnn-rotator .cnn-stage .cnn-map .cnn-room {{ --cell: {CELL}px; --high: {CELL}px; --left: {MARGIN}px; padding: 0; }}
.cnn-rotator .cnn-stage .cnn-map .cnn-title {{ height: {TITLE}px; min-height: 0; }}
.cnn-rotator .cnn-stage .cnn-map .cnn-row:first-child > .cnn-index {{ height: {HEAD}px; }}
.cnn-rotator .cnn-stage .cnn-lies {{ position: absolute; overflow: visible; margin: 0; pointer-events: none; }}
.cnn-rotator .cnn-lies .cnn-title {{ display: none; }}
.cnn-rotator .cnn-lies .cnn-cell {{ --tint: color-mix(in srgb, var(--cnn-kernel-line) 16%, transparent);
  background-image: linear-gradient(var(--tint), var(--tint)); }}
/* In a cell the input stands top left and the tap bottom right, upright at every angle. */
.cnn-rotator .cnn-stage .cnn-map .cnn-text {{ top: 0; left: 0; transform: translate(-11px, -11px); }}
.cnn-rotator .cnn-lies .cnn-map .cnn-text {{ color: var(--cnn-kernel); font-weight: 600;
  transform: rotate(calc(-1 * var(--angle))) translate(11px, 11px); }}
.cnn-rotator .cnn-lies .cnn-map .cnn-note {{ inset: 0; display: flex; align-items: center; justify-content: center;
  font-size: 13px; transform: rotate(calc(-1 * var(--angle))) translate(12px, -14px); }}
.cnn-rotator .cnn-sums {{ font-size: 18px; line-height: 1.5; color: var(--cnn-text);
  font-variant-numeric: tabular-nums;  padding: 2px; }}
.cnn-rotator .cnn-sums table {{ font: inherit; margin: 2px 0; border: 0; }}
.cnn-rotator .cnn-sums td {{ padding: 0 .3em 0 0; border: 0; background: none; text-align: left;
  white-space: nowrap; }}
.cnn-rotator .cnn-sums .cnn-total {{ font-size: 24px; }}
""")


class Rotator(Explorer):
    """``Rotator()`` turns a 3×3 kernel on one window of X, which has at least 3×3 cells."""

    task = TASK

    def __init__(self, K=K, X=X):
        self.K, self.X = np.array(K), np.array(X)
        if self.K.shape != (3, 3) or self.X.ndim != 2 or min(self.X.shape) < 3:
            raise ValueError(f"Rotator: it takes K 3×3 and X at least 3×3, not {self.K.shape} and {self.X.shape}")
        controls = self._build_controls()
        self.text, self.answer = self._build_text()
        self.sum = widgets.HTML(layout=widgets.Layout(min_height="160px"))
        line = widgets.Layout(align_items="center", flex_flow="row wrap", grid_gap="4px 18px")
        choices = widgets.HBox([controls["sign"], controls["corner"], self.text], layout=line)
        beside = widgets.VBox([choices, self.answer, self.sum], layout=widgets.Layout(flex="1 1 340px"))
        apart = widgets.Layout(align_items="flex-start", grid_gap="8px 40px", flex_flow="row wrap",
                               min_height="270px")  # fmt: skip
        body = widgets.HBox([self._build_stage(), beside], layout=apart)
        super().__init__([widgets.HTML(STYLE), body, controls["turn"]], controls)
        self.add_class("cnn-rotator")
        self.draw()

    def _build_stage(self):
        """The input, and the kernel in a box of its own that lies on it."""
        self.window = MapGrid(self.X, symbol="X", role="input", indices=("p", "q"), digits=2, interactive=True)
        self.kernel = MapGrid(self.K, role="kernel", mark="as_is", angle=0, digits=2, notes={})
        self.window.observe(self._clicked, "chosen")
        self.lies = widgets.Box([self.kernel])
        self.lies.add_class("cnn-lies")
        rows, columns = self.X.shape
        stage = widgets.Box([self.window, self.lies])
        stage.layout.width = f"{MARGIN + CELL * columns + 4}px"
        stage.layout.height = f"{TITLE + HEAD + CELL * rows + 6}px"
        stage.add_class("cnn-stage")
        return stage

    def _build_controls(self):
        rows, columns = self.X.shape
        corners = [(f"({i}, {j})", (i, j)) for i, j in np.ndindex(rows - 2, columns - 2)]
        sign = toggle("", SIGNS, "150px", tooltips=["K is read as it lies", "K is turned before it is read"])
        corner = dropdown("window at", corners, "175px")
        turn = Transport(FRAMES + 1, words=words, speeds=SPEEDS, still=(0, QUARTER, FRAMES))
        return {"sign": sign, "corner": corner, "turn": turn}

    def _build_text(self):
        text = widgets.Text(as_typed(self.K), description="your K", continuous_update=False)
        text.layout.width, text.style.description_width = "290px", "60px"
        text.observe(self._typed, "value")
        return text, widgets.HTML(layout=widgets.Layout(min_height="24px"))

    # --------------------------------------------------------------------------------- the picture

    def draw(self):
        """Bring the kernel, its place and the sum up to date."""
        frame, corner = self.controls["turn"].position, self.controls["corner"].value
        operation = self.controls["sign"].value
        indices = {(u, v): f"{u}{v}" for u, v in np.ndindex(3, 3)}
        self.kernel.show(self.K, angle=angle(frame, operation), notes=indices)
        self.lies.layout.left = f"{MARGIN + CELL * corner[1]}px"
        self.lies.layout.top = f"{TITLE + HEAD + CELL * corner[0]}px"
        self.window.show(outlined=window(corner, (3, 3)))
        self.sum.value = self._said(read_window(self.X, self.K, corner, operation, frame), frame, operation, corner)

    def _said(self, reading, frame, operation, corner):
        """The nine products in the places of the window, and their sum."""
        lines = ["<tr><td>on its way: no cell lies on a cell</td></tr>"] + 2 * ["<tr><td>&nbsp;</td></tr>"]
        total = "&nbsp;"
        if reading is not None:
            terms = [[f"{written(x)}·{factor(tap)}" for x, tap in zip(*rows, strict=True)]
                     for rows in zip(reading.inputs, reading.taps, strict=True)]  # fmt: skip
            lines = [f"<tr><td>{'</td><td>+ '.join(row)}</td><td>{plus}</td></tr>"
                     for row, plus in zip(terms, ("+", "+", ""), strict=True)]  # fmt: skip
            total = f"= <b>{written(reading.total)}</b>"
        same = "K looks the same after the turn, so nobody can see it." if self._symmetric() else ""
        head = f"{with_star(html.escape(name(frame, operation)))} at ({corner[0]}, {corner[1]})"
        return (
            f'<div class="cnn-sums"><b>{head}</b><table>{"".join(lines)}</table>'
            f'<div class="cnn-total" role="status">{total}</div>{same}</div>'
        )

    def _symmetric(self):
        return bool((ops.rot180(self.K) == self.K).all())

    # ------------------------------------------------------------------------- what a person can do

    def _clicked(self, change):
        """A click on a cell moves the window there, or as near as possible."""
        if change["new"] is not None:
            change["owner"].chosen = None
            furthest = (self.X.shape[0] - 3, self.X.shape[1] - 3)
            self.controls["corner"].value = tuple(map(min, change["new"], furthest))

    def _typed(self, change):
        """Take over a typed kernel; if it cannot be used, say why and keep K."""
        try:
            self.K, self.answer.value = own_kernel(change["new"]), ""
        except ValueError as error:
            message = html.escape(f"{error}. The kernel stays {as_typed(self.K)}.")
            self.answer.value = f'<span role="status" style="font-size:14px;line-height:22px">{message}</span>'
        self.draw()

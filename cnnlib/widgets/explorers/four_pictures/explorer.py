"""The explorer of notebook 06: one input gradient as gather, scatter, matrix and col2im, product by product.

Choose an input cell (p, q).  The products that make dX[p, q] carry the same number and the same shade in all
four pictures, and a bar adds one at a time.  :mod:`pictures` computes what is shown, each total from its
own arrays, so that the four totals are equal by computation and not one number printed four times.
"""

import ipywidgets as widgets
import numpy as np

from cnnlib.plots.colours import SHADES, ink_on, style
from cnnlib.plots.html import with_star
from cnnlib.plots.number_format import factor, written
from cnnlib.widgets.parts.controls import dropdown
from cnnlib.widgets.parts.explorer import Explorer
from cnnlib.widgets.parts.map_grid import MapGrid
from cnnlib.widgets.parts.transport import Transport
from cnnlib.widgets.parts.window_cells import window

from .goals import TASK
from .pictures import in_framed, in_table, in_turned, pictures, window_number

STYLE = style("""
.cnn-four-pictures { --cnn-map-size: 13px; font-size: 15px; --jp-widgets-inline-height: 26px; }
.cnn-four-pictures :is(.widget-html, .widget-html-content) { margin-block: 0; line-height: 1.3; }
.cnn-four-pictures .cnn-map { padding: 0 3px; line-height: 1.2; }
.cnn-four-pictures .cnn-map .cnn-title { min-height: 19px; }
.cnn-four-pictures .cnn-map.cnn-indexed { --left: 36px; }
.cnn-four-pictures .cnn-map .cnn-row > .cnn-index:first-child { padding-right: 5px; }
.cnn-four-pictures .cnn-map .cnn-row:first-child > .cnn-index { height: 16px; }
.cnn-four-pictures .cnn-map .cnn-room, .cnn-four-pictures .cnn-map.cnn-noted .cnn-room { --high: 19px;
  --cell: max(24px, calc(var(--digits) * 1ch + 4px)); }
.cnn-four-pictures .cnn-numbered .cnn-map .cnn-room { --cell: calc(var(--digits) * 1ch + 17px); }
/* The number of a product is a badge at the cell's left edge: nobody takes it for a power. */
.cnn-four-pictures .cnn-map.cnn-noted .cnn-text { top: 0; }
.cnn-four-pictures .cnn-numbered .cnn-map .cnn-cell { text-align: right; padding-right: 2px; }
.cnn-four-pictures .cnn-map .cnn-note:not(:empty), .cnn-four-pictures .cnn-says i { font-size: 10px;
  font-style: normal; min-width: 12px;
  box-sizing: border-box; border-radius: 6px; line-height: 12px; text-align: center;
  background: var(--cnn-page); color: var(--cnn-text); box-shadow: 0 0 0 1px var(--cnn-text); padding: 0 2px; }
.cnn-four-pictures .cnn-map .cnn-note { top: 3px; left: 2px; right: auto; }
.cnn-four-pictures .cnn-says { font-size: 15px; line-height: 20px; color: var(--cnn-text);
  font-variant-numeric: tabular-nums; }
.cnn-four-pictures .cnn-says .cnn-later { color: var(--cnn-quiet); }
.cnn-four-pictures .cnn-says span { white-space: nowrap; }
.cnn-four-pictures .cnn-says i { display: inline-block; }
/* A slide is higher than a notebook's picture may be: larger numbers, and the badges above them. */
[data-jp-deck-mode="presenting"] .cnn-four-pictures { --cnn-map-size: 14px; }
[data-jp-deck-mode="presenting"] .cnn-four-pictures .cnn-map.cnn-indexed { --left: 44px; }
[data-jp-deck-mode="presenting"] .cnn-four-pictures .cnn-map :is(.cnn-room, .cnn-note:not(:empty)),
[data-jp-deck-mode="presenting"] .cnn-four-pictures .cnn-says i { --high: 38px; font-size: 14px; line-height: 16px;
  min-width: 17px; border-radius: 8px; }
[data-jp-deck-mode="presenting"] .cnn-four-pictures .cnn-map .cnn-room { line-height: inherit;
  --cell: max(26px, calc(var(--digits) * 1ch + 5px)); }
[data-jp-deck-mode="presenting"] .cnn-four-pictures .cnn-numbered .cnn-map .cnn-text { top: 9px; }
""")


class FourPictures(Explorer):
    """``FourPictures(delta, K, cell=(1, 1))``: deltas (m_h, m_w), a kernel (k_h, k_w), the cell shown first.

    No product is added at first.
    The layer is a valid correlation of stride 1.  ValueError where more than six products meet in a cell.
    """

    task = TASK

    def __init__(self, delta, K, *, cell=(0, 0)):
        self.delta, self.K = np.asarray(delta), np.asarray(K)
        most = min(len(self.delta), len(self.K)) * min(self.delta.shape[1], self.K.shape[1])
        if most > len(SHADES):
            raise ValueError(f"FourPictures: {most} products meet in one cell; it shows {len(SHADES)} at most")
        size = tuple(m + k - 1 for m, k in zip(self.delta.shape, self.K.shape, strict=True))
        cells = [(f"({p}, {q})", (p, q)) for p, q in np.ndindex(size)]
        self.cell = dropdown("input cell (p, q)", cells, "200px", value=tuple(cell))
        self._terms, self._shown_cell = [], None
        self.products = Transport(1, words=lambda added: f"{added} of {len(self._terms)} products added")
        self._build(size)
        said = widgets.HBox([self.cell, self.sum])
        said.layout.align_items, said.layout.flex_flow = "center", "row wrap"
        rows = [widgets.HTML(STYLE), self._grid_of_panels(), said, self.products]
        super().__init__(rows, {"cell": self.cell, "product": self.products})
        self.add_class("cnn-four-pictures")
        self.dX.observe(self._clicked, "chosen")
        self.draw()

    def draw(self):
        cell = self.cell.value
        if cell != self._shown_cell:  # a new cell begins without products: the first is the learner's to add
            self._shown_cell, self._terms = cell, pictures(self.delta, self.K, cell, 0).terms
            self.products.position = 0
            self.products.count = len(self._terms) + 1
        shown = pictures(self.delta, self.K, cell, self.products.position)
        now = shown.terms[: self.products.position]
        at = [window_number(t, self.delta) for t in now]
        _mark(self.framed, [in_framed(t, self.K) for t in now])
        self.framed.outlined = window(cell, self.K.shape)
        _mark(self.turned, [in_turned(t, self.K) for t in now])
        _mark(self.spread, [(t.i, t.j) for t in now])
        _mark(self.kernel, [(t.u, t.v) for t in now])
        last = now[-1:]
        pasted_at = [place for t in last for place in window((t.i, t.j), self.K.shape)]
        self.dX.show(shown.pasted, chosen=cell, outlined=pasted_at)
        _mark(self.matrix, [(r, shown.column) for r in at])
        self.matrix.outlined = [(r, shown.column) for r in range(self.delta.size)]
        _mark(self.rows, [(r, 0) for r in at])
        _mark(self.table, [in_table(t, self.delta, self.K) for t in now])
        for name, total in shown.totals.items():
            self.headings[name].value = _heading(name, total)
        self.sum.value = _sum(shown.terms, len(now), self.delta, self.K, cell)

    def _clicked(self, change):
        if change["new"] is not None:
            self.cell.value = tuple(change["new"])

    def _build(self, size):
        shown = pictures(self.delta, self.K, (0, 0), 0)
        first = tuple(1 - k for k in self.K.shape)
        top, left = -first[0], -first[1]
        padding = np.ones(shown.framed.shape, dtype=bool)
        padding[top : top + len(self.delta), left : left + self.delta.shape[1]] = False
        digits = max(len(written(abs(value))) for value in (shown.table.min(), shown.table.max()))
        noted = dict(notes={})
        self.framed = MapGrid(shown.framed, symbol="δ", role="delta", indices=("i", "j"), first=first,
                              hatched=padding, **noted)  # fmt: skip
        self.turned = MapGrid(shown.turned, symbol="K turned", role="kernel", mark="turned", **noted)
        self.spread = MapGrid(self.delta, symbol="δ", role="delta", **noted)
        self.kernel = MapGrid(self.K, symbol="K", role="kernel", mark="as_is", **noted)
        self.dX = MapGrid(shown.pasted, symbol="dX", role="input", indices=("p", "q"), interactive=True,
                          digits=digits, **noted)  # fmt: skip
        self.matrix = MapGrid(shown.C, symbol="C", role="kernel", indices=("r", "c"), **noted)
        self.rows = MapGrid(self.delta.reshape(-1, 1), symbol="δ", role="delta", **noted)
        self.table = MapGrid(shown.table, symbol="δ·K", indices=("r", "t"), digits=digits, **noted)
        for grid in (self.framed, self.turned, self.spread, self.kernel, self.matrix, self.rows, self.table):
            grid.add_class("cnn-numbered")
        self.headings = {name: widgets.HTML() for name in shown.totals}
        self.sum = widgets.HTML()

    def _grid_of_panels(self):
        parts = {
            "gather": [self.framed, _sign("⋆"), self.turned],
            "scatter": [self.spread, _sign("·"), self.kernel, _sign("→"), self.dX],
            "matrix": [self.rows, self.matrix],
            "col2im": [self.table],
        }
        line = dict(align_items="flex-end", overflow="visible")
        panels = [
            widgets.VBox([self.headings[name], widgets.HBox(grids, layout=widgets.Layout(**line))])
            for name, grids in parts.items()
        ]
        layout = widgets.Layout(grid_template_columns="max-content max-content", grid_gap="0 24px")
        return widgets.GridBox(panels, layout=layout)


EXPLAINED = {
    "gather": "collect, with K turned",
    "scatter": "paste δ·K, as it is",
    "matrix": "down a column of C, times δ",
    "col2im": "all products, then to their place",
}


def _heading(name, total):
    number = list(EXPLAINED).index(name) + 1  # as the notebook counts the pictures
    words = f"<b>{number} {name}</b>: {EXPLAINED[name]}"
    return f'<div class="cnn-says">{words} · total <b>{written(total)}</b></div>'


def _sum(found, added, delta, K, cell):
    """dX[p, q] as the sum of its products, each with its badge and what it gives; those to come are pale."""
    terms = []
    for n, (i, j, u, v) in enumerate(found):
        given = f" (here {factor(delta[i, j])}·{factor(K[u, v])})" if n == added - 1 else ""
        state = "" if n < added else ' class="cnn-later"'
        terms.append(f"<span{state}><i>{n + 1}</i> δ[{i},{j}]·K[{u},{v}]{given}</span>")
    return f'<div class="cnn-says" role="status">dX[{cell[0]},{cell[1]}] = {" + ".join(terms)}</div>'


def _mark(grid, places):
    """Shade and number these cells of a grid, in order, and clear the others."""
    rows, columns = grid.values.shape
    fills, inks = ([[""] * columns for _ in range(rows)] for _ in range(2))
    for n, (i, j) in enumerate(places):
        fills[i][j], inks[i][j] = SHADES[n], ink_on(SHADES[n])
    with grid.hold_sync():
        grid.fills, grid.inks = fills, inks
        grid.notes = {place: str(n + 1) for n, place in enumerate(places)}


def _sign(text):
    return widgets.HTML(f'<div class="cnn-says" style="padding:0 2px 14px;font-size:22px">{with_star(text)}</div>')

"""The explorer of notebook 09: one cell forward through a pooling block, and the delta on its way back.

Above are Z → A → P, below the gradient of each, under its map.  The sigmoid lies between Z and A, the pooling
between A and P, and each has its own step back.  :mod:`.flow` computes what is shown, and its sentences.
"""

from itertools import product

import ipywidgets as widgets
import numpy as np

from cnnlib.plots.colours import style
from cnnlib.plots.image_grid import scale_limit
from cnnlib.widgets.parts import formula
from cnnlib.widgets.parts.controls import dropdown
from cnnlib.widgets.parts.explorer import Explorer
from cnnlib.widgets.parts.map_grid import MapGrid
from cnnlib.widgets.parts.transport import Transport

from .flow import MAPS, POOLS, flow, sentences
from .goals import TASK

SCALES = ((2, 2), (2, 3))
POOLED = ("P", "dP")  # a cell for each block; the other maps have all cells
STEPS = (
    "Z, before the activation",
    "down: A",
    "down: P, one cell for each block",
    "back: ∂L/∂P, from the next layer",
    "back: ∂L/∂A",
    "back: ∂L/∂Z, the δ of the convolution",
)
STYLE = style("""
.cnn-pooling-block { --cnn-map-size: 13px; --jp-widgets-font-size: 15px; --jp-widgets-inline-height: 28px; }
.cnn-pooling-block :is(.widget-html, .widget-html-content) { margin-block: 0; }
.cnn-pooling-block .cnn-map { padding: 0 4px; }
.cnn-pooling-block .cnn-map .cnn-title { min-height: 19px; }
.cnn-pooling-block .cnn-map.cnn-indexed { --left: 42px; }
.cnn-pooling-block .cnn-map .cnn-row:first-child > .cnn-index { height: 15px; }
.cnn-pooling-block .cnn-map .cnn-room { --cell: calc(var(--digits) * 1ch + .5em); }
.cnn-pooling-block .cnn-marked .cnn-map .cnn-room { --cell: calc(var(--digits) * 1ch + 1.15em); }
.cnn-pooling-block .cnn-map.cnn-noted .cnn-room { --high: 16px; }
.cnn-pooling-block .cnn-map.cnn-noted .cnn-text { top: 0; }
.cnn-pooling-block .cnn-map .cnn-note { top: 1px; right: 1px; }
.cnn-pooling-block .widget-dropdown { margin-right: 12px; }
.cnn-pooling-block .cnn-formula { font-size: 14px; line-height: 18px; }
.cnn-pooling-block .cnn-steps { display: flex; flex-wrap: wrap; gap: 0 22px; min-height: 54px; }
.cnn-pooling-block .cnn-step { text-align: center; font-size: 14px; line-height: 1.1; width: 64px;
  padding-bottom: 22px; color: var(--cnn-text); }
.cnn-pooling-block .cnn-step b { display: block; font-size: 22px; font-weight: normal; line-height: 1; }
/* Where one map stands below the other, so do the arrows. */
.cnn-pooling-block.cnn-narrow :is(.widget-gridbox, .cnn-view-grid) { flex-flow: column;
  align-items: flex-start !important; }
.cnn-pooling-block.cnn-narrow .cnn-step { width: auto; padding: 0 0 0 60px; display: flex; gap: 10px; }
.cnn-pooling-block.cnn-narrow .cnn-step b { rotate: 90deg; order: -1; }
""")


class PoolingBlock(Explorer):
    """``PoolingBlock(A, delta, cell=(0, 0))``: activations A (n_h, n_w), delta = ∂L/∂P for blocks of 2×2.

    With blocks of 2×3 the first columns of delta serve.  ValueError unless both blocks divide A, 0 < A < 1, and
    delta is (n_h/2, n_w/2).
    """

    task = TASK

    def __init__(self, A, delta, *, cell=(0, 0)):
        self.A, self.delta = np.asarray(A, dtype=float), np.asarray(delta, dtype=float)
        _check(self.A, self.delta)
        cells = [(f"({p}, {q})", (p, q)) for p, q in np.ndindex(self.A.shape)]
        self.cell = dropdown("cell (p, q)", cells, "170px", value=tuple(cell))
        self.pooling = dropdown("pooling", list(POOLS), "150px", value="mean")
        self.scale = dropdown("block", [(f"{h}×{w}", (h, w)) for h, w in SCALES], "130px", value=SCALES[0])
        self.sigmoid = dropdown("activation", [("sigmoid", True), ("none", False)], "185px", value=True)
        self.steps = Transport(len(STEPS), words=lambda n: f"step {n} of {len(STEPS) - 1}, {STEPS[n]}")
        self.steps.position = len(STEPS) - 1
        self.grids = {name: self._grid(name) for name in MAPS}
        self.map_A = self.grids["A"]  # where a goal asks for a cell
        self.arrows = {name: widgets.HTML() for name in ("A", "P", "dA", "dZ")}
        self.text = widgets.HTML()
        menus = widgets.HBox([self.cell, self.pooling, self.scale, self.sigmoid])
        menus.layout.flex_flow = "row wrap"
        controls = {"cell": self.cell, "pooling": self.pooling, "scale": self.scale, "activation": self.sigmoid,
                    "step": self.steps}  # fmt: skip
        super().__init__([widgets.HTML(STYLE), menus, self._board(), self.text, self.steps], controls)
        self.add_class("cnn-pooling-block")
        self._make_room()
        for name in ("Z", "A", "dA", "dZ"):
            self.grids[name].observe(self._clicked, "chosen")
        self.draw()

    def draw(self):
        """The maps that are there already, the chosen cell and its block, and the steps in words."""
        cell, pooling, scale, sigmoid = self.cell.value, self.pooling.value, self.scale.value, self.sigmoid.value
        shown, there = flow(self.A, self.delta, cell, pooling, scale, sigmoid), self.steps.position + 1
        for number, name in enumerate(MAPS):
            values = getattr(shown, name)
            settings = dict(chosen=shown.owner if name in POOLED else cell)
            if name in ("A", "dA"):
                marks = {one: "▲" for one in shown.winners} if number < there else {}
                settings |= dict(outlined=shown.block, notes=marks)
            self.grids[name].show(values if number < there else _empty(values.shape), **settings)
        self.grids["A"].caption = "▲ largest of its block" if pooling == "max" and there > 1 else ""
        back = f"/ {scale[0] * scale[1]}" if pooling == "mean" else "to ▲"
        signs = {"A": ("σ" if sigmoid else "as it is", "→"), "P": (pooling, "→"), "dA": (back, "←"),
                 "dZ": ("· a(1−a)" if sigmoid else "as it is", "←")}  # fmt: skip
        for name, (word, arrow) in signs.items():
            self.arrows[name].value = f'<div class="cnn-step">{word}<b>{arrow}</b></div>'
        self.text.value = _in_a_row(sentences(shown, cell, pooling, sigmoid), self.steps.position)

    def _clicked(self, change):
        if change["new"] is not None:
            self.cell.value = tuple(change["new"])

    def _grid(self, name):
        symbol, role = (f"∂L/∂{name[1:]}", "delta") if name.startswith("d") else (name, "output")
        indices = {"Z": ("p", "q"), "dZ": ("p", "q"), "P": ("i", "j"), "dP": ("i", "j")}.get(name)
        colours = "unit" if name in ("A", "P") else "signed"
        # One scale for all gradients: the colours show how little of δ comes through.
        limit = scale_limit(self.delta) if role == "delta" else None
        grid = MapGrid(
            np.zeros((1, 1)),
            symbol=symbol,
            role=role,
            colours=colours,
            limit=limit,
            notes={},
            indices=indices,
            interactive=name not in POOLED,
            digits=4 if name in POOLED else 1,
        )
        if name in ("A", "dA"):
            grid.add_class("cnn-marked")
        return grid

    def _make_room(self):
        """Show every setting once, so that no cell grows later and no colour changes its meaning."""
        for pooling, scale, sigmoid in product(POOLS, SCALES, (True, False)):
            shown = flow(self.A, self.delta, (0, 0), pooling, scale, sigmoid)
            for name, grid in self.grids.items():
                grid.show(getattr(shown, name))

    def _board(self):
        """Two lanes: each gradient stands under its map."""
        lanes = [("Z", "A", "P"), ("dZ", "dA", "dP")]
        parts = []
        for (left, middle, right), (first, second) in zip(lanes, (("A", "P"), ("dZ", "dA")), strict=True):
            parts += [self.grids[left], self.arrows[first], self.grids[middle], self.arrows[second],
                      self.grids[right]]  # fmt: skip
        columns = "max-content 64px max-content 64px max-content"
        layout = widgets.Layout(grid_template_columns=columns, grid_gap="5px 0", align_items="flex-end")
        return widgets.GridBox(parts, layout=layout)


def _check(A, delta):
    """ValueError for maps that the explorer cannot show."""
    if A.ndim != 2 or any(n % s for scale in SCALES for n, s in zip(A.shape, scale, strict=True)):
        raise ValueError(f"PoolingBlock: A has shape {A.shape}; blocks of 2×2 and of 2×3 have to divide it")
    if not ((A > 0) & (A < 1)).all():
        raise ValueError("PoolingBlock: A has to lie between 0 and 1, as the output of a sigmoid does")
    fits = (A.shape[0] // 2, A.shape[1] // 2)
    if delta.shape != fits:
        raise ValueError(f"PoolingBlock: delta is {delta.shape}; blocks of 2×2 leave {fits}")


def _in_a_row(steps, position):
    """The steps one after the other; the places of later steps stay empty."""
    lines = [text if number < position else "&nbsp;" for number, text in enumerate(steps)]
    shown = "".join(f'<div class="cnn-line">{line}</div>' for line in lines)
    return formula.page(f'<div class="cnn-steps">{shown}</div>')


def _empty(shape):
    return np.full(shape, "")

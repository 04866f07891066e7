"""The explorer of notebook 08: what one input map contributes to one output map, forward and backward.

The slices of the kernels are a table with a row for each output map and a column for each input map, and beside
each slice its term.  Forward a row adds up to Z; backward every slice is turned in its place, and a column adds
up to dX.  :mod:`terms` computes what is shown.
"""

import ipywidgets as widgets
import numpy as np

from cnnlib.plots.colours import style
from cnnlib.plots.image_grid import scale_limit
from cnnlib.plots.number_format import entries
from cnnlib.widgets.parts.controls import toggle
from cnnlib.widgets.parts.explorer import Explorer
from cnnlib.widgets.parts.map_grid import MapGrid

from .goals import TASK
from .terms import BACKWARD, FORWARD, added_up, fitting, paths, products
from .words import in_words

STYLE = style("""
.cnn-channel-paths { --cnn-map-size: 14px; }
.cnn-channel-paths .cnn-map { padding: 0 4px; }
.cnn-channel-paths .cnn-map .cnn-title { min-height: 20px; }
.cnn-channel-paths .cnn-map .cnn-mark::before { width: .5em; height: .5em; }
.cnn-channel-paths .cnn-map .cnn-room { --high: 19px; --cell: max(26px, calc(var(--digits) * 9.6px)); }
.cnn-channel-paths .cnn-path > :first-child .cnn-size { display: none; }
.cnn-channel-paths .cnn-apart .cnn-cell { background: none !important; }
.cnn-channel-paths .cnn-apart .cnn-cell, .cnn-channel-paths .cnn-apart .cnn-title b {
  color: var(--cnn-quiet) !important; }
.cnn-channel-paths .cnn-apart .cnn-frame { stroke: var(--cnn-thin); }
.cnn-channel-paths .cnn-break { display: none; }
.cnn-channel-paths.cnn-narrow .cnn-break { display: block; flex: 0 0 100%; height: 0; margin: 0; }
/* Its four sentences stand two in a line. */
.cnn-channel-paths .cnn-formula { font-size: 15px; line-height: 23px; padding: 0 0 0 6px; display: flex;
  flex-wrap: wrap; gap: 0 26px; }
.cnn-channel-paths .cnn-formula sub { line-height: 0; }
""")
SHOWN = {FORWARD: ("X", "Z"), BACKWARD: ("δ", "dX")}  # the sources and the results
ROLES = {"X": "input", "dX": "input", "Z": "output", "δ": "delta"}


class ChannelPaths(Explorer):
    """``ChannelPaths(X, K, delta, c=0, o=0)``: maps (I, n_h, n_w), kernels (J, I, k_h, k_w), deltas (J, m_h, m_w).

    A click on a slice chooses input map c and output map o; a click on a cell of a result shows what was added
    up there.  ValueError for maps that do not belong to one layer.
    """

    task = TASK

    def __init__(self, X, K, delta, *, c=0, o=0):
        self.X, self.K, self.delta = fitting(X, K, delta)
        self.paths = {direction: paths(self.X, self.K, self.delta, direction) for direction in (FORWARD, BACKWARD)}
        self.cells = {FORWARD: (0, 0), BACKWARD: (0, 0)}  # the chosen cell of the result
        self.direction = toggle("", [FORWARD, BACKWARD], "110px", value=FORWARD)
        self.input_map = toggle("input map c", range(len(self.X)), "44px", value=c)
        self.output_map = toggle("output map o", range(len(self.K)), "44px", value=o)
        self._shown, self._drawing = None, False
        self._build_grids()
        self.text = widgets.HTML(layout=widgets.Layout(min_height="46px"))
        self.board = self._table()
        buttons = widgets.HBox([self.direction, self.input_map, self.output_map])
        controls = {"direction": self.direction, "input map": self.input_map, "output map": self.output_map}
        super().__init__([widgets.HTML(STYLE), buttons, self.board, self.text], controls)
        self.add_class("cnn-channel-paths")
        self._listen()
        self.draw()

    def draw(self):
        """The chosen slice, the terms that are added up with it, and the sum."""
        if self._drawing:
            return
        self._drawing = True
        try:
            direction, c, o = self.direction.value, self.input_map.value, self.output_map.value
            if direction != self._shown:
                self._show_maps(direction)
            cell = self.cells[direction]
            found = products(self.X, self.K, self.delta, direction, c, o, cell)
            self._show_choice(direction, c, o, [product.at for product in found])
            self.text.value = in_words(self.paths[direction], direction, c, o, cell, found)
        finally:
            self._drawing = False

    def _show_maps(self, direction):
        """Show the maps of one direction where those of the other were."""
        self._shown, now = direction, self.paths[direction]
        limit = scale_limit(now.terms, now.results)
        mark = "as_is" if direction == FORWARD else "turned"
        for (o, c), (kernel, term) in self.table.items():
            number = c if direction == FORWARD else o
            kernel.show(now.slices[o, c], mark=mark)
            term.show(now.terms[o, c], limit=limit, symbol=f"{'+ ' if number else ''}term {number}")
        for name, grids in self.maps.items():
            for grid in grids:
                grid.layout.display = None if name in SHOWN[direction] else "none"

    def _show_choice(self, direction, c, o, window):
        """Outlines: the slice, the cell of the result and of its terms, the window in the source."""
        cell, together = self.cells[direction], added_up(direction, c, o, self.K.shape[:2])
        for place, (kernel, term) in self.table.items():
            kernel.show(chosen=None, outlined=np.full(kernel.values.shape, place == (o, c)))
            term.show(outlined=[cell] if place in together else [])
            _dim(self.boxes[place], place not in together)
        one, other = (c, o) if direction == FORWARD else (o, c)
        sources, results = SHOWN[direction]
        for number, grid in enumerate(self.maps[sources]):
            grid.show(outlined=window if number == one else [])
            _dim(self.places[sources][number], False)
        for number, grid in enumerate(self.maps[results]):
            grid.show(chosen=cell if number == other else None)
            _dim(self.places[results][number], number != other)

    # ------------------------------------------------------------------------------ grids and clicks

    def _build_grids(self):
        ahead, back = self.paths[FORWARD], self.paths[BACKWARD]
        wide = max(_digits(now.terms, now.results) for now in (ahead, back))
        taps = _digits(self.K)
        of_dX, of_Z = (scale_limit(now.terms, now.results) for now in (back, ahead))
        self.maps = {
            "X": [_grid("X", n, A) for n, A in enumerate(self.X)],
            "dX": [_grid("dX", n, A, of_dX, wide) for n, A in enumerate(back.results)],
            "Z": [_grid("Z", n, A, of_Z, wide) for n, A in enumerate(ahead.results)],
            "δ": [_grid("δ", n, A, scale_limit(self.delta)) for n, A in enumerate(self.delta)],
        }
        above = [_place(pair, self.X.shape[1:], wide) for pair in zip(self.maps["X"], self.maps["dX"], strict=True)]
        beside = [_place(pair) for pair in zip(self.maps["Z"], self.maps["δ"], strict=True)]
        self.places = {"X": above, "dX": above, "Z": beside, "δ": beside}
        self.table, self.boxes = {}, {}
        largest = (back.terms if back.terms[0, 0].size >= ahead.terms[0, 0].size else ahead.terms)[0, 0]
        for o, c in np.ndindex(self.K.shape[:2]):
            kernel = MapGrid(self.K[o, c], symbol=f"K[{o},{c}]", role="kernel", colours="signed",
                             limit=scale_limit(self.K), digits=taps, interactive=True)  # fmt: skip
            term = MapGrid(largest, colours="signed", digits=wide)
            self.table[o, c] = kernel, term
            self.boxes[o, c] = _place((kernel, term), largest.shape, wide, beside=(self.K.shape[3], taps))
            self.boxes[o, c].add_class("cnn-path")

    def _table(self):
        """Input maps above their columns, output maps beside their rows."""
        J, I = self.K.shape[:2]
        rows = [*self.places["X"], widgets.HTML()]
        for o in range(J):
            rows += [_break(), *(self.boxes[o, c] for c in range(I)), self.places["Z"][o]]
        layout = widgets.Layout(grid_template_columns=f"repeat({I + 1}, max-content)", grid_gap="1px 12px",
                                overflow="visible")  # fmt: skip
        return widgets.GridBox(rows, layout=layout)

    def _listen(self):
        for place, (kernel, _) in self.table.items():
            kernel.observe(lambda change, place=place: self._slice_chosen(change, *place), "chosen")
        for name, control in (("Z", self.output_map), ("dX", self.input_map)):
            for number, grid in enumerate(self.maps[name]):
                grid.observe(lambda change, at=(control, number): self._cell_chosen(change, *at), "chosen")

    def _slice_chosen(self, change, o, c):
        if change["new"] is not None and not self._drawing:
            self.input_map.value, self.output_map.value = c, o
            self.draw()

    def _cell_chosen(self, change, control, number):
        if change["new"] is not None and not self._drawing:
            self.cells[self.direction.value] = tuple(change["new"])
            control.value = number
            self.draw()


def _grid(name, number, values, limit=None, digits=1):
    return MapGrid(values, symbol=f"{name}[{number}]", role=ROLES[name], colours=limit and "signed", limit=limit,
                   digits=digits, interactive=name in ("Z", "dX"))  # fmt: skip


def _place(grids, size=None, digits=1, beside=None):
    """Grids in one place, large enough for the map (rows, columns) of either direction, so that nothing moves."""
    layout = widgets.Layout(overflow="visible")
    if size:
        width = sum(8 + columns * max(26, 9.6 * wide) for columns, wide in [(size[1], digits), beside or (0, 0)])
        layout.min_height, layout.min_width = f"{22 + 19 * size[0]}px", f"{round(width)}px"
    return widgets.HBox(list(grids), layout=layout)


def _break():
    """Where the table has no room for its columns, a row begins on a line of its own all the same."""
    made = widgets.HTML()
    made.add_class("cnn-break")
    return made


def _dim(widget, apart):
    (widget.add_class if apart else widget.remove_class)("cnn-apart")


def _digits(*maps):
    """The width of the longest number, as the cells show it."""
    return max(len(text) for A in maps for row in entries(A.reshape(len(A), -1)) for text in row)

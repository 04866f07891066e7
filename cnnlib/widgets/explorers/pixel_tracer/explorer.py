"""Where does one cell of dX come from?  Choose it, and see its window, its taps and its sum together.

Three maps: δ with its zero border, the kernel turned, dX.  The window of the chosen cell is outlined in δ, each
of its cells names the tap that lies on it, and the sum is written term by term below.  Forward is ⋆.
"""

import ipywidgets as widgets
import numpy as np

from cnnlib import ops
from cnnlib.plots.image_grid import scale_limit
from cnnlib.plots.number_format import written
from cnnlib.widgets.parts import formula
from cnnlib.widgets.parts.controls import toggle
from cnnlib.widgets.parts.explorer import Explorer
from cnnlib.widgets.parts.map_grid import MapGrid
from cnnlib.widgets.parts.parse import parse_numbers
from cnnlib.widgets.parts.transport import Transport
from cnnlib.widgets.parts.window_cells import window

from . import terms as pixel_terms
from .goals import TASK

NUMBERS, SYMBOLS = "numbers", "symbols"
LINE = 22  # pixels of a product; a line more each for the head and for the sum


class PixelTracer(Explorer):
    """``PixelTracer(delta, K, at=(p, q))``: what to begin with; other maps can be typed or chosen.

    Click a cell of dX (or Tab, arrow keys, Enter), or step through all of them with the bar.  A cell of δ
    can be chosen as well: its window is outlined in dX, and its product is framed in the sum.  ``delta``
    and ``K`` hold what is shown.  ValueError for anything but two maps.
    """

    task = TASK

    def __init__(self, delta=None, K=None, *, at=(0, 0)):
        given = pixel_terms.example(*pixel_terms.SIZES[1]) if delta is None else (delta, K)
        self.delta, self.K = map(np.asarray, given)
        if self.delta.ndim != 2 or self.K.ndim != 2:
            raise ValueError(f"PixelTracer: delta {self.delta.shape} and K {self.K.shape} have to be two maps")
        self._drawing = False
        self._build_controls(at)
        self._build_grids()
        self.text = widgets.HTML(layout=widgets.Layout(flex="1 1 280px", margin="0 0 0 14px"))
        self._reserve_lines()
        wrap = widgets.Layout(align_items="flex-start", flex_flow="row wrap", min_height="246px")
        picture = widgets.HBox([self.grids, self.text], layout=wrap)
        controls = {"sizes": self.size, "shown": self.shown, "cell": self.cell}
        super().__init__([self.fields, picture, self.cell], controls)
        self.add_class("cnn-pixel-tracer")
        self.dX_grid.observe(self._input_cell_chosen, "chosen")
        self.delta_grid.observe(lambda _change: self.draw(), "chosen")
        self.draw()

    @property
    def input_size(self):
        """Rows and columns of dX."""
        return tuple(m + k - 1 for m, k in zip(self.delta.shape, self.K.shape, strict=True))

    @property
    def at(self):
        """The chosen cell (p, q) of dX."""
        return divmod(self.cell.position, self.input_size[1])

    # ---------------------------------------------------------------------------------- the picture

    def draw(self):
        """Show the chosen cell: its window, its taps, its sum."""
        if self._drawing:
            return
        self._drawing = True
        try:
            if self._window_chosen() is None:
                self.delta_grid.show(chosen=None)  # a cell of the frame ends the choice of a window
            self._draw_maps()
            self._draw_cell(*self.at)
        finally:
            self._drawing = False

    def _draw_maps(self):
        k_h, k_w = self.K.shape
        delta, K, dX = self._entries()
        padded = np.full([n + 2 * (k - 1) for n, k in zip(delta.shape, K.shape, strict=True)], 0, dtype=object)
        inside = (slice(k_h - 1, k_h - 1 + delta.shape[0]), slice(k_w - 1, k_w - 1 + delta.shape[1]))
        padded[inside] = delta
        frame = np.ones(padded.shape, dtype=bool)
        frame[inside] = False
        padded = padded.astype(delta.dtype if delta.dtype.kind == "f" else str)
        self.delta_grid.show(padded, limit=scale_limit(delta), hatched=frame, first=(1 - k_h, 1 - k_w))
        self.kernel_grid.show(ops.rot180(K), limit=scale_limit(K), mark="turned")
        self.dX_grid.show(dX, limit=scale_limit(dX))

    def _draw_cell(self, p, q):
        k_h, k_w = self.K.shape
        terms = pixel_terms.products(p, q, self.delta.shape, self.K.shape)
        window_of = self._window_chosen()
        framed = next((t for t in terms if (t.i, t.j) == window_of), None)
        names = {(a, b): formula.short("k", k_h - 1 - a, k_w - 1 - b) for a, b in np.ndindex(k_h, k_w)}
        self.delta_grid.show(outlined=window((p, q), self.K.shape),
                             notes={(p + a, q + b): name for (a, b), name in names.items()})  # fmt: skip
        self.kernel_grid.show(outlined=[(k_h - 1 - t.u, k_w - 1 - t.v) for t in terms],
                              notes=names if self.shown.value == NUMBERS else {},
                              chosen=framed and (k_h - 1 - framed.u, k_w - 1 - framed.v))  # fmt: skip
        self.dX_grid.show(chosen=(p, q), outlined=window(window_of, self.K.shape) if window_of else ())
        self._write(p, q, terms, window_of, framed)

    def _write(self, p, q, terms, window_of, framed):
        in_numbers = self.shown.value == NUMBERS
        table = pixel_terms.product_table(p, q, terms, self.delta, self.K, framed, in_numbers)
        apart = window_of and not framed
        none = f"Window ({window_of[0]},{window_of[1]}) does not hold cell ({p},{q})." if apart else ""
        self.text.value = formula.announced(table, none)

    def _entries(self):
        """What stands in the cells of δ, K and dX: numbers, or texts."""
        names = [pixel_terms.names(*each) for each in (("δ", self.delta.shape), ("k", self.K.shape),
                                                       ("dX", self.input_size))]  # fmt: skip
        if self.shown.value == SYMBOLS:
            return names
        if not pixel_terms.are_numbers(self.delta, self.K):
            return pixel_terms.texts(self.delta), pixel_terms.texts(self.K), names[2]
        delta, K = self.delta.astype(float), self.K.astype(float)
        return delta, K, ops.correlate(delta, ops.rot180(K), "full")

    def _window_chosen(self):
        """The output cell (i, j) chosen in δ, or None; the frame belongs to no window."""
        chosen = self.delta_grid.chosen
        cell = chosen and (chosen[0] - self.K.shape[0] + 1, chosen[1] - self.K.shape[1] + 1)
        return cell if cell and all(0 <= n < m for n, m in zip(cell, self.delta.shape, strict=True)) else None

    def _in_words(self, position):
        p, q = divmod(position, self.input_size[1])
        return f"cell ({p}, {q}) of dX, {position + 1} of {np.prod(self.input_size)}"

    # --------------------------------------------------------------------------------- the controls

    def _build_controls(self, at):
        sizes = sorted({(self.delta.shape, self.K.shape), *pixel_terms.SIZES})
        options = [(pixel_terms.in_words(*size), size) for size in sizes]
        self.size = widgets.Dropdown(options=options, value=(self.delta.shape, self.K.shape), description="sizes",
                                     layout=widgets.Layout(width="246px"), style={"description_width": "40px"})
        self.size.observe(self._new_size, "value")  # before the base class: first the maps, then the picture
        self.shown = toggle("", [NUMBERS, SYMBOLS], "100px", value=NUMBERS)
        rows, columns = self.input_size
        self.cell = Transport(rows * columns, words=self._in_words, position=at[0] * columns + at[1])
        look = dict(layout=widgets.Layout(width="168px"), style={"description_width": "32px"})
        self.delta_field, self.kernel_field = (
            widgets.Text(description=name, continuous_update=False, **look) for name in ("δ =", "K =")
        )
        self.problem = widgets.HTML(layout=widgets.Layout(margin="0 0 0 12px"))
        self.fields = widgets.HBox([self.size, self.shown, self.delta_field, self.kernel_field, self.problem],
                                   layout=widgets.Layout(flex_flow="row wrap"))  # fmt: skip
        self._write_fields()
        for field in (self.delta_field, self.kernel_field):
            field.observe(self._typed, "value")

    def _build_grids(self):
        delta, K, dX = (np.zeros(shape) for shape in (self.delta.shape, self.K.shape, self.input_size))
        self.delta_grid = MapGrid(delta, symbol="δ", role="delta", colours="signed", caption="zero border",
                                  indices=("i", "j"), notes={}, interactive=True)  # fmt: skip
        self.kernel_grid = MapGrid(K, symbol="K", role="kernel", colours="signed", caption="turned", notes={},
                                   digits=3, mark="turned")  # fmt: skip
        self.dX_grid = MapGrid(dX, symbol="dX", role="input", colours="signed", indices=("p", "q"),
                               digits=3, interactive=True, notes={})  # fmt: skip
        signs = [widgets.HTML(formula.sign(sign)) for sign in "⋆="]
        self.grids = widgets.HBox([self.delta_grid, signs[0], self.kernel_grid, signs[1], self.dX_grid],
                                  layout=widgets.Layout(align_items="center", flex_flow="row wrap"))  # fmt: skip

    def _input_cell_chosen(self, change):
        if change["new"] and not self._drawing:
            p, q = change["new"]
            self.cell.position = p * self.input_size[1] + q
            self.draw()

    def _new_size(self, change):
        self._take(*pixel_terms.example(*change["new"]))
        self._write_fields()

    def _typed(self, _change):
        """Take over both maps; if they do not fit, say why and keep what is shown."""
        read = []
        for name, field, shown in (("δ", self.delta_field, self.delta), ("K", self.kernel_field, self.K)):
            try:
                read.append(parse_numbers(field.value, shown.shape))
            except ValueError as error:
                self.problem.value = formula.page(formula.problem(f"{name}: {error}"))
                return
        self._take(*read)
        self.draw()

    def _take(self, delta, K):
        self.delta, self.K, self.problem.value = delta, K, ""
        self._reserve_lines()
        self._drawing = True  # the new count may move the position before the maps have their new size
        self.cell.count = int(np.prod(self.input_size))
        self._drawing = False

    def _reserve_lines(self):
        """Room for as many products as a cell can have, so that the bar below does not move from cell to cell."""
        self.text.layout.min_height = f"{LINE * (self.K.size + 2)}px"

    def _write_fields(self):
        with self.delta_field.hold_trait_notifications(), self.kernel_field.hold_trait_notifications():
            for field, A in ((self.delta_field, self.delta), (self.kernel_field, self.K)):
                field.value = "; ".join(" ".join(written(value) for value in row) for row in A)

"""The padding explorer of notebooks 02 and 07: sizes, padding, stride and dilation, one window at a time.

Left the padded input with the window, beside it the output with the cell that the window fills, and how often
each input cell is used.  :func:`forward` computes all of that for a :class:`Setting` and knows
no widget; another function that returns a :class:`View` shows another pass with the same explorer.
"""

import html
from typing import NamedTuple

import ipywidgets as widgets
import numpy as np

from cnnlib import ops
from cnnlib.correlation import correlate_maps
from cnnlib.plots.colours import style
from cnnlib.plots.number_format import entries, minus, written
from cnnlib.widgets.parts.explorer import Explorer
from cnnlib.widgets.parts.map_grid import MapGrid
from cnnlib.widgets.parts.transport import Transport
from cnnlib.widgets.parts.window_cells import window

DIGITS = np.array([[3, 1, 4, 1, 5, 9], [2, 6, 5, 3, 5, 8], [9, 7, 9, 3, 2, 3],
                   [8, 4, 6, 2, 6, 4], [3, 3, 8, 3, 2, 7], [9, 5, 0, 2, 8, 8]])  # fmt: skip
RANGES = {  # of each control: name on the screen, least, most, at first
    "n": ("image n", 2, 6, 5),
    "k": ("kernel k", 1, 5, 3),
    "padding": ("padding p", 0, 3, 0),
    "stride": ("stride s", 1, 3, 1),
    "dilation": ("dilation d", 1, 3, 1),
}
# With its bar the explorer fits a screen of 1280×720: 400 pixels for the maps, so that many rows are low ones.
STYLE = style("""
.cnn-padding { --jp-widgets-font-size: 16px; --jp-widgets-inline-height: 30px; --cnn-map-size: 16px; }
.cnn-padding .cnn-says { font-size: 16px; line-height: 1.6; font-variant-numeric: tabular-nums; min-height: 3.2em; }
.cnn-padding .cnn-says span { display: inline-block; margin-right: .8em; }
.cnn-padding .widget-readout { min-width: 1.6em; }
.cnn-padding .cnn-map .cnn-room { --high: clamp(23px, calc(339px / var(--rows)), 2.25em); }
.cnn-padding .cnn-map.cnn-noted .cnn-room { --high: clamp(23px, calc(339px / var(--rows)), 2.8em); }
.cnn-padding .cnn-stacked .cnn-map .cnn-room { --high: clamp(23px, calc(143px / var(--rows)), 2.25em); }
.cnn-padding .cnn-narrow .cnn-map .cnn-room { --cell: max(26px, calc(var(--digits) * 1ch + .25em)); }
.cnn-padding .cnn-narrow .cnn-map { padding: 4px 2px; }
.cnn-padding .cnn-narrow .cnn-map.cnn-indexed { --left: 2.6em; }
.cnn-padding .cnn-narrow .cnn-map .cnn-row > .cnn-index:first-child { padding-right: .25em; }
.cnn-padding .cnn-narrow .cnn-map .cnn-row > .cnn-index.cnn-corner:first-child { justify-content: flex-start;
  padding-right: 0; }
.cnn-padding .cnn-low .cnn-map.cnn-noted .cnn-cell { text-align: left;
  padding-left: max(2px, calc((var(--cell) - 33px) / 2)); }
.cnn-padding .cnn-low .cnn-map.cnn-noted .cnn-text { top: 0; }
.cnn-padding .cnn-low .cnn-map .cnn-note { top: calc((var(--high) - 1em) / 2); right: .15em; }
""")
LOW = 8  # rows of the source: with more, numbers and taps stand beside each other


class Setting(NamedTuple):
    """Image size n, kernel size k, padding, stride and dilation, the same along both axes."""

    n: int
    k: int
    padding: int
    stride: int
    dilation: int


class View(NamedTuple):
    """What the explorer shows of one pass: arrays and words, no widget."""

    source: np.ndarray  # the map that the windows lie on, its padding included
    hatched: np.ndarray  # which of its cells are padding
    first: int  # the index of its first row and column
    taps: np.ndarray  # what lies on a window
    windows: list  # the cells of each window, in the order of the result's cells
    result: np.ndarray
    used: np.ndarray  # how often each cell of the unpadded map lies in a window
    names: tuple  # (symbol, role, indices) of source, result and used
    formula: str  # the size formula with the numbers put in
    remark: str
    mark: str | None = None  # where K[0,0] lies in the taps: with it, they are shown as a map of their own


def fits(setting):
    """Nothing, or a ValueError that says in words why no window fits."""
    n, k, p, _, d = setting
    span = d * (k - 1) + 1
    if span > n + 2 * p:
        spread = f", {span} cells wide at dilation {d}," if d > 1 else ""
        framed = f"with padding {p}: that is {n + 2 * p} cells" if p else "without padding"
        raise ValueError(f"a {k}-wide kernel{spread} does not fit a {n}-wide map {framed}")


def forward(setting):
    """The forward pass Z = X ⋆ K of one map as a :class:`View`; ValueError, in words, where nothing fits."""
    fits(setting)
    n, k, p, s, d = setting
    X, K = DIGITS[:n, :n], np.arange(1, k * k + 1).reshape(k, k)
    padded = ops.pad(X, p)
    Z = correlate_maps(padded[None, None], K[None, None], stride=s, dilation=d)[0, 0]
    windows = [window((s * i, s * j), (k, k), d) for i, j in np.ndindex(Z.shape)]
    names = (("X", "input", ("p", "q")), ("Z = X ⋆ K", "output", ("i", "j")), ("times used", "input", ("p", "q")))
    hatched = ops.pad(np.ones_like(X), p) == 0
    used = ops.pad(times_used(padded.shape, windows), -p)
    return View(padded, hatched, -p, K, windows, Z, used, names, formula(setting), remark(setting, used))


def times_used(shape, windows):
    """In how many windows each cell of a map lies."""
    used = np.zeros(shape, dtype=int)
    rows, columns = np.transpose([cell for cells in windows for cell in cells])
    np.add.at(used, (rows, columns), 1)
    return used


def formula(setting):
    """The size of the output, with the numbers put in."""
    n, k, p, s, d = setting
    m = ops.output_size(n, k, stride=s, padding=p, dilation=d)
    return f"m = ⌊(n + 2p − d(k−1) − 1) / s⌋ + 1 = ⌊({n} + 2·{p} − {d}·({k}−1) − 1) / {s}⌋ + 1 = {m}"


def remark(setting, used):
    """What is special about a setting: its mode by name, windows of zeros, a dropped tail, unseen cells."""
    n, k, p, s, d = setting
    span = d * (k - 1) + 1
    modes = {0: "valid", (span - 1) / 2: "same", span - 1: "full"}
    said = [f"This is mode {modes[p]}." if s == 1 and span > 1 and p in modes else ""]
    said += ["The first window holds nothing but padding."] if p >= span else []
    if tail := (n + 2 * p - span) % s:
        said.append(f"The last {'row and column' if tail == 1 else f'{tail} rows and columns'} "
                    f"of the {'padded ' if p else ''}map are in no window.")  # fmt: skip
    if unseen := (used == 0).sum():
        said.append(f"{unseen} of the {used.size} cells of X {'is' if unseen == 1 else 'are'} never used.")
    return " ".join(filter(None, said))


class PaddingExplorer(Explorer):
    """``PaddingExplorer()``; ``PaddingExplorer(k=2, padding=1)`` starts elsewhere, ``view`` shows another pass."""

    def __init__(self, view=forward, **start):
        if start.keys() - RANGES:
            raise ValueError(f"PaddingExplorer: {min(start.keys() - RANGES)!r} is none of {', '.join(RANGES)}")
        self._view, self._setting_up = view, False
        controls = {name: _slider(*RANGES[name], start.get(name)) for name in RANGES}
        self.setting = Setting(*(controls[name].value for name in RANGES))
        self.view = view(self.setting)
        self.bar = Transport(len(self.view.windows), words=self._words)
        self.source, self.result, self.used = (self._map(*names) for names in self.view.names)
        self.result.observe(self._clicked, "chosen")
        self.kernel = [MapGrid(self.view.taps, symbol="K turned", role="kernel", mark=mark, digits=2)
                       for mark in [self.view.mark] if mark]  # fmt: skip
        self.says = widgets.HTML()
        line = widgets.Layout(flex_flow="row wrap", grid_gap="2px 12px")
        maps = widgets.Layout(align_items="flex-start", grid_gap="0 12px", min_height="400px")
        stack = widgets.VBox if self.kernel else widgets.HBox  # dX and its counts have the same cells
        self.results = stack([self.result, self.used], layout=widgets.Layout(grid_gap="0 12px"))
        self.results.add_class("cnn-stacked" if self.kernel else "cnn-beside")
        self.maps = widgets.HBox([self.source, *self.kernel, self.results], layout=maps)
        rows = [widgets.HBox(list(controls.values()), layout=line), self.says, self.bar,
                self.maps]  # fmt: skip
        super().__init__(rows, {**controls, "window": self.bar})
        self.add_class("cnn-padding")
        self.draw()

    def _map(self, symbol, role, indices):
        noted = {"notes": {}} if symbol == self.view.names[0][0] else {}
        colours = "unit" if symbol == self.view.names[2][0] else None
        return MapGrid(np.zeros((1, 1)), symbol=symbol, role=role, indices=indices, colours=colours,
                       interactive=symbol == self.view.names[1][0], **noted)  # fmt: skip

    # --------------------------------------------------------------------------------- the picture

    def draw(self):
        """Take over the controls if they fit, and show the window that the bar points at."""
        if self._setting_up:
            return  # the bar has only been told how many windows there are
        asked, refusal = Setting(*(self.controls[name].value for name in RANGES)), ""
        if asked != self.setting:
            try:
                self.view, self.setting = self._view(asked), asked
            except ValueError as error:
                refusal = _refusal(error, self.setting)
        self._setting_up = True
        self.bar.count = len(self.view.windows)
        self._setting_up = False
        self.bar.line.words = self._words(self.bar.position)  # the same window of another map
        body = refusal or _sentences(self.view.formula, *self.view.remark.split(". "))
        self.says.value = f'{STYLE}<div class="cnn-says" role="status">{body}</div>'
        self._show_maps(self.view, self.bar.position)

    def _show_maps(self, view, position):
        cells = view.windows[position]
        taps = {cell: f"·{tap}" for cell, tap in zip(cells, view.taps.flat, strict=True)}
        room = 1 + len(str(view.taps.max()))
        self.source.show(view.source, first=(view.first, view.first), hatched=view.hatched, outlined=cells,
                         notes=taps, digits=room)  # fmt: skip
        for kernel in self.kernel:
            kernel.show(view.taps)
        filled = np.array(entries(view.result), dtype=object)
        filled.flat[position + 1 :] = ""
        width = max(len(text) for row in entries(view.result) for text in row)
        at = tuple(map(int, np.unravel_index(position, view.result.shape)))
        self.result.show(filled, digits=width, chosen=at)
        self.used.show(view.used, limit=view.taps.size, digits=width if self.kernel else 2)
        third = (len(view.taps), 2) if self.kernel else (len(view.used), 2)
        _toggle(self.maps, "cnn-narrow", _pixels((len(view.source), room), (len(view.result), width), third) > 1080)
        _toggle(self.maps, "cnn-low", len(view.source) > LOW)

    def _words(self, position):
        """Which window it is, where it lies, and what it gives."""
        view = self.view
        (top, left), (bottom, right) = (np.add(view.windows[position][end], view.first) for end in (0, -1))
        i, j = np.unravel_index(position, view.result.shape)
        total = written(view.result[i, j])
        place = minus(f"rows {top} … {bottom}, columns {left} … {right}")
        return f"window {position + 1} of {len(view.windows)}: {place} → cell ({i}, {j}) = {total}"

    def _clicked(self, change):
        """A click on a cell of the result goes to its window."""
        if change["new"] is not None and not self._setting_up:
            i, j = change["new"]
            self.bar.position = i * self.view.result.shape[1] + j


def _sentences(*parts):
    """Formula and sentences one after the other, each on one line."""
    parts = [part.rstrip(".") + "." * (part != parts[0]) for part in parts if part]
    return " ".join(f"<span>{html.escape(part)}</span>" for part in parts)


def _pixels(*maps):
    """The width of maps side by side, each (columns, digits), if their cells are as wide as usual."""
    return sum(80 + columns * max(36, 10 * digits + 16) for columns, digits in maps)


def _toggle(widget, name, on):
    (widget.add_class if on else widget.remove_class)(name)


def _slider(label, least, most, usual, start):
    look = dict(style={"description_width": "initial"}, layout=widgets.Layout(width="204px"))
    return widgets.IntSlider(usual if start is None else start, min=least, max=most, description=label, **look)


def _refusal(error, setting):
    """Why the controls do not fit, and what is still shown."""
    kept = ", ".join(f"{RANGES[name][0]} = {value}" for name, value in setting._asdict().items())
    return f"<b>{html.escape(str(error)).capitalize()}.</b><br>Still shown: {kept}."

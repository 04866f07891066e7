"""The padding explorer of notebooks 02 and 07: sizes, padding, stride and dilation, one window at a time.

On the left are the settings, the kernel, and how often each input cell is used; on the right the padded input with
its window, and the output with the cell that the window fills.  What is shown of a pass is a :class:`forward.View`.
"""

import html
import re

import ipywidgets as widgets
import numpy as np

from cnnlib.plots.colours import style
from cnnlib.plots.number_format import entries, minus, written
from cnnlib.widgets.parts.explorer import Explorer
from cnnlib.widgets.parts.map_grid import MapGrid
from cnnlib.widgets.parts.transport import Transport

from .forward import forward
from .goals import TASKS
from .settings import RANGES, Setting

BOTH_WIDTH = 562  # pixels for the cells of source and result, one beside the other, in a notebook of usual width
NAME_WIDTH = 130  # pixels for the name of the result, which a small one does not reach
NARROWEST, WIDEST = 20, 38  # pixels a cell
LOW = 6  # rows of the source: with more, numbers and taps stand beside each other
STYLE = style("""
.cnn-padding { --jp-widgets-font-size: 16px; --jp-widgets-inline-height: 24px; --cnn-map-size: 15px; }
.cnn-padding .cnn-says { font-size: 15px; line-height: 21px; font-variant-numeric: tabular-nums; min-height: 42px; }
.cnn-padding :is(.widget-html, .widget-html-content, .widget-hslider) { margin-block: 0; }
.cnn-padding .cnn-says span { display: inline-block; margin-right: .8em; }
.cnn-padding .widget-readout { min-width: 1.6em; }
.cnn-padding .cnn-settings { flex: 0 0 252px; }
.cnn-padding .cnn-map { padding: 0 6px; }
.cnn-padding .cnn-map .cnn-title { min-height: 24px; }
.cnn-padding .cnn-map.cnn-indexed { --left: 38px; }
.cnn-padding .cnn-map .cnn-row:first-child > .cnn-index { height: 18px; }
.cnn-padding .cnn-map .cnn-room { --high: clamp(16px, calc(200px / var(--rows)), 36px); }
.cnn-padding .cnn-map.cnn-noted .cnn-text { top: .4em; }
/* On a slide the multiplier is as large as the number: higher rows, the one above the other. */
[data-jp-deck-mode="presenting"] .cnn-padding .cnn-map.cnn-noted:not(.cnn-low *) .cnn-room {
  --high: clamp(16px, calc(225px / var(--rows)), 44px); }
[data-jp-deck-mode="presenting"] .cnn-padding .cnn-map.cnn-noted:not(.cnn-low *) .cnn-text { top: .6em; }
[data-jp-deck-mode="presenting"] .cnn-padding .cnn-map:not(.cnn-low *) .cnn-note { top: 3px; }
.cnn-padding .cnn-settings .cnn-map { padding: 0 2px; font-size: 13px; }
.cnn-padding .cnn-settings .cnn-map .cnn-size { display: none; }
.cnn-padding .cnn-settings .cnn-map .cnn-room { --high: clamp(16px, calc(100px / var(--rows)), 22px);
  --cell: max(18px, calc(var(--digits) * 1ch + 4px)); font-size: 13px; }
.cnn-padding .cnn-settings .cnn-map .cnn-mark::before { width: .6em; height: .6em; }
.cnn-padding .cnn-low .cnn-map .cnn-room { font-size: 13px; }
.cnn-padding .cnn-low .cnn-map.cnn-noted .cnn-cell { text-align: left; padding-left: 3px; }
.cnn-padding .cnn-low .cnn-map.cnn-noted .cnn-text { top: 0; }
.cnn-padding .cnn-low .cnn-map .cnn-note { top: calc((var(--high) - 1em) / 2); right: 2px; }
""" + "".join(f".cnn-padding .cnn-w{n} .cnn-map .cnn-room {{ --cell: {n}px }}\n" for n in range(20, 48)))


class PaddingExplorer(Explorer):
    """``PaddingExplorer(h=2, padding=1)`` begins with these settings; ``view`` shows another pass."""

    def __init__(self, view=forward, **start):
        if start.keys() - RANGES:
            raise ValueError(f"PaddingExplorer: {min(start.keys() - RANGES)!r} is none of {', '.join(RANGES)}")
        self._view, self._setting_up = view, False
        controls = {name: _slider(*RANGES[name], start.get(name)) for name in RANGES}
        self.setting = Setting(*(controls[name].value for name in RANGES))
        self.view = view(self.setting)
        self.bar = Transport(len(self.view.windows), words=self._words)
        self.source, self.result, self.used = (self._map(*names) for names in self.view.names)
        self.used.indices = None
        self.result.observe(self._clicked, "chosen")
        turned = " turned" if self.view.mark == "turned" else ""
        self.kernel = MapGrid(self.view.taps, symbol=f"K{turned}", role="kernel", mark=self.view.mark)
        self.says = widgets.HTML()
        beside = widgets.Layout(align_items="flex-start", grid_gap="0 8px", flex_flow="row wrap",
                                flex="1 1 300px", overflow="visible")  # fmt: skip
        self.maps = widgets.HBox([self.source, self.result], layout=beside)
        small = widgets.HBox([self.kernel, self.used], layout=widgets.Layout(grid_gap="0 14px"))
        settings = widgets.VBox([*controls.values(), small])
        settings.add_class("cnn-settings")
        body = widgets.HBox([settings, self.maps], layout=widgets.Layout(flex_flow="row wrap", min_height="244px"))
        self.task = TASKS.get(view.__name__)
        super().__init__([self.says, body, self.bar], {**controls, "window": self.bar})
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
            return  # only the number of windows of the bar was set
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
        filled = np.array(entries(view.result), dtype=object)
        filled.flat[position + 1 :] = ""
        digits = max(len(text) for row in entries(view.result) for text in row)
        wide = max(24, 9 * digits + 4)
        left = (BOTH_WIDTH - max(len(view.result) * wide, NAME_WIDTH)) // len(view.source)
        _set_width(self.result, wide)
        _set_width(self.source, min(max(left, NARROWEST), WIDEST))
        low, tap = len(view.source) > LOW, 1 + len(str(view.taps.max()))
        fits = left >= 8 * tap + (12 if low else 4)  # else the taps are seen in the kernel beside it alone
        taps = {cell: f"·{tap}" for cell, tap in zip(cells, view.taps.flat, strict=True)}
        self.source.show(view.source, first=(view.first, view.first), hatched=view.hatched, outlined=cells,
                         notes=taps if fits else {})  # fmt: skip
        self.kernel.show(view.taps)
        at = tuple(map(int, np.unravel_index(position, view.result.shape)))
        self.result.show(filled, chosen=at)
        self.used.show(view.used, limit=view.taps.size)
        (self.source.add_class if low else self.source.remove_class)("cnn-low")

    def _words(self, position):
        """Which window it is, where it lies, and what it gives."""
        view = self.view
        (top, left), (bottom, right) = (np.add(view.windows[position][end], view.first) for end in (0, -1))
        i, j = np.unravel_index(position, view.result.shape)
        total = written(view.result[i, j])
        place = minus(f"rows {top}…{bottom}, columns {left}…{right}")
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


def _set_width(grid, pixels):
    """The width of a map's cells, as one of the classes of the style sheet."""
    for name in [name for name in grid._dom_classes if re.fullmatch(r"cnn-w\d+", name)]:
        grid.remove_class(name)
    grid.add_class(f"cnn-w{pixels}")


def _slider(label, least, most, usual, start):
    look = dict(style={"description_width": "86px"}, layout=widgets.Layout(width="236px"))
    return widgets.IntSlider(usual if start is None else start, min=least, max=most, description=label, **look)


def _refusal(error, setting):
    """Why the controls do not fit, and what is still shown."""
    kept = ", ".join(f"{RANGES[name][0]} = {value}" for name, value in setting._asdict().items())
    return f"<b>{html.escape(str(error)).capitalize()}.</b><br>Still shown: {kept}."

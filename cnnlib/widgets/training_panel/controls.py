"""The controls of the training panel: the words, width and range of each, and the order of the rows.

Play, Pause and the speeds belong to :mod:`cnnlib.widgets.parts.transport`.  What each control does is in
:class:`cnnlib.widgets.training_panel.panel.TrainingPanel`.
"""

import ipywidgets as widgets

from cnnlib.models import RECIPES

from ..parts.controls import button, dropdown, toggle
from ..parts.heartbeat import Heartbeat, quiet_switch
from ..parts.keys_and_names import Fit, MenuKeys, Names
from ..parts.reopened import Reopened
from ..parts.sketch import Sketch
from ..parts.transport import Transport
from .diagram_view import PassDiagramView

FRAME = 0.033  # seconds between two frames; a browser that gets no pause between frames paints none
AS_FAST = "as fast as it goes"
SPEEDS = {  # at most so many updates between two frames, seconds between two frames
    "1 update a second": (1, 1.0),
    "5 updates a second": (1, 0.2),
    "1 update a frame": (1, FRAME),
    AS_FAST: (1000, 0.1),
}
PLATEAU_END = 400
LARGEST_SEED = 2**53 - 1  # of the whole numbers that a browser knows exactly
DRAWING = "my drawing"
PARTS = ("large", "maps", "curves", "settings", "drawing")  # a slide has room for one of them
DRAW = '<div style="line-height:1.4"><b>Draw a digit:</b> the net reads it while you draw.</div>'


class TrainingControls(Reopened, widgets.VBox):
    """The panel without its behaviour, for ``total`` updates and ``slices`` (C_out, C_in) of the last kernels."""

    def __init__(self, net, seed, total, slices):
        self.diagram_view, self.curves_view, self.heart = PassDiagramView(), widgets.HTML(), Heartbeat()
        hidden = widgets.Layout(display="none")  # the style of the slides shows them
        self.wall, self.loss_view = widgets.HTML(layout=hidden), widgets.HTML(layout=hidden)
        self.says = widgets.HTML(layout=widgets.Layout(min_height="46px", width="calc(100% - 4px)"))
        self.status = widgets.HTML(layout=widgets.Layout(width="calc(100% - 200px)", height="32px"))
        self._build_transport(total)
        self._build_choices(net, seed, slices)
        self._build_drawing()
        self._build_file()
        line = widgets.Layout(align_items="center", height="40px")
        gap = widgets.Layout(grid_gap="22px", align_items="flex-start", margin="6px 0 0 0")
        rows = [
            self.wall,
            self.diagram_view,
            self.says,
            self.bar,
            widgets.HBox([self.status, self.skip], layout=line),
            self.loss_view,
            self._build_parts(),
            widgets.HBox([self.choices, self.curves_view], layout=widgets.Layout(grid_gap="10px")),
            widgets.HBox([self.drawing, self.file_box], layout=gap),
        ]
        self.fit = Fit()
        super().__init__([*rows, self.heart, MenuKeys(), Names(), self.fit])
        self.add_class("cnn-explorer").add_class("cnn-training")
        self._show_part()

    def _build_transport(self, total):
        self.bar = Transport(total + 1, words="update {:,}".format, speeds=SPEEDS, along=self)
        self.bar.scrubber.layout.width, self.bar.speed.value = "460px", "1 update a frame"
        self.bar.line.layout.display = "none"  # the line of status says more
        self.skip = button("", "train on without stopping to look", f"Skip to update {PLATEAU_END}", "180px")

    def _build_choices(self, net, seed, slices):
        menu = [(recipe.words, name) for name, recipe in RECIPES.items()]
        self.net = dropdown("net", menu, "270px", value=net)
        self.digit = dropdown("digit shown", [*range(10), DRAWING], "200px")
        self.sample = widgets.IntSlider(min=1, max=50, description="which one")
        self.sample.style.description_width, self.sample.layout.width = "initial", "260px"
        out, into = slices
        self.to_map = dropdown("slice of K to map", range(1, out + 1), "170px")
        self.from_map = dropdown("from", range(1, into + 1), "92px")
        self.seed = widgets.BoundedIntText(seed, min=0, max=LARGEST_SEED, description="seed")
        self.seed.style.description_width, self.seed.layout.width = "initial", "120px"
        self.restart = button("refresh", "a new net from this seed", "Start over", "140px")
        self.low_cpu = quiet_switch(self.heart)
        rows = [self.net, self.digit, self.sample, widgets.HBox([self.to_map, self.from_map])]
        rows += [widgets.HBox([self.seed, self.restart])]
        self.choices = widgets.VBox(rows, layout=widgets.Layout(width="286px"))

    def _build_drawing(self):
        self.sketch = Sketch()
        self.label = dropdown("it is meant to be a", range(10), "210px")
        self.wipe = button("eraser", "an empty pad", "Clear", "110px")
        self.reads = widgets.HTML(DRAW, layout=widgets.Layout(height="72px"))
        beside = widgets.VBox([self.reads, self.label, self.wipe], layout=widgets.Layout(width="260px"))
        self.drawing = widgets.HBox([self.sketch, beside], layout=widgets.Layout(grid_gap="10px"))

    def _build_file(self):
        self.file = widgets.Text("run.npz", description="file", continuous_update=False)
        self.file.style.description_width, self.file.layout.width = "initial", "300px"
        self.save = button("save", "write the run to the file", "Save", "110px")
        self.load = button("folder-open", "go on with the run in the file", "Load", "110px")
        self.file_says = widgets.HTML()
        rows = [self.low_cpu, self.file, widgets.HBox([self.save, self.load]), self.file_says]
        self.file_box = widgets.VBox(rows, layout=widgets.Layout(width="500px"))


    def _build_parts(self):
        """The menu of what a slide shows; a notebook shows all but the large pictures, and has no such menu."""
        self.status.add_class("cnn-status")
        self.loss_view.add_class("cnn-part-large").add_class("cnn-loss")
        shown = {"large": self.wall, "maps": self.says, "curves": self.curves_view, "settings": self.choices}
        for part, widget in {**shown, "drawing": self.drawing, "file": self.file_box}.items():
            widget.add_class(f"cnn-part-{part}")
        hidden = widgets.Layout(display="none")  # the style of the slides shows it
        self.part = toggle("on the slide", PARTS, "110px", layout=hidden)
        self.part.observe(lambda _: self._show_part(), "value")
        return self.part.add_class("cnn-parts")

    def _show_part(self):
        for part in PARTS:
            self.remove_class(f"cnn-shows-{part}")
        self.add_class(f"cnn-shows-{self.part.value}")

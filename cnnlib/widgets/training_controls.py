"""What stands on the training panel: every control with its words, width and range, and the order of the rows.

Nothing happens here; :class:`cnnlib.widgets.training.TrainingPanel` says what each control does.
"""

import ipywidgets as widgets

from ..recipes import RECIPES
from .heartbeat import Heartbeat
from .menu_keys import MenuKeys
from .road_view import RoadView
from .sketch import Sketch

FRAME = 0.033  # seconds between two frames; a browser that gets no pause between frames paints none
AS_FAST = "as fast as it goes"
SPEEDS = {  # how many updates at the most between two frames, seconds between two frames
    "1 update a second": (1, 1.0),
    "5 updates a second": (1, 0.2),
    "1 update a frame": (1, FRAME),
    AS_FAST: (1000, 0.1),
}
PLATEAU_END = 400
DRAWING = "my drawing"
DRAW = '<div style="line-height:1.4"><b>Draw a digit:</b> the net reads it while you draw.</div>'


class TrainingControls(widgets.VBox):
    """The panel without its behaviour: ``total`` updates, ``slices`` (C_out, C_in) of the last kernels."""

    def __init__(self, net, seed, total, slices):
        self.road_view, self.curves_view, self.heart = RoadView(), widgets.HTML(), Heartbeat()
        self.says = widgets.HTML(layout=widgets.Layout(min_height="46px", width="100%"))
        self.status = widgets.HTML(layout=widgets.Layout(width="calc(100% - 200px)", height="32px"))
        self._build_transport(total)
        self._build_choices(net, seed, slices)
        self._build_drawing()
        self._build_file()
        line = widgets.Layout(align_items="center", height="40px")
        gap = widgets.Layout(grid_gap="22px", align_items="flex-start", margin="6px 0 0 0")
        transport = [self.first, self.back, self.play_button, self.forward, self.last, self.scrubber, self.speed]
        rows = [
            self.road_view,
            self.says,
            widgets.HBox(transport, layout=line),
            widgets.HBox([self.status, self.skip], layout=line),
            widgets.HBox([self.curves_view, self.choices], layout=widgets.Layout(grid_gap="10px")),
            widgets.HBox([self.drawing, self.file_box], layout=gap),
        ]
        super().__init__([*rows, self.heart, MenuKeys()])
        self.add_class("cnn-explorer")

    def _build_transport(self, total):
        self.first = _button("fast-backward", "to the beginning of the record")
        self.back = _button("step-backward", "one moment back")
        self.play_button = _button("play", "play or pause", "Play", "92px")
        self.forward = _button("step-forward", "one moment forward, or one update")
        self.last = _button("fast-forward", "to the newest update")
        self.skip = _button("", "train on without stopping to look", f"Skip to update {PLATEAU_END}", "180px")
        self.scrubber = widgets.IntSlider(max=total, description="update", readout=False)
        self.scrubber.style.description_width, self.scrubber.layout.width = "54px", "460px"
        self.speed = _dropdown("speed", list(SPEEDS), "230px", value="1 update a frame")

    def _build_choices(self, net, seed, slices):
        menu = [(recipe.words, name) for name, recipe in RECIPES.items()]
        self.net = _dropdown("net", menu, "270px", value=net)
        self.digit = _dropdown("digit shown", [*range(10), DRAWING], "200px")
        self.sample = widgets.IntSlider(min=1, max=50, description="which one")
        self.sample.style.description_width, self.sample.layout.width = "initial", "260px"
        out, into = slices
        self.to_map = _dropdown("slice of K to map", range(1, out + 1), "170px")
        self.from_map = _dropdown("from", range(1, into + 1), "92px")
        self.seed = widgets.BoundedIntText(seed, min=0, max=10**6, description="seed")
        self.seed.style.description_width, self.seed.layout.width = "initial", "120px"
        self.restart = _button("refresh", "a new net from this seed", "Start over", "140px")
        self.low_cpu = widgets.Checkbox(description="low CPU: draw seldom", indent=False)
        rows = [self.net, self.digit, self.sample, widgets.HBox([self.to_map, self.from_map])]
        rows += [widgets.HBox([self.seed, self.restart])]
        self.choices = widgets.VBox(rows, layout=widgets.Layout(width="286px"))

    def _build_drawing(self):
        self.sketch = Sketch()
        self.label = _dropdown("it is meant to be a", range(10), "210px")
        self.wipe = _button("eraser", "an empty pad", "Clear", "110px")
        self.reads = widgets.HTML(DRAW, layout=widgets.Layout(height="72px"))
        beside = widgets.VBox([self.reads, self.label, self.wipe], layout=widgets.Layout(width="260px"))
        self.drawing = widgets.HBox([self.sketch, beside], layout=widgets.Layout(grid_gap="10px"))

    def _build_file(self):
        self.file = widgets.Text("run.npz", description="file", continuous_update=False)
        self.file.style.description_width, self.file.layout.width = "initial", "300px"
        self.save = _button("save", "write the run to the file", "Save", "110px")
        self.load = _button("folder-open", "go on with the run in the file", "Load", "110px")
        self.file_says = widgets.HTML()
        rows = [self.low_cpu, self.file, widgets.HBox([self.save, self.load]), self.file_says]
        self.file_box = widgets.VBox(rows, layout=widgets.Layout(width="500px"))


def _button(icon, tip, text="", width="44px"):
    return widgets.Button(icon=icon, description=text, tooltip=tip, layout=widgets.Layout(width=width))


def _dropdown(description, options, width, **settings):
    made = widgets.Dropdown(options=options, description=description, **settings)
    made.style.description_width, made.layout.width = "initial", width
    return made

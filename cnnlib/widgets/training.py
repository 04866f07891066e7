"""The training panel of notebook 12: the road, the curves, and a transport bar over one cursor in time.

The panel owns a :class:`cnnlib.run.Run`.  A control changes the run or what is chosen, and the picture is
drawn again.  Playing is an asyncio task that does a few updates, draws, and sleeps until the next frame
is due and the browser has painted this one, so a pause is obeyed at once; there is no thread.
"""

import asyncio
import time

import ipywidgets as widgets

from ..road import Road
from ..run import Run
from .closing import close_with_parts
from .heartbeat import Heartbeat
from .menu_keys import MenuKeys
from .training_view import curves, words

FRAME = 0.04  # seconds between two frames; a browser that gets no pause between frames paints none
QUIET_FRAME = 0.4  # the same with "low CPU"
PAUSE = 0.02  # seconds at least that are slept between two frames
AS_FAST = "as fast as it goes"
SPEEDS = {  # how many updates at the most between two frames, seconds between two frames
    "1 update a second": (1, 1.0),
    "5 updates a second": (1, 0.2),
    "1 update a frame": (1, FRAME),
    AS_FAST: (1000, 4 * FRAME),
}
PLATEAU_END = 400


class TrainingPanel(widgets.VBox):
    """A training run on the screen.  From code: ``panel.run``, ``play()``, ``pause()``, ``step()``, ``seek(t)``.

    ``digits`` as from :func:`cnnlib.data.load_digits`; the other arguments go to :class:`cnnlib.run.Run`.
    Playing ends by itself at the end of the run, and when the panel is no longer on any screen.
    """

    def __init__(self, digits, **settings):
        self.run = Run(digits, **settings)
        self.road = Road(self.run.network)
        self._task, self._skip_to, self._setting = None, 0, False
        self.road_view, self.curves_view, self.heart = widgets.HTML(), widgets.HTML(), Heartbeat()
        self.status = widgets.HTML(layout=widgets.Layout(width="calc(100% - 200px)", height="32px"))
        self._build_transport()
        self._build_choices()
        line = widgets.Layout(align_items="center", height="40px")
        super().__init__(
            [
                widgets.Box([self.road_view], layout=widgets.Layout(overflow="auto")),
                widgets.HBox([*self.transport, self.scrubber, self.speed], layout=line),
                widgets.HBox([self.status, self.skip], layout=line),
                widgets.HBox([self.curves_view, self.choices]),
                self.heart,
                MenuKeys(),
            ]
        )
        self.add_class("cnn-explorer")
        self._view_count = 0  # asks the front end to keep count, so that the last view's end is noticed
        self.observe(self._views_changed, "_view_count")
        self.draw()

    # ------------------------------------------------------------------------------ what one can do

    @property
    def playing(self):
        """Is the task running?"""
        return self._task is not None

    def play(self, *, skip_to=0):
        """Replay the record from the cursor, then train on; fast and with few pictures up to ``skip_to``."""
        self.pause()
        if self.run.cursor == self.run.total:
            self.run.seek(0)
        self._skip_to = min(skip_to, self.run.total) if skip_to > self.run.cursor else 0
        try:
            self._task = asyncio.get_running_loop().create_task(self._run())
        except RuntimeError:
            raise RuntimeError("play needs a notebook's event loop; in a script call step()") from None
        self.draw()

    def pause(self):
        """Stop at once, wherever the run is."""
        if self._task is not None:
            self._task.cancel()
        self._task, self._skip_to = None, 0
        self.draw()

    def step(self):
        """One moment forward: along the record, or one new update at its end."""
        self.run.forward()
        self.draw()

    def seek(self, step):
        """Show a moment of the record."""
        self.run.seek(step)
        self.draw()

    def close(self):
        """Stop, and take the panel and its controls away."""
        self.pause()
        close_with_parts(self)

    # ----------------------------------------------------------------------------------- the clock

    async def _run(self):
        try:
            while self.run.cursor < self.run.total:
                started = time.perf_counter()
                most, frame = SPEEDS[AS_FAST if self._skip_to else self.speed.value]
                frame = max(frame, QUIET_FRAME) if self.low_cpu.value else frame
                for _ in range(min(most, (self._skip_to or self.run.total) - self.run.cursor)):
                    self.run.forward()
                    if time.perf_counter() - started > 0.6 * frame:
                        break  # the rest of the frame belongs to the browser and to the learner
                if self.run.cursor >= self._skip_to:
                    self._skip_to = 0
                self.draw()
                self.heart.beat()
                await asyncio.sleep(max(frame - (time.perf_counter() - started), PAUSE))
                if self._view_count:
                    await self.heart.answered()
        finally:
            if self._task is asyncio.current_task():  # not if a newer task has taken over
                self._task = None
                self.draw()

    # --------------------------------------------------------------------------------- the picture

    def draw(self):
        """Bring everything on the screen up to date."""
        run = self.run
        trace, label = run.trace(self._image())
        chosen = (self.to_map.value - 1, self.from_map.value - 1)
        self.road_view.value = self.road.html(run.shown(), trace, label, chosen)
        self.curves_view.value = curves(run)
        plateau = run.on_plateau() and run.cursor == run.head
        self.status.value = words(run, trace, label)
        can_skip = plateau and run.head < PLATEAU_END and self._skip_to == 0
        self.skip.layout.visibility = "visible" if can_skip else "hidden"
        self.play_button.icon = "pause" if self.playing else "play"
        self.play_button.description = "Pause" if self.playing else "Play"
        self._setting = True
        self.scrubber.value = run.cursor
        self._setting = False

    def _image(self):
        """The place of the chosen test image: the n-th of its digit."""
        matching = (self.run.digits.test_labels == self.digit.value).nonzero()[0]
        return int(matching[(self.sample.value - 1) % len(matching)])

    # -------------------------------------------------------------------------------- the controls

    def _build_transport(self):
        def button(icon, tip, action, text="", width="44px"):
            made = widgets.Button(icon=icon, description=text, tooltip=tip, layout=widgets.Layout(width=width))
            made.on_click(lambda _: action())
            return made

        self.first = button("fast-backward", "to the beginning of the record", lambda: self._go(0))
        self.back = button("step-backward", "one moment back", lambda: self._go(self.run.cursor - 1))
        self.play_button = button("play", "play or pause", self._toggle, "Play", "92px")
        self.forward = button("step-forward", "one moment forward, or one update", self._step)
        self.last = button("fast-forward", "to the newest update", lambda: self._go(self.run.head))
        self.transport = [self.first, self.back, self.play_button, self.forward, self.last]
        text = f"Skip to update {PLATEAU_END}"
        self.skip = button("", "train on without stopping to look", self._skip, text, "180px")
        self.scrubber = widgets.IntSlider(max=self.run.total, description="update", readout=False)
        self.scrubber.style.description_width, self.scrubber.layout.width = "54px", "460px"
        self.scrubber.observe(self._scrubbed, "value")
        self.speed = _dropdown("speed", list(SPEEDS), "230px", value="1 update a frame")

    def _build_choices(self):
        out, into = self._slices()
        self.digit = _dropdown("digit shown", range(10), "150px")
        self.sample = widgets.IntSlider(min=1, max=50, description="which one")
        self.sample.style.description_width, self.sample.layout.width = "initial", "260px"
        self.to_map = _dropdown("slice of K to map", range(1, out + 1), "176px")
        self.from_map = _dropdown("from", range(1, into + 1), "92px")
        for control in (self.digit, self.sample, self.to_map, self.from_map):
            control.observe(self._chosen, "value")
        self.seed = widgets.BoundedIntText(self.run.seed, min=0, max=10**6, description="seed")
        self.seed.style.description_width, self.seed.layout.width = "initial", "120px"
        self.restart = widgets.Button(description="Start over", icon="refresh", tooltip="a new net from this seed")
        self.restart.on_click(lambda _: self._start_over())
        self.low_cpu = widgets.Checkbox(description="low CPU: draw seldom", indent=False)
        rows = [self.digit, self.sample, widgets.HBox([self.to_map, self.from_map])]
        rows += [widgets.HBox([self.seed, self.restart]), self.low_cpu]
        self.choices = widgets.VBox(rows, layout=widgets.Layout(width="290px"))

    def _slices(self):
        """(C_out, C_in) of the last kernels, those whose slices can be chosen."""
        return [layer.params["K"].shape[:2] for layer in self.run.network.layers if "K" in layer.params][-1]

    # Each callback: a person did something, the run follows, the picture is drawn.

    def _toggle(self):
        self.pause() if self.playing else self.play()

    def _step(self):
        self.pause()
        self.step()

    def _go(self, step):
        self.pause()
        self.seek(step)

    def _skip(self):
        self.play(skip_to=PLATEAU_END)

    def _scrubbed(self, change):
        if not self._setting:
            self._go(change["new"])

    def _chosen(self, _change):
        self.draw()

    def _start_over(self):
        self.pause()
        self.run.restart(self.seed.value)
        self.road = Road(self.run.network)
        self.draw()

    def _views_changed(self, change):
        if change["old"] and change["new"] == 0:
            self.pause()


def _dropdown(description, options, width, **settings):
    made = widgets.Dropdown(options=options, description=description, **settings)
    made.style.description_width, made.layout.width = "initial", width
    return made

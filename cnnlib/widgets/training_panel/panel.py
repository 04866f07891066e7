"""The training panel of notebook 12: the diagram, the curves, and a transport bar over one cursor in time.

The panel owns a :class:`cnnlib.experiments.run.Run`.  A control changes the run or the choice of what is shown, and
the picture is drawn again.  For its transport bar the panel is the
:class:`cnnlib.widgets.parts.transport.Timeline`: while it plays, it does a few updates, draws, and sleeps until the
next frame is due and the browser has painted this one.
"""

import asyncio
import contextlib
import html
import time

from cnnlib.experiments.run import Run
from cnnlib.models import RECIPES
from cnnlib.pass_diagram.diagram import PassDiagram
from cnnlib.pass_diagram.provenance import fitting, origin
from cnnlib.pass_diagram.sentence import sentence
from cnnlib.training import LossNotFiniteError

from ..parts.closing import close_with_parts
from ..parts.player import pace, when_unseen
from .controls import AS_FAST, DRAW, DRAWING, PLATEAU_END, SPEEDS, TrainingControls
from .save_and_load import TrainingFiles
from .view import BELOW, curves, loss_curve, reading, words
from .wall import wall

SELDOM = 0.2  # seconds between two drawings of the curves while it plays
PAUSE = 0.004  # at least so many seconds of sleep between two frames


class TrainingPanel(TrainingFiles, TrainingControls):
    """A training run on the screen.  From code: ``panel.run``, ``play()``, ``pause()``, ``step()``, ``seek(t)``.

    ``digits`` as from :func:`cnnlib.data.load_digits`; ``net`` is a name in :data:`cnnlib.models.RECIPES`; the
    other arguments go to :class:`cnnlib.experiments.run.Run`.  Playing ends by itself at the end of the run, and
    when the panel is no longer on any screen.
    """

    def __init__(self, digits, net="article", **settings):
        if net not in RECIPES:
            raise ValueError(f"TrainingPanel: net {net!r} is none of {', '.join(RECIPES)}")
        self._digits, self._settings = digits, settings
        self._skip_to, self._setting, self._followed, self._curves_drawn = 0, False, None, 0.0
        self._passed = None  # (what was asked for, its trace)
        self.run = self._new_run(net)
        self.diagram = PassDiagram(self.run.network)
        super().__init__(net, self.run.seed, self.run.total, self._slices())
        self._connect()
        when_unseen(self, self.pause)
        self.heart.when_gone(self.pause)
        self.draw()

    # ------------------------------------------------------------------------------ what one can do

    @property
    def playing(self):
        """Is it playing?"""
        return self.bar.playing

    def play(self, *, skip_to=0):
        """Replay the record from the cursor, then train on; quickly, with few pictures, up to ``skip_to``."""
        self.pause()
        self._skip_to = min(skip_to, self.run.total) if skip_to > self.run.cursor else 0
        self.bar.play()

    def pause(self):
        """Stop at once."""
        self.bar.pause()

    def step(self, by=1):
        """One update forward: along the record, or at its end a new one; with −1 one update back."""
        if by > 0:
            self._forward()
        else:
            self.run.seek(self.run.cursor - 1)
        self.draw()

    def seek(self, step):
        """Show a moment of the record."""
        self.run.seek(step)
        self.draw()

    def close(self):
        """Stop, and take the panel and its controls away."""
        self.bar.unobserve_all("playing")  # nothing is drawn: the interpreter may be shutting down
        self.bar.close()
        close_with_parts(self)

    # -------------------------------------------------------------------------- the bar's timeline

    @property
    def newest(self):
        """The last update of the record."""
        return self.run.head

    async def advance(self):
        """Play and train to the end of the run."""
        while self.run.cursor < self.run.total:
            started = time.perf_counter()
            most, frame = SPEEDS[AS_FAST if self._skip_to else self.bar.speed.value]
            frame, work = pace(frame, self.low_cpu.value)
            for _ in range(min(most, (self._skip_to or self.run.total) - self.run.cursor)):
                if not self._forward():
                    return
                await asyncio.sleep(0)  # a click on Pause ends the task here
                if time.perf_counter() - started > work:
                    break
            if self.run.cursor >= self._skip_to:
                self._skip_to = 0
            if self._view_count:
                await self.heart.answered()  # it paints while the next updates are done
            self.draw()
            self.heart.beat()
            await asyncio.sleep(max(frame - (time.perf_counter() - started), PAUSE))

    def _forward(self):
        """One update forward; False at the end.  Where the loss diverges, ``run.trouble`` says so."""
        try:
            return self.run.forward()
        except LossNotFiniteError:
            return False

    # --------------------------------------------------------------------------------- the picture

    def draw(self):
        """Draw everything on the screen anew."""
        run, network = self.run, self.run.shown()
        image, label, name = self._image()
        trace = self._trace(image, label)
        spot = fitting(self.diagram_view.chosen, self.diagram.plan, trace)
        made_of = origin(network, trace, self.diagram.plan, spot) if spot else None
        if spot != self._followed:  # once for each choice: the menus stay free
            self._follow(spot, made_of)
        chosen = (self.to_map.value - 1, self.from_map.value - 1)
        look = dict(spot=spot, origin=made_of, moment=run.cursor)
        self.diagram_view.html = self.diagram.html(network, trace, label, chosen, **look)
        if self.part.value == "large":
            self.wall.value = wall(network, trace, self.diagram.plan, chosen, self.diagram.limits)
        self.says.value = f'<div role="status" style="font-size:15px;line-height:1.5">{sentence(made_of)}</div>'
        self.status.value = html.escape(self.bar.trouble) or words(run, trace, label, name)
        self.reads.value = reading(trace, network) if self.digit.value == DRAWING else DRAW
        can_skip = run.on_plateau() and run.cursor == run.head < PLATEAU_END and self._skip_to == 0
        self.skip.layout.visibility = "visible" if can_skip else "hidden"
        if not self.playing or time.perf_counter() - self._curves_drawn > SELDOM:
            self._draw_curves()

    def _trace(self, image, label):
        """The pass of an image at the cursor, computed again only if image, label or cursor have changed."""
        asked = (self.run, self.run.cursor, label, image.tobytes())
        if self._passed is None or self._passed[0] != asked:
            self._passed = asked, self.run.trace_image(image, label)
        return self._passed[1]

    def _draw_curves(self):
        """Draw curves and scrubber, but not with every frame: each message costs the browser time."""
        self._curves_drawn = time.perf_counter()
        self.curves_view.value, self.bar.position = curves(self.run), self.run.cursor
        if self.part.value == "large":
            self.loss_view.value = loss_curve(self.run, **BELOW)

    def _follow(self, spot, made_of):
        """Show the slice of the largest product large, if it is one of those that the menus offer."""
        self._followed, slices = spot, made_of.slices if made_of else None
        if slices and all(n < size for n, size in zip(slices, self._slices(), strict=True)):
            with self._by_itself():
                self.to_map.value, self.from_map.value = slices[0] + 1, slices[1] + 1

    def _image(self):
        """(image, label, its name): the n-th test image of the chosen digit, or the learner's drawing."""
        digits = self.run.digits
        if self.digit.value == DRAWING:
            drawn = self.sketch.image()
            blank = digits.test_images[0] * 0
            return (blank if drawn is None else drawn), self.label.value, "your drawing"
        matching = (digits.test_labels == self.digit.value).nonzero()[0]
        k = int(matching[(self.sample.value - 1) % len(matching)])
        return digits.test_images[k], self.digit.value, f"this {self.digit.value}"

    def _slices(self):
        """(C_out, C_in) of the last kernels, those whose slices can be chosen."""
        return [layer.params["K"].shape[:2] for layer in self.run.network.layers if "K" in layer.params][-1]

    # Each callback: a person did something, the run follows, the picture is drawn.
    def _connect(self):
        clicks = {
            self.skip: lambda: self.play(skip_to=PLATEAU_END),
            self.restart: lambda: self._take(self._new_run(self.net.value, self.seed.value)),
            self.wipe: self.sketch.clear,
            self.save: lambda: self._with_file(self._save),
            self.load: lambda: self._with_file(self._load),
        }
        for button, action in clicks.items():
            button.on_click(lambda _, action=action: action())
        for control in (self.digit, self.sample, self.to_map, self.from_map, self.label, self.part):
            control.observe(lambda _: self._setting or self.draw(), "value")
        self.diagram_view.observe(lambda _: self._setting or self.draw(), "spot")
        self.sketch.observe(self._drawn, "strokes")
        self.bar.observe(lambda change: change["new"] == self.run.cursor or self.seek(change["new"]), "position")
        self.bar.observe(self._played, "playing")
        self.net.observe(lambda change: self._setting or self._take(self._new_run(change["new"])), "value")

    @contextlib.contextmanager
    def _by_itself(self):
        """While the panel moves its own controls, their callbacks do not count as a person's choice."""
        before, self._setting = self._setting, True
        try:
            yield
        finally:
            self._setting = before

    def _played(self, change):
        """Called when playing begins or ends."""
        self._skip_to = self._skip_to if change["new"] else 0
        self.draw()

    def _drawn(self, _change):
        with self._by_itself():
            self.digit.value = DRAWING
        self.draw()

    def _new_run(self, net, seed=None):
        settings = {**RECIPES[net].settings(), **self._settings}
        return Run(self._digits, **(settings if seed is None else {**settings, "seed": seed}))

    def _take(self, run):
        """Show another run from now on."""
        self.pause()
        self.run, self.diagram = run, PassDiagram(run.network)
        with self._by_itself():
            out, into = self._slices()
            self.to_map.options, self.from_map.options = range(1, out + 1), range(1, into + 1)
            self.bar.count, self.seed.value, self.diagram_view.spot = run.total + 1, run.seed, None
        self.draw()

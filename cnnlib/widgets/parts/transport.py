"""The one transport bar of the course: ⏮ ◀ ▶ ⏭, speed, and a scrubber with its position in words.

A :class:`Transport` counts positions 0 … count − 1 and knows nothing of what they mean.  An explorer
observes ``position`` and draws.  Playing is an asyncio task, so the kernel stays free and a pause is obeyed
at once; there is no thread.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import resources

import anywidget
import ipywidgets as widgets
import traitlets

from cnnlib.plots.colours import PROPERTIES
from cnnlib.validation import whole_number

from .closing import close_with_parts
from .traits import check

SPEEDS = {"slow": 1.0, "normal": 0.4, "fast": 0.1}  # seconds from one position to the next
LESS_MOTION = "less motion"  # the last choice of speed: one position a second, of those that are given
SHORTEST_PAUSE = 0.02  # a browser that gets no pause between frames paints none


class PositionLine(anywidget.AnyWidget):
    """The position in words.  It also hears the keys, and reports each as a message ``{"key": …}``."""

    _esm = resources.files(__package__).joinpath("transport.js").read_text(encoding="utf-8")
    _css = PROPERTIES + """.cnn-position { min-height: 1.5em; padding: 2px 4px; font-size: 16px; line-height: 1.4;
      font-variant-numeric: tabular-nums; color: var(--cnn-text); }"""

    words = traitlets.Unicode("").tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    reduced = traitlets.Bool(False).tag(sync=True)  # the browser asks for less motion


class Transport(widgets.VBox):
    """A bar over positions 0 … count − 1.  ``bar.observe(lambda change: draw(change.new), "position")``

    count   how many positions there are; it may be changed, and a position beyond its end moves to the last
    words   a function that says a position in words: "window 3 of 12, row 0, column 2"
    noun    what is counted, where ``words`` is not given
    speeds  the choices of speed: name → seconds from one position to the next; "less motion" is added to them
    still   the positions that "less motion" shows, where the way between them is nothing but a motion

    Space plays and pauses, the arrows step, Home returns, End goes to the last: with the focus in the bar, or
    anywhere in a box that was given ``add_class("cnn-explorer")``.  Where the browser asks for less motion,
    this is the speed at first.  From code: ``position``, ``step(±1)``,
    ``play()``, ``pause()``, ``playing``.  Playing ends by itself at the last position, when no view of the bar
    is left, and when an observer fails, whose error is then shown.  ValueError for a count below 1.
    """

    position = traitlets.TraitType(0)  # unlike Any, it has None checked too
    count = traitlets.TraitType(1)

    def __init__(
        self,
        count: int,
        *,
        words: Callable[[int], str] | None = None,
        noun: str = "step",
        speeds: Mapping[str, float] = SPEEDS,
        position: int = 0,
        still: Sequence[int] = (),
    ):
        self._words = words or (lambda position: f"{noun} {position + 1} of {self.count}")
        self._speeds, self._still = {**speeds, LESS_MOTION: 1.0}, tuple(still)
        self._task, self._drawing = None, False
        self._build()
        line = widgets.Layout(align_items="center", min_height="36px", flex_flow="row wrap")
        super().__init__([widgets.HBox([*self.buttons, self.scrubber, self.speed], layout=line), self.line])
        self.add_class("cnn-transport")
        self.observe(self._draw, ["position", "count"])
        self.count, self.position = count, position
        self._view_count = 0  # asks the front end to keep count, so that the last view's end is noticed
        self.observe(self._views_changed, "_view_count")
        self._draw()

    # ------------------------------------------------------------------------------ what one can do

    @property
    def playing(self) -> bool:
        """Is the task running?"""
        return self._task is not None

    def play(self) -> None:
        """Go on to the last position, from the beginning if it is there already."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError("play needs a notebook's event loop; in a script call step()") from None
        self.pause()
        if self.position == self.count - 1:
            self.position = 0
        self._task = loop.create_task(self._run())
        self._draw()

    def pause(self) -> None:
        """Stop where it is."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._draw()

    def step(self, by: int = 1) -> None:
        """Some positions on, or back; it goes no further than the ends."""
        self.position += by

    def close(self) -> None:
        """Stop, and take the bar and all its parts away."""
        self.pause()
        close_with_parts(self)

    # ----------------------------------------------------------------------------------- the clock

    async def _run(self):
        spent = 0.0
        try:
            while self.position < self.count - 1 and self.comm is not None:  # None: the bar was closed
                await asyncio.sleep(max(self._speeds[self.speed.value] - spent, SHORTEST_PAUSE))
                started = time.perf_counter()
                self.position = self._next()
                spent = time.perf_counter() - started
        except Exception as error:
            self._task = None
            self._draw()
            self.line.words = f"stopped: {error}"
            raise
        finally:
            if self._task is asyncio.current_task():  # not if a newer task has taken over
                self._task = None
                self._draw()

    def _next(self):
        """The position that playing goes to."""
        later = [position for position in self._still if position > self.position]
        return min(later) if later and self.speed.value == LESS_MOTION else self.position + 1

    # --------------------------------------------------------------------------------- the picture

    def _draw(self, _change=None):
        self._drawing = True
        self.scrubber.max = max(self.count - 1, 1)  # a slider needs a length
        self.scrubber.value = self.position
        self._drawing = False
        self.scrubber.disabled = self.play_button.disabled = self.count == 1
        self.play_button.icon = "pause" if self.playing else "play"
        self.play_button.description = "Pause" if self.playing else "Play"
        self.line.playing, self.line.words = self.playing, str(self._words(self.position))

    # -------------------------------------------------------------------------------- the controls

    def _build(self):
        def button(action, icon, tip, width="44px"):
            made = widgets.Button(icon=icon, tooltip=tip, layout=widgets.Layout(width=width))
            made.on_click(lambda _: self._do(action))
            return made

        self.first = button("first", "fast-backward", "to the first (Home)")
        self.back = button("back", "step-backward", "one back (left arrow)")
        self.play_button = button("toggle", "play", "play or pause (Space)", "92px")
        self.forward = button("forward", "step-forward", "one on (right arrow)")
        self.last = button("last", "fast-forward", "to the last (End)")
        self.buttons = [self.first, self.back, self.play_button, self.forward, self.last]
        self.scrubber = widgets.IntSlider(readout=False, layout=widgets.Layout(width="360px"))
        self.scrubber.observe(self._scrubbed, "value")
        names = list(self._speeds)
        middle, layout = names[(len(names) - 1) // 2], widgets.Layout(width="150px")
        self.speed = widgets.Dropdown(options=names, value=middle, description="speed", layout=layout)
        self.speed.style.description_width = "initial"
        self.line = PositionLine()
        self.line.observe(lambda _change: self.speed.set_trait("value", LESS_MOTION), "reduced")
        self.line.on_msg(lambda _widget, content, _buffers: self._do(content.get("key")))

    def _do(self, action):
        """What a button or a key asks for; anything but playing also pauses."""
        if action == "toggle":
            self.pause() if self.playing else self.play()
        elif action in ("first", "back", "forward", "last"):
            here, end = self.position, self.count - 1
            self.pause()
            self.position = {"first": 0, "back": here - 1, "forward": here + 1, "last": end}[action]

    def _scrubbed(self, change):
        if not self._drawing:
            self.pause()
            self.position = change["new"]

    def _views_changed(self, change):
        if change["old"] and change["new"] == 0:
            self.pause()

    # ---------------------------------------------------------------- what fits, and what does not

    @check("count")
    def _check_count(self, proposal):
        count = whole_number(proposal["value"], "Transport: count", at_least=1)
        self.position = min(self.position, count - 1)
        return count

    @check("position")
    def _check_position(self, proposal):
        """Beyond an end is that end."""
        return min(max(whole_number(proposal["value"], "Transport: position"), 0), self.count - 1)

"""The one transport bar of the course: ⏮ ◀ ▶ ⏭, speed, and a scrubber with its position in words.

A :class:`Transport` counts positions 0 … count − 1, whatever they mean.  An explorer observes ``position`` and
draws.  The training panel, whose positions are updates that are still to be trained, gives the bar a
:class:`Timeline` of its own.  The task that runs while it plays is a :class:`cnnlib.widgets.parts.player.Player`.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import anywidget
import ipywidgets as widgets
import traitlets

from cnnlib.plots.colours import PROPERTIES
from cnnlib.validation import whole_number

from .closing import close_with_parts
from .controls import button, dropdown
from .player import Player, when_unseen
from .traits import check, script

SPEEDS = {"slow": 1.0, "normal": 0.4, "fast": 0.1}  # seconds from one position to the next
LESS_MOTION = "less motion"  # the last choice of speed: one position a second, among those in ``still``
SHORTEST_PAUSE = 0.02  # a browser that gets no pause between frames paints none


class PositionLine(anywidget.AnyWidget):
    """The position in words.  It also listens for the keys, and reports each as a message ``{"key": …}``."""

    _esm = script("transport.js")
    # Beside the bar, in two lines of words that are no higher than its buttons.
    _css = PROPERTIES + """.cnn-position { min-height: 36px; padding: 0 4px 0 10px; font-size: 16px;
      line-height: 18px; display: flex; align-items: center; font-variant-numeric: tabular-nums;
      color: var(--cnn-text); }"""

    words = traitlets.Unicode("").tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    reduced = traitlets.Bool(False).tag(sync=True)  # the browser asks for less motion


class Timeline(Protocol):
    """A sequence of moments that a bar steps along, where it is more than a fixed row of positions."""

    newest: int  # the position that End goes to

    def step(self, by: int) -> None:
        """One moment on (+1) or back (−1)."""

    async def advance(self) -> None:
        """Play to the end, at the speed that is chosen."""


class Transport(widgets.VBox):
    """A bar over positions 0 … count − 1: ``bar.observe(lambda change: draw(change.new), "position")``.

    Space plays and pauses, the arrows step, Home returns, End goes to the last: with the focus in the bar, or
    anywhere in a box that was given ``add_class("cnn-explorer")``.  From code: ``position``, ``step(±1)``,
    ``play()``, ``pause()``; ``playing`` can be observed.  Playing ends by itself at the last position, when no
    view of the bar is left, at an interrupt of the kernel, and when an observer fails, whose error is then
    shown.

    Parameters
    ----------
    count : number of positions
        May be changed; a position beyond its end moves to the last.
    words : function
        Says a position in words: "window 3 of 12, row 0, column 2".
    noun : text
        What is counted, where ``words`` is not given.
    speeds : {name: seconds from one position to the next}
        "less motion" is added to them; where the browser asks for less motion, this is the speed at first.
    position : at first
    still : positions
        Those that "less motion" shows, where the positions between them show only a movement.
    along : Timeline
        Steps and plays instead of the bar, and interprets ``speeds``.

    Raises
    ------
    ValueError
        For a count below 1.
    """

    position = traitlets.TraitType(0)  # unlike Any, it has None checked too
    count = traitlets.TraitType(1)
    playing = traitlets.Bool(False)
    locked = traitlets.Bool(False)  # neither buttons nor keys move it; code still does
    trouble = ""  # what ended the playing, in words

    def __init__(
        self,
        count: int,
        *,
        words: Callable[[int], str] | None = None,
        noun: str = "step",
        speeds: Mapping[str, float] = SPEEDS,
        position: int = 0,
        still: Sequence[int] = (),
        along: Timeline | None = None,
    ):
        self._words = words or (lambda position: f"{noun} {position + 1} of {self.count}")
        self._along, self._still = along, tuple(still)
        self._speeds = dict(speeds) if along else {**speeds, LESS_MOTION: 1.0}
        self._player, self._drawing = Player(ended=self._draw), False
        self._build()
        line = widgets.Layout(align_items="center", min_height="38px", flex_flow="row wrap")
        super().__init__([widgets.HBox([*self.buttons, self.scrubber, self.speed, self.line], layout=line)])
        self.add_class("cnn-transport")
        self.observe(self._draw, ["position", "count", "locked"])
        self.count, self.position = count, position
        when_unseen(self, self.pause)
        self._draw()

    # ------------------------------------------------------------------------------ what one can do

    def play(self) -> None:
        """Go on to the last position, from the beginning if it is there already."""
        self._player.start(self._play, otherwise="in a script call step()")
        if self.position == self.count - 1:
            self.position = 0
        self._draw()

    def pause(self) -> None:
        """Stop where it is."""
        self._player.stop()
        self._draw()

    def step(self, by: int = 1) -> None:
        """Some positions on, or back; it goes no further than the ends."""
        if self._along:
            self._along.step(by)
        else:
            self.position += by

    def close(self) -> None:
        """Stop, and take the bar and all its parts away."""
        self.pause()
        close_with_parts(self)

    # ----------------------------------------------------------------------------------- the clock

    async def _play(self):
        self.trouble = ""
        try:
            await (self._along.advance() if self._along else self._advance())
        except Exception as error:
            self.trouble = f"stopped: {error}"
            raise

    async def _advance(self):
        spent = 0.0
        while self.position < self.count - 1 and self.comm is not None:  # None: the bar was closed
            await asyncio.sleep(max(self._speeds[self.speed.value] - spent, SHORTEST_PAUSE))
            started = time.perf_counter()
            self.position = self._next()
            spent = time.perf_counter() - started

    def _next(self):
        """The position that playing goes to."""
        later = [position for position in self._still if position > self.position]
        return min(later) if later and self.speed.value == LESS_MOTION else self.position + 1

    # --------------------------------------------------------------------------------- the picture

    def _draw(self, change=None):
        self.trouble = "" if change else self.trouble
        self._drawing = True
        self.scrubber.max = max(self.count - 1, 1)  # a slider needs a length
        self.scrubber.value = self.position
        self._drawing = False
        for control in (*self.buttons, self.scrubber, self.speed):
            control.disabled = self.locked
        self.scrubber.disabled = self.play_button.disabled = self.locked or self.count == 1
        running = self._player.running
        self.play_button.icon = "pause" if running else "play"
        self.play_button.description = "Pause" if running else "Play"
        self.line.playing, self.line.words = running, self.trouble or str(self._words(self.position))
        self.playing = running  # last: whoever observes it may draw, which takes the browser longer

    # -------------------------------------------------------------------------------- the controls

    def _build(self):
        self.first = button("fast-backward", "to the first (Home)")
        self.back = button("step-backward", "one back (left arrow)")
        self.play_button = button("play", "play or pause (Space)", width="92px")
        self.forward = button("step-forward", "one on (right arrow)")
        self.last = button("fast-forward", "to the last (End)")
        self.buttons = [self.first, self.back, self.play_button, self.forward, self.last]
        for made, action in zip(self.buttons, ("first", "back", "toggle", "forward", "last"), strict=True):
            made.on_click(lambda _, action=action: self._do(action))
        self.scrubber = widgets.IntSlider(readout=False, tooltip="position", layout=widgets.Layout(width="160px"))
        self.scrubber.observe(self._scrubbed, "value")
        names = list(self._speeds)
        self.speed = dropdown("speed", names, "max-content", value=names[(len(names) - 1) // 2])
        self.line = PositionLine(layout=widgets.Layout(flex="1 1 240px"))
        if LESS_MOTION in names:
            self.line.observe(lambda _change: self.speed.set_trait("value", LESS_MOTION), "reduced")
        self.line.on_msg(lambda _widget, content, _buffers: self._do(content.get("key")))

    def _do(self, action):
        """Do what a button or a key stands for; anything but playing also pauses."""
        if self.locked:
            return
        if action == "toggle":
            self.pause() if self._player.running else self.play()
        elif action == "back":
            self._move(lambda: self.step(-1))
        elif action == "forward":
            self._move(self.step)
        elif action == "first":
            self._move(lambda: self.set_trait("position", 0))
        elif action == "last":
            newest = self._along.newest if self._along else self.count - 1
            self._move(lambda: self.set_trait("position", newest))

    def _move(self, action):
        """Stop, move, and only then report that it stopped; else the slider would jump back while it is dragged."""
        self._player.stop()
        self.trouble = ""
        action()
        self._draw()

    def _scrubbed(self, change):
        if not self._drawing:
            self._move(lambda: self.set_trait("position", change["new"]))

    # ---------------------------------------------------------------- what fits, and what does not

    @check("count")
    def _check_count(self, proposal):
        count = whole_number(proposal["value"], "Transport: count", at_least=1)
        self.position = min(self.position, count - 1)
        return count

    @check("position")
    def _check_position(self, proposal):
        """A position beyond an end becomes that end."""
        return min(max(whole_number(proposal["value"], "Transport: position"), 0), self.count - 1)

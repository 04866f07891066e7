"""A training run of the bug lab while it plays: some updates, a picture, a pause, and so on.

A :class:`LiveRun` uses no widget.  It keeps the losses so far and calls ``draw`` after each frame.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from cnnlib.bugs import training_results
from cnnlib.data import Digits, load_digits
from cnnlib.training import LossNotFiniteError

from ..parts.player import Player, pace

FRAME = 0.2  # seconds from one picture to the next
PAUSE = 0.02  # at least so many seconds of sleep


class LiveRun:
    """``start(key, seed)``, ``stop()``, ``running``, ``losses``; ``test_error`` when a run has come to its end."""

    def __init__(self, digits: Digits | None, draw: Callable[[], None], painted: Callable[[], Awaitable]):
        self.digits, self.draw, self.painted = digits, draw, painted
        self.quiet = False  # low CPU: few pictures, and most of the time is slept
        self._player = Player(ended=draw)
        self.forget()

    @property
    def running(self) -> bool:
        """Is the task running?"""
        return self._player.running

    def forget(self) -> None:
        """Stop, and discard the run."""
        self.stop()
        self.losses, self.test_error = [], None

    def start(self, key: str, seed: int) -> None:
        """Train a new net with the bug, from its first update."""
        self.forget()
        self._player.start(lambda: self._run(key, seed), otherwise="in a script use cnnlib.bugs.training_results")

    def stop(self) -> None:
        """End the task, wherever it is; the losses stay."""
        self._player.stop()

    async def _run(self, key, seed):
        await asyncio.sleep(0)  # the button is drawn before the digits are read
        self.digits = self.digits or load_digits()
        net, steps = training_results.begin(self.digits, key, seed)
        going = True
        while going:
            started = time.perf_counter()
            frame, work = pace(FRAME, self.quiet)
            going = self._advance(steps, started + work)
            if not going:
                self.test_error = net.error_rate(self.digits.test_images, self.digits.test_labels)
            self.draw()
            await asyncio.sleep(max(frame - (time.perf_counter() - started), PAUSE))
            await self.painted()

    def _advance(self, steps, until):
        """Do updates until it is time for a picture; False at the end of the run."""
        while time.perf_counter() < until:
            try:
                step = next(steps, None)
            except LossNotFiniteError:
                return False
            if step is None:
                return False
            self.losses.append(step.loss)
        return True

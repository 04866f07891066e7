"""One asyncio task at a time: what plays on the transport bar, in the training panel and in the bug lab.

The kernel stays free while it plays, and a pause is obeyed at once; there is no thread.  :func:`when_unseen` ends
it when nobody looks any more.
"""

import asyncio
from collections.abc import Awaitable, Callable

import ipywidgets as widgets

WORK = 0.6  # the share of a frame that goes into updates; the rest belongs to the browser and to the learner
QUIET_WORK, QUIET_FRAME = 0.2, 0.4  # the same, and seconds a frame, with low CPU: below three flashes a second


class Player:
    """``start`` and ``stop`` a coroutine; ``ended`` is called when it came to its end by itself, or failed."""

    def __init__(self, ended: Callable[[], None]):
        self._ended, self._task = ended, None

    @property
    def running(self) -> bool:
        """Is the task running?"""
        return self._task is not None

    def start(self, play: Callable[[], Awaitable[None]], otherwise: str) -> None:
        """Run ``play()`` in the place of what was running.

        RuntimeError where there is no event loop; ``otherwise`` says what a script does instead.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError(f"play needs a notebook's event loop; {otherwise}") from None
        self.stop()
        self._task = loop.create_task(self._run(play))

    def stop(self) -> None:
        """End the task, wherever it is."""
        if self._task is not None:
            self._task.cancel()
        self._task = None

    async def _run(self, play):
        try:
            await play()
        finally:
            if self._task is asyncio.current_task():  # not if a newer task has taken over
                self._task = None
                self._ended()


def pace(frame: float, quiet: bool) -> tuple[float, float]:
    """Seconds from one picture to the next, and how many of them go into updates."""
    frame, work = (max(frame, QUIET_FRAME), QUIET_WORK) if quiet else (frame, WORK)
    return frame, work * frame


def when_unseen(widget: widgets.DOMWidget, action: Callable[[], None]) -> None:
    """Call ``action`` each time when the last view of a widget is gone from the screen."""
    widget._view_count = 0  # asks the front end to keep count
    widget.observe(lambda change: change["old"] and change["new"] == 0 and action(), "_view_count")

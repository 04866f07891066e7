"""The asyncio task that runs while a transport bar, the training panel or the bug lab plays; one at a time.

The kernel stays free meanwhile, and a pause takes effect at once; there is no thread.  :func:`when_unseen` ends the
task when its widget is on no screen any more.  Speeds and keys are those of :mod:`.transport`.
"""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable

import ipywidgets as widgets

WORK = 0.6  # the share of a frame that goes into updates; the rest belongs to the browser and to the learner
LISTEN = 0.2  # seconds after which an interrupt of the kernel is heard for sure
QUIET_WORK, QUIET_FRAME = 0.2, 0.4  # the same, and seconds a frame, with low CPU: below three flashes a second
_RUNNING = set()  # the players that an interrupt of the kernel pauses


class Player:
    """Starts and stops a coroutine; ``ended`` is called when it has finished by itself, or failed."""

    def __init__(self, ended: Callable[[], None]):
        self._ended, self._task, self._timer = ended, None, None

    @property
    def running(self) -> bool:
        """Is the task running?"""
        return self._task is not None

    def start(self, play: Callable[[], Awaitable[None]], otherwise: str) -> None:
        """Run ``play()``, after stopping what was running.

        RuntimeError where there is no event loop; ``otherwise`` is the advice for a script.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError(f"play needs a notebook's event loop; {otherwise}") from None
        self.stop()
        self._task = loop.create_task(self._run(play))
        self._loop = loop
        _RUNNING.add(self)
        self._listen()

    def stop(self) -> None:
        """End the task, wherever it is."""
        if self._task is not None:
            self._task.cancel()
        self._forget()

    def _forget(self):
        if self._timer is not None:
            self._timer.cancel()
        self._task = self._timer = None
        _RUNNING.discard(self)

    def _listen(self):
        """Let the kernel's Interrupt pause what plays, although a kernel ignores it between two messages.

        The kernel sets its handler anew with each message, so this is repeated every LISTEN seconds.
        """
        with contextlib.suppress(ValueError):  # not the main thread
            if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
                signal.signal(signal.SIGINT, _interrupt_all)
        self._timer = self._loop.call_later(LISTEN, self._listen)

    def interrupted(self):
        """The kernel was interrupted: stop, as if it had come to its end."""
        if self.running:
            self.stop()
            self._ended()

    async def _run(self, play):
        try:
            await play()
        finally:
            if self._task is asyncio.current_task():  # not if a newer task has taken over
                self._forget()
                self._ended()


def _interrupt_all(*_signal) -> None:
    """Pause all players.  There is one handler for all, since the kernel keeps the first that it finds."""
    for player in tuple(_RUNNING):
        player._loop.call_soon_threadsafe(player.interrupted)


def pace(frame: float, quiet: bool) -> tuple[float, float]:
    """Seconds from one picture to the next, and how many of them go into updates."""
    frame, work = (max(frame, QUIET_FRAME), QUIET_WORK) if quiet else (frame, WORK)
    return frame, work * frame


def when_unseen(widget: widgets.DOMWidget, action: Callable[[], None]) -> None:
    """Call ``action`` each time the last view of a widget disappears from the screen."""
    widget._view_count = 0  # asks the front end to keep count
    widget.observe(lambda change: change["old"] and change["new"] == 0 and action(), "_view_count")

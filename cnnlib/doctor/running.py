"""Running somebody else's code: without output, with the random state restored and errors located by line.

Freed memory is filled with a value first: a layer that reads memory it never wrote then gives different numbers for
different values.
"""

import builtins
import contextlib
import io
import random
import sys
import sysconfig
import traceback
import warnings
from functools import cached_property
from pathlib import Path

import numpy as np

from .guard import RefusedError
from .settings import Setting

STDLIB = sysconfig.get_paths()["stdlib"]
LONGEST = 300  # characters of a message


class LayerError(Exception):
    """Something that somebody's code raised: ``stage`` says where, ``line`` which line of it."""

    def __init__(self, stage: str, error: BaseException):
        super().__init__(stage, error)
        self.stage, self.error = stage, error

    def __str__(self):
        return f"{self.stage} raised {type(self.error).__name__}{said_by(self.error)}{self.at_line}"

    @cached_property
    def where(self):
        """The last line of somebody's code on the way to the error; None where there is none."""
        others = (str(Path(__file__).parent), STDLIB, "<__array")
        frames = [f for f in traceback.extract_tb(self.error.__traceback__) if f.line]
        own = [f for f in frames if not f.filename.startswith(others) and "site-packages" not in f.filename]
        return own[-1] if own else None

    @property
    def at_line(self) -> str:
        return f' (line {self.where.lineno}: "{self.where.line.strip()}")' if self.where else ""


def said_by(error: BaseException) -> str:
    """The message of an error behind a colon, not longer than a few lines; nothing for one without a message."""
    try:
        message = " ".join(str(error).split())
    except Exception:
        message = "its message cannot be read"
    return f": {message[:LONGEST]}{' …' * (len(message) > LONGEST)}" * bool(message)


SEEDED = random.Random(0).getstate()  # setting a state takes half the time of seeding
_STAGES = []  # which pass of somebody's code runs
_KEPT = []  # the random states of the caller, while somebody saves them


@contextlib.contextmanager
def random_state_kept():
    """Afterwards the random states of Python and NumPy are as before.  Nested, the outermost alone saves them.

    Saving takes ten times as long as everything else around a call of a small layer: one for a whole examination.
    """
    if _KEPT:
        yield
        return
    _KEPT.append((np.random.get_state(), random.getstate()))
    try:
        yield
    finally:
        state, python_state = _KEPT.pop()
        np.random.set_state(state)
        random.setstate(python_state)


def stage_now() -> str | None:
    """Which pass of somebody's code is running, as "the forward pass"."""
    return _STAGES[-1] if _STAGES else None


@contextlib.contextmanager
def undisturbed():
    """One examination: it asks nobody, warns of nothing, and leaves random states and NumPy's settings alone.

    Whatever the caller has set, as ``np.seterr(all="raise")`` or warnings that are errors, it changes no number.
    """
    asked, read = builtins.input, sys.stdin
    with random_state_kept(), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        builtins.input, sys.stdin = _unanswered, io.StringIO()
        try:
            yield
        finally:
            builtins.input, sys.stdin = asked, read


def _unanswered(*_):
    raise EOFError("input() is answered by nobody during an examination")


@contextlib.contextmanager
def quietly(stage: str, said: list[str] | None = None):
    """Run somebody's code: what it prints is kept in ``said``, what it raises becomes a LayerError."""
    out = io.StringIO()
    with random_state_kept():
        np.random.seed(0)
        random.setstate(SEEDED)
        _STAGES.append(stage)
        try:
            with contextlib.redirect_stdout(out), warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                yield
        except (KeyboardInterrupt, MemoryError, RefusedError):
            raise
        except (Exception, SystemExit) as error:
            raise LayerError(stage, error) from error
        finally:
            _STAGES.pop()
            if said is not None and not out.closed and out.getvalue():
                said.append(out.getvalue())


DIRT = (0.0, 1e3)
UNSTEADY = (
    "two runs gave two outputs: memory is read that nobody wrote, or chance is at work",
    "right in one run and wrong in the next: memory is read that nobody wrote",
    "it differs from run to run: memory is read that nobody wrote",
    "two new layers with the same numbers gave two results: chance is at work, or something outlives the layer, as "
    "an attribute of its class does",
)
BY_CHANCE = UNSTEADY[3]  # it differs though memory is the same


@contextlib.contextmanager
def dirty_memory(value: float, setting: Setting):
    """Freed memory full of one value: an array that is only allocated shows it."""
    shapes = setting.shapes
    sizes = {int(np.prod(shape)) for shape in shapes.values()} | {
        int(np.prod(shapes["X"][:2])) * (setting.H + 2 * a) * (setting.W + 2 * a) for a in (1, 2)
    }
    blocks = _filled(sizes, value)
    del blocks
    yield


def _filled(sizes, value: float) -> list[np.ndarray]:
    """Four arrays of each size, full of one value."""
    full = np.full(max(sizes), value)
    return [full[:size].copy() for size in sizes for _ in range(4)]


def reading_past(run, case, delta) -> set[str]:
    """The gradients that show what lies around their arrays; ``run`` gives a run of the case for a delta.

    It runs in holes of every size between arrays of one value: with another value only memory makes a difference.
    What differs with the first value again is no sign of it.
    """
    seen = []
    for value in (*DIRT, DIRT[0]):
        blocks = _filled(range(1, 1500), value)
        del blocks[::2]
        try:
            seen.append(run(case, delta).gradients)
        except (LayerError, ValueError, KeyError, TypeError):
            return set()
    first, second, once_more = seen
    return {part for part in first if _far(first, second, part) and not _far(first, once_more, part)}


def _far(one, other, part) -> bool:
    """Whether the numbers of two runs are of one shape and differ."""
    one, other = one[part], other.get(part)
    if one is None or np.shape(one) != np.shape(other):
        return False
    with np.errstate(all="ignore"):
        return bool(np.nanmax(np.abs(other - one), initial=0) > 1e-6)


def dirt_shows(visit_, part) -> bool:
    """Whether the two runs differ by as much as the dirt that was left in memory, which chance would not."""
    if visit_.notes.get(part) not in UNSTEADY:
        return False
    runs = (visit_.run, visit_.again)
    first, second = (run.Z if part == "forward" else run.gradients.get(part) for run in runs)
    if first is None or second is None or first.shape != second.shape:
        return False
    with np.errstate(all="ignore"):
        return bool(np.nanmax(np.abs(second - first), initial=0) > 0.1 * abs(DIRT[1] - DIRT[0]))

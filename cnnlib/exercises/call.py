"""One call of a learner's function: its answer, or in words whatever went wrong.

:func:`attempt` calls it with copies and catches everything; :func:`distance` and :func:`same` compare two arrays
elementwise, within the tolerances SINGLE and DOUBLE; :func:`difference` describes where they differ.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..validation import unmasked

DOUBLE = 1e-9  # of the largest right number: far above the rounding of float64
SINGLE = 1e-4  # far above the rounding of float32, sums and differences included, and far below any mistake
STOPPED = "you stopped it; does one of its loops never end?"
LONGEST = 160  # characters of somebody else's error message


class Answer(NamedTuple):
    """What a function gave for one case: float64 numbers, or a problem in words."""

    array: np.ndarray | None
    problem: str = ""
    changed: str = ""  # the name of an input that it wrote into
    empty: bool = False  # there is no body yet


def attempt(function: Callable, case: Sequence, names: Sequence[str], part: str = "") -> Answer:
    """Call ``function`` with copies of the arguments in ``case``, which are called ``names``.  Raises nothing.

    Where a ``part`` is named, the result has to be a dict, and the answer is what it holds under that name.
    """
    given = copies(case)
    try:
        result = function(*given)
        changed = next((name for name, *pair in zip(names, given, case, strict=True) if _differ(*pair)), "")
        if result is None or result is Ellipsis or result is NotImplemented:
            words = f"it returns nothing, but changes its input {changed}; return the result" if changed else ""
            return Answer(None, words or "it returns nothing; is a return missing?", changed, empty=not changed)
        return Answer(*(_taken_from(result, part) if part else _as_numbers(result)), changed)
    except NotImplementedError:
        return Answer(None, "it returns nothing so far", empty=True)
    except KeyboardInterrupt:
        return Answer(None, STOPPED)
    except BaseException as error:  # SystemExit too: nothing that a learner writes may end the notebook
        return Answer(None, _raised(error, names))


def copies(case: Sequence) -> list:
    """The arguments of a case, arrays copied."""
    return [part.copy() if isinstance(part, np.ndarray) else part for part in case]


def distance(mine: np.ndarray | None, right: np.ndarray) -> float:
    """max|mine − right| / max(1, max|right|); infinite if the shapes differ or an entry of either is not finite."""
    if mine is None or mine.shape != right.shape or not (np.isfinite(mine).all() and np.isfinite(right).all()):
        return np.inf
    with np.errstate(over="ignore"):
        return float(np.abs(mine - right).max(initial=0.0) / np.abs(right).max(initial=1.0))


def same(mine: np.ndarray | None, right: np.ndarray) -> bool:
    """Equal shapes, and equal numbers to the precision of float32.  NaN and infinity equal nothing."""
    return distance(mine, right) <= SINGLE


def difference(mine: np.ndarray, right: np.ndarray) -> str:
    """Where two arrays first differ, in words."""
    if mine.shape != right.shape:
        return f"it gives {_shape(mine.shape)}; right is {_shape(right.shape)}"
    with np.errstate(all="ignore"):
        wrong = ~(np.abs(mine - right) <= SINGLE * np.abs(right).max(initial=1.0))
    first = tuple(int(n) for n in np.argwhere(wrong)[0])
    cell = f"cell {list(first)} is" if first else "it gives"
    which = "" if wrong.sum() == 1 else f"{wrong.sum()} of {wrong.size} cells differ; "
    return "{}{} {}, right is {}".format(which, cell, *apart(mine[first], right[first]))


def apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers with as many digits as show their difference, four at least."""
    for digits in range(4, 18):
        texts = f"{one:.{digits}g}", f"{other:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def described(case: Sequence, names: Sequence[str]) -> str:
    """The arguments of a case in words: X 5×4, K 2×3, i = 1."""
    parts = zip(names, case, strict=True)
    return ", ".join(
        f"{name} {'×'.join(map(str, part.shape))}" if isinstance(part, np.ndarray) else f"{name} = {part}"
        for name, part in parts
    )


def _taken_from(result, part):
    """One array out of a dict of them, as :func:`_as_numbers` gives it."""
    if not isinstance(result, Mapping):
        single = isinstance(result, np.ndarray)
        given = f"one array of {_shape(result.shape)}" if single else _kind(result)
        return None, f"it returns {given}, and not a dict of arrays"
    try:
        array = result[part]
    except Exception:
        return None, f"it returns a dict without {part}"
    if array is None or array is Ellipsis:
        return None, f"it returns a dict in which {part} is empty"
    array, problem = _as_numbers(array)
    return array, problem and f"{part}: {problem}"


def _as_numbers(result):
    """(float64 array, "") or (None, the problem in words).  The array is a copy: a view may change later."""
    if inspect.iscoroutine(result):
        result.close()  # else Python warns that it was never awaited
        return None, "it returns a coroutine; write def, not async def"
    try:
        array = np.asarray(unmasked(result, "it returns a masked array"))
    except Exception as error:
        masked = isinstance(result, np.ma.MaskedArray)
        return None, str(error) if masked else f"it returns {_kind(result)}, and not an array of numbers"
    if array.dtype.kind == "c":
        return None, "its numbers are complex; return the real part, Z.real"
    if array.dtype == np.float16:
        return None, "its numbers are float16, which keeps three digits; compute in float32 or float64"
    text = array.dtype.kind == "O" and any(isinstance(entry, (str, bytes)) for entry in array.flat)
    try:
        if array.dtype.kind not in "buifO" or text:
            raise TypeError
        return array.astype(np.float64), ""  # of objects: fractions, SymPy's numbers
    except Exception:
        return None, f"it returns {_kind(result)}, and not an array of numbers"


def _raised(error, names):
    """An exception in words, with the line of the learner's code that led to it."""
    if isinstance(error, RecursionError):
        return "it calls itself without end (RecursionError)"
    if isinstance(error, SystemExit):
        return "it tries to end the program"
    try:
        message = " ".join(str(error).split())
    except Exception:
        message = ""
    message = f"{message[:LONGEST]}…" if len(message) > LONGEST else message
    below = error.__traceback__.tb_next
    where = f" in line {below.tb_lineno}" if below else f"; it is called with ({', '.join(names)})"
    return f"it raises {type(error).__name__}{f': {message}' if message else ''}{where}"


def _differ(given, kept):
    return isinstance(kept, np.ndarray) and not np.array_equal(given, kept)


def _kind(result):
    return f"a {type(result).__name__}"


def _shape(shape):
    return "a single number" if shape == () else f"shape {shape}"

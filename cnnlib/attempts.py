"""One call of a learner's function, and whatever it may do, in words.

:func:`attempt` calls it with copies and catches everything; :func:`same` compares two arrays elementwise;
:func:`difference` says where they differ.  Nothing here knows what the right answer is for.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

TOLERANCE = 1e-9  # of the largest right number: far above rounding, far below any mistake
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
            told = f"it returns nothing, but changes its input {changed}; return the result" if changed else ""
            return Answer(None, told or "it returns nothing; is a return missing?", changed, empty=not changed)
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


def same(mine: np.ndarray | None, right: np.ndarray) -> bool:
    """Equal shapes, and max|mine − right| ≤ 1e-9 · max(1, max|right|).  NaN equals nothing."""
    if mine is None or mine.shape != right.shape:
        return False
    with np.errstate(all="ignore"):
        largest = np.abs(right).max(initial=1.0)
        return bool(np.all(np.abs(mine - right) <= TOLERANCE * largest))


def difference(mine: np.ndarray, right: np.ndarray) -> str:
    """Where two arrays first differ, in words."""
    if mine.shape != right.shape:
        return f"it gives {_shape(mine.shape)}; right is {_shape(right.shape)}"
    with np.errstate(all="ignore"):
        wrong = ~(np.abs(mine - right) <= TOLERANCE * np.abs(right).max(initial=1.0))
    first = tuple(int(n) for n in np.argwhere(wrong)[0])
    cell = f"cell {list(first)} is" if first else "it gives"
    which = "" if wrong.sum() == 1 else f"{wrong.sum()} of {wrong.size} cells differ; "
    return f"{which}{cell} {mine[first]:.4g}, right is {right[first]:.4g}"


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
        result.close()  # or Python warns that nobody awaited it
        return None, "it returns a coroutine; write def, not async def"
    try:
        array = np.asarray(result)
        if array.dtype.kind == "O":
            array = array.astype(np.float64)  # fractions, SymPy's numbers
    except Exception:
        return None, f"it returns {_kind(result)}, and not an array of numbers"
    if array.dtype.kind == "c":
        return None, "its numbers are complex; return the real part, Z.real"
    if array.dtype.kind not in "buif":
        return None, f"it returns {_kind(result)}, and not an array of numbers"
    return array.astype(np.float64), ""


def _raised(error, names):
    """An exception in words, with the line of the learner's code that led to it."""
    if isinstance(error, RecursionError):
        return "it calls itself without end (RecursionError)"
    if isinstance(error, SystemExit):
        return "it tries to end the program"
    try:
        said = " ".join(str(error).split())
    except Exception:
        said = ""
    said = f"{said[:LONGEST]}…" if len(said) > LONGEST else said
    below = error.__traceback__.tb_next
    where = f" in line {below.tb_lineno}" if below else f"; it is called with ({', '.join(names)})"
    return f"it raises {type(error).__name__}{f': {said}' if said else ''}{where}"


def _differ(given, kept):
    return isinstance(kept, np.ndarray) and not np.array_equal(given, kept)


def _kind(result):
    return f"a {type(result).__name__}"


def _shape(shape):
    return "a single number" if shape == () else f"shape {shape}"

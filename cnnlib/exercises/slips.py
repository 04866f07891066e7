"""Slips that are possible in every exercise: the sign, an index that wraps around, axes exchanged, a factor.

No exercise has to declare them.  Each is computed from the right answer alone, or from the reference with one of
its arguments moved, and is tried after the mistakes that an exercise declares itself.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np

from .call import apart, same


def slips(
    call: Callable[[tuple], np.ndarray | None], cases: list[tuple], names: Sequence[str], right: list[np.ndarray]
) -> Iterator[tuple[str, list]]:
    """(diagnosis, what this slip gives in each case), from the most to the least likely.

    ``call`` runs the reference on the arguments of a case, which are called ``names``; ``right`` are its answers.
    """
    for k, name in enumerate(names):
        given = [case[k] if isinstance(case[k], np.ndarray) else None for case in cases]
        if any(one is not None for one in given):
            yield f"this is its input {name}, as it was given", given
    yield "this is zero everywhere", [np.zeros_like(one) for one in right]
    yield "every number has the wrong sign", [-one for one in right]
    for one, other in combinations(range(_axes(right)), 2):
        exchanged = [np.swapaxes(array, one, other) for array in right]
        yield f"axes {one} and {other} of the result are exchanged", exchanged
    for axis in range(_axes(right)):
        for step, where in ((-1, "early: is it written to index − 1"), (1, "late: is it read from index − 1")):
            moved = [np.roll(array, step, axis) for array in right]
            yield f"along axis {axis} every number is one place too {where}? −1 is the last", moved
    for k, name in enumerate(names):
        for axis in range(_axes([case[k] for case in cases])):
            moved = [call(_with(case, k, np.roll(case[k], 1, axis))) for case in cases]
            yield f"{name} is read one place too early along axis {axis}, at index − 1: −1 is the last", moved


def factor_of(answers: list[np.ndarray | None], right: list[np.ndarray]) -> str:
    """The diagnosis if all answers are the right ones times the same number, else nothing."""
    pairs = [(mine, true) for mine, true in zip(answers, right, strict=True) if mine is not None]
    if len(pairs) < 2 or any(mine.shape != true.shape or not np.isfinite(mine).all() for mine, true in pairs):
        return ""
    size = sum(float(np.vdot(true, true)) for _, true in pairs)
    factor = sum(float(np.vdot(true, mine)) for mine, true in pairs) / size if size else 0.0
    if abs(factor) < 1e-3 or not all(same(mine, factor * true) for mine, true in pairs):
        return ""
    return f"every number is {apart(factor, 1.0)[0]} times the right one".replace("-", "−")


def _axes(arrays):
    """How many axes all of these have; 0 where they differ, or where one is no array."""
    counts = {array.ndim if isinstance(array, np.ndarray) else 0 for array in arrays}
    return counts.pop() if len(counts) == 1 else 0


def _with(case, k, array):
    return tuple(array if n == k else part for n, part in enumerate(case))

"""One mistake that explains all numbers, alone or with a constant factor."""

from dataclasses import dataclass

import numpy as np

from ..anatomy import agree
from ..mistakes.catalogue import CONSTANT
from ..mistakes.mistake import Mistake
from ..prediction.sketches import agreeing, proportional
from ..prediction.stages import predict
from ..view import View


@dataclass(frozen=True)
class Diagnosis:
    """The mistakes that explain the numbers, with the changes that make them; ``factor`` of a constant factor."""

    mistakes: tuple[Mistake, ...]
    changes: tuple
    factor: float | None = None


def explains(view: View, part: str, changes) -> bool:
    """Whether these changes give exactly what the layer gave."""
    got = view.got(part)
    return got is not None and agree(got, predict(view, part, changes), view.rtol)


def alone(telling: View, others, part: str, candidates) -> Diagnosis | None:
    """The first mistake that explains every view."""
    for mistake, change in agreeing(telling, part, candidates):
        if explains(telling, part, [change]) and all(explains(view, part, [change]) for view in others):
            return Diagnosis((mistake,), (change,))
    return None


def with_factor(telling: View, others, part: str, candidates) -> Diagnosis | None:
    """A constant factor, alone or with one mistake: got = c·predicted in every view, c neither 0 nor 1.

    Of one or two numbers any is a factor of any other: they tell nothing.
    """
    if sum(np.size(view.got(part)) for view in (telling, *others)) < 3:
        return None
    for mistakes, changes in none_or_one(proportional(telling, part, candidates)):
        found = factor(telling, part, changes)
        if found is None or abs(found - 1) < 1e-9:
            continue
        rest = [factor(view, part, changes) for view in others]
        if all(one is not None and abs(one - found) <= 1e-5 * abs(found) for one in rest):
            return Diagnosis((*mistakes, CONSTANT), changes, found)
    return None


def none_or_one(candidates):
    """(mistakes, changes) with no mistake, and with each of the candidates alone."""
    return [((), ()), *(((mistake,), (change,)) for mistake, change in candidates)]


def factor(view: View, part: str, changes=()) -> float | None:
    """The c with got = c·predicted in this view; None where there is none, or where it is 0."""
    got, right = view.got(part), predict(view, part, list(changes))
    if got is None or right is None or got.shape != right.shape or not np.any(right):
        return None
    with np.errstate(all="ignore"):
        found = float(np.sum(got * right) / np.sum(right * right))
    return found if abs(found) > 1e-12 and agree(got, found * right, view.rtol) else None

"""Which mistake is it?  The one whose formula predicts every wrong cell in every setting where the layer ran.

One mistake is tried first, then pairs.  A pair is tried in the most telling setting, and what survives there in all
others.  Nothing is named on a resemblance.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from .anatomy import agree, tolerance
from .mistakes.catalogue import CONSTANT, known
from .mistakes.mistake import Mistake
from .mistakes.view import View, predict

PAIRS_AT_MOST = 6000
COMPOSED = ("pre", "kernel", "maps", "post")  # stages at which two changes can follow each other


@dataclass(frozen=True)
class Diagnosis:
    """The mistakes that explain the numbers, with the changes that make them; ``factor`` of a constant factor."""

    mistakes: tuple[Mistake, ...]
    changes: tuple
    factor: float | None = None


def rtol_of(view: View) -> float:
    return max(tolerance(view.run.dtype), 1e-6)


def explains(view: View, part: str, changes) -> bool:
    """Whether these changes give exactly what the layer gave."""
    got = view.got(part)
    if got is None:
        return False
    return agree(got, predict(view, part, changes), rtol_of(view))


def diagnose(views: list[View], wrong: list[View], part: str, *, pairs: bool = True) -> Diagnosis | None:
    """One mistake or two that predict ``part`` in all views; None where there is no such.

    ``wrong`` are the views where the numbers are wrong.  The most telling of them is asked first.
    """
    if not wrong:
        return None
    telling = min(wrong, key=lambda view: (not np.all(np.isfinite(view.got(part))), -_distinct(view)))
    others = [view for view in [*wrong, *views] if view is not telling]
    candidates = [
        (mistake, change) for mistake in known(part, telling.plan.kind) for change in mistake.variants(part)
    ]
    for mistake, change in candidates:
        if explains(telling, part, [change]) and all(explains(view, part, [change]) for view in others):
            return Diagnosis((mistake,), (change,))
    factor = constant_factor(views, part)
    if factor is not None:
        return Diagnosis((CONSTANT,), (), factor)
    return _pair(telling, others, part, candidates) if pairs else None


def _distinct(view):
    """How many sizes of a setting are told apart by being more than 1 and unlike each other."""
    setting = view.case.setting
    return (setting.N > 1) + (setting.C > 1) + (setting.O > 1) + (setting.C != setting.O) + (setting.H != setting.W)


def _pair(telling, others, part, candidates):
    got, right, rtol = telling.got(part), predict(telling, part), rtol_of(telling)
    memory = {}
    tried = 0
    active = [
        (m, c)
        for m, c in candidates
        if not agree(_once(memory, telling, part, (c,)), right, rtol)
        or not all(agree(predict(view, part, [c]), predict(view, part), rtol_of(view)) for view in others)
    ]
    for (first, a), (second, b) in itertools.permutations(active, 2):
        if (
            first.key == second.key
            or (a[0] == b[0] and a[0] not in COMPOSED)
            or (a[0] != b[0] and first.key > second.key)
        ):
            continue
        tried += 1
        if tried > PAIRS_AT_MOST * 4:
            return None
        if agree(got, predict(telling, part, [a, b]), rtol) and all(
            explains(view, part, [a, b]) for view in others
        ):
            return Diagnosis((first, second), (a, b))
    return None


def _once(memory, view, part, changes):
    if changes not in memory:
        memory[changes] = predict(view, part, changes)
    return memory[changes]


def constant_factor(views, part) -> float | None:
    """The c with got = c·right in every view, where there is one and it is neither 0 nor 1."""
    found = []
    for view in views:
        got, right = view.got(part), predict(view, part)
        if got is None or right is None or got.shape != right.shape or not np.any(right):
            return None
        found.append(float(np.sum(got * right) / np.sum(right * right)))
        if not agree(got, found[-1] * right, rtol_of(view)):
            return None
    same = bool(found) and np.ptp(found) <= 1e-6 * abs(found[0])
    return found[0] if same and abs(found[0]) > 1e-12 and abs(found[0] - 1) > 1e-9 else None

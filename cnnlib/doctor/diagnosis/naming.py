"""The ways to explain a wrong gradient, the simpler first."""

from dataclasses import replace

import numpy as np

from ..mistakes.catalogue import known
from ..view import View
from .apart import apart
from .pairs import pair
from .single import Diagnosis, alone, with_factor


def diagnose(views: list[View], wrong: list[View], part: str, *, pairs: bool = True) -> Diagnosis | None:
    """One mistake or two that predict ``part`` in all views; None where there is no such.

    ``wrong`` are the views where the numbers are wrong.  The most telling of them is asked first.  As dK and db may
    be means over the batch, N times each is tried as well.
    """
    found = _one_way(views, wrong, part, pairs)
    if found is None and part in ("dK", "db") and any(len(view.X) > 1 for view in views):
        means = {id(view): replace(view, mean=True) for view in views}
        found = _one_way(list(means.values()), [means[id(view)] for view in wrong], part, pairs)
    return found


def _one_way(views, wrong, part, pairs):
    if not wrong:
        return None
    telling = min(wrong, key=lambda view: (not np.all(np.isfinite(view.got(part))), -_distinct(view)))
    others = [view for view in [*wrong, *views] if view is not telling]
    others = list({id(view): view for view in others}.values())
    candidates = [
        (mistake, change) for mistake in known(part, telling.plan.kind) for change in mistake.variants(part)
    ]
    ways = (alone, with_factor, apart, *([pair] if pairs else []))
    return next((found for way in ways if (found := way(telling, others, part, candidates))), None)


def _distinct(view):
    """How many sizes of a setting are told apart by being more than 1 and unlike each other."""
    setting = view.case.setting
    return (setting.N > 1) + (setting.C > 1) + (setting.O > 1) + (setting.C != setting.O) + (setting.H != setting.W)

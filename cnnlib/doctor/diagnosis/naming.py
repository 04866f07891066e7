"""The ways to explain a wrong gradient, the simpler first."""

import functools
from dataclasses import replace

import numpy as np

from ..mistakes.built.words import in_words
from ..mistakes.catalogue import known
from ..view import View
from .apart import apart, somewhere
from .columns import any_order
from .isolated import isolated, plainest
from .pairs import pair
from .pieces.shares import with_own_factors
from .single import Diagnosis, alone, with_factor
from .sizes import named_step, steps, with_decay, with_sizes


def diagnose(views: list[View], wrong: list[View], part: str, *, pairs=True, among=()) -> Diagnosis | None:
    """One mistake or two that predict ``part`` in all views; None where there is no such.

    ``wrong`` are the views where the numbers are wrong.  The most telling of them is asked first.  As dK and db may
    be means over the batch, N times each is tried as well.  ``among`` are the only keys to be tried, if given.
    """
    if not wrong:
        return None
    taken = [(views, wrong)]
    if part in ("dK", "db") and any(len(view.X) > 1 for view in views):
        means = {id(view): replace(view, mean=True) for view in views}
        taken.append((list(means.values()), [means[id(view)] for view in wrong]))
    for ways in _among(part, wrong[0].plan.kind, among) if among else _ways(part, wrong[0].plan.kind, pairs):
        for all_views, asked in taken:
            if found := _one_way(all_views, asked, part, ways):
                return found
    return None


def several(views: list[View], part: str) -> Diagnosis | None:
    """Three or four mistakes at once, where the views begin with plain ones."""
    usual, rare = candidates_for(part, views[0].plan.kind)
    means = [replace(view, mean=True) for view in views] if part in ("dK", "db") else []
    found = isolated(views, part, usual, rare) or (isolated(means, part, usual, rare) if means else None)
    for step in () if found or part != "dK" else steps(plainest(views), part, usual):
        stepped = isolated([replace(view, step=step) for view in views], part, usual, rare)
        if stepped:
            return replace(stepped, mistakes=(*stepped.mistakes, *named_step(step)), factor=step[0])
    return found


@functools.cache
def candidates_for(part, kind):
    """((mistake, change), …) of this part of a layer: the usual ones, and the rare ones."""
    mistakes = known(part, kind)
    usual = [(in_words(m, change), change) for m in mistakes for change in m.variants(part)]
    return usual, [(in_words(m, change), change) for m in mistakes for change in m.rare.get(part, ())]


def _ways(part, kind, pairs):
    """The ways to explain numbers, each with its candidates: first those of one mistake, then the rarer ones."""
    usual, rare = candidates_for(part, kind)
    yield [(alone, usual), (with_factor, usual)]
    yield [(with_sizes, []), (alone, rare), (with_factor, rare)]
    yield [(with_decay, usual), (somewhere, usual + rare), (apart, usual)]
    if pairs:
        yield [
            (any_order, []),
            (pair, usual),
            (with_sizes, usual + rare),
            (with_decay, rare),
            (with_own_factors, []),
        ]


def _among(part, kind, keys):
    """One of these mistakes alone."""
    yield [(alone, [one for some in candidates_for(part, kind) for one in some if one[0].key in keys])]


def _one_way(views, wrong, part, ways):
    telling = min(wrong, key=lambda view: (not np.all(np.isfinite(view.got(part))), -_distinct(view)))
    others = [view for view in [*wrong, *views] if view is not telling]
    others = list({id(view): view for view in others}.values())
    return next((found for way, candidates in ways if (found := way(telling, others, part, candidates))), None)


def _distinct(view):
    """How many sizes of a setting are told apart by being more than 1 and unlike each other."""
    setting = view.case.setting
    return (setting.N > 1) + (setting.C > 1) + (setting.O > 1) + (setting.C != setting.O) + (setting.H != setting.W)

"""Several mistakes at once, one setting after the other: the plainest first, then those with one thing more.

What explains one image, channel and map is kept; a second channel, a stride or padding may show one mistake more.
"""

import numpy as np

from ..prediction.sketches import agreeing
from ..prediction.stages import predict
from ..settings import Setting
from ..view import View
from .single import Diagnosis, explains

PLAIN = Setting(1, 1, 1, 5, 5, 3, 3)
ONE_MORE = (
    PLAIN,
    Setting(2, 1, 1, 5, 5, 3, 3),
    Setting(1, 2, 1, 5, 5, 3, 3),
    Setting(1, 1, 2, 5, 5, 3, 3),
    Setting(1, 2, 2, 5, 5, 3, 3),
    Setting(1, 1, 1, 5, 6, 3, 3),
    Setting(1, 1, 1, 7, 7, 3, 3, 2),
    Setting(1, 1, 1, 5, 5, 3, 3, 1, 1),
    Setting(1, 1, 1, 5, 5, 2, 2),
)
"""The plain setting, and those that differ from it in one thing."""
MOST = 4  # mistakes together
KEPT = 80  # explanations that are followed
GROUPS = 6  # of those, the ones that give other numbers, which one mistake more is tried with


def isolated(views: list[View], part: str, usual, rare) -> Diagnosis | None:
    """Mistakes whose changes explain every view; None where some view needs two new ones at once."""
    found, seen = [()], []
    for view in sorted(views, key=complexity):
        fitting = [those for those in found if explains(view, part, changes_of(those))]
        for candidates in (usual, rare):
            fitting = fitting or with_one_more([view, *seen], part, found, candidates)
        if not fitting:
            return None
        found, seen = fitting[:KEPT], [view, *seen]
    those = found[0]
    return Diagnosis(tuple(mistake for mistake, _ in those), tuple(changes_of(those))) if those else None


def with_one_more(views, part, found, candidates):
    """The explanations with one mistake more, which fit the first view and all that were seen before it."""
    fitting = []
    for group in _alike(views[0], part, found)[:GROUPS]:
        for one in _possible(views[0], part, group[0], candidates):
            for last in (True, False)[: 1 + _meet(group[0], one)]:
                if not explains(views[0], part, changes_of(_added(group[0], one, last))):
                    continue
                more = [_added(those, one, last) for those in group if not _has(those, one)]
                fitting += [some for some in more if all(explains(view, part, changes_of(some)) for view in views)]
                break
            if len(fitting) >= KEPT:
                return fitting[:KEPT]
    return fitting


def _possible(view, part, those, candidates):
    """The candidates that may explain a view beside those, after them or, where the order matters, before them."""
    changes = changes_of(those)
    first = [one for one in candidates if _meet(those, one)]
    fits = agreeing(view, part, candidates, changes) + agreeing(view, part, first, changes, before=True)
    fits = {id(one) for one in fits}
    return [one for one in candidates if id(one) in fits]


def _alike(view, part, found):
    """The explanations that can take one mistake more, in groups that give the same numbers in a view."""
    groups = {}
    for those in found:
        if len(those) < MOST:
            numbers = predict(view, part, changes_of(those))
            key = None if numbers is None else np.round(numbers, 9).tobytes()
            groups.setdefault((key, *(change[0] for _, change in those)), []).append(those)
    return list(groups.values())


def _meet(those, one) -> bool:
    """Whether the order matters: another change at the same stage."""
    return any(change[0] == one[1][0] for _, change in those)


def _added(those, one, last):
    return (*those, one) if last else (one, *those)


def _has(those, one) -> bool:
    return any(one[0].key == mistake.key for mistake, _ in those)


def changes_of(those):
    """The changes of some (mistake, change) pairs."""
    return [change for _, change in those]


def plainest(views: list[View]) -> View:
    """The view that has the fewest things more than one of."""
    return min(views, key=complexity)


def complexity(view):
    """The more of it the more things a view has more than one of."""
    setting = view.case.setting
    more_than_one = (setting.N > 1) + (setting.C > 1) + (setting.O > 1)
    return (
        more_than_one + (setting.s > 1) + (setting.p > 0) + (setting.H != setting.W) + (not setting.square),
        setting.k_w != 3,
        setting.N * setting.C * setting.O,
    )

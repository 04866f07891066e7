"""Several mistakes at once, one setting after the other: the plainest first, then those with one thing more.

What explains one image, channel and map is kept; a second channel, a stride or padding may show one mistake more.
"""

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
KEPT = 6  # explanations that are followed


def isolated(views: list[View], part: str, usual, rare) -> Diagnosis | None:
    """Mistakes whose changes explain every view; None where some view needs two new ones at once."""
    found, seen = [()], []
    for view in sorted(views, key=complexity):
        fitting = [those for those in found if explains(view, part, _changes(those))]
        for candidates in (usual, rare):
            fitting = fitting or _with_one_more([view, *seen], part, found, candidates)
        if not fitting:
            return None
        found, seen = fitting[:KEPT], [view, *seen]
    those = found[0]
    return Diagnosis(tuple(mistake for mistake, _ in those), tuple(_changes(those))) if those else None


def _with_one_more(views, part, found, candidates):
    """The explanations with one mistake more, which fit the first view and all that were seen before it."""
    fitting = []
    for those in found:
        for one in candidates if len(those) < MOST else ():
            if any(one[0].key == mistake.key for mistake, _ in those):
                continue
            for more in [(*those, one), (one, *those)][: 2 if those else 1]:
                if all(explains(view, part, _changes(more)) for view in views):
                    fitting.append(more)
                    break
            if len(fitting) == KEPT:
                return fitting
    return fitting


def _changes(those):
    return [change for _, change in those]


def plainest(views: list[View]) -> View:
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

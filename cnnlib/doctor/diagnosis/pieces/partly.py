"""Explanations that do not reach all settings: which of them each explains, and in which something is left.

The plainest wrong setting is asked first.  What explains it is followed through the others, where one mistake more
may be needed; those that stay unexplained are asked anew, and may have a clause of their own.
"""

import itertools
from dataclasses import dataclass, replace

import numpy as np

from ...anatomy import agree
from ...mistakes.mistake import Mistake
from ...prediction.stages import predict
from ...view import View
from ..apart import WHERE
from ..crashes import has_remainder
from ..isolated import KEPT, changes_of, complexity, plainest, with_one_more
from ..naming import candidates_for
from ..pairs import in_order, matching
from ..single import Diagnosis, explains
from ..sizes import named_step, steps

BORDERS = "border_of_delta"
CLAUSES = 2
VIEWS = 2  # settings that a clause explains at least
TOGETHER = 3  # mistakes in a clause at most
STEPS = 2  # readings of a step as so many times the gradient and the weights
SEEDS = 3  # settings in which a new explanation is looked for
MORE = 2  # settings that may ask for one mistake more
CELLS = 9  # numbers that an explanation has to give at least
WORDS = {
    **WHERE,
    "with one channel": lambda setting: setting.C == 1,
    "with one output map": lambda setting: setting.O == 1,
    "with one channel and one output map": lambda setting: setting.C == setting.O == 1,
    "with as many channels as output maps": lambda setting: setting.C == setting.O,
    "where no remainder is left": lambda setting: not has_remainder(setting),
    "where H and W are the same": lambda setting: setting.H == setting.W,
}


@dataclass(frozen=True)
class Clause:
    """Mistakes that explain some settings; ``where`` says which: "" for all, None where no words can say it."""

    mistakes: tuple[Mistake, ...]
    changes: tuple
    views: tuple[View, ...]
    where: str | None = ""

    @property
    def settings(self):
        return [view.case.setting for view in self.views]


def in_part(views: list[View], part: str) -> tuple[Diagnosis | None, list[Clause], list[View]]:
    """(one diagnosis if the clauses reach everywhere, else None; the clauses; the views that none explains)."""
    usual, rare = candidates_for(part, views[0].plan.kind)
    best = None
    for read, said in _readings(views, part, usual):
        found, left = _clauses(read, part, usual, rare)
        found = [replace(clause, mistakes=(*clause.mistakes, *said)) for clause in found]
        if best is None or len(left) < len(best[1]):
            best = found, left, _whole(found, left)
        if not left:
            break
    return best[2], *best[:2]


def _readings(views, part, usual):
    """(the views, what is to be said beside): as they are, as means over the batch, as steps with weight decay."""
    yield views, ()
    if part in ("dK", "db") and any(len(view.X) > 1 for view in views):
        yield [replace(view, mean=True) for view in views], ()
    for step in itertools.islice(steps(plainest(views), part, usual), STEPS) if part == "dK" else ():
        yield [replace(view, step=step) for view in views], named_step(step)


def _clauses(views, part, usual, rare) -> tuple[list[Clause], list[View]]:
    """(explanations, each of some of the wrong views; the views that none of them explains)."""
    left, found = sorted((view for view in views if not explains(view, part, [])), key=complexity), []
    while left and len(found) < CLAUSES:
        keys = {mistake.key for clause in found for mistake in clause.mistakes}
        usual = sorted(usual, key=lambda one: one[0].key not in keys)  # what was found stands here, too
        clause = _clause(left, part, usual, rare) or _clause_beside(found, left, part, usual, rare)
        if clause is None:
            break
        clause = _with_words(clause, views, part)
        if clause.where is None and 2 * len(clause.views) < len(left):
            break
        left = [view for view in left if not any(view is one for one in clause.views)]
        found.append(clause)
    return found, left


def _whole(found: list[Clause], left) -> Diagnosis | None:
    """The clauses as one diagnosis, if they leave nothing and words say where each of them holds."""
    everywhere = [clause for clause in found if clause.where == ""]
    if everywhere:
        return Diagnosis(everywhere[0].mistakes, everywhere[0].changes)
    if left or not found or any(clause.where is None for clause in found):
        return None
    told = [
        replace(mistake, sentence=f"{clause.where}: {mistake.sentence}")
        for clause in found
        for mistake in clause.mistakes
    ]
    return Diagnosis(tuple(told), ())


def _clause(left, part, usual, rare) -> Clause | None:
    """What explains one of the plainest views, and of the others as many as it can."""
    for seed in left[:SEEDS]:
        those = with_one_more([seed], part, [()], usual) or with_one_more([seed], part, [()], rare)
        grown = _grown(those, seed, left, part, usual, rare) if those else None
        if grown:
            return grown
    those = _two_at_once(left[0], part, [*usual, *_borders(rare)])
    return _grown(those, left[0], left, part, usual, rare) if those else None


def _clause_beside(found, left, part, usual, rare) -> Clause | None:
    """What explains the plainest view together with the mistakes of an earlier clause, or with one of them."""
    known = [tuple(zip(clause.mistakes, clause.changes, strict=True)) for clause in found]
    for those in [*known, *((one,) for clause in known if len(clause) > 1 for one in clause)]:
        view = replace(left[0], base=(*left[0].base, *changes_of(those)), cache={})
        more = with_one_more([left[0]], part, [those], usual) or [
            (*those, *pair) for pair in _two_at_once(view, part, [*usual, *_borders(rare)])
        ]
        fitting = [some for some in more if explains(left[0], part, changes_of(some))]
        if fitting and (grown := _grown(fitting, left[0], left, part, usual, rare)):
            return grown
    return None


def _borders(candidates):
    return [one for one in candidates if one[0].key == BORDERS]


def _grown(those, seed, left, part, usual, rare) -> Clause | None:
    seen, tries = [seed], MORE
    for view in left:
        if view is seed:
            continue
        fitting = [some for some in those if explains(view, part, changes_of(some))]
        if not fitting and tries and complexity(view) >= complexity(seed):
            tries -= 1
            fitting = with_one_more([view, *seen], part, those, usual) or with_one_more(
                [view, *seen], part, those, rare
            )
        if fitting:
            those, seen = fitting[:KEPT], [*seen, view]
    if sum(np.size(view.got(part)) for view in seen) < CELLS:
        return None
    told = [some for some in those if len(some) <= TOGETHER and not _alike_here(seen, some)]
    if not told or len(seen) < VIEWS:
        return None
    mistakes, changes = zip(*told[0], strict=True)
    return Clause(mistakes, tuple(changes), tuple(seen))


def _alike_here(views, those) -> bool:
    """Whether a mistake with channels, maps or images is named where there is only one: it may be another."""
    settings = [view.case.setting for view in views]
    told = {
        "channels": any(setting.C > 1 and setting.O > 1 for setting in settings),
        "batch": any(setting.N > 1 for setting in settings),
    }
    return any(not told.get(mistake.family, True) for mistake, _ in those)


def _two_at_once(view, part, candidates):
    """Pairs that explain a view, of changes that each make another difference in it."""
    right, kinds = predict(view, part), {}
    for one in candidates:
        numbers = predict(view, part, [one[1]])
        if numbers is not None and not agree(numbers, right, view.rtol):
            kinds.setdefault((one[1][0], np.round(numbers, 9).tobytes()), []).append(one)
    kinds = list(kinds.values())
    first = [kind[0] for kind in kinds]
    for n, m in in_order(first, matching(view, part, first), lambda one: one[1][0]):
        several = [(a, b) for a in kinds[n][:KEPT] for b in kinds[m][:KEPT] if a[0].key != b[0].key]
        if any(explains(view, part, changes_of(those)) for those in several[:1]):
            return [those for those in several if explains(view, part, changes_of(those))]
    return []


def _with_words(clause: Clause, views, part) -> Clause:
    """The clause with the words that tell its settings from those where it does not hold."""
    inside = [view.case.setting for view in clause.views]
    outside = [view.case.setting for view in views if not explains(view, part, clause.changes)]
    if not outside:
        return clause
    for words in itertools.chain(((one,) for one in WORDS), itertools.combinations(WORDS, 2)):
        if all(_holds(words, setting) for setting in inside) and not any(_holds(words, s) for s in outside):
            return replace(clause, where=", ".join(words))
    return replace(clause, where=None)


def _holds(words, setting) -> bool:
    return all(WORDS[one](setting) for one in words)

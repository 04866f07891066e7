"""Two mistakes at once, in every setting: their changes follow each other in the backward pass."""

from ..anatomy import agree
from ..prediction.sketches import agreeing
from ..prediction.stages import pass_of, predict
from ..view import View
from .single import Diagnosis, explains

COMPOSED = ("pre", "kernel", "maps", "post")  # stages at which two changes can follow each other


def pair(telling: View, others, part: str, candidates) -> Diagnosis | None:
    """Two mistakes at once: those that may explain the most telling setting are tried in it and in all others."""
    views = (telling, *others)
    active = [one for one in candidates if _shows(views, part, one[1])]
    for n, m in in_order(active, matching(telling, part, active), lambda one: one[0].key):
        (first, a), (second, b) = active[n], active[m]
        if first.key != second.key and all(explains(view, part, (a, b)) for view in views):
            return Diagnosis((first, second), (a, b))
    return None


def _shows(views, part, change) -> bool:
    """Whether a change makes a difference in any view."""
    return not all(agree(predict(view, part, [change]), predict(view, part), view.rtol) for view in views)


def in_order(candidates, pairs, name):
    """The pairs, by number, sorted; the order of two at different stages says nothing, so their names set it."""
    found = []
    for n, m in pairs:
        one, two = candidates[n], candidates[m]
        found.append((m, n) if one[1][0] != two[1][0] and name(two) < name(one) else (n, m))
    return sorted(found, key=sorted)  # the likelier first, whatever their names


def matching(view: View, part: str, candidates) -> list[tuple[int, int]]:
    """The pairs of candidates, by number and in the order of the pass, that may explain a view together."""
    place = {stage: n for n, stage in enumerate(pass_of(view, part).stages())}
    number, found = {id(one): n for n, one in enumerate(candidates)}, []
    for n, (_, (stage, change)) in enumerate(candidates):
        later = [
            one
            for one in candidates
            if place[one[1][0]] > place[stage] or (one[1][0] == stage and stage in COMPOSED)
        ]
        found += [(n, number[id(one)]) for one in agreeing(view, part, later, ((stage, change),))]
    return found

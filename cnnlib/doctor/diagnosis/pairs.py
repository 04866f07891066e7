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
    for first, second in _possible(telling, part, active):
        changes = (first[1], second[1])
        if all(explains(view, part, changes) for view in views):
            return Diagnosis((first[0], second[0]), changes)
    return None


def _shows(views, part, change) -> bool:
    """Whether a change makes a difference in any view."""
    return not all(agree(predict(view, part, [change]), predict(view, part), view.rtol) for view in views)


def _possible(view, part, candidates):
    """The pairs of candidates that may explain a view, in their order; at one stage both orders count."""
    place = {stage: n for n, stage in enumerate(pass_of(view, part).stages())}
    number, found = {id(one): n for n, one in enumerate(candidates)}, []
    for one in candidates:
        (key, stage), change = (one[0].key, one[1][0]), one[1]
        later = [
            other
            for other in candidates
            if other[0].key != key
            and (place[other[1][0]] > place[stage] or (other[1][0] == stage and stage in COMPOSED))
        ]
        for other in agreeing(view, part, later, (change,)):
            swapped = other[1][0] != stage and other[0].key < key  # their order is that of the pass in any case
            found.append((other, one) if swapped else (one, other))
    return sorted(found, key=lambda two: (number[id(two[0])], number[id(two[1])]))

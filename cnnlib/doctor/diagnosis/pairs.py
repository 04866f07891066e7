"""Two mistakes at once, in every setting: their changes follow each other in the backward pass."""

import itertools

from ..anatomy import agree
from ..view import View, predict
from .single import Diagnosis, explains, rtol_of

PAIRS_AT_MOST = 24000
COMPOSED = ("pre", "kernel", "maps", "post")  # stages at which two changes can follow each other


def pair(telling: View, others, part: str, candidates) -> Diagnosis | None:
    """Two mistakes at once: tried in the most telling setting, and what survives there in all others."""
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
        if tried > PAIRS_AT_MOST:
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

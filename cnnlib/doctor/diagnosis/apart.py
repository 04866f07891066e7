"""Two mistakes that show in different settings: say, one where there is no padding, one where a remainder is."""

from ..anatomy import agree
from ..view import View, predict
from .single import Diagnosis, explains, rtol_of


def apart(telling: View, others, part: str, candidates) -> Diagnosis | None:
    """Two mistakes, each of which explains what the other does not; None where no two do."""
    for first in [one for one in candidates if explains(telling, part, [one[1]])]:
        left = next((view for view in others if not explains(view, part, [first[1]])), None)
        if left is None:
            continue
        for second in candidates:
            if second[0].key != first[0].key and explains(left, part, [second[1]]):
                changes = (first[1], second[1])
                if all(_fits(view, part, changes) for view in (telling, *others)):
                    return Diagnosis((first[0], second[0]), changes)
    return None


def _fits(view, part, changes) -> bool:
    """Whether the view shows just those of the two mistakes that make a difference in it."""
    right, got = predict(view, part), view.got(part)
    active = [change for change in changes if not agree(predict(view, part, [change]), right, rtol_of(view))]
    if not active:
        return agree(got, right, rtol_of(view))
    return any(explains(view, part, [change]) for change in active) or explains(view, part, active)

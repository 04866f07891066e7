"""Mistakes that show in some settings only: two in different settings, or one where the code goes another way.

Say, one where there is no padding and one where a remainder is; or one that is made with a stride alone, while the
layer is right elsewhere though the mistake would show there.
"""

from dataclasses import replace

from ..anatomy import agree
from ..prediction.sketches import agreeing
from ..prediction.stages import predict
from ..view import View
from .crashes import has_remainder
from .single import Diagnosis, explains

WHERE = {
    "where the stride is 1": lambda setting: setting.s == 1,
    "with a stride": lambda setting: setting.s > 1,
    "without padding": lambda setting: setting.p == 0,
    "with padding": lambda setting: setting.p > 0,
    "with several images": lambda setting: setting.N > 1,
    "with one image": lambda setting: setting.N == 1,
    "with several channels": lambda setting: setting.C > 1,
    "where H and W differ": lambda setting: setting.H != setting.W,
    "where a remainder is left": has_remainder,
    "with kernels of even size": lambda setting: setting.k_w % 2 == 0,
    "with kernels of odd size": lambda setting: setting.k_w % 2 == 1,
    "with a stride or padding": lambda setting: setting.s > 1 or setting.p > 0,
    "without stride and padding": lambda setting: setting.s == 1 and setting.p == 0,
}


def apart(telling: View, others, part: str, candidates) -> Diagnosis | None:
    """Two mistakes, each of which explains what the other does not; None where no two do."""
    for first in [one for one in agreeing(telling, part, candidates) if explains(telling, part, [one[1]])]:
        left = next((view for view in others if not explains(view, part, [first[1]])), None)
        if left is None:
            continue
        for second in agreeing(left, part, candidates):
            if second[0].key != first[0].key and explains(left, part, [second[1]]):
                changes = (first[1], second[1])
                if all(_fits(view, part, changes) for view in (telling, *others)):
                    return Diagnosis((first[0], second[0]), changes)
    return None


def _fits(view, part, changes) -> bool:
    """Whether the view shows just those of the two mistakes that make a difference in it."""
    right, got = predict(view, part), view.got(part)
    active = [change for change in changes if not agree(predict(view, part, [change]), right, view.rtol)]
    if not active:
        return agree(got, right, view.rtol)
    return any(explains(view, part, [change]) for change in active) or explains(view, part, active)


def somewhere(telling: View, others, part: str, candidates) -> Diagnosis | None:
    """One mistake that explains every view of one kind, while all others are right without it."""
    views = (telling, *others)
    right = {id(view) for view in views if explains(view, part, [])}
    if not 0 < len(right) < len(views):
        return None
    fitting = [
        (words, test)
        for words, test in WHERE.items()
        if all(test(view.case.setting) or id(view) in right for view in views)
        and any(not test(view.case.setting) for view in views)
    ]
    for mistake, change in agreeing(telling, part, candidates) if fitting else ():
        if not explains(telling, part, [change]):
            continue
        for words, test in fitting:
            if all(explains(view, part, [change] if test(view.case.setting) else []) for view in others):
                if not any(_shows(view, part, change) for view in views if not test(view.case.setting)):
                    continue
                return Diagnosis((replace(mistake, sentence=f"{words}: {mistake.sentence}"),), (change,))
    return None


def _shows(view, part, change) -> bool:
    """Whether the mistake would make a difference in this view."""
    return not agree(predict(view, part, [change]), predict(view, part), view.rtol)

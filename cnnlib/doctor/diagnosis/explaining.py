"""A finding gets its diagnosis: which settings are asked, and what the gradient of a wrong forward pass is to be.

A forward pass that was not recognised may have been meant as ⋆ or as ∗.  Its gradients may be those of the one that
was meant, or share its mistake and have one of their own; where it is right they are named first.
"""

import itertools
from dataclasses import replace

import numpy as np

from ..anatomy import SIGNS, agree, tolerance
from ..checks.outside import reads_past
from ..examination import BEYOND_FORMULAS, RIGHT, WRONG, nearest, view_of, visit
from ..kinds import ANYTHING, fitted, has_kernel
from ..mistakes.catalogue import FORWARD_BEFORE, FORWARD_FIRST
from ..prediction.stages import predict
from ..running import UNSTEADY
from ..settings import EVEN, Setting
from ..truth import matches
from ..view import View
from .isolated import ONE_MORE
from .naming import diagnose, several
from .pieces.partly import in_part
from .shared import shared
from .single import Diagnosis, explains
from .sizes import only_decays

ENOUGH = 20  # cells that tell an activation by their range
INSIDE = (EVEN[0], Setting(1, 2, 3, 5, 6, 3, 3, 1, 2))
"""More padding than (h − 1)/2: a border of p makes delta larger than it has to be, and nothing past it is read."""
BORDER = ("border_of_delta",)  # a view over delta ends outside because its border is too narrow
LARGE = 1e6  # numbers beside which others disappear
FORWARD_TOO = replace(
    FORWARD_FIRST,
    sentence="apart from that it is the gradient of the forward pass that was meant, not of yours",
    advice="Mend the forward pass as well.",
)


def explain(finding, trusted, usable, plan, pairs, among=()):
    """Give the finding its diagnosis, where the formulas have one.

    A forward pass that was not recognised may have been meant as ⋆ or as ∗: the mistake that is found tells which.
    ``among`` are the keys of the only mistakes to be tried, if given.
    """
    if plan.kind == ANYTHING:
        return  # no formula predicts its numbers
    part, forward = finding.part, finding.part == "forward"
    if any(v.setting.even for v in usable):  # most formulas know one stride
        trusted, usable = ([v for v in some if v.setting.even] for some in (trusted, usable))
    numbers = [v for v in trusted if _has_numbers(v, part)]
    operations = [finding.operation or nearest(numbers)] if has_kernel(plan.kind) else [None]
    if forward and has_kernel(plan.kind):
        operations += [sign for sign in SIGNS if sign not in operations]
    elif finding.shared and any(_is_of_the_meant(numbers, part, plan, sign) for sign in _signs(numbers, finding)):
        finding.diagnosis = Diagnosis((FORWARD_FIRST,), ())
        return
    for deep in dict.fromkeys((pairs and not forward, pairs)):
        likely = dict.fromkeys((finding.activation or _activation(numbers), *(["linear"] if forward else [])))
        for operation, activation in itertools.product(operations, likely):  # small numbers look like a sigmoid's
            views = {id(v): view_of(v, plan, operation, activation) for v in numbers}
            asked = [views[id(v)] for v in usable if id(v) in views]
            if forward or all(_base_holds(views[id(v)], part, v) for v in numbers):
                finding.diagnosis = diagnose(list(views.values()), asked, part, pairs=deep, among=among)
            elif plan.kind != "activation":  # of a function on no list no formula says what its slope is
                if _is_of_the_meant(numbers, part, plan, operation):
                    finding.diagnosis = Diagnosis((FORWARD_FIRST,), ())
                    return
                wanted = [getattr(v.expected.gradients, part) for v in numbers]
                finding.diagnosis = _own_mistake(list(views.values()), asked, part, wanted, finding.shared)
            if finding.diagnosis:
                finding.operation, finding.activation = operation, activation
                return


def explain_bit_by_bit(finding, steady, usable, adapter, pairs):
    """Where nothing explains all numbers: in the settings where the forward pass is right, then in plainer ones."""
    part, plan, beside = finding.part, adapter.plan, ()
    if plan.kind != "convolution":
        return
    if part != "forward":
        sound, wrong = ([v for v in some if _is_sound(v)] for some in (steady, usable))
        if len(sound) < len(steady):
            if wrong:
                explain(finding, sound, wrong, plan, pairs)
            beside = (FORWARD_BEFORE,) if sound else (FORWARD_TOO,)
            if finding.diagnosis or (sound and not wrong):
                known = finding.diagnosis or Diagnosis((), ())
                finding.diagnosis = replace(known, mistakes=(*known.mistakes, *beside))
                return
            steady = sound or steady
    if pairs and steady:
        _explain_in_plainer_ones(finding, steady, adapter, meant=beside == (FORWARD_TOO,))
    if finding.diagnosis:
        finding.diagnosis = replace(finding.diagnosis, mistakes=(*finding.diagnosis.mistakes, *beside))
    finding.partly = [replace(clause, mistakes=(*clause.mistakes, *beside)) for clause in finding.partly]


def explain_inside(finding, ran, adapter) -> None:
    """Views leave delta: give dX the border that explains it in settings where they end inside, if one does."""
    part, plan = finding.part, adapter.plan
    plain = [v for v in ran if v.setting.s == 1 and _is_steady(v, part)]
    plain = [v for v in plain if v.verdicts.get(part) == RIGHT or not reads_past(adapter, part, v)]
    seen = [visit(adapter, fitted(plan, setting)) for setting in INSIDE if plan.kind == "convolution"]
    seen = [v for v in seen if v.refused is None and v.verdicts.get(part) in (RIGHT, WRONG) and _is_steady(v, part)]
    wrong = [v for v in seen if v.verdicts[part] == WRONG]
    if wrong:
        explain(finding, [*plain, *seen], wrong, plan, pairs=False, among=BORDER)
    if finding.diagnosis:
        finding.settings = [*finding.settings, *(v.setting for v in wrong)]
        finding.visits = [*finding.visits, *seen]


def explain_beside_memory(finding, ran, usable, plan) -> None:
    """Give dX the diagnosis that explains its numbers, whatever was read from memory for some of its cells."""
    part = finding.part
    ran, usable = ([v for v in some if _is_moderate(v, part)] for some in (ran, usable))
    if usable:  # the cells that are read from delta alone
        explain(finding, ran, usable, plan, pairs=False)


def _is_steady(visit_, part) -> bool:
    return visit_.notes.get(part) not in UNSTEADY and _is_moderate(visit_, part)


def _is_moderate(visit_, part) -> bool:
    """Whether its numbers can be compared: what is read from memory may be NaN, or so large that others vanish."""
    if not _has_numbers(visit_, part) or visit_.notes.get(part) in BEYOND_FORMULAS:
        return False
    return bool(np.max(np.abs(visit_.run.gradients[part]), initial=0) < LARGE)


def _explain_in_plainer_ones(finding, steady, adapter, meant):
    """Several mistakes at once, or what explains some settings; against the forward pass that was ``meant``."""
    part, plan, seen = finding.part, adapter.plan, {v.setting for v in steady}
    asked = [one for one in dict.fromkeys(fitted(plan, setting) for setting in ONE_MORE) if one not in seen]
    plain = [one for setting in asked if (one := visit(adapter, setting)).refused is None]
    numbers = [v for v in [*plain, *steady] if v.setting.even and _has_numbers(v, part)]
    numbers = [v for v in numbers if part == "forward" or meant or _is_sound(v)]
    views = [view_of(v, plan, finding.operation, _activation(numbers)) for v in numbers]
    if not views or not (part == "forward" or meant or all(map(_base_holds, views, [part] * len(views), numbers))):
        return
    finding.diagnosis = several(views, part)
    if not finding.diagnosis:
        finding.diagnosis, finding.partly, left = in_part(views, part)
        finding.left = [view.case.setting for view in left]


def _signs(visits, finding) -> tuple[str, ...]:
    """⋆ or ∗, as the forward pass was recognised, or explained by what leaves the kernel; else both."""
    known = {v.expected.anatomy.operation for v in visits if v.expected and v.expected.anatomy}
    if finding.operation and not any(stage in ("kernel", "core") for stage, _ in finding.shared):
        known = known or {finding.operation}
    return tuple(known) or tuple(SIGNS)


def _is_sound(visit_) -> bool:
    """Whether the forward pass is right here, but for weights that it may make anew."""
    beside = visit_.run.redrawn or visit_.run.overwritten
    return visit_.verdicts["forward"] == RIGHT or (beside and visit_.expected.anatomy is not None)


def _has_numbers(visit_, part) -> bool:
    return part == "forward" or (visit_.run.failed is None and visit_.run.gradients.get(part) is not None)


def _activation(visits) -> str:
    """The activation inside, read where the forward pass was recognised."""
    known = [v.expected.anatomy.activation for v in visits if v.expected and v.expected.anatomy]
    return known[0] if known else _by_range(visits)


def _by_range(visits) -> str:
    """The activation that the numbers of all outputs suggest: none below 0, none outside of 0 … 1 or −1 … 1."""
    cells = np.concatenate([np.ravel(v.run.Z) for v in visits]) if visits else np.zeros(0)
    if cells.size < ENOUGH or not np.all(np.isfinite(cells)):
        return "linear"
    if cells.min() == 0 and np.mean(cells == 0) > 0.1:
        return "relu"
    return ("sigmoid" if cells.min() > 0 else "tanh") if np.abs(cells).max() < 1 else "linear"


def _is_of_the_meant(visits, part, plan, operation) -> bool:
    """Whether the gradient is that of a forward pass without a mistake, ⋆ or ∗, or its mean over the batch."""
    seen = [view_of(v, plan, operation, _activation(visits)) for v in visits]
    views = [View(view.run, replace(view.anatomy, operation=operation), plan) for view in seen]
    return any(
        all(agree(predict(view, part), view.got(part), view.rtol) for view in taken)
        for some in (views, [replace(view, mean=True) for view in views])
        for taken in (some, list(map(_with_slope_of_output, some)))
    )


def _with_slope_of_output(view) -> View:
    """The view with σ′ worked out from what the layer gave: a(1 − a), 1 − a², or by the signs that a ReLU keeps."""
    name = view.anatomy.activation
    of_output = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a**2}.get(name)
    of_output = view.slope_at if "relu" in name else of_output
    one = replace(view, cache={})
    if of_output is not None:
        one.slope = of_output(view.Z)
        one.delta = one.given * one.slope
    return one


def _own_mistake(views, asked, part, wanted, changes) -> Diagnosis | None:
    """The forward pass is wrong: a mistake beside the one that is shared, or in the gradient of what was meant."""
    if _shares_less(views, part, changes):
        return Diagnosis((FORWARD_FIRST,), ())
    base = shared(changes, part) if changes else None
    if base is not None:
        own = {id(view): replace(view, base=tuple(base), cache={}) for view in views}
        right = zip(own.values(), wanted, strict=True)
        if all(w is not None and matches(w, predict(view, part), max(view.rtol, 1e-5)) for view, w in right):
            found = diagnose(list(own.values()), [own[id(view)] for view in asked], part, pairs=False)
            if found and not any(_is_nothing(views, part, change) for change in found.changes):
                return found
    found = diagnose(views, asked, part, pairs=False)
    if not found and "relu" in views[0].anatomy.activation:  # its mask is that of the Z it gave
        own = {id(view): _with_slope_of_output(view) for view in views}
        found = diagnose(list(own.values()), [own[id(view)] for view in asked], part, pairs=False)
    return replace(found, mistakes=(*found.mistakes, FORWARD_TOO)) if found else None


def _shares_less(views, part, changes) -> bool:
    """Whether the gradient has some of the forward pass's mistakes or none, but for weight decay."""
    fewer = itertools.chain.from_iterable(itertools.combinations(changes, n) for n in range(len(changes)))
    for base in (shared(some, part) for some in fewer):
        if base is None:
            continue
        for mean in (False, True)[: 1 if part == "dX" else 2]:
            bare = [replace(view, base=tuple(base), mean=mean, cache={}) for view in views]
            if all(explains(view, part, ()) for view in bare) or only_decays(bare, part):
                return True
    return False


def _is_nothing(views, part, change) -> bool:
    """Whether a change makes no difference by itself: it can only undo what the forward pass has wrong."""
    return all(agree(predict(view, part, [change]), predict(view, part), view.rtol) for view in views)


def _base_holds(view, part, visit_) -> bool:
    """Whether the formula without any mistake gives the right gradient here; without that no formula is trusted."""
    wanted = getattr(visit_.expected.gradients, part)
    return wanted is not None and matches(wanted, predict(view, part), max(tolerance(visit_.run.dtype), 1e-6))

"""The finding on each part of a layer: its verdict over all settings, and which mistake it is."""

from dataclasses import dataclass, field, replace

import numpy as np

from ..anatomy import SIGNS, agree, tolerance
from ..examination import NOT_COMPUTED, NOT_SUPPORTED, RIGHT, WRONG, Visit, nearest, parts_of, view_of
from ..kinds import ANYTHING, has_kernel
from ..mistakes.catalogue import CATALOGUE, FORWARD_FIRST, UNCLEARED
from ..patient.gradients import PARTS
from ..running import UNSTEADY, dirt_shows, reads_past
from ..settings import Setting
from ..ties import examine_ties
from ..truth import matches
from ..view import predict
from .conventions import MEAN
from .crashes import crashing, off_squares
from .naming import diagnose
from .outside import views_outside
from .second_call import with_second_calls
from .single import Diagnosis, rtol_of
from .squares import with_squares

LACKS = (KeyError, AttributeError, TypeError)  # what is raised where something was never handed over or set
UNCALLED = "could not be called, which need not be its fault"
UNKNOWN = "it is of no known kind, so nothing is said of it; the gradients are compared with central differences"
ONE_ONLY = "{0} is a mean over the batch and {1} a sum: one learning rate cannot suit both, so decide for one"


@dataclass
class Finding:
    """The verdict on one part: "forward", "dX", "dK" or "db"."""

    part: str
    verdict: str
    settings: list[Setting] = field(default_factory=list)
    diagnosis: Diagnosis | None = None
    notes: list[str] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    ties: str | None = None
    operation: str | None = None  # of a forward pass that was not recognised: what it was meant to be


def findings(adapter, visits: list[Visit], *, pairs: bool = True) -> dict[str, Finding]:
    """The finding for each part, over all settings."""
    ran = [v for v in visits if v.run is not None and v.refused is None]
    own = [v for v in ran if v.expected.anatomy is not None and v.expected.anatomy.bias == "own"]
    if own:
        ran = [v for v in ran if np.any(v.run.Z)]  # where a bias nobody can see shuts everything, nothing is told
    found = {"forward": _finding("forward", ran, adapter, pairs)}
    if not ran:
        found["forward"].verdict = NOT_SUPPORTED
        found["forward"].notes = list(dict.fromkeys(v.refused for v in visits if v.refused))[:2]
    for part in PARTS:
        found[part] = (
            _finding(part, ran, adapter, pairs, found["forward"].operation)
            if ran and part in parts_of(adapter)
            else Finding(part, NOT_SUPPORTED)
        )
    if len({v.setting.N for v in own}) > 1 and all(
        np.allclose(v.expected.anatomy.offset, v.setting.N) for v in own
    ):
        settings = [v.setting for v in own]
        found["forward"] = Finding("forward", WRONG, settings, Diagnosis((CATALOGUE["batch_added"],), ()), [], own)
    verdicts = {found[part].verdict for part in ("dK", "db")}
    if verdicts == {MEAN, RIGHT}:
        mean = found["dK"] if found["dK"].verdict == MEAN else found["db"]
        mean.notes = [ONE_ONLY.format(*(("dK", "db") if mean.part == "dK" else ("db", "dK")))]
    if ran:
        with_second_calls(adapter, found, ran)
        with_squares(adapter, found, visits)
    if adapter.plan.kind == ANYTHING and found["forward"].verdict == RIGHT:
        found["forward"] = Finding("forward", NOT_SUPPORTED, notes=[UNKNOWN], visits=ran)
    if adapter.plan.kind == "max pooling" and found["dX"].verdict == RIGHT:
        _with_ties(adapter, found["dX"])
    return found


def _with_ties(adapter, finding):
    """dX is right where no two cells are equal: what it is where some are, and whether that is a mistake."""
    ran = [v.setting for v in finding.visits]
    found = examine_ties(adapter, ran)
    if found is None:
        return
    finding.ties = found.said
    if found.wrong:
        finding.verdict, finding.settings = WRONG, ran
        finding.notes = ["right where all cells differ, wrong where a window holds its maximum several times"]
        finding.notes += [found.example] if found.example else []
        finding.diagnosis = Diagnosis((found.mistake,), ()) if found.mistake else None


def _finding(part, ran, adapter, pairs, operation=None) -> Finding:
    states = [v.verdicts.get(part, NOT_COMPUTED) for v in ran]
    if states and all(state == NOT_SUPPORTED for state in states):  # the call itself may be at fault
        notes = list(dict.fromkeys(v.notes[part] for v in ran))
        if any(isinstance(v.run.failed.error, LACKS) for v in ran):
            return Finding(part, NOT_SUPPORTED, notes=[f"{UNCALLED}: {notes[0]}"], visits=ran)
        return Finding(part, WRONG, [v.setting for v in ran], Diagnosis(crashing(ran), ()), notes, ran)
    if part == "dX":  # it ran elsewhere, so this is the layer's own crash; odd kernels may be beyond it
        for v in ran:
            if v.run.failed is not None and v.setting.square:
                v.verdicts[part] = WRONG
    wrong = [v for v in ran if v.verdicts.get(part) == WRONG]
    if not wrong:
        return _fine(part, ran, states)
    notes = list(dict.fromkeys(v.notes[part] for v in wrong if part in v.notes))
    finding = Finding(part, WRONG, [v.setting for v in wrong], None, notes, ran, operation=operation)
    if part == "forward" and any(v.run.redrawn for v in wrong):
        return replace(finding, diagnosis=Diagnosis((CATALOGUE["weights_redrawn"],), ()))
    usable = [v for v in wrong if v.run.failed is None or part == "forward"]
    steady = [v for v in ran if v.notes.get(part) not in UNSTEADY]
    dirty = any(dirt_shows(v, part) for v in usable)
    plain = [v for v in steady if v.setting.s == 1]  # where nothing is read past the end of an array, as a rule
    for trusted in (steady, plain) if dirty else (steady,):
        asked = [v for v in usable if any(v is one for one in trusted)]
        if asked and not finding.diagnosis:
            _name(finding, trusted, asked, adapter.plan, pairs)
    if not finding.diagnosis and not dirty:  # it may have been clean by chance
        rest = [v for v in usable if v.setting.s > 1]
        some = rest if part == "forward" or len(rest) < len(usable) else []
        if any(_reads_past(adapter, part, v) for v in some):
            dirty = True
            _name(finding, plain, [v for v in usable if v.setting.s == 1], adapter.plan, pairs)
    if dirty:  # true in any case, beside whatever else was found
        known = finding.diagnosis or Diagnosis((), ())
        finding.diagnosis = replace(known, mistakes=(*known.mistakes, UNCLEARED))
    fails = crashing(ran) if part == "dX" and (finding.diagnosis or not usable) else ()
    misshapen = [v for v in usable if v.notes.get(part, "").startswith("its shape is")]
    if part == "dX" and not finding.diagnosis and usable and len(misshapen) == len(usable):
        fails = off_squares(ran, misshapen)
    if fails:
        known = finding.diagnosis or Diagnosis((), ())
        finding.diagnosis = replace(known, mistakes=tuple(dict.fromkeys((*known.mistakes, *fails))))
    return finding


def _reads_past(adapter, part, visit_) -> bool:
    """A view leaves its array, which is seen in any memory, or the memory around the arrays makes a difference."""
    with views_outside() as outside:
        if part == "forward":
            adapter.forward(visit_.run.case)
            return bool(outside)
        shows = reads_past(adapter.run, part, visit_.run.case, visit_.run.delta)
    return bool(outside) or shows


def _fine(part, ran, states) -> Finding:
    """The finding on a part that is wrong nowhere: right, a mean over the batch, or not computed."""
    verdict = MEAN if MEAN in states else RIGHT if RIGHT in states else NOT_COMPUTED
    agreed = list(dict.fromkeys(v.notes[part] for v in ran if part in v.notes and v.run.failed is None))
    means = [v.setting for v in ran if v.verdicts.get(part) == MEAN]
    return Finding(part, verdict, means, None, agreed[:1], ran)


def _name(finding, trusted, usable, plan, pairs):
    """Give the finding its diagnosis, where the formulas have one.

    A forward pass that was not recognised may have been meant as ⋆ or as ∗: the mistake that is found tells which.
    """
    if plan.kind == ANYTHING:
        return  # no formula predicts its numbers
    part, forward = finding.part, finding.part == "forward"
    if any(v.setting.even for v in usable):  # most formulas know one stride
        trusted, usable = ([v for v in some if v.setting.even] for some in (trusted, usable))
    numbers = [v for v in trusted if forward or (v.run.failed is None and v.run.gradients.get(part) is not None)]
    operations = [finding.operation or nearest(numbers)] if has_kernel(plan.kind) else [None]
    if forward and has_kernel(plan.kind):
        operations += [sign for sign in SIGNS if sign not in operations]
    for deep in dict.fromkeys((pairs and not forward, pairs)):
        for operation in operations:
            views = {id(v): view_of(v, plan, operation) for v in numbers}
            asked = [views[id(v)] for v in usable if id(v) in views]
            if forward or all(_base_holds(views[id(v)], part, v) for v in numbers):
                finding.diagnosis = diagnose(list(views.values()), asked, part, pairs=deep)
            else:
                finding.diagnosis = _of_the_meant_forward(list(views.values()), asked, part)
            if finding.diagnosis:
                finding.operation = operation
                return


def _of_the_meant_forward(views, asked, part) -> Diagnosis | None:
    """The forward pass is wrong: the gradient may be that of the one that was meant, with one mistake at most."""
    for mean in (False, True):
        taken = [replace(view, mean=mean) for view in views]
        if all(agree(predict(view, part), view.got(part), rtol_of(view)) for view in taken):
            return Diagnosis((FORWARD_FIRST,), ())
    found = diagnose(views, asked, part, pairs=False)
    return replace(found, mistakes=(*found.mistakes, FORWARD_FIRST)) if found else None


def _base_holds(view, part, visit_) -> bool:
    """Whether the formula without any mistake gives the right gradient here; without that no formula is trusted."""
    wanted = getattr(visit_.expected.gradients, part)
    return wanted is not None and matches(wanted, predict(view, part), max(tolerance(visit_.run.dtype), 1e-6))

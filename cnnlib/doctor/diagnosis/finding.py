"""The finding on each part of a layer: its verdict over all settings, and which mistake it is."""

import re
from dataclasses import dataclass, field, replace

import numpy as np

from ..checks.outside import reads_past, views_leave
from ..checks.overwriting import with_overwriting
from ..examination import (
    BEYOND_FORMULAS,
    NOT_COMPUTED,
    NOT_SUPPORTED,
    RIGHT,
    WINDOWS_LOST,
    WRONG,
    Visit,
    parts_of,
)
from ..kinds import ANYTHING
from ..mistakes.catalogue import CATALOGUE, PAST_THE_END, UNCLEARED
from ..patient.gradients import PARTS
from ..running import BY_CHANCE, UNSTEADY, dirt_shows, said_by
from ..settings import Setting
from ..ties import examine_ties
from .conventions import MEAN
from .crashes import crashing, off_squares
from .explaining import explain, explain_beside_memory, explain_bit_by_bit, explain_inside
from .second_call import with_second_calls
from .single import Diagnosis
from .squares import with_squares

LACKS = (KeyError, AttributeError, TypeError)  # what is raised where something was never handed over or set
UNCALLED = "could not be called as was guessed; if your net calls it so, that line is wrong"
UNKNOWN = "it is of no known kind, so nothing is said of it; the gradients are compared with central differences"
SLID = {"border_of_delta", "delta_without_remainder"}  # views slide over delta
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
    activation: str | None = None  # likewise
    operation: str | None = None  # of a forward pass that was not recognised: what it was meant to be
    shared: tuple = ()  # the changes of a forward pass that is wrong
    partly: list = field(default_factory=list)  # clauses, each of which explains some settings
    left: list[Setting] = field(default_factory=list)  # where none of them does


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
            _finding(part, ran, adapter, pairs, found["forward"])
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
        with_overwriting(adapter, found, ran)
    if adapter.plan.kind == ANYTHING and found["forward"].verdict == RIGHT:
        found["forward"] = Finding("forward", NOT_SUPPORTED, notes=[UNKNOWN], visits=ran)
    if adapter.plan.kind == "max pooling" and found["dX"].verdict == RIGHT:
        _with_ties(adapter, found["dX"])
    for one in visits:
        one.kept.clear()
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


def _finding(part, ran, adapter, pairs, forward=None) -> Finding:
    states = [v.verdicts.get(part, NOT_COMPUTED) for v in ran]
    if states and all(state == NOT_SUPPORTED for state in states):  # the call itself may be at fault
        notes = list(dict.fromkeys(v.notes[part] for v in ran))
        if all(v.run.failed is None for v in ran):  # there is nothing to compare with
            return Finding(part, NOT_SUPPORTED, notes=notes, visits=ran)
        if any(isinstance(v.run.failed.error, LACKS) or _misread_cache(v.run.failed) for v in ran):
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
    finding = Finding(part, WRONG, [v.setting for v in wrong], None, notes, ran)
    if forward is not None:
        finding.operation, finding.activation = forward.operation, forward.activation
        finding.shared = forward.diagnosis.changes if forward.diagnosis else ()
    if part == "forward" and any(v.run.redrawn or v.run.overwritten for v in wrong):
        key = "weights_redrawn" if any(v.run.redrawn for v in wrong) else "bias_overwritten"
        if any(v.expected.anatomy is None for v in wrong):  # wrong with the new ones, too
            explain(finding, ran, wrong, adapter.plan, pairs=False)
        known = finding.diagnosis or Diagnosis((), ())
        return replace(finding, diagnosis=replace(known, mistakes=(*known.mistakes, CATALOGUE[key])))
    if WINDOWS_LOST in notes:
        known = (CATALOGUE["forward_row_lost"],) if len(notes) == 1 else ()
        return replace(finding, diagnosis=Diagnosis(known, ()) if known else None)
    return _explained(finding, ran, wrong, adapter, pairs)


def _explained(finding, ran, wrong, adapter, pairs) -> Finding:
    """The finding on a wrong part with its diagnosis: what explains the numbers, reads past an array, or fails."""
    part = finding.part
    usable = [v for v in wrong if v.run.failed is None or part == "forward"]
    steady = [v for v in ran if v.notes.get(part) not in (*UNSTEADY, *BEYOND_FORMULAS)]
    shaky = [v for v in usable if not any(v is one for one in steady)]
    outside = any(views_leave(adapter, part, v) for v in shaky)
    dirty = outside or any(dirt_shows(v, part) for v in usable)
    if not dirty and any(v.notes.get(part) in BEYOND_FORMULAS for v in wrong):
        return finding
    if outside and part == "dX":
        explain_inside(finding, ran, adapter)
    plain = [v for v in steady if v.setting.s == 1]  # where nothing is read past the end of an array, as a rule
    for trusted in (steady, plain) if dirty else (steady,):
        asked = [v for v in usable if any(v is one for one in trusted)]
        if asked and not finding.diagnosis:
            explain(finding, trusted, asked, adapter.plan, pairs)
    if not finding.diagnosis and not dirty and usable:
        explain_bit_by_bit(finding, steady, usable, adapter, pairs)
    if not finding.diagnosis and not dirty:  # it may have been clean by chance
        rest = [v for v in usable if v.setting.s > 1]
        some = rest if part == "forward" or len(rest) < len(usable) else []
        some = [v for v in some if not v.run.redrawn]  # other weights make a difference in any memory
        if any(reads_past(adapter, part, v) for v in some):
            dirty = True
            explain(finding, plain, [v for v in usable if v.setting.s == 1], adapter.plan, pairs)
    if dirty and part == "dX" and not finding.diagnosis and usable:
        explain_beside_memory(finding, ran, usable, adapter.plan)
    dirty = dirty or (part == "dX" and _slides_outside(finding, usable, adapter))
    if dirty:  # true in any case, beside whatever else was found
        known, memory = finding.diagnosis or Diagnosis((), ()), _kind_of_memory(adapter, part, usable)
        finding.diagnosis = replace(known, mistakes=(*known.mistakes, memory))
        if memory is PAST_THE_END and len(finding.notes) > 1:  # its numbers are any, which is no chance
            finding.notes = [note for note in finding.notes if note != BY_CHANCE]
    named = finding.diagnosis.mistakes if finding.diagnosis else ()
    fails = crashing(ran, likely=named) if part == "dX" and (named or not usable) else ()
    misshapen = [v for v in usable if v.notes.get(part, "").startswith("its shape is")]
    if part == "dX" and not finding.diagnosis and usable and len(misshapen) == len(usable):
        fails = off_squares(ran, misshapen)
    if fails:
        known = finding.diagnosis or Diagnosis((), ())
        finding.diagnosis = replace(known, mistakes=tuple(dict.fromkeys((*known.mistakes, *fails))))
    return finding


def _kind_of_memory(adapter, part, visits):
    """Whether a view leaves its array in one of these settings, or an array was never filled."""
    return PAST_THE_END if any(views_leave(adapter, part, v) for v in visits) else UNCLEARED


def _slides_outside(finding, visits, adapter) -> bool:
    """Whether the windows that slide over delta, as the diagnosis says, leave it in one of these settings."""
    keys = {mistake.key for mistake in finding.diagnosis.mistakes} if finding.diagnosis else set()
    return bool(keys & SLID) and any(views_leave(adapter, finding.part, v) for v in visits)


def _misread_cache(failed) -> bool:
    """Whether it failed in taking the cache apart, which may be another one than the layer's own net hands on."""
    line = failed.where.line if failed.where else ""
    return "unpack" in said_by(failed.error) and re.search(r"=\s*\w*cache\w*\s*$", line.strip()) is not None


def _fine(part, ran, states) -> Finding:
    """The finding on a part that is wrong nowhere: right, a mean over the batch, or not computed."""
    verdict = MEAN if MEAN in states else RIGHT if RIGHT in states else NOT_COMPUTED
    agreed = list(dict.fromkeys(v.notes[part] for v in ran if part in v.notes and v.run.failed is None))
    means = [v.setting for v in ran if v.verdicts.get(part) == MEAN]
    return Finding(part, verdict, means, None, agreed[:1], ran)

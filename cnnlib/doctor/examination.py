"""The examination: run the layer in every setting, compare with the gradients of its own forward pass, diagnose."""

from dataclasses import dataclass, field

import numpy as np

from .anatomy import SIGNS, STAR, Anatomy, agree, linear_part, tolerance
from .diagnosis import Diagnosis, diagnose, rtol_of
from .kinds import expected_output, has_kernel
from .mistakes.catalogue import FORWARD_FIRST, UNCLEARED
from .mistakes.view import View, predict
from .patient.adapter import Adapter, Run
from .patient.gradients import PARTS
from .running import DIRT, UNSTEADY, LayerError, dirt_shows, dirty_memory
from .settings import KINDS, Case, Setting
from .ties import examine_ties
from .truth import Expected, expected, matches

RIGHT, WRONG, MEAN = "right", "wrong", "mean over the batch"
NOT_COMPUTED, NOT_SUPPORTED = "not computed", "not supported"


@dataclass
class Visit:
    """One setting: the run, what was expected, or why there is none; ``verdicts`` part by part."""

    setting: Setting
    run: Run | None = None
    again: Run | None = None
    expected: Expected | None = None
    refused: str | None = None
    verdicts: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


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


def visit(adapter: Adapter, setting: Setting) -> Visit:
    """Run the layer twice over differently dirty memory, and say part by part what came out."""
    found, runs = Visit(setting), []
    if not _describable(adapter.plan, setting):
        found.refused = "the description has no axis for it"
        return found
    for value in DIRT:
        try:
            with dirty_memory(value, setting):
                runs.append(adapter.run(Case.of(setting)))
        except (LayerError, ValueError, KeyError, TypeError) as error:
            found.refused = str(error)
            return found
    run, found.again = runs
    found.run = run
    if run.Z.shape != expected_output(adapter.plan, setting) and not adapter.plan.any_padding:
        found.refused = f"the output has the shape {run.Z.shape}, expected {expected_output(adapter.plan, setting)}"
        return found
    if not agree(runs[1].Z, run.Z, tolerance(run.dtype)):
        found.notes["forward"] = UNSTEADY[0]
        found.verdicts["forward"] = WRONG
    try:
        found.expected = expected(adapter, run, check=setting.s == 1)
    except (LayerError, ValueError, KeyError, TypeError) as error:
        found.refused = str(error)
        return found
    known = found.expected.anatomy or adapter.plan.kind == "activation"  # any function may be an activation
    found.verdicts.setdefault("forward", RIGHT if known else WRONG)
    for part in parts_of(adapter):
        found.verdicts[part], note = judged(part, run, runs[1], found.expected, setting)
        if note:
            found.notes[part] = note
    return found


def _describable(plan, setting) -> bool:
    shapes = setting.shapes
    return (
        plan.X.fits(shapes["X"])
        and plan.Z.fits(expected_output(plan, setting))
        and (not plan.has_kernel or plan.K.fits(shapes["K"]))
    )


def parts_of(adapter) -> list[str]:
    """The gradients that a layer of this plan has."""
    plan = adapter.plan
    return ["dX", *(["dK"] if plan.has_kernel else []), *(["db"] if plan.has_bias else [])]


def judged(part, run, again, right: Expected, setting) -> tuple[str, str | None]:
    """(verdict, note) of one gradient in one setting."""
    wanted, got = getattr(right.gradients, part), run.gradients.get(part)
    if run.failed is not None:  # nobody can tell dK and db by a backward pass that did not end
        return NOT_SUPPORTED, str(run.failed)
    if wanted is None or got is None:
        return NOT_COMPUTED, None
    rtol = tolerance(run.dtype)
    if right.anatomy is None or not has_kernel_gradients(right):
        rtol = max(rtol, 1e-6 if rtol < 1e-5 else 5e-3)
    if matches(wanted, got, rtol):
        if again.failed is None and not matches(wanted, again.gradients.get(part), rtol):
            return WRONG, UNSTEADY[1]
        return RIGHT, None
    if part != "dX" and setting.N > 1 and matches(wanted, got * setting.N, rtol):
        return MEAN, None
    if got.shape != wanted.shape:
        return WRONG, f"its shape is {got.shape}, expected {wanted.shape}"
    if again.failed is None and not agree(again.gradients.get(part), got, rtol):
        return WRONG, UNSTEADY[2]
    return WRONG, None


def has_kernel_gradients(right) -> bool:
    return right.gradients.dK is not None


def view_of(visit_: Visit, plan, operation: str | None = None) -> View:
    """What formulas see of a visit; a forward pass that was not recognised is taken as the nearest."""
    anatomy = visit_.expected.anatomy if visit_.expected else None
    if anatomy is None and has_kernel(plan.kind):
        pads = ((visit_.setting.p,) * 2,) * 2
        anatomy = Anatomy(operation or nearest([visit_]), pads, "linear", "once" if plan.has_bias else "none")
    elif anatomy is None:
        anatomy = Anatomy(plan.kind, ((0, 0), (0, 0)), "linear", "none")
    return View(visit_.run, anatomy, plan)


def nearest(visits) -> str:
    """⋆ or ∗, whichever the outputs of all these visits look more like."""
    likeness = dict.fromkeys(SIGNS, 0.0)
    for visit_ in visits:
        Z = visit_.run.Z
        for operation in SIGNS:
            linear = linear_part(visit_.run.case, operation, ((visit_.setting.p,) * 2,) * 2)
            if linear.shape == Z.shape:
                a, z = (maps - maps.mean(axis=(2, 3), keepdims=True) for maps in (linear, Z))
                likeness[operation] += abs(float(np.sum(a * z))) / max(float(np.sum(a * a)), 1e-12)
    return max(likeness, key=likeness.get) if any(likeness.values()) else STAR


def findings(adapter: Adapter, visits: list[Visit], *, pairs: bool = True) -> dict[str, Finding]:
    """The finding for each part, over all settings."""
    ran = [v for v in visits if v.run is not None and v.refused is None]
    found = {"forward": _finding("forward", ran, adapter, pairs)}
    if not ran:
        found["forward"].verdict = NOT_SUPPORTED
        found["forward"].notes = list(dict.fromkeys(v.refused for v in visits if v.refused))[:2]
    for part in PARTS:
        found[part] = (
            _finding(part, ran, adapter, pairs)
            if ran and part in parts_of(adapter)
            else Finding(part, NOT_SUPPORTED)
        )
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


def _finding(part, ran, adapter, pairs):
    states = [v.verdicts.get(part, NOT_COMPUTED) for v in ran]
    if states and all(state == NOT_SUPPORTED for state in states):  # the call itself may be at fault
        return Finding(
            part, WRONG, [v.setting for v in ran], None, list(dict.fromkeys(v.notes[part] for v in ran)), ran
        )
    if part == "dX":  # it ran elsewhere, so this is the layer's own crash; odd kernels may be beyond it
        for v in ran:
            if v.run.failed is not None and v.setting.k_h == v.setting.k_w:
                v.verdicts[part] = WRONG
    wrong = [v for v in ran if v.verdicts.get(part) == WRONG]
    notes = list(dict.fromkeys(v.notes[part] for v in wrong if part in v.notes))
    if not wrong:
        verdict = MEAN if MEAN in states else RIGHT if RIGHT in states else NOT_COMPUTED
        return Finding(part, verdict, [v.setting for v in ran if v.verdicts.get(part) == MEAN], visits=ran)
    finding = Finding(part, WRONG, [v.setting for v in wrong], None, notes, ran)
    usable = [v for v in wrong if v.run.failed is None or part == "forward"]
    numbers = [
        v
        for v in ran
        if (v.run.failed is None or part == "forward")
        and (part == "forward" or v.run.gradients.get(part) is not None)
    ]
    if any(dirt_shows(v, part) for v in usable):
        finding.diagnosis = Diagnosis((UNCLEARED,), ())
    elif usable and not any(note in UNSTEADY for note in notes):
        operation = nearest(numbers) if has_kernel(adapter.plan.kind) else None
        views = {id(v): view_of(v, adapter.plan, operation) for v in numbers}
        if part == "forward" or all(_base_holds(view, part, v) for v, view in ((v, views[id(v)]) for v in numbers)):
            finding.diagnosis = diagnose(
                list(views.values()), [views[id(v)] for v in usable if id(v) in views], part, pairs=pairs
            )
        elif all(agree(predict(view, part), view.got(part), rtol_of(view)) for view in views.values()):
            finding.diagnosis = Diagnosis((FORWARD_FIRST,), ())
    return finding


def _base_holds(view, part, visit_) -> bool:
    """Whether the formula without any mistake gives the right gradient here; without that no formula is trusted."""
    wanted = getattr(visit_.expected.gradients, part)
    return wanted is not None and matches(wanted, predict(view, part), max(tolerance(visit_.run.dtype), 1e-6))


def examined(adapter: Adapter, settings=None) -> list[Visit]:
    """A visit for every setting."""
    return [visit(adapter, setting) for setting in (KINDS[adapter.plan.kind] if settings is None else settings)]


__all__ = ["Finding", "Visit", "examined", "findings", "visit"]

"""A visit: run the layer in one setting and compare with the gradients of its own forward pass."""

from dataclasses import dataclass, field

import numpy as np

from .anatomy import SIGNS, STAR, Anatomy, Gradients, agree, linear_part, paddings, tolerance
from .diagnosis.conventions import MEAN, clipped_like_dK, convention, is_mean
from .kinds import ANYTHING, expected_output, has_kernel
from .patient import calls, code, names
from .patient.adapter import Adapter, Run
from .running import BY_CHANCE, DIRT, UNSTEADY, LayerError, dirt_shows, dirty_memory
from .settings import Case, Setting
from .truth import Expected, expected, matches, whole
from .view import View

RIGHT, WRONG = "right", "wrong"
OVERWRITTEN = "after the forward pass the array of the biases holds its output"
NO_NUMBERS = "the output holds numbers that are infinite, or none at all (NaN): no gradient can be compared with it"
NOT_FINITE = "some of its numbers are infinite, or none at all (NaN)"
IMAGINARY = "its numbers are complex, and their imaginary parts are not 0"
BEYOND_FORMULAS = (NO_NUMBERS, NOT_FINITE, IMAGINARY)  # no mistake is looked for that gives these
WINDOWS_LOST = "the output lacks its last rows or columns, and is right elsewhere"
REDRAWN = "the kernel is another one after the forward pass than it was before"
NOT_COMPUTED, NOT_SUPPORTED = "not computed", "not supported"
FAILURES = (LayerError, ValueError, KeyError, TypeError)  # of somebody's code, or in reading what it gave


@dataclass
class Visit:
    """One setting: the run, what was expected, or why there is none; ``verdicts`` part by part."""

    setting: Setting
    run: Run | None = None
    again: Run | None = None
    expected: Expected | None = None
    refused: str | None = None
    error: Exception | None = None  # that of a forward pass that did not end
    verdicts: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    kept: dict = field(default_factory=dict, repr=False)  # what a diagnosis works out once, until it is told


def visit(adapter: Adapter, setting: Setting, *, check: bool = False) -> Visit:
    """Run the layer twice, over memory filled with different values, and judge it part by part."""
    found = Visit(setting)
    if not _describable(adapter.plan, setting):
        found.refused = "the description has no axis for it"
        return found
    try:
        run, again = (_over_dirt(adapter, setting, value) for value in DIRT)
    except FAILURES as error:
        read = isinstance(error, (LayerError, ValueError))
        found.refused, found.error = str(error) if read else f"there was nothing to read: {error}", error
        return found
    found.run, found.again = run, again
    if not np.all(np.isfinite(run.Z)):
        return _without_numbers(found, adapter)
    wanted = expected_output(adapter.plan, setting)
    if wanted not in (None, run.Z.shape) and not _some_padding(adapter.plan, run.Z, setting):
        wholes = [whole(one, adapter.plan) for one in (run, again)]
        if None in wholes:
            found.refused = f"the output has the shape {run.Z.shape}, expected {wanted}"
            return found
        found.run, found.again = run, again = wholes
        found.verdicts["forward"], found.notes["forward"] = WRONG, WINDOWS_LOST
    elif run.redrawn:
        found.notes["forward"], found.verdicts["forward"] = REDRAWN, WRONG
    elif run.overwritten:
        found.notes["forward"], found.verdicts["forward"] = OVERWRITTEN, WRONG
    elif not agree(again.Z, run.Z, tolerance(run.dtype)):
        found.notes["forward"] = UNSTEADY[0]
        found.verdicts["forward"] = WRONG
    try:
        found.expected = expected(adapter, run, check=check and WINDOWS_LOST not in found.notes.values())
    except FAILURES as error:
        found.refused = str(error)
        return found
    if found.expected.anatomy is None and (missing := never_told(adapter, setting)):
        found.run, found.refused = None, f"the layer is told no {missing}, and its output is that of another one"
        return found
    known = found.expected.anatomy or adapter.plan.kind in ("activation", ANYTHING)  # any function is one
    found.verdicts.setdefault("forward", RIGHT if known else WRONG)
    for part in parts_of(adapter):
        step = part in adapter.plan.sources and adapter.plan.sources[part].is_step
        found.verdicts[part], note = judged(part, run, again, found.expected, step)
        if note:
            found.notes[part] = note
    if any(note in UNSTEADY for note in found.notes.values()):
        _by_chance(found, adapter)
    return found


def _over_dirt(adapter, setting, value):
    """A run over memory that is full of one value."""
    with dirty_memory(value, setting):
        return adapter.run(Case.of(setting))


def _without_numbers(found, adapter) -> Visit:
    """The visit of a layer whose output holds NaN or inf: its forward pass is wrong, its gradients are not judged.

    An activation may be defined for some numbers alone, so that nothing is said of it.
    """
    if adapter.plan.kind in ("activation", ANYTHING):
        found.refused = NO_NUMBERS
        return found
    found.expected = Expected(Gradients(None, None, None), None)
    found.verdicts = {"forward": WRONG} | dict.fromkeys(parts_of(adapter), NOT_SUPPORTED)
    found.notes = dict.fromkeys(found.verdicts, NO_NUMBERS)
    return found


def _by_chance(found, adapter) -> None:
    """Where two runs differ, a third over the memory of the first: what then differs, too, is not due to memory."""
    try:
        third = _over_dirt(adapter, found.setting, DIRT[0])
    except FAILURES:
        return
    for part in [part for part, note in found.notes.items() if note in UNSTEADY and not dirt_shows(found, part)]:
        first, now = (run.Z if part == "forward" else run.gradients.get(part) for run in (found.run, third))
        if first is not None and not agree(now, first, tolerance(found.run.dtype)):
            found.notes[part] = BY_CHANCE


def _some_padding(plan, Z, setting) -> bool:
    """Whether the layer chooses its padding, and one explains the shape of this output."""
    return plan.any_padding and Z.ndim == 4 and bool(paddings(setting, Z.shape[2:]))


def never_told(adapter, setting) -> str | None:
    """The stride or the padding of a setting, where nothing hands it to the layer."""
    plan, maker = adapter.plan, adapter.subject.maker()
    if plan.kind != "convolution" or adapter.subject.is_instance or (maker and calls.takes_anything(maker)):
        return None
    told = {meaning for site in plan.sites for meaning, _ in site.values()} - {"leave"}
    if "settings" in told and (read := _read_of_settings(adapter)):
        told = told - {"settings"} | read
    if not told & {"stride", "settings"} and max(setting.strides) > 1:
        return "stride"
    silent = not told & {"pad", "mode", "settings"} and not plan.any_padding  # else its output shows the padding
    return "padding" if silent and max(setting.pads) > (0, 0) else None


def _read_of_settings(adapter) -> set[str]:
    """What the code takes out of a dict of hyperparameters, by its meaning; nothing where that cannot be seen."""
    plan, subject = adapter.plan, adapter.subject
    sites = {"make": subject.maker(), "forward": subject.thing if subject.pair is not None else None}
    read = [
        key
        for site, function in sites.items()
        for name, (meaning, _) in (getattr(plan, site).items() if function is not None else ())
        if meaning == "settings"
        for key in code.read_of(function).get(name, ())
    ]
    return {meaning for key in read for meaning in names.meanings("make", key)[:1]}


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


def judged(part, run, again, right: Expected, step: bool = False) -> tuple[str, str | None]:
    """(verdict, note) of one gradient in one setting."""
    wanted, got = getattr(right.gradients, part), run.gradients.get(part)
    if run.failed is not None:  # a backward pass that did not end has no dK and db to judge
        return NOT_SUPPORTED, str(run.failed)
    if wanted is None or got is None:
        return NOT_COMPUTED, None
    rtol = tolerance(run.dtype)
    if run.imaginary.get(part, 0) > rtol * max(float(np.max(np.abs(got), initial=0)), 1e-3):
        return WRONG, IMAGINARY
    if right.anatomy is None or right.anatomy.slope is not None or not has_kernel_gradients(right):
        rtol = max(rtol, 1e-6 if rtol < 1e-5 else 5e-3)
    if matches(wanted, got, rtol):
        if again.failed is None and not matches(wanted, again.gradients.get(part), rtol):
            return WRONG, UNSTEADY[1]
        return RIGHT, None
    if part != "dX" and is_mean(got, wanted, run, rtol):
        return MEAN, None
    agreed = convention(part, got, wanted, run, rtol, step) if part != "dX" else None
    if part == "db" and agreed is None:
        agreed = clipped_like_dK(run, right.gradients, rtol)
    if agreed:
        return RIGHT, agreed
    if got.shape != wanted.shape:
        return WRONG, f"its shape is {got.shape}, expected {wanted.shape}"
    if not np.all(np.isfinite(got)):
        return WRONG, NOT_FINITE
    if again.failed is None and not run.redrawn and not agree(again.gradients.get(part), got, rtol):
        return WRONG, UNSTEADY[2]
    return WRONG, None


def has_kernel_gradients(right) -> bool:
    """Whether a kernel belongs to the right gradients, as not in a pooling layer."""
    return right.gradients.dK is not None


def view_of(visit_: Visit, plan, operation: str | None = None, activation: str = "linear") -> View:
    """What formulas see of a visit; a forward pass that was not recognised is taken as the nearest."""
    anatomy = visit_.expected.anatomy if visit_.expected else None
    if anatomy is None and has_kernel(plan.kind):
        pads = (paddings(visit_.setting, visit_.run.Z.shape[2:]) or [visit_.setting.pads])[0]
        anatomy = Anatomy(operation or nearest([visit_]), pads, activation, "once" if plan.has_bias else "none")
    elif anatomy is None:
        anatomy = Anatomy(plan.kind, ((0, 0), (0, 0)), "linear", "none")
    if anatomy not in visit_.kept:
        visit_.kept[anatomy] = View(visit_.run, anatomy, plan)
    return visit_.kept[anatomy]


def nearest(visits) -> str:
    """⋆ or ∗, whichever the outputs of all these visits look more like."""
    likeness = dict.fromkeys(SIGNS, 0.0)
    for visit_ in visits:
        Z = visit_.run.Z
        for operation in SIGNS:
            linear = linear_part(visit_.run.case, operation, visit_.setting.pads)
            if linear.shape == Z.shape:
                a, z = (maps - maps.mean(axis=(2, 3), keepdims=True) for maps in (linear, Z))
                likeness[operation] += abs(float(np.sum(a * z))) / max(float(np.sum(a * a)), 1e-12)
    return max(likeness, key=likeness.get) if any(likeness.values()) else STAR

"""The passes of a layer in stages, each of which a mistake can change, and the numbers that then come out.

dX = post(crop(padded(core(pre(delta), kernel(H))))), dK = post(kernel(window(core(pre(delta), maps(X))))),
db = post(core(pre(delta))), Z = post(σ(sum(bias(core(maps(X), kernel(H)))))).
Changes at two stages, or two at one stage, make a pair.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...correlation import correlate_maps
from ..anatomy import ACTIVATIONS
from ..kinds import has_kernel, pooled
from ..view import Change, View, cropped, gathered, scatter, shared


@dataclass(frozen=True)
class Pass:
    """One pass of a layer: ``core`` takes the ``operands``, then the ``steps`` follow each other.

    An operand is a stage and its array before any change; the changes of a stage follow each other.  A step is a
    stage and what stands there without a change, which a single change replaces; where that is None the changes
    follow each other.
    """

    operands: tuple[tuple[str, np.ndarray], ...]
    core: Callable
    steps: tuple[tuple[str, Callable | None], ...]

    def stages(self) -> list[str]:
        """The names of all stages, in their order."""
        return [name for name, _ in self.operands] + ["core"] + [name for name, _ in self.steps]


def pass_of(view: View, part: str) -> Pass:
    """The pass that gives "dX", "dK", "db" or "forward", as it is without a mistake."""
    delta, kernel, post = ("pre", view.delta), ("kernel", view.H), ("post", None)
    maps, convolved = ("maps", view.Xp), has_kernel(view.plan.kind)
    if part == "dX" and convolved:
        return Pass((delta, kernel), scatter, (("padded", None), ("crop", cropped), post))
    if part == "dX":
        return Pass((delta,), _other_kind, (post,))
    if part == "dK":
        turned = ("as K lies", lambda view, G: view.on_window(G))
        return Pass((delta, maps), gathered, (("window", None), turned, ("kernel", None), post))
    if part == "db":
        return Pass((delta,), _summed, (post,))
    if not convolved:
        return Pass((), _pooled, (post,))
    return Pass((maps, kernel), correlated, (("bias", _biased), ("sum", None), ("σ", _activated), post))


def predict(view: View, part: str, changes: Sequence[Change] = ()) -> np.ndarray | None:
    """The numbers that a pass with these changes gives; None where a formula does not apply."""
    with np.errstate(all="ignore"):
        return attempt(_predicted, view, part, grouped(view, changes))


def _predicted(view, part, by_stage):
    through = pass_of(view, part)
    return finished(view, through.steps, by_stage, from_core(view, part, through, by_stage))


def attempt(compute: Callable, *arguments):
    """What a function gives; None where it does not apply to arrays of these shapes."""
    try:
        return compute(*arguments)
    except (ValueError, IndexError):
        return None


def grouped(view: View, changes: Sequence[Change]) -> dict[str, list[Callable]]:
    """Stage → its changes, those that a view has in any case first."""
    by_stage = {}
    for stage, change in (*view.base, *changes):
        by_stage.setdefault(stage, []).append(change)
    return by_stage


def changed(view: View, changes, value):
    """An array after changes that follow each other; None once one of them does not apply."""
    for change in changes:
        value = None if value is None else change(view, value)
    return value


def from_core(view: View, part: str, through: Pass, by_stage):
    """What the core gives, remembered in the view: most combinations of changes share it."""
    stages = [name for name, _ in through.operands] + ["core"]
    key = (part, *((stage, tuple(by_stage.get(stage, ()))) for stage in stages))
    if key not in view.cache:
        core = one_core(by_stage.get("core", ()), through.core)
        operands = [changed(view, by_stage.get(name, ()), value) for name, value in through.operands]
        missing = core is None or any(operand is None for operand in operands)
        view.cache[key] = None if missing else core(view, *operands)
    return view.cache[key]


def one_core(cores, usual: Callable) -> Callable | None:
    """The function of a core: the only change there, or a rule of indices around another; None for others."""
    rules, plain = ([core for core in cores if getattr(core, "is_rule", False) is rule] for rule in (True, False))
    if len(rules) > 1 or len(plain) > 1:
        return None
    base = plain[0] if plain else usual
    return functools.partial(rules[0], base=base) if rules else base


def finished(view: View, steps, by_stage, value):
    """What the steps make of an array."""
    for name, usual in steps:
        there = by_stage.get(name, ())
        if usual is not None and not there:
            value = None if value is None else usual(view, value)
        elif usual is None or len(there) == 1:
            value = changed(view, there, value)
        else:
            return None
    return value


class Stage:
    """One stage of a pass beside ``those`` changes, at which one more is tried after the other.

    Attributes
    ----------
    there
        Those of the changes that are made at this stage.
    start, beside
        The array that comes to this stage, and what it is after the changes there; None for the core.
    """

    def __init__(self, view: View, part: str, name: str, those=()):
        self.view, self.part, self.name = view, part, name
        self.through, self.by_stage = pass_of(view, part), grouped(view, those)
        self.operands = {
            stage: attempt(changed, view, self.by_stage.get(stage, ()), array)
            for stage, array in self.through.operands
        }
        self.there = self.by_stage.get(name, [])
        self.start = None if name == "core" else attempt(self._start)
        self.beside = attempt(changed, view, self.there, self.start)

    def _start(self):
        if self.name in self.operands:
            return dict(self.through.operands)[self.name]
        kept = from_core(self.view, self.part, self.through, self.by_stage)
        return finished(self.view, self.through.steps[: self._number()], self.by_stage, kept)

    def _number(self) -> int:
        """Which of the steps it is."""
        return [name for name, _ in self.through.steps].index(self.name)

    def after(self, change, before: bool = False):
        """The array after one more change, behind (or before) the others there; None where that cannot be."""
        if self.name == "core":
            return self._core([*self.there, change], self.operands)
        if self.there and dict(self.through.steps).get(self.name) is not None:
            return None
        return (
            changed(self.view, [change, *self.there], self.start)
            if before
            else changed(self.view, [change], self.beside)
        )

    def _core(self, cores, operands):
        core = one_core(cores, self.through.core)
        missing = core is None or any(operand is None for operand in operands.values())
        return None if missing else core(self.view, *operands.values())

    def rest(self, value):
        """What comes out in the end of an array after this stage."""
        if value is None:
            return None
        steps = self.through.steps
        if self.name in self.operands:
            value = self._core(self.by_stage.get("core", ()), self.operands | {self.name: value})
        elif self.name != "core":
            steps = steps[self._number() + 1 :]
        return finished(self.view, steps, self.by_stage, value)


def _other_kind(view, d):
    return shared(view, d) if "pooling" in view.plan.kind else d * view.slope_at(view.X)


def _summed(view, d):
    return d.sum(axis=(0, 2, 3) if view.case.b.ndim == 1 else 0)


def _pooled(view):
    return pooled(view.X, view.plan.kind, view.K.shape[2:], view.s) if "pool" in view.plan.kind else None


def correlated(view, X, H):
    """X ⋆ H with the stride of the view, without bias."""
    return correlate_maps(X, H, stride=view.strides)


def _biased(view, total):
    b = view.case.b
    if not view.plan.has_bias:
        return total
    return total + (b[None, :, None, None] if b.ndim == 1 else b[None])


def _activated(view, total):
    return ACTIVATIONS[view.anatomy.activation][0](total)

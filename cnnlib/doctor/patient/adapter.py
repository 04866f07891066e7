"""From a layer and its description to runs in any case: Adapter.run gives Z, dX, dK and db in our order."""

import copy
import re
from dataclasses import dataclass, field

import numpy as np

from ..kinds import expected_output
from ..running import LayerError, quietly
from ..settings import Case
from . import calls, names
from .context import Context
from .gradients import collect, weight_paths
from .plan import Plan
from .session import Session, Subject

SETS_BACK = r"_?(init|reset|clear|zero|empty)_?(the_)?(grads?|gradients?|state|cache|outputs?|buffers?)?|zero"


@dataclass
class Run:
    """One fresh layer run once in one case; ``failed`` is what its backward pass raised."""

    case: Case
    Z: np.ndarray
    dtype: object
    delta: np.ndarray
    gradients: dict = field(default_factory=dict)
    imaginary: dict = field(default_factory=dict)  # part → the largest imaginary part of complex numbers
    failed: LayerError | None = None
    K_after: np.ndarray | None = None
    redrawn: bool = False  # whether the forward pass has changed the kernel
    overwritten: bool = False  # whether it has written its output into its biases
    said: list = field(default_factory=list)
    written_ahead: tuple[str, ...] = ()  # arrays of the caller that the forward pass has changed
    written: tuple[str, ...] = ()  # those that the backward pass has changed as well


class Adapter:
    """A subject and the plan under which it is run."""

    def __init__(self, subject: Subject, plan: Plan, score: float = 0.0):
        self.subject, self.plan, self.score = subject, plan, score
        self.unexplained = 0  # outputs that are no function of X ⋆ K + b, one after the other

    def forward(self, case: Case):
        """(session, Z in our order, dtype) of a fresh layer; LayerError or ValueError where it refuses."""
        session = Session(self.subject, self.plan, case)
        return session, self._ahead(session), session.dtype

    def _ahead(self, session):
        """Z in our order from a forward pass of this session."""
        Z = read_output(session.forward(), self.plan.Z, expected_output(self.plan, session.case.setting))
        return Z.copy()  # the layer may go on writing into its own array

    def output(self, case: Case) -> np.ndarray:
        """Z alone."""
        return self.forward(case)[1]

    def run(self, case: Case, delta=None, *, watch: bool = False) -> Run:
        """Forward and backward in a fresh layer, for delta in our order, by default the case's own.

        With ``watch`` the arrays that are handed over are compared with what they were.  The copies for that fill
        the memory that a layer might show as dirt, so the runs that are judged go without.
        """
        return self._back(*self.forward(case), delta, watch=watch)

    def run_again(
        self, first: Case, second: Case, *, back: bool = True, step: bool = False, reset: bool = False
    ) -> Run:
        """The run in a second case of the layer that has run the first: forward or, with ``back``, both ways.

        With ``step`` the layer makes a step of rate 0 in between, with ``reset`` it is set back, if it has methods
        for it.
        """
        session, Z, dtype = self.forward(first)
        if back:
            self._back(session, Z, dtype, None)
        if step:
            _stand_still(session)
        if reset:
            _set_back(session)
        session.turn_to(second)
        return self._back(session, self._ahead(session), dtype, None)

    def _back(self, session, Z, dtype, delta, *, watch: bool = False) -> Run:
        """The backward pass after a forward pass, in one session."""
        delta = session.case.delta(Z.shape) if delta is None else delta
        if delta.ndim == Z.ndim == 4:
            delta = delta[:, :, : Z.shape[2], : Z.shape[3]]  # of cells that are never computed
        run = Run(session.case, Z, dtype, delta, said=session.said, redrawn=session.redrawn)
        run.overwritten = session.overwritten
        raw = self.plan.Z.lay_out(delta)
        theirs = getattr(session.Z, "dtype", np.dtype(float))
        if isinstance(raw, np.ndarray):
            raw = raw.reshape(np.shape(session.Z)).astype(theirs if theirs.kind == "f" else float)
        run.written_ahead, kept = (self._written(session), copy.deepcopy(raw)) if watch else ((), None)
        try:
            session.backward(raw)
            if watch:
                new = (*self._written(session), *(["delta"] if _differ(raw, kept) else []))
                run.written = tuple(name for name in new if name not in run.written_ahead)
            run.gradients, run.imaginary = collect(session, self.plan)
            run.K_after = self._kernel_after(session)
        except LayerError as error:
            run.failed = error
        return run

    def _written(self, session) -> tuple[str, ...]:
        """Which of the arrays X, K and b that were handed over no longer hold the numbers of the case."""
        facts, found = session.context.facts, []
        for name, layout in (("X", self.plan.X), ("K", self.plan.K), ("b", self.plan.bias_layout)):
            if name in facts and layout is not None:
                ours = layout.lay_out(getattr(session.case, name))
                found += [name] if _differ(facts[name], ours) else []
        return tuple(found)

    def _kernel_after(self, session):
        if not self.plan.has_kernel:
            return None
        paths = weight_paths(session, self.plan)["dK"]
        path = next((path for path in paths if not path.startswith("argument")), "argument.K")
        try:
            raw = session.arrays().get(path)
            return None if raw is None else self.plan.K.read(raw, session.case.K.shape)
        except (KeyError, ValueError, TypeError):
            return None


def read_output(raw, layout, wanted):
    """Z in our order, whatever its map size; ValueError where N, O or the shape cannot be Z's."""
    raw = raw if isinstance(raw, np.ndarray) else np.array(raw, dtype=float)
    if raw.dtype.kind not in "fiu":
        raise ValueError(f"the forward pass gave an array of {raw.dtype}")
    if wanted is None:
        return layout.read(raw)
    Z = layout.read(raw, wanted if any(len(group) > 1 for group in layout.groups) else None)
    if Z.shape[:2] != wanted[:2]:
        raise ValueError(f"Z has (N, O) = {Z.shape[:2]}, expected {wanted[:2]}")
    return np.asarray(Z, dtype=float)


def _differ(now, before) -> bool:
    """Whether an array, or a list of arrays, holds other numbers than before."""
    if isinstance(before, list):
        return len(now) != len(before) or any(map(_differ, now, before))
    now, before = np.asarray(now), np.asarray(before)
    return now.shape == before.shape and not np.array_equal(now, before.astype(now.dtype), equal_nan=True)


def _set_back(session) -> None:
    """The layer's own methods that set something back and ask for nothing, as zero_grad() or init_grad()."""
    for name in dir(session.layer):
        function = getattr(session.layer, name, None)
        if re.fullmatch(SETS_BACK, name.lower()) and callable(function) and not calls.parameters(function):
            with quietly(name, session.said):
                function()


def _stand_still(session) -> None:
    """The layer's own step, of rate 0; nothing where it has none."""
    name = next((one for one in names.STEPS if callable(getattr(session.layer, one, None))), None)
    if name:
        step, still = getattr(session.layer, name), Context(session.case, session.plan.but(lr=0.0))
        ways = calls.combinations(calls.options("step", step, {}))
        with quietly("the step", session.said):
            calls.call(step, "step", next(iter(ways), {}), still)

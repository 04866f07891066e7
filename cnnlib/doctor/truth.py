"""The right gradients of somebody's own forward pass.

A forward pass that was recognised has those of :mod:`cnnlib.adjoint`, checked against central differences of the
layer itself along random directions.  Any other is differentiated: a gradient is compared along random directions,
and cell by cell only where its numbers are shown.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .anatomy import SIGNS, Anatomy, Gradients, agree, gradients_of, linear_part, spread_bias, tolerance
from .checks.pointwise import unlisted_activation
from .kinds import ANYTHING, expected_output, has_kernel, recognise

STEP_AFFINE, FAR = 0.125, 4.0  # a step where Z is affine, and one so long that a bend of Z lies on the way
STEP, SHARE = 1e-5, 1e-4  # of a difference quotient, and by which share a formula may differ from it
COARSER = {np.dtype(np.float32): (1e-2, 2e-2), np.dtype(np.float16): (0.03, 0.1)}  # the same in fewer digits


@dataclass(frozen=True)
class Expected:
    """The right gradients, and the anatomy of the forward pass; None for one that was not recognised."""

    gradients: Gradients
    anatomy: Anatomy | None


def expected(adapter, run, *, check: bool = False) -> Expected | None:
    """The gradients that belong to this run; with ``check`` a formula has to agree with central differences."""
    anatomy = recognise(run.case, run.Z, adapter.plan, run.dtype) or unlisted_activation(adapter, run)
    if anatomy is not None and has_kernel(adapter.plan.kind):
        found = gradients_of(run.case, anatomy, run.delta)
        if not check or confirmed(adapter, run, found, anatomy):
            return Expected(found, anatomy)
    return Expected(measured(adapter, run), anatomy)


def whole(run, plan):
    """The run of a layer that leaves out the last rows or columns of Z, as one that gives them, where delta is 0.

    Its gradients are those of the whole forward pass for this delta.  None for any other Z, and with a padding,
    which may lie on one side alone.
    """
    case, wanted = run.case, expected_output(plan, run.case.setting)
    plain = plan.kind == "convolution" and max(map(max, case.setting.pads)) == 0 and case.b.ndim == 1
    if not plain or run.Z.ndim != 4 or run.Z.shape[:2] != wanted[:2]:
        return None
    (h, w), (m_h, m_w) = run.Z.shape[2:], wanted[2:]
    square_part = h == w == min(m_h, m_w) < max(m_h, m_w)  # of a layer that counts columns like rows
    if not (0 < h <= m_h and 0 < w <= m_w) or square_part:
        return None
    for operation in SIGNS:
        Z = linear_part(case, operation, case.setting.pads) + (spread_bias(case.b) if plan.has_bias else 0)
        if agree(run.Z, Z[:, :, :h, :w], max(tolerance(run.dtype), 1e-9)):
            delta = np.pad(run.delta, [(0, 0), (0, 0), (0, m_h - h), (0, m_w - w)])
            return replace(run, Z=Z, delta=delta)
    return None


@dataclass(frozen=True)
class Measured:
    """The gradient for one array of a run by central differences: along directions, cell by cell when asked."""

    adapter: object
    run: object
    name: str

    @property
    def base(self) -> np.ndarray:
        return getattr(self.run.case, self.name)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.base.shape

    @cached_property
    def step(self) -> float:
        return step_for(self.adapter, self.run, self.name)

    def slope(self, direction) -> float:
        """The change of Σ delta·Z along a direction."""
        return directional(
            self.adapter, self.run, self.name, direction, self.step, one_sided=self.step == STEP_AFFINE
        )

    @cached_property
    def slopes(self) -> list:
        """Two random directions and the slopes along them, which a wrong gradient does not have."""
        rng = np.random.default_rng(self.run.case.seed + 2)
        return [(direction, self.slope(direction)) for direction in rng.standard_normal((2, *self.shape))]

    @cached_property
    def values(self) -> np.ndarray:
        """The gradient itself, one cell after the other."""
        found = np.empty(self.shape)
        for place in np.ndindex(self.shape):
            direction = np.zeros(self.shape)
            direction[place] = 1.0
            found[place] = self.slope(direction)
        return found


def matches(wanted, got, rtol: float) -> bool:
    """Whether a gradient is the wanted one, which is an array or measured."""
    if not isinstance(wanted, Measured):
        return agree(got, wanted, rtol)
    if got is None or np.shape(got) != wanted.shape or not np.all(np.isfinite(got)):
        return False
    rtol = max(rtol, tolerance(wanted.run.dtype))
    for direction, slope in wanted.slopes:
        size = float(np.sqrt(np.sum(got**2) * np.sum(direction**2)))
        if not abs(slope - float(np.sum(got * direction))) <= rtol * max(size, 1e-3):  # a slope may be no number
            return False
    return True


def values_of(wanted) -> np.ndarray | None:
    """The wanted gradient as an array."""
    return wanted.values if isinstance(wanted, Measured) else wanted


def confirmed(adapter, run, found: Gradients, anatomy: Anatomy) -> bool:
    """Whether the layer's own central differences along one random direction an array agree with the formula."""
    rng, (small, share) = np.random.default_rng(run.case.seed), COARSER.get(np.dtype(run.dtype), (STEP, SHARE))
    h = STEP_AFFINE if anatomy.activation == "linear" else small
    for name, gradient in (("X", found.dX), ("K", found.dK), ("b", found.db)):
        if gradient is None or (name != "X" and _only_reads(adapter, run)):
            continue
        direction = rng.standard_normal(gradient.shape)
        slope = directional(adapter, run, name, direction, h)
        size = float(np.sqrt(np.sum(gradient**2) * np.sum(direction**2)))
        if not abs(slope - float(np.sum(gradient * direction))) <= share * max(size, 1e-3):
            return False
    return True


def directional(adapter, run, name: str, direction, h: float, *, one_sided=False) -> float:
    """Σ delta·(Z(a + hD) − Z(a − hD)) / 2h for one array a of the case; one step will do where Z is affine."""
    base = getattr(run.case, name)
    if one_sided:
        up = adapter.output(run.case.with_arrays(**{name: base + h * direction}))
        return float(np.sum(run.delta * (up - run.Z)) / h)
    up, down = (adapter.output(run.case.with_arrays(**{name: base + sign * h * direction})) for sign in (1, -1))
    return float(np.sum(run.delta * (up - down)) / (2 * h))


def step_for(adapter, run, name: str) -> float:
    """A large step where Z is an affine function of the array, so that no digit is lost; else a small one."""
    base = getattr(run.case, name)
    direction = np.random.default_rng(run.case.seed + 1).standard_normal(base.shape) * FAR
    up, down = (adapter.output(run.case.with_arrays(**{name: base + sign * direction})) for sign in (1, -1))
    bent = adapter.plan.kind in ("max pooling", ANYTHING)  # affine along one direction is not affine along all
    if not bent and agree(up + down, 2 * run.Z, max(tolerance(run.dtype), 1e-9)):
        return STEP_AFFINE
    return COARSER.get(np.dtype(run.dtype), (STEP, SHARE))[0]


def _only_reads(adapter, run) -> bool:
    """Whether the layer's weights cannot be set, so that nothing is to be had by changing them."""
    return bool(adapter.plan.kernel_path) and (run.redrawn or not adapter.plan.writes)


def measured(adapter, run) -> Gradients:
    """The gradients by central differences of the layer's own forward pass."""
    plan = adapter.plan
    names = ["X", *(["K"] if plan.has_kernel else []), *(["b"] if plan.has_bias else [])]
    if _only_reads(adapter, run):
        names = ["X"]
    return Gradients(*(Measured(adapter, run, name) if name in names else None for name in "XKb"))

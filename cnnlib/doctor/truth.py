"""The right gradients of somebody's own forward pass.

A forward pass that was recognised has those of :mod:`cnnlib.adjoint`, checked against central differences of the
layer itself along random directions; any other is differentiated cell by cell.
"""

from dataclasses import dataclass

import numpy as np

from .anatomy import SIGNS, Anatomy, Gradients, agree, gradients_of, tolerance
from .kinds import has_kernel, recognise

STEP, STEP_SINGLE, STEP_AFFINE = 1e-5, 1e-2, 0.125


@dataclass(frozen=True)
class Expected:
    """The right gradients, and the anatomy they follow from; None for one that was differentiated cell by cell."""

    gradients: Gradients
    anatomy: Anatomy | None
    confirmed: bool = True


def expected(adapter, run, *, check: bool = False) -> Expected | None:
    """The gradients that belong to this run; ``check`` confirms a formula by central differences."""
    anatomy = recognise(run.case, run.Z, adapter.plan, run.dtype)
    if anatomy is not None and has_kernel(adapter.plan.kind):
        found = gradients_of(run.case, anatomy, run.delta)
        return Expected(found, anatomy, not check or confirmed(adapter, run, found, anatomy))
    return Expected(differences(adapter, run), anatomy)


def _by_formula(adapter, run, names) -> dict:
    """The gradients by the usual formula, where the layer's differences agree along random directions."""
    if not has_kernel(adapter.plan.kind) or adapter.plan.activation or run.Z.shape != run.case.setting.shapes["Z"]:
        return {}
    rng, found = np.random.default_rng(run.case.seed + 2), {}
    for operation in SIGNS:
        anatomy = Anatomy(operation, ((run.case.setting.p,) * 2,) * 2, "linear", "once")
        usual = gradients_of(run.case, anatomy, run.delta)
        for name in [name for name in names if name not in found]:
            gradient = getattr(usual, f"d{name}")
            if _agrees(adapter, run, name, gradient, rng):
                found[name] = gradient
    return found


def _agrees(adapter, run, name, gradient, rng) -> bool:
    """Whether differences along two random directions are those of this gradient, in a layer that is affine."""
    for _ in range(2):
        direction = rng.standard_normal(gradient.shape)
        slope = directional(adapter, run, name, direction, STEP_AFFINE, one_sided=True)
        size = float(np.sqrt(np.sum(gradient**2) * np.sum(direction**2)))
        if abs(slope - float(np.sum(gradient * direction))) > max(tolerance(run.dtype), 1e-6) * size:
            return False
    return True


def confirmed(adapter, run, found: Gradients, anatomy: Anatomy) -> bool:
    """Whether the layer's own central differences along one random direction an array agree with the formula."""
    rng, single = np.random.default_rng(run.case.seed), tolerance(run.dtype) > 1e-6
    h = STEP_AFFINE if anatomy.activation == "linear" else STEP_SINGLE if single else STEP
    for name, gradient in (("X", found.dX), ("K", found.dK), ("b", found.db)):
        if gradient is None or (name != "X" and not adapter.plan.writes and adapter.plan.kernel_path):
            continue
        direction = rng.standard_normal(gradient.shape)
        slope = directional(adapter, run, name, direction, h)
        size = float(np.sqrt(np.sum(gradient**2) * np.sum(direction**2)))
        if abs(slope - float(np.sum(gradient * direction))) > (2e-2 if single else 1e-4) * max(size, 1e-3):
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
    direction = np.random.default_rng(run.case.seed + 1).standard_normal(base.shape) * STEP_AFFINE
    up, down = (adapter.output(run.case.with_arrays(**{name: base + sign * direction})) for sign in (1, -1))
    if adapter.plan.kind != "max pooling" and agree(up + down, 2 * run.Z, max(tolerance(run.dtype), 1e-9)):
        return STEP_AFFINE
    return STEP_SINGLE if tolerance(run.dtype) > 1e-6 else STEP


def differences(adapter, run) -> Gradients:
    """Central differences of the layer's own forward pass, one cell after the other."""
    plan = adapter.plan
    names = ["X", *(["K"] if plan.has_kernel else []), *(["b"] if plan.has_bias else [])]
    if plan.kernel_path and not plan.writes:
        names = ["X"]
    found = dict.fromkeys(("X", "K", "b")) | _by_formula(adapter, run, names)
    for name in [name for name in names if found[name] is None]:
        base, h = getattr(run.case, name), step_for(adapter, run, name)
        found[name] = np.empty(base.shape)
        for place in np.ndindex(base.shape):
            direction = np.zeros(base.shape)
            direction[place] = 1.0
            found[name][place] = directional(adapter, run, name, direction, h, one_sided=h == STEP_AFFINE)
    return Gradients(found["X"], found["K"], found["b"])

"""Layers with an activation inside that is on no list: Z = f(X ⋆ K + b) cell by cell, whatever f is.

With X, K and b of a few small values X ⋆ K + b takes the same value in many cells.  If Z is then the same wherever
X ⋆ K + b is the same, Z is a function of it: a convolution with an activation inside.  A wrong forward pass, even
one with a single wrong cell, gives two values of Z for one of X ⋆ K + b.  The slope of f at every cell is measured
by differences along X, which changes X ⋆ K + b by what X ⋆ K is.
"""

import numpy as np

from ..anatomy import SIGNS, Anatomy, linear_part, paddings, spread_bias, tolerance
from ..kinds import has_kernel
from ..running import LayerError
from ..settings import Case

UNKNOWN = "an activation that is on no list"
CELLS, RUNS = 60, 6  # cells that are compared at least, in so many runs at most
FEWEST = 20  # cells, where the layer draws its own weights and its own numbers have to do
SCALES = (0.5, 2.0)  # of the kernel: a function that is straight between two bends shows them in one of these
MOST_BENDS = 3  # where it changes from level to sloping or back; a staircase, as of whole numbers, has more
MOST_IN_VAIN = 2  # forward passes of one layer
STEP, STEP_SINGLE = 3e-5, 1e-2
FAILURES = (LayerError, ValueError, KeyError, TypeError, IndexError)


def unlisted_activation(adapter, run) -> Anatomy | None:
    """The anatomy of a forward pass that is f(X ⋆ K + b) or f(X ∗ K + b) for one function f that is not affine."""
    plan = adapter.plan
    if not has_kernel(plan.kind) or plan.activation or run.Z is None or run.Z.ndim != 4:
        return None
    if adapter.unexplained >= MOST_IN_VAIN:
        return None
    try:
        seen = _few_values(adapter, run) if plan.writes else None
        for operation, pads in _readings(plan, run):
            total = _total(plan, run.case, operation, pads)
            pairs = [(total, run.Z)] if seen is None else _pairs(plan, seen, operation, pads)
            if not (_is_function(*pairs, single=_single(run)) if seen else _is_monotone(total, run.Z)):
                continue
            adapter.unexplained = 0
            slope = _slope(adapter, run, operation, pads)
            return Anatomy(operation, pads, UNKNOWN, "once" if plan.has_bias else "none", slope=slope)
    except FAILURES:
        return None
    adapter.unexplained += 1
    return None


def _single(run) -> bool:
    return tolerance(run.dtype) > 1e-6


def _readings(plan, run):
    """(operation, paddings) that give Z's size."""
    asked = run.case.setting.pads
    for pads in paddings(run.case.setting, run.Z.shape[2:]):
        if pads == asked or plan.any_padding:
            yield from ((operation, pads) for operation in SIGNS)


def _total(plan, case, operation, pads):
    linear = linear_part(case, operation, pads)
    return linear + spread_bias(case.b) if plan.has_bias else linear


def _few_values(adapter, run):
    """(case, Z) of the layer with arrays of the numbers −1, 0 and 1, times one of :data:`SCALES` for K."""
    seen, cells = [], 0
    for seed in range(RUNS):
        case = Case.of(run.case.setting, seed + 40)
        few = {"X": _rounded(case.X), "K": _rounded(case.K) * SCALES[seed % 2], "b": _rounded(case.b) / 2}
        session, Z, _ = adapter.forward(case.with_arrays(**few))
        seen.append((session.case, np.array(Z, dtype=float)))
        cells += Z.size
        if cells >= CELLS:
            break
    return seen


def _rounded(array):
    return np.clip(np.round(array), -1, 1)


def _pairs(plan, seen, operation, pads):
    return [(_total(plan, case, operation, pads), Z) for case, Z in seen]


def _is_function(*pairs, single: bool) -> bool:
    """Whether all cells of Z over one value of the total agree, and Z is no affine function of it."""
    if any(total.shape != Z.shape for total, Z in pairs):
        return False
    totals = np.concatenate([np.round(4 * total.ravel()) for total, _ in pairs])
    Z = np.concatenate([Z.ravel() for _, Z in pairs])
    values, place = np.unique(totals, return_inverse=True)
    low, high = np.full(len(values), np.inf), np.full(len(values), -np.inf)
    np.minimum.at(low, place, Z)
    np.maximum.at(high, place, Z)
    tight = (1e-4 if single else 1e-9) * max(float(np.max(np.abs(Z))), 1e-3)
    if len(values) < 4 or len(values) == len(totals) or not np.all(high - low <= tight):
        return False
    return _is_bent(values, low, tight)


def _is_bent(t, z, tight) -> bool:
    """Whether z, over rising t, is neither a straight line nor a staircase."""
    line = np.polyfit(t, z, 1)
    level = np.abs(np.diff(z)) <= tight
    straight = np.all(np.abs(np.polyval(line, t) - z) <= 100 * tight)
    return not straight and np.count_nonzero(level[1:] != level[:-1]) < MOST_BENDS


def _is_monotone(total, Z) -> bool:
    """Whether Z never falls, or never rises, where the total rises; and is neither a line nor a staircase."""
    if total.shape != Z.shape or Z.size < FEWEST:
        return False
    order = np.argsort(total, axis=None)
    t, z = total.ravel()[order], Z.ravel()[order]
    tight = 1e-6 * max(float(np.max(np.abs(z))), 1e-3)
    steps = np.diff(z)
    return bool((np.all(steps >= -tight) or np.all(steps <= tight)) and _is_bent(t, z, tight))


def _slope(adapter, run, operation, pads):
    """f′ at every cell of Z: (Z of (1 + h)X − Z of (1 − h)X) / (2h X ⋆ K)."""
    h = STEP_SINGLE if _single(run) else STEP
    up, down = (adapter.output(run.case.with_arrays(X=(1 + sign * h) * run.case.X)) for sign in (1, -1))
    linear = linear_part(run.case, operation, pads)
    return (up - down) / (2 * h * np.where(linear == 0, 1.0, linear))

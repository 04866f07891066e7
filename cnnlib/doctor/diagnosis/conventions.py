"""What is right though its numbers differ: a mean over the batch, weight decay, an optimiser's first step."""

import numpy as np

from ..anatomy import agree
from ..truth import Measured, matches, values_of

MEAN = "mean over the batch"
MOST_DECAY = 0.1
LEAST_CLIPPED = 2  # cells at the bound, from which on it is one
MOST_MEASURED = 200  # cells whose slopes are worth measuring one by one


def is_mean(got, wanted, run, rtol: float) -> bool:
    """Whether N times dK or db is the sum over the batch."""
    N = run.case.setting.N
    return N > 1 and matches(wanted, got * N, rtol)


def convention(part: str, got, wanted, run, rtol: float, step: bool) -> str | None:
    """The convention under which dK or db is right, in words; None where there is none."""
    weights = run.case.K if part == "dK" else run.case.b
    if got.shape != wanted.shape:
        return None
    if isinstance(wanted, Measured):
        if got.size > MOST_MEASURED or not _may_be_one(got, wanted, weights, run.case.setting.N, step):
            return None
        rtol = max(rtol, 1e-5)
    wanted = values_of(wanted)
    for N in {1, run.case.setting.N}:
        decay = _decay(N * got - wanted, weights)
        if decay and agree(N * got, wanted + decay[0] * decay[1], rtol):
            return f"{decay[0]:.3g} times the weights are added: weight decay, which is a convention"
    bound = _clipped_at(got, wanted, weights, rtol)
    if bound is not None:
        return _clipped(bound)
    if step and _signs_only(got, wanted):
        return "the step has one size everywhere, as an optimiser's first step: its signs alone were compared"
    return None


def clipped_like_dK(run, right, rtol: float) -> str | None:
    """The convention under which db is right where all of its few numbers are cut off: at the bound of dK."""
    db, dK = run.gradients.get("db"), run.gradients.get("dK")
    wanted_db, wanted_dK = right.db, right.dK
    if dK is None or wanted_dK is None or dK.shape != wanted_dK.shape or db.shape != wanted_db.shape:
        return None
    bound = float(np.max(np.abs(dK), initial=0))
    if not np.allclose(np.abs(db), bound, rtol=1e-9) or max(dK.size, db.size) > MOST_MEASURED:
        return None
    if _clipped_at(dK, values_of(wanted_dK), run.case.K, rtol) is None:
        return None
    right_up_to_it = agree(db, np.clip(values_of(wanted_db), -bound, bound), max(rtol, 1e-5))
    return _clipped(bound) if right_up_to_it else None


def _clipped(bound: float) -> str:
    return f"its numbers are clipped at ±{bound:.4g}, which is a convention; what is smaller is right"


def _may_be_one(got, wanted: Measured, weights, N: int, step: bool) -> bool:
    """Whether a convention is possible by what is cheap to know: two slopes, and the gradient's own numbers."""
    if not np.all(np.isfinite(got)):
        return False
    sizes = np.abs(got[got != 0])
    if _is_told(np.abs(got)) or (step and sizes.size and np.ptp(sizes) <= 1e-2 * sizes.max()):
        return True
    if weights.shape != got.shape:
        return False
    (one, slope), (other, slope_there) = wanted.slopes
    w, w_there = np.sum(weights * one), np.sum(weights * other)
    for times in {1, N}:  # N·got = wanted + λ·weights along both directions
        rest, rest_there = times * np.sum(got * one) - slope, times * np.sum(got * other) - slope_there
        size = np.linalg.norm(times * got) * max(np.linalg.norm(one), np.linalg.norm(other))
        if abs(rest * w_there - rest_there * w) <= 1e-2 * max(size, 1e-3) * (abs(w) + abs(w_there)):
            return True
    return False


def _is_told(sizes) -> bool:
    """Whether the largest of these numbers speaks of a bound: several are as large, or it is a round one."""
    bound = float(np.max(sizes, initial=0))
    return bool(
        np.sum(np.isclose(sizes, bound, rtol=1e-9)) >= LEAST_CLIPPED or abs(100 * bound - round(100 * bound)) < 1e-9
    )


def _decay(rest, weights):
    """(λ, weights) with rest ≈ λ·weights for a small positive λ, or None."""
    if rest.shape != weights.shape or not np.all(np.isfinite(rest)) or not np.any(weights):
        return None
    rate = float(np.sum(rest * weights) / np.sum(weights * weights))
    return (rate, weights) if 1e-9 < rate <= MOST_DECAY else None


def _signs_only(got, wanted) -> bool:
    """Whether every step has one size, but for those of gradients that are 0."""
    moved = got[wanted != 0]
    size = np.abs(moved)
    if not size.size or np.any(got[wanted == 0]):
        return False
    same = np.all(size > 0) and np.ptp(size) <= 1e-2 * size.max() and (got.size > 1 or abs(size.max() - 1) < 1e-2)
    return bool(same and np.array_equal(np.sign(got), np.sign(wanted)))


def _clipped_at(got, wanted, weights, rtol: float) -> float | None:
    """The bound at which a right gradient, perhaps with weight decay, is cut off at both sides; None for none."""
    bound = float(np.max(np.abs(got), initial=0))
    at_bound = np.isclose(np.abs(got), bound, rtol=1e-9)
    if not np.isfinite(bound) or not _is_told(np.abs(got)) or not 0 < bound <= 0.999 * np.max(np.abs(wanted)):
        return None
    if got.size > 1 and np.all(at_bound):
        return None  # nothing is left by which the gradient is seen to be right
    decay = _decay(np.where(at_bound, 0, got - wanted), np.where(at_bound, 0, weights))
    meant = wanted + (decay[0] * weights if decay else 0)
    return bound if agree(got, np.clip(meant, -bound, bound), max(rtol, 1e-5)) else None

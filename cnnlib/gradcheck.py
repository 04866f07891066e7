"""Is this gradient right?  Three independent ways to find out, none of which knows how it was computed.

* :func:`central_difference` — move one entry at a time and watch the loss;
* :func:`adjoint_gap` — a backward pass has to be the transpose of its forward pass, ⟨A·x, y⟩ = ⟨x, Aᵀ·y⟩;
* :func:`compare` — two arrays, elementwise, in one line.  Sums, means and norms would not see a turn.
"""

from collections.abc import Callable, Sequence
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike


def central_difference(f: Callable[[np.ndarray], float], x: ArrayLike, *, epsilon: float = 1e-5) -> np.ndarray:
    """The gradient of a scalar function by differences: g[i] = (f(x + ε·e_i) − f(x − ε·e_i)) / 2ε.

    f takes an array shaped like x and returns one number; x is float64 and is left unchanged.  The
    error is of order ε² (the formula) plus 1e-16/ε (rounding); ε is in units of x.  Returns an array like x.
    """
    x = np.asarray(x)
    if x.dtype != np.float64:
        raise ValueError(f"central_difference: x holds {x.dtype}; differences this small need float64")
    if not isinstance(epsilon, Real) or not 0 < epsilon < np.inf:
        raise ValueError(f"central_difference: epsilon has to be positive, not {epsilon!r}")
    point, gradient = x.copy(), np.empty_like(x)
    for index in np.ndindex(x.shape):
        point[index] = x[index] + epsilon
        above = _one_number(f(point))
        point[index] = x[index] - epsilon
        below = _one_number(f(point))
        point[index] = x[index]
        gradient[index] = (above - below) / (2 * epsilon)
    return gradient


def adjoint_gap(
    forward: Callable[[np.ndarray], np.ndarray],
    adjoint: Callable[[np.ndarray], np.ndarray],
    x_shape: Sequence[int],
    y_shape: Sequence[int],
    rng: np.random.Generator,
) -> float:
    """How far ``adjoint`` is from being the transpose of the linear map ``forward``; 0 for a right pair.

    For random x and y the two inner products ⟨forward(x), y⟩ and ⟨x, adjoint(y)⟩ are equal exactly if
    the pair is right.  Returns their distance divided by ‖forward(x)‖·‖y‖, a number without unit:
    about 1e-16 for a right pair in float64, about 0.01 to 1 for a wrong one.
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"adjoint_gap: rng has to be a generator such as numpy.random.default_rng(0), not {rng!r}")
    x, y = rng.standard_normal(x_shape), rng.standard_normal(y_shape)
    Ax, Aty = np.asarray(forward(x)), np.asarray(adjoint(y))
    if Ax.shape != y.shape or Aty.shape != x.shape:
        raise ValueError(
            f"adjoint_gap: forward maps {x.shape} to {Ax.shape} and adjoint maps {y.shape} to {Aty.shape}; "
            f"it takes {x.shape} to {y.shape} and back"
        )
    scale = np.linalg.norm(Ax) * np.linalg.norm(y)
    return float(abs(np.vdot(Ax, y) - np.vdot(x, Aty)) / (scale or 1.0))


def compare(name: str, mine: ArrayLike, reference: ArrayLike, *, tolerance: float = 1e-10) -> bool:
    """Compare two arrays elementwise, print one aligned line, and return whether they agree.

    They agree if the shapes are equal and max|mine − reference| ≤ tolerance · max|reference|: relative to
    the largest entry, because an absolute tolerance means nothing where gradients are tiny.  (Where the
    reference is 0 throughout, the tolerance is absolute.)  NaN and infinity never agree.  ValueError for
    anything but numbers: symbols are compared by SymPy.
    Use it as ``assert compare("dX", mine, reference)``.
    """
    mine, reference = _numbers(mine, name), _numbers(reference, name)
    if mine.shape != reference.shape:
        print(f"{name:<24} ✗ shapes differ: {mine.shape} is not {reference.shape}")
        return False
    with np.errstate(invalid="ignore"):  # ∞ − ∞ is NaN, and NaN is reported
        difference = np.abs(mine - reference).max(initial=0.0)
    largest = np.abs(reference).max(initial=0.0)
    agree = bool(difference <= tolerance * (largest or 1.0))  # False for NaN as well
    verdict = "✓ equal" if agree else "✗ differ"
    print(f"{name:<24} {verdict:<9} largest difference {difference:7.1e} of {largest:7.1e}")
    return agree


def _numbers(values, name):
    """values as float64, or complex128 where they are complex; object arrays of numbers count as numbers."""
    values = np.asarray(values)
    try:
        return values.astype(np.complex128 if values.dtype.kind == "c" else np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"compare: {name} holds entries that are no numbers ({values.dtype})") from None


def _one_number(value):
    value = np.asarray(value)
    if value.size != 1:
        raise ValueError(f"central_difference: f returned shape {value.shape}; it has to return one number")
    if value.dtype.kind not in "buifO" or value.item() is None:
        raise ValueError(f"central_difference: f returned {value.item()!r}; it has to return one real number")
    return float(value.reshape(()))

"""Is this gradient right?  Three independent checks, none of which uses how the gradient was computed.

* :func:`central_difference` — move one entry at a time and watch the loss;
* :func:`adjoint_gap` — a backward pass has to be the transpose of its forward pass, ⟨A·x, y⟩ = ⟨x, Aᵀ·y⟩;
* :func:`compare` — two arrays, elementwise, in one line.  Sums, means and norms would not see a turn.

Each raises a ValueError for input on which its answer would be wrong: an infinite number or NaN, a masked cell,
text, a loss computed in float32.
"""

from collections.abc import Callable, Sequence
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from .console import say
from .validation import agreement, as_numbers, not_finite, unmasked

SINGLE_BITS, WHOLE_BITS = 24, 20  # significant digits of a float32: a number with no more digits may be exact
RAY = 13  # points on a line through x, so close together that f is uneven there only by rounding


def central_difference(f: Callable[[np.ndarray], float], x: ArrayLike, *, epsilon: float = 1e-5) -> np.ndarray:
    """The gradient of a scalar function by differences: g[i] = (f(x + ε·e_i) − f(x − ε·e_i)) / 2ε.

    Parameters
    ----------
    f : function
        Takes an array shaped like x and returns one number, the same number for the same array.  It is given a copy
        each time, so it may write into it.
    x : float64 of any shape
    epsilon : in units of x

    Returns
    -------
    g : shaped like x
        Its error is of order ε² (the formula) plus 1e-16·f/ε (rounding).

    Raises
    ------
    ValueError
        Where differences would be wrong in silence: x is no float64 or not finite, x ± ε is x itself, f is not
        finite or differs from call to call, or f rounds its numbers to float32, as a net of the default dtype
        does.
    """
    x = np.asarray(unmasked(x, "central_difference: x"))
    if x.dtype != np.float64:
        raise ValueError(f"central_difference: x holds {x.dtype}; differences this small need float64")
    if not np.isfinite(x).all():
        raise ValueError(f"central_difference: x holds {not_finite(x)}; there is no slope at such a point")
    if not isinstance(epsilon, Real) or not 0 < epsilon < np.inf:
        raise ValueError(f"central_difference: epsilon has to be positive, not {epsilon!r}")
    start, values = _one_number(f(x.copy())), []
    point, gradient = x.copy(), np.empty_like(x)
    for index in np.ndindex(x.shape):
        low, high = x[index] - epsilon, x[index] + epsilon
        if low == x[index] or high == x[index]:
            raise ValueError(
                f"central_difference: {x[index]:g} ± {epsilon:g} is {x[index]:g} again in float64; "
                f"give an epsilon of at least {1e4 * np.spacing(abs(x[index])):.0e}"
            )
        point[index] = high
        above = _one_number(f(point.copy()))
        point[index] = low
        below = _one_number(f(point.copy()))
        point[index] = x[index]
        gradient[index] = (above - below) / (high - low)  # the step that was made: 2ε, rounded
        values += [above, below]
    _check_loss(f, x, epsilon, start, values, gradient)
    return gradient


def adjoint_gap(
    forward: Callable[[np.ndarray], np.ndarray],
    adjoint: Callable[[np.ndarray], np.ndarray],
    x_shape: Sequence[int],
    y_shape: Sequence[int],
    rng: np.random.Generator,
) -> float:
    """How far ``adjoint`` is from being the transpose of the linear map ``forward``; 0 for a right pair.

    For random x and y the two inner products ⟨forward(x), y⟩ and ⟨x, adjoint(y)⟩ are equal exactly if the pair is
    right.

    Parameters
    ----------
    forward, adjoint : functions
        From x to y, and from y to x.  Both are given copies, so they may write into them.
    x_shape, y_shape : tuples
        The shapes that the two take.
    rng : numpy.random.Generator
        Draws x and y.

    Returns
    -------
    gap : a number without unit
        The distance of the two products, divided by ‖forward(x)‖·‖y‖: about 1e-16 for a right pair in float64,
        1e-7 in float32, about 0.01 to 1 for a wrong one.

    Raises
    ------
    ValueError
        For shapes that are no pair, and for results that are not finite real numbers.
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"adjoint_gap: rng has to be a generator such as numpy.random.default_rng(0), not {rng!r}")
    x, y = rng.standard_normal(x_shape), rng.standard_normal(y_shape)
    Ax, Aty = _real(forward(x.copy()), "forward"), _real(adjoint(y.copy()), "adjoint")
    if Ax.shape != y.shape or Aty.shape != x.shape:
        raise ValueError(
            f"adjoint_gap: forward maps {x.shape} to {Ax.shape} and adjoint maps {y.shape} to {Aty.shape}; "
            f"it takes {x.shape} to {y.shape} and back"
        )
    scale = np.linalg.norm(Ax) * np.linalg.norm(y)
    return float(abs(np.vdot(Ax, y) - np.vdot(x, Aty)) / (scale or 1.0))


def compare(name: str, mine: ArrayLike, reference: ArrayLike, *, tolerance: float | None = None) -> bool:
    """Compare two arrays elementwise, print one aligned line, and return whether they agree.

    They agree if the shapes are equal and max|mine − reference| ≤ tolerance · max|reference|: relative to the
    largest entry, because an absolute tolerance means nothing where gradients are tiny.  (Where the reference
    is 0 throughout, the tolerance is absolute.)  NaN and infinity agree with nothing, not even with themselves.
    Use it as ``assert compare("dX", mine, reference)``.

    Parameters
    ----------
    name : text
        The beginning of the line.
    mine, reference : arrays of numbers
        Symbols are compared by SymPy.
    tolerance : share of the largest entry
        By default that of the coarser of the two arrays, 1e-10 for float64 and 1e-4 for float32; the line says so
        where it is not float64.

    Returns
    -------
    agree : bool

    Raises
    ------
    ValueError
        For a tolerance that is negative or not finite, for masked cells, and for anything but numbers.
    """
    limit, precision = agreement(tolerance, "compare", mine, reference)
    mine, reference = as_numbers(mine, "compare", name), as_numbers(reference, "compare", name)
    if mine.shape != reference.shape:
        say(f"{name:<24} ✗ shapes differ: {mine.shape} is not {reference.shape}")
        return False
    for array, whose in ((mine, ""), (reference, "the reference ")):
        if not np.isfinite(array).all():
            say(f"{name:<24} ✗ differ  {whose}holds {not_finite(array)}, which agrees with nothing")
            return False
    with np.errstate(over="ignore"):
        difference = np.abs(mine - reference).max(initial=0.0)
    largest = np.abs(reference).max(initial=0.0)
    agree = bool(difference <= limit * (largest or 1.0))
    verdict = "✓ equal" if agree else "✗ differ"
    coarse = f", compared as {precision}" if precision else ""
    say(f"{name:<24} {verdict:<9} largest difference {difference:7.1e} of {largest:7.1e}{coarse}")
    return agree


def _check_loss(f, x, epsilon, start, values, gradient):
    """ValueError if f gives two numbers for one point, or if its rounding spoils the gradient."""
    again = _one_number(f(x.copy()))
    if again != start:
        raise ValueError(
            f"central_difference: f gave {start!r} for x, and {again!r} for the same x later; "
            "does it draw random numbers, or keep something from call to call?"
        )
    noise = _rounding(f, x, start)
    if _fit_single([start, *values]) or noise / epsilon > 1e-4 * np.abs(gradient).max(initial=0.0):
        raise ValueError(_FLOAT32.format(f"its differences at epsilon {epsilon:g} are mostly rounding"))


_FLOAT32 = (
    "central_difference: f rounds to float32, and {}; let it compute in float64 "
    "(a net built with dtype=np.float64, images as float64)"
)


def _rounding(f, x, start):
    """How uneven f is on a short line through x, in units of f; 0 where that is no more than float64 explains.

    Third differences of a smooth function over steps this small are nothing but rounding.  A kink on the line
    spoils three of them, so their median is taken.
    """
    if x.size == 0:
        return 0.0
    direction = np.cos(1.0 + np.arange(x.size)).reshape(x.shape)
    step = 3e-7 * max(1.0, np.abs(x).max())  # some roundings of a float32, thousands of millions of a float64
    line = [_one_number(f(x + k * step * direction)) for k in range(1, RAY)]
    line = np.array([start, *line])
    uneven = float(np.median(np.abs(np.diff(line, 3))))
    slope = np.abs(np.diff(line)).max() / step
    scale = np.abs(line).max() + slope * np.abs(x).max()
    return uneven if uneven > 1e-10 * scale else 0.0


def _fit_single(values):
    """Are all values float32 numbers, and too uneven for whole numbers or simple fractions?"""
    mantissas = (np.abs(np.frexp(np.array(values))[0]) * 2.0**53).astype(np.int64)
    wanted = [53 - ((m & -m).bit_length() - 1) for m in mantissas.tolist() if m]  # binary digits that are used
    whole = all(float(value).is_integer() for value in values)
    return bool(wanted) and not whole and WHOLE_BITS < max(wanted) <= SINGLE_BITS


def _real(values, whose):
    """The result of a linear map as an array; ValueError unless it holds finite real numbers."""
    values = np.asarray(unmasked(values, f"adjoint_gap: the result of {whose}"))
    if values.dtype.kind not in "buif":
        raise ValueError(f"adjoint_gap: {whose} gives {values.dtype}; it has to give real numbers")
    if not np.isfinite(values).all():
        raise ValueError(f"adjoint_gap: {whose} gives {not_finite(values)}; no gap can be taken from that")
    return values.astype(np.float64)


def _one_number(value):
    value = np.asarray(unmasked(value, "central_difference: f's number"))
    if value.size != 1:
        raise ValueError(f"central_difference: f returned shape {value.shape}; it has to return one number")
    single = value.item()
    if value.dtype.kind not in "buifO" or single is None or isinstance(single, (str, bytes)):
        raise ValueError(f"central_difference: f returned {single!r}; it has to return one real number")
    if value.dtype.kind == "f" and value.dtype.itemsize < 8:
        raise ValueError(_FLOAT32.format(f"a {value.dtype} cannot hold differences this small"))
    if not np.isfinite(float(single)):
        raise ValueError(f"central_difference: f returned {float(single)}; no slope can be taken from that")
    return float(single)

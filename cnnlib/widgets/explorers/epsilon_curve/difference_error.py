"""The error of a central difference and its two parts, formula and rounding.  No widget here.

(f(x+ε) − f(x−ε)) / 2ε leaves out about ``ε²·|f‴|/6``, and its numbers are known to about ``u·(|f| + |x·f′|)``,
which the division by ε makes large; u is half the distance from 1 to the next number, 1e-16 in float64.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

DTYPES = {"float64": np.float64, "float32": np.float32}
EPSILONS = 10.0 ** np.arange(-13, 0.01, 0.25)
WIDE = 0.05  # the step of the third derivative, relative to max(1, |x|): wide, because three divisions follow


class Probe(NamedTuple):
    """A function of one number, the place where its slope is asked for, and the right slope.

    f takes a NumPy float and has to compute in the precision that it is given.
    """

    f: Callable[[np.floating], float]
    x: float
    slope: float


class Parts(NamedTuple):
    """One difference and its error, all in units of the slope."""

    measured: float
    error: float
    formula: float  # about ε²·|f‴|/6
    rounding: float  # about u·(|f| + |x·f′|) / ε


def difference(probe: Probe, epsilon: float, dtype: type) -> float:
    """(f(x+ε) − f(x−ε)) / 2ε, every step of it in ``dtype``."""
    x, step = dtype(probe.x), dtype(epsilon)
    return float((dtype(probe.f(x + step)) - dtype(probe.f(x - step))) / (2 * step))


def third_derivative(probe: Probe) -> float:
    """``|f‴(x)|`` by a wide difference in float64; 0 where the difference is nothing but rounding."""
    x, h = np.float64(probe.x), np.float64(WIDE * max(1.0, abs(probe.x)))
    values = [float(probe.f(x + n * h)) for n in (2, 1, -1, -2)]
    found = abs(np.dot([1, -2, 2, -1], values)) / (2 * h**3)
    noise = 50 * rounding_unit(np.float64) * _size(probe) / h**3
    return float(found) if found > noise else 0.0


def rounding_unit(dtype: type) -> float:
    """Half the distance from 1 to the next number: 1.1e-16 in float64, 6e-8 in float32."""
    return float(np.finfo(dtype).eps) / 2


def parts(probe: Probe, epsilon: float, dtype: type, third: float) -> Parts:
    """The difference at ε, its error, and how large its two parts are; ``third`` is ``|f‴(x)|``."""
    measured = difference(probe, epsilon, dtype)
    rounding = rounding_unit(dtype) * _size(probe) / epsilon
    return Parts(measured, abs(measured - probe.slope), epsilon**2 * third / 6, rounding)


def curve(probe: Probe, dtype: type) -> list[Parts]:
    """:func:`parts` for every ε in EPSILONS."""
    third = third_derivative(probe)
    return [parts(probe, epsilon, dtype, third) for epsilon in EPSILONS]


def _size(probe):
    """The size of the numbers that are rounded: f itself, and x as the slope passes it on."""
    return abs(float(probe.f(np.float64(probe.x)))) + abs(probe.x * probe.slope)

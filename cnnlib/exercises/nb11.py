"""Notebook 11, check every gradient: a sharper difference, a transpose from calls alone, a detector for kinks."""

from collections.abc import Callable

import numpy as np

from .. import ops
from ..gradcheck import central_difference
from .exercise import Exercise


class Named:
    """A function that a message can name."""

    def __init__(self, function: Callable, text: str):
        self.function, self.text = function, text

    def __call__(self, x):
        return self.function(np.asarray(x))

    def __repr__(self):
        return self.text


# ------------------------------------------------------------------------------ sharper_difference

LOSSES = (
    Named(lambda x: np.sin(x * np.arange(1, x.size + 1).reshape(x.shape) / 3).sum(), "a sum of sines"),
    Named(lambda x: (x**5).sum() / 50 + x.flat[0] * x.flat[-1] ** 3, "a polynomial of degree 5"),
    Named(lambda x: 1 / (1 + np.exp(-(x.ravel() * np.cos(np.arange(x.size))).sum())), "a sigmoid of a sum"),
)


def _points(rng):
    for f in LOSSES:
        yield f, rng.standard_normal((2, 3)), 0.1
        yield f, rng.standard_normal(4), 0.25


def _mixed(near, far):
    """near·D(ε) + far·D(2ε)."""

    def difference(f, x, epsilon):
        D, D2 = (central_difference(f, x, epsilon=step) for step in (epsilon, 2 * epsilon))
        return near * D + far * D2

    return difference


def _one_sided(f, x, epsilon):
    """(4·D(ε) − D(2ε))/3 with D = (f(x + ε) − f(x))/ε."""

    def forward(step):
        units = step * np.eye(x.size).reshape(-1, *x.shape)
        return np.array([f(x + unit) - f(x) for unit in units]).reshape(x.shape) / step

    return (4 * forward(epsilon) - forward(2 * epsilon)) / 3


def _not_put_back(f, x, epsilon):
    """Each entry stays at x − ε while the next one is moved."""

    def left_behind(step):
        point, D = x.copy(), np.zeros(x.shape)
        for place in np.ndindex(x.shape):
            point[place] = x[place] + step
            above = f(point)
            point[place] = x[place] - step
            D[place] = (above - f(point)) / (2 * step)
        return D

    return (4 * left_behind(epsilon) - left_behind(2 * epsilon)) / 3


def _all_at_once(f, x, epsilon):
    """Every entry moves together, so each slope is the sum of all."""
    slopes = [(f(x + step) - f(x - step)) / (2 * step) for step in (epsilon, 2 * epsilon)]
    return np.full(x.shape, (4 * slopes[0] - slopes[1]) / 3)


sharper_difference = Exercise(
    name="sharper_difference",
    task="D(ε) is the gradient by central differences. sharper_difference(f, x, epsilon) has to return the "
    "combination of D(epsilon) and D(2·epsilon) without an error of order epsilon², an array shaped like x.",
    cases=_points,
    reference=lambda f, x, epsilon: _mixed(4 / 3, -1 / 3)(f, x, epsilon),
    mistakes={
        "this is D(ε) alone; its error is c·ε²": _mixed(1, 0),
        "this is D(2ε) alone; its error is 4·c·ε²": _mixed(0, 1),
        "the mean of D(ε) and D(2ε) has an error of 2.5·c·ε²": _mixed(0.5, 0.5),
        "2·D(ε) − D(2ε) is right for an error c·ε; here it is c·ε²": _mixed(2, -1),
        "D(ε) and D(2ε) are exchanged": _mixed(-1 / 3, 4 / 3),
        "4·D(ε) − D(2ε) is three times the slope": _mixed(4, -1),
        "the slopes are half as large: is D divided by 4ε?": _mixed(2 / 3, -1 / 6),
        "the slopes are twice as large: D is divided by 2ε, not by ε": _mixed(8 / 3, -2 / 3),
        "D is a one-sided difference; its error is not c·ε²": _one_sided,
        "an entry is not put back before the next one moves": _not_put_back,
        "all entries move at once; move one at a time": _all_at_once,
    },
    hints=(
        "D(ε) = slope + c·ε². Write down the same for 2ε.",
        "D(2ε) = slope + 4·c·ε². Two equations, two unknowns: the slope and c·ε².",
        "Four times the first minus the second leaves three slopes.",
    ),
)


# --------------------------------------------------------------------------------- transpose_times

BLUR = np.array([[1.0, 2.0, -3.0], [4.0, 0.5, 6.0]])
MAPS = (
    (Named(lambda x: x[::2, ::2], "every other row and column"), (3, 3), (5, 6)),
    (Named(lambda x: ops.correlate(x, BLUR), "X ⋆ K with a 2×3 kernel"), (4, 3), (5, 5)),
    (Named(lambda x: x.reshape(2, 2, 3, 2).mean(axis=(1, 3)), "2×2 mean pooling"), (2, 3), (4, 6)),
    (Named(lambda x: np.cumsum(x.ravel()), "running sums"), (6,), (2, 3)),
)


def _maps(rng):
    for A, output_shape, input_shape in MAPS:
        yield A, rng.standard_normal(output_shape), input_shape


def _columns(entry, *, clear=True):
    """Aᵀ·y, entry by entry: ``entry``(A·e, y) for each unit array e, which is cleared again, or not."""

    def transpose(A, y, input_shape):
        result, unit = np.zeros(input_shape), np.zeros(input_shape)
        for place in np.ndindex(*input_shape):
            unit[place] = 1
            result[place] = entry(A(unit), y)
            if clear:
                unit[place] = 0
        return result

    return transpose


transpose_times = Exercise(
    name="transpose_times",
    task="transpose_times(A, y, input_shape) has to return Aᵀ·y, an array of input_shape, for a linear function A "
    "that maps input_shape to the shape of y.",
    cases=_maps,
    reference=lambda A, y, input_shape: _columns(np.vdot)(A, y, input_shape),
    mistakes={
        "the ones stay: before the next unit array set the entry back to 0": _columns(np.vdot, clear=False),
        "y is reversed before it is multiplied": _columns(lambda z, y: np.vdot(z, np.flip(y))),
        "this is the mean of the products; the inner product is their sum": _columns(lambda z, y: (z * y).mean()),
        "this is the sum of A's columns; y is missing": _columns(lambda z, y: z.sum()),
        "y is squared": _columns(lambda z, y: (z * y * y).sum()),
        "A's entries are squared": _columns(lambda z, y: (z * z * y).sum()),
        "the products lose their sign": _columns(lambda z, y: np.abs(z * y).sum()),
    },
    hints=(
        "⟨Ax, y⟩ = ⟨x, Aᵀy⟩ holds for every x. For which x is the right side one single entry of Aᵀy?",
        "For the array that is 1 at one place and 0 elsewhere.",
        "So entry p of Aᵀy is (A(e_p) * y).sum(). Loop over np.ndindex(*input_shape).",
    ),
)


# -------------------------------------------------------------------------------------- slope_jump

KINKED = (
    Named(lambda x: (np.cos(np.arange(x.size)) * np.maximum(x.ravel(), 0)).sum(), "a weighted sum of ReLUs"),
    Named(lambda x: (-np.abs(x)).max() + (x**3).sum() / 4, "the largest of −|x|, and cubes"),
    Named(lambda x: np.abs(x).sum() * (1 + x.flat[0] / 5), "sizes, times a sum"),
)


def _at_kinks(rng):
    """Points where two entries are 0: there the functions above have kinks."""
    for f, epsilon in zip(KINKED, (0.1, 0.2, 0.05), strict=True):
        for shape in ((2, 3), (5,)):
            x = rng.standard_normal(shape)
            x.flat[[1, 3]] = 0
            yield f, x, epsilon


def _from_three(entry):
    """entry(f(x + ε), f(x), f(x − ε), ε) for each entry of x, one moved at a time."""

    def result(f, x, epsilon):
        units = epsilon * np.eye(x.size).reshape(-1, *x.shape)
        return np.array([entry(f(x + unit), f(x), f(x - unit), epsilon) for unit in units]).reshape(x.shape)

    return result


def _stays_moved(f, x, epsilon):
    """Each entry stays at x − ε while the next one is moved."""
    point, jump = x.copy(), np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        point[place] = x[place] + epsilon
        above = f(point)
        point[place] = x[place] - epsilon
        jump[place] = (above - 2 * f(x) + f(point)) / epsilon
    return jump


slope_jump = Exercise(
    name="slope_jump",
    task="slope_jump(f, x, epsilon) has to return the slope of f, for each entry of x, measured from x to "
    "x + epsilon minus that from x − epsilon to x, an array shaped like x.",
    cases=_at_kinks,
    reference=lambda f, x, epsilon: _from_three(lambda up, at, down, e: (up - 2 * at + down) / e)(f, x, epsilon),
    mistakes={
        "this is the left slope minus the right one": _from_three(lambda up, at, down, e: (2 * at - up - down) / e),
        "this is the central difference, the mean of the two slopes": _from_three(
            lambda up, at, down, e: (up - down) / (2 * e)
        ),
        "this is the slope on the right alone": _from_three(lambda up, at, down, e: (up - at) / e),
        "this is the slope on the left alone": _from_three(lambda up, at, down, e: (at - down) / e),
        "this is the sum of the two slopes": _from_three(lambda up, at, down, e: (up - down) / e),
        "divided by ε²: that is a second derivative, and at a kink it has no limit": _from_three(
            lambda up, at, down, e: (up - 2 * at + down) / e**2
        ),
        "half as large: each side is one ε long, not two": _from_three(
            lambda up, at, down, e: (up - 2 * at + down) / (2 * e)
        ),
        "the jump loses its sign": _from_three(lambda up, at, down, e: abs(up - 2 * at + down) / e),
        "not divided by ε: these are differences of f, not of slopes": _from_three(
            lambda up, at, down, e: up - 2 * at + down
        ),
        "an entry is not put back before the next one moves": _stays_moved,
        "all entries move at once; move one at a time": lambda f, x, epsilon: np.full(
            x.shape, (f(x + epsilon) - 2 * f(x) + f(x - epsilon)) / epsilon
        ),
    },
    hints=(
        "The slope on the right is (f(x + ε) − f(x)) / ε. Write down the one on the left.",
        "The one on the left is (f(x) − f(x − ε)) / ε. Move one entry, keep the others.",
        "Their difference takes three values of f: (f(x + ε) − 2·f(x) + f(x − ε)) / ε.",
    ),
)

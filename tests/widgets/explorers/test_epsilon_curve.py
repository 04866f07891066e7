"""The ε slider: every number and every point on the screen, against differences taken here, by themselves."""

import math
import re

import numpy as np
import pytest
from explorer_moves import through_combinations, through_whole_range
from helpers import says
from ipywidgets.widgets.widget import _instances
from matplotlib import pyplot as plt

from cnnlib.widgets.explorers.epsilon_curve import EpsilonCurve
from cnnlib.widgets.explorers.epsilon_curve.difference_error import EPSILONS, Probe, parts, third_derivative
from cnnlib.widgets.parts.explorer import move

SLOPE = math.cos(1) * math.exp(math.sin(1))
PROBES = {
    "x³ at 2": (lambda x: x * x * x, 2.0, 12.0),
    "e^sin x at 1": (lambda x: np.exp(np.sin(x)), 1.0, SLOPE),
    "straight": (lambda x: 3 * x - 1, 0.5, 3.0),
    "a kink": (lambda x: np.maximum(x, 0 * x), 0.0, 1.0),
}
S, C = math.sin(1), math.cos(1)
THIRD = {"x³ at 2": 6, "e^sin x at 1": abs(math.exp(S) * C * (C**2 - 3 * S - 1)), "straight": 0}  # |f‴|
UNIT = {"float64": 2.0**-53, "float32": 2.0**-24}


def number(text):
    return float(text.replace("−", "-"))


def expected(name, precision, epsilon):
    """(measured, error) by the definition, in the precision asked for."""
    f, x, slope = PROBES[name]
    kind = np.dtype(precision).type
    x, step = kind(x), kind(epsilon)
    measured = float((f(x + step) - f(x - step)) / (kind(2) * step))
    return measured, abs(measured - slope)


def height(svg):
    """A function from an error to its place on the drawing, read off the labels of the axis."""
    labels = re.findall(r'<path d="M78 ([\d.]+)H500".*?/><text [^>]*>(1|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)</text>', svg)
    powers = [0 if text == "1" else int(text[2:].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
              for _, text in labels]  # fmt: skip
    places = [float(y) for y, _ in labels]
    assert len(places) == 7 and powers[0] == -16
    (slope, start), *_ = np.polyfit(powers, places, 1, full=True)
    return lambda error: start + slope * np.clip(np.log10(max(error, 1e-16)), -16, 2)


def decides(error, formula, rounding):
    """The first word of the verdict, or nothing where two digits are too few to tell."""
    if error > 11 * (formula + rounding):
        return "Neither"
    if error > 9 * (formula + rounding):
        return ""
    larger, smaller = max(formula, rounding), min(formula, rounding)
    if larger < 9 * smaller or not larger:
        return "Both"
    return "" if larger < 11 * smaller else "The formula" if formula > rounding else "Rounding"


def assert_shows(explorer):
    """Words and drawing belong to the three controls."""
    name, precision = explorer.function.value, explorer.precision.value
    epsilon = EPSILONS[explorer.epsilon.value]
    measured, error = expected(name, precision, epsilon)
    cells = dict(re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td></tr>", explorer.says.value))
    assert number(cells["measured"]) == pytest.approx(measured, abs=6e-14)
    assert number(cells["right"]) == pytest.approx(PROBES[name][2], abs=6e-14)
    assert number(cells["error"][3:-4]) == pytest.approx(error, rel=0.06)
    formula = cells["formula: ε²·|f‴|/6"][2:]
    (unit, rounding), *_ = re.findall(r"rounding: (\S+?)·.*?<td>≈ (.*?)</td>", explorer.says.value)
    verdict = re.search(r"<p><b>(.*?)</b>", explorer.says.value)[1]
    f, x, slope = PROBES[name]
    size = abs(float(f(np.float64(x)))) + abs(x * slope)
    if name in THIRD:
        assert number(formula) == pytest.approx(epsilon**2 * THIRD[name] / 6, rel=0.06, abs=0)
    assert number(unit) == pytest.approx(UNIT[precision], rel=0.06)
    assert number(rounding) == pytest.approx(UNIT[precision] * size / epsilon, rel=0.06, abs=0)
    assert verdict.startswith(decides(error, number(formula), number(rounding)))
    assert_drawn(explorer.drawing.value, name, precision, epsilon, error)


def assert_drawn(svg, name, precision, epsilon, error):
    place = height(svg)
    x, y = map(float, re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)"', svg).groups())
    assert y == pytest.approx(place(error), abs=0.2)
    drawn = re.search(r'<polyline class="cnn-errors" points="([^"]*)"', svg)[1]
    points = np.array([pair.split(",") for pair in drawn.split()], dtype=float)
    assert len(points) == len(EPSILONS) and [x, y] in points.tolist()
    curve = [place(expected(name, precision, each)[1]) for each in EPSILONS]
    np.testing.assert_allclose(points[:, 1], curve, atol=0.2)
    assert x == pytest.approx(np.interp(np.log10(epsilon), [-13, 0], [78, 500]), abs=0.1)
    assert f'aria-label="{name}, {precision}: at ε = ' in svg


@pytest.fixture
def explorer():
    before = set(_instances)
    made = EpsilonCurve(PROBES)
    yield made
    made.close()
    assert set(_instances) == before and not plt.get_fignums()


def test_it_starts_at_the_default_of_central_difference(explorer):
    assert EPSILONS[explorer.epsilon.value] == pytest.approx(1e-5)
    assert (explorer.function.value, explorer.precision.value) == ("x³ at 2", "float64")
    assert_shows(explorer)


def test_every_control_through_its_whole_range(explorer):
    through_whole_range(explorer, assert_shows)


def test_two_hundred_random_combinations(explorer):
    through_combinations(explorer, assert_shows, seed=11)


def test_an_error_that_neither_part_explains_is_said_to_be_a_kink(explorer):
    move(explorer.function, "a kink")
    assert "is there a kink" in explorer.says.value and "measured</td><td>0.5000000000000<" in explorer.says.value


def test_the_drawing_stays_as_large_as_it_is(explorer):
    sizes = set()
    for name in PROBES:
        move(explorer.function, name)
        sizes.add(re.search(r'width="(\d+)" height="(\d+)"', explorer.drawing.value).groups())
    assert sizes == {("520", "268")}


@pytest.mark.parametrize("name", ["x³ at 2", "e^sin x at 1", "straight"])
@pytest.mark.parametrize("precision", [np.float64, np.float32])
def test_the_two_parts_bound_the_error_of_a_smooth_function(name, precision):
    probe = Probe(*PROBES[name])
    third = third_derivative(probe)
    for epsilon in EPSILONS[(EPSILONS < 0.1) & (EPSILONS > 1e-6)]:
        point = parts(probe, epsilon, precision, third)
        assert point.error <= 1.2 * point.formula + 6 * point.rounding


def test_the_third_derivative_is_right_and_nothing_for_a_straight_line():
    for name, exact in THIRD.items():
        assert third_derivative(Probe(*PROBES[name])) == pytest.approx(exact, rel=0.01, abs=0)


def test_what_is_no_function_is_refused_in_words():
    with says("at least one function"):
        EpsilonCurve({})
    with says("'x'", "a function and two numbers"):
        EpsilonCurve({"x": (abs, 1.0)})
    with says("'x'", "a function and two numbers"):
        EpsilonCurve({"x": (abs, "one", 1.0)})
    with says("'x'", "no function"):
        EpsilonCurve({"x": (3, 1.0, 1.0)})

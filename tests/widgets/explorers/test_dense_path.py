"""The paths of a parameter to the loss: read back from the screen, and compared with measured slopes."""

import re

import numpy as np
import pytest
from explorer_moves import through_combinations
from ipywidgets.widgets.widget import _instances

from cnnlib.widgets.explorers.dense_path.drawing import described, picture
from cnnlib.widgets.explorers.dense_path.explorer import DensePath
from cnnlib.widgets.explorers.dense_path.paths import ALL, Net, Parameter, paths, product
from cnnlib.widgets.parts.explorer import move, values_of

X, Y = np.array([2.0, -1.0, 3.0]), np.array([1.0, 0.0])
W1, B1 = np.array([[0.5, -0.3, 0.2], [0.4, 0.1, -0.6]]), np.array([0.1, -0.2])
W2, B2 = np.array([[1.5, -2.0], [0.8, 1.2]]), np.array([0.3, -0.1])


def loss(x, arrays):
    """L from the definition, unit by unit."""
    a = x
    for W, b in (("W1", "b1"), ("W2", "b2")):
        rows = zip(arrays[W], arrays[b], strict=True)
        z = [sum(w * v for w, v in zip(row, a, strict=True)) + bias for row, bias in rows]
        a = [1 / (1 + np.exp(-value)) for value in z]
    return sum((out - target) ** 2 for out, target in zip(a, Y, strict=True)) / 2


def slope(x, name, index, h=1e-6):
    """∂L/∂parameter, measured."""
    arrays = {"W1": W1, "b1": B1, "W2": W2, "b2": B2}
    values = []
    for by in (h, -h):
        moved = {key: array.copy() for key, array in arrays.items()}
        moved[name][index] += by
        values.append(loss(x, moved))
    return (values[0] - values[1]) / (2 * h)


def number(text):
    return float(text.strip("()").replace("−", "-"))


def lines_of(html):
    return re.findall(r"<div>(.*?)</div>", html)


def split(line):
    """A line as its paths: [(pale, text), …]."""
    text = re.sub(r"^(<b>.*?</b> )?= ", "", line)
    parts = [part.strip() for part in text.split(" + ")]
    return [("later" in part, re.sub(r"<.*?>", "", part)) for part in parts]


def assert_shows(explorer, x):
    parameter, chosen = explorer.parameter.value, explorer.path.value
    lines = lines_of(explorer.sum.value)
    expected = slope(x, *parameter)
    gradient, measured = re.fullmatch(r"<b>gradient (\S+)</b>, measured by moving it: (\S+)", lines[-1]).groups()
    assert number(gradient) == pytest.approx(expected, abs=6e-6) == number(measured)
    letters, numbers = split(lines[0]), split(lines[1])
    through = range(2) if parameter.name in ("b1", "W1") else [parameter.index[0]]
    pale = [chosen not in (ALL, j) for j in through]
    assert [is_pale for is_pale, _ in letters] == pale == [is_pale for is_pale, _ in numbers]
    for j, (_, text), (_, factors) in zip(through, letters, numbers, strict=True):
        assert text == " · ".join(written(parameter, j))
        assert len(factors.split(" · ")) == len(written(parameter, j))
    if len(letters) > 1:
        assert sum(number(text) for _, text in split(lines[2])) == pytest.approx(expected, abs=1.2e-5)
    assert_drawing(explorer.drawing.value, parameter, chosen, through)


def written(parameter, j):
    """The factors of a path in letters, from the formulas of the course."""
    i, *source = parameter.index
    if parameter.name in ("b2", "W2"):
        return [f"(a²[{i}] − y[{i}])", f"σ′(z²[{i}])", *(f"a¹[{n}]" for n in source)]
    return [f"δ²[{j}]", f"W²[{j},{i}]", f"σ′(z¹[{i}])", *(f"x[{n}]" for n in source)]


def assert_drawing(svg, parameter, chosen, through):
    shown = [j for j in through if chosen in (ALL, j)]
    edges = 2 if parameter.name in ("b1", "W1") else 1
    assert svg.count('<line class="cnn-path"') == edges * len(shown)
    assert svg.count('<line class="cnn-chosen"') == 1
    labels = re.findall(r'<text class="cnn-weight".*?>(.*?)</text>', svg)  # all ten weights differ
    assert sorted(map(number, labels)) == sorted(weights_on(parameter, shown))
    label = re.search(r'aria-label="(.*?)"', svg).group(1)
    assert all(f"output {j}" in label for j in shown) if shown else "does not reach" in label


def weights_on(parameter, shown):
    """The weights of the thick edges."""
    own = {"W1": W1, "W2": W2}.get(parameter.name)
    above = [W2[j, parameter.index[0]] for j in shown] if parameter.name in ("b1", "W1") else []
    return above + ([] if own is None else [own[parameter.index]])


@pytest.fixture
def explorer():
    before = set(_instances)
    made = DensePath(X, W1, B1, W2, B2, Y)
    yield made
    made.close()
    assert set(_instances) == before


def test_every_parameter_and_every_path_is_shown_with_its_measured_slope(explorer):
    for parameter in values_of(explorer.parameter):
        move(explorer.parameter, parameter)
        for path in values_of(explorer.path):
            move(explorer.path, path)
            assert_shows(explorer, X)


def test_two_hundred_random_combinations_with_other_inputs(explorer):
    rng = np.random.default_rng(3)

    def check_with_other_inputs(explorer):
        x = np.round(rng.normal(0, 2, 3), 2)
        explorer.inputs.value = ", ".join(map(str, x))
        assert_shows(explorer, x)

    through_combinations(explorer, check_with_other_inputs, seed=3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1, 2", "row 1 has 2 entries; it takes 3"),
        ("1, k, 2", "“k” is not a number"),
        ("", "nothing is written"),
        ("__import__('os'), 1, 2", "4 entries in all; it takes 1 row of 3"),
        ("x.real, 1, 2", "“x.real” is not a number"),
        ("1, 2, <b>", "&lt;b>"),
        ("nan 1 2", "nan is no number"),
    ],
)
def test_bad_input_is_answered_in_words_and_the_last_good_state_stays(explorer, text, words):
    drawn, said = explorer.drawing.value, explorer.sum.value
    explorer.inputs.value = text
    assert words in explorer.problem.value
    assert (explorer.drawing.value, explorer.sum.value) == (drawn, said)
    explorer.inputs.value = "1, 2, 3"
    assert explorer.problem.value == "" and explorer.drawing.value != drawn


def test_saturated_units_pass_nothing_on(explorer):
    explorer.inputs.value = "100, 100, 100"
    move(explorer.parameter, Parameter("b1", (0,)))
    assert lines_of(explorer.sum.value)[-1].startswith("<b>gradient 0.00000</b>")


def test_the_paths_of_every_parameter_add_up_to_its_slope_in_other_sizes():
    rng = np.random.default_rng(1)
    shapes = [(4,), (3, 4), (3,), (3, 3), (3,), (3,)]
    net = Net(*(rng.normal(size=shape) for shape in shapes))
    for parameter in net.parameters():
        above, below = (net.moved(parameter, by).loss() for by in (1e-6, -1e-6))
        total = sum(product(factors) for factors in paths(net, parameter).values())
        assert total == pytest.approx((above - below) / 2e-6, abs=1e-8)


def test_the_drawing_shows_the_numbers_of_the_net():
    net = Net(X, W1, B1, W2, B2, Y)
    svg = picture(net)
    a1 = 1 / (1 + np.exp(-(W1 @ X + B1)))
    a2 = 1 / (1 + np.exp(-(W2 @ a1 + B2)))
    for value in (*X, *a1, *a2, ((a2 - Y) ** 2).sum() / 2):
        assert f">{value:.2f}</text>".replace("-", "−") in svg
    delta2 = [slope(X, "b2", (j,)) for j in range(2)]
    delta1 = [slope(X, "b1", (i,)) for i in range(2)]
    for value in (*delta1, *delta2):
        assert f"δ {value:.3f}".replace("-", "−") in svg
    assert 'class="cnn-path"' not in svg and described(net, None, ()) in svg


def test_a_page_that_shrinks_the_drawing_cuts_nothing_off():
    """Only x is in percent: with ``max-width: 100%; height: auto`` the units below would be cut."""
    svg = picture(Net(X, W1, B1, W2, B2, Y))
    height = int(re.search(r'style="height:(\d+)px"', svg)[1])
    circles = [(float(y), float(r)) for y, r in re.findall(r'<circle [^>]*cy="([\d.]+)" r="([\d.]+)"', svg)]
    assert len(circles) == 8 and max(y + r for y, r in circles) <= height

"""The kernel rotator: what it shows is read back and compared with sums computed here, over its whole range."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from explorer_moves import through_combinations, through_whole_range
from helpers import says
from ipywidgets.widgets.widget import _instances

from cnnlib.widgets.explorers.rotator import Rotator
from cnnlib.widgets.explorers.rotator.explorer import CELL
from cnnlib.widgets.explorers.rotator.readings import FRAMES, own_kernel, read_window, words
from cnnlib.widgets.parts.explorer import move, values_of


@pytest.fixture
def rotator():
    before = set(_instances)
    explorer = Rotator()
    yield explorer
    explorer.close()
    assert set(_instances) == before and not plt.get_fignums()


def read(rotator):
    """What stands beside the window: (its name, [(x, tap), …], the sum or None)."""
    text = re.sub(r"<style>.*?</style>", "", rotator.sum.value, flags=re.S).replace("−", "-")
    name, table, total = re.search(r"<b>(.*?)</b><table>(.*?)</table><div.*?>(.*?)</div>", text).groups()
    terms = re.findall(r"([-.\d]+)·\(?([-.\d]+)\)?", table)
    number = re.search(r"= <b>(.*?)</b>", total)
    name = re.sub("<.*?>", "", name)
    return name, [tuple(map(float, term)) for term in terms], float(number.group(1)) if number else None


def check(rotator):
    """Everything on the screen against plain loops over K and X."""
    frame, (i, j) = rotator.controls["turn"].position, rotator.controls["corner"].value
    convolution = rotator.controls["sign"].value == "convolution"
    name, products, total = read(rotator)
    assert name.endswith(f"at ({i}, {j})") and ("∗" in name) == convolution
    assert rotator.kernel.angle == pytest.approx(180 * frame / FRAMES + 180 * convolution)
    assert rotator.kernel.mark == (0, 0)  # the map turns, so the mark travels with it
    assert (rotator.kernel.shown() == rotator.K).all() and (rotator.window.shown() == rotator.X).all()
    assert rotator.kernel.notes == {(u, v): f"{u}{v}" for u in range(3) for v in range(3)}
    assert set(rotator.window.outlined) == {(i + u, j + v) for u in range(3) for v in range(3)}
    if frame % (FRAMES // 2):
        assert (products, total) == ([], None)
        return
    quarters = 2 * frame // FRAMES + 2 * convolution  # a quarter turn clockwise: row v of the old is column 2 − v
    laid = {0: lambda u, v: (u, v), 1: lambda u, v: (2 - v, u), 2: lambda u, v: (2 - u, 2 - v),
            3: lambda u, v: (v, 2 - u)}[quarters % 4]  # fmt: skip
    expected = [(rotator.X[i + u, j + v], rotator.K[laid(u, v)]) for u in range(3) for v in range(3)]
    assert products == expected
    assert total == pytest.approx(sum(x * tap for x, tap in expected))
    assert ("rot180" in name) == (frame == FRAMES)


def sum_with(rotator, sign, frame):
    move(rotator.controls["sign"], sign)
    move(rotator.controls["turn"], frame)
    return read(rotator)[2]


def test_every_control_over_its_whole_range(rotator):
    through_whole_range(rotator, check)


def test_two_hundred_random_combinations(rotator):
    through_combinations(rotator, check)


def test_the_turn_has_at_least_twelve_frames_and_can_stop_at_each(rotator):
    angles = []
    for position in values_of(rotator.controls["turn"]):
        move(rotator.controls["turn"], position)
        angles.append(rotator.kernel.angle)
    assert len(angles) > 12 and angles[0] == 0 and angles[-1] == 180 and 90 in angles
    assert np.allclose(np.diff(angles), 180 / (len(angles) - 1))


def test_correlation_with_the_turned_kernel_is_convolution_with_the_kernel(rotator):
    straight, turned = (sum_with(rotator, "correlation", frame) for frame in (0, FRAMES))
    convolved, back = (sum_with(rotator, "convolution", frame) for frame in (0, FRAMES))
    assert (convolved, back) == (turned, straight) and straight != turned


def test_the_kernel_lies_on_its_window(rotator):
    places = set()
    for corner in values_of(rotator.controls["corner"]):
        move(rotator.controls["corner"], corner)
        top, left = (int(length.rstrip("px")) for length in (rotator.lies.layout.top, rotator.lies.layout.left))
        places.add((top - CELL * corner[0], left - CELL * corner[1]))
    assert len(places) == 1


def test_a_click_moves_the_window_as_near_as_it_fits(rotator):
    for clicked, corner in [((0, 1), (0, 1)), ((3, 3), (1, 1)), ((1, 0), (1, 0)), ((0, 0), (0, 0))]:
        rotator.window.chosen = clicked
        assert rotator.controls["corner"].value == corner and rotator.window.chosen is None
        check(rotator)


def test_a_kernel_of_ones_own(rotator):
    rotator.text.value = "1 −2 3; 0.5 0 6; 7 8 99"
    assert (rotator.K == [[1, -2, 3], [0.5, 0, 6], [7, 8, 99]]).all() and rotator.answer.value.count("kernel") == 0
    check(rotator)
    assert "after the turn" not in rotator.sum.value


def test_a_symmetric_kernel_is_named_as_one_that_hides_the_turn(rotator):
    rotator.text.value = "1 2 3; 4 5 4; 3 2 1"
    straight, turned = (sum_with(rotator, "correlation", frame) for frame in (0, FRAMES))
    assert straight == turned and "looks the same after the turn" in rotator.sum.value


@pytest.mark.parametrize(
    "text, said",
    [
        ("1 2 3; 4 5 6", "2 rows"),
        ("a b c; 1 2 3; 4 5 6", "“a” is not a number"),
        ("1 2 3; 4 5 6; 7 8 100", "from −99 to 99"),
        ("1 2 3; 4 5 6; 7 8 0.25", "one decimal"),
        ("", "nothing is written"),
        ("<b> 2 3; 4 5 6; 7 8 9", "&lt;b&gt;"),
    ],
)
def test_bad_input_is_answered_in_words_and_the_kernel_stays(rotator, text, said):
    shown = rotator.sum.value
    rotator.text.value = text
    assert said in rotator.answer.value and "<b>" not in rotator.answer.value
    assert "The kernel stays 1 2 3; 4 5 6; 7 8 9." in rotator.answer.value
    assert rotator.sum.value == shown and (rotator.kernel.shown() == np.arange(1, 10).reshape(3, 3)).all()
    rotator.text.value = "9 8 7; 6 5 4; 3 2 1"
    assert "stays" not in rotator.answer.value
    check(rotator)


def test_the_logic_alone():
    X, K = np.arange(20).reshape(4, 5), np.arange(9).reshape(3, 3) ** 2
    reading = read_window(X, K, (1, 2), "convolution")
    assert reading.total == sum(X[1 + u, 2 + v] * K[2 - u, 2 - v] for u in range(3) for v in range(3))
    assert read_window(X, K, (1, 2), "correlation", 1) is None
    assert "stored" in words(0) and "90°" in words(FRAMES // 2) and "(2−u, 2−v)" in words(FRAMES)
    with says("“k” is not a number"):
        own_kernel("k 1 1 1 1 1 1 1 1")


def test_wrong_sizes_are_refused_in_words():
    with says("3×3", "(2, 2)"):
        Rotator(np.ones((2, 2)))

"""The kernel rotator: what it shows is read back and compared with sums computed here, over its whole range."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from explorer_moves import through_combinations, through_whole_range
from helpers import says
from ipywidgets.widgets.widget import _instances

from cnnlib.widgets.explorers.rotator import FRAMES, Rotator, own_kernel, read_window, travelling, words
from cnnlib.widgets.parts.explorer import move, values_of


@pytest.fixture
def rotator():
    before = set(_instances)
    explorer = Rotator()
    yield explorer
    explorer.close()
    assert set(_instances) == before and not plt.get_fignums()


def sums(rotator):
    """The two lines of the screen as (words before the colon, [(x, tap), …], sum)."""
    lines = re.findall(r"<div>(.*?)</div>", rotator.sums.value.split('class="cnn-sums">')[1])
    read = []
    for line in lines:
        text = re.sub(r"<.*?>", "", line).replace("−", "-")
        name, terms = text.split(": ")
        products, total = terms.split(" = ")
        pairs = [tuple(float(part.strip("()")) for part in term.split("·")) for term in products.split(" + ")]
        read.append((name, pairs, float(total)))
    return read


def taps_on(grid):
    """What the notes of a grid lay on which cell, {cell: tap}."""
    return {cell: float(text.lstrip("·").replace("−", "-")) for cell, text in grid.notes.items()}


def check(rotator):
    """Everything on the screen against plain loops over K and X."""
    frame, (i, j) = rotator.controls["turn"].position, rotator.controls["corner"].value
    sign = rotator.controls["sign"].value
    covered = {(i + u, j + v) for u in range(3) for v in range(3)}
    readings = [(rotator.as_is, sign == "convolution"), (rotator.turned, sign == "correlation")]
    for (grid, turned), (name, pairs, total) in zip(readings, sums(rotator), strict=True):
        laid = {(i + u, j + v): rotator.K[(2 - u, 2 - v) if turned else (u, v)] for u in range(3) for v in range(3)}
        assert taps_on(grid) == laid
        assert set(grid.outlined) == covered
        assert (grid.shown() == rotator.X).all()
        products = [(rotator.X[cell], laid[cell]) for cell in sorted(covered)]
        assert pairs == products
        assert total == pytest.approx(sum(x * tap for x, tap in products))
        assert name.endswith(f"at ({i}, {j})") and grid.symbol.removesuffix(" on X") in name
        assert ("⋆" if sign == "correlation" else "∗") in grid.symbol
    assert rotator.kernel.angle == pytest.approx(180 * frame / FRAMES)
    assert rotator.kernel.mark == (0, 0)  # the map turns, so the mark travels with it
    assert (rotator.kernel.shown() == rotator.K).all()
    for (u, v), text in rotator.kernel.notes.items():
        assert text == f"{u}{v}" + (f"→{2 - u}{2 - v}" if frame == FRAMES else "")
    pointers = [("▸" in name) for name, _, _ in sums(rotator)]
    assert pointers == [frame == 0, frame == FRAMES]


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
    move(rotator.controls["sign"], "correlation")
    (_, _, straight), (_, _, turned) = sums(rotator)
    move(rotator.controls["sign"], "convolution")
    (_, _, convolved), (_, _, back) = sums(rotator)
    assert (convolved, back) == (turned, straight) and straight != turned


def test_a_click_moves_the_window_as_near_as_it_fits(rotator):
    for clicked, corner in [((0, 1), (0, 1)), ((3, 3), (1, 1)), ((1, 0), (1, 0)), ((0, 0), (0, 0))]:
        rotator.turned.chosen = clicked
        assert rotator.controls["corner"].value == corner and rotator.turned.chosen is None
        check(rotator)


def test_a_kernel_of_ones_own(rotator):
    rotator.text.value = "1 −2 3; 0.5 0 6; 7 8 99"
    assert (rotator.K == [[1, -2, 3], [0.5, 0, 6], [7, 8, 99]]).all() and rotator.answer.value.count("kernel") == 0
    check(rotator)
    assert "after the turn" not in rotator.sums.value


def test_a_symmetric_kernel_is_named_as_one_that_hides_the_turn(rotator):
    rotator.text.value = "1 2 3; 4 5 4; 3 2 1"
    (_, _, straight), (_, _, turned) = sums(rotator)
    assert straight == turned and "looks the same after the turn" in rotator.sums.value


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
    shown = rotator.sums.value
    rotator.text.value = text
    assert said in rotator.answer.value and "<b>" not in rotator.answer.value
    assert "The kernel stays 1 2 3; 4 5 6; 7 8 9." in rotator.answer.value
    assert rotator.sums.value == shown and (rotator.kernel.shown() == np.arange(1, 10).reshape(3, 3)).all()
    rotator.text.value = "9 8 7; 6 5 4; 3 2 1"
    assert "stays" not in rotator.answer.value
    check(rotator)


def test_the_logic_alone():
    X, K = np.arange(20).reshape(4, 5), np.arange(9).reshape(3, 3) ** 2
    reading = read_window(X, K, (1, 2), "convolution")
    assert reading.total == sum(X[1 + u, 2 + v] * K[2 - u, 2 - v] for u in range(3) for v in range(3))
    assert travelling(0)[0, 2] == travelling(FRAMES - 1)[0, 2] == "02" and travelling(FRAMES)[0, 2] == "02→20"
    assert "top left" in words(0) and "90°" in words(FRAMES // 2) and "bottom right" in words(FRAMES)
    with says("“k” is not a number"):
        own_kernel("k 1 1 1 1 1 1 1 1")


def test_wrong_sizes_are_refused_in_words():
    with says("3×3", "(2, 2)"):
        Rotator(np.ones((2, 2)))

"""The padding explorer backwards: what it shows is read back and compared with plain loops, over all its range."""

import re
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest
from explorer_moves import through_combinations, through_whole_range
from ipywidgets.widgets.widget import _instances

from cnnlib.gradcheck import central_difference
from cnnlib.widgets.explorers.padding import PaddingExplorer
from cnnlib.widgets.explorers.padding.backward import DELTAS, backward
from cnnlib.widgets.explorers.padding.forward import forward
from cnnlib.widgets.explorers.padding.settings import RANGES, Setting
from cnnlib.widgets.parts.explorer import move


@pytest.fixture
def explorer():
    before = set(_instances)
    made = PaddingExplorer(view=backward)
    yield made
    made.close()
    assert set(_instances) == before and not plt.get_fignums()


def all_settings():
    return [Setting(*values) for values in product(*(range(r[1], r[2] + 1) for r in RANGES.values()))]


def starts_of(setting):
    """Where the windows of the forward pass start, along one axis, in the unpadded map."""
    n, k, p, s, d = setting
    return [start - p for start in range(0, n + 2 * p, s) if start + d * (k - 1) < n + 2 * p]


def expected(setting):
    """(map under the windows, which cells of it hold a delta, dX, how often each input was used) by counting."""
    n, k, _, _, d = setting
    starts, reach = starts_of(setting), d * (k - 1)
    K = np.arange(1, k * k + 1).reshape(k, k)
    dX, used = np.zeros((n, n), dtype=int), np.zeros((n, n), dtype=int)
    for (i, top), (j, left) in product(enumerate(starts), repeat=2):
        for u, v in np.ndindex(k, k):
            a, b = top + d * u, left + d * v
            if 0 <= a < n and 0 <= b < n:
                dX[a, b] += DELTAS[i, j] * K[u, v]
                used[a, b] += 1
    at = {start: i for i, start in enumerate(starts)}
    source, holds = np.zeros((n + reach, n + reach), dtype=int), np.zeros((n + reach, n + reach), dtype=bool)
    for x, y in np.ndindex(source.shape):
        if x - reach in at and y - reach in at:  # input p reads the windows that start at p − reach … p
            source[x, y], holds[x, y] = DELTAS[at[x - reach], at[y - reach]], True
    return source, holds, dX, used


def words(explorer):
    body = explorer.says.value.split('class="cnn-says"')[1].split(">", 1)[1]
    return " ".join(re.sub(r"<.*?>", " ", body).split())


def check(explorer):
    """The screen shows what was asked for, or says why not and still shows the last good setting."""
    want = Setting(*(explorer.controls[name].value for name in RANGES))
    shown, (n, k, p, s, d) = explorer.setting, explorer.setting
    if starts_of(want):
        assert shown == want
        assert f"= {d}·({k}−1) − {p} = {d * (k - 1) - p}, tail".replace("= -", "= −") in words(explorer)
        assert f"mod {s} = {n - 1 + p - d * (k - 1) - starts_of(want)[-1]}" in words(explorer)
    else:
        assert f"{want.h}-wide kernel" in words(explorer) and "Still shown" in words(explorer)
    source, holds, dX, used = expected(shown)
    position = explorer.bar.position
    at = divmod(position, n)
    cells = [(at[0] + d * u, at[1] + d * v) for u, v in np.ndindex(k, k)]
    assert explorer.bar.count == n * n
    assert (explorer.source.shown() == source).all() and explorer.source.first == (p - d * (k - 1),) * 2
    assert set(explorer.source.hatched) == {tuple(cell) for cell in np.argwhere(~holds)}
    assert list(explorer.source.outlined) == cells
    taps = dict(zip(cells, range(k * k, 0, -1), strict=True))
    noted = {cell: int(text.lstrip("·")) for cell, text in explorer.source.notes.items()}
    assert noted == taps or (noted == {} and len(source) > 8)  # where cells get too narrow, K beside them says it
    assert sum(source[cell] * tap for cell, tap in taps.items()) == dX[at]
    kernel = explorer.kernel
    assert (kernel.shown() == np.arange(k * k, 0, -1).reshape(k, k)).all() and kernel.mark == (1, 1)
    texts = [text for row in explorer.result.texts for text in row]
    assert texts == [str(value) for value in dX.flat][: position + 1] + [""] * (n * n - position - 1)
    assert explorer.result.chosen == at and (explorer.used.shown() == used).all()
    assert explorer.bar.line.words.endswith(f"→ cell {at} = {dX[at]}")


def test_every_control_over_its_whole_range(explorer):
    through_whole_range(explorer, check)


def test_two_hundred_random_combinations_and_back_again(explorer):
    through_combinations(explorer, check, each_move=True)


def test_a_click_on_a_gradient_goes_to_its_window(explorer):
    explorer.result.chosen = (3, 1)
    assert explorer.bar.position == 16
    check(explorer)


def test_the_impossible_is_answered_in_words_and_the_picture_stays(explorer):
    move(explorer.controls["n"], 4)
    before = explorer.source.texts, explorer.result.texts, explorer.used.texts
    move(explorer.controls["h"], 5)
    assert "A 5-wide kernel does not fit a 4-wide map without padding." in words(explorer)
    assert (explorer.source.texts, explorer.result.texts, explorer.used.texts) == before


def test_deltas_on_the_windows_of_an_input_are_as_many_as_the_forward_pass_used_it():
    """And no delta, no gradient: all deltas and taps are positive."""
    for setting in filter(starts_of, all_settings()):
        view, there = backward(setting), forward(setting)
        np.testing.assert_array_equal(view.used, there.used)
        np.testing.assert_array_equal(view.result == 0, view.used == 0)
        assert view.source.shape == (setting.n + setting.dilation * (setting.h - 1),) * 2
        assert (view.source[view.hatched] == 0).all() and (view.source[~view.hatched] > 0).all()


@pytest.mark.parametrize("setting", [(6, 3, 0, 2, 1), (5, 3, 1, 2, 2), (4, 2, 3, 1, 1), (6, 2, 1, 3, 3)])
def test_dX_is_the_gradient_of_the_forward_view(setting):
    n, k, p, _, d = setting
    starts, K = starts_of(Setting(*setting)), np.arange(1, k * k + 1).reshape(k, k)
    delta = DELTAS[: len(starts), : len(starts)]

    def loss(X):
        X, total = np.pad(X, p), 0
        for i, j in np.ndindex(delta.shape):
            top, left = starts[i] + p, starts[j] + p
            total += delta[i, j] * (X[top : top + d * k : d, left : left + d * k : d][:k, :k] * K).sum()
        return total

    slope = central_difference(loss, np.zeros((n, n)), epsilon=1.0)
    np.testing.assert_array_equal(backward(Setting(*setting)).result, slope)


def test_the_deltas_have_no_symmetry_that_could_hide_a_turn():
    for m in range(2, 13):
        part = DELTAS[:m, :m]
        assert part.min() >= 1 and part.max() <= 9
        for other in (part.T, part[::-1], part[:, ::-1], part[::-1, ::-1], np.rot90(part)):
            assert (part != other).any()


@pytest.mark.parametrize(
    "setting, said",
    [
        ((5, 3, 0, 1, 1), ""),
        (
            (6, 3, 0, 2, 1),
            "Tail: 1 row and column of zeros, below and right only. 11 of 36 inputs in no window: dX = 0.",
        ),
        (
            (6, 1, 0, 3, 1),
            "Tail: 2 rows and columns of zeros, below and right only. 32 of 36 inputs in no window: dX = 0.",
        ),
        ((4, 2, 2, 1, 1), "Crop: 24 deltas that saw padding only."),
        ((3, 1, 2, 3, 1), "Crop: 8 deltas that saw padding only. 8 of 9 inputs in no window: dX = 0."),
    ],
)
def test_what_is_special_about_a_setting_is_said(setting, said):
    assert backward(Setting(*setting)).remark == said

"""The padding explorer: what it shows is read back and compared with plain loops, over its whole range."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from explorer_moves import through_combinations, through_whole_range
from helpers import forward_by_definition, says
from ipywidgets.widgets.widget import _instances

from cnnlib.widgets.explorers.padding import PaddingExplorer
from cnnlib.widgets.explorers.padding.forward import DIGITS, forward
from cnnlib.widgets.explorers.padding.settings import RANGES, Setting, fits
from cnnlib.widgets.parts.explorer import move


@pytest.fixture
def explorer():
    before = set(_instances)
    made = PaddingExplorer()
    yield made
    made.close()
    assert set(_instances) == before and not plt.get_fignums()


def asked(explorer):
    return Setting(*(explorer.controls[name].value for name in RANGES))


def expected(setting):
    """(padded X, Z, how often each cell of X is used, the cells of each window) by counting, or None."""
    n, k, p, s, d = setting
    starts = [start for start in range(0, n + 2 * p, s) if start + d * (k - 1) < n + 2 * p]
    if not starts:
        return None
    X, K = DIGITS[:n, :n], np.arange(1, k * k + 1).reshape(k, k)
    Z = forward_by_definition(X[None, None], K[None, None], stride=(s, s), padding=(p, p), dilation=(d, d))[0, 0]
    windows = [[(a + d * u, b + d * v) for u in range(k) for v in range(k)] for a in starts for b in starts]
    used = np.zeros((n, n), dtype=int)
    for a, b in (cell for window in windows for cell in window):
        if p <= a < p + n and p <= b < p + n:
            used[a - p, b - p] += 1
    padded = np.pad(X, p)
    return padded, Z, used, windows


def words(explorer):
    return re.sub(r"<.*?>", " ", explorer.says.value.split('class="cnn-says"')[1].split(">", 1)[1])


def check(explorer):
    """The screen shows what was asked for, or says why not and still shows the last good setting."""
    want, shown = asked(explorer), explorer.setting
    if expected(want) is None:
        assert f"{want.h}-wide kernel" in words(explorer) and "Still shown" in words(explorer)
        assert re.findall(r"= (\d+)", words(explorer)) == [str(value) for value in shown]
    else:
        assert shown == want
        numbers = f"{want.n} + 2·{want.padding} − {want.dilation}·({want.h}−1) − 1) / {want.stride}⌋"
        assert words(explorer).split("⌊(")[-1].startswith(numbers)
    padded, Z, used, windows = expected(shown)
    position, bar = explorer.controls["window"].position, explorer.bar
    assert bar.count == len(windows) == Z.size and 0 <= position < bar.count
    assert (explorer.source.shown() == padded).all() and explorer.source.first == (-shown.padding, -shown.padding)
    inside = [(a, b) for a, b in np.ndindex(padded.shape) if min(a, b) >= shown.padding
              and max(a, b) < shown.padding + shown.n]  # fmt: skip
    assert set(explorer.source.hatched) == set(np.ndindex(padded.shape)) - set(inside)
    assert list(explorer.source.outlined) == windows[position]
    taps = dict(zip(windows[position], range(1, shown.h**2 + 1), strict=True))
    assert (explorer.kernel.shown() == np.arange(1, shown.h**2 + 1).reshape(shown.h, -1)).all()
    noted = {cell: int(text.lstrip("·")) for cell, text in explorer.source.notes.items()}
    assert noted == taps or (noted == {} and len(padded) > 8)  # where cells get too narrow, K beside them says it
    texts = [text for row in explorer.result.texts for text in row]
    assert texts[: position + 1] == [str(z) for z in Z.flat][: position + 1] and set(texts[position + 1 :]) <= {""}
    assert (len(explorer.result.texts), len(explorer.result.texts[0])) == Z.shape
    assert explorer.result.chosen == divmod(position, Z.shape[1])
    assert (explorer.used.shown() == used).all()
    assert bar.line.words.startswith(f"window {position + 1} of {Z.size}: ")
    assert bar.line.words.endswith(f"→ cell {divmod(position, Z.shape[1])} = {Z.flat[position]}")
    if expected(want) is not None:
        assert f"= {Z.shape[0]} " in words(explorer) + " "


def test_every_control_over_its_whole_range(explorer):
    through_whole_range(explorer, check)


def test_two_hundred_random_combinations_and_back_again(explorer):
    refused = []

    def check_and_count(explorer):
        check(explorer)
        refused.append(expected(asked(explorer)) is None)

    through_combinations(explorer, check_and_count, each_move=True)
    assert 0.05 < np.mean(refused) < 0.75


def test_stepping_forth_and_back_fills_and_empties_the_output(explorer):
    bar, filled = explorer.bar, []
    for by in [1] * 12 + [-1] * 12:
        bar.step(by)
        filled.append(sum(text != "" for row in explorer.result.texts for text in row))
        check(explorer)
    assert filled == [2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1, 1, 1, 1]


def test_a_click_on_an_output_cell_goes_to_its_window(explorer):
    explorer.result.chosen = (2, 1)
    assert explorer.bar.position == 7
    check(explorer)


def test_the_impossible_is_answered_in_words_and_the_picture_stays(explorer):
    move(explorer.controls["n"], 4)
    before = explorer.source.texts, explorer.used.texts, explorer.result.texts
    move(explorer.controls["h"], 5)
    assert "A 5-wide kernel does not fit a 4-wide map without padding." in words(explorer)
    assert (explorer.source.texts, explorer.used.texts, explorer.result.texts) == before
    move(explorer.controls["padding"], 1)
    assert explorer.setting == Setting(4, 5, 1, 1, 1)
    check(explorer)


@pytest.mark.parametrize(
    "setting, said",
    [
        ((4, 5, 0, 1, 1), "a 5-wide kernel does not fit a 4-wide map without padding"),
        ((3, 3, 0, 1, 2), "a 3-wide kernel, 5 cells wide at dilation 2, does not fit a 3-wide map without padding"),
        ((2, 5, 1, 1, 1), "a 5-wide kernel does not fit a 2-wide map with padding 1: that is 4 cells"),
    ],
)
def test_why_it_does_not_fit(setting, said):
    with pytest.raises(ValueError) as refused:
        fits(Setting(*setting))
    assert str(refused.value) == said
    fits(Setting(2, 2, 0, 1, 1))


TAIL = "row and column of the map are in no window."


@pytest.mark.parametrize(
    "setting, said",
    [
        ((5, 3, 0, 1, 1), "This is mode valid."),
        ((5, 3, 1, 1, 1), "This is mode same."),
        ((5, 3, 2, 1, 2), "This is mode same."),
        ((5, 3, 2, 1, 1), "This is mode full."),
        ((5, 2, 1, 1, 1), "This is mode full."),
        ((5, 1, 0, 1, 1), ""),
        ((5, 1, 1, 1, 1), "The first window holds nothing but padding."),
        ((5, 3, 0, 2, 1), ""),
        ((6, 3, 0, 2, 1), f"The last {TAIL} 11 of the 36 cells of X are never used."),
        ((6, 1, 1, 3, 1), "The first window holds nothing but padding. "
         f"The last {TAIL.replace('the map', 'the padded map')} 32 of the 36 cells of X are never used."),
        ((6, 1, 0, 3, 1), "The last 2 rows and columns of the map are in no window. "
         "32 of the 36 cells of X are never used."),
        ((5, 1, 0, 2, 1), "16 of the 25 cells of X are never used."),
    ],
)
def test_what_is_special_about_a_setting_is_said(setting, said):
    assert forward(Setting(*setting)).remark == said


def test_another_pass_can_be_shown(explorer):
    """As notebook 07 will: any function from a setting to a View."""
    other = PaddingExplorer(lambda setting: forward(setting)._replace(formula="another formula"), n=4, padding=1)
    assert "another formula" in words(other) and other.setting == Setting(4, 3, 1, 1, 1)
    other.close()
    with says("'size' is none of"):
        PaddingExplorer(size=3)

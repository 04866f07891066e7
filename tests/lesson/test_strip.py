"""The change of index with numbers: formula and code of a window are one sum, for every input."""

import re

import numpy as np
import pytest

from cnnlib.lesson import strip
from cnnlib.lesson.row import DELTA, K, X
from cnnlib.lesson.strip import places, table


@pytest.mark.parametrize("p", range(len(X)))
def test_each_place_is_the_term_of_the_formula_and_of_the_loop(p):
    padded, turned = np.pad(DELTA, 2), K[::-1]
    for a, i, delta, tap in places(p):
        assert (delta, tap) == (padded[p + a], turned[a]) and i == p + a - 2
    formula = sum(DELTA[i] * K[p - i] for i in range(len(DELTA)) if 0 <= p - i < len(K))
    assert f"= <b>{formula}</b>" in table(p)
    assert table(p).count("class=none") == sum(not 0 <= p + a - 2 < len(DELTA) for a in range(3))


def test_a_page_without_scripts_shows_two_inputs():
    children = re.search(r"<cnn-strip[^>]*>(.*?)</cnn-strip>", strip().html, re.DOTALL)[1]
    assert "Input 2" in children and "Input 3" in children and "padded[p + a]" in children
    assert "k₂ = 3" in repr(strip())


@pytest.mark.browser
def test_arrows_and_buttons_move_p_and_the_taps_stay(chromium, tmp_path):
    path = tmp_path / "strip.html"
    path.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><body>{strip().html}', encoding="utf-8")
    page = chromium.new_page(viewport={"width": 900, "height": 500})
    page.goto(path.as_uri())

    def taps():
        return page.locator("[role=status] [class^=tap]").all_inner_texts()

    told = page.locator("[role=status] > p").first
    assert "dx₂" in told.inner_text() and taps() == ["k₂ = 3", "k₁ = 2", "k₀ = 1"]
    page.keyboard.press("Tab")
    for key, numbers in (("ArrowRight", "10·3 + 1·2 + 0·1 = 32"), ("ArrowRight", "1·3 + 0·2 + 0·1 = 3")):
        page.keyboard.press(key)
        assert numbers in told.inner_text() and taps() == ["k₂ = 3", "k₁ = 2", "k₀ = 1"]
    page.keyboard.press("ArrowRight")  # there is no input beyond the last
    assert "input p = 4" in page.locator(".which").inner_text()
    for _ in range(4):
        page.locator("button").first.click()
    assert "0·3 + 0·2 + 100·1 = 100" in told.inner_text()
    page.close()

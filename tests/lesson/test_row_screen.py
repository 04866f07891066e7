"""The row in motion on a page of its own, as the landing page has it: no kernel, no JupyterLab."""

import re

import pytest

from cnnlib.lesson import row

pytestmark = pytest.mark.browser


@pytest.fixture(params=["no-preference", "reduce"])
def page(chromium, tmp_path, request):
    path = tmp_path / "row.html"
    path.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><body>{row().html}', encoding="utf-8")
    context = chromium.new_context(viewport={"width": 950, "height": 700}, reduced_motion=request.param)
    page = context.new_page()
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert not failures


def texts(page):
    return [text for text in page.locator("text.sum").all_text_contents() if text]


def ask(page):
    page.locator("text=▶ play").click()
    page.locator("button.tap").first.wait_for()


def test_it_plays_three_rows_and_stops_at_the_question(page):
    assert texts(page) == []
    ask(page)
    assert texts(page) == ["z₀ = 123", "z₁ = 12", "z₂ = 1"]
    assert "down the column" in page.locator(".told").inner_text()
    assert page.evaluate("document.querySelector('cnn-row').shadowRoot.activeElement.textContent") == "k₀"


def test_a_wrong_order_gets_its_sentence_and_the_right_one_spells_321(page):
    ask(page)
    for wanted, told in (((0, 1, 2), "That is row 0"), ((2, 0, 1), "The top one is right"), ((1, 0, 2), "top row")):
        for u in wanted:
            page.locator("button.tap").nth(u).click()
        assert told in page.locator(".told").inner_text() and "dx₂ = 321" not in texts(page)
    for u in (2, 1, 0):
        page.locator("button.tap").nth(u).click()
    assert texts(page)[-1] == "dx₂ = 321"


def test_the_keyboard_alone_does_it_and_arrows_choose_another_input(page):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("button.tap").first.wait_for()
    for key in ("ArrowLeft", "Enter", "ArrowLeft", "Enter", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    assert texts(page)[-1] == "dx₂ = 321"
    shown = [texts(page)[-1]]
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", *["ArrowLeft"] * 4):
        page.keyboard.press(key)
        shown.append(texts(page)[-1])
    numbers = [int(re.search(r"= (\d+)", text)[1]) for text in shown]
    assert numbers == [321, 32, 3, 3, 32, 321, 210, 100]


def test_taps_glide_from_step_to_step_and_never_when_the_page_is_zoomed(page):
    """A slide is zoomed to its window: taps that glided then lay out of it for most of a second."""
    product = "document.querySelector('cnn-row').shadowRoot.querySelector('.product')"
    lasts = f"getComputedStyle({product}).transitionDuration"
    page.locator("text=▶ play").click()
    if not page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches"):
        assert page.evaluate(lasts).startswith("0.8s")
    page.locator("button.tap").first.wait_for()
    page.wait_for_function("!document.querySelector('cnn-row').shadowRoot.querySelector('.glides')")
    assert page.evaluate(lasts) == "0s"

"""Every slide of every hand-out deck in Chromium at 1280×720, opened from a file with the network off."""

import os
import re
import subprocess
import sys
from pathlib import Path

import axe
import deck_walk
import pytest

from cnnlib.course.core_path import CORE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


@pytest.fixture(scope="module")
def decks(in_git, tmp_path_factory):
    """The folder with all decks, built once from the notebooks that git has."""
    folder = tmp_path_factory.mktemp("decks")
    command = [sys.executable, "-m", "cnnlib", "slides", "--out", str(folder)]
    command += ["--notebooks", str(in_git / "notebooks")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    print(done.stdout)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_fits_a_large_screen_with_all_its_motion(name, decks, chromium):
    """The other end of what ``make walk`` goes through: 1920×1080, dark, transitions on."""
    view = deck_walk.View(1920, 1080, "no-preference", "dark")
    found = deck_walk.walk(chromium, decks / f"{name}.html", view=view)
    assert found.slides > 10 and not found.errors, found.errors
    assert not found.overflow, "\n".join(map(str, found.overflow))
    assert not found.small, "\n".join(map(str, found.small))


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_fits_the_screen_and_nothing_is_fetched(name, decks, chromium):
    found = deck_walk.walk(chromium, decks / f"{name}.html")
    assert found.slides > 10
    assert not found.overflow, "\n".join(map(str, found.overflow))
    assert not found.away, found.away
    assert not found.errors, found.errors
    assert not found.small, "\n".join(map(str, found.small))


@pytest.mark.parametrize("number", ["01", "06"])
def test_axe_finds_nothing_on_the_slides_with_an_explorer_or_a_question(decks, chromium, number):
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    page.goto(next(decks.glob(f"{number}_*.html")).as_uri())
    page.wait_for_selector(".reveal.ready")
    slides = page.evaluate("""() => Reveal.getSlides()
        .filter(slide => slide.querySelector(".cnn-stepper, cnn-predict"))
        .map(slide => Reveal.getIndices(slide)).map(({ h, v }) => [h, v ?? 0])""")
    assert len(slides) >= 2
    for h, v in slides[:6]:
        page.evaluate("([h, v]) => Reveal.slide(h, v)", [h, v])
        page.wait_for_timeout(300)
        assert axe.violations(page, ".slides section.present:not(.stack)") == [], (h, v)
    page.close()


def test_the_index_leads_to_every_deck(decks, chromium):
    page = chromium.new_page()
    page.goto((decks / "index.html").as_uri())
    leads_to = page.evaluate("[...document.links].map(link => link.getAttribute('href'))")
    assert leads_to == [f"{name}.html" for name in NAMES]
    assert page.locator("[title='core path']").count() == len(CORE)
    page.close()


@pytest.fixture
def deck_01(decks) -> Path:
    return next(decks.glob("01_*.html"))


def spoiled(deck, tmp_path, wrong, *, after="</h1>"):
    """The same deck with a fault planted on its first slide."""
    page, path = deck.read_text(encoding="utf-8"), tmp_path / "01_spoiled.html"
    path.write_text(page.replace(after, after + wrong, 1), encoding="utf-8")
    return path


def test_the_walk_sees_what_is_wrong(deck_01, chromium, tmp_path):
    wrong = """<p style="font-size:12px">small</p><div style="height:900px">tall</div><p>$x$</p>
      <pre style="white-space:pre;overflow:hidden">LONG</pre><img src="https://example.org/x.png">"""
    found = deck_walk.walk(chromium, spoiled(deck_01, tmp_path, wrong.replace("LONG", "long " * 99)), only=1)
    kinds = {(each.slide, each.cell, each.what) for each in [*found.overflow, *found.small]}
    assert {
        (1, "question", kind) for kind in ("cut off across", "formula not set", "shrunk", "small text")
    } <= kinds
    number = '<p style="position: absolute; right: 84px; bottom: 6px; margin: 0">lies on the number</p>'
    covered = deck_walk.walk(chromium, spoiled(deck_01, tmp_path, number), only=1).overflow
    assert [(each.what, each.text) for each in covered] == [("covers the number", "lies on the number")]
    assert found.away == ["https://example.org/x.png"]
    assert "a picture without words in cell question" in found.errors


def test_the_walk_sees_what_no_shrinking_helps(deck_01, chromium, tmp_path):
    found = deck_walk.walk(chromium, spoiled(deck_01, tmp_path, '<div style="height:2000px">tall</div>'), only=1)
    assert {each.what for each in found.overflow} == {"too high"} and "shrunk" in {
        each.what for each in found.small
    }


DRAWING = '<svg width="{}" viewBox="0 0 200 60"><text y="30" font-size="20">seen</text></svg>'
LINE = '<p style="font-size:24px;{}">seen</p>'
SHADOW = f'<div><template shadowrootmode="open">{LINE}</template></div>'
SCALED = {  # text of 24 px (of 20 in a drawing) that reaches the screen with another size, and that size
    "zoom": (LINE.format("zoom:.7"), 16.8),
    "zoom in a zoom": (f'<div style="zoom:.8">{LINE.format("zoom:.8")}</div>', 15.4),
    "a transform above it": (f'<div style="transform:scale(.6)">{LINE}</div>', 14.4),
    "a drawing": (DRAWING.format(100), 10),
    "a drawing in a zoom": (f'<div style="zoom:.5">{DRAWING.format(200)}</div>', 10),
    "an index": ('<p style="font-size:24px">x<sub style="font-size:12px">seen</sub></p>', 12),
    "a shadow tree": (f'<div style="zoom:.5">{SHADOW}</div>', 12),
}


@pytest.mark.parametrize("what", SCALED)
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_the_size_of_text_is_what_reaches_the_screen(what, size, deck_01, chromium, tmp_path):
    """Font size times every scale above it, at 720 whatever the window has."""
    wrong, pixels = SCALED[what]
    view = deck_walk.View(*size)
    found = deck_walk.walk(chromium, spoiled(deck_01, tmp_path, wrong), only=1, view=view).small
    seen = [each for each in found if each.text == "seen"]
    assert len(seen) == 1 and seen[0].pixels == pytest.approx(pixels, rel=0.03), list(map(str, found))


def test_a_figure_that_is_drawn_smaller_than_it_was_made_for_is_small_text(deck_01, chromium, tmp_path):
    drawn = """<img alt="a plot" width="400" style="zoom:.7" src="data:image/svg+xml,
      <svg xmlns='http://www.w3.org/2000/svg' width='800' height='100'/>">"""
    found = deck_walk.walk(chromium, spoiled(deck_01, tmp_path, drawn), only=1).small
    assert [(each.what, each.pixels) for each in found] == [("small text", 12.6)]


def test_the_key_c_shows_the_code_that_a_slide_folds(deck_01, chromium):
    with deck_walk.opened(chromium, deck_01) as (page, _, errors):
        at = page.evaluate("""() => { const slide = document.querySelector('.cnn-folded').closest('section');
            const { h, v } = Reveal.getIndices(slide); Reveal.slide(h, v); return [h, v]; }""")
        sheet, folded = page.locator(".cnn-code-sheet"), page.locator("section.present .cnn-folded pre").first
        code = folded.evaluate("node => node.textContent.trim()")
        assert not folded.is_visible() and sheet.count() == 0
        page.keyboard.press("c")
        assert sheet.locator("pre").first.inner_text().strip() == code
        assert sheet.locator("pre").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 18
        page.keyboard.press("c")
        assert sheet.count() == 0
        page.keyboard.press("c")
        page.keyboard.press("Escape")
        assert sheet.count() == 0 and not page.evaluate("Reveal.isOverview()")
        assert page.evaluate("(({ h, v }) => [h, v])(Reveal.getIndices())") == at
        page.keyboard.press("c")
        for _ in range(4):
            page.keyboard.press("PageDown")
        assert sheet.count() == 0 and not errors


def test_keys_step_through_a_picture_and_leave_the_slide_alone(deck_01, chromium):
    with deck_walk.opened(chromium, deck_01) as (page, _, errors):
        at = page.evaluate("""() => { const slide = document.querySelector('.cnn-stepper').closest('section');
            const { h, v } = Reveal.getIndices(slide); Reveal.slide(h, v); return [h, v]; }""")
        words, maps = page.locator(".cnn-stepper-words"), page.locator(".cnn-stepper .cnn-map .cnn-grid")
        assert words.inner_text().startswith("0°") and words.get_attribute("aria-live") == "polite"
        page.locator(".cnn-stepper-bar button.cnn-forward").focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
            page.keyboard.press(key)
        assert words.inner_text() == "5° of 180°"
        page.keyboard.press("End")
        assert words.inner_text().startswith("180°")
        turned = maps.evaluate_all("all => all.map(e => getComputedStyle(e).transform.slice(0, 10))")
        assert turned.count("matrix(-1,") == 1  # the kernel
        assert page.evaluate("(({ h, v }) => [h, v])(Reveal.getIndices())") == at
        assert page.locator(".cnn-stepper-bar button.cnn-play").is_hidden()  # little motion is asked for
        page.locator(".cnn-stepper-bar button.cnn-forward").evaluate("node => node.blur()")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("(({ h, v }) => [h, v])(Reveal.getIndices())") != at
        assert not errors


def test_the_speaker_notes_open_from_a_file(deck_01, chromium):
    with deck_walk.opened(chromium, deck_01) as (page, away, errors):
        with page.context.expect_page() as opened:
            page.keyboard.press("s")
        notes = opened.value.locator(".speaker-controls-notes .value")
        notes.filter(has_text="You will").wait_for(timeout=20_000)
        assert not away and not errors


def test_it_prints_two_slides_a_page_with_lines_below_each(deck_01, chromium):
    with deck_walk.opened(chromium, deck_01, query="?print-pdf&two") as (page, _, errors):
        page.wait_for_selector(".cnn-ruled")
        slides = page.evaluate("Reveal.getTotalSlides()")
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        assert printed.count(b"/Type /Page\n") == (slides + 1) // 2
        assert page.locator(".cnn-ruled").count() == slides and not errors
        rooms = page.locator(".cnn-write").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
        assert rooms and min(rooms) > 30  # pixels of the page, on which a slide is drawn at 56 %


def test_a_formula_stands_once_in_the_speakers_notes(deck_01):
    page = deck_01.read_text(encoding="utf-8")
    notes = re.findall(r'<aside class="notes">.*?</aside>', page, re.DOTALL)
    assert any("<mjx-container" in note for note in notes) and "<mjx-assistive-mml" in page
    assert not any("<mjx-assistive-mml" in note for note in notes)


def test_it_prints_one_page_a_slide(deck_01, chromium):
    with deck_walk.opened(chromium, deck_01, query="?print-pdf") as (page, _, errors):
        page.wait_for_selector(".pdf-page")
        slides = page.evaluate("Reveal.getTotalSlides()")
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        assert printed.count(b"/Type /Page\n") == page.locator(".pdf-page").count() == slides
        assert not errors


def test_a_question_takes_the_rooms_vote_and_pagedown_opens_its_answer(deck_01, chromium):
    with deck_walk.opened(chromium, deck_01) as (page, _, errors):
        slide = "(({ h, v }) => [h, v])(Reveal.getIndices())"
        asked, at = page.locator("cnn-predict").first, page.evaluate(slide)
        option = asked.locator("button.option")
        page.keyboard.press("1")
        assert "the room" in option.nth(0).inner_text() and "✗" not in option.nth(0).inner_text()
        page.keyboard.press("3")
        assert "the room" not in option.nth(0).inner_text()
        page.keyboard.press("PageDown")
        assert "✗ the room" in option.nth(2).inner_text() and page.evaluate(slide) == at
        assert asked.locator(".said").inner_text().startswith("✗ Nothing happens to the image")
        page.keyboard.press("PageUp")
        assert asked.locator(".said").inner_text() == "" and page.evaluate(slide) == at
        page.keyboard.press("PageDown")
        page.keyboard.press("PageDown")
        assert page.evaluate(slide) != at and not errors

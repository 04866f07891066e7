"""The bug lab of notebook 13 in JupyterLab and real Chromium: every control moved, by mouse and by keyboard."""

import re

import pytest
import screen

from cnnlib import bugs
from cnnlib.bugs import detectors, training_results
from cnnlib.widgets.bug_lab.lab import ANSWERS

# One page for all tests, in the order of the file: each goes on where the one before left the lab.
pytestmark = pytest.mark.browser
NAME = "13_forget_the_rotation.ipynb"
KEYS = list(bugs.BUGS)
CHOSEN = "no_share"


@pytest.fixture(scope="module")
def page(chromium, in_git, tmp_path_factory):
    notebooks, home = in_git / "notebooks", tmp_path_factory.mktemp("home")
    with screen.course_page(chromium, notebooks, home, NAME, shows=".cnn-bug-lab") as page:
        yield page


@pytest.fixture
def lab(page):
    return page.locator(".cnn-bug-lab").first


def soon(page, condition):
    screen.wait_for(page, condition, page.locator(".cnn-bug-lab").first.inner_text)


def says(lab):
    """The middle column of the table of verdicts."""
    return lab.locator("td.cnn-says").all_inner_texts()


def update(lab):
    """The update that the live run has come to; 0 if there is none."""
    found = re.search(r"update ([\d,]+) of", lab.inner_text())
    return int(found[1].replace(",", "")) if found else 0


def answer(lab, text):
    return lab.locator(".widget-toggle-button", has_text=text)


def places(lab):
    """Where the controls and the pictures are, seen from the lab."""
    return lab.evaluate("""lab => [...lab.querySelectorAll('select, button, svg')].map(e => {
        const at = lab.getBoundingClientRect(), r = e.getBoundingClientRect();
        return [r.x - at.x, r.y - at.y, r.width, r.height].map(Math.round) })""")


def test_a_laptop_with_the_file_browser_open_has_the_whole_lab_on_one_screen(page, lab):
    """1366×768 leaves 934 pixels; there everything stood in one column, 1,120 pixels high."""
    size = page.viewport_size
    page.set_viewport_size({"width": size["width"] - lab.evaluate("e => e.clientWidth") + 934, "height": 768})
    soon(page, lambda: lab.evaluate("e => e.clientWidth") == 934)
    page.wait_for_timeout(500)
    assert lab.evaluate("e => e.clientHeight") <= 680
    assert lab.evaluate("""e => [...e.querySelectorAll('*')].every(x => x.scrollWidth <= x.clientWidth + 1
        || getComputedStyle(x).overflowX === 'visible')""")
    page.set_viewport_size(size)
    soon(page, lambda: lab.evaluate("e => e.clientWidth") > 934)


def test_every_bug_can_be_seen_without_scrolling_the_list(lab):
    box = lab.locator("select").first
    assert box.locator("option").count() == len(KEYS)
    assert box.evaluate("e => e.scrollHeight <= e.clientHeight")


def test_a_bug_is_chosen_by_keyboard_and_asks_first(page, lab):
    lab.locator("select").first.focus()
    for _ in range(KEYS.index(CHOSEN)):
        page.keyboard.press("ArrowDown")
    soon(page, lambda: f"wrong: {bugs.BUGS[CHOSEN].wrong}" in lab.inner_text())
    assert says(lab) == ["?"] * len(detectors.TESTS)
    assert lab.locator("button", has_text="Train it live").is_disabled()
    assert "with the bug" not in lab.locator("svg").all_text_contents()


def test_an_answer_by_keyboard_shows_the_verdicts_and_moves_nothing(page, lab):
    before = places(lab)
    answer(lab, ANSWERS[1]).focus()
    page.keyboard.press("Space")
    soon(page, lambda: "?" not in says(lab))
    expected = ["✓ sees it" if verdict.sees else "– is blind" for verdict in detectors.verdicts(CHOSEN)]
    assert says(lab) == expected
    assert f"No: {training_results.outcome(CHOSEN)}." in lab.inner_text()
    soon(page, lambda: any("with the bug" in text for text in lab.locator("svg").all_text_contents()))
    assert places(lab) == before


def test_train_it_live_starts_and_stop_stops(page, lab):
    button = lab.locator("button", has_text="Train it live")
    button.focus()
    page.keyboard.press("Enter")
    soon(page, lambda: update(lab) >= 10)
    lab.locator("button", has_text="Stop").click()
    soon(page, lambda: lab.locator("button", has_text="Train it live").count() == 1)
    held = update(lab)
    page.wait_for_timeout(1000)
    assert update(lab) == held < training_results.UPDATES


def test_another_seed_by_keyboard_takes_the_run_away(page, lab):
    lab.locator("select").nth(1).focus()
    page.keyboard.press("ArrowDown")
    soon(page, lambda: update(lab) == 0)
    assert "?" not in says(lab)  # the answer stands


def test_another_bug_and_an_answer_by_mouse(page, lab):
    lab.locator("select").first.select_option(label=bugs.BUGS["mispaired"].sentence)
    soon(page, lambda: says(lab) == ["?"] * len(detectors.TESTS))
    answer(lab, ANSWERS[2]).click()
    soon(page, lambda: f"Yes: {training_results.outcome('mispaired')}." in lab.inner_text())


def test_no_request_left_the_machine_and_no_error_was_thrown(page):
    assert not page.away and not page.failures

"""Live slides in Chromium: every slide of the core path fits and can be read, and widgets work on it."""

import json

import pytest
from live_slides import ACTIVE, LOOK, ROOT, SHOWN, SMALLEST, move_on, slide_show, walk
from screen import wait_for

from cnnlib.course.places import CORE

pytestmark = pytest.mark.browser


def cell_names(number):
    (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    return [cell["id"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


# Some slides are too wide, too high or too small in the live show since these notebooks were rewritten.
CROWDED = pytest.mark.xfail(reason="some slides of this notebook do not fit the live show yet", strict=False)
FITTING = ["05"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "number", [pytest.param(number, marks=[] if number in FITTING else CROWDED) for number in CORE]
)
def test_every_slide_of_the_core_path_fits_and_is_readable(chromium, tmp_path, number):
    names, wrong, slides = cell_names(number), [], set()

    def look(cells):
        slides.add(tuple(cells))
        wrong.extend((names[cells[0]], *trouble) for trouble in page.evaluate(LOOK, SMALLEST))

    with slide_show(chromium, tmp_path, number) as page:
        walk(page, look)
        assert len(slides) > 20 and sorted(set(wrong)) == []
        assert page.away == set() and page.failures == []


@pytest.fixture(scope="module")
def rotator(chromium, tmp_path_factory):
    """Notebook 01, shown up to the slide with the kernel rotator."""
    with slide_show(chromium, tmp_path_factory.mktemp("lecture"), "01") as page:
        here = cell_names("01").index("rotator-widget")
        while here not in page.evaluate(SHOWN):
            assert move_on(page)
        page.wait_for_selector(".jp-deck-mod-onscreen .cnn-explorer")
        yield page


def test_the_explorer_hears_its_keys_and_the_slide_stays(rotator):
    page, slide = rotator, rotator.evaluate(SHOWN)

    def angle():
        return page.locator(".cnn-position").inner_text().split(":")[0]

    assert angle() == "0°"
    for place in ('button[title^="one on"]', ".cnn-transport [role=slider]"):
        page.locator(place).focus()
        before = angle()
        page.keyboard.press("ArrowRight")
        wait_for(page, lambda before=before: angle() != before, angle)
    page.keyboard.press("Home")
    wait_for(page, lambda: angle() == "0°", angle)
    page.keyboard.press("Space")
    wait_for(page, lambda: angle() == "180°", angle)
    page.locator("select >> nth=0").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(SHOWN) == slide


def test_a_button_of_the_explorer_is_clicked_where_it_is_drawn(rotator):
    """The slide is magnified: what a click hits must still be what it shows."""
    rotator.locator('.cnn-explorer button:has-text("convolution")').click()
    sums = rotator.locator(".cnn-sums")
    wait_for(rotator, lambda: "∗" in sums.inner_text(), sums.inner_text)


def test_the_clicker_moves_on_from_inside_the_explorer_and_comes_back(rotator):
    slide, active = rotator.evaluate(SHOWN), rotator.evaluate(ACTIVE)
    rotator.locator(".cnn-transport [role=slider]").focus()
    assert move_on(rotator) and rotator.evaluate(SHOWN) != slide
    assert move_on(rotator, "PageUp") and rotator.evaluate(ACTIVE) == active
    assert rotator.evaluate(SHOWN) == slide


def test_the_show_begins_on_the_first_slide_by_itself(chromium, tmp_path):
    with slide_show(chromium, tmp_path, "03") as page:
        assert page.evaluate(SHOWN) == [0]
        assert "Who is to blame" in page.locator(".jp-deck-mod-onscreen").first.inner_text()

        cells = page.locator(".jp-Notebook .jp-Cell").count()
        for key in ("b", "Space", "d", "d", "a", "x", "m", "y", "1", "Enter", "Delete"):
            page.keyboard.press(key)
            page.wait_for_timeout(60)
        assert page.locator(".cnn-blank").count() == 0  # b blanked the screen, Space brought it back
        page.keyboard.press("Escape")
        page.wait_for_selector("body:not([data-jp-deck-mode])", state="attached")
        assert page.locator(".jp-Notebook .jp-Cell").count() == cells
        assert "Who is to blame" in page.locator(".jp-Notebook .jp-Cell").first.inner_text()

        page.locator(".jp-Notebook .jp-Cell").last.scroll_into_view_if_needed()
        page.locator(".jp-Notebook .jp-Cell").last.click()
        page.click('[data-jp-item-name="deck"]')  # from a note, which no slide shows
        page.wait_for_selector("body[data-jp-deck-mode=presenting]", state="attached")
        page.wait_for_timeout(500)
        assert page.evaluate(SHOWN) != []
        assert move_on(page, "PageUp")


def test_a_full_stop_blanks_the_screen_and_any_key_brings_it_back(rotator):
    slide = rotator.evaluate(SHOWN)
    rotator.keyboard.press(".")
    rotator.wait_for_selector(".cnn-blank")
    rotator.keyboard.press("PageDown")
    assert rotator.locator(".cnn-blank").count() == 0 and rotator.evaluate(SHOWN) == slide


def test_escape_ends_the_show_and_nothing_left_the_machine(rotator):
    rotator.keyboard.press("Escape")
    rotator.wait_for_selector("body:not([data-jp-deck-mode])", state="attached")
    assert rotator.away == set() and rotator.failures == []


def test_a_question_takes_the_rooms_vote_and_pagedown_opens_it_before_the_show_moves_on(chromium, tmp_path):
    with slide_show(chromium, tmp_path, "01") as page:
        slide, cells = page.evaluate(SHOWN), page.locator(".jp-Notebook .jp-Cell").count()
        option = page.locator(".jp-deck-mod-onscreen cnn-predict .option").first
        page.keyboard.press("1")
        assert option.inner_text().endswith("the room")
        assert move_on(page) and page.evaluate(SHOWN) == slide and "✗ the room" in option.inner_text()
        assert move_on(page) and page.evaluate(ACTIVE) > 0
        opened = page.locator("cnn-predict").evaluate_all("all => all.map(each => each.at)")
        assert opened == [1] + [0] * (len(opened) - 1)  # questions of later slides wait for theirs
        assert page.locator(".jp-Notebook .jp-Cell").count() == cells and not page.failures

"""The lecture in Chromium: every slide fits at every size, keys do what the guide says, and the show survives."""

import json
import os
import re
import signal
from pathlib import Path

import pytest
from live_slides import ACTIVE, LOOK, PLACE, ROOT, SHOWN, SMALLEST, lecture, move_on, settled, slide_show
from screen import wait_for

from cnnlib.course.lecture_slides import lectured, slides_of

pytestmark = pytest.mark.browser
HERE = ".jp-deck-mod-onscreen"  # the next notebook is open behind this one
SIZES = [(1920, 1080), (1024, 768), (1280, 720)]  # a wall, an old projector, what slides are drawn for


def cell_names(number):
    (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    return [cell["id"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


@pytest.mark.slow
def test_pagedown_leads_from_the_first_slide_to_the_last_and_every_step_fits_every_window(chromium, tmp_path):
    """The window changes on every step, as when a projector is plugged in."""
    wrong = []
    with slide_show(chromium, tmp_path, "00") as page:
        for name, notebook in lectured(ROOT / "notebooks"):
            presses = sum(slide.presses for slide in slides_of(notebook))
            for press in range(presses):
                place = page.locator(PLACE).inner_text()
                assert place.startswith(name[:2]), (name, press, place)
                for width, height in SIZES:
                    page.set_viewport_size({"width": width, "height": height})
                    settled(page)
                    wrong += [(place, width, *trouble) for trouble in page.evaluate(LOOK, SMALLEST)]
                moved = move_on(page, seconds=60)
            assert moved or name.startswith("12")
        page.wait_for_selector(".cnn-show-told:has-text('last slide')")
        assert wrong == [] and page.away == set() and page.failures == []


@pytest.fixture(scope="module")
def rotator(chromium, tmp_path_factory):
    """The lecture of notebook 01, shown up to the slide with the kernel rotator."""
    with slide_show(chromium, tmp_path_factory.mktemp("lecture"), "01") as page:
        here = cell_names("01").index("rotator-widget")
        while here not in page.evaluate(SHOWN):
            assert move_on(page)
        page.wait_for_selector(".jp-deck-mod-onscreen .cnn-explorer")
        yield page


def test_the_explorer_hears_its_keys_and_the_slide_stays(rotator):
    page, slide = rotator, rotator.evaluate(SHOWN)

    def angle():
        return page.locator(f"{HERE} .cnn-position").inner_text().split(":")[0]

    assert angle() == "0°"
    for place in ('button[title^="one on"]', ".cnn-transport [role=slider]"):
        page.locator(f"{HERE} {place}").focus()
        before = angle()
        page.keyboard.press("ArrowRight")
        wait_for(page, lambda before=before: angle() != before, angle)
    page.keyboard.press("Home")
    wait_for(page, lambda: angle() == "0°", angle)
    page.keyboard.press("Space")
    wait_for(page, lambda: angle() == "180°", angle)
    page.locator(f"{HERE} select >> nth=0").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(SHOWN) == slide


def test_a_button_of_the_explorer_is_clicked_where_it_is_drawn(rotator):
    """The slide is magnified: what a click hits must still be what it shows."""
    sums = rotator.locator(f"{HERE} .cnn-sums")
    rotator.locator(f'{HERE} button:has-text("convolution")').click()
    wait_for(rotator, lambda: "∗" in sums.inner_text(), sums.inner_text)


def test_the_clicker_moves_on_from_inside_the_explorer_and_comes_back(rotator):
    slide, active = rotator.evaluate(SHOWN), rotator.evaluate(ACTIVE)
    rotator.locator(f"{HERE} .cnn-transport [role=slider]").focus()
    assert move_on(rotator) and rotator.evaluate(SHOWN) != slide
    assert move_on(rotator, "PageUp") and rotator.evaluate(ACTIVE) == active
    assert rotator.evaluate(SHOWN) == slide


def test_a_clicker_does_nothing_while_the_notebook_still_runs(chromium, tmp_path):
    """Else it scrolls the notebook on the wall, past the answers."""
    with lecture(tmp_path, "03") as (origin, path):
        page = chromium.new_context(viewport={"width": 1280, "height": 720}).new_page()
        page.goto(origin + path)
        page.wait_for_selector(".cnn-show-told:has-text('then the show begins by itself')", timeout=120_000)
        assert "The lecture opens" in page.locator(".cnn-show-cover").inner_text()  # and no list of files
        scrolled = "() => document.querySelector('.jp-WindowedPanel-outer').scrollTop"
        before = page.evaluate(scrolled)
        for _ in range(3):
            page.keyboard.press("PageDown")
        page.wait_for_timeout(300)
        assert page.locator("body[data-jp-deck-mode=presenting]").count() == 0  # it still runs
        assert page.evaluate(scrolled) == before
        page.context.close()


def test_a_notebook_that_stops_at_an_error_says_so_on_its_slides(chromium, tmp_path):
    """The show begins all the same, and the line stays until R has run the notebook to its end."""
    with lecture(tmp_path, "03") as (origin, path):
        copy = next(tmp_path.rglob("lecture/notebooks/03_*.ipynb"))
        notebook = json.loads(copy.read_text(encoding="utf-8"))
        second = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"][1]
        second["source"] = ["1 / 0"]
        copy.write_text(json.dumps(notebook), encoding="utf-8")
        page = chromium.new_context(viewport={"width": 1280, "height": 720}).new_page()
        page.goto(origin + path)
        page.wait_for_selector("body[data-jp-deck-mode=presenting]", state="attached", timeout=120_000)
        told = page.locator(".cnn-show-told.cnn-show-urgent")
        wait_for(page, lambda: "ZeroDivisionError" in told.inner_text(), told.inner_text)
        page.wait_for_selector(".cnn-show-cover", state="detached")
        assert move_on(page) and f"cell {second['id']}" in told.inner_text()
        page.context.close()


def test_the_show_begins_on_the_first_slide_by_itself(chromium, tmp_path):
    with slide_show(chromium, tmp_path, "03") as page:
        assert page.evaluate(SHOWN) == [0] and page.locator(".cnn-show-cover").count() == 0
        assert "Who is to blame" in page.locator(".jp-deck-mod-onscreen").first.inner_text()

        cells = page.locator(".jp-Notebook .jp-Cell").count()
        for key in ("b", "Space", "d", "d", "a", "x", "m", "y", "1", "Enter", "Delete"):
            page.keyboard.press(key)
            page.wait_for_timeout(60)
        assert page.locator(".cnn-show-blank").count() == 0  # b blanked the screen, Space brought it back
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
    rotator.wait_for_selector(".cnn-show-blank")
    rotator.keyboard.press("PageDown")
    assert rotator.locator(".cnn-show-blank").count() == 0 and rotator.evaluate(SHOWN) == slide


def test_a_question_takes_the_rooms_vote_and_pagedown_opens_it_before_the_show_moves_on(chromium, tmp_path):
    with slide_show(chromium, tmp_path, "01") as page:
        slide, cells = page.evaluate(SHOWN), page.locator(".jp-Deck .jp-Cell").count()
        option = page.locator(".jp-deck-mod-onscreen cnn-predict .option").first
        page.keyboard.press("1")
        assert option.inner_text().endswith("the room")
        assert move_on(page) and page.evaluate(SHOWN) == slide and "✗ the room" in option.inner_text()
        assert move_on(page) and page.evaluate(ACTIVE) > 0
        opened = page.locator("cnn-predict").evaluate_all("all => all.map(each => each.at)")
        assert opened == [1] + [0] * (len(opened) - 1)  # questions of later slides wait for theirs
        assert page.locator(".jp-Deck .jp-Cell").count() == cells and not page.failures


def test_a_key_that_may_be_the_explorers_leaves_its_slide_only_when_it_is_pressed_again(rotator):
    page, slide, told = rotator, rotator.evaluate(SHOWN), rotator.locator(".cnn-show-told")
    page.evaluate("document.activeElement.blur()")
    for key in ("Home", "ArrowRight", "End", "Space"):
        page.keyboard.press(key)
        assert "Was this for the explorer?" in told.inner_text() and page.evaluate(SHOWN) == slide, key
    for width, height in SIZES:  # the line lies over nothing
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        assert page.evaluate(LOOK, SMALLEST) == []
    page.locator(f"{HERE} .cnn-transport [role=slider]").click()
    assert not told.inner_text()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert move_on(page, "ArrowRight") and page.evaluate(SHOWN) != slide and not told.inner_text()
    assert move_on(page, "PageUp") and page.evaluate(SHOWN) == slide


def test_an_explorer_alone_on_its_slide_has_the_heading_of_its_section(rotator):
    title = f"getComputedStyle(document.querySelector('{HERE}'), '::before').content"
    assert rotator.evaluate(title) == '"Turn a kernel yourself"'


def test_who_goes_back_while_the_next_notebook_runs_stays_there(chromium, tmp_path):
    with slide_show(chromium, tmp_path, "02") as page:
        place, told = page.locator(PLACE), page.locator(".cnn-show-told")
        next_one = kernel_of(page, page.server, "04")
        os.kill(next_one, signal.SIGSTOP)
        page.keyboard.press("End")
        wait_for(page, lambda: "5 / 5" in place.inner_text(), place.inner_text)
        page.keyboard.press("PageDown")
        page.wait_for_selector(".cnn-show-told:has-text('Notebook 04 still runs')")
        assert move_on(page, "PageUp") and place.inner_text() == "02 · 4 / 5" and not told.inner_text()
        os.kill(next_one, signal.SIGCONT)
        idle = 0
        while idle < 5:  # seconds in which the next notebook runs no cell: it has run
            page.wait_for_timeout(1000)
            idle = idle + 1 if session_of(page, page.server, "04")["kernel"]["execution_state"] == "idle" else 0
        assert place.inner_text() == "02 · 4 / 5"
        while not place.inner_text().startswith("04 · 1"):
            assert move_on(page, seconds=60)


def session_of(page, address, number=None):
    """The server's record of the notebook of that number, else of the one in sight."""
    here = number or page.locator(PLACE).inner_text()[:2]
    sessions = page.request.get(f"{address[0]}/api/sessions?{address[1]}").json()
    (session,) = [each for each in sessions if Path(each["path"]).name.startswith(here)]
    return session


def kernel_of(page, address, number=None):
    """The process of its kernel."""
    kernel = session_of(page, address, number)["kernel"]["id"]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"kernel-{kernel}.json" in (process / "cmdline").read_text():
                return int(process.name)
        except OSError:
            continue
    raise AssertionError(f"no process of kernel {kernel}")


def test_a_kernel_that_dies_is_said_in_one_line_and_r_brings_the_same_slide_back(rotator):
    page, slide = rotator, rotator.evaluate(SHOWN)
    os.kill(kernel_of(page, page.server), signal.SIGKILL)
    page.wait_for_selector(".cnn-show-told.cnn-show-urgent:has-text('R runs the notebook again')", timeout=30_000)
    page.keyboard.press("r")
    told = page.locator(".cnn-show-told")
    wait_for(page, lambda: not told.inner_text(), told.inner_text, seconds=120)
    assert page.evaluate(SHOWN) == slide
    page.wait_for_selector(".jp-deck-mod-onscreen .cnn-explorer")
    page.locator(f"{HERE} .cnn-transport [role=slider]").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    position = page.locator(f"{HERE} .cnn-position")
    wait_for(page, lambda: not position.inner_text().startswith("0°"), lambda: "no kernel answers")


def test_a_kernel_that_somebody_restarts_is_said_at_the_next_slide(rotator):
    """Its page sees a kernel that is alive, but no widget of the notebook is known to it any more."""
    page, (origin, token) = rotator, rotator.server
    slide, kernel = page.evaluate(SHOWN), session_of(page, page.server)["kernel"]["id"]
    assert page.request.post(f"{origin}/api/kernels/{kernel}/restart?{token}").ok
    assert move_on(page, "PageUp")
    page.wait_for_selector(".cnn-show-told.cnn-show-urgent:has-text('R runs the notebook again')", timeout=30_000)
    while page.evaluate(SHOWN) != slide:
        assert move_on(page)
    page.keyboard.press("r")
    page.wait_for_function("!document.querySelector('.cnn-show-told').textContent", timeout=120_000)
    assert page.evaluate(SHOWN) == slide


def test_a_page_that_is_loaded_again_comes_back_to_its_slide(rotator):
    slide = rotator.evaluate(SHOWN)
    rotator.reload()
    shown = "body[data-jp-deck-mode=presenting] .jp-deck-mod-onscreen .cnn-explorer"
    rotator.wait_for_selector(shown, timeout=120_000)
    wait_for(rotator, lambda: rotator.evaluate(SHOWN) == slide, lambda: rotator.evaluate(SHOWN))


def test_the_next_notebook_comes_after_the_last_slide_already_run_and_pageup_goes_back(rotator):
    page = rotator
    page.evaluate("document.activeElement.blur()")
    for _ in range(2):  # the first is taken for the explorer's
        page.keyboard.press("End")
    place = page.locator(PLACE).inner_text
    wait_for(page, lambda: re.search(r"(\d+) / \1$", place()), place)
    while place().startswith("01"):  # what is closed on it opens, then the next notebook comes
        last = page.evaluate(SHOWN)
        assert move_on(page, seconds=60)
    assert place().startswith("02 · 1")
    assert "make a map larger" in page.locator(".jp-deck-mod-onscreen h1").inner_text()
    assert page.locator(".jp-Deck .jp-InputPrompt:text('[*]')").count() == 0
    assert move_on(page, "PageUp") and page.evaluate(SHOWN) == last


def test_the_other_keys_move_the_show_only_where_no_control_has_the_focus(rotator):
    page = rotator
    page.keyboard.press("Home")
    wait_for(page, lambda: " 1 /" in page.locator(PLACE).inner_text(), lambda: page.locator(PLACE).inner_text())
    for key in ("Space", "ArrowRight", "ArrowDown"):
        assert move_on(page, key), key
    for key in ("ArrowLeft", "ArrowUp"):
        assert move_on(page, key), key
    wait_for(page, lambda: move_on(page, "Shift+PageDown"), lambda: "no section follows")
    page.keyboard.press("Home")


def test_c_unfolds_the_code_of_a_slide_and_folds_it_again(rotator):
    page = rotator
    while cell_names("01").index("learn-check") not in page.evaluate(SHOWN):
        assert move_on(page)
    code = page.locator(f"{HERE}.jp-CodeCell .cm-content")
    assert not code.first.is_visible()
    page.keyboard.press("c")
    assert code.first.is_visible()
    page.keyboard.press("c")
    assert not code.first.is_visible()


def test_escape_ends_the_show_and_nothing_left_the_machine(rotator):
    rotator.keyboard.press("Escape")
    rotator.wait_for_selector("body:not([data-jp-deck-mode])", state="attached")
    lab = ("jlab_core", "Canceled future")  # JupyterLab's own, when a kernel is lost and a page loaded again
    own = [each for each in rotator.failures if not any(word in each for word in lab)]
    assert rotator.away == set() and own == []

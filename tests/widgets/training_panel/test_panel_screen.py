"""Notebook 12 in JupyterLab and real Chromium: every control moved, by mouse and by keyboard, nothing sent away."""

import re

import pytest
import screen

# One page for all tests: each goes on where the one before left the panel, so a file stays in one worker.
pytestmark = pytest.mark.browser
NAME = "12_watch_lenet_learn.ipynb"


@pytest.fixture(scope="module")
def page(chromium, in_git, tmp_path_factory):
    notebooks, home = in_git / "notebooks", tmp_path_factory.mktemp("home")
    with screen.course_page(chromium, notebooks, home, NAME, shows='button:has-text("Play")') as page:
        yield page


def status(page):
    """The line of words under the live road."""
    return page.locator(".widget-html-content", has_text=" of 1,200").first.inner_text()


def update(page):
    return int(re.search(r"update ([\d,]+) of", status(page))[1].replace(",", ""))


def pictures(page):
    """What the delta pictures of the live panel show now."""
    return page.locator('.jupyter-widgets img[alt*="delta maps"]').evaluate_all("all => all.map(i => i.src)")


def wait_for(page, condition, seconds=60):
    screen.wait_for(page, condition, lambda: f"the panel says {status(page)}, {controls(page)}", seconds)


def still(page, locator):
    """Wait until the panel's words and the element's place on the page stay as they are for a third of a second."""
    seen = []

    def stays():
        seen.append((status(page), locator.bounding_box()))
        return len(seen) > 7 and len(set(map(str, seen[-7:]))) == 1

    wait_for(page, stays)


def controls(page):
    """What the buttons and the kernel are at: for the message of a wait that was in vain."""
    buttons = [words for words in page.locator(".jupyter-widgets button").all_inner_texts() if words]
    kernel = page.locator("#jp-main-statusbar").inner_text().replace("\n", " ")
    return f"{says(page)!r}, its buttons {buttons}, the status bar {kernel!r}, errors {page.failures}"


def test_all_cells_ran_and_the_still_road_comes_before_the_panel(page):
    still = page.locator('.jp-OutputArea-output img[alt*="delta maps"]')
    assert still.count() >= 8 and len(pictures(page)) == 4
    assert still.first.evaluate("image => image.naturalWidth") > 50


def test_play_changes_the_pictures_and_pause_holds_them(page):
    before = pictures(page)
    page.click('button:has-text("Play")')
    wait_for(page, lambda: update(page) >= 20)
    assert all(new != old for new, old in zip(pictures(page), before, strict=True))
    page.click('button:has-text("Pause")')
    page.wait_for_timeout(300)
    held = update(page), pictures(page)
    page.wait_for_timeout(700)
    assert (update(page), pictures(page)) == held


def test_nothing_jumps_while_it_plays(page):
    def places():
        """Where the controls are, seen from the first of them: the notebook itself may scroll."""
        boxes = page.locator(".jupyter-widgets button, .jupyter-widgets .slider-container").evaluate_all(
            "all => all.map(e => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height] })"
        )
        return [(x - boxes[0][0], y - boxes[0][1], w, h) for x, y, w, h in boxes]

    before = places()
    page.click('button:has-text("Play")')
    wait_for(page, lambda: update(page) >= 45)
    page.click('button:has-text("Pause")')
    page.wait_for_timeout(300)
    assert places() == before


def test_the_plateau_is_named_and_can_be_skipped(page):
    wait_for(page, lambda: "on the plateau" in status(page))
    page.click('button:has-text("Skip to update 400")')
    wait_for(page, lambda: update(page) >= 400, seconds=60)
    page.click('button:has-text("Pause")')
    assert page.locator('button:has-text("Skip")').is_hidden()


def test_scrubber_by_keyboard(page):
    handle = page.locator(".jupyter-widgets .noUi-handle").first
    handle.focus()
    page.keyboard.press("Home")
    wait_for(page, lambda: update(page) == 0)
    at_start = pictures(page)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    wait_for(page, lambda: update(page) == 3)
    assert pictures(page) != at_start


def test_buttons_by_keyboard(page):
    page.locator('button[title^="to the last"]').focus()
    page.keyboard.press("Space")
    wait_for(page, lambda: update(page) >= 400)
    newest = update(page)
    page.locator('button[title^="one back"]').focus()
    page.keyboard.press("Enter")
    wait_for(page, lambda: update(page) < newest)
    page.locator('button[title^="one on"]').focus()
    page.keyboard.press("Space")
    wait_for(page, lambda: update(page) == newest)
    page.locator('button[title^="play or pause"]').focus()
    page.keyboard.press("Space")
    wait_for(page, lambda: update(page) > newest)
    page.keyboard.press("Space")
    page.locator('button[title^="to the first"]').click()
    wait_for(page, lambda: update(page) == 0)


def test_the_keys_of_every_transport_bar(page):
    page.locator('button[title^="to the last"]').click()
    wait_for(page, lambda: update(page) >= 400)
    newest, wipe = update(page), page.locator('button:has-text("Clear")')
    screen.transport_keys(page, wipe, lambda: update(page), first=0, last=newest)
    page.keyboard.press("End")
    wait_for(page, lambda: update(page) >= newest)
    newest = update(page)
    page.keyboard.press("ArrowRight")  # beyond the record: one more update is trained
    wait_for(page, lambda: update(page) == newest + 1)
    delta2 = sheet(page, "the delta maps δ²")
    delta2.focus()
    page.keyboard.press("ArrowRight")  # a map has a use of its own for the arrows
    wait_for(page, lambda: says(page).startswith("δ²"))
    assert update(page) == newest + 1
    page.keyboard.press("Home")
    wait_for(page, lambda: update(page) == 0)
    page.keyboard.press("Escape")


def choose(page, label, value):
    page.locator(".widget-dropdown", has_text=label).locator("select").select_option(value)


def test_digit_sample_and_slice(page):
    shown = page.locator('.jupyter-widgets img[alt^="the digit,"]')
    choose(page, "digit shown", "7")
    wait_for(page, lambda: shown.get_attribute("alt").endswith("7"))
    first = shown.get_attribute("src")
    slider = page.locator(".widget-slider", has_text="which one").locator(".noUi-handle")
    slider.focus()
    page.keyboard.press("ArrowRight")
    wait_for(page, lambda: shown.get_attribute("src") != first)
    choose(page, "slice of K to map", "4")
    choose(page, "from", "2")
    large = page.locator('.jupyter-widgets img[alt*="from map 2 to map 4"]')
    wait_for(page, lambda: large.count() == 4)  # in each lane as ∗ is given it, and as it lies on the maps


def test_a_menu_keeps_its_keys_while_the_notebook_is_in_command_mode(page):
    page.locator(".jp-Notebook").first.focus()
    menu = page.locator(".widget-dropdown", has_text="digit shown").locator("select")
    menu.focus()
    before = int(menu.input_value())
    page.keyboard.press("ArrowUp")
    wait_for(page, lambda: int(menu.input_value()) == before - 1)
    assert menu.evaluate("menu => menu === document.activeElement")
    box = page.locator(".widget-checkbox input")
    box.focus()
    page.keyboard.press("Space")
    assert box.is_checked()
    page.keyboard.press("Space")


def test_speed_low_cpu_seed_and_start_over(page):
    choose(page, "speed", "as fast as it goes")
    page.locator(".widget-checkbox input").check()
    page.locator('button[title^="to the last"]').click()
    wait_for(page, lambda: update(page) >= 400)
    page.locator('input[type="number"]').fill("1")
    page.keyboard.press("Enter")
    page.click('button:has-text("Start over")')
    wait_for(page, lambda: update(page) == 0)
    assert "this 6 is taken for a 7" in status(page)  # by the new seed's weights; by the old seed's for a 4
    page.click('button:has-text("Play")')
    wait_for(page, lambda: update(page) >= 10)
    page.click('button:has-text("Pause")')


def says(page):
    """The line under the live road that tells what the chosen number was made of."""
    return page.locator('.jupyter-widgets [role="status"]').first.inner_text()


def sheet(page, name):
    return page.locator(f'.jupyter-widgets .cnn-sheet[aria-label*="{name}"]')


def test_a_number_is_chosen_by_mouse_and_by_keys_and_what_it_was_made_of_lights_up(page):
    delta2 = sheet(page, "the delta maps δ²")
    delta2.scroll_into_view_if_needed()
    still(page, delta2)  # the test before paused it: what is drawn meanwhile may move it under the pointer
    delta2.click(position={"x": 21, "y": 25})  # cells of 4×4 pixels: row 6, column 5 of the first map
    wait_for(page, lambda: says(page).startswith("δ²(1)[6,5] = "))
    assert sheet(page, "the delta maps δ³").locator(".cnn-lit").count() == 12
    page.keyboard.press("ArrowDown")
    wait_for(page, lambda: says(page).startswith("δ²(1)[7,5] = "))
    for _ in range(7):
        page.keyboard.press("ArrowRight")  # over the edge into the map beside it
    wait_for(page, lambda: says(page).startswith("δ²(2)[7,0] = "))
    assert delta2.evaluate("sheet => sheet === document.activeElement")  # the focus outlives the new picture
    page.keyboard.press("Escape")
    wait_for(page, lambda: says(page).startswith("Choose a number"))
    activation = sheet(page, "the maps A³")
    activation.focus()
    page.keyboard.press("ArrowLeft")
    wait_for(page, lambda: says(page).startswith("A³(1)[4,4] = "))
    assert sheet(page, "the maps A²").locator(".cnn-lit").count() == 6
    page.keyboard.press("Escape")


def test_a_digit_drawn_by_mouse_and_one_drawn_by_keys_go_through_the_net(page):
    pad = page.locator("canvas.cnn-sketch")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 75, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] + 130, steps=8)
    page.mouse.up()
    wait_for(page, lambda: "your drawing is" in status(page))
    digit = page.locator('.jupyter-widgets img[alt^="the digit,"]')
    by_mouse = digit.get_attribute("src")
    page.click('button:has-text("Clear")')
    wait_for(page, lambda: digit.get_attribute("src") != by_mouse)
    empty = digit.get_attribute("src")
    pad.focus()
    page.keyboard.press("Space")
    for key in 12 * ["ArrowDown"] + 5 * ["ArrowRight"]:
        page.keyboard.press(key)
    wait_for(page, lambda: digit.get_attribute("src") not in (empty, by_mouse))
    choose(page, "it is meant to be a", "1")
    wait_for(page, lambda: (digit.get_attribute("alt") or "").endswith("a handwritten 1"))
    page.keyboard.press("Escape")
    choose(page, "digit shown", "3")
    wait_for(page, lambda: "this 3" in status(page))


def test_every_net_is_drawn_and_trains(page):
    for words, deltas in (("LeNet-5-style: tanh", 4), ("modern: ReLU, max, softmax", 4)):
        choose(page, "net", words)
        wait_for(page, lambda: update(page) == 0)
        assert len(pictures(page)) == deltas
        page.locator('button[title^="one on"]').click()
        wait_for(page, lambda: update(page) == 1)


def test_a_saved_run_is_loaded_after_the_net_was_changed(page):
    page.locator('button[title^="one on"]').click()
    wait_for(page, lambda: update(page) == 2)
    page.click('button:has-text("Save")')
    page.wait_for_selector("text=update 2 saved in run.npz")
    choose(page, "net", "the article's: sigmoid")
    wait_for(page, lambda: update(page) == 0)
    page.locator('button[title="go on with the run in the file"]').focus()
    page.keyboard.press("Space")
    page.wait_for_selector("text=Play goes on from there")
    wait_for(page, lambda: update(page) == 2)
    menu = page.locator(".widget-dropdown", has_text="net").first.locator("select")
    assert menu.input_value() == "modern: ReLU, max, softmax"
    page.locator('.widget-text input[type="text"]').fill("no such file.npz")
    page.keyboard.press("Enter")
    page.click('button:has-text("Load")')
    page.wait_for_selector("text=✗")
    assert update(page) == 2


def test_clearing_the_output_stops_the_training(page):
    page.click('button:has-text("Play")')
    page.wait_for_timeout(500)
    page.click('.lm-MenuBar-item:has-text("Edit")')
    page.click('.lm-Menu-item[data-command="editmenu:clear-all"]')
    page.wait_for_timeout(1000)
    page.wait_for_selector("text=/Python 3.*\\| Idle/")
    page.keyboard.press("Escape")
    page.locator(".jp-Notebook .jp-Cell").last.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Mode: Edit")
    page.keyboard.insert_text("print('playing', panel.playing)")
    page.keyboard.press("Shift+Enter")
    said = page.locator(".jp-OutputArea-output pre", has_text=re.compile("^playing (True|False)"))
    said.first.wait_for()
    assert said.first.inner_text().strip() == "playing False"


def test_no_request_left_the_machine_and_no_error_was_thrown(page):
    assert (page.away, page.failures) == (set(), [])

"""Every explorer in JupyterLab and real Chromium, by keyboard alone: names, moves, pictures, contrast, no jump.

One notebook builds them one after the other, as the benchmark does, and the training panel beside them.
"""

import re

import pytest
import screen
from explorer_page import EXPLORERS, PANEL, page_of_explorers, shown
from reachable import FAINT, MOVING, PICTURE, UNDESCRIBED, accessible, stops

pytestmark = pytest.mark.browser
PANELS = [*EXPLORERS, PANEL]
KEYS = {  # of a control, by its role: one of them has to change the picture
    "combobox": ("ArrowDown", "ArrowUp"), "listbox": ("ArrowDown", "ArrowUp"),
    "slider": ("ArrowRight", "ArrowLeft"), "spinbutton": ("ArrowUp", "ArrowDown"),
    "button": ("Space",), "checkbox": ("Space",),
    "gridcell": ("ArrowRight", "ArrowDown"), "group": ("ArrowRight",), "application": ("Space",),
    "textbox": ("End", "Backspace", "7", "Enter"),
}  # fmt: skip
LARGER = ["sizes"]  # of the pixel tracer: maps of another size need another room
BAR = ["to the last", "one back", "to the first", "one on"]
# The panel begins where these change nothing.
AT_AN_END = ("to the ", "one back", "go on with the run", "Clear", "Start over")


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with page_of_explorers(chromium, home, size=(1280, 1500)) as page:
        yield page


@pytest.fixture
def explorer(page, request):
    """The explorer of the test's name, new, as a locator."""
    return shown(page, request.param)


every = pytest.mark.parametrize("explorer", PANELS, indirect=True)


def settled(page, root):
    """The picture, once it has stopped changing."""
    shown = root.evaluate(PICTURE)
    for _ in range(40):
        page.wait_for_timeout(60)
        last, shown = shown, root.evaluate(PICTURE)
        if shown == last:
            break
    return shown


def changes(page, root, keys):
    """Does the picture change when these keys are pressed, one after the other?"""
    before = settled(page, root)
    for key in keys:
        page.keyboard.press(key)
        for _ in range(10):
            page.wait_for_timeout(50)
            if root.evaluate(PICTURE) != before:
                return True
    return False


def where(page):
    """(inside the bar?, already chosen?, its cell, its height) of what has the focus."""
    return page.evaluate("""() => { const e = document.activeElement; return [
        !!e.closest(".cnn-transport") && e.matches("button"), e.matches(".mod-active"), e.dataset.cell ?? null,
        e.closest(".cnn-explorer").getBoundingClientRect().height] }""")


def dark(page, wanted):
    """JupyterLab in its dark theme, or in its light one."""
    light = "false" if wanted else "true"
    if page.locator(f'body[data-jp-theme-light="{light}"]').count() == 0:
        page.click('.lm-MenuBar-item:has-text("Settings")')
        page.hover('.lm-Menu-item:has-text("Theme")')
        page.click(f'.lm-Menu-item:has-text("JupyterLab {"Dark" if wanted else "Light"}") >> nth=0')
        page.wait_for_selector(f'body[data-jp-theme-light="{light}"]', state="attached")
        page.wait_for_timeout(800)


def still_is_right(explorer):
    """Every text is readable, every picture described; something tells what changes; nothing moves by itself."""
    assert explorer.evaluate(FAINT) == []
    assert explorer.evaluate(UNDESCRIBED) == []
    assert explorer.locator('[role="status"], [aria-live="polite"]').count(), "nothing tells what changed"
    assert explorer.evaluate(MOVING) == []  # so there is nothing that prefers-reduced-motion would have to stop


@every
def test_tab_reaches_every_control_each_has_a_name_and_moves_by_keys_and_nothing_jumps(page, explorer):
    still_is_right(explorer)
    height, seen = explorer.bounding_box()["height"], []
    for stop in stops(page, explorer):
        seen.append(stop)
        assert re.search(r"\w", stop.name), f"{stop.role} has no name, after {seen[-2:]}"
        assert stop.role in KEYS, stop
        in_bar, chosen, cell, _ = where(page)
        if in_bar or chosen or stop.name.startswith(AT_AN_END):
            continue  # a bar's buttons have tests of their own
        changed = changes(page, explorer, KEYS[stop.role])
        _, _, now, tall = where(page)
        assert changed or now != cell, f"{stop}: nothing changes"
        if ", goal: " in stop.name:  # a question is open, and nothing but its answer moves
            explorer.locator(".cnn-goals.cnn-asking").wait_for()
            page.keyboard.press("Escape")
            explorer.locator(".cnn-goals:not(.cnn-asking)").wait_for()
            assert accessible(page).name == stop.name  # the focus comes back
        height = tall if stop.role == "textbox" else height  # other numbers may be longer
        if stop.name not in LARGER:
            assert tall == pytest.approx(height, abs=1), f"{stop}: {tall} pixels high and not {height}"
        if len(KEYS[stop.role]) == 2 and cell is None:  # there and back: the others stay as they were at first
            page.keyboard.press(KEYS[stop.role][1])
            settled(page, explorer)
        if stop.name.startswith(("Play", "Train")):
            page.keyboard.press("Space")  # Pause, or Stop
            settled(page, explorer)
    assert len(seen) >= 2 and len(set(seen)) >= len(seen) - 12
    unreached = explorer.locator("button:enabled, select:enabled, input:enabled, [role=slider]")
    enabled = [box for box in unreached.all() if box.is_visible()]
    assert len([stop for stop in seen if stop.role not in ("gridcell", "group", "application")]) >= len(enabled)


def left(page, words, before):
    """Wait until the bar says something else than before."""
    screen.wait_for(page, lambda: words.inner_text() != before, lambda: f"it still says {before}")


@every
def test_the_buttons_of_the_bar_by_keyboard(page, explorer):
    words = explorer.locator(".cnn-position")
    if not words.is_visible():  # no bar; the panel's has tests of its own
        return
    said = words.inner_text()
    for name in BAR if said != words.inner_text() else [*BAR, *BAR]:
        button = explorer.locator(f'.cnn-transport button[title^="{name}"]')
        button.focus()
        before = words.inner_text()
        page.keyboard.press("Space")
        if name.startswith("to the"):
            settled(page, explorer)  # it may be there already
        else:
            left(page, words, before)
    explorer.locator('button[title^="play"]').focus()
    page.keyboard.press("Space")
    explorer.locator('button:has-text("Pause")').wait_for()
    page.keyboard.press("Space")
    explorer.locator('button:has-text("Play")').wait_for()


@every
def test_the_keys_of_every_transport_bar(page, explorer):
    words, control = explorer.locator(".cnn-position"), explorer.locator(".cnn-transport button:enabled").last
    if not words.is_visible():  # no bar; the panel's has tests of its own
        return
    control.focus()
    ends = []
    for key in ("End", "Home"):
        page.keyboard.press(key)
        settled(page, explorer)
        ends.insert(0, words.inner_text())
    assert len(set(ends)) == 2
    screen.transport_keys(page, control, words.inner_text, first=ends[0], last=ends[1])


@every
def test_it_is_readable_in_the_dark_theme_too(page, explorer):
    dark(page, True)
    still_is_right(explorer)


def test_a_panel_that_is_closed_while_it_plays_or_while_one_draws_says_nothing(page):
    """What it had still to tell the kernel, a frame or a line later, nobody hears any more: it must not be told."""
    failures = list(page.failures)
    panel = shown(page, PANEL)
    panel.locator('button[title^="play"]').click()
    panel.locator('button:has-text("Pause")').wait_for()
    pad = panel.locator("canvas.cnn-sketch")
    pad.scroll_into_view_if_needed()
    page.evaluate("() => { window.atOnce = requestAnimationFrame; }")
    page.evaluate("() => { window.requestAnimationFrame = (action) => setTimeout(action, 700); }")
    page.wait_for_timeout(600)
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 75, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] + 90)
    page.locator(".choice select").select_option("")
    screen.wait_for(page, lambda: page.locator(".cnn-explorer").count() == 0, lambda: "the panel is still there")
    page.mouse.up()
    page.wait_for_timeout(1500)
    page.evaluate("() => { window.requestAnimationFrame = window.atOnce; }")
    assert page.failures == failures


def test_nothing_left_the_machine_and_nothing_failed(page):
    assert (page.away, page.failures) == (set(), [])

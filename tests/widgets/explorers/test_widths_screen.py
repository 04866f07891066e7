"""Every explorer in a narrow window and in a wide one: nothing of it lies beyond its room or is cut off.

The room is what a notebook leaves: JupyterLab's own bars stand beside it, the file browser is folded away.
"""

import pytest
from explorer_page import EXPLORERS, PANEL, page_of_explorers, shown

pytestmark = pytest.mark.browser
WIDTHS = (390, 768, 1150, 1920)  # a telephone, a tablet, a laptop's window, a wall
# What lies to the left or right of the explorer's room, or beyond the edge of a box that cuts it off.
BEYOND = """root => {
  const room = root.closest(".jp-OutputArea-output").getBoundingClientRect(), found = [];
  for (const e of root.querySelectorAll("*")) {
    const box = e.getBoundingClientRect();
    if (!box.width || getComputedStyle(e).visibility === "hidden" || e.closest("[aria-hidden=true]")) continue;
    if (e.closest(".cnn-narrow .cnn-road, .noUi-origin")) continue; // scrolled in its place; an empty box
    const told = `${e.tagName} ${e.getAttribute("class")} ${e.textContent.slice(0, 30)}`;
    if (box.right > room.right + 1 || box.left < room.left - 1) found.push(told);
    const cuts = e.matches(".widget-container, .widget-html-content, .cnn-step, .cnn-lanes")
      && getComputedStyle(e).overflowX !== "visible";
    if (cuts && e.scrollWidth > e.clientWidth + 1) found.push(`cut off: ${told}`);
  }
  return found;
}"""
# Text that nobody can read on a telephone, in pixels of the screen.
SMALLEST = 8
TINY = """([root, smallest]) => [...root.querySelectorAll("*")].filter(e => {
  const words = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  if (!words || !e.getClientRects().length || e.closest("sub, sup, style, script")) return false;
  const drawn = e.ownerSVGElement ? Math.hypot(e.getScreenCTM().a, e.getScreenCTM().b) : e.currentCSSZoom;
  return parseFloat(getComputedStyle(e).fontSize) * drawn < smallest;
}).map(e => `${e.getAttribute("class")} ${e.textContent.slice(0, 30)}`)"""


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    with page_of_explorers(chromium, tmp_path_factory.mktemp("home"), size=(1150, 900)) as page:
        yield page


@pytest.mark.parametrize("name", [*EXPLORERS, PANEL])
def test_at_every_width_it_keeps_to_its_room_and_can_be_read(page, name):
    wrong = {}
    explorer = shown(page, name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(500)
        wrong[width] = explorer.evaluate(BEYOND) + page.evaluate(TINY, [explorer.element_handle(), SMALLEST])
    assert not any(wrong.values()), wrong


def test_a_map_of_another_size_is_fitted_to_the_width_as_well(page):
    page.set_viewport_size({"width": 390, "height": 900})
    page.wait_for_timeout(600)
    explorer = shown(page, "padding, backwards")
    for label in ("padding", "image n"):  # to their ends: a larger frame, and a larger map
        slider = explorer.locator(f".widget-hslider:has-text('{label}') [role=slider]")
        slider.focus()
        for _ in range(4):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(700)
        assert explorer.evaluate(BEYOND) == []

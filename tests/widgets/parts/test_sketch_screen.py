"""The drawing pad in Chromium, without a kernel: which pointers draw, and what they leave."""

import json

import pytest

from cnnlib.widgets.parts.traits import script

pytestmark = pytest.mark.browser
PAGE = """
<style>.cnn-sketch {{ width: 150px; height: 150px; touch-action: none; }}</style>
<div id="pad"></div><script type="module">
{module}
const state = {{ strokes: [] }}, heard = {{}};
window.model = {{
  get: (name) => state[name], save_changes: () => (window.saved = (window.saved ?? 0) + 1),
  set: (name, value) => {{ state[name] = value; heard[`change:${{name}}`]?.(); }},
  on: (name, action) => (heard[name] = action), off: () => {{}},
}};
render({{ model: window.model, el: document.getElementById("pad") }});
</script>"""


@pytest.fixture
def page(chromium):
    module = script("sketch.js")
    page = chromium.new_context(has_touch=True, viewport={"width": 400, "height": 300}).new_page()
    page.set_content(PAGE.format(module=module.replace("export default { render };", "")))
    page.wait_for_selector("canvas.cnn-sketch")
    yield page
    page.context.close()


def strokes(page):
    page.wait_for_timeout(150)
    return json.loads(page.evaluate("JSON.stringify(window.model.get('strokes'))"))


def place(page, x, y):
    box = page.locator("canvas").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def ink(page):
    """Cells of the canvas with ink."""
    return page.evaluate("""[...document.querySelector("canvas").getContext("2d").getImageData(0, 0, 168, 168).data]
        .filter((value, k) => k % 4 === 3 && value > 128).length""")


def test_a_line_is_a_stroke_of_points_from_0_to_1(page):
    page.mouse.move(*place(page, 0.2, 0.1))
    page.mouse.down()
    page.mouse.move(*place(page, 0.2, 0.9), steps=10)
    page.mouse.move(*place(page, 3, 0.9))  # beyond the edge it stays at the edge
    page.mouse.up()
    (stroke,) = strokes(page)
    assert stroke[0] == pytest.approx([0.2, 0.1], abs=0.01) and stroke[-1] == pytest.approx([1, 0.9], abs=0.01)
    assert len(stroke) > 8 and ink(page) > 1000


def test_a_tap_leaves_a_dot(page):
    page.mouse.click(*place(page, 0.5, 0.5))
    (stroke,) = strokes(page)
    assert stroke == [pytest.approx([0.5, 0.5], abs=0.01)] and 150 < ink(page) < 350


@pytest.mark.parametrize("button", ["right", "middle"])
def test_other_buttons_draw_nothing(page, button):
    page.mouse.move(*place(page, 0.2, 0.2))
    page.mouse.down(button=button)
    page.mouse.move(*place(page, 0.8, 0.8), steps=5)
    page.mouse.up(button=button)
    assert strokes(page) == [] and ink(page) == 0


def test_a_second_finger_draws_nothing(page):
    touch = page.context.new_cdp_session(page)

    def send(kind, *fingers):
        points = [{"x": place(page, x, y)[0], "y": place(page, x, y)[1], "id": k} for k, x, y in fingers]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", (0, 0.2, 0.2))
    send("touchStart", (0, 0.2, 0.2), (1, 0.9, 0.9))
    for y in (0.3, 0.4, 0.5):
        send("touchMove", (0, 0.2, y), (1, 0.9 - y, 0.9))
    send("touchEnd")
    (stroke,) = strokes(page)
    assert all(x == pytest.approx(0.2, abs=0.02) for x, _y in stroke) and stroke[-1][1] > 0.45


def test_it_stops_where_the_pointer_is_taken_away(page):
    page.evaluate("""() => {
        document.querySelector("canvas").onpointerdown = (event) => { window.id = event.pointerId } }""")
    page.mouse.move(*place(page, 0.2, 0.2))
    page.mouse.down()
    page.mouse.move(*place(page, 0.3, 0.3), steps=3)
    page.evaluate("document.querySelector('canvas').releasePointerCapture(window.id)")
    page.mouse.move(*place(page, 0.8, 0.8), steps=5)
    page.mouse.up()
    (stroke,) = strokes(page)
    assert max(x for x, _y in stroke) < 0.45


def test_keys_draw_and_the_kernel_can_wipe(page):
    page.focus("canvas")
    for key in ("Space", "ArrowDown", "ArrowDown", "Space", "ArrowRight", "Space", "ArrowRight"):
        page.keyboard.press(key)
    one, two = strokes(page)
    assert len(one) == 3 and len(two) == 2 and one[-1][1] > one[0][1] and two[1][0] > two[0][0]
    page.evaluate("window.model.set('strokes', [])")
    assert ink(page) == 0
    page.keyboard.press("ArrowRight")
    assert strokes(page) == []  # the pen was lifted
    page.keyboard.press("Space")
    page.keyboard.press("Delete")
    assert strokes(page) == []

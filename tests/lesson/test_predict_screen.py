"""The prediction control in JupyterLab and Chromium: closed until answered, by mouse and by keyboard."""

import json

import pytest
from screen import cells_page, scroll_to
from test_predictions import CELLS, CHOICE, NUMBER

pytestmark = pytest.mark.browser
ASK = """
import json
from cnnlib.lesson.predictions import Prediction
Prediction(json.loads({!r}), picture="<p>before</p>", evidence="<p>after</p>", labels={})
"""
PICTURED = """
from cnnlib.plots import figures
from cnnlib.plots.tap_windows import tap_windows
figures.plt.style.use(figures.STYLE)
four = figures.as_html(tap_windows((3, 4), (2, 3)), alt="four windows of a kernel")
Prediction(json.loads({!r}), picture=four, evidence="<p>after</p>")
"""
TALL = """
Prediction(json.loads({!r}), evidence="<p style='height: 600px; width: 300px'>after</p>")
"""


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    labels = [["1", "2", "3"], ["4", "5", "6"]]
    cells = [ASK.format(json.dumps(each), (each is CELLS and labels) or None) for each in (CHOICE, NUMBER, CELLS)]
    cells += [PICTURED.format(json.dumps(CHOICE)), TALL.format(json.dumps(CHOICE))]
    with cells_page(chromium, tmp_path_factory.mktemp("home"), *cells, size=(1366, 768)) as page:
        yield page


def text(control):
    """What it shows now."""
    return control.locator(".frame").inner_text()


@pytest.fixture
def control(page):
    """A function that scrolls to the control of a kind, closed."""
    def of(number):
        found = page.locator("cnn-predict").nth(number)
        scroll_to(page, f"cnn-predict >> nth={number}")
        if found.locator("text=try again").is_visible():
            found.locator("text=try again").click()
        assert found.locator("text=before").is_visible() and not found.locator("text=after").is_visible()
        return found
    return of


def test_nothing_is_told_before_and_the_answer_stays_after(control):
    asked = control(0)
    assert "Read forwards" not in text(asked)
    asked.locator("button.option", has_text="321").click()
    assert asked.locator("text=after").is_visible() and not asked.locator("text=before").is_visible()
    assert "The order matters" in asked.locator(".said").inner_text()
    assert "your answer" in asked.locator("button.option", has_text="321").inner_text()
    assert "✓" in asked.locator("button.option", has_text="123").inner_text()
    asked.locator("button.option", has_text="0").last.click()  # another answer's sentence; his own stays marked
    assert "still fit" in asked.locator(".said").inner_text()
    assert "your answer" in asked.locator("button.option", has_text="321").inner_text()


def test_arrows_pass_enter_answers_and_the_notebook_hears_no_key(page, control):
    asked, cells = control(0), page.locator(".jp-Notebook .jp-Cell").count()
    asked.locator("button.option").first.focus()
    for key in ("ArrowDown", "b", "d", "d", "m", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    assert not asked.locator("text=after").is_visible()
    page.keyboard.press("Enter")
    assert "✓ your answer" in asked.locator("button.option", has_text="123").inner_text()
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    page.keyboard.press("Tab")  # on to "try again"
    page.keyboard.press("Space")
    assert asked.locator("text=before").is_visible()


def test_show_me_opens_without_an_answer(control):
    asked = control(0)
    asked.locator("text=show me").click()
    assert "Read forwards" in text(asked) and "your answer" not in text(asked)


@pytest.mark.parametrize(
    ("typed", "told"),
    [("321", "Yes, from the top"), ("123", "the row"), ("5", "Add the three"), ("642/2", "Yes, from the top")],
)
def test_a_number_gets_the_sentence_of_its_mistake(page, control, typed, told):
    asked = control(1)
    asked.locator("input").click()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    assert told in asked.locator(".said").inner_text()
    assert f"your answer: {typed}" in text(asked)


def test_what_is_no_number_is_no_answer(page, control):
    asked = control(1)
    asked.locator("input").fill("three")
    page.keyboard.press("Enter")
    assert "Type one number" in text(asked) and not asked.locator("text=after").is_visible()
    asked.locator("input").fill("")


def test_cells_are_chosen_by_keys_and_judged_as_a_set(page, control):
    asked = control(2)
    asked.locator("button.cell").first.focus()
    for key in ("ArrowRight", "Space", "ArrowDown", "ArrowRight", "Enter", "ArrowDown"):
        page.keyboard.press(key)
    asked.locator("text=check").click()
    assert "1 of the 2 cells, and 1 that does not belong" in asked.locator(".said").inner_text()
    signs = asked.locator("button.cell").all_inner_texts()
    assert [sign[-1] for sign in signs] == ["1", "✓", "3", "4", "✓", "✗"]


def test_a_flat_picture_is_not_shrunk_beside_the_words_and_each_theme_has_its_own(page):
    scroll_to(page, "cnn-predict >> nth=3")
    asked = page.locator("cnn-predict").nth(3)
    seen = {}
    for theme in ("true", "false", "true"):
        page.evaluate("light => { document.body.dataset.jpThemeLight = light }", theme)
        shown = [image for image in asked.locator("img").all() if image.is_visible()]
        assert len(shown) == 1 and shown[0].get_attribute("alt") == "four windows of a kernel"
        seen.setdefault(theme, set()).add(shown[0].get_attribute("src"))
        assert shown[0].bounding_box()["width"] >= 0.85 * int(shown[0].get_attribute("width"))
    assert len(seen["true"]) == len(seen["false"]) == 1 and seen["true"] != seen["false"]


def test_a_drawing_stays_in_sight_when_only_printed_lines_answer(page):
    asked = page.locator("cnn-predict").nth(3)
    asked.locator("text=show me").click()
    assert asked.locator("text=after").is_visible()
    assert [image.is_visible() for image in asked.locator("img").all()].count(True) == 1


def test_what_is_said_stands_below_the_answers_where_the_result_reaches_further_down(page):
    """Below a tall result it would be out of sight: one would have to scroll for the answer to one's answer."""
    scroll_to(page, "cnn-predict >> nth=4")
    asked = page.locator("cnn-predict").nth(4)
    asked.locator("button.option").first.click()
    said, result = asked.locator(".said").bounding_box(), asked.locator("[slot=evidence]").bounding_box()
    assert said["height"] > 0 and said["y"] + said["height"] < result["y"] + result["height"] - 200
    asked.locator("text=try again").click()
    assert asked.locator(".said").inner_text() == ""


def test_no_request_left_the_machine_and_no_error_was_thrown(page):
    assert not page.away and not page.failures

"""axe-core on what a notebook shows of ours in JupyterLab: explorers, panel, and the controls of a lesson."""

import axe
import pytest
from explorer_page import EXPLORERS, PANEL, page_of_explorers, shown
from screen import cells_page, scroll_to

pytestmark = pytest.mark.browser
LESSON = {  # the element → a cell that shows it
    "cnn-row": "from cnnlib.lesson import row\nrow()",
    "cnn-blackboard": "from cnnlib.lesson import blackboard\nblackboard()",
    "cnn-predict": "from cnnlib.lesson import predict\npredict('05-one-axis')",
    ".cnn-verdict": "import numpy as np\nfrom cnnlib.lesson import differ\ndiffer(np.eye(2), np.ones((2, 2)))",
}


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    with page_of_explorers(chromium, tmp_path_factory.mktemp("home"), size=(1366, 900)) as page:
        yield page


@pytest.mark.parametrize("name", [*EXPLORERS, PANEL])
def test_an_explorer_at_rest_and_with_an_open_question(page, name):
    explorer = shown(page, name)
    assert axe.violations(page, ".cnn-explorer") == []
    if explorer.locator(".cnn-goal").count():
        explorer.locator(".cnn-goal").first.click()
        explorer.locator(".cnn-goals.cnn-asking").wait_for()
        assert axe.violations(page, ".cnn-explorer") == []


def test_the_controls_of_a_lesson(chromium, tmp_path):
    with cells_page(chromium, tmp_path, *LESSON.values(), size=(1366, 900)) as page:
        for element in LESSON:
            scroll_to(page, element)
            assert axe.violations(page, f".jp-OutputArea-output:has({element})") == []


def test_a_fault_is_seen(page):
    shown(page, "rotator").evaluate("e => e.querySelector('button').setAttribute('aria-label', 'something else')")
    page.evaluate("document.querySelector('.cnn-explorer').append(document.createElement('img'))")
    rules = {found.partition(":")[0] for found in axe.violations(page, ".cnn-explorer")}
    assert {"image-alt", "label-content-name-mismatch"} <= rules

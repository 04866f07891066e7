"""A notebook opened again after saving: where an explorer was, a line says how it comes back."""

import pytest
from screen import cells_page

pytestmark = pytest.mark.browser

SOURCE = "from cnnlib.widgets.explorers.rotator import Rotator\nRotator()"


def test_the_line_stands_there_only_when_the_explorer_does_not(chromium, tmp_path):
    with cells_page(chromium, tmp_path, SOURCE, shows=".cnn-explorer") as page:
        page.wait_for_selector(".cnn-explorer")
        assert page.locator(".cnn-reopened").is_hidden()
        page.keyboard.press("Control+s")
        page.wait_for_timeout(2000)
        page.evaluate("document.querySelector('.cnn-explorer').remove()")  # as where the model is not found
        page.wait_for_selector(".cnn-reopened:visible")
        assert "run this cell" in page.locator(".cnn-reopened").inner_text()

"""Takes docs/panel.png, the picture in the README: notebook 12 in JupyterLab, trained for a while, as it is seen.

usage: python tools/panel_picture.py [UPDATES]      (make picture; needs Chromium and the tools of make test-all)
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from screen import jupyterlab, notebook_page, run_all, scroll_to  # noqa: E402 (after the path to it)

updates = int(sys.argv[1]) if len(sys.argv) > 1 else 700
with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
    notebooks = shutil.copytree(ROOT / "notebooks", Path(home, "notebooks"))
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    with (
        jupyterlab(notebooks, home) as address,
        notebook_page(browser, address, "12_watch_lenet_learn.ipynb", size=(1280, 1000)) as page,
    ):
        run_all(page)
        scroll_to(page, 'button:has-text("Play")')
        page.locator(".widget-dropdown", has_text="speed").locator("select").select_option("as fast as it goes")
        page.locator(".widget-dropdown", has_text="digit shown").locator("select").select_option("3")
        page.click('button:has-text("Play")')
        reached = "n => +/update ([\\d,]+) of/.exec(document.body.innerText)[1].replace(',', '') >= n"
        page.wait_for_function(reached, arg=updates, timeout=300_000)
        page.click('button:has-text("Pause")')
        page.wait_for_timeout(500)
        panel = page.locator(".jupyter-widgets.widget-vbox", has=page.locator('button:has-text("Play")')).first
        panel.screenshot(path=ROOT / "docs" / "panel.png")
    browser.close()

"""The site in Chromium, built from registries alone: the first page, what a phone sees, and loading that is told.

What needs a complete Pyodide — every notebook run in the page, with and without the server — is make site-check.
"""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tools" / "site"), str(ROOT / "tools")]
import packages  # noqa: E402 (after the path to it)

pytestmark = pytest.mark.browser
RUN = "live/run.html?path=notebooks/01_correlation_is_not_convolution.ipynb"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The live part and the first page, Pyodide's packages left to its own server."""
    out = tmp_path_factory.mktemp("some where") / "site"
    command = [sys.executable, "tools/site", "--out", out, "--only", "live", "landing"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def address(site):
    import check  # it needs the browser's driver, which make test does without

    with check.served(site) as (address, _server):
        yield address


def opened(chromium, address, path="", **context):
    """A page of the site; every other host is blocked, and noted in ``page.away``."""
    page = chromium.new_context(**{"viewport": {"width": 1366, "height": 768}} | context).new_page()
    page.away, page.failures = [], []
    import check

    here = address.removesuffix(check.BELOW)
    page.route(lambda url: not url.startswith((here, "data:", "blob:")), lambda route: route.abort())
    page.on("request", lambda request: request.url.startswith(here) or page.away.append(request.url))
    page.on("pageerror", lambda error: page.failures.append(str(error)))
    page.goto(address + path)
    return page


# ---- the folder


def test_the_lock_names_our_files_with_their_hashes_and_pyodides_by_address(site):
    folder = site / "live" / "static" / "pyodide"
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    official = packages.lock_of(packages.core())["packages"]
    for name, entry in lock.items():
        if "://" in entry["file_name"]:
            assert entry["file_name"].startswith(packages.LIST["cdn"])
            assert entry["sha256"] == official[name]["sha256"]
        else:
            assert packages.sha256(folder / entry["file_name"]) == entry["sha256"], name
    imports = {name for entry in lock.values() for name in entry["imports"]}
    assert {"cnnlib", "numpy", "matplotlib", "sympy", "ipywidgets", "anywidget", "jupyterquiz"} <= imports


def test_every_notebook_and_page_is_in_it_without_outputs(site):
    files = site / "live" / "files"
    for path in [*ROOT.glob("notebooks/[01]*.ipynb"), *ROOT.glob("notebooks/solutions/[01]*.ipynb")]:
        assert [cell.id for cell in nbformat.read(files / path.relative_to(ROOT), 4).cells]
    assert (files / "docs" / "index.md").is_file()
    first = {name for name, _ in json.loads((site / "live" / "files.json").read_text(encoding="utf-8"))["files"]}
    assert any(name.startswith("static/pyodide/cnnlib-") for name in first)


# ---- the first page


@pytest.mark.parametrize("width, theme", [(1366, "light"), (1920, "dark"), (390, "light")])
def test_the_first_page_fits_and_asks_nobody(chromium, address, width, theme):
    page = opened(chromium, address, viewport={"width": width, "height": 768}, color_scheme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.locator("cnn-row").bounding_box()["y"] < 400 and not page.away and not page.failures
    page.context.close()


def test_the_row_moves_and_its_answer_is_not_in_sight_before(chromium, address):
    page = opened(chromium, address)
    assert not page.locator("details.answer p").first.is_visible()
    before = page.locator("cnn-row").evaluate("row => (row.shadowRoot || row).innerHTML")
    page.locator("cnn-row button:visible").first.click()
    page.wait_for_function("old => { const row = document.querySelector('cnn-row');"
                           " return (row.shadowRoot || row).innerHTML !== old }", arg=before)  # fmt: skip
    page.context.close()


def test_a_phone_is_led_to_the_book_and_may_go_on(chromium, address):
    phone = {"viewport": {"width": 390, "height": 844}, "screen": {"width": 390, "height": 844}, "has_touch": True}
    page = opened(chromium, address, **phone, is_mobile=True)
    assert not page.locator('a:has-text("Run this")').first.is_visible()
    assert page.locator("text=need the screen of a computer").is_visible()
    page.goto(address + RUN)
    assert page.locator("text=A notebook needs a larger screen").is_visible()
    chapter = page.locator("#chapter").get_attribute("href")
    assert chapter == "../book/notebooks/01_correlation_is_not_convolution.html"
    assert page.locator("#anyway").is_visible() and not page.locator("#bar").is_visible()
    page.context.close()


# ---- loading


def test_loading_that_stops_is_told_with_what_to_do(chromium, address):
    page = opened(chromium, address, RUN)
    page.wait_for_selector("text=Loading stopped", timeout=60_000)
    assert "Check the connection, then reload" in page.locator("#trouble").inner_text()
    assert page.locator("#bar").is_visible() and " MB" in page.locator("#count").inner_text()
    assert all(url.startswith(packages.LIST["cdn"]) for url in page.away)
    page.context.close()


def test_a_deep_link_stays_in_the_address_after_a_reload(chromium, address):
    page = opened(chromium, address, "live/lab/index.html?path=notebooks/02_valid_same_full.ipynb")
    for _ in range(2):
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_url("**/lab/index.html?path=notebooks%2F02_valid_same_full.ipynb", timeout=20_000)
        assert "make a map larger" in page.locator(".jp-Notebook h1").first.inner_text()
        page.reload()
    page.context.close()

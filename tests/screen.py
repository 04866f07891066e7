"""JupyterLab on loopback and a headless Chromium in front of it, for the tests that look at the screen."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat


@contextlib.contextmanager
def jupyterlab(folder, home):
    """The address of a JupyterLab that serves ``folder`` and keeps all its settings below ``home``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    places = ["JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "MPLCONFIGDIR",
              "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"]  # fmt: skip
    env = dict(os.environ, **{place: str(Path(home, place.lower())) for place in places})
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=test"]
    command += [f"--ServerApp.root_dir={folder}", "--LabApp.news_url=None"]
    with open(Path(home, "server.log"), "w") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api?token=test", server, Path(home, "server.log"))
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url, server, log, seconds=60):
    for _ in range(seconds * 10):
        if server.poll() is not None:
            raise RuntimeError(f"JupyterLab ended at once:\n{log.read_text()}")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=1)
            return
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not answer in {seconds} s:\n{log.read_text()}")


@contextlib.contextmanager
def notebook_page(browser, address, name, *, size=(1280, 900), theme=None):
    """A page with the notebook open and its kernel ready.

    ``page.away`` collects requests that left the machine, ``page.failures`` errors on the page.
    """
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.away, page.failures = set(), []
    page.on("request", lambda request: note_away(request.url, address, page.away))
    page.on("pageerror", lambda error: page.failures.append(str(error)[:300]))
    page.goto(f"{address}/lab/tree/{name}?token=test&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector("text=/Python 3.*\\| Idle/", timeout=60_000)
    page.keyboard.press("Control+b")  # fold the file browser away
    if theme:
        page.click('.lm-MenuBar-item:has-text("Settings")')
        page.hover('.lm-Menu-item:has-text("Theme")')
        page.click(f'.lm-Menu-item:has-text("{theme}") >> nth=0')
        page.wait_for_timeout(1000)
    yield page
    context.close()


@contextlib.contextmanager
def course_page(browser, notebooks, home, name, *, shows=None):
    """A notebook of the course, from a copy of the folder ``notebooks`` below ``home``, with every cell run.

    ``shows`` is what has to be scrolled to.
    """
    folder = shutil.copytree(notebooks, home / "notebooks")
    with _page_that_ran(browser, folder, name, shows) as page:
        yield page


@contextlib.contextmanager
def cells_page(browser, home, *sources, shows=None, size=(1280, 900)):
    """A notebook of code cells with these sources, below ``home``, with every cell run; two short cells follow."""
    folder = Path(home, "notebooks")
    folder.mkdir()
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    cells += [nbformat.v4.new_markdown_cell("below") for _ in range(2)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "cells.ipynb")
    with _page_that_ran(browser, folder, "cells.ipynb", shows, size) as page:
        page.add_style_tag(content=".jp-toast-container, .Toastify { display: none }")
        yield page


@contextlib.contextmanager
def _page_that_ran(browser, folder, name, shows, size=(1280, 900)):
    with jupyterlab(folder, folder.parent) as address, notebook_page(browser, address, name, size=size) as page:
        run_all(page)
        if shows:
            scroll_to(page, shows)
        yield page


def wait_for(page, condition, told, seconds=60):
    """Wait until ``condition()`` holds; AssertionError with what ``told()`` says where it does not in time."""
    for _ in range(seconds * 20):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not within {seconds} s: {told()}")


def transport_keys(page, focus, position, *, first, last):
    """The keys that every transport bar has, with the focus on a control beside it that is no menu and no field.

    ``position()`` is what the bar shows now, ``first`` and ``last`` what Home and End lead to.  Space, which a
    button has a use of its own for, is pressed on the bar's slider.
    """

    def reached(condition):
        wait_for(page, condition, lambda: f"the bar is at {position()}")

    focus.focus()
    for key, condition in [
        ("End", lambda: position() == last),
        ("Home", lambda: position() == first),
        ("ArrowRight", lambda: position() != first),
        ("ArrowLeft", lambda: position() == first),
    ]:
        page.keyboard.press(key)
        reached(condition)
    slider = page.locator(".cnn-transport [role=slider]").first
    slider.focus()
    page.keyboard.press("Space")
    reached(lambda: position() != first)
    if float(slider.get_attribute("aria-valuemax")) < 5:
        return  # it has come to its end by itself
    page.keyboard.press("Space")
    page.locator('.cnn-transport button:has-text("Play")').first.wait_for()
    held = position()
    page.wait_for_timeout(400)
    assert position() == held, "Space did not pause"


def note_away(url, address, away):
    local = (address, address.replace("http", "ws"), "data:", "blob:")
    if not url.startswith(local):
        away.add(url)


def run_all(page, timeout=120_000):
    """Run every cell and wait until the kernel is idle again."""
    page.click(".jp-Notebook .jp-Cell >> nth=0")
    page.click('.lm-MenuBar-item:has-text("Run")')
    page.click('.lm-Menu-item[data-command="runmenu:run-all"]')
    # Each cell has its number and none waits; a cell that failed takes the others' turn away.
    ended = """() => {
        const prompts = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')];
        const texts = prompts.map(prompt => prompt.textContent);
        return texts.some(text => /\\d/.test(text)) && !texts.some(text => text.includes('*'));
    }"""
    page.wait_for_function(ended, timeout=timeout)
    page.wait_for_selector("text=/Python 3.*\\| Idle/", timeout=timeout)
    page.wait_for_timeout(1000)
    failed = page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]').all_inner_texts()
    unrun = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").all_inner_texts().count("[ ]:")
    assert not failed and not unrun, f"{unrun} cells were not run; {failed}"


def scroll_to(page, selector):
    """Scroll the notebook until the element is there: JupyterLab draws only cells near the window."""
    scroller = page.evaluate_handle("""() => [...document.querySelectorAll('.jp-NotebookPanel *')].find(e =>
        ['auto', 'scroll'].includes(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight + 50
        && e.clientHeight > 200)""")
    scroller.evaluate("e => e.scrollTo(0, 0)")
    for _ in range(100):
        page.wait_for_timeout(150)
        if page.locator(selector).count() and page.locator(selector).first.is_visible():
            page.locator(selector).first.scroll_into_view_if_needed()
            page.wait_for_timeout(300)
            return
        scroller.evaluate("e => e.scrollBy(0, 400)")
    raise AssertionError(f"{selector} is nowhere in the notebook")

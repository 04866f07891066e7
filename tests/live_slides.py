"""A lecture in Chromium: cnnlib lecture on a copy of the course, a notebook run and shown as slides."""

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

from screen import note_away

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)(/\S*\?token=\S+)")
SMALLEST = 18  # px of text on a slide of 1280×720

# What a learner in the last row would complain about: [kind, words] for everything on the slide.
LOOK = r"""smallest => {
  const book = document.querySelector('.jp-Deck .jp-Notebook'), found = [];
  const hidden = 'mjx-assistive-mml, .jp-Collapser, .sr-only, title, desc';
  if (book.scrollHeight > book.clientHeight + 2) found.push(['too high', `${book.scrollHeight} px`]);
  for (const e of book.querySelectorAll('.jp-deck-mod-onscreen *')) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (box.width < 3 || box.height < 3 || style.visibility === 'hidden' || e.closest(hidden)) continue;
    const words = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join(' ').trim();
    if (!words && !e.matches('img, button, select, input')) continue;
    const told = `${e.tagName.toLowerCase()} ${words || e.alt || e.value || ''}`.slice(0, 60);
    if (box.right > innerWidth + 1 || box.left < -1) found.push(['too wide', told]);
    if (box.bottom > innerHeight + 1 || box.top < -1) found.push(['out of the slide', told]);
    if (e.closest('mjx-container, sup, sub')) continue;  // indices are smaller by the rules of typesetting
    const drawn = e.ownerSVGElement ? Math.hypot(e.getScreenCTM().a, e.getScreenCTM().b) : e.currentCSSZoom;
    const size = parseFloat(style.fontSize) * drawn;
    if (words && size < smallest - .1) found.push(['small', `${size.toFixed(1)} px: ${told}`]);
  }
  for (const line of book.querySelectorAll('.jp-deck-mod-onscreen .cm-scroller'))
    if (line.scrollWidth > line.clientWidth + 2) found.push(['code too wide', line.textContent.slice(0, 60)]);
  return found;
}"""
SHOWN = """() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')].flatMap((cell, k) =>
    cell.classList.contains('jp-deck-mod-onscreen') ? [k] : [])"""
# Where the show is: the active cell, and how far each question on the page has been taken.
STEP = """() => [
    [...document.querySelectorAll(".jp-Notebook .jp-Cell")].findIndex(cell => cell.matches(".jp-mod-active")),
    ...[...document.querySelectorAll("cnn-predict, cnn-row, cnn-blackboard")].map(each => each.at)].join()"""
ACTIVE = "() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')].findIndex(c => c.matches('.jp-mod-active'))"


@contextlib.contextmanager
def lecture(folder, number):
    """The address of a lecture at that notebook, from a copy of the course below ``folder``: (origin, path)."""
    course = folder / "course"
    command = [sys.executable, "-m", "cnnlib", "lecture", "--no-browser", "--notebook", number]
    command += ["--folder", str(course)]
    own = {"HOME": str(folder), "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces")}
    env = {**os.environ, **own, "PYTHONPATH": str(ROOT)}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        found = next(filter(None, map(ADDRESS.search, process.stdout)), None)
        assert found, (folder / "log").read_text()
        yield found[1], found[2]
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


@contextlib.contextmanager
def slide_show(browser, folder, number, timeout=180_000):
    """A page of 1280×720 on which the notebook ran and the show began; ``away`` and ``failures`` as in screen."""
    with lecture(folder, number) as (origin, path):
        page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        page.away, page.failures = set(), []
        page.on("request", lambda request: note_away(request.url, origin, page.away))
        page.on("pageerror", lambda error: page.failures.append(str(error)[:300]))
        page.goto(origin + path)
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=timeout)
        page.wait_for_selector("text=/Python 3.*\\| Idle/", timeout=timeout)
        # Nothing is clicked: the guide names no click either.
        page.wait_for_selector("body[data-jp-deck-mode=presenting]", state="attached", timeout=timeout)
        page.wait_for_timeout(2500)  # the sidebars fold away after a second
        yield page
        page.context.close()


def move_on(page, key="PageDown"):
    """Press a key of the clicker; whether the show moved, or a question on it opened, within three seconds."""
    before = page.evaluate(STEP)
    page.keyboard.press(key)
    for _ in range(60):
        page.wait_for_timeout(50)
        if page.evaluate(STEP) != before:
            page.wait_for_timeout(100)
            return True
    return False


def walk(page, seen):
    """Every step from here to the end of the show; ``seen(cells)`` is told which cells are on the slide."""
    while True:
        seen(page.evaluate(SHOWN))
        if not move_on(page):
            return

"""A lecture in Chromium: cnnlib lecture on a copy of the course, a notebook run and shown as slides.

usage: python tests/live_slides.py [--shots FOLDER] [--size 1280x720] [--every] NUMBER …

Says after how many seconds the show stood (2.5 of them are a pause for the sidebars), walks the notebooks by
PageDown, says what does not fit or cannot be read, and keeps a picture of every step; --every shows the slides of
the hand-out, too.
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from screen import note_away

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)(/\S*\?token=\S+)")
SMALLEST = 18  # px of text on a slide of 1280×720

# What a learner in the last row would complain about: [kind, words] for everything on the slide.
LOOK = r"""smallest => {
  const book = document.querySelector('.jp-Deck .jp-Notebook'), found = [];
  smallest *= Math.min(innerWidth / 1280, innerHeight / 720);
  const hidden = 'mjx-assistive-mml, .jp-Collapser, .sr-only, title, desc';
  for (let e = book; e; e = e.parentElement) {
    const cuts = /strict|paint|content/.test(getComputedStyle(e).contain), { bottom } = e.getBoundingClientRect();
    if (cuts && bottom < innerHeight - 1) found.push(['cut off', `below ${bottom} px, by ${e.className}`]);
  }
  if (book.scrollHeight > book.clientHeight + 2) found.push(['too high', `${book.scrollHeight} px`]);
  const deep = (e) => [e, ...[...e.children, ...(e.shadowRoot?.children ?? [])].flatMap(deep)];
  const foot = document.querySelector('.cnn-show-told'), line = foot.getBoundingClientRect();
  const lowest = line.height ? line.top : innerHeight;
  let floor = innerHeight;  // JupyterLab's panels cut off what stands out of them
  for (let e = book; e; e = e.parentElement)
    if (/strict|paint|content/.test(getComputedStyle(e).contain))
      floor = Math.min(floor, e.getBoundingClientRect().bottom);
  const titled = '.jp-deck-mod-onscreen:is([data-cnn-title], :has(h1, h2, h3))';
  if (book.querySelector('.jp-deck-mod-onscreen .cnn-explorer') && !book.querySelector(titled))
    found.push(['no title', '']);
  const all = [...book.querySelectorAll('.jp-deck-mod-onscreen')].flatMap(deep); // those inside of a control, too
  for (const e of all) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (box.width < 3 || box.height < 3 || style.visibility === 'hidden' || e.closest(hidden)) continue;
    const words = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join(' ').trim();
    if (!words && !e.matches('img, button, select, input')) continue;
    const told = `${e.tagName.toLowerCase()} ${words || e.alt || e.value || ''}`.slice(0, 60);
    if (box.right > innerWidth + 1 || box.left < -1) found.push(['too wide', told]);
    if (words && box.top < lowest && box.bottom > lowest + 1)
      found.push([`under the line at the foot (${foot.textContent})`, told]);
    if (box.bottom > floor + 1 || box.top < -1) found.push(['out of the slide', told]);
    if (e.closest('mjx-container, sup, sub')) continue;  // indices are smaller by the rules of typesetting
    const drawn = e.ownerSVGElement ? Math.hypot(e.getScreenCTM().a, e.getScreenCTM().b) : e.currentCSSZoom;
    const size = parseFloat(style.fontSize) * drawn;
    if (words && size < smallest - .1) found.push(['small', `${size.toFixed(1)} px: ${told}`]);
  }
  const clipped = '.cnn-explorer, .cnn-explorer .widget-container, pre, .jp-OutputArea-output, .seen, .grid';
  for (const e of all) {
    if (!e.matches(clipped) || !e.clientWidth || getComputedStyle(e).overflow === 'visible') continue;
    const over = Math.max(e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight);
    if (over > 2) found.push(['cut off', `${over} px: ${e.tagName.toLowerCase()} ${e.className}`]);
  }
  for (const menu of all.filter(e => e.matches('select') && e.offsetWidth)) {  // does it show its longest choice?
    const whole = menu.parentNode.appendChild(menu.cloneNode(true));
    whole.style = 'position: absolute; visibility: hidden; width: auto; min-width: 0; flex: none';
    const over = whole.offsetWidth - menu.offsetWidth;
    if (over > 1) found.push(['menu cut off', `${over} px: ${menu.value}`]);
    whole.remove();
  }
  for (const line of book.querySelectorAll('.jp-deck-mod-onscreen .cm-scroller'))
    if (line.scrollWidth > line.clientWidth + 2) found.push(['code too wide', line.textContent.slice(0, 60)]);
  return found;
}"""
PLACE = ".cnn-show-place"
SHOWN = """() => [...document.querySelectorAll('.jp-Deck .jp-Notebook .jp-Cell')].flatMap((cell, k) =>
    cell.classList.contains('jp-deck-mod-onscreen') ? [k] : [])"""
# Where the show is: the active cell, and how far each question on the page has been taken.
STEP = """() => {
    const deck = document.querySelector('.jp-Deck');
    const active = [...deck?.querySelectorAll('.jp-Cell') ?? []].findIndex(cell => cell.matches('.jp-mod-active'));
    const controls = [...deck?.querySelectorAll('cnn-predict, cnn-row, cnn-blackboard') ?? []];
    return [deck?.id, active, ...controls.map(each => each.at)].join();
}"""
SETTLED = """() => new Promise((done, fail) => {
    const until = performance.now() + 10_000;
    const shadows = [...document.querySelectorAll('.jp-Deck .jp-deck-mod-onscreen *')].map(each => each.shadowRoot);
    const glides = () => [document, ...shadows].some(each => each?.getAnimations().some(
        move => move.playState === 'running' && isFinite(move.effect.getComputedTiming().endTime)));
    let still = 0;
    const look = () => {
        const fitted = document.body.dataset.cnnFitted === `${innerWidth}x${innerHeight}`;
        still = fitted && !glides() ? still + 1 : 0;
        if (still > 5) done();
        else if (performance.now() > until) fail(new Error("the slide is not fitted after ten seconds"));
        else requestAnimationFrame(look);
    };
    look();
})"""
ACTIVE = """() => [...document.querySelectorAll('.jp-Deck .jp-Notebook .jp-Cell')]
    .findIndex(cell => cell.matches('.jp-mod-active'))"""


@contextlib.contextmanager
def lecture(folder, number, *, every=False):
    """The address of a lecture at that notebook, from a copy of the course below ``folder``: (origin, path)."""
    course = folder / "course"
    command = [sys.executable, "-m", "cnnlib", "lecture", "--no-browser", "--notebook", number]
    command += ["--folder", str(course), *["--every"] * every]
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
def slide_show(browser, folder, number, *, timeout=180_000, size=(1280, 720), every=False):
    """A page of this size on which the notebook ran and the show began; ``away`` and ``failures`` as in screen."""
    with lecture(folder, number, every=every) as (origin, path):
        page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
        page.away, page.failures, page.server = set(), [], (origin, path.partition("?")[2])
        page.on("request", lambda request: note_away(request.url, origin, page.away))
        page.on("pageerror", lambda error: page.failures.append(f"{error} {error.stack}"[:400]))
        page.goto(origin + path)
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=timeout)
        page.wait_for_selector("text=/Python 3.*\\| Idle/", timeout=timeout)
        # Nothing is clicked: the guide names no click either.
        page.wait_for_selector("body[data-jp-deck-mode=presenting]", state="attached", timeout=timeout)
        page.wait_for_timeout(2500)  # the sidebars fold away after a second
        yield page
        page.context.close()


def move_on(page, key="PageDown", seconds=3):
    """Press a key of the clicker; whether the show moved, or a question on it opened, in so many seconds."""
    before = page.evaluate(STEP)
    page.keyboard.press(key)
    for _ in range(20 * seconds):
        if "last slide" in page.locator(".cnn-show-told").inner_text():
            return False
        page.wait_for_timeout(50)
        if page.evaluate(STEP) != before:
            page.wait_for_timeout(100)
            return True
    return False


def settled(page):
    """Wait until the slide is fitted to its window, as the show says, and nothing glides, for some frames."""
    page.evaluate(SETTLED)


def main():
    from playwright.sync_api import sync_playwright

    from cnnlib.course import places

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("numbers", nargs="+")
    parser.add_argument("--shots", type=Path, help="keep a picture of every step here")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--every", action="store_true", help="the slides of the hand-out, too")
    asked = parser.parse_args()
    size = tuple(map(int, asked.size.split("x")))
    started = time.monotonic()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=places.chromium(), args=["--no-sandbox"])
        with slide_show(browser, Path(folder), asked.numbers[0], size=size, every=asked.every) as page:
            print(f"== the show stood {time.monotonic() - started:.0f} s after the command")
            _report(page, asked.numbers, asked.shots)
        browser.close()


def _report(page, numbers, shots):
    """Print what is wrong on each step, and how many there are, while the show is in one of these notebooks."""
    for number in numbers:
        steps, started = 0, time.monotonic()
        place = page.locator(".cnn-show-place").inner_text()
        if not place.startswith(number):
            print(f"== expected {number}, the show is at {place!r}")
            return
        while place.startswith(number):
            steps += 1
            settled(page)
            wrong = page.evaluate(LOOK, SMALLEST)
            print(f"{steps:3} {place} {page.evaluate('document.body.dataset.cnnDrawn')} {wrong or ''}", flush=True)
            if shots:
                shots.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=shots / f"{number}-{steps:02}.png")
            if not move_on(page) and number == numbers[-1]:
                break
            if page.locator(".cnn-show-told").inner_text():
                page.wait_for_function("!document.querySelector('.cnn-show-told').textContent", timeout=120_000)
                page.wait_for_timeout(600)
            place = page.locator(".cnn-show-place").inner_text()
        print(f"== {number}: {steps} steps in {time.monotonic() - started:.0f} s; {page.failures} {page.away}")


if __name__ == "__main__":
    main()

"""Walks a deck in Chromium, slide by slide, with the network off, and says what does not fit.

usage: python tests/deck_walk.py [--all] [--shots FOLDER] [--slide NUMBER] DECK.html …

It is 1280×720 and little motion is asked for; with ``--all`` (``make walk``) a deck is walked at 1280×720 and at
1920×1080, for a light and a dark screen, with little motion and with all of it.

For each slide: what reaches over the edge or is cut off, by how many pixels and in which cell, formulas that were
not set, text below the least size, and what was shrunk too far; the frames of a picture that is stepped through are
all looked at.  For each deck: page errors, requests, and pictures without words.

One rule holds for every deck, on every slide, at every size of the window (``LEAST``).  The size of text is what
reaches the screen: font size times every scale above it, so that nothing is made to fit by small print.
"""

import argparse
import contextlib
import re
import sys
import time
from itertools import product
from pathlib import Path
from typing import NamedTuple

from cnnlib.course import places

LEAST = {
    "words": 18,  # pixels of any text, on a slide of 1280×720: what the last row can read
    "print": 13,  # of an index, above, below or beside a map, and of the note beside the number of a cell
    "shrunk": 0.8,  # of the size that it was made for: a slide that needs more room is too full
}
SMALL = ("small text", "small print", "shrunk")  # findings of which the smallest is the worst
SETTLED = 450  # ms after which no transition of a frame still runs

MEASURE = Path(__file__).with_name("deck_measure.js").read_text(encoding="utf-8")
SLIDES = "Reveal.getSlides().map(s => { const i = Reveal.getIndices(s); return [i.h, i.v ?? 0] })"
SHOW = """async ([h, v]) => {
    Reveal.slide(h, v);
    while (Reveal.nextFragment());
    const images = [...document.querySelectorAll('section.present img')];
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    for (let n = 0; n < 4; n++) await new Promise(requestAnimationFrame); // the slide is fitted to what came
}"""
WORDLESS = """[...document.images].filter(image => !image.alt.trim())
  .map(image => `a picture without words in cell ${image.closest('[id^="cell-id="]')?.id.slice(8)}`)"""


class Finding(NamedTuple):
    """One thing that is wrong on a slide: by how many pixels, how many pixels small, or shrunk to what percent."""

    deck: str
    slide: int
    cell: str
    what: str
    pixels: float
    text: str

    def __str__(self):
        unit = "%" if self.what == "shrunk" else "px"
        return (
            f"{self.deck}, slide {self.slide}, cell {self.cell}: {self.what}, {self.pixels:g} {unit} ({self.text})"
        )


class View(NamedTuple):
    """How a deck is looked at: the window, and what the system says of motion and of colours."""

    width: int = 1280
    height: int = 720
    motion: str = "reduce"  # or "no-preference"
    colours: str = "light"

    @property
    def calm(self) -> bool:
        """Is little motion asked for?"""
        return self.motion == "reduce"

    def __str__(self):
        return f"{self.width}×{self.height}, {self.colours}, {'little' if self.calm else 'all'} motion"


USUAL = View()
VIEWS = [View(*size, motion, colours) for size in ((1280, 720), (1920, 1080))
         for motion in ("reduce", "no-preference") for colours in ("light", "dark")]  # fmt: skip


class Walk(NamedTuple):
    """What was found in a deck."""

    slides: int
    overflow: list
    small: list  # text, and slides and pictures that were shrunk
    away: list  # requests
    errors: list  # on the page, in its console, and pictures without alt text


def walk(browser, deck: Path, *, view: View = USUAL, shots: Path | None = None, only: int | None = None) -> Walk:
    """Go through a deck, all fragments shown; every frame of a picture is looked at, with motion first and last."""
    with opened(browser, deck, view=view) as (page, away, errors):
        slides = page.evaluate(SLIDES)
        overflow, small = [], []
        for number, place in enumerate(slides, 1):
            if only not in (None, number):
                continue
            page.evaluate(SHOW, place)
            for found in _measured(page, deck.stem[:2], number, view):
                (small if found.what in SMALL else overflow).append(found)
            if shots:
                page.screenshot(path=shots / f"{deck.stem[:2]}-{number:03d}.png")
        errors += page.evaluate(WORDLESS)
        return Walk(len(slides), overflow, small, sorted(away), errors)


def _measured(page, name, number, view):
    """The worst of each kind in each cell, over all frames of the slide."""
    worst = {}
    for _ in _frames(page, view.calm):
        for cell, what, pixels, text in page.evaluate(MEASURE, [view.width, view.height, LEAST]):
            known = worst.get((cell, what))
            worse = known is None or (pixels < known.pixels if what in SMALL else pixels > known.pixels)
            if worse:
                worst[cell, what] = Finding(name, number, cell, what, pixels, text)
    return list(worst.values())


def _frames(page, calm):
    """Once for a slide without frames, else for each of them or the ends of a track; it ends at its first."""
    steppers = "[...Reveal.getCurrentSlide().querySelectorAll('.cnn-stepper')]"
    tracks = page.evaluate(f"{steppers}.map(s => s.stepper.tracks)")
    if not tracks:
        yield
    for which, counts in enumerate(tracks):
        move = f"([name, n]) => {steppers}[{which}].stepper[name](n)"
        for track, count in enumerate(counts):
            page.evaluate(move, ["track", track])
            for frame in range(count) if calm else {0, count - 1}:
                page.evaluate(move, ["go", frame])
                if not calm:
                    page.wait_for_timeout(SETTLED)
                yield
        page.evaluate(move, ["track", 0])
        page.evaluate(move, ["go", 0])


@contextlib.contextmanager
def opened(browser, deck: Path, query: str = "", view: View = USUAL):
    """A page with the deck, none of which may come from elsewhere: (page, requests, errors)."""
    address, away, errors = deck.resolve().as_uri(), set(), []
    size = {"width": view.width, "height": view.height}
    context = browser.new_context(viewport=size, reduced_motion=view.motion, color_scheme=view.colours)
    context.set_offline(True)

    def gate(route):
        url = route.request.url
        if re.split("[?#]", url)[0] == address or url.startswith(("data:", "blob:", "about:")):
            return route.continue_()
        away.add(url[:120])
        return route.abort()

    context.route("**/*", gate)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)[:300]))
    page.on("console", lambda said: said.type == "error" and errors.append(said.text[:300]))
    page.goto(address + query)
    page.wait_for_function("window.Reveal && Reveal.isReady()", timeout=60_000)
    yield page, away, errors
    context.close()


def main():
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("decks", nargs="+", type=Path)
    parser.add_argument("--shots", type=Path, help="keep a picture of every slide here")
    parser.add_argument("--slide", type=int, help="this slide alone")
    parser.add_argument("--all", action="store_true", help="both sizes, both colours, with and without motion")
    asked = parser.parse_args()
    if asked.shots:
        asked.shots.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=places.chromium(), args=["--no-sandbox"])
        for deck, view in product(asked.decks, VIEWS if asked.all else [USUAL]):
            started = time.perf_counter()
            found = walk(browser, deck, view=view, shots=asked.shots, only=asked.slide)
            seconds = time.perf_counter() - started
            print(f"== {deck.stem}: {found.slides} slides at {view}, {seconds:.0f} s", flush=True)
            for line in [*found.overflow, *found.small, *found.away, *found.errors]:
                print(line)
            wrong += sum(map(len, (found.overflow, found.small, found.away, found.errors)))
        browser.close()
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

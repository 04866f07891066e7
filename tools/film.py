"""The silent film of the course: the row, the four lines of the proof, and a net that learns, in ninety seconds.

usage: python tools/film.py [--out FOLDER]      (make film; needs Chromium and the tools of make test-all)

Every picture is drawn by the course: the row and the blackboard of the notebooks, and the pass of a net that is
trained here.  film.webp is one animated picture that plays anywhere without the network; film.html shows it on a
page with its words, and still.png is its last picture.
"""

import argparse
import io
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from cnnlib import data
from cnnlib.course import places
from cnnlib.experiments.run import Run
from cnnlib.lesson import blackboard, row
from cnnlib.pass_diagram.columns import stops
from cnnlib.plots.colours import style
from cnnlib.widgets.training_panel.wall import wall

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZE = {"width": 1280, "height": 720}
SHOWN = (960, 540)  # the film's own size: a phone and a projector can both play it
QUALITY = 72
MOVING, BETWEEN = 10, 0.12  # pictures of a motion, and seconds between two of them
PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><style>
  body { margin: 0; font: 26px/1.35 "DejaVu Sans", Verdana, sans-serif; background: white; color: #111; }
  header { height: 92px; padding: 22px 40px 0; font: 600 32px/1.3 "DejaVu Sans", Verdana, sans-serif; }
  main { padding: 26px 40px; } cnn-row { zoom: 1.3; } cnn-blackboard { zoom: .8; }
  .alone { font-size: 40px; padding: 90px 60px; }
</style>STYLE<body data-jp-deck-mode="presenting"><header>WORDS</header><main>SHOWN</main>"""
SENTENCE = """As i goes up, u = p − i goes down:<br>an input that collects its deltas<br>
meets the kernel turned by 180°."""


class Frame(NamedTuple):
    """One picture and how long it stands, in seconds."""

    png: bytes
    seconds: float


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=places.BUILD / "film")
    folder = parser.parse_args().out
    from playwright.sync_api import sync_playwright  # only what draws needs it, and a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=places.chromium(), args=["--no-sandbox"])
        frames = list(film(browser.new_page(viewport=SIZE)))
        browser.close()
    folder.mkdir(parents=True, exist_ok=True)
    write(frames, folder)
    size = (folder / "film.webp").stat().st_size
    seconds = sum(frame.seconds for frame in frames)
    print(f"wrote {folder}/film.webp: {seconds:.0f} s, {len(frames)} pictures, {size / 1e6:.1f} MB")


def film(page: "Page") -> Iterator[Frame]:
    """All pictures in order."""
    yield from still(page, "", '<div class="alone">Why does the kernel turn by 180°<br>on the way back?</div>', 4)
    yield from the_row(page)
    yield from the_proof(page)
    yield from the_net(page)
    yield from still(page, "", f'<div class="alone">{SENTENCE}</div>', 7)


def the_row(page: "Page") -> Iterator[Frame]:
    """Three rows are filled, one column is read, and its taps slide onto the deltas."""
    show(page, "Five inputs, three taps: every row is one output.", row().html)
    yield photograph(page, 3)
    yield from steps(page, "cnn-row", 1, "Along a row the taps spell 1 2 3.", 8)
    yield from steps(page, "cnn-row", 2, "How much does input 2 matter? Go down its column.", 9)
    yield from steps(page, "cnn-row", 3, "Down the column they spell 3 2 1: the same taps, in reverse.", 12)


def the_proof(page: "Page") -> Iterator[Frame]:
    """The four lines, one after the other, then both axes."""
    show(page, "The same in four lines", blackboard()._repr_html_())
    for number, seconds in ((1, 4), (2, 5), (3, 7), (4, 8)):
        yield from steps(page, "cnn-blackboard", number, "The same in four lines", seconds, pictures=0)
    yield from steps(page, "cnn-blackboard", 5, "With two axes both are reversed: a turn by 180°", 5, pictures=0)


def the_net(page: "Page") -> Iterator[Frame]:
    """The turned kernel at work in a net of the article, while it learns."""
    run = Run(data.load_digits(), seed=0)
    for update, seconds in ((0, 4), (200, 2), (400, 2), (450, 2), (500, 2), (600, 5)):
        while run.head < update:
            run.advance()
        trace, _ = run.trace(3)
        words = f"In a net, after {update} updates: deltas come back through the turned kernel."
        picture = wall(run.network, trace, stops(run.network), (3, 2), {})
        yield from still(page, words, picture, seconds)


def still(page: "Page", words: str, shown: str, seconds: float) -> Iterator[Frame]:
    show(page, words, shown)
    yield photograph(page, seconds)


def steps(page: "Page", control: str, step: int, words: str, seconds: float, *, pictures: int = MOVING):
    """One step of a control of the course: so many pictures of its motion, then the one that it ends on."""
    page.evaluate("words => document.querySelector('header').textContent = words", words)
    page.evaluate("([name, step]) => document.querySelector(name).step(step)", [control, step])
    for _ in range(pictures):
        yield photograph(page, BETWEEN)
    page.wait_for_timeout(1500)
    yield photograph(page, seconds)


def show(page: "Page", words: str, shown: str) -> None:
    text = PAGE.replace("STYLE", style("")).replace("WORDS", escape(words)).replace("SHOWN", shown)
    page.set_content(text)
    page.wait_for_timeout(400)


def photograph(page: "Page", seconds: float) -> Frame:
    return Frame(page.screenshot(), seconds)


def write(frames: list[Frame], folder: Path) -> None:
    """film.webp, film.html and still.png; frames that look like the one before only make that one stand longer."""
    kept: list[list] = []
    for png, seconds in frames:
        if kept and kept[-1][0] == png:
            kept[-1][1] += seconds
        else:
            kept.append([png, seconds])
    opened = [Image.open(io.BytesIO(png)).convert("RGB") for png, _ in kept]
    pictures = [picture.resize(SHOWN, Image.Resampling.LANCZOS) for picture in opened]
    durations = [round(1000 * seconds) for _, seconds in kept]
    first, *others = pictures
    settings = dict(save_all=True, append_images=others, duration=durations, loop=0, quality=QUALITY)
    first.save(folder / "film.webp", **settings)
    pictures[-1].save(folder / "still.png")
    words = "Ninety seconds: a row of taps read down a column, the proof in four lines, and a net that learns."
    page = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Why does the kernel turn?</title>'
    page += "<style>body { margin: 0; background: white; } img { width: 100%; height: 100vh; object-fit: contain; }"
    page += f'</style><img src="film.webp" alt="{words}"></html>\n'
    (folder / "film.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()

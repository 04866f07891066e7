"""Takes the pictures of the README from the notebooks: each is run in JupyterLab, and its explorer is photographed.

usage: python tools/gallery.py [NUMBER ...]      (make gallery; needs Chromium and the tools of make test-all)

    NUMBER   one of 01 02 04 05 06 12 15; all by default
"""

import io
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Page, sync_playwright

from cnnlib.course import places

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "docs" / "gallery"
sys.path.insert(0, str(ROOT / "tests"))
from screen import jupyterlab, notebook_page, run_all, scroll_to  # noqa: E402 (after the path to it)

LARGEST = 120_000  # bytes of a picture
MARGIN = 12  # pixels of white around it
KEEPING_RARE = Image.Quantize.MAXCOVERAGE  # colours: a role's name is few pixels, and keeps its own
UPDATES = 800  # of the training panel: well past the plateau


def turned(page: Page) -> None:
    """The kernel after its turn."""
    page.click('.cnn-rotator button[title^="to the last"]')


def padded(page: Page) -> None:
    """A frame of padding, and a window in the middle."""
    page.locator(".cnn-padding [role=slider]").nth(2).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    for _ in range(12):
        page.click('.cnn-padding button[title^="one on"]')


def added(page: Page) -> None:
    """All products of one sum in their four places."""
    page.click('.cnn-four-pictures button[title^="to the last"]')


def trained(page: Page) -> None:
    """A net that has learnt something, and a three on its way through."""
    page.locator(".widget-dropdown", has_text="speed").locator("select").select_option("as fast as it goes")
    page.locator(".widget-dropdown", has_text="digit shown").locator("select").select_option("3")
    page.click('button:has-text("Play")')
    reached = "n => +/update ([\\d,]+) of/.exec(document.body.innerText)[1].replace(',', '') >= n"
    page.wait_for_function(reached, arg=UPDATES, timeout=300_000)
    page.click('button:has-text("Pause")')


def as_it_is(page: Page) -> None:
    """What the notebook shows at first."""


SCENES: dict[str, tuple[str, Callable[[Page], None]]] = {  # number → what is photographed, and what is done before
    "01": (".cnn-rotator", turned),
    "02": (".cnn-padding", padded),
    "04": (".cnn-pixel-tracer", as_it_is),
    "05": (".cnn-explorer", as_it_is),
    "06": (".cnn-four-pictures", added),
    "12": (".cnn-explorer", trained),
    "15": (".cnn-doctor", as_it_is),
}


def photographed(page: Page, number: str) -> bytes:
    """The explorer of a notebook that is open, as the bytes of a PNG."""
    what, prepare = SCENES[number]
    run_all(page)
    scroll_to(page, what)
    page.add_style_tag(content=".jp-toast-container, .Toastify { display: none }")
    prepare(page)
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    page.wait_for_timeout(800)
    return page.locator(what).first.screenshot()


def trimmed(photo: bytes) -> bytes:
    """Without the empty paper around it, in as many colours as fit into LARGEST bytes."""
    image = Image.open(io.BytesIO(photo)).convert("RGB")
    image = image.crop((0, 2, image.width, image.height - 2))  # the edge of the notebook's window may touch it
    left, top, right, bottom = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    inside = image.crop((left, top, right, bottom))
    paper = Image.new("RGB", (inside.width + 2 * MARGIN, inside.height + 2 * MARGIN), "white")
    paper.paste(inside, (MARGIN, MARGIN))
    for colours in (None, 256, 128, 64):
        file = io.BytesIO()
        fewer = paper.quantize(colours, KEEPING_RARE, dither=Image.Dither.NONE) if colours else paper
        fewer.save(file, format="PNG", optimize=True)
        if file.tell() <= LARGEST:
            return file.getvalue()
    raise SystemExit(f"a picture of {paper.width}×{paper.height} has {file.tell():,} bytes; {LARGEST:,} at most")


def main(numbers: list[str]) -> None:
    """Take the pictures and write them to docs/gallery."""
    unknown = sorted(set(numbers) - set(SCENES))
    if unknown:
        raise SystemExit(f"{unknown[0]!r} is none of {', '.join(SCENES)}")
    GALLERY.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        notebooks = shutil.copytree(ROOT / "notebooks", Path(home, "notebooks"))
        browser = playwright.chromium.launch(executable_path=places.chromium(), args=["--no-sandbox"])
        with jupyterlab(notebooks, home) as address:
            for number in numbers or SCENES:
                (notebook,) = notebooks.glob(f"{number}_*.ipynb")
                with notebook_page(browser, address, notebook.name, size=(1280, 1300)) as page:
                    picture = trimmed(photographed(page, number))
                (GALLERY / f"{number}.png").write_bytes(picture)
                print(f"docs/gallery/{number}.png  {len(picture) / 1000:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])

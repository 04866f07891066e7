"""Makes the book, build/book/index.html: the notebooks with their outputs, and the pages around them.

usage: python tools/book        (make book; needs npm and the network the first time)

The pages are laid out in build/book-pages/ and given to Sphinx, which takes its settings from docs/book/.  A
warning of Sphinx ends the build.
"""

import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES, BOOK, FRONT_END = (ROOT / "build" / name for name in ("book-pages", "book", "front_end"))
sys.path.append(str(ROOT / "tools" / "slides"))

from book_pages import lay_out  # noqa: E402
from front_end import FrontEndError, fetch, packages  # noqa: E402
from sphinx.cmd.build import build_main  # noqa: E402


def main() -> str | int | None:
    """Build; what went wrong, in words, or Sphinx's exit code."""
    started = time.perf_counter()
    try:
        mathjax = fetch(FRONT_END, {"mathjax": packages()["mathjax"]})["mathjax"]
        lay_out(PAGES, mathjax)
    except (FrontEndError, RuntimeError) as error:
        return str(error).replace("make slides", "make book")
    shutil.rmtree(BOOK, ignore_errors=True)
    if code := build(PAGES, BOOK):
        return code
    size = sum(path.stat().st_size for path in BOOK.rglob("*") if path.is_file())
    print(f"{size / 1e6:.0f} MB in {time.perf_counter() - started:.0f} s. The book starts at {BOOK / 'index.html'}")


def build(pages: Path, book: Path) -> int:
    """Sphinx over the pages; its exit code.  What it remembers of them stands beside them."""
    settings, static = ROOT / "docs" / "book", f"html_static_path={pages}/_static"
    places = ["-c", str(settings), "-d", f"{pages}.doctrees", "-D", static]
    return build_main(["-b", "html", *["-q", "-W", "--keep-going", "-j", "2"], *places, str(pages), str(book)])


if __name__ == "__main__":
    sys.exit(main())

"""``cnnlib book``: the notebooks with their outputs, and the pages around them, as one folder of pages.

Needs npm for MathJax, and the network the first time only.  The pages are laid out in a folder of their own and
given to Sphinx, which takes its settings from ``sphinx/`` beside this file.  A warning of Sphinx ends the build.
"""

import argparse
import shutil
import time
from pathlib import Path

from sphinx.cmd.build import build_main

from .. import places
from ..slides.front_end import CACHE, FrontEndError, fetch, packages
from .pages import lay_out

PAGES = places.BUILD / "book-pages"
RUN_AT = "address of the live notebooks, relative to the first page; the name of a notebook goes behind it"
SETTINGS = Path(__file__).with_name("sphinx")


def main(arguments: list[str]) -> str | int | None:
    """Build the book; returns what went wrong, in words, or Sphinx's exit code."""
    parser = argparse.ArgumentParser(prog="cnnlib book", description="Build the course as a book.")
    parser.add_argument("--out", type=Path, default=places.BUILD / "book", help="default: %(default)s")
    parser.add_argument("--run-at", default="", help=RUN_AT)
    started, asked = time.perf_counter(), parser.parse_args(arguments)
    book = asked.out
    try:
        mathjax = fetch(CACHE, {"mathjax": packages()["mathjax"]})["mathjax"]
        lay_out(PAGES, mathjax, asked.run_at)
    except (FrontEndError, RuntimeError) as error:
        return str(error)
    shutil.rmtree(book, ignore_errors=True)
    if code := build(PAGES, book):
        return code
    size = sum(path.stat().st_size for path in book.rglob("*") if path.is_file())
    print(f"{size / 1e6:.0f} MB in {time.perf_counter() - started:.0f} s. The book starts at {book / 'index.html'}")
    return None


def build(pages: Path, book: Path) -> int:
    """Run Sphinx over the pages; returns its exit code.  Its cache is kept beside the pages."""
    places_ = ["-c", str(SETTINGS), "-d", f"{pages}.doctrees", "-D", f"html_static_path={pages}/_static"]
    return build_main(["-b", "html", *["-q", "-W", "--keep-going", "-j", "2"], *places_, str(pages), str(book)])

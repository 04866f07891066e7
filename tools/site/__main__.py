"""Builds the site of the course, build/site: a folder of static files for any host.

usage: .venv/bin/python tools/site [--pyodide FOLDER] [--only live|book|slides|landing …]     (make site)

A page to begin with, the book, the decks, and JupyterLite with all notebooks. Pyodide's binary packages come from
its own server when a notebook is opened; with --pyodide they are taken from a folder, and the site needs no other
host. Needs npm, and the network the first time.
"""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import landing
import links
import lite
from packages import SiteError
from release_check import build as build_archives

from cnnlib.course import places
from cnnlib.course.slides.front_end import FrontEndError

PARTS = ("live", "book", "slides", "landing")


def main(arguments: list[str] | None = None) -> str | int | None:
    """Build what was asked for; what went wrong, in words."""
    parser = argparse.ArgumentParser(prog="tools/site", description="Build the site of the course.")
    parser.add_argument("--pyodide", type=Path, help="a folder with Pyodide's packages; default: its own server")
    parser.add_argument("--out", type=Path, default=places.BUILD / "site", help="default: %(default)s")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="a part alone, into what is there")
    asked = parser.parse_args(arguments)
    if asked.pyodide and not asked.pyodide.is_dir():
        return f"PYODIDE={asked.pyodide} is no folder."
    try:
        return build(asked.out.absolute(), asked.pyodide and asked.pyodide.absolute(), asked.only)
    except (SiteError, FrontEndError) as error:
        return str(error)


def build(site: Path, pyodide: Path | None, parts: tuple[str, ...]) -> str | int | None:
    """The parts of the site, one after the other; what went wrong, or None."""
    started = time.perf_counter()
    if set(parts) == set(PARTS):
        shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True, exist_ok=True)
    archives = build_archives()
    if "live" in parts:
        lite.build(site, archives[0], pyodide)
    if "book" in parts:
        from cnnlib.course.book.build import main as book

        if trouble := book(["--out", str(site / "book"), "--run-at", f"../{landing.RUN}"]):
            return trouble
    if "slides" in parts:
        from cnnlib.course.slides.build import main as slides

        if trouble := slides(["--out", str(site / "slides"), "--run-at", f"../{landing.RUN}"]):
            return trouble
    if "landing" in parts:
        landing.write(site, archives, lite.megabytes(site / "live"), pyodide is None)
    if set(parts) == set(PARTS) and (broken := links.broken(site)):
        return "These links of the site lead nowhere:\n  " + "\n  ".join(broken)
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"{size / 1e6:.0f} MB in {time.perf_counter() - started:.0f} s. The site is {site};")
    print(f"to look at it here:  {os.path.relpath(sys.executable)} -m http.server --bind 127.0.0.1 -d {site}")
    return None


if __name__ == "__main__":
    sys.exit(main())

"""``cnnlib slides``: a hand-out deck for each notebook, and an index page.

Needs npm and Node.js, and the network the first time only.  Two notebooks are built at a time.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from .. import places
from . import index_page
from .deck import DeckError, timed_build
from .front_end import CACHE, FrontEndError, fetch


def main(arguments):
    """Build the decks asked for; returns what went wrong, in words."""
    parser = argparse.ArgumentParser(prog="cnnlib slides", description="Build hand-out decks, one file a notebook.")
    parser.add_argument("numbers", nargs="*", help="the notebooks to build, such as 04; all by default")
    parser.add_argument("--out", type=Path, default=places.BUILD / "slides", help="default: %(default)s")
    parser.add_argument("--notebooks", type=Path, default=places.NOTEBOOKS, help="the folder they are in")
    parser.add_argument("--run-at", default="", help="address of the live notebooks, seen from a deck")
    asked = parser.parse_args(arguments)
    notebooks = places.notebooks(asked.notebooks)
    chosen = [path for path in notebooks if not asked.numbers or path.name[:2] in asked.numbers]
    unknown = set(asked.numbers) - {path.name[:2] for path in chosen}
    if unknown:
        there = ", ".join(path.name[:2] for path in notebooks)
        return f"There is no notebook {', '.join(sorted(unknown))}; there are {there}."
    try:
        front_end = fetch(CACHE)
    except FrontEndError as error:
        return str(error)
    asked.out.mkdir(parents=True, exist_ok=True)
    problems = build_all(chosen, asked.out, front_end, asked.run_at)
    index_page.write(notebooks, asked.out, front_end)
    if not problems:
        print(f"The decks start at {asked.out / 'index.html'}")
    return "\n".join(problems) or None


def build_all(notebooks, out, front_end, run_at=""):
    """Build two decks at a time, the longest first; returns what went wrong, in words."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # two kernels share two cores
    os.environ.setdefault("MPLBACKEND", "agg")
    order = sorted(notebooks, key=lambda path: not path.name.startswith("12"))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        running = {path: pool.submit(timed_build, path, out, front_end, run_at) for path in order}
        problems = []
        for path, future in running.items():
            try:
                size, seconds = future.result()
                print(f"{path.stem}: {size / 1e6:.1f} MB in {seconds:.0f} s", flush=True)
            except DeckError as error:
                problems.append(str(error))
    return problems

"""``cnnlib copy``: the notebooks into a folder of the learner's choice, without starting anything."""

import argparse
from pathlib import Path

from . import places
from .folder import FolderError, lay


def main(arguments: list[str]) -> str | None:
    parser = argparse.ArgumentParser(prog="cnnlib copy", description="Copy the course, or bring a copy up to date.")
    usual = places.USUAL_FOLDER
    parser.add_argument("folder", nargs="?", default=usual, help="default: %(default)s, below this one")
    folder = Path(parser.parse_args(arguments).folder).expanduser().absolute()
    try:
        report = lay(folder)
    except FolderError as error:
        return str(error)
    print(str(report) or "All of it is there already.")
    print(f"The first notebook: {folder / 'notebooks' / '00_start_here.ipynb'}")
    return None

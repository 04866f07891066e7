"""The paths of the course: in a clone of the repository, or inside the installed package.

A wheel holds the notebooks and pages below ``cnnlib/course/files``; a clone has them at its top, where they are
edited. Everything that is made goes to ``build/`` in a clone, else into the learner's own folder.
"""

import shutil
from pathlib import Path

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")  # what systems call it
PACKAGE = Path(__file__).resolve().parents[1]
USUAL_FOLDER = "cnnlib-course"  # below the folder in which the command is called


def _clone() -> Path | None:
    top = PACKAGE.parent
    return top if (top / "pyproject.toml").is_file() and (top / "notebooks").is_dir() else None


CLONE = _clone()
FILES = CLONE or PACKAGE / "course" / "files"
NOTEBOOKS = FILES / "notebooks"
DOCS = FILES / "docs"
BUILD = (CLONE or Path(USUAL_FOLDER).absolute()) / "build"


def say(subcommand: str, **options: object) -> str:
    """The command as this reader types it: ``make lab PORT=9000`` or ``cnnlib lab --port 9000``."""
    if CLONE:
        return " ".join([f"make {subcommand}", *(f"{name.upper()}={value}" for name, value in options.items())])
    return " ".join([f"cnnlib {subcommand}", *(f"--{name} {value}" for name, value in options.items())])


def notebooks(folder: Path = NOTEBOOKS) -> list[Path]:
    """Every notebook of the course in reading order, without newer versions beside a learner's own."""
    return sorted(path for path in folder.glob("[0-9][0-9]_*.ipynb") if "." not in path.stem)


def chromium() -> str:
    """The path of Chromium; FileNotFoundError that says how to install it."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found:
        raise FileNotFoundError("no Chromium on PATH: sudo apt install chromium, or sudo dnf install chromium")
    return found

"""The command ``cnnlib``: opens the course, and hands everything else to the module that does it."""

import contextlib
import importlib
import runpy
import sys
from dataclasses import dataclass
from importlib.util import find_spec

from .. import __version__
from . import places

HELP = """cnnlib {version}: why is the convolution kernel rotated 180° in backpropagation?

  cnnlib                    open the course in JupyterLab, on this machine alone
  cnnlib copy [FOLDER]      only copy the notebooks, for an editor of your own

  cnnlib lecture [-h]       the notebooks as live slides, for a projector
  cnnlib desk               the lecturer's sheets: clock, questions, clicks, on five pages
  cnnlib slides [04 06 …]   hand-out decks: one HTML file a notebook, no Python needed to read them
  cnnlib book               the course as a book to read, in one folder

  cnnlib doctor FILE:NAME   is your own convolution layer right, and if not, which mistake is it?

The first call copies the notebooks into the folder cnnlib-course, below the one you are in (--folder takes
another). What you change there stays yours: after an upgrade a newer version is put beside it, and named.
Each line has options of its own:  cnnlib lab --help
"""


@dataclass(frozen=True)
class Part:
    """A subcommand: the module whose ``main(arguments)`` runs it, and the extra that installs what it needs."""

    module: str
    extra: str


PARTS = {
    "lab": Part("cnnlib.course.lab", "lab"),
    "copy": Part("cnnlib.course.copy", "lab"),
    "lecture": Part("cnnlib.course.lecture", "lecture"),
    "desk": Part("cnnlib.course.desk.sheet", "lab"),
    "slides": Part("cnnlib.course.slides.build", "lab"),
    "book": Part("cnnlib.course.book.build", "book"),
}


def main(arguments: list[str] | None = None) -> str | int | None:
    """Run a subcommand; returns None or 0 if it went well, else what went wrong."""
    with contextlib.suppress(AttributeError):  # a console that cannot write every letter shows ? in its place
        sys.stdout.reconfigure(errors="replace")
        sys.stderr.reconfigure(errors="replace")
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] in (["-h"], ["--help"], ["help"]):
        print(HELP.format(version=__version__), end="")
        return None
    if words[:1] in (["-V"], ["--version"]):
        print(f"cnnlib {__version__}, {'the clone in' if places.CLONE else 'installed in'} {places.PACKAGE.parent}")
        return None
    name, rest = (words[0], words[1:]) if words and not words[0].startswith("-") else ("lab", words)
    if name == "doctor":
        return _doctor(rest)
    if name not in PARTS:
        return f"There is no `cnnlib {name}`. There are: {', '.join([*PARTS, 'doctor'])}; cnnlib --help says more."
    return _run(name, rest)


def _run(name, arguments):
    """Call a subcommand; if a package is missing, return a sentence that says how to install it."""
    part = PARTS[name]
    try:
        module = importlib.import_module(part.module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("", "cnnlib"):
            raise
        return f"cnnlib {name} needs {error.name}, which is not installed:\n  pip install \"cnnlib[{part.extra}]\""
    return module.main(arguments)


def _doctor(arguments):
    """``python -m cnnlib.doctor``, by its shorter name."""
    if find_spec("cnnlib.doctor") is None:
        return "This version of cnnlib has no doctor."
    before, sys.argv = sys.argv, ["cnnlib doctor", *arguments]
    try:
        runpy.run_module("cnnlib.doctor", run_name="__main__", alter_sys=False)
    except SystemExit as end:
        return end.code
    finally:
        sys.argv = before
    return None

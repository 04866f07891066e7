"""What a run of a notebook depends on: the files of cnnlib that its kernel read, each with its hash.

:func:`watch` runs first in the kernel; :func:`used` at the end names the modules that were imported, and every
other file of the package that was opened meanwhile (records, styles, digits).  As long as :func:`unchanged` holds,
the same notebook shows the same.  If a run starts another process, that process may read any file, so the run
depends on all of cnnlib.
"""

import hashlib
import sys
from functools import cache
from pathlib import Path

from ..places import PACKAGE

UNSEEN = ("course/book", "course/files", "course/lecture_settings")  # never read by a cell
_opened: set[str] = set()
_processes: list[str] = []


def watch() -> None:
    """Note every file that is opened from now on, and every process that is started."""

    def note(event, arguments):
        if event == "open" and isinstance(arguments[0], str):
            _opened.add(arguments[0])
        elif event == "subprocess.Popen":
            _processes.append(str(arguments[0]))

    sys.addaudithook(note)


def used() -> dict[str, str]:
    """{file, relative to the package: its hash} of all that was read since :func:`watch`."""
    if _processes:
        return {name: hash_of(name) for name in _everything()}
    modules = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    paths = [Path(path) for path in _opened | modules - {None}]
    names = {path.relative_to(PACKAGE).as_posix() for path in paths if path.is_relative_to(PACKAGE)}
    return {name: hash_of(name) for name in sorted(names) if not name.endswith(".pyc")}


def unchanged(files: dict[str, str]) -> bool:
    """Has each of these files the hash it had?"""
    return bool(files) and all(hash_of(name) == known for name, known in files.items())


@cache
def hash_of(name: str) -> str:
    """SHA-256 of a file of the package, "" where there is none; asked once a process."""
    path = PACKAGE / name
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _everything():
    files = (path for path in PACKAGE.rglob("*.*") if path.is_file() and path.suffix != ".pyc")
    names = sorted(path.relative_to(PACKAGE).as_posix() for path in files)
    return [name for name in names if not name.startswith(UNSEEN)]

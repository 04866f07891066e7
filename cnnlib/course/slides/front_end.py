"""The front-end files of the decks: reveal.js and MathJax, at fixed versions, each checked against its hash.

``front_end.json`` lists name, version and integrity (SHA-512) of the npm packages.  ``npm pack`` fetches an archive
once into a folder that git ignores; after that no network is needed.  Nothing of an archive is used or kept before
its hash was checked, and no package is installed, so that none of their scripts runs.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from ..places import BUILD

CACHE = BUILD / "front_end"
LIST = Path(__file__).with_name("front_end.json")
MISSING = """This needs npm and Node.js, and {} is not on PATH. They are installed by:
  Debian, Ubuntu:  sudo apt install npm
  Fedora:          sudo dnf install nodejs-npm
  macOS:           brew install node
  Windows:         winget install OpenJS.NodeJS"""


class FrontEndError(Exception):
    """Something is missing or does not fit; the message says what, and how to mend it."""


def packages(path: Path = LIST) -> dict[str, dict]:
    """The list: {name: {"version": …, "integrity": …}}."""
    return {entry["name"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))}


def fetch(cache: Path, listed: dict[str, dict] | None = None) -> dict[str, Path]:
    """The folder of each package below ``cache``, unpacked from an archive whose hash was checked.

    FrontEndError, in words, without npm or node, without the network on the first time, and for a wrong hash.
    """
    require("node")
    listed = packages() if listed is None else listed
    return {name: _folder(cache, entry) for name, entry in listed.items()}


def require(program: str) -> str:
    """The path of npm or node; FrontEndError that says how to install it."""
    found = shutil.which(program)
    if not found:
        raise FrontEndError(MISSING.format(program))
    return found


def matches(archive: Path, integrity: str) -> bool:
    """Is this the file that the list names?  ``integrity`` is npm's: the algorithm, a dash, base64."""
    algorithm, _, expected = integrity.partition("-")
    digest = hashlib.new(algorithm, archive.read_bytes()).digest()
    return algorithm == "sha512" and base64.b64encode(digest).decode() == expected


def _folder(cache, entry):
    """Where a package lies unpacked; fetched, checked and unpacked if it is not there yet."""
    name = f"{entry['name']}-{entry['version']}"
    archive, folder = cache / f"{name}.tgz", cache / name
    if not archive.is_file():
        _fetch(entry, archive)
    if not matches(archive, entry["integrity"]):
        archive.unlink()
        raise FrontEndError(f"{name} is not the file that was tested: its hash is another one. It was thrown away; "
                            "is a mirror or a proxy in between?")  # fmt: skip
    if not folder.is_dir():
        _unpack(archive, folder)
    return folder


def _fetch(entry, archive):
    """Have npm fetch one archive.  It gets its final name only when it is complete."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        command = [require("npm"), "pack", f"{entry['name']}@{entry['version']}", "--silent"]
        done = subprocess.run(command, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL,
                              encoding="utf-8", errors="replace")  # fmt: skip
        found = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(found) != 1:
            last = "\n  | ".join(line for line in done.stderr.splitlines() if line.strip())[-400:]
            name = f"{entry['name']} {entry['version']}"
            raise FrontEndError(f"npm could not fetch {name}. Only the first time needs the network: connect, "
                                f"then run it again.\n  | {last}")  # fmt: skip
        os.replace(found[0], archive)


def _unpack(archive, folder):
    """The package's files; a folder that is there is complete."""
    with tempfile.TemporaryDirectory(dir=archive.parent) as scratch:
        with tarfile.open(archive) as packed:
            packed.extractall(scratch, filter="data")
        os.replace(Path(scratch, "package"), folder)

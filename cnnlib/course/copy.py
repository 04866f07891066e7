"""``cnnlib copy``, and every start of the course outside a clone: the learner's own copy of notebooks and pages.

The copy is made once, brought up to date later, and nothing of the learner's in it is ever overwritten.
``.cnnlib/laid.json`` in the folder remembers, for each file, the hash of the version that the learner's file came
from and, where a newer one was put beside it, the hash of that.  A file that is still as it was copied may be
replaced.  Any other belongs to the learner: the new version gets a name of its own.
"""

import argparse
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from .. import __version__
from . import places

RECORD = PurePosixPath(".cnnlib", "laid.json")
COPIED = ("notebooks", "docs")  # the parts of the course that a learner's folder holds
TEXTS = {".ipynb", ".md", ".svg", ".png"}


class FolderError(Exception):
    """The folder cannot be used, in words."""


@dataclass
class Report:
    """What an update of the copy did: names relative to the folder."""

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)  # the learner's file → the newer version next to it

    def __str__(self) -> str:
        lines = []
        if self.new:
            lines.append(f"{len(self.new)} files copied.")
        if self.replaced:
            lines.append(f"{len(self.replaced)} files that you had not changed are now those of {__version__}.")
        lines += [f"You have changed {yours}: it stays as it is, the new version is {new}."
                  for yours, new in self.beside.items()]  # fmt: skip
        return "\n".join(lines)


def main(arguments: list[str]) -> str | None:
    """Copy without starting anything; returns what went wrong, in words."""
    parser = argparse.ArgumentParser(prog="cnnlib copy", description="Copy the course, or bring a copy up to date.")
    usual = places.USUAL_FOLDER
    parser.add_argument("folder", nargs="?", default=usual, help="default: %(default)s, below this one")
    folder = Path(parser.parse_args(arguments).folder).expanduser().absolute()
    try:
        report = update(folder)
    except FolderError as error:
        return str(error)
    print(str(report) or "All of it is there already.")
    print(f"The first notebook: {folder / 'notebooks' / '00_start_here.ipynb'}")
    return None


def update(folder: Path, source: Path = places.FILES) -> Report:
    """Copy the course from ``source`` to ``folder``, or update the copy there; FolderError if that fails."""
    report = Report()
    try:
        record = _read_record(folder)
        for name, path in course_files(source).items():
            _copy_file(folder, name, path.read_bytes(), record, report)
        write(folder / RECORD, json.dumps(record, indent=1, ensure_ascii=False).encode())
    except OSError as error:
        place = error.filename or folder
        raise FolderError(f"The course cannot be copied to {folder}: {error.strerror or error} ({place}).\n"
                          "Choose a folder of your own:  cnnlib lab --folder FOLDER") from None  # fmt: skip
    return report


def course_files(source: Path) -> dict[str, Path]:
    """{name with forward slashes: file} of what a learner's folder holds."""
    if not (source / "notebooks").is_dir():
        raise FolderError(f"The notebooks are missing from {source}: install cnnlib again.")
    found = {}
    for part in COPIED:
        for path in sorted((source / part).rglob("*")):
            hidden = any(step.startswith((".", "__")) for step in path.relative_to(source).parts)
            if path.suffix in TEXTS and path.is_file() and not hidden:
                found[path.relative_to(source).as_posix()] = path
    return found


def write(path: Path, content: bytes) -> None:
    """Write a file completely or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


def _copy_file(folder, name, content, record, report):
    """Copy one file of the course into the folder; ``record`` and ``report`` note what was done."""
    path, digest = folder / name, _digest(content)
    entry = record.setdefault(name, {})
    if not path.exists():
        write(path, content)
        record[name] = {"from": digest}
        report.new.append(name)
    elif (there := _digest(path.read_bytes())) == digest:
        record[name] = {"from": digest}
    elif there == entry.get("from"):
        write(path, content)
        record[name] = {"from": digest}
        report.replaced.append(name)
    elif digest not in (entry.get("from"), entry.get("beside")):
        beside = _free_name(path, content)
        write(beside, content)
        entry["beside"] = digest
        report.beside[name] = beside.relative_to(folder).as_posix()


def _free_name(path, content):
    """An unused name next to ``path`` that says which version of the course the file is from."""
    stem, count = f"{path.stem}.new-in-{__version__}", 1
    while True:
        beside = path.with_name(f"{stem}{f'-{count}' * (count > 1)}{path.suffix}")
        if not beside.exists() or beside.read_bytes() == content:
            return beside
        count += 1


def _read_record(folder):
    """What was copied before; empty if the record is missing or damaged: every file is then the learner's."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    well = isinstance(record, dict) and all(isinstance(entry, dict) for entry in record.values())
    return record if well else {}


def _digest(content):
    return hashlib.sha256(content).hexdigest()

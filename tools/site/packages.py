"""What Python needs in the page: Pyodide, the packages of its lock, and pure wheels, each checked by its hash.

``packages.json`` names Pyodide's version with npm's hash, and the pure wheels with theirs. npm's archive holds the
core of Pyodide and its lock, the list of every package that was built for it with its sha256. The binary packages
come from Pyodide's own server, where a browser checks that sha256, or from a folder, where it is checked here.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from cnnlib.course.places import BUILD
from cnnlib.course.slides.front_end import CACHE, fetch

LIST = json.loads(Path(__file__).with_name("packages.json").read_text(encoding="utf-8"))
WHEELS = BUILD / "site-wheels"
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")


class SiteError(Exception):
    """The site cannot be built, in words."""


def core() -> Path:
    """The folder of npm's pyodide, whose archive has the recorded hash. FrontEndError as in :mod:`front_end`."""
    return fetch(CACHE, {"pyodide": LIST["pyodide"]})["pyodide"]


def lock_of(folder: Path) -> dict:
    """Pyodide's list of packages."""
    return json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pure_wheels(folder: Path = WHEELS) -> dict[str, Path]:
    """{name: file} of the pure wheels; pip fetches what is not there yet. SiteError for a wrong hash."""
    return {entry["name"]: _pure_wheel(entry, folder) for entry in LIST["wheels"]}


def _pure_wheel(entry, folder):
    path = folder / entry["file_name"]
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-q", "--no-deps"]
        command += ["--only-binary=:all:", "--platform=any", "--python-version=3.12", "--implementation=py"]
        command += ["--dest", str(folder), f"{entry['name']}=={entry['version']}"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
        if not path.is_file():
            last = "\n  | ".join(done.stderr.strip().splitlines()[-3:])
            raise SiteError(f"pip could not fetch {path.name}. Only the first make site needs the network."
                            f"\n  | {last}")  # fmt: skip
    if sha256(path) != entry["sha256"]:
        path.unlink()
        raise SiteError(f"{path.name} has another hash than the file that was tested, and was thrown away.")
    return path


def patched(lock: dict, own: dict[str, dict], address: str) -> dict:
    """Pyodide's lock with our entries, cut down to what the course needs.

    lock: as npm has it. own: {name: entry} of our wheels; they lie beside the lock. address: what stands before
    the file names of Pyodide's own packages: its server, or nothing where they lie beside the lock, too.
    """
    packages = lock["packages"] | own
    kept = {}
    for name in closure(packages, [*LIST["kernel"], *LIST["course"], "cnnlib"]):
        entry = dict(packages[name])
        if name not in own:
            entry["file_name"] = address + entry["file_name"]
        kept[name] = entry
    return {"info": lock["info"], "packages": dict(sorted(kept.items()))}


def closure(packages: dict[str, dict], names: list[str]) -> set[str]:
    """The packages named, and all that they depend on. SiteError for one that is not there."""
    found, open_ = set(), list(names)
    while open_:
        name = re.sub(r"[-_.]+", "-", open_.pop()).lower()  # the lock's own spelling of its keys
        if name not in packages:
            raise SiteError(f"{name} is not in Pyodide's lock, nor among our wheels.")
        if name not in found:
            found.add(name)
            open_ += packages[name]["depends"]
    return found


def entry_of(wheel: Path, name: str, version: str, imports: list[str], depends: list[str]) -> dict:
    """A wheel as Pyodide's lock lists a package."""
    known = {"name": name, "version": version, "imports": imports, "depends": depends}
    file = {"file_name": wheel.name, "sha256": sha256(wheel), "install_dir": "site"}
    return known | file | {"package_type": "package", "unvendored_tests": False}


def copy_binaries(lock: dict, own: dict[str, dict], source: Path, target: Path) -> None:
    """Pyodide's packages from a folder into the site, each only if it is the file that the lock names."""
    wrong = []
    for name, entry in lock["packages"].items():
        path = source / entry["file_name"]
        if name in own:
            continue
        if not path.is_file():
            wrong.append(f"{path.name} is missing")
        elif sha256(path) != entry["sha256"]:
            wrong.append(f"{path.name} is not the official file: its hash is another one")
        else:
            shutil.copy(path, target)
    if wrong:
        raise SiteError(f"PYODIDE={source} does not hold what Pyodide {LIST['pyodide']['version']} needs:\n  "
                        + "\n  ".join(wrong))  # fmt: skip

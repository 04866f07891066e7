"""Runs the tests on the versions of NumPy, Matplotlib and the widgets that Python in the page has.

usage: .venv/bin/python tools/page_tests.py [pytest's own words]        (make test-page; needs the network once)

The environment is build/page-env; everything but those versions is what the ranges of pyproject.toml give today.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "build" / "page-env"
LIST = json.loads((ROOT / "tools" / "site" / "packages.json").read_text(encoding="utf-8"))
LEVELS = "mnist,lab,lecture,book,site,test"


def pins() -> list[str]:
    """The packages of the page that differ from this machine's, as requirements."""
    versions = LIST["built"] | {entry["name"]: entry["version"] for entry in LIST["wheels"]}
    return [f"{name}=={version}" for name, version in versions.items() if name != "typing-extensions"]


def main(arguments: list[str]) -> int:
    python = PLACE / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = [*pins(), "-e", f"{ROOT}[{LEVELS}]"]
    sum_ = hashlib.sha256(" ".join(wanted).encode() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = PLACE / "cnnlib.sum"
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == sum_):
        print("Setting up build/page-env ...", flush=True)
        shutil.rmtree(PLACE, ignore_errors=True)
        if shutil.which("uv"):
            subprocess.run(["uv", "venv", "-q", "--no-project", "--python", sys.executable, PLACE], check=True)
            subprocess.run(["uv", "pip", "install", "-q", "--python", python, *wanted], check=True, cwd=ROOT)
        else:
            subprocess.run([sys.executable, "-m", "venv", PLACE], check=True)
            subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True, cwd=ROOT)
        stamp.write_text(sum_, encoding="utf-8")
    shown = "from importlib.metadata import version; print(*(f'{n} {version(n)}' for n in ('numpy', 'matplotlib')))"
    subprocess.run([python, "-c", shown], check=True)
    words = arguments or ["-n", "2", "--dist", "loadfile", "-m", "not browser and not slow"]
    return subprocess.run([python, "-m", "pytest", *words], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

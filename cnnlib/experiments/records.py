"""Figures that a command measured and saved; notebooks, tests and the README read them from here.

Each is a JSON file in ``results/`` with the date, the machine and the versions that it was measured with.
"""

import datetime
import json
import os
import platform
import sys
from importlib import resources
from pathlib import Path

import numpy as np

from ..storage.files import replacing

FOLDER = resources.files(__package__) / "results"


def read(name: str) -> dict:
    """The record called ``name``, such as "accuracy".

    Raises
    ------
    ValueError
        For an unknown name; the message lists the records.
    """
    known = sorted(file.name.removesuffix(".json") for file in FOLDER.iterdir() if file.name.endswith(".json"))
    if name not in known:
        raise ValueError(f"nothing called {name!r} was measured; there is {', '.join(known)}")
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def write(name: str, **content: object) -> Path:
    """Write a record that begins with today's date, this machine and the versions; returns its path."""
    version = sys.modules[__package__.partition(".")[0]].__version__  # this module may not import the package
    record = {
        "date": datetime.date.today().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": {"cnnlib": version, "numpy": np.__version__, "python": platform.python_version()},
        **content,
    }
    path = Path(str(FOLDER / f"{name}.json"))
    path.parent.mkdir(exist_ok=True)
    with replacing(path) as file:
        file.write((json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())
    return path

"""The scripts of benchmarks/ and tools/ as modules, for the tests that look into them."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]


def script(name: str, folder: str = "benchmarks") -> ModuleType:
    """<folder>/<name>.py, imported as Python runs it: its neighbours are found by their bare names."""
    place = str(ROOT / folder)
    sys.path.insert(0, place)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(place)

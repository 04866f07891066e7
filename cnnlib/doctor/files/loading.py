"""A layer's file as a module: what is run of it and of what it imports, and sentences on what is left out."""

import contextlib
import importlib.util
import io
import sys
from pathlib import Path

from ..running import quietly
from .definitions import Definitions, parsed
from .surroundings import Neighbours, at_home


def load(path: Path):
    """(module, sentences on what was left out); LayerError for a file that Python cannot read."""
    path = path.resolve()
    sys.path.insert(0, str(path.parent))
    with quietly(f"{path.name}, when it was loaded,"):
        package, homes = at_home(path, parsed(path.read_bytes(), str(path)))
    name = f"{package}.{path.stem}" if package else path.stem
    loader = Definitions(name, str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, path, loader=loader))
    sys.modules[name] = module
    neighbours = Neighbours(homes)
    sys.meta_path.insert(0, neighbours)
    try:
        with quietly(f"{path.name}, when it was loaded,"), contextlib.redirect_stderr(io.StringIO()):
            loader.exec_module(module)
    finally:
        sys.meta_path.remove(neighbours)
    return module, loader.left

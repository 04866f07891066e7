"""What somebody's file imports: its neighbours, the packages above it, and packages that only draw."""

import ast
import importlib.util
import itertools
import sys
import sysconfig
import types
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path

from .definitions import Definitions

HIGHEST = 4  # folders above a file in which its imports are looked for
OTHERS = (Path(sysconfig.get_paths()["stdlib"]), Path(__file__).parents[2])
DRAWN = ("matplotlib", "mpl_toolkits", "seaborn", "plotly", "pylab")  # they draw, and take seconds to be imported


def at_home(path: Path, tree) -> tuple[str, list[Path]]:
    """The name of the file's package, "" where it imports nothing by dots, and the folders that it imports from.

    The folders above it are made packages, or put on the path, as imports ask for.
    """
    found = [path.parent]
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    for node in imports:
        named = [node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        for top in {name.partition(".")[0] for name in named if name and not getattr(node, "level", 0)}:
            if top not in sys.modules and importlib.util.find_spec(top) is None:
                homes = (up for up in path.parents[:HIGHEST] if (up / top).is_dir() or (up / f"{top}.py").is_file())
                found += [*homes][:1]
    sys.path += map(str, found)
    dots = max((getattr(node, "level", 0) for node in imports), default=0)
    inside = len([*itertools.takewhile(lambda up: (up / "__init__.py").is_file(), path.parents)])
    dots = max(dots, inside) if dots else 0  # its neighbours may ask for what is higher up
    above = path.parents[: min(dots, len(path.parents) - 1)][::-1]
    for place, folder in enumerate(above):
        name = ".".join(up.name for up in above[: place + 1])
        sys.modules[name] = Package(name, folder)
    return ".".join(up.name for up in above), [*found, *above]


class Package(types.ModuleType):
    """A folder above the file: its ``__init__.py`` is run, definitions alone, if something of it is asked for."""

    def __init__(self, name: str, folder: Path):
        super().__init__(name)
        self.__path__, self.__package__, self._first = [str(folder)], name, folder / "__init__.py"

    def __getattr__(self, name):
        first, folder = self.__dict__.get("_first"), Path(self.__path__[0])
        known = name.startswith("__") or (folder / name).is_dir() or (folder / f"{name}.py").is_file()
        if not known and first is not None and first.is_file():
            self._first = None
            Definitions(self.__name__, str(first)).exec_module(self)
        if name not in self.__dict__:
            raise AttributeError(f"{self.__name__} has no {name}")
        return self.__dict__[name]


class Drawing(types.ModuleType):
    """A stand-in for a package that draws pictures: whatever is asked of it does nothing."""

    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None


class NotDrawn(Loader):
    """Gives a :class:`Drawing` for a package, or for a part of it."""

    def create_module(self, spec):
        return Drawing(spec.name)

    def exec_module(self, module):
        pass


class Neighbours(PathFinder):
    """Finds the modules that the file imports from its own folders: of these, too, only definitions are run."""

    def __init__(self, homes: list[Path]):
        self.homes = homes

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in DRAWN:
            return ModuleSpec(name, NotDrawn(), is_package=True)
        spec = PathFinder.find_spec(name, path, target)
        origin = Path(spec.origin) if spec is not None and isinstance(spec.loader, SourceFileLoader) else None
        if origin is None or not any(origin.is_relative_to(home) for home in self.homes):
            return None
        if "site-packages" in origin.parts or any(origin.is_relative_to(other) for other in OTHERS):
            return None
        return importlib.util.spec_from_file_location(name, origin, loader=Definitions(name, str(origin)))

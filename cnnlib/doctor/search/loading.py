"""A layer's file as a module: its imports and definitions are run one by one, and what else it does is left out.

A file that trains, plots or loads data when it is run, or imports what is not installed, still defines its layer.
"""

import ast
import copy
import importlib.util
import linecache
import re
import sys
import sysconfig
import types
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path

from numpy.lib.stride_tricks import sliding_window_view

from ..guard import RefusedError
from ..running import quietly

KEPT = (ast.Import, ast.ImportFrom, ast.If, ast.Try, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Pass)
DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
HARMLESS = ("np.random.seed", "numpy.random.seed", "random.seed", "sys.path.append", "sys.path.insert", "np.seterr")
PYTHONS = ("staticmethod", "classmethod", "property", "abstractmethod")  # decorators that are always there
HIGHEST = 4  # folders above a file in which its imports are looked for
STAND_INS = {  # for functions of packages that are not installed
    "prange": range,
    "view_as_windows": lambda a, shape, step=1: _windows(a, shape, step),
    "tqdm": lambda steps, *_, **__: steps,
}
OTHERS = (Path(sysconfig.get_paths()["stdlib"]), Path(__file__).parents[2])
BASE = "__base__"  # what gives the class that a class extends
FAILED = "__left_out__"  # what a statement that fails is handed to


def load(path: Path):
    """(module, sentences on what was left out); LayerError for a file that Python cannot read."""
    path = path.resolve()
    sys.path.insert(0, str(path.parent))
    with quietly(f"{path.name}, when it was loaded,"):
        package, homes = _at_home(path, _parsed(path.read_bytes(), str(path)))
    name = f"{package}.{path.stem}" if package else path.stem
    loader = Definitions(name, str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, path, loader=loader))
    sys.modules[name] = module
    neighbours = Neighbours(homes)
    sys.meta_path.insert(0, neighbours)
    try:
        with quietly(f"{path.name}, when it was loaded,"):
            loader.exec_module(module)
    finally:
        sys.meta_path.remove(neighbours)
    return module, loader.left


def _at_home(path: Path, tree) -> tuple[str, list[Path]]:
    """The name of the file's package, "" where it imports nothing by dots, and the folders that it imports from.

    The folders above it are made packages, without their ``__init__.py``, or put on the path, as imports ask for.
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
    above = path.parents[: min(dots, len(path.parents) - 1)][::-1]
    for place, folder in enumerate(above):
        name = ".".join(up.name for up in above[: place + 1])
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = [str(folder)]
    return ".".join(up.name for up in above), [*found, *above]


class Definitions(SourceFileLoader):
    """The loader of Python for the definitions of a file: every other statement may fail, and some are not run."""

    def __init__(self, name, path):
        super().__init__(name, path)
        self.left = []

    def exec_module(self, module):
        vars(module).update({FAILED: self.failed, BASE: self.base}, **STAND_INS)
        super().exec_module(module)
        del vars(module)[FAILED], vars(module)[BASE]

    def path_stats(self, path):
        raise OSError  # no compiled file is read or written

    def source_to_code(self, data, path, *, _optimize=-1):
        tree, kept = _parsed(data, path), []
        for node in tree.body:
            if isinstance(node, DEFINED) or _from_the_future(node):
                kept.append(Decorated().visit(node))
            elif isinstance(node, KEPT) or _harmless(node):
                kept.append(_that_may_fail(node))
            else:
                self.left.append(f"line {node.lineno}, which runs when the file is run")
        tree.body = kept
        return super().source_to_code(ast.fix_missing_locations(tree), path)

    def base(self, name: str, given):
        """The class that somebody extends; an empty one where it is not to be had."""
        try:
            return given()
        except (NameError, AttributeError):
            self.left.insert(0, f"{name}, which is not to be found: what extends it stands alone")
            return type(name.rpartition(".")[2], (), {"__init__": lambda self, *_, **__: None})

    def failed(self, line: int, error: Exception) -> None:
        """Keep in words which statement raised what."""
        if isinstance(error, RefusedError):
            raise error
        missing = isinstance(error, ModuleNotFoundError)
        why = f"as {error.name} is not installed" if missing else f"which raised {type(error).__name__}: {error}"
        self.left.append(f"line {line}, {why}")


class Neighbours(PathFinder):
    """Finds the modules that the file imports from its own folders: of these, too, only definitions are run."""

    def __init__(self, homes: list[Path]):
        self.homes = homes

    def find_spec(self, name, path=None, target=None):
        spec = PathFinder.find_spec(name, path, target)
        origin = Path(spec.origin) if spec is not None and isinstance(spec.loader, SourceFileLoader) else None
        if origin is None or not any(origin.is_relative_to(home) for home in self.homes):
            return None
        if "site-packages" in origin.parts or any(origin.is_relative_to(other) for other in OTHERS):
            return None
        return importlib.util.spec_from_file_location(name, origin, loader=Definitions(name, str(origin)))


class Decorated(ast.NodeTransformer):
    """Definitions whose decorators, as those of numba, or base classes may be missing: they then stand without."""

    def visit_ClassDef(self, node):
        node.bases = [self._looked_up(base) for base in node.bases]
        return self.visit_FunctionDef(node)

    def _looked_up(self, base):
        """The base as ``__base__(name, lambda: base)``."""
        if not isinstance(base, (ast.Name, ast.Attribute)):
            return base
        call = ast.parse(f"{BASE}({ast.unparse(base)!r}, lambda: None)", mode="eval").body
        call.args[1].body = base
        for part in ast.walk(call):
            ast.copy_location(part, base)
        return call

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        if not node.decorator_list or all(getattr(one, "id", "") in PYTHONS for one in node.decorator_list):
            return node
        plain = copy.deepcopy(node)
        plain.decorator_list = []
        either = _that_may_fail(node)
        either.handlers[0].body.append(plain)
        return either


def _that_may_fail(node):
    """The statement inside ``try``, whose error is handed to FAILED."""
    caught = ast.parse(
        f"try:\n    pass\nexcept Exception as error_of_it:\n    {FAILED}({node.lineno}, error_of_it)"
    ).body[0]
    caught.body = [node]
    for part in (caught, *ast.walk(caught.handlers[0])):
        ast.copy_location(part, node)
    return caught


def _parsed(data, path) -> ast.Module:
    """The tree of a file; where it is a notebook's code as it stands, without the commands of IPython."""
    try:
        return ast.parse(data, path)
    except SyntaxError:
        text = re.sub(r"^([ \t]*)[%!].*$", r"\1pass", importlib.util.decode_source(data), flags=re.MULTILINE)
        try:
            tree = ast.parse(text, path)
        except SyntaxError:
            return ast.parse(data, path)  # its error, with the line as it stands
        linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
        return tree


def _windows(a, shape, step):
    """All windows of an array, as scikit-image has them: one step for all axes, or one each."""
    shape, step = (value if isinstance(value, (tuple, list)) else (value,) * a.ndim for value in (shape, step))
    return sliding_window_view(a, tuple(shape))[tuple(slice(None, None, one) for one in step)]


def _from_the_future(node) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _harmless(node) -> bool:
    """Whether a statement is a docstring, or a call that only sets something up."""
    value = getattr(node, "value", None) if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Call) and ast.unparse(value.func) in HARMLESS)

"""A layer's file as a module: its imports and definitions are run one by one, and what else it does is left out.

A file that trains, plots or loads data when it is run, or imports what is not installed, still defines its layer.
"""

import ast
import copy
import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

from ..guard import RefusedError
from ..running import quietly

KEPT = (ast.Import, ast.ImportFrom, ast.If, ast.Try, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Pass)
DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
HARMLESS = ("np.random.seed", "numpy.random.seed", "random.seed", "sys.path.append", "sys.path.insert", "np.seterr")
PYTHONS = ("staticmethod", "classmethod", "property", "abstractmethod")  # decorators that are always there
PARALLEL = {"prange": range}  # what stands for functions of a compiler that is not installed
FAILED = "__left_out__"  # what a statement that fails is handed to


def load(path: Path):
    """(module, sentences on what was left out); LayerError for a file that Python cannot read."""
    sys.path.insert(0, str(path.parent.resolve()))
    loader = Definitions(path.stem, str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(path.stem, path, loader=loader))
    sys.modules[path.stem] = module
    setattr(module, FAILED, loader.failed)
    vars(module).update(PARALLEL)
    with quietly(f"{path.name}, when it was loaded,"):
        loader.exec_module(module)
    delattr(module, FAILED)
    return module, loader.left


class Definitions(SourceFileLoader):
    """The loader of Python for the definitions of a file: every other statement may fail, and some are not run."""

    def __init__(self, name, path):
        super().__init__(name, path)
        self.left = []

    def path_stats(self, path):
        raise OSError  # no compiled file is read or written

    def source_to_code(self, data, path, *, _optimize=-1):
        tree, kept = ast.parse(data, path), []
        for node in tree.body:
            if isinstance(node, DEFINED) or _from_the_future(node):
                kept.append(Decorated().visit(node))
            elif isinstance(node, KEPT) or _harmless(node):
                kept.append(_that_may_fail(node))
            else:
                self.left.append(f"line {node.lineno}, which runs when the file is run")
        tree.body = kept
        return super().source_to_code(ast.fix_missing_locations(tree), path)

    def failed(self, line: int, error: Exception) -> None:
        """Keep in words which statement raised what."""
        if isinstance(error, RefusedError):
            raise error
        missing = isinstance(error, ModuleNotFoundError)
        why = f"as {error.name} is not installed" if missing else f"which raised {type(error).__name__}: {error}"
        self.left.append(f"line {line}, {why}")


class Decorated(ast.NodeTransformer):
    """Definitions whose decorators may be missing, as those of numba: they then stand without."""

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        if not node.decorator_list or all(getattr(one, "id", "") in PYTHONS for one in node.decorator_list):
            return node
        plain = copy.deepcopy(node)
        plain.decorator_list = []
        either = _that_may_fail(node)
        either.handlers[0].body.append(plain)
        return either

    visit_ClassDef = visit_FunctionDef


def _that_may_fail(node):
    """The statement inside ``try``, whose error is handed to FAILED."""
    caught = ast.parse(
        f"try:\n    pass\nexcept Exception as error_of_it:\n    {FAILED}({node.lineno}, error_of_it)"
    ).body[0]
    caught.body = [node]
    for part in (caught, *ast.walk(caught.handlers[0])):
        ast.copy_location(part, node)
    return caught


def _from_the_future(node) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _harmless(node) -> bool:
    """Whether a statement is a docstring, or a call that only sets something up."""
    value = getattr(node, "value", None) if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Call) and ast.unparse(value.func) in HARMLESS)

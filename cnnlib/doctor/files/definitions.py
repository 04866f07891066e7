"""Which statements of somebody's file are run: its imports and definitions, one by one; each of them may fail.

A file that trains, plots or loads data when it is run, or imports what is not installed, still defines its layer.
"""

import ast
import copy
import importlib.util
import linecache
import re
from importlib.machinery import SourceFileLoader

from numpy.lib.stride_tricks import sliding_window_view

from ..guard import RefusedError
from ..running import said_by

KEPT = (ast.Import, ast.ImportFrom, ast.If, ast.Try, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Pass)
DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
HARMLESS = ("np.random.seed", "numpy.random.seed", "random.seed", "sys.path.append", "sys.path.insert", "np.seterr")
PYTHONS = ("staticmethod", "classmethod", "property", "abstractmethod")  # decorators that are always there
STAND_INS = {  # for functions of packages that are not installed
    "prange": range,
    "view_as_windows": lambda a, shape, step=1: _windows(a, shape, step),
    "tqdm": lambda steps, *_, **__: steps,
}
BASE = "__base__"  # what gives the class that a class extends
DEFAULT = "__default__"  # what gives the default of a parameter
FAILED = "__left_out__"  # what a statement that fails is handed to


class Definitions(SourceFileLoader):
    """The loader of Python for the definitions of a file: every other statement may fail, and some are not run."""

    def __init__(self, name, path):
        super().__init__(name, path)
        self.left = []

    def exec_module(self, module):
        hooks = {FAILED: self.failed, BASE: self.base, DEFAULT: self.default}
        vars(module).update(hooks, **STAND_INS)
        super().exec_module(module)
        for name in hooks:
            del vars(module)[name]

    def path_stats(self, path):
        raise OSError  # no compiled file is read or written

    def source_to_code(self, data, path, *, _optimize=-1):
        tree, kept = parsed(data, path), []
        for node in tree.body:
            if isinstance(node, DEFINED):
                kept.append(_that_may_fail(Decorated().visit(node)))
            elif isinstance(node, KEPT) or _harmless(node):
                kept.append(node if _from_the_future(node) else _that_may_fail(node))
            else:
                self.left.append(f"line {node.lineno}, which runs when the file is run")
        first = ast.parse("from __future__ import annotations").body  # what a type says is not read
        tree.body = sorted([*first, *kept], key=lambda node: not _from_the_future(node))
        return super().source_to_code(ast.fix_missing_locations(tree), path)

    def base(self, name: str, given):
        """The class that somebody extends; an empty one where it is not to be had."""
        try:
            return given()
        except (NameError, AttributeError):
            self.left.insert(0, f"{name}, which is not to be found: what extends it stands alone")
            return type(name.rpartition(".")[2], (), {"__init__": lambda self, *_, **__: None})

    def default(self, name: str, given):
        """The default of a parameter; None where it is made of something that is not to be had."""
        try:
            return given()
        except (NameError, AttributeError):
            self.left.insert(0, f"{name}, a default that is not to be found")
            return None

    def failed(self, line: int, error: Exception) -> None:
        """Keep in words which statement raised what; one that was refused has done nothing."""
        if isinstance(error, RefusedError):
            error.attempts.remove(str(error))
            self.left.append(f"line {line}: {error}")
            return
        missing = isinstance(error, ModuleNotFoundError)
        raised = f"which raised {type(error).__name__}{said_by(error)}"
        why = f"as {error.name} is not installed" if missing else raised
        self.left.append(f"line {line}, {why}")


class Decorated(ast.NodeTransformer):
    """Definitions whose decorators, as those of numba, or base classes may be missing: they then stand without."""

    def visit_ClassDef(self, node):
        self.generic_visit(node)
        node.bases = [one if isinstance(one, ast.Call) else _asked_for(BASE, one) for one in node.bases]
        return self._without_decorators(node)

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.args.defaults = [_asked_for(DEFAULT, one) for one in node.args.defaults]
        node.args.kw_defaults = [one and _asked_for(DEFAULT, one) for one in node.args.kw_defaults]
        return self._without_decorators(node)

    def _without_decorators(self, node):
        """The definition; where a decorator is missing, without all of them."""
        if not node.decorator_list or all(getattr(one, "id", "") in PYTHONS for one in node.decorator_list):
            return node
        plain = copy.deepcopy(node)
        plain.decorator_list = []
        either = _that_may_fail(node)
        either.handlers[0].body.append(plain)
        return either


def _asked_for(hook: str, node):
    """A name or a call as ``hook("it", lambda: it)``: what is missing is then told, and stood in for."""
    if not isinstance(node, (ast.Name, ast.Attribute, ast.Call)):
        return node
    call = ast.parse(f"{hook}({ast.unparse(node)!r}, lambda: None)", mode="eval").body
    call.args[1].body = node
    for part in ast.walk(call):
        ast.copy_location(part, node)
    return call


def _that_may_fail(node):
    """The statement inside ``try``, whose error is handed to FAILED."""
    caught = ast.parse(
        f"try:\n    pass\nexcept (Exception, SystemExit) as error_of_it:\n    {FAILED}({node.lineno}, error_of_it)"
    ).body[0]
    caught.body = [node]
    for part in (caught, *ast.walk(caught.handlers[0])):
        ast.copy_location(part, node)
    return caught


def parsed(data, path) -> ast.Module:
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

"""What the code of a function says of it: what it returns by name, what it reads of each parameter, whether it
knows arrays at all.  The source is read, never run; where there is none, nothing is said.
"""

import ast
import contextlib
import functools
import inspect
import re
import sys
import textwrap
import types

import numpy as np

from . import names

OF_TORCH = {"get", "detach", "size", "cpu", "numpy", "device", "view"}
OF_ARRAYS = {*dir(np.ndarray), *OF_TORCH} - {"data"}
ONLY_ARRAYS = r"numpy|cupy|torch|\.shape\b|\.reshape\(|\.dot\(|\.T\b"
WITH_ARRAYS = ("numpy", "cupy", "torch", "jax", "scipy", "tensorflow", "cnnlib")


def tree_of(thing):
    """The syntax tree of a class, or of a function or its code; None where its source is not to be had.

    One tree for each thing, which is only read: finding the source of a class takes milliseconds.
    """
    try:
        return _tree_of(getattr(thing, "__func__", thing))
    except TypeError:  # an object, which has no source, and may have no hash
        return None


@functools.lru_cache(maxsize=512)
def _tree_of(thing):
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]
    except (OSError, SyntaxError, ValueError, IndexError):
        return None


def code_of(function):
    """A function's code: one object for all the functions that a factory makes; the function itself without it."""
    function = inspect.unwrap(getattr(function, "__func__", function))
    return getattr(function, "__code__", function)


def returned_names(function) -> tuple[str, ...]:
    """The names in the tuple that a function returns last, as (out, col, x_pad); () where there are none."""
    return _returned_names(code_of(function))


@functools.lru_cache(maxsize=512)
def _returned_names(code):
    tree = tree_of(code)
    given = [] if tree is None else [node.value for node in _own_nodes(tree) if isinstance(node, ast.Return)]
    if not given or not isinstance(given[-1], ast.Tuple):
        return ()
    return tuple(getattr(part, "id", getattr(part, "attr", "")) for part in given[-1].elts)


def local_names(function) -> tuple[str, ...]:
    """The names of what a function makes on its way, its parameters aside."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return () if code is None else code.co_varnames[code.co_argcount + code.co_kwonlyargcount :] + code.co_cellvars


@contextlib.contextmanager
def watched(function, wanted, kept: dict):
    """In ``kept`` what the function's own variables of these names hold when it ends."""
    if not wanted:  # somebody may be measuring his own
        yield
        return
    code, before = getattr(inspect.unwrap(function), "__code__", None), sys.getprofile()

    def look(frame, event, _):
        if event == "return" and frame.f_code is code:
            kept.update({name.lower(): a for name, a in frame.f_locals.items() if name in wanted})

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)


def kept_as(function) -> dict[str, str]:
    """Parameter, or attribute that keeps one, also out of a tuple → the parameter, for the tree of a function."""
    known = {p.arg: p.arg for p in function.args.args + function.args.kwonlyargs if p.arg != "self"}
    for node in (n for n in ast.walk(function) if isinstance(n, ast.Assign)):
        for target in node.targets:
            both = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            pairs = zip(target.elts, node.value.elts, strict=False) if both else [(target, node.value)]
            for left, right in pairs:
                if getattr(right, "id", "") in known and getattr(getattr(left, "value", None), "id", "") == "self":
                    known["self." + left.attr] = right.id
    return known


def _own_nodes(node):
    """The nodes of a function without those of the functions inside it, in the order of the code."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            yield child
            yield from _own_nodes(child)


def read_of(function) -> dict[str, tuple[str, ...]]:
    """Parameter → the keys and attributes that are read of it and that no array has, in the order of the code."""
    function = getattr(function, "__init__", None) if isinstance(function, type) else function
    return _read_of(code_of(function))


def _key(node, asked):
    """The constant that is a key, or a part of it, as in ``params["W" + str(i)]``, ``params[name + "/W"]``.

    "" for a key that is one of the parameters ``asked`` for.
    """
    if getattr(node, "id", None) in asked:
        return ""
    parts = [node]
    if isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
    elif isinstance(node, ast.JoinedStr):
        parts = node.values
    return next((one.value for one in parts if isinstance(getattr(one, "value", None), str)), None)


@functools.lru_cache(maxsize=512)
def _read_of(code):
    tree = tree_of(code)
    if not isinstance(tree, ast.FunctionDef):
        return {}
    keys, attributes, either, asked = {}, {}, set(), {p.arg for p in tree.args.args}
    inside = [node for node in ast.walk(tree) if hasattr(node, "lineno")]
    for node in sorted(inside, key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("isinstance", "hasattr", "getattr"):
            either |= {getattr(one, "id", "") for one in node.args[:1]}  # it takes arrays as well
        elif isinstance(node, ast.Subscript) and isinstance(said := _key(node.slice, asked), str):
            keys.setdefault(getattr(node.value, "id", ""), []).append(said)
        elif isinstance(node, ast.Attribute):
            attributes.setdefault(getattr(node.value, "id", ""), []).append(node.attr)
        elif isinstance(node, ast.Assign):  # what it then is nobody knows
            either |= {getattr(target, "id", "") for target in node.targets}
    found = {}
    for p in tree.args.args:
        named = attributes.get(p.arg, []) if p.arg not in either else []
        own = dict.fromkeys([*keys.get(p.arg, []), *(named if set(named) - OF_ARRAYS else [])])
        if own and p.arg != "self":
            found[p.arg] = tuple(own)
    return found


@functools.lru_cache(maxsize=512)
def keys_of_kwargs(function) -> dict[str, bool]:
    """Key of ``**kwargs`` → whether the function needs it, or has ``kwargs.get("k", 3)`` for it."""
    tree, found = tree_of(function), {}
    name = getattr(getattr(getattr(tree, "args", None), "kwarg", None), "arg", None)
    for node in ast.walk(tree) if name else ():
        if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == name:
            key, need = getattr(node.slice, "value", None), True
        elif (
            isinstance(node, ast.Call)
            and getattr(getattr(node.func, "value", None), "id", "") == name
            and node.args
        ):
            key, need = getattr(node.args[0], "value", None), False
        else:
            continue
        if isinstance(key, str):
            found[key] = found.get(key, False) or need
    return found


@functools.lru_cache(maxsize=512)
def handed_to_base(function) -> tuple[int, tuple[str, ...]]:
    """How many parameters by place, and which by name, a constructor hands to the one that it extends."""
    for node in ast.walk(tree_of(function) or ast.Module([], [])):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
            places = sum(not isinstance(part, ast.Starred) for part in node.args)
            return places, tuple(key.arg for key in node.keywords if key.arg)
    return 0, ()


@functools.lru_cache(maxsize=512)
def words_of(thing) -> tuple[str, ...]:
    """The words that a function or class compares something with, or keeps things under."""
    tree, found = tree_of(thing), {}
    for node in ast.walk(tree) if tree is not None else ():
        parts = []
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.Dict):
            parts = list(filter(None, node.keys))
        for part in parts:
            listed = part.elts if isinstance(part, (ast.Tuple, ast.List, ast.Set)) else [part]
            found |= {one.value: None for one in listed if isinstance(getattr(one, "value", None), str)}
    return tuple(found)


@functools.lru_cache(maxsize=512)
@functools.lru_cache(maxsize=512)
def read_ahead(kind) -> frozenset[str]:
    """The attributes of self that the forward passes of a class read: a rate of steps is none of them."""
    trees = [tree_of(base) for base in getattr(kind, "__mro__", ())[:-1]]
    methods = [node for tree in trees if isinstance(tree, ast.ClassDef) for node in tree.body]
    return frozenset(
        node.attr
        for method in methods
        if isinstance(method, ast.FunctionDef) and method.name in names.FORWARDS
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "self"
    )


def branches_on(thing, name: str) -> bool:
    """Whether a function or class decides something by a parameter of this name, or by an attribute of it."""
    tree = tree_of(thing)
    tests = [n.test for n in ast.walk(tree) if isinstance(n, (ast.If, ast.IfExp))] if tree is not None else []
    parts = (part for test in tests for part in ast.walk(test))
    return any(name in (getattr(part, "id", ""), getattr(part, "attr", "").strip("_")) for part in parts)


def knows_no_arrays(function) -> bool:
    """Whether a function stands in a file, and in a module, without NumPy or its like and what only arrays have."""
    function = getattr(function, "__init__", function) if isinstance(function, type) else function
    if _is_in_file_with_arrays(code_of(function)):
        return False
    home = getattr(inspect.unwrap(getattr(function, "__func__", function)), "__globals__", {})
    known = [str(home.get("__name__", ""))]
    for value in home.values():
        home_of = "__name__" if isinstance(value, types.ModuleType) else "__module__"
        known.append(str(getattr(value, home_of, "")))
    return not any(name.split(".")[0] in WITH_ARRAYS for name in known)


@functools.lru_cache(maxsize=512)
def _is_in_file_with_arrays(code) -> bool:
    """Whether the file of some code has what only arrays have; True where there is no file to read."""
    try:
        return bool(re.search(ONLY_ARRAYS, "".join(inspect.findsource(code)[0])))
    except (OSError, TypeError):
        return True

"""What kind of thing each parameter of a function is, by what its code does with it: an array, a number or a pair.

``len(w[0])``, ``x[:, i, j]`` and ``np.pad(x, …)`` need arrays; ``range(k)`` and ``h // s`` need numbers; ``sh, sw =
s`` needs a pair.  What a function hands on to another one of its file is used there.
"""

import ast
import functools
import inspect
import re

from ..patient.code import OF_ARRAYS, tree_of
from ..patient.uses import ARRAYS, NUMBERS, SEQUENCES

WORDS = "words"
ARRAYS_ALONE = OF_ARRAYS - {name for kind in (dict, list, tuple, str, int, float) for name in dir(kind)} - {"item"}
TAKE_ARRAYS = (
    *("pad", "zeros_like", "ones_like", "empty_like", "dot", "matmul", "sum", "rot90", "flip", "fliplr", "flipud"),
    *("tensordot", "transpose", "reshape", "expand_dims", "swapaxes", "moveaxis", "convolve", "convolve2d"),
    *("correlate", "correlate2d", "multiply", "as_strided", "sliding_window_view"),
)
DEPTH = 3  # functions that hand a parameter on
NO_ARRAYS = ("stride", "pad", "mode", "k", "C", "O", "N", "lr", "no", "single", "settings", "input shape")


def kinds_of_arguments(function) -> dict[str, str]:
    """Parameter of a function or method → ARRAYS, NUMBERS or SEQUENCES, where its use says so."""
    return _kinds(inspect.unwrap(getattr(function, "__func__", function)), DEPTH)


@functools.lru_cache(maxsize=512)
def compared_words(function) -> dict[str, tuple[str, ...]]:
    """Parameter of a function or method → the words that it is compared with, as in ``method == "bp"``."""
    tree, found = tree_of(function), {}
    for node in (n for n in ast.walk(tree) if isinstance(n, ast.Compare)) if tree is not None else ():
        sides = [node.left, *node.comparators]
        listed = [one for side in sides for one in getattr(side, "elts", [side])]
        words = [one.value for one in listed if isinstance(getattr(one, "value", None), str)]
        for name in (one.id for one in sides if isinstance(one, ast.Name)):
            found.setdefault(name, []).extend(words)
    return {name: tuple(sorted(dict.fromkeys(words), key=_is_rare)) for name, words in found.items() if words}


def _is_rare(word: str) -> bool:
    return not re.search("bp|back|grad|train|linear|none", word.lower())


@functools.lru_cache(maxsize=512)
def _kinds(function, depth: int) -> dict[str, str]:
    tree = tree_of(function)
    if not isinstance(tree, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return {}
    asked, said = {p.arg for p in (*tree.args.args, *tree.args.kwonlyargs)} - {"self", "ctx"}, {}
    for node in ast.walk(tree):
        for part, kind in (*_said(node), *(_handed_on(node, function, depth) if depth else ())):
            if getattr(part, "id", "") in asked:
                said.setdefault(part.id, set()).add(kind)
    assigned = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    found = {name: ARRAYS for name, kinds in said.items() if ARRAYS in kinds}
    return found | {
        name: next(iter(kinds))
        for name, kinds in said.items()
        if name not in found and name not in assigned and len(kinds) == 1 and None not in kinds
    }


def _said(node):
    """(name, kind) for what one piece of code says of the names in it; the kind None for what may be either."""
    if isinstance(node, ast.Attribute) and node.attr in ARRAYS_ALONE:
        yield node.value, ARRAYS
    elif isinstance(node, ast.Subscript):
        several = isinstance(node.slice, ast.Tuple) and len(node.slice.elts) > 1
        place = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int)
        yield node.value, ARRAYS if several else SEQUENCES if place else None
        yield from ((bound, NUMBERS) for one in ast.walk(node.slice) for bound in _bounds(one))
        yield from ((part, WORDS) for part in _beside_words(node.slice))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield from ((part, ARRAYS) for part in (node.left, node.right))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.FloorDiv, ast.Mod)):
        yield from ((part, NUMBERS) for part in (node.left, node.right))
    elif isinstance(node, ast.Call):
        yield from _called(node)
    elif isinstance(node, ast.Assign) and isinstance(node.targets[-1], (ast.Tuple, ast.List)):
        yield node.value, SEQUENCES
    elif isinstance(node, (ast.For, ast.comprehension)):
        yield node.iter, None


def _beside_words(key):
    """The names in a key that is put together with a word, as in ``params[name + "_W"]``."""
    parts = [key.left, key.right] if isinstance(key, ast.BinOp) else getattr(key, "values", [])
    words = [part for part in parts if isinstance(getattr(part, "value", None), str)]
    names = [getattr(part, "value", part) for part in parts if part not in words]
    return [name for name in names if isinstance(name, ast.Name)] if words else []


def _bounds(node):
    """The ends of a slice, and what is added to or multiplied by something in them."""
    if isinstance(node, ast.Slice):
        for end in filter(None, (node.lower, node.upper, node.step)):
            yield from (part for part in ast.walk(end) if isinstance(part, ast.Name))


def _called(node):
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name in ("isinstance", "hasattr", "type", "len", "tuple", "list"):
        yield from ((part, None) for part in node.args[:1])
    elif name in ("range", "int"):
        yield from ((part, NUMBERS) for part in node.args)
    elif name == "einsum":
        yield from ((part, ARRAYS) for part in node.args[1:])
    elif name in TAKE_ARRAYS and isinstance(node.func, (ast.Attribute, ast.Name)):
        yield from ((part, ARRAYS) for part in node.args[: 1 if name in ("pad", "reshape", "sum") else 2])


def _handed_on(node, function, depth):
    """What another function of the file says of what it is handed."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return
    called = getattr(function, "__globals__", {}).get(node.func.id)
    if not inspect.isfunction(called) or called is function or called.__module__ != function.__module__:
        return
    kinds, names = _kinds(inspect.unwrap(called), depth - 1), list(inspect.signature(called).parameters)
    for name, part in (*zip(names, node.args, strict=False), *((key.arg, key.value) for key in node.keywords)):
        if name in kinds:
            yield part, kinds[name]


def kind_of_type(annotation) -> str | None:
    """NUMBERS for int or float, SEQUENCES for a tuple or a list, ARRAYS; None for a type that says nothing."""
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    text = re.sub(r"^(typing\.)?optional\[(.*)\]$", r"\2", text.lower().replace(" ", "")).removesuffix("|none")
    if text in ("int", "float"):
        return NUMBERS
    if text in ("ndarray", "np.ndarray", "numpy.ndarray"):
        return ARRAYS
    return SEQUENCES if re.fullmatch(r"(typing\.)?(tuple|list|sequence)(\[[^|]*\])?", text) else None


def of_type(site: str, meant: list[str], said: str | None) -> list[str]:
    """The meanings that a parameter's type allows: a number is no kernel, and a bias then one number.

    None are left of an array whose name says that it is a number: the name says something else then.
    """
    if said == NUMBERS:
        return ["small" if m == "b" else m for m in meant if m not in ("K", "X", "delta")] or meant
    if said == ARRAYS and site == "make":
        return [m for m in meant if m in ("K", "b", "X")] or ["X"]
    if said == WORDS:
        return ["label"]
    if said == ARRAYS:
        return [m for m in meant if m not in NO_ARRAYS]
    return meant

"""What a constructor may be given for its activation, or for any word that its code compares a parameter with.

The words stand in the code, as in activation == "relu"; functions and objects stand in the file beside the layer.
"""

import ast
import functools
import inspect
import sys

import numpy as np

from ..anatomy import ACTIVATIONS, agree
from ..patient import calls
from ..patient.code import tree_of
from ..patient.uses import once_for_all_of_a_factory
from ..running import LayerError, quietly

PLAINEST = ("linear", "identity", "none", "no", "valid", "he", "xavier", "normal", "random", "relu")  # first
MOST_WORDS = 4
SHOWN = np.linspace(-2, 2, 12).reshape(3, 4)
METHODS = ("forward", "activate", "apply", "function", "f", "__call__")
MOST, MOST_LOOKED_AT = 2, 40
NO_WORDS = ("said", "mode", "pad", "stride", "C", "O", "k", "K", "b", "X", "input shape")  # said in other words


def with_activations(listed: dict, thing) -> dict:
    """The options of a constructor; for what asks for one, activations of its file or words of its code as well."""
    words = words_of(thing)
    for name, ways in listed.items():
        if words.get(name) and ways[0][0] not in NO_WORDS:
            left = [way for way in ways[:1] if way == calls.LEAVE]
            ways[:] = [*left, *(("said", word) for word in words[name]), *ways[len(left) :]]
        elif ("linear", 1) in ways:
            place = ways.index(("linear", 1)) + 1
            ways[place:place] = [("said", known) for known in activations_of(thing)]
    return listed


@functools.lru_cache(maxsize=64)
def activations_of(thing) -> tuple:
    """Functions, or objects with one of :data:`METHODS`, of the layer's module that are a known activation.

    The identity comes first: the layer is then linear.
    """
    home, found = sys.modules.get(getattr(thing, "__module__", None) or ""), {}
    own = [v for v in vars(home).values() if getattr(v, "__module__", None) == home.__name__] if home else []
    for value in own[:MOST_LOOKED_AT]:
        if value is not thing and (name := _known(made := _made(value))):
            found.setdefault(name, made)
    return tuple(found[name] for name in ACTIVATIONS if name in found)[:MOST]


def _made(value):
    """A function as it is; an object of a class that asks for nothing."""
    if inspect.isfunction(value):
        return value if len([p for p in calls.parameters(value) if not p.optional]) == 1 else None
    if isinstance(value, type) and all(p.optional for p in calls.parameters(value)):
        try:
            with quietly("the constructor"):
                return value()
        except LayerError:
            return None
    return None


def _known(made) -> str | None:
    """The name of the activation that an object or a function is."""
    tried = [made] if inspect.isfunction(made) else [getattr(made, name, None) for name in METHODS]
    for function in filter(callable, tried):
        try:
            with quietly("an activation"):
                Z = np.asarray(function(SHOWN.copy()), dtype=float)
        except LayerError:
            continue
        name = next((n for n, (value, _) in ACTIVATIONS.items() if agree(Z, value(SHOWN), 1e-9)), None)
        if name:
            return name
    return None


@once_for_all_of_a_factory
def words_of(thing) -> dict[str, tuple[str, ...]]:
    """Parameter of a class's constructor → the words that it, or the attribute that keeps it, may be."""
    tree = tree_of(thing)
    makers = [n for n in ast.walk(tree) if getattr(n, "name", "") == "__init__"] if tree is not None else []
    if not isinstance(tree, ast.ClassDef) or not makers:
        return {}
    asked = [p.arg for p in makers[0].args.args[1:] + makers[0].args.kwonlyargs]
    kept = {name: name for name in asked}
    for node in (n for n in ast.walk(makers[0]) if isinstance(n, ast.Assign)):
        if (name := _name(node.value)) in asked:
            kept |= {_name(target): name for target in node.targets if _name(target).startswith("self.")}
    found, home = {}, vars(sys.modules.get(getattr(thing, "__module__", ""), ast))
    for node in ast.walk(tree):
        for said, words in _compared(node, home):
            if _name(said) in kept:
                found.setdefault(kept[_name(said)], []).extend(words)
    each = {name: sorted(dict.fromkeys(words), key=_place) for name, words in found.items() if words}
    return {name: tuple(words[:MOST_WORDS]) for name, words in each.items()}


def _place(word: str) -> int:
    return next((place for place, known in enumerate(PLAINEST) if known in word.lower()), len(PLAINEST))


def _name(node) -> str:
    """x for x, self.x for an attribute of the object; the same for x.lower()."""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("lower", "upper", "strip"):
        return _name(node.func.value)
    if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "self":
        return "self." + node.attr
    return getattr(node, "id", "")


def _compared(node, home):
    """(what is compared, the words) of a comparison, or of a look-up in a dict, there or in the file (``home``)."""
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Eq, ast.In, ast.NotIn, ast.NotEq)):
        yield node.left, _words(node.comparators[0], home)
        yield node.comparators[0], _words(node.left, home)
    elif isinstance(node, ast.Subscript):
        yield node.slice, _words(node.value, home) if isinstance(node.value, (ast.Dict, ast.Name)) else []


def _words(node, home) -> list[str]:
    """The words of a constant, a tuple of them, or the keys of a dict."""
    table = home.get(getattr(node, "id", ""))
    if isinstance(table, (dict, list, tuple, set)):
        return [key for key in table if isinstance(key, str)]
    parts = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [node])
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]

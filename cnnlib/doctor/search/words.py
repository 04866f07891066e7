"""Words that a layer's code compares a parameter of its constructor with, as in activation == "relu"."""

import ast
import sys

from ..patient.code import tree_of
from ..patient.uses import once_for_all_of_a_factory

PLAINEST = [
    "linear",
    "identity",
    "none",
    "no",
    "valid",
    "he",
    "xavier",
    "normal",
    "random",
    "relu",
]  # in this order first
MOST = 4


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
    return {name: tuple(sorted(dict.fromkeys(words), key=_place))[:MOST] for name, words in found.items() if words}


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

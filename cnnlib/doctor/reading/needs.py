"""What a layer's passes read of their object, and which of its methods provide it: some have to be built first.

A method that assigns what the forward or the backward pass reads, and what neither they nor the constructor set,
has to be called before them, whatever it is called.
"""

import ast
import functools
import re
from typing import NamedTuple

from ..patient.code import tree_of

NUMBERS = r"ind|idx|id$|num|count|step|iter|epoch"  # parts of names


class Method(NamedTuple):
    """The attributes of its object that a method reads, those that it assigns, and the methods that it calls."""

    reads: frozenset
    assigns: frozenset
    calls: frozenset


NONE = Method(frozenset(), frozenset(), frozenset())


@functools.lru_cache(maxsize=256)
def methods_of(kind: type) -> dict[str, Method]:
    """The methods that somebody wrote for this class, and for those that it extends, by their names."""
    found = {}
    for base in reversed(kind.__mro__[:-1]):
        tree = tree_of(base)
        for node in tree.body if isinstance(tree, ast.ClassDef) else ():
            if isinstance(node, ast.FunctionDef):
                found[_mangled(node.name, base)] = _looked_at(node, base)
    return found


def _mangled(name: str, kind: type) -> str:
    """The name under which an object has a name that begins with two underscores in its class."""
    private = name.startswith("__") and not name.endswith("__")
    return f"_{kind.__name__.lstrip('_')}{name}" if private else name


def _looked_at(function, kind) -> Method:
    """What one method reads, assigns and calls; ``self.n += 1`` reads what it changes."""
    own = function.args.args[0].arg if function.args.args else ""
    reads, assigns, calls = set(), set(), set()
    for node in ast.walk(function):
        if isinstance(node, ast.AugAssign) and _of(node.target, own):
            reads.add(_of(node.target, own))
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):  # fills a dict or list
            assigns.add(_of(node.value, own))
        elif _of(node, own):
            (assigns if isinstance(node.ctx, ast.Store) else reads).add(node.attr)
        if isinstance(node, ast.Call) and _of(node.func, own):
            calls.add(node.func.attr)
    added = {_of(node.target, own) for node in ast.walk(function) if isinstance(node, ast.AugAssign)}
    plain = {
        _of(part, own)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        for part in ast.walk(target)
    }
    parts = (reads, assigns - (added - plain) - {""}, calls)
    return Method(*(frozenset(_mangled(name, kind) for name in part) for part in parts))


def _of(node, own: str) -> str:
    """The name of an attribute of the object; "" for anything else."""
    return node.attr if isinstance(node, ast.Attribute) and getattr(node.value, "id", None) == own else ""


def with_all_it_calls(methods: dict, name: str) -> Method:
    """A method together with those that it calls."""
    seen, left = {}, [name]
    while left:
        one = left.pop()
        if one not in seen:
            seen[one] = methods.get(one, NONE)
            left += seen[one].calls
    return Method(*(frozenset().union(*parts) for parts in zip(*seen.values(), strict=True)))


def lacking_in(layer, passes) -> frozenset[str]:
    """The attributes that these methods read, and that neither they nor the constructor have set, or to None."""
    methods, kind = methods_of(type(layer)), type(layer)
    both = [with_all_it_calls(methods, name) for name in passes if name]
    if not both:
        return frozenset()
    reads, assigns, calls = (frozenset().union(*parts) for parts in zip(*both, strict=True))
    kept = getattr(layer, "__dict__", {}).items()
    has = {name for name, value in kept if not (value is None or (isinstance(value, (dict, list)) and not value))}
    return frozenset(name for name in reads - assigns - calls - has if not hasattr(kind, name))


def builders(layer, passes) -> list[str]:
    """The methods that assign what these passes lack, those first that need least."""
    lacking, methods = lacking_in(layer, passes), methods_of(type(layer))
    if not lacking:
        return []
    others = [name for name in methods if name not in passes and name[:2] != "__"]
    provided = {name: with_all_it_calls(methods, name).assigns & lacking for name in others}
    parts = {called for name in others if provided[name] for called in with_all_it_calls(methods, name).calls}
    whole = [name for name in others if provided[name] and not (name in parts and name.startswith("_"))]
    return sorted(whole, key=lambda name: -len(provided[name]))


def counts(kind: type, name: str) -> bool:
    """Whether the class only counts with an attribute, or hands it on as its own number: it may be nought."""
    trees = [tree for base in kind.__mro__[:-1] if (tree := tree_of(base)) is not None]
    uses = [node for tree in trees for node in ast.walk(tree) if _of(node, "self") == name]
    steps = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.AugAssign)]
    counted = any(_of(n.target, "self") == name and isinstance(n.value, ast.Constant) for n in steps)
    calls = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call)]
    handed = sum(_of(part, "self") == name for n in calls for part in n.args)
    return counted or (handed == len(uses) and bool(re.search(NUMBERS, name.lower())))


def neighbours(layer, passed: str) -> dict[str, bool]:
    """Attribute → whether it is one layer or a list of them, for what is empty and is handed an array by a pass.

    As in ``for parent in self.parents: parent.backward(dX)`` or ``self.prev.backward(dX)``.
    """
    kept, found = getattr(layer, "__dict__", {}), {}
    trees = [tree for base in type(layer).__mro__[:-1] if (tree := tree_of(base)) is not None]
    bodies = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == passed]
    for node in (n for body in bodies[:1] for n in ast.walk(body)):
        if isinstance(node, ast.For) and _of(node.iter, "self"):
            handed = any(_handed_by(part) == getattr(node.target, "id", None) for part in ast.walk(node))
            name, one = _of(node.iter, "self"), False
        else:
            holder = node.func.value if _handed_by(node) is not None else None
            handed, name, one = holder is not None and bool(_of(holder, "self")), _of(holder, "self"), True
        if handed and name in kept and (kept[name] is None or kept[name] == []):
            found[name] = one
    return found


def _handed_by(node) -> str | None:
    """The name of what a call of a backward pass is made on; None for any other node."""
    called = node.func if isinstance(node, ast.Call) and node.args else None
    back = isinstance(called, ast.Attribute) and re.search("back|prop|grad", called.attr.lower())
    return getattr(called.value, "id", "") if back else None

"""Which layouts are tried first: those with as many axes as the code of the forward pass reads, as it names them.

``N, H, W, C = x.shape`` says four axes, the channels last; ``b[f, 0]`` says that a bias has two.
"""

import ast
import functools

from ..patient import calls, names
from ..patient.code import tree_of
from ..patient.session import method_name
from ..patient.uses import asked_for_shape, axes_of


def forward_function(subject):
    """The forward pass as far as it can be had without a layer; None where it cannot."""
    if subject.pair is not None:
        return subject.thing
    kind = subject.thing if isinstance(subject.thing, type) else None
    name = method_name(kind, names.FORWARDS, "forward") if kind else None
    return getattr(kind, name) if name else None


def in_order(layouts, subject, meaning: str, given):
    """The layouts for "X", "K" or "b", those first that the code of the forward pass speaks of."""
    function = forward_function(subject)
    if function is None:
        return layouts
    asked = [p.name for p in calls.parameters(function) if p.name != "self"]
    named = [n for n in asked if given.get(n, (names.meanings("forward", n) or [""])[0]) == meaning]
    if meaning == "X" and not named:
        named = asked[:1]
    shapes, indexed = asked_for_shape(function), indices_of(function)
    for name in named[:1]:
        count, axes = len(shapes.get(name, ())) or indexed.get(name, 0), axes_of(shapes.get(name, ()))
        if count:
            return sorted(layouts, key=lambda one: (len(one.groups) != count, meaning == "X" and one.text != axes))
    return layouts


@functools.lru_cache(maxsize=256)
def indices_of(function) -> dict[str, int]:
    """Name → the largest number of indices with which the function takes something out of it."""
    tree, found = tree_of(getattr(function, "__func__", function)), {}
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
            name = getattr(node.value, "id", "")
            if not any(isinstance(part, ast.Constant) and part.value in (None, ...) for part in node.slice.elts):
                found[name] = max(found.get(name, 0), len(node.slice.elts))
    return found

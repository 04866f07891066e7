"""Which layouts are tried first: those with as many axes as the code of the forward pass reads, as it names them.

``N, H, W, C = x.shape`` says four axes, the channels last; ``b[f, 0]`` says that a bias has two.
"""

import ast
import functools

from ..patient import calls, names
from ..patient.axes import K_GUESSES, K_ROWS, X_GUESSES, X_ROWS, Layout
from ..patient.code import code_of, tree_of
from ..patient.uses import asked_for_shape, axes_of
from ..reading.methods import method_name
from ..settings import KINDS, PROBES, Setting

SQUARE = Setting(3, 1, 4, 7, 7, 3, 3)  # for layers of one channel that know square images alone
PROBES_OF = KINDS | {"convolution": (*PROBES, Setting(3, 1, 4, 7, 8, 3, 3))}
ONE_MAP = Setting(1, 1, 4, 7, 7, 3, 3)  # many layouts look alike there
MOST_COMMON = 3  # axes
UNUSUAL = ("OIWH", "NWHC")
X_OF = {"dense": ("NC", "CN", "C"), "activation": ("NCHW", "NC", "CHW", "HW")}
K_OF = {"dense": ("IO", "OI")}


def probes_of(kind: str, given: dict):
    """The settings in which a layer is tried; where X is told to be a single map, with a square one as well."""
    alone = kind == "convolution" and given.get("X") and not {*"NC"} & {*given["X"].upper()}
    return (*PROBES_OF[kind], *([ONE_MAP] if alone else []))


def layouts_of(subject, kind: str, flat: bool, given: dict):
    """The layouts of X and of K: the given ones, or all of this kind, the likeliest first."""
    guesses_x, guesses_k = X_OF.get(kind, X_GUESSES), K_OF.get(kind, K_GUESSES)
    if flat:
        guesses_x, guesses_k = X_ROWS, K_ROWS
    if not given.get("guess"):  # unusual: only if given; with them a layer that transposes would pass
        guesses_x, guesses_k = ([text for text in some if text not in UNUSUAL] for some in (guesses_x, guesses_k))
    listed_x = [Layout(text, "NCHW") for text in ([given["X"]] if given.get("X") else guesses_x)]
    listed_k = [Layout(text, "OIHW") for text in ([given["K"]] if given.get("K") else guesses_k)]
    said = given.get("names") or {}
    return in_order(listed_x, subject, "X", said), in_order(listed_k, subject, "K", said)


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
    meant = {name: [m for m, _ in ways] for name, ways in calls.options("forward", function, given).items()}
    named = [name for name, meanings in meant.items() if meanings[:1] == [meaning]]
    if meaning == "X" and not named:
        named = [name for name in meant if name != "self"][:1]
    shapes, indexed = asked_for_shape(function), indices_of(code_of(function))
    for name in named[:1]:
        count, axes = len(shapes.get(name, ())) or indexed.get(name, 0), axes_of(shapes.get(name, ()))
        if count:
            ones = firsts_of(code_of(function)).get(name, ())
            return sorted(
                layouts,
                key=lambda one: (
                    len(one.groups) != count,
                    meaning == "X" and one.text != axes,
                    sum(one.groups[place] != "1" for place in ones if place < len(one.groups)),
                ),
            )
    return layouts


@functools.lru_cache(maxsize=256)
def firsts_of(code) -> dict[str, tuple[int, ...]]:
    """Name → the axes of which a function takes the first cell alone, as b[0, f] does of the first one."""
    tree, found = tree_of(code), {}
    for node in (n for n in ast.walk(tree) if isinstance(n, ast.Subscript)) if tree is not None else ():
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else ()
        zeros = {i for i, part in enumerate(parts) if getattr(part, "value", None) == 0}
        name = getattr(node.value, "id", "")
        if parts and name:
            found[name] = found.get(name, zeros) & zeros
    return {name: tuple(sorted(places)) for name, places in found.items()}


@functools.lru_cache(maxsize=256)
def indices_of(code) -> dict[str, int]:
    """Name → the largest number of indices with which a function takes something out of it."""
    tree, found = tree_of(code), {}
    for node in (n for n in ast.walk(tree) if isinstance(n, ast.Subscript)) if tree is not None else ():
        holder, parts = node.value, node.slice.elts if isinstance(node.slice, ast.Tuple) else ()
        name, count = getattr(holder, "id", ""), len(parts)
        if getattr(holder, "attr", "") == "shape" and isinstance(getattr(node.slice, "value", None), int):
            name, count = getattr(holder.value, "id", ""), node.slice.value + 1
            count = count if count > MOST_COMMON else 0  # x.shape[2] says little
        if count and not any("newaxis" in ast.unparse(p) or ast.unparse(p) in ("None", "...") for p in parts):
            found[name] = max(found.get(name, 0), count)
    return found

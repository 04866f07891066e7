"""What the code of a function does with each parameter: sizes that it unpacks, an array whose shape it asks for, a
layer before it.  Read off the source, never run.
"""

import ast
import functools
import re

from . import names
from .code import code_of, kept_as, read_of, tree_of

MOST = 512  # functions whose code is remembered
AXES = {
    "C": r"c|ch|chan|chans|channels?|depth|maps?|features?|profond\w*|profund\w*|tiefe|canaux|canales|canais|d",
    "H": r"h|height|rows?|haut\w*|h(oe|ö)he|altura|alto|altezza|y|fil[ae]s|zeilen|lignes|linhas|r",
    "W": r"w|width|cols?|columns?|larg\w*|breite|ancho|anchura|x|columnas|spalten|colonnes|colunas",
    "N": r"n|m|num|batch\w*|samples?|images?|bs|examples?",
}
BEFORE = r"layer|prev|upper|below|bottom|input|couche|capa|camada|schicht|strato|avant|precedent|anterior"


def axes_of(targets) -> str | None:
    """The axes that names such as (in_h, in_w, in_c) stand for, each once; one of three may be a blank."""
    found = []
    for target in targets:
        words = [word.lower() for word in re.findall(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+(?![a-z])", target)]
        hits = [axis for axis, like in AXES.items() if any(re.fullmatch(like, word) for word in reversed(words))]
        last = [axis for axis in hits if words and re.fullmatch(AXES[axis], words[-1])]
        found.append((last or hits or [""])[0])
    wanted = {2: "HW", 3: "CHW", 4: "NCHW"}.get(len(found), "")
    missing = set(wanted) - set(found)
    if found.count("") == len(missing) == 1:
        found[found.index("")] = missing.pop()
    return "".join(found) if wanted and sorted(found) == sorted(wanted) else None


def _name(node) -> str:
    """x for x, self.x for an attribute of the object."""
    if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "self":
        return "self." + node.attr
    return getattr(node, "id", "")


def _shape_of(node) -> str:
    """x for x.shape, np.shape(x) and x.shape[1:]."""
    node = node.value if isinstance(node, ast.Subscript) else node
    if isinstance(node, ast.Attribute) and node.attr == "shape":
        return _name(node.value)
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("shape") and len(node.args) == 1:
        return _name(node.args[0])
    return ""


@functools.lru_cache(maxsize=512)
def _unpacked(function) -> tuple[dict, dict]:
    """Parameter → the names that it, or its shape, is unpacked into."""
    tree, direct, shaped, alias = tree_of(function), {}, {}, {}
    if not isinstance(tree, ast.FunctionDef):
        return {}, {}
    own = [p.arg for p in tree.args.args + tree.args.kwonlyargs]
    for node in (n for n in ast.walk(tree) if isinstance(n, ast.Assign)):
        value, target = node.value, node.targets[-1]
        if isinstance(target, (ast.Tuple, ast.List)):
            parts = tuple(_name(part).removeprefix("self.") for part in target.elts)
            for said, kept in ((_name(value), direct), (_shape_of(value), shaped)):
                said = alias.get(said, said)
                if said in own:
                    kept.setdefault(said, parts)
        elif _name(value) in own and _name(target):
            alias[_name(target)] = _name(value)
    return direct, shaped


def _plain(function):
    """The code of a function or method, or of the constructor of a class: one for all that a factory makes."""
    return code_of(getattr(function, "__init__", None) if isinstance(function, type) else function)


def once_for_all_of_a_factory(read):
    """Keep what is read off a class or function under its code, for the latest MOST of them."""
    kept = {}

    @functools.wraps(read)
    def found(thing):
        code = _plain(thing)
        if code not in kept:
            while len(kept) >= MOST:
                del kept[next(iter(kept))]
            kept[code] = read(thing)
        return kept[code]

    found.kept = kept
    return found


def unpacked(function) -> dict[str, tuple[str, ...]]:
    """Parameter → the names that its value is unpacked into, as in ``h, w, c = input_size``."""
    return _unpacked(_plain(function))[0]


def asked_for_shape(function) -> dict[str, tuple[str, ...]]:
    """Parameter → the names that its shape is unpacked into: it is an array."""
    return _unpacked(_plain(function))[1]


@once_for_all_of_a_factory
def unused(function) -> frozenset[str]:
    """Parameters of a constructor that its code never reads: one value is as good as another."""
    tree = tree_of(_plain(function))
    if not isinstance(tree, ast.FunctionDef) or tree.args.kwarg is not None:
        return frozenset()
    read = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return frozenset(p.arg for p in tree.args.args + tree.args.kwonlyargs) - read


NUMBERS, SEQUENCES, ARRAYS = "numbers", "sequences", "arrays"


@once_for_all_of_a_factory
def kinds_of_value(thing) -> dict[str, str]:
    """Parameter of a function, or of a class's constructor → NUMBERS or SEQUENCES, where its use says so.

    What is subtracted, divided or counted up to is a number; what is unpacked, indexed or measured is a sequence.
    """
    tree, found = tree_of(thing), {}
    if tree is None:
        return {}
    makers = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
    own = makers[0] if isinstance(tree, ast.ClassDef) and makers else tree
    if not isinstance(own, ast.FunctionDef):
        return {}
    known = kept_as(own)
    changed = {
        _name(t)
        for n in ast.walk(tree)
        if isinstance(n, (ast.Assign, ast.AugAssign, ast.For))
        for t in (n.targets if isinstance(n, ast.Assign) else [n.target])
    } & {*known.values()}
    for node in ast.walk(tree):
        for part, kind in _said_by(node):
            name = known.get(_name(part))
            if name and name not in changed:
                found.setdefault(name, set()).add(kind)
    return {name: next(iter(said)) for name, said in found.items() if len(said) == 1 and "either" not in said}


def _said_by(node):
    """(part, kind) for the parts of a piece of code whose kind it says."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.FloorDiv, ast.Div)):
        yield from ((part, NUMBERS) for part in (node.left, node.right))
    elif isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        if called in ("isinstance", "hasattr", "tuple", "list", "type"):
            yield from ((part, "either") for part in node.args[:1])
        elif called in ("range", "int", "float", "math.sqrt") or called.endswith((".randn", ".rand")):
            yield from ((part, NUMBERS) for part in node.args)
        elif called == "len":
            yield from ((part, SEQUENCES) for part in node.args)
        for part in node.args:
            if isinstance(part, ast.Tuple):
                yield from ((one, NUMBERS) for one in part.elts)
            elif isinstance(part, ast.Starred):
                yield part.value, SEQUENCES
    elif isinstance(node, ast.Subscript) or (
        isinstance(node, ast.Assign) and isinstance(node.targets[-1], (ast.Tuple, ast.List))
    ):
        yield node.value, SEQUENCES
    elif isinstance(node, ast.For):
        yield node.iter, SEQUENCES


@once_for_all_of_a_factory
def lists_of_lists(thing) -> tuple[str, ...]:
    """Parameters (or attributes under their names) whose parts are looped over: ``for j in table[i]``."""
    tree = tree_of(thing)
    loops = (
        [n.iter for n in ast.walk(tree) if isinstance(n, (ast.For, ast.comprehension))] if tree is not None else []
    )
    parts = [one.value for one in loops if isinstance(one, ast.Subscript) and not isinstance(one.slice, ast.Slice)]
    return tuple(_name(part).removeprefix("self.") for part in parts if _name(part))


def layers_before(function) -> list[str]:
    """Parameters of a constructor that are the layer before it: the name says so, and sizes are read of it."""
    read = read_of(function)
    return [name for name, parts in read.items() if re.search(BEFORE, name.lower()) and any(map(_is_size, parts))]


def _is_size(part: str) -> bool:
    """Whether an attribute is the size of an output, as num_output, output_h or depth are."""
    words = re.findall(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+(?![a-z])", part)
    outward = any(word.lower() in ("output", "out", "num", "outputs") for word in words)
    return (
        outward
        or axes_of(("n", part)) is not None
        or any(re.fullmatch(like, word.lower()) for word in words for like in AXES.values())
    )


def _is_setting(part: str) -> bool:
    """Whether an attribute is something that a constructor may be told, as network.learning_rate."""
    return bool(names.meanings("make", part))


def by_use(function) -> dict[str, list[tuple[str, object]]]:
    """Parameter of a constructor → its options, as far as its code says: sizes, an array, or the layer before."""
    found = {}
    for name, targets in unpacked(function).items():
        letters = axes_of(targets)
        if letters:
            found[name] = [("input shape", letters)]
        elif len(targets) in (3, 4):
            found[name] = [("input shape", variant) for variant in (0, 3, 2)]
    found |= {name: [("lists", 0)] for name in lists_of_lists(function)}
    for name, targets in asked_for_shape(function).items():
        if len(targets) > 2:
            found[name] = [("X", 0)]
    holders = {name: [("settings", 0)] for name, parts in read_of(function).items() if any(map(_is_setting, parts))}
    return holders | found | {name: [("X", 0)] for name in layers_before(function)}

"""What a parameter is by what the code does with it: a function, a source of chance, an optimiser, a rate.

``rng.standard_normal(…)`` asks for a source of chance, ``sigma(z)`` for a function, ``self.W -= alpha * dW`` for a
rate, whatever the names are.  The code is read, never run.
"""

import ast
import inspect
import re

from ..patient.code import kept_as, tree_of
from ..patient.uses import by_use, once_for_all_of_a_factory

RANDOM = {"standard_normal", "normal", "uniform", "randn", "rand", "random", "integers", "randint", "choice"}
OPTIMISING = r"update|step|optimi[sz]e|descend|regist|add_param"
TELLING = {"debug", "info", "warning", "error", "log", "write", "writerow", "print"}
SLOPE = r"(^|_)d_|(^|_)d[a-z]*act|der(iv|_|$)|prime|slope|grad|backward"
FUNCTIONS = ("linear", "initialiser", "optimiser", "chance", "sink", "settings", "store")  # names that agree
SHAPES = {4: [("k", 2), ("k", 3), ("k", 6), ("k", 7)], 3: [("k", 4), ("k", 5)]}  # ways to write a kernel's shape
DEPTH = 2  # methods of its own to which a method hands a parameter on
NO_SIZES = ("k", "K", "b", "stride", "pad", "output shape", "linear", "optimiser", "initialiser")  # as they are
NONE_OF_THEM = [[meaning] for meaning in NO_SIZES]


def ways_of(site: str, function, known: dict, given) -> dict[str, list[tuple[str, object]]]:
    """Parameter → the ways to fill it, as far as the code says; ``known`` has what the names say."""
    found = {}
    if site == "make":
        sizes = by_use(function).items()
        by_size = {name: ways for name, ways in sizes if known.get(name, ["k"])[:1] not in NONE_OF_THEM}
        found = by_size | _functions(function, known) | _shapes(function)
    elif site == "backward":
        found = {name: [("lr", 0)] for name in rates(function) if known.get(name, [])[:1] != ["lr"]}
    return {name: ways for name, ways in found.items() if name not in given}


def _functions(function, known) -> dict:
    """The parameters of a constructor that are called, or of which methods are called."""
    found = {}
    for name, methods in called(function).items():
        if methods - {""} and methods <= RANDOM:
            found[name] = [("chance", 0 if "randn" not in methods and "rand" not in methods else 1)]
        elif {*known.get(name, ())} & {*FUNCTIONS}:
            continue
        elif methods <= TELLING:
            found[name] = [("sink", 0)]
        elif "" in methods or {"forward", "backward"} <= methods or any(re.search(SLOPE, one) for one in methods):
            found[name] = [("linear", 4 if re.search(SLOPE, name.lower()) else 1)]
        elif all(re.search(OPTIMISING, one) for one in methods):
            found[name] = [("optimiser", 0)]
    return found


@once_for_all_of_a_factory
def _shapes(function) -> dict:
    """The parameters that are a kernel's shape: ``randn(f[0], f[1], f[2], f[3])``, in parts, or ``rand(*f)``."""
    own, found = _function_in(tree_of(function)), {}
    for node in (n for n in ast.walk(own) if isinstance(n, ast.Call)) if own is not None else ():
        only = node.args[0] if len(node.args) == 1 else None
        if isinstance(only, ast.Starred) and getattr(node.func, "attr", "") in RANDOM:
            sizes = _default_sizes(own)  # without them it may be a shape of anything
            found |= {name: SHAPES[sizes[name]] for name in {_said(only.value)} & {*sizes} if sizes[name] in SHAPES}
            continue
        parts = node.args if len(node.args) > 1 else getattr(node.args[0], "elts", ()) if node.args else ()
        indexed = [part for part in parts if isinstance(part, ast.Subscript)]
        places = [getattr(part.slice, "value", None) for part in indexed]
        held = {_said(part.value) for part in indexed}
        if len(indexed) == len(parts) and len(held) == 1 and places in ([0, 1, 2, 3], [0, 1, 2]):
            found |= {name: SHAPES[len(places)] for name in held if name in {p.arg for p in _parameters(own)}}
    return found


def _default_sizes(function) -> dict[str, int]:
    """Parameter → how many numbers its default has, where that is a tuple."""
    given = zip(reversed(function.args.args), reversed(function.args.defaults), strict=False)
    return {p.arg: len(default.elts) for p, default in given if isinstance(default, ast.Tuple)}


@once_for_all_of_a_factory
def called(thing) -> dict[str, frozenset[str]]:
    """Parameter → the methods that are called on it, or on the attribute that keeps it; "" where it is called."""
    tree, found = tree_of(thing), {}
    own = _function_in(tree)
    if own is None:
        return {}
    known = _kept_by_base(thing, own) | kept_as(own)
    changed = {_said(t) for n in ast.walk(own) if isinstance(n, ast.Assign) for t in n.targets} & {*known}
    changed -= {name for name in known if name.startswith("self.")}
    for node in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        said, method = _said(node.func), ""
        if said not in known and isinstance(node.func, ast.Attribute):
            said, method = _said(node.func.value), node.func.attr
        if said in known and known[said] not in changed:
            found.setdefault(known[said], set()).add(method)
    return {name: frozenset(methods) for name, methods in found.items() if methods}


def _kept_by_base(thing, own) -> dict[str, str]:
    """Attribute → the parameter that a base class's constructor keeps there: ``super().__init__(activation)``."""
    bases = [base for base in getattr(thing, "__mro__", ())[1:-1] if "__init__" in vars(base)]
    calls = [n for n in ast.walk(own) if isinstance(n, ast.Call) and getattr(n.func, "attr", "") == "__init__"]
    init = _function_in(tree_of(bases[0])) if bases and calls else None
    if init is None:
        return {}
    arguments = [arg for arg in calls[0].args if _said(arg) != "self"]
    handed = dict(zip([p.arg for p in init.args.args[1:]], map(_said, arguments), strict=False))
    handed |= {one.arg: _said(one.value) for one in calls[0].keywords}
    own_parameters = {p.arg for p in _parameters(own)}
    return {
        name: handed[kept]
        for name, kept in kept_as(init).items()
        if name.startswith("self.") and handed.get(kept) in own_parameters
    }


def rates(function, depth: int = DEPTH) -> list[str]:
    """Parameters of a method that only scale what is taken off an attribute: ``self.W -= alpha * dW``."""
    tree = tree_of(getattr(function, "__func__", function))
    own = _function_in(tree)
    if own is None or not isinstance(tree, ast.FunctionDef):
        return []
    names = [p.arg for p in _parameters(own)]
    arrays = {_said(node.value) for node in ast.walk(own) if isinstance(node, (ast.Subscript, ast.Attribute))}
    scaling = {name for node in ast.walk(own) for name in _factors_of_a_step(node)}
    for node in (n for n in ast.walk(own) if isinstance(n, ast.Call)) if depth else ():
        method = getattr(getattr(function, "__self__", None), _said(node.func).removeprefix("self."), None)
        if inspect.ismethod(method) and _said(node.func).startswith("self."):
            further, asked = rates(method, depth - 1), list(inspect.signature(method).parameters)
            scaling |= {_said(part) for part, name in zip(node.args, asked, strict=False) if name in further}
            scaling |= {_said(key.value) for key in node.keywords if key.arg in further}
    return [name for name in names if name in scaling - arrays]


def _factors_of_a_step(node):
    """The names that scale what an attribute is changed by."""
    target = node.target if isinstance(node, ast.AugAssign) else None
    if isinstance(node, ast.AugAssign) and isinstance(node.op, (ast.Sub, ast.Add)):
        change = node.value
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Sub):
        target, change = node.targets[0], node.value.right
        if ast.unparse(target) != ast.unparse(node.value.left):
            return
    else:
        return
    if ast.unparse(target).startswith("self."):
        yield from _factors(change)


def _factors(node):
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        yield from _factors(node.left)
        yield from _factors(node.right)
    elif isinstance(node, ast.Name):
        yield node.id


def _function_in(tree):
    """The constructor of a class, or the function itself."""
    if isinstance(tree, ast.ClassDef):
        made = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
        return made[0] if made else None
    return tree if isinstance(tree, ast.FunctionDef) else None


def _parameters(function):
    return [p for p in function.args.args + function.args.kwonlyargs if p.arg != "self"]


def _said(node) -> str:
    """x for x, self.x for an attribute of the object."""
    if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "self":
        return "self." + node.attr
    return getattr(node, "id", "")

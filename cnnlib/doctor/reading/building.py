"""Which methods of a layer are called before its first pass, and how."""

import itertools
import re

from ..patient import calls, likely, names
from .methods import method_name
from .needs import builders

MOST_BUILDERS = 3  # methods that set what the passes lack
COUNTED = (("input shape", 0), ("input shape", 2), ("C", 0), ("O", 0))  # what such a method may ask for


def builds_of(layer) -> list[tuple]:
    """The methods that may finish a layer before it runs: those that set what it lacks, none, others."""
    if isinstance(layer, dict):
        return [()]
    needed = builders(layer, passes_of(layer))[:MOST_BUILDERS]
    first = [way for name in needed for way in ((name,), *_counted(layer, name))]
    return list(dict.fromkeys([*first, *_by_name(layer)]))


def passes_of(layer) -> tuple[str | None, str | None]:
    """The names of its forward and its backward pass."""
    return method_name(layer, names.FORWARDS, "forward"), method_name(layer, names.BACKWARDS, "back")


def _counted(layer, name):
    """Other calls of a method: with shapes in another order, and numbers of channels whatever they are called."""
    asked = [p.name for p in calls.parameters(getattr(layer, name)) if not p.optional]
    if len(asked) == 1:
        first, *others = calls.options("make", getattr(layer, name), {})[asked[0]]
        ways = [way for way in (*others[:2], *COUNTED) if way != first]
        yield from (((name, ((asked[0], way),)),) for way in dict.fromkeys(ways))
    elif len(asked) == 2:
        for meant in itertools.permutations(("C", "O"), len(asked)):
            yield ((name, tuple(zip(asked, meant, strict=True))),)


def _by_name(layer) -> list[tuple[str, ...]]:
    """No method, those whose names say that they prepare something, and all of them in the order they stand."""
    known = [name for name in names.BUILDS if callable(getattr(layer, name, None))]
    like = r"init|build|setup|prepare|conne[cx]|_shape$|^set_?(param|weight|kernel|filter)|^(compute|infer)_shapes$"
    own = [name for name in likely.own_methods(layer) if name in known or re.search(like, name)]
    singles = sorted(dict.fromkeys((*known, *own)), key=lambda name: -_calls(layer, name, own))
    return [(), *((name,) for name in singles), *([tuple(own)] if len(own) > 1 else [])]


def _calls(layer, name, others) -> int:
    """How many of the other methods a method calls: what calls them does the whole work."""
    function = getattr(layer, name)
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return len({*others} & {*code.co_names} - {name}) if code else 0

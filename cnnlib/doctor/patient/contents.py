"""The arrays inside somebody's object: found by walking its attributes, dicts and lists, and written in place."""

import contextlib
import types

import numpy as np

DEPTH, MOST = 4, 400
SKIPPED = (
    types.ModuleType,
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    type,
    str,
    bytes,
    np.random.Generator,
    np.random.RandomState,
    np.dtype,
)


def arrays_in(thing, depth: int = DEPTH) -> dict[str, np.ndarray]:
    """Dotted path → array, for everything that can be reached in a few steps; each array once."""
    found, seen = {}, set()

    def walk(value, path, left):
        if id(value) in seen or len(found) >= MOST:
            return
        seen.add(id(value))
        if isinstance(value, np.ndarray) and value.dtype.kind in "fiu":
            found[path] = value
            for name, part in getattr(value, "__dict__", {}).items():  # of an array that carries its gradient
                walk(part, f"{path}.{name}", left - 1)
        elif left and not isinstance(value, SKIPPED):
            for name, part in parts_of(value):
                walk(part, f"{path}.{name}" if path else str(name), left - 1)

    walk(thing, "", depth)
    return found


def parts_of(value):
    """(name, part) for the attributes of an object, the entries of a dict, the members of a list."""
    if isinstance(value, dict):
        return [(name, part) for name, part in value.items() if isinstance(name, (str, int))]
    if isinstance(value, (list, tuple)):
        return list(enumerate(value[:40]))
    named = dict(getattr(value, "__dict__", {}))
    for kind in type(value).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if hasattr(value, name):
                named[name] = getattr(value, name)
    return list(named.items())


def at(thing, path: str):
    """What stands at a dotted path of attributes, keys and indices; KeyError if nothing does.

    "*" stands for every member of a list: filters.*.weights is the weights of all filters, stacked.
    """
    steps = path.split(".") if path else ()
    for place, step in enumerate(steps):
        if step == "*":
            return np.array([at(part, ".".join(steps[place + 1 :])) for part in thing])
        listed = isinstance(thing, (list, tuple))
        if isinstance(thing, dict) and step in thing:
            thing = thing[step]
        elif step.isdigit() and (
            (isinstance(thing, dict) and int(step) in thing) or (listed and int(step) < len(thing))
        ):
            thing = thing[int(step)]
        elif not listed and not isinstance(thing, dict) and hasattr(thing, step):
            thing = getattr(thing, step)
        else:
            raise KeyError(path)
    return thing


def put(thing, path: str, value) -> None:
    """Write an array at a dotted path: into the array that stands there if shapes agree, else in its place."""
    before, star, after = path.partition("*.")
    if star:
        for part, share in zip(at(thing, before.rstrip(".")), value, strict=True):
            put(part, after, share)
        return
    *way, last = path.split(".")
    holder = at(thing, ".".join(way))
    old = at(holder, last)
    if is_number(old) and np.size(value) == 1:
        value = float(np.ravel(value)[0])
    if (
        isinstance(old, np.ndarray)
        and old.shape == np.shape(value)
        and old.flags.writeable
        and old.dtype.kind == "f"
    ):
        old[...] = value
    elif isinstance(old, list) and isinstance(value, np.ndarray) and (value.ndim == 1 or nested_numbers(old)):
        old[:] = value.tolist()
    elif isinstance(old, list) and isinstance(value, list):
        for index, part in enumerate(value):
            put(old, str(index), part)
    elif isinstance(holder, dict):
        holder[last if last in holder else int(last)] = value
    elif isinstance(holder, list):
        holder[int(last)] = value
    else:
        setattr(holder, last, value)


def kernel_lists(thing) -> dict[str, np.ndarray]:
    """Dotted path → stacked array, for lists of arrays of one shape, or of objects that hold one each."""
    found = {}
    for path, value in _walk_lists(thing, "", DEPTH - 1):
        if _is_plain(value):
            with contextlib.suppress(ValueError, TypeError):
                found[path] = np.array(value, dtype=float)
        first, stars = value[0], "*"
        if isinstance(first, list) and first:
            first, stars = first[0], "*.*"
        for name, part in parts_of(first) if hasattr(first, "__dict__") else ():
            if isinstance(part, (float, np.ndarray)):
                with contextlib.suppress(ValueError, TypeError, KeyError):
                    found[f"{path}.{stars}.{name}"] = np.array(at(value, f"{stars}.{name}"), dtype=float)
    return {
        path: stacked
        for path, stacked in found.items()
        if stacked.ndim > 1 or "*" in path or _numbers(at(thing, path))
    }


def _is_plain(value) -> bool:
    """Whether a nested list begins with a number or an array: arrays of other libraries may refuse NumPy."""
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return isinstance(value, (int, float, np.generic, np.ndarray))


def is_number(value) -> bool:
    """Whether something is one plain number, as the bias of the only map may be."""
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def numbers_in(thing) -> dict[str, np.ndarray]:
    """Attribute → array of no axes, for the plain numbers that an object holds itself."""
    return {name: np.array(value, dtype=float) for name, value in parts_of(thing) if is_number(value)}


def nested_numbers(value) -> bool:
    """Whether lists in lists hold plain numbers and no arrays."""
    while isinstance(value, list) and value:
        value = value[0]
    return isinstance(value, (int, float))


def _numbers(value) -> bool:
    """Whether a list holds plain numbers, as the biases of separate maps do."""
    return all(isinstance(part, (float, np.floating)) for part in value)


def _walk_lists(value, path, left):
    if isinstance(value, list) and value and path:
        yield path, value
    if left and not isinstance(value, (*SKIPPED, np.ndarray, list, tuple)):
        for name, part in parts_of(value):
            yield from _walk_lists(part, f"{path}.{name}" if path else str(name), left - 1)

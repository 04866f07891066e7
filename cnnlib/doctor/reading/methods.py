"""Which methods of a layer are its forward and its backward pass, by their names."""

import inspect

from ..patient import calls


def method_name(layer, known, what: str) -> str | None:
    """The first of the known names that the layer has as a method; None where it has none."""
    if isinstance(layer, dict):
        return known[0]
    kind = layer if isinstance(layer, type) else type(layer)
    there = [name for name in dir(layer) if not name.startswith("__") or name == "__call__"]
    bound = [name for name in there if not isinstance(inspect.getattr_static(kind, name, None), staticmethod)]
    name = _named(layer, bound, known, what)  # a helper that knows no object is the pass of last resort
    return name if name not in (None, "__call__", "apply") else _named(layer, there, known, what)


def _named(layer, there, known, what):
    """The first of the known names among these; that which says ``what`` where there is none of them."""
    lower = {name.lower(): name for name in there}
    found = [
        lower[name.lower()]
        for name in known
        if name.lower() in lower and callable(getattr(layer, lower[name.lower()]))
    ]
    if not found:
        found = [n for n in there if what in n.lower() and n[:2] != "__" and callable(getattr(layer, n))]
        found.sort(key=lambda n: n.startswith("_"))
    named = [n for n in found if n != "__call__" or not calls.takes_anything(layer)]  # __call__(*args) says nothing
    return (named or found or [None])[0]

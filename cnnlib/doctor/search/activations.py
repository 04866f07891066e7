"""Activations that a file has beside its layer: functions and objects that a constructor may ask for."""

import functools
import inspect
import sys

import numpy as np

from ..anatomy import ACTIVATIONS, agree
from ..patient import calls
from ..running import LayerError, quietly
from .words import words_of

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

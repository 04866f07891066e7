"""Layers without state: ``init, apply = conv(…)``, where ``init(rng, shape)`` draws the weights of apply."""

import inspect

import numpy as np

from ..patient import calls, names
from ..patient.contents import arrays_in
from ..patient.names import squeezed
from ..patient.session import Subject
from .shapes import inner_names, means, named, parameter_names

INIT = ("init", "initialize", "initialise", "initparams", "initweights", "initfun", "initfn")
RANDOM = ("rng", "key", "random", "generator", "rngkey", "prng", "seed", "randomstate", "rs")


def as_subject(layer, backward) -> Subject | None:
    """A class for a factory of (init, apply), or for a class with both; None for everything else."""
    if backward is not None or not (inspect.isfunction(layer) or isinstance(layer, type)):
        return None
    known = inner_names(layer) if inspect.isfunction(layer) else [n for n in dir(layer) if not n.startswith("_")]
    if not any(_draws(name) for name in known) or not any(_applies(name) for name in known):
        return None
    if isinstance(layer, type) and not _takes_weights(layer):
        return None

    class Stateless:
        """The functions, and the weights that init drew for the first input."""

        def __init__(self, *args, **named_):
            self.functions, self.params = _functions(layer(*args, **named_)), None

        def forward(self, X):
            if self.params is None:
                self.params = _drawn(self.functions["init"], X.shape)
            self.kept = _call(self.functions["apply"], self.params, x=X)
            return self.kept

        def backward(self, delta):
            parts = self.kept if isinstance(self.kept, tuple) else (self.kept,)
            pull = next((part for part in parts if callable(part)), None)
            if pull is not None:
                return pull(delta)
            rest = [part for part in parts if not isinstance(part, np.ndarray)] or list(parts[1:])
            cache = rest[0] if len(rest) == 1 else tuple(rest)
            return _call(self.functions["backward"], self.params, cache=cache, delta=delta)

    Stateless.__signature__ = inspect.signature(layer)
    return named(Subject(Stateless), layer)


def _draws(name: str) -> bool:
    return squeezed(name) in INIT or squeezed(name).startswith("init")


def _applies(name: str) -> bool:
    return squeezed(name) in map(squeezed, names.FORWARDS) or squeezed(name).startswith("apply")


def _takes_weights(kind) -> bool:
    """Whether the forward method of a class takes its weights beside X, and init gives them."""
    name = next((n for n in dir(kind) if not n.startswith("_") and _applies(n)), None)
    asked = [n for n in parameter_names(getattr(kind, name)) if n != "self"] if name else []
    return any(squeezed(n) in ("params", "weights", "theta", "variables", "parameters") for n in asked[:2])


def _functions(made) -> dict:
    """init, apply and backward out of a tuple, a dict or an object, by their names."""
    if isinstance(made, dict):
        found = made
    elif isinstance(made, tuple) and not hasattr(made, "_fields"):
        found = {getattr(part, "__name__", str(place)): part for place, part in enumerate(made)}
    else:
        found = {name: getattr(made, name) for name in dir(made) if not name.startswith("__")}
    found = {name: part for name, part in found.items() if callable(part)}
    roles = {
        "init": next((part for name, part in found.items() if _draws(name)), None),
        "apply": next((part for name, part in found.items() if _applies(name)), None),
        "backward": next((p for n, p in found.items() if "back" in n.lower() or "grad" in n.lower()), None),
    }
    if roles["init"] is None or roles["apply"] is None:
        raise TypeError(f"expected the functions init and apply; found {', '.join(found) or 'none'}")
    return roles


def _drawn(init, shape):
    """The weights for an input of this shape: the part of what init returned that holds arrays."""
    sources, shapes, problem = (np.random.default_rng(0), 0, np.random.RandomState(0)), (shape, shape[1:]), None
    for source in sources:
        for tried in shapes:
            given = [source if squeezed(n) in RANDOM else tried for n in parameter_names(init)]
            try:
                made = init(*given)
            except (TypeError, ValueError, AttributeError, IndexError) as error:
                problem = problem or error
                continue
            parts = (
                made if isinstance(made, tuple) and not any(isinstance(p, np.ndarray) for p in made) else (made,)
            )
            drawn = [part for part in parts if arrays_in(part)]
            if drawn:
                return list(drawn[-1]) if isinstance(drawn[-1], tuple) else drawn[-1]
    raise problem or TypeError("init gave no weights")


def _call(function, params, **known):
    """Call by names; the first required parameter of another name takes the weights."""
    params = tuple(params) if isinstance(params, list) else params
    given, left = {}, dict(known)
    for p in calls.parameters(function):
        meant = next((m for m in left if means(p.name, {"x": "X"}.get(m, m), "backward")), None)
        if meant is not None:
            given[p.name] = left.pop(meant)
        elif not p.optional and not any(value is params for value in given.values()):
            given[p.name] = params
        elif not p.optional and left:
            given[p.name] = left.pop(next(iter(left)))
    return function(*given.values()) if len(given) == len(calls.parameters(function)) else function(**given)

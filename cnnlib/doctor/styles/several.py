"""Gradients from functions of their own: ``conv(X, K)``, ``grad_input(δ, K)`` and ``grad_weights(δ, X)``."""

import inspect

from ..patient import names


def together(functions):
    """One backward function that calls each with what it asks for, and returns all that they give side by side."""
    asked = {}
    for function in functions:
        for p in inspect.signature(function).parameters.values():
            kept = asked.get(p.name)
            asked[p.name] = p if kept is None or p.default is p.empty else kept
    required = [p for p in asked.values() if p.default is p.empty]
    required.sort(key=lambda p: names.meanings("backward", p.name)[:1] != ["delta"])
    rest = [p.replace(kind=p.KEYWORD_ONLY) for p in asked.values() if p.default is not p.empty]
    signature = inspect.Signature([*required, *rest])

    def backward(*args, **named):
        given, found = signature.bind(*args, **named).arguments, []
        for function in functions:
            own = inspect.signature(function).parameters
            made = function(**{name: value for name, value in given.items() if name in own})
            found += made if isinstance(made, tuple) else [made]
        return tuple(found)

    backward.__signature__, backward.__wrapped__ = signature, functions[0]
    backward.__name__ = functions[0].__name__
    return backward

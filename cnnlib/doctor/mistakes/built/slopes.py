"""The derivative of an activation written wrongly: any of the usual formulas where another belongs."""

import numpy as np

from ...anatomy import linear_part, spread_bias
from ..kernels import BOTH
from ..mistake import Mistake
from .words import said


def _before(view):
    """What the activation was given."""
    if "before the activation" not in view.cache:
        total = linear_part(view.case, view.anatomy.operation, view.anatomy.pads)
        once = view.anatomy.bias == "once"
        view.cache["before the activation"] = total + spread_bias(view.case.b) if once else total
    return view.cache["before the activation"]


FORMULAS = {
    "a": lambda z, a: a,
    "1 − a": lambda z, a: 1 - a,
    "a(1 − a)": lambda z, a: a * (1 - a),
    "1 − a²": lambda z, a: 1 - a**2,
    "(1 − a)²": lambda z, a: (1 - a) ** 2,
    "a²": lambda z, a: a**2,
    "a − a²/2": lambda z, a: a - a**2 / 2,
    "z": lambda z, a: z,
    "1 − z": lambda z, a: 1 - z,
    "z(1 − z)": lambda z, a: z * (1 - z),
    "1 − z²": lambda z, a: 1 - z**2,
    "z > 0": lambda z, a: z > 0,
    "z ≥ 0, else 0.01": lambda z, a: np.where(z > 0, 1, 0.01),
    "1 − σ(a)": lambda z, a: 1 - 1 / (1 + np.exp(-a)),
    "1 − tanh(a)²": lambda z, a: 1 - np.tanh(a) ** 2,
    "exp(−z)": lambda z, a: np.exp(-z),
    "exp(−z)/(1 + exp(−z))": lambda z, a: np.exp(-z) / (1 + np.exp(-z)),
}


OF_NONE = ("a", "1 − a", "1 − a²")  # said of a layer without an activation, whose slope is 1
RIGHT = {"sigmoid": "a(1 − a)", "tanh": "1 − a²"}


def _formula(name):
    def change(view, d):
        if view.anatomy.activation == "linear":
            return view.given * FORMULAS[name](view.Z, view.Z) if name in OF_NONE else d
        if RIGHT.get(view.anatomy.activation) == name:
            return None  # of another output than it should have given
        return view.given * FORMULAS[name](_before(view), view.Z)

    return said(f"δ is multiplied by {name}", change)


def _alone(below):
    """The slope in the place of delta times the slope: everywhere, or where the activation is bent down only."""

    def change(view, d):
        if view.anatomy.activation == "linear":
            return d
        return np.where(_before(view) > 0, view.given, view.slope) if below else view.slope

    return change


OF_DELTA = {
    "1 − δ²": lambda view, d: 1 - d**2,
    "δ(1 − δ)": lambda view, d: d * (1 - d),
    "σ′(δ)": lambda view, d: view.slope_at(d),
    "δ": lambda view, d: d,
}


def _of_delta(name):
    def change(view, d):
        if name == "σ′(δ)" and view.anatomy.activation == "linear":
            return d  # a slope of 1
        return view.given * OF_DELTA[name](view, view.given)

    return said(f"δ is multiplied by {name}", change)


MISTAKES = [
    Mistake(
        "slope_at_delta",
        "ingredient",
        "the derivative of an activation is taken at the incoming delta",
        "A slope is taken at the layer's own output, or at the sum before the activation, never at delta.",
        {part: [("pre", _of_delta(name)) for name in OF_DELTA] for part in ("dX", "dK", "db")},
        BOTH,
        "09",
    ),
    Mistake(
        "slope_alone",
        "ingredient",
        "the slope of the activation stands in the place of delta, which is lost",
        "Multiply: δ·σ′(z).",
        {
            part: [
                ("pre", said("everywhere", _alone(False))),
                ("pre", said("where z is below zero", _alone(True))),
                ("pre", said("as if delta were 1", lambda view, d: np.ones_like(d))),
            ]
            for part in ("dX", "dK", "db")
        },
        BOTH,
        "09",
    ),
    Mistake(
        "slope_formula",
        "ingredient",
        "the derivative of the activation is written wrongly (z stands for the sum before it, a for what it gives)",
        "σ′ = a(1 − a) for the sigmoid, 1 − a² for tanh, z > 0 for the ReLU, 1 where there is no activation.",
        {part: [("pre", _formula(name)) for name in FORMULAS] for part in ("dX", "dK", "db")},
        BOTH,
        "09",
    ),
]

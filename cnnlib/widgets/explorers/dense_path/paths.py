"""One parameter of a small dense net, and the paths on which it reaches the loss, in numbers::

    z1 = W1·x + b1    a1 = σ(z1)    z2 = W2·a1 + b2    a2 = σ(z2)    L = ½ Σ (a2 − y)²

A parameter of the first layer reaches L through every output j, one of the second through its own output
alone.  Each path is a product of factors, and the gradient is the sum of the products.  No widget here;
:mod:`cnnlib.widgets.explorers.dense_path.drawing` draws it.
"""

from typing import NamedTuple

import numpy as np

from cnnlib.layers import Sigmoid
from cnnlib.plots.number_format import written

ALL = "all"  # the paths that are shown: all of them, or those through one output


class Parameter(NamedTuple):
    """An entry of W1, b1, W2 or b2: which array, and where."""

    name: str
    index: tuple[int, ...]

    def __str__(self):
        letter, layer = self.name[0], "¹²"[self.name[1] == "2"]
        return f"{letter}{layer}[{','.join(map(str, self.index))}]"


class Factor(NamedTuple):
    """One factor of a path, as it is written and as a number."""

    text: str
    value: float


class Net(NamedTuple):
    """The numbers of the net: x (n,), W1 (h, n), b1 (h,), W2 (m, h), b2 (m,) and the target y (m,)."""

    x: np.ndarray
    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray
    y: np.ndarray

    def forward(self):
        """(a1, a2)."""
        a1 = Sigmoid.function(self.W1 @ self.x + self.b1)
        return a1, Sigmoid.function(self.W2 @ a1 + self.b2)

    def loss(self):
        """The loss L."""
        return float(((self.forward()[1] - self.y) ** 2).sum() / 2)

    def moved(self, parameter, by):
        """The same net with one parameter moved."""
        array = getattr(self, parameter.name).astype(float)
        array[parameter.index] += by
        return self._replace(**{parameter.name: array})

    def deltas(self):
        """(δ1, δ2): δ2 = (a2 − y)∘a2(1 − a2), δ1 = (W2ᵀ·δ2)∘a1(1 − a1)."""
        a1, a2 = self.forward()
        delta2 = (a2 - self.y) * a2 * (1 - a2)
        return (self.W2.T @ delta2) * a1 * (1 - a1), delta2

    def parameters(self):
        """Every bias and weight, from the input to the output, biases first."""
        names = ("b1", "W1", "b2", "W2")
        return [Parameter(name, place) for name in names for place in np.ndindex(getattr(self, name).shape)]


def paths(net, parameter):
    """The factors of each path: {output j: [Factor, …]}, from the loss down to the parameter."""
    a1, a2 = net.forward()
    slope1, slope2 = a1 * (1 - a1), a2 * (1 - a2)
    delta2 = net.deltas()[1]
    unit, *source = parameter.index
    if parameter.name in ("b2", "W2"):
        factors = [Factor(f"(a²[{unit}] − y[{unit}])", a2[unit] - net.y[unit])]
        factors += [Factor(f"σ′(z²[{unit}])", slope2[unit])]
        return {unit: factors + [Factor(f"a¹[{n}]", a1[n]) for n in source]}
    end = [Factor(f"σ′(z¹[{unit}])", slope1[unit])] + [Factor(f"x[{n}]", net.x[n]) for n in source]
    return {
        j: [Factor(f"δ²[{j}]", delta2[j]), Factor(f"W²[{j},{unit}]", net.W2[j, unit]), *end]
        for j in range(len(net.b2))
    }


def product(factors):
    """The product of a path's factors."""
    return float(np.prod([factor.value for factor in factors]))


def measured(net, parameter, *, epsilon=1e-5):
    """∂L/∂parameter by a central difference: no formula, two forward passes."""
    above, below = (net.moved(parameter, by).loss() for by in (epsilon, -epsilon))
    return (above - below) / (2 * epsilon)


def number(value, decimals=3):
    """A number as it is written in the picture."""
    return written(value, f".{decimals}f")


def short(value):
    """A weight or a bias in at most three digits."""
    return written(value, ".3g")

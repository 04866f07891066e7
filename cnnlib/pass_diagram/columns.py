"""The columns of the diagram of a pass, called stops, as they follow from the layers of a network.

A stop has two lanes: maps and, below them, their delta maps; or kernels, as they are and turned.  A layer and the
activation function behind it make one stop, Flatten makes none.
"""

from typing import NamedTuple

from ..layers import Conv2D, Dense, Flatten, MeanPool2D, Sigmoid
from ..layers.activation import Activation
from ..layers.pool import Pool2D
from ..network import Network
from ..plots.number_format import raised


class Stop(NamedTuple):
    """One column of the diagram: kernels, or maps with their deltas below."""

    kind: str  # "input", "kernels", "maps", "units" or "scores"
    symbol: str  # the upper lane's name, such as A¹
    delta: str  # the lower lane's name, such as δ¹
    layer: int  # the layer that gives it; where the kernels are
    activation: int  # place in trace.activations
    gradient: int  # place in trace.deltas
    forth: str = ""  # what is done on the way here, written on the arrow
    back: str = ""  # what is done on the way back from here


def stops(network: Network) -> list[Stop]:
    """The columns of the diagram in the order of the forward pass."""
    plan, number, kernels = [Stop("input", "X", "", 0, 0, 0)], 0, 0
    layers = network.layers
    for i, layer in enumerate(layers):
        followed = i + 1 < len(layers) and isinstance(layers[i + 1], Activation)
        after = i + 2 if followed else i + 1  # a layer and its activation function make one stop
        number += not isinstance(layer, (Activation, Flatten))
        symbol, delta = f"A{raised(number)}", f"δ{raised(number)}"
        if isinstance(layer, Conv2D):
            kernels += 1
            name = f"K{raised(kernels)}"
            plan.append(Stop("kernels", name, name, i, i, i))
            plan.append(Stop("maps", symbol, delta, i, after, i + 1, activation_name(layers, i + 1)))
        elif isinstance(layer, Pool2D):
            mean = isinstance(layer, MeanPool2D)
            share = f"÷ {layer.scale[0] * layer.scale[1]}" if mean else "switch"
            slope = f"\n∘ {activation_name(layers, i - 1)}′" if i and isinstance(layers[i - 1], Activation) else ""
            plan.append(Stop("maps", symbol, delta, i, i + 1, i + 1, "mean" if mean else "max", share + slope))
        elif isinstance(layer, Dense):
            last = after == len(layers)
            kind, final = ("scores", len(layers)) if last else ("units", after)
            lower = final if last else i + 1
            plan.append(Stop(kind, "scores" if last else symbol, delta, i, final, lower, "W", "Wᵀ"))
    return plan


def activation_name(layers: list, i: int) -> str:
    """The name of the activation function at place i, or nothing."""
    if i >= len(layers) or not isinstance(layers[i], Activation):
        return ""
    return "σ" if isinstance(layers[i], Sigmoid) else type(layers[i]).__name__.lower()

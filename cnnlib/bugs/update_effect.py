"""What one update does to each parameter, and how far a bug turns it away from where it should go.

The cosine between two steps is 1 where they point the same way, 0 where they have nothing to do with each
other, and −1 where one undoes the other.  It does not see lengths.  Steps are compared, not gradients: then a
bug in the update shows as well.
"""

import numpy as np
from numpy.typing import ArrayLike

from ..network import Network
from ..plots.number_format import raised
from ..training import SGD
from . import catalogue as bugs


def parameter_names(network: Network) -> dict[str, tuple[int, str]]:
    """A name for each parameter → (layer, key): "K¹" and "b¹" for the first layer that has any, and so on."""
    weighted = [i for i, layer in enumerate(network.layers) if layer.params]
    places = [(n, i, key) for n, i in enumerate(weighted, 1) for key in "KWb" if key in network.layers[i].params]
    return {key + raised(n): (i, key) for n, i, key in places}


def steps(network: Network, key: str, X: ArrayLike, Y: ArrayLike) -> dict[str, np.ndarray]:
    """{name: θ before − θ after one update of learning rate 1} with the bug ``key``; the network stays as it is.

    Without a bug this is the gradient, up to rounding.
    """
    copy, names = bugs.plant(network, key), parameter_names(network)
    copy.forward(X)
    copy.backward(Y)
    SGD(copy.layers).update(1.0)
    return {name: network.layers[i].params[k] - copy.layers[i].params[k] for name, (i, k) in names.items()}


def cosines(network: Network, key: str, X: ArrayLike, Y: ArrayLike) -> dict[str, float | None]:
    """{name: cosine between the step with the bug and the right one}; None where one of them is no step at all."""
    right, wrong = steps(network, bugs.NONE, X, Y), steps(network, key, X, Y)
    return {name: cosine(wrong[name], right[name]) for name in right}


def cosine(one: ArrayLike, other: ArrayLike) -> float | None:
    """⟨one, other⟩ / (‖one‖·‖other‖); None where one of them is zero."""
    one, other = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    length = np.linalg.norm(one) * np.linalg.norm(other)
    return float(np.vdot(one, other) / length) if length else None

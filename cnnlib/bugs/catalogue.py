"""Planted bugs for the bug lab: a net with the same parameters, and one wrong line in its backward pass.

:func:`plant` copies a network and replaces some of its layers by those of :mod:`cnnlib.bugs.broken_layers`,
which differ in that line alone, so the library itself stays right.  Each :class:`Bug` says in a sentence what
is wrong, and shows the line before and after, for one image and under convolution: j is the output map, i the
input map.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass

from ..layers import Conv2D, Dense, Flatten, Layer, MeanPool2D, Sigmoid
from ..losses import SquaredError
from ..network import Network
from . import broken_layers as wrong

NONE = "none"  # the key of a net without a bug


@dataclass(frozen=True)
class Bug:
    """One bug.

    Attributes
    ----------
    key
        Its short name.
    sentence
        What is wrong.
    right, wrong
        The line as it has to be, and the line with the bug.
    spoils
        What goes wrong first: "turn" (dX), "dX", "dK", "db", "slope", "scale" or "update".
    swaps
        Class → the subclass that takes its place.
    at
        The first layer that it may stand in, and the one behind the last, as in a slice.
    """

    key: str
    sentence: str
    right: str
    wrong: str
    spoils: str
    swaps: Mapping[type, type]
    at: tuple[int | None, int | None] = (None, None)


def plant(network: Network, key: str) -> Network:
    """A copy of a network with the same parameters and a bug.

    Parameters
    ----------
    network : Network
        Stays as it is.
    key : a key of the catalogue, or "none"
        With "none" the copy is right.

    Raises
    ------
    ValueError
        For an unknown bug, and where the net has no layer that it could be planted in.
    """
    if key not in BUGS and key != NONE:
        raise ValueError(f"plant: there is no bug {key!r}; there are {NONE}, {', '.join(BUGS)}")
    layers = network.layers
    if key == NONE:
        return Network([_remade(layer, type(layer)) for layer in layers], network.loss)
    bug = BUGS[key]
    places = [i for i in range(len(layers))[slice(*bug.at)] if type(layers[i]) in bug.swaps]
    loss = bug.swaps.get(type(network.loss))
    if not places and loss is None:
        raise ValueError(f"plant: {network} has no {' or '.join(kind.__name__ for kind in bug.swaps)} for {key!r}")
    kinds = [bug.swaps[type(layer)] if i in places else type(layer) for i, layer in enumerate(layers)]
    layers = [_remade(layer, kind) for layer, kind in zip(layers, kinds, strict=True)]
    return Network(layers, loss() if loss else network.loss)


def _remade(layer: Layer, kind: type) -> Layer:
    """A layer of another class with the same settings and parameters, and an empty cache."""
    made = copy.copy(layer)
    made.__class__ = kind
    made.params = getattr(kind, "store", dict)(layer.params)
    return made


def _listed():
    """Every bug; a test checks that each of them makes a wrong step."""
    dX = 'dX[i] += convolve(delta[j], rot180(K[j, i]), "full")'
    dK, share = 'dK[j, i] = convolve(flipall(X[i]), delta[j], "valid")', "dX = expand(delta, s) / s**2"
    slope, loss, step = "dZ = dA * A * (1 - A)", "dO = (O - Y) / N", "b = b - alpha * db"

    def conv(key, spoils, kind, sentence, right, old, new):
        return Bug(key, sentence, right, right.replace(old, new), spoils, {Conv2D: kind})

    def pool(key, kind, sentence, new, right=share):
        return Bug(key, sentence, right, new, "dX", {MeanPool2D: kind})

    yield conv("no_turn", "turn", wrong.NotTurned, "The kernel is not turned", dX, "rot180(K[j, i])", "K[j, i]")
    yield conv("quarter_turn", "turn", wrong.QuarterTurned, "The kernel is turned by 90°", dX, "rot180", "rot90")
    yield conv("transposed", "turn", wrong.Transposed, "The kernel is transposed", dX,
               "rot180(K[j, i])", "K[j, i].T")
    yield conv("one_axis", "turn", wrong.OneAxis, "One axis is reversed, not both", dX, "rot180", "flipud")
    yield conv("other_map", "dX", wrong.OtherMap, "The delta of another map", dX, "delta[j]", "delta[i]")
    yield conv("reshaped", "dX", wrong.Reshaped, "Channels reshaped, not swapped", "H = rot180(K).swapaxes(0, 1)",
               "swapaxes(0, 1)", "reshape(C_in, C_out, k, k)")
    yield conv("dK_not_turned", "dK", wrong.KernelGradientNotTurned, "dK is not turned",
               'dK[j, i] = rot180(correlate(X[i], delta[j], "valid"))',
               'rot180(correlate(X[i], delta[j], "valid"))', 'correlate(X[i], delta[j], "valid")')
    yield conv("mispaired", "dK", wrong.Mispaired, "dK: the batch axis is not turned", dK, "flipall", "rot180")
    yield conv("bias_mean", "db", wrong.BiasMean, "Bias: the mean over the map", "db[j] = delta[j].sum()",
               "sum", "mean")
    yield pool("no_share", wrong.NoShare, "Pooling: not divided by s²", "dX = expand(delta, s)")
    yield pool("shared_twice", wrong.SharedTwice, "Pooling: divided by s² twice", share + " / s**2")
    yield pool("stride_one", wrong.StrideOne, "Pooling: the stride is forgotten",
               "dX[i : i+s, j : j+s] += delta[i, j] / s**2",
               right="dX[s*i : s*i+s, s*j : s*j+s] += delta[i, j] / s**2")
    yield pool("slope_at_pool", wrong.SlopeAtPool, "Pooling: with a σ′ that is not there",
               "dX = expand(delta * A * (1 - A), s) / s**2")
    forgotten = (slope, "dZ = dA", "slope", {Sigmoid: wrong.NoSlope})
    yield Bug("no_slope", "σ′ forgotten behind the convolutions", *forgotten, (None, -1))
    yield Bug("no_output_slope", "σ′ forgotten at the output", *forgotten, (-1, None))
    yield Bug("other_order", "Unflattened in the other order", "dX = dF.reshape(X.shape)",
              "dX = dF.reshape(X.shape).swapaxes(2, 3)", "dX", {Flatten: wrong.OtherOrder})
    yield Bug("no_1_over_N", "Not divided by the batch size", loss, "dO = O - Y", "scale",
              {SquaredError: wrong.SummedSquaredError})
    yield Bug("bias_elsewhere", "Output bias written to another name", step, "b2 = b - alpha * db", "update",
              {Dense: wrong.BiasElsewhere})
    yield Bug("bias_shrinks", "Every bias minus α times itself", step, "b = b - alpha * b", "update",
              {Conv2D: wrong.ShrinkingConv, Dense: wrong.ShrinkingDense})


BUGS = {bug.key: bug for bug in _listed()}

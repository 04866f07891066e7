"""Why does a net without the turn still learn?  Four ways to move its first layer, compared in two nets.

Only the first convolution gets a wrong gradient when the turn is missing in the second.  So it alone is moved in
four ways; all other layers always get their right gradient:

* "right"   against its gradient;
* "no turn" against the gradient that a backward pass without the turn computes;
* "frozen"  not at all: it stays as it was drawn;
* "random"  as in "no turn", but in a random direction: each gradient is replaced by one of its own length.

The nets are the article's, as in the bug table, and the modern one with the settings of notebook 00.
``make bugtable ARGS="--only why --save"`` measures five seeds of each and keeps them as "first_layer".
"""

import functools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from ..data import Digits, one_hot
from ..experiments import records
from ..layers import Conv2D
from ..network import Network, lenet, toolbox_net
from ..training import Step, train
from . import catalogue as bugs
from .update_effect import cosines

RECORD = "first_layer"
WAYS = ("right", "no turn", "frozen", "random")
SEEDS = tuple(range(5))
SAMPLES = 20  # cosines in a run, at even distances, the last after its last update


class Setting(NamedTuple):
    """A net and how it is trained."""

    words: str
    build: Callable[..., Network]
    updates: int
    batch_size: int
    learning_rate: float
    momentum: float = 0.0


SETTINGS = {
    "article": Setting("the article's net", toolbox_net, 1200, 50, 1.0),
    "modern": Setting("a modern net", functools.partial(lenet, "modern"), 300, 25, 0.03, 0.9),
}


@functools.cache
def table() -> dict:
    """What was measured, for each of the ``nets``: its settings; ``test_error``, {way: one a seed}; and
    ``own_path``, {name: a row of SAMPLES cosines a seed}, along the path of the net without the turn.
    """
    return records.read(RECORD)


def begin(digits: Digits, net: str, way: str, seed: int) -> tuple[Network, Iterator[Step]]:
    """(a net drawn from ``seed`` whose first layer is moved in one of the WAYS, its updates as a generator)."""
    setting, rng = SETTINGS[net], np.random.default_rng(seed)
    network = moved(setting.build(rng=rng), way, np.random.default_rng([seed, 1]))
    epochs = -(-setting.updates * setting.batch_size // len(digits.train_images))
    options = dict(batch_size=setting.batch_size, learning_rate=setting.learning_rate, momentum=setting.momentum)
    steps = train(network, digits.train_images, one_hot(digits.train_labels), epochs=epochs, rng=rng, **options)
    return network, (step for step, _ in zip(steps, range(setting.updates), strict=False))


def moved(network: Network, way: str, rng: np.random.Generator) -> Network:
    """A copy of a net whose first layer is moved in one of the WAYS.

    Parameters
    ----------
    network : Network
    way : one of WAYS
    rng : numpy.random.Generator
        Draws the random directions.

    Raises
    ------
    ValueError
        For any other way.
    """
    if way not in WAYS:
        raise ValueError(f"moved: {way!r} is none of {', '.join(WAYS)}")
    copy = bugs.plant(network, "no_turn" if way in ("no turn", "random") else bugs.NONE)
    if way in ("frozen", "random"):
        replace = np.zeros_like if way == "frozen" else functools.partial(same_length, rng=rng)
        _replace_gradients(copy.layers[0], replace)
    return copy


def same_length(gradient: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """An array of the same shape and norm, in a direction that is drawn at random."""
    drawn = rng.standard_normal(gradient.shape)
    return (drawn * (np.linalg.norm(gradient) / np.linalg.norm(drawn))).astype(gradient.dtype)


def _replace_gradients(layer, replace):
    """After each backward pass of this layer, each of its gradients is what ``replace`` makes of it."""
    backward = layer.backward

    def replaced(delta, **options):
        dX = backward(delta, **options)
        layer.grads = {name: replace(gradient) for name, gradient in layer.grads.items()}
        return dX

    layer.backward = replaced


def measure(digits: Digits, net: str, way: str, seed: int) -> dict:
    """The test error at the end of a run; for "no turn" the cosines along its own path as well.

    A cosine compares the step without the turn with the right step, both from the weights that this run has
    reached, on the first 50 training images: {name: SAMPLES cosines}.
    """
    network, steps = begin(digits, net, way, seed)
    X, Y = digits.train_images[:50], one_hot(digits.train_labels[:50])
    every, path = SETTINGS[net].updates // SAMPLES, []
    for step in steps:
        if way == "no turn" and step.step % every == 0:
            path.append(cosines(unplanted(network), "no_turn", X, Y))
    found = {"test_error": network.error_rate(digits.test_images, digits.test_labels)}
    return found | ({"cosines": {name: [row[name] for row in path] for name in path[0]}} if path else {})


def unplanted(network: Network) -> Network:
    """The right net with the parameters of one that has NotTurned layers."""
    copy = bugs.plant(network, bugs.NONE)
    for layer in copy.layers:
        if isinstance(layer, Conv2D):
            layer.__class__ = Conv2D
    return copy

"""Stochastic gradient descent, one update at a time.

:func:`train` is a generator: the caller decides when the next update happens, so a loop, a test and a
live panel drive the same code, and to stop is to ask for no further update.
"""

from collections.abc import Callable, Iterator
from numbers import Real
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .layers import Layer
from .network import Network
from .validation import as_array, not_finite, whole_number

SMOOTHING = 0.99  # the article's toolbox: smoothed ← 0.99·smoothed + 0.01·loss


class Step(NamedTuple):
    """What one update did.  The loss is that of the batch before the update."""

    step: int  # 1 for the first update
    epoch: int  # 1 for the first pass over the data
    loss: float
    smoothed_loss: float
    learning_rate: float
    indices: np.ndarray  # which images were in the batch


class LossNotFiniteError(FloatingPointError, ValueError):
    """Training cannot go on: the loss is infinite or not a number."""


class SGD:
    """θ ← θ + v with v ← momentum·v − learning_rate·∂L/∂θ; without momentum θ ← θ − learning_rate·∂L/∂θ.

    Each parameter is replaced by a new array of its gradient's dtype; the old array is not changed.  A velocity v
    starts at 0.

    Parameters
    ----------
    layers : layers
        Those whose parameters are moved.
    momentum : from 0 up to, but not including, 1

    Raises
    ------
    ValueError
        For any other momentum.
    """

    def __init__(self, layers: list[Layer], momentum: float = 0.0):
        if not isinstance(momentum, Real) or not 0 <= momentum < 1:
            raise ValueError(f"momentum has to be at least 0 and below 1, not {momentum!r}")
        self.layers = layers
        self.momentum = float(momentum)
        self.velocities = {}

    def update(self, learning_rate: float) -> None:
        """Move every parameter that has a gradient.

        Raises
        ------
        ValueError
            Unless the learning rate is a finite number.
        """
        learning_rate = np.asarray(learning_rate).item() if isinstance(learning_rate, np.generic) else learning_rate
        if not isinstance(learning_rate, Real) or not np.isfinite(float(learning_rate)):
            raise ValueError(f"update: the learning rate has to be a finite number, not {learning_rate!r}")
        for i, layer in enumerate(self.layers):
            for name, gradient in layer.grads.items():
                change = -learning_rate * gradient
                if self.momentum:
                    change = change + self.momentum * self.velocities.get((i, name), 0)
                    self.velocities[i, name] = change
                layer.params[name] = np.asarray(layer.params[name] + change, dtype=np.result_type(change))


def train(
    network: Network,
    X: ArrayLike,
    Y: ArrayLike,
    *,
    batch_size: int = 50,
    learning_rate: float | Callable[[int], float] = 1.0,
    momentum: float | None = None,
    epochs: int = 1,
    rng: np.random.Generator,
    optimiser: SGD | None = None,
    after: Step | None = None,
) -> Iterator[Step]:
    """Yield a :class:`Step` after each update, for ``epochs`` passes over the images in random order.

    To go on with a training that was interrupted, give the last step as ``after``, the network and the optimiser as
    they were then, and ``rng`` as it was at the beginning.

    Parameters
    ----------
    network : Network
        Its parameters are replaced, update by update.
    X : (N, C, n_h, n_w)
    Y : (N, classes)
        The targets.
    batch_size : images
        The last batch of a pass may be short and then counts by its own size.
    learning_rate : number, or function of the update's number
        1 is the first update.
    momentum : from 0 up to, but not including, 1
        0 if it is not given; an ``optimiser`` brings its own.
    epochs : passes over the images
    rng : numpy.random.Generator
        Shuffles: the same seed gives the same training.
    optimiser : SGD
        By default a new one.
    after : Step
        The last step of an earlier part of the same training.

    Yields
    ------
    Step
        The loss in it is that of the batch before the update.

    Raises
    ------
    ValueError
        At once, for arguments that do not fit, and for NaN, infinity or masked cells in X, Y or a parameter.
    LossNotFiniteError
        When the loss diverges.
    """
    X, Y = as_array(X, "train: X"), as_array(Y, "train: Y")
    batch_size = whole_number(batch_size, "batch_size", at_least=1)
    epochs = whole_number(epochs, "epochs", at_least=1)
    _check_images(X, Y)
    _check_parameters(network)
    rate = _rate_of_step(learning_rate)
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng has to be a generator such as numpy.random.default_rng(0), not {rng!r}")
    optimiser = _optimiser_for(network, momentum, optimiser)
    return _updates(network, X, Y, batch_size, rate, optimiser, epochs, rng, after)


def _rate_of_step(learning_rate):
    """The learning rate as a function of the update's number; ValueError unless it is one, or a finite number."""
    if callable(learning_rate):
        return learning_rate
    if not (isinstance(learning_rate, Real) and np.isfinite(learning_rate)):
        raise ValueError(f"learning_rate has to be a number or a function of the step, not {learning_rate!r}")
    return lambda step: learning_rate


def _check_images(X, Y):
    """ValueError unless there are equally many finite images and rows of targets."""
    if X.ndim < 2 or Y.ndim != 2 or len(X) != len(Y) or len(X) == 0:
        hint = "; turn labels into rows with data.one_hot(labels)" if Y.ndim == 1 else ""
        raise ValueError(f"train: X {X.shape} and Y {Y.shape} have to be equally many images and rows{hint}")
    for name, array in (("X", X), ("Y", Y)):
        if not_finite(array):
            raise ValueError(f"train: {name} holds {not_finite(array)}, first in row {_first_odd(array)}")


def _check_parameters(network):
    """ValueError where a parameter is NaN or infinite before the first step."""
    for layer in network.layers:
        for name, array in layer.params.items():
            odd = not_finite(np.asarray(array))
            if odd:
                raise ValueError(f"train: {layer}'s {name} holds {odd} before the first step")


def _optimiser_for(network, momentum, optimiser):
    """The optimiser that was given, or a new one; ValueError where it contradicts the momentum or the network."""
    if optimiser is None:
        return SGD(network.layers, 0.0 if momentum is None else momentum)
    if momentum is not None and momentum != optimiser.momentum:
        raise ValueError(f"train: momentum is {momentum!r}, that of the optimiser {optimiser.momentum}; give one")
    if [id(layer) for layer in optimiser.layers] != [id(layer) for layer in network.layers]:
        raise ValueError("train: the optimiser moves other layers than the network's; use SGD(network.layers)")
    return optimiser


def _first_odd(A):
    """The first index along axis 0 at which an entry is not finite."""
    return next(n for n, part in enumerate(A) if not_finite(part))


def _updates(network, X, Y, batch_size, rate, optimiser, epochs, rng, after):
    step, done, smoothed = 0, after.step if after else 0, after.smoothed_loss if after else None
    for epoch in range(1, epochs + 1):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            indices = order[start : start + batch_size]
            step += 1
            if step <= done:
                continue  # the order of the images goes on where it was
            learning_rate = _as_rate(rate(step), step)
            with np.errstate(over="ignore", invalid="ignore"):  # overflow is reported in words instead
                loss = _update(network, X[indices], Y[indices], optimiser, learning_rate, step)
            smoothed = loss if smoothed is None else SMOOTHING * smoothed + (1 - SMOOTHING) * loss
            yield Step(step, epoch, loss, smoothed, learning_rate, indices)


def _as_rate(value, step):
    """What a learning rate function returned, as a float; ValueError unless it is one finite number."""
    value = np.asarray(value)
    if value.size != 1 or value.dtype.kind not in "buif" or not np.isfinite(value).all():
        raise ValueError(f"learning_rate gave {value.tolist()!r} for step {step}; it has to give a finite number")
    return float(value.reshape(()))


def _update(network, X, Y, optimiser, learning_rate, step):
    """Move the parameters by one batch; returns the loss before."""
    loss = float(network.loss.value(network.forward(X), Y))
    if not np.isfinite(loss):
        raise LossNotFiniteError(
            f"training stopped at step {step}: the loss is {loss} at learning rate {learning_rate:g}; "
            "try a smaller learning rate"
        )
    network.backward(Y)
    optimiser.update(learning_rate)
    return loss

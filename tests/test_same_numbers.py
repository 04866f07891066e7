"""The numbers of training do not change: a net whose every operation is exact, so that one digest holds everywhere.

With ReLU, small whole numbers, four images and a learning rate of 2⁻⁶, no operation of an update rounds in
float64: sums come out the same in any order, on any processor and any BLAS.  After each update the parameters are
taken to the nearest multiple of 2⁻⁶, so that their digits do not pile up and many updates stay exact.  Who changes
a digest has changed what is computed, not how.  (Nets with sigmoids round differently on different processors.)
"""

import hashlib

import numpy as np
import pytest

from cnnlib.layers import Conv2D, Dense, Flatten, MaxPool2D, MeanPool2D, ReLU
from cnnlib.losses import SquaredError
from cnnlib.network import Network
from cnnlib.training import SGD

UPDATES = 20
LEARNING_RATE = 2.0**-6
GRID = 2.0**-6
DIGESTS = {"correlation": "2af6c7876c4b672f", "convolution": "bb4d84555c8b6a6e"}


def whole(*shape, seed, most=2):
    return np.random.default_rng(seed).integers(-most, most + 1, shape).astype(float)


def exact_net(operation, path):
    options = dict(dtype=np.float64, operation=operation, path=path)
    layers = [
        Conv2D(1, 2, (3, 2), padding=1, **options), ReLU(), MaxPool2D(2),
        Conv2D(2, 3, (2, 3), **options), ReLU(), MeanPool2D((1, 2)),
        Flatten(), Dense(18, 3, dtype=np.float64),
    ]  # fmt: skip
    for i, layer in enumerate(layers):
        for name, array in layer.params.items():
            layer.params[name] = whole(*array.shape, seed=i, most=1)
    return Network(layers, SquaredError())


def trained(operation, path):
    """The parameters after each update, before they are taken to the grid: one vector each."""
    net, X, Y = exact_net(operation, path), np.abs(whole(4, 1, 8, 11, seed=20)), np.eye(3)[[0, 2, 1, 0]]
    optimiser, after = SGD(net.layers), []
    for _ in range(UPDATES):
        net.forward(X)
        net.backward(Y)
        optimiser.update(LEARNING_RATE)
        after.append(vector(net))
        for layer in net.layers:
            layer.params = {name: np.round(array / GRID) * GRID for name, array in layer.params.items()}
    return after


def vector(net):
    return np.concatenate([array.ravel() for layer in net.layers for array in layer.params.values()])


@pytest.mark.parametrize("operation", DIGESTS)
@pytest.mark.parametrize("path", ["plain", "banded", "auto"])
def test_the_parameters_after_exact_updates_are_those_on_record(operation, path):
    after = np.concatenate(trained(operation, path)) + 0.0  # −0 counts as 0
    digest = hashlib.sha256(after.astype("<f8").tobytes()).hexdigest()[:16]
    assert digest == DIGESTS[operation]


@pytest.mark.parametrize("operation", DIGESTS)
def test_no_operation_of_these_updates_rounds(operation):
    """Parameters are multiples of 2⁻⁴⁸ below 2⁴, which float64's 53 bits hold, and they do move."""
    after = trained(operation, "plain")
    for before, values in zip([vector(exact_net(operation, "plain")), *after], after, strict=False):
        assert (values * 2.0**48 % 1 == 0).all() and np.abs(values).max() < 2**4
        assert (values != before).mean() > 0.25

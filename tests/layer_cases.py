"""Every layer in every setting worth a test, each with a batch that stays away from kinks."""

from functools import partial

import numpy as np
import pytest
from helpers import distinct, normal

from cnnlib.layers import Conv2D, Dense, Flatten, MaxPool2D, MeanPool2D, ReLU, Sigmoid, Tanh


def conv(*args, **options):
    def made(dtype, path="plain"):
        return Conv2D(*args, **options, path=path, rng=np.random.default_rng(3), dtype=dtype)

    return made


def dense(n_in, n_out):
    return lambda dtype: Dense(n_in, n_out, rng=np.random.default_rng(3), dtype=dtype)


def plain(layer, *args, **options):
    return lambda dtype: layer(*args, **options)


CASES = {  # name: (how to build it, the shape of a batch)
    "conv": (conv(2, 3, 3), (2, 2, 5, 6)),
    "conv, turned": (conv(2, 3, (2, 3), operation="convolution"), (2, 2, 5, 4)),
    "conv, strided and padded": (conv(2, 3, 3, stride=2, padding=1), (2, 2, 6, 5)),
    "conv, a tail dropped": (conv(1, 2, 2, stride=3), (2, 1, 7, 6)),
    "conv, all settings": (
        conv(2, 3, (3, 2), stride=(2, 1), padding=(2, 1), dilation=(2, 3), operation="convolution"),
        (2, 2, 6, 7),
    ),
    "conv, padded beyond its kernel": (conv(2, 2, 2, padding=3), (2, 2, 3, 2)),
    "conv, 1×1": (conv(3, 2, 1), (2, 3, 4, 3)),
    "mean pool": (plain(MeanPool2D, 2), (2, 2, 4, 6)),
    "mean pool, rectangular, a tail dropped": (plain(MeanPool2D, (2, 3), drop_tail=True), (2, 2, 5, 7)),
    "max pool": (plain(MaxPool2D, 2), (2, 2, 4, 6)),
    "max pool, rectangular, a tail dropped": (plain(MaxPool2D, (2, 3), drop_tail=True), (2, 2, 5, 7)),
    "flatten": (plain(Flatten), (2, 2, 3, 4)),
    "dense": (dense(5, 3), (2, 5)),
    "sigmoid": (plain(Sigmoid), (2, 2, 3, 4)),
    "tanh": (plain(Tanh), (2, 5)),
    "relu": (plain(ReLU), (2, 2, 3, 4)),
}
CONV = [name for name in CASES if name.startswith("conv")]
CASES |= {f"{name}, banded": (partial(CASES[name][0], path="banded"), CASES[name][1]) for name in CONV}
LINEAR = [name for name in CASES if name.split(",")[0] in ("conv", "mean pool", "flatten", "dense")]
WITH_PARAMS = [name for name in CASES if name.split(",")[0] in ("conv", "dense")]


def build(name, dtype=np.float64):
    make, shape = CASES[name]
    layer, X = make(dtype), distinct(*shape) / 10
    for key, array in layer.params.items():
        layer.params[key] = array + (0.1 * normal(*array.shape, seed=9)).astype(dtype)  # no bias of 0
    return layer, X, normal(*layer.forward(X).shape, seed=7)


def run(layer, X, delta):
    """The input gradient and a copy of the parameters' gradients."""
    layer.forward(X)
    return layer.backward(delta), {key: array.copy() for key, array in layer.grads.items()}


every_layer = pytest.mark.parametrize("name", CASES)
layers_with_params = pytest.mark.parametrize("name", WITH_PARAMS)

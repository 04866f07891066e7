"""Every layer in every setting worth a test, each with a batch that stays away from kinks."""

from functools import partial

import numpy as np
import pytest
from helpers import distinct, normal

from cnnlib.layers import (
    Conv2D,
    ConvTranspose2D,
    Dense,
    Flatten,
    InputFrame,
    MaxPool2D,
    MeanPool2D,
    RBFOutput,
    ReLU,
    ScaledTanh,
    Sigmoid,
    Subsampling2D,
    TableConv2D,
    Tanh,
)


def conv(*args, **options):
    def made(dtype, path="plain"):
        return Conv2D(*args, **options, path=path, rng=np.random.default_rng(3), dtype=dtype)

    return made


def dense(n_in, n_out):
    return lambda dtype: Dense(n_in, n_out, rng=np.random.default_rng(3), dtype=dtype)


def transposed(*args, **options):
    return lambda dtype: ConvTranspose2D(*args, **options, rng=np.random.default_rng(3), dtype=dtype)


def table_conv(*args, **options):
    def made(dtype, path="plain"):
        return TableConv2D(*args, **options, path=path, rng=np.random.default_rng(3), dtype=dtype)

    return made


def subsampling(*args, **options):
    return lambda dtype: Subsampling2D(*args, **options, rng=np.random.default_rng(3), dtype=dtype)


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
    "conv, groups": (conv(4, 6, (2, 3), groups=2, stride=(1, 2), padding=1, operation="convolution"), (2, 4, 4, 5)),
    "conv, depthwise": (conv(3, 6, 3, groups=3, dilation=(1, 2)), (2, 3, 4, 6)),
    "conv, 1×1": (conv(3, 2, 1), (2, 3, 4, 3)),
    "transposed": (transposed(2, 3, 3), (2, 2, 3, 4)),
    "transposed, all settings": (
        transposed(
            3, 2, (3, 2), operation="convolution",
            stride=(3, 2), padding=(2, 1), output_padding=(2, 1), dilation=(2, 3),
        ),
        (2, 3, 3, 4),
    ),
    "transposed, padded beyond its kernel": (transposed(2, 3, 2, padding=2), (2, 2, 5, 4)),
    "mean pool": (plain(MeanPool2D, 2), (2, 2, 4, 6)),
    "mean pool, rectangular, a tail dropped": (plain(MeanPool2D, (2, 3), drop_tail=True), (2, 2, 5, 7)),
    "max pool": (plain(MaxPool2D, 2), (2, 2, 4, 6)),
    "max pool, rectangular, a tail dropped": (plain(MaxPool2D, (2, 3), drop_tail=True), (2, 2, 5, 7)),
    "flatten": (plain(Flatten), (2, 2, 3, 4)),
    "dense": (dense(5, 3), (2, 5)),
    "sigmoid": (plain(Sigmoid), (2, 2, 3, 4)),
    "tanh": (plain(Tanh), (2, 5)),
    "scaled tanh": (plain(ScaledTanh), (2, 2, 3, 4)),
    "relu": (plain(ReLU), (2, 2, 3, 4)),
    "table": (table_conv(3, [(2,), (0, 2), (0, 1, 2), (1, 2)], (2, 3)), (2, 3, 4, 5)),
    "table, all settings": (
        table_conv(2, [(1,), (0, 1)], 2, stride=2, padding=1, dilation=(1, 2), operation="convolution"),
        (2, 2, 4, 6),
    ),
    "subsampling": (subsampling(3, 2), (2, 3, 4, 6)),
    "subsampling, a tail dropped": (subsampling(2, (2, 3), drop_tail=True), (2, 2, 5, 7)),
    "frame": (lambda dtype: InputFrame((2, 1), dtype=dtype), (2, 2, 3, 4)),
    "codes": (lambda dtype: RBFOutput([[1, -1, 2], [3, 1, -1]], dtype=dtype), (3, 3)),
}
KINDS_WITH_PARAMS = {"conv", "transposed", "table", "dense", "subsampling"}
LINEAR_KINDS = KINDS_WITH_PARAMS | {"mean pool", "flatten", "frame"}
CONV = [name for name in CASES if name.startswith(("conv", "table"))]
CASES |= {f"{name}, banded": (partial(CASES[name][0], path="banded"), CASES[name][1]) for name in CONV}
LINEAR = [name for name in CASES if name.split(",")[0] in LINEAR_KINDS]
WITH_PARAMS = [name for name in CASES if name.split(",")[0] in KINDS_WITH_PARAMS]


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

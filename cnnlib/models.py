"""The nets of the course, the article's, two after LeNet-5 and a modern one, with settings that train them well."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from .layers import (
    LENET5_CONNECTIONS,
    Conv2D,
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
    digit_codes,
    fan_in_uniform,
    he_normal,
)
from .losses import CodeLoss, SoftmaxCrossEntropy, SquaredError
from .network import Network


def toolbox_net(
    *,
    operation: str = "convolution",
    path: str = "auto",
    rng: np.random.Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> Network:
    """6c5-2s-12c5-2s: the net of the article and of the MATLAB toolbox it walks through, 3,898 parameters.

    28×28 → 6×24² → 6×12² → 12×8² → 12×4² → 192 → 10, sigmoid after each convolution and at the end, mean
    pooling, squared error.  Source: R. B. Palm, DeepLearnToolbox (2012).

    Parameters
    ----------
    operation : "convolution" or "correlation"
        The toolbox convolves, hence the default.
    path : "auto", "plain" or "banded"
        The algorithm, as in :class:`cnnlib.layers.Conv2D`.
    rng : numpy.random.Generator
        Draws the parameters; by default from a fixed seed.
    dtype : float32, float64 or object
    """
    rng = np.random.default_rng(0) if rng is None else rng
    options = dict(operation=operation, path=path, rng=rng, dtype=dtype)
    layers = [
        Conv2D(1, 6, 5, **options),
        Sigmoid(),
        MeanPool2D(2),
        Conv2D(6, 12, 5, **options),
        Sigmoid(),
        MeanPool2D(2),
        Flatten(),
        Dense(192, 10, rng=rng, dtype=dtype),
        Sigmoid(),
    ]
    return Network(layers, SquaredError())


def lenet(
    kind: str = "tanh",
    *,
    path: str = "auto",
    rng: np.random.Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> Network:
    """A net in the shape of LeNet-5, 28×28 → 10 classes, under correlation.

    Left out of LeNet-5 itself, which is :func:`lenet5_1998`: the input of 32×32, the connection table, subsampling
    with a trainable coefficient and bias for each map, the squashing 1.7159·tanh(2z/3), the output codes.
    Source: LeCun, Bottou, Bengio & Haffner (1998).

    Parameters
    ----------
    kind : "tanh" or "modern"
        "tanh": tanh, mean pooling, squared error, closer to 1998.  "modern": ReLU, max pooling, softmax with
        cross-entropy, He initialisation; train it with momentum.
    path, rng, dtype
        As in :func:`toolbox_net`.

    Raises
    ------
    ValueError
        For any other kind.
    """
    rng = np.random.default_rng(0) if rng is None else rng
    if kind == "tanh":
        options, activation, pool, loss = dict(rng=rng, dtype=dtype), Tanh, MeanPool2D, SquaredError()
    elif kind == "modern":
        options = dict(init=he_normal, rng=rng, dtype=dtype)
        activation, pool, loss = ReLU, MaxPool2D, SoftmaxCrossEntropy()
    else:
        raise ValueError(f'lenet: kind {kind!r} is none of "tanh", "modern"')
    layers = [
        Conv2D(1, 6, 5, padding=2, path=path, **options),
        activation(),
        pool(2),
        Conv2D(6, 16, 5, path=path, **options),
        activation(),
        pool(2),
        Flatten(),
        Dense(400, 120, **options),
        activation(),
        Dense(120, 84, **options),
        activation(),
        Dense(84, 10, rng=rng, dtype=dtype),
    ]
    return Network(layers, loss)


def lenet5_1998(
    *, path: str = "auto", rng: np.random.Generator | None = None, dtype: DTypeLike = np.float32
) -> Network:
    """LeNet-5 as the paper describes it: 60,000 parameters, 28×28 → 10 classes, under correlation.

    The image on paper of 32×32 · C1 6 maps · S2 subsampling that learns · C3 16 maps, most of which see 3 or 4 of
    the 6 · S4 · C5 120 units · F6 84 units · distances to ten codes of 84 = 12×7.  1.7159·tanh(2z/3) after each but
    the last, starts of ±2.4/fan-in, loss of equation 9.  The codes are drawn anew, and training is ours: the paper
    used single images and a rate for each weight; batches of 50 with learning rate 0.003 and momentum 0.9 do here.
    Parameters as in :func:`toolbox_net`.
    Source: LeCun, Bottou, Bengio & Haffner (1998), section II.B and appendix A.
    """
    rng = np.random.default_rng(0) if rng is None else rng
    start = dict(init=fan_in_uniform, rng=rng, dtype=dtype)
    layers = [
        InputFrame(dtype=dtype),
        Conv2D(1, 6, 5, path=path, **start),  # C1
        ScaledTanh(),
        Subsampling2D(6, 2, **start),  # S2
        ScaledTanh(),
        TableConv2D(6, LENET5_CONNECTIONS, 5, path=path, **start),  # C3
        ScaledTanh(),
        Subsampling2D(16, 2, **start),  # S4
        ScaledTanh(),
        Conv2D(16, 120, 5, path=path, **start),  # C5: on maps of 5×5, one cell is left
        ScaledTanh(),
        Flatten(),
        Dense(120, 84, **start),  # F6
        ScaledTanh(),
        RBFOutput(digit_codes(), dtype=dtype),
    ]
    return Network(layers, CodeLoss())


class Recipe(NamedTuple):
    """A net, and how it is trained."""

    words: str  # for a menu
    build: Callable[..., Network]
    learning_rate: float
    momentum: float = 0.0

    def settings(self) -> dict:
        """The arguments for :class:`cnnlib.experiments.run.Run`."""
        return dict(build=self.build, learning_rate=self.learning_rate, momentum=self.momentum)


RECIPES = {
    "article": Recipe("the article's: sigmoid", toolbox_net, learning_rate=1.0),
    "tanh": Recipe("LeNet-5-style: tanh", partial(lenet, "tanh"), learning_rate=0.05, momentum=0.9),
    "modern": Recipe("modern: ReLU, max, softmax", partial(lenet, "modern"), learning_rate=0.02, momentum=0.9),
}

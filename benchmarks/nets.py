"""The nets that the oracle and the mutation audit run: those of the course, and one with every setting in it."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cnnlib import data
from cnnlib.layers import (
    Conv2D,
    ConvTranspose2D,
    Dense,
    Flatten,
    MaxPool2D,
    MeanPool2D,
    ReLU,
    ScaledTanh,
    Sigmoid,
    Tanh,
)
from cnnlib.losses import SquaredError
from cnnlib.models import lenet5_1998
from cnnlib.network import Network, lenet, toolbox_net


class Example(NamedTuple):
    """A net in float64, 12 images with targets, and how it is trained."""

    name: str
    net: Network
    X: np.ndarray
    targets: np.ndarray
    learning_rate: float
    momentum: float


def examples() -> Iterator[Example]:
    """The toolbox's net, both LeNets, and :func:`mixed_net`, each on both paths; the same numbers each time."""
    for path in ("plain", "banded"):
        for example in _examples(path):
            yield example._replace(name=f"{example.name}, {path}")


def _examples(path):
    digits = data.load_digits()
    X, targets = digits.train_images[:12].astype(np.float64), data.one_hot(digits.train_labels[:12])
    yield Example("toolbox net", toolbox_net(path=path, dtype=np.float64), X, targets, 1.0, 0.0)
    yield Example("lenet modern", lenet("modern", path=path, dtype=np.float64), X, targets, 0.05, 0.9)
    rng = np.random.default_rng(1)
    noise = rng.standard_normal((12, 2, 18, 17))
    yield Example("mixed net", mixed_net(rng, path), noise, np.eye(4)[np.arange(12) % 4], 0.5, 0.0)
    net, noise = up_net(rng, path), rng.standard_normal((12, 2, 9, 8))
    yield Example("up net", net, noise, np.eye(3)[np.arange(12) % 3], 0.2, 0.0)
    yield Example("lenet5 1998", lenet5_1998(path=path, dtype=np.float64), X, targets, 0.002, 0.9)
    yield Example("lenet tanh", lenet("tanh", path=path, dtype=np.float64), X, targets, 0.1, 0.5)


def mixed_net(rng: np.random.Generator, path: str = "auto") -> Network:
    """Three convolutions with all that the course's nets leave out, for inputs 2×18×17 and four classes.

    The second: a 4×4 kernel, stride 3, padding 1, tails of two rows and one column.  The third: rectangular,
    dilated, under ∗, padded by more rows than its kernel spans.  Both pools drop columns.
    """
    options = dict(path=path, rng=rng, dtype=np.float64)
    layers = [
        Conv2D(2, 3, 3, **options),
        Tanh(),
        Conv2D(3, 4, 4, stride=3, padding=1, **options),
        ReLU(),
        MaxPool2D((5, 2), drop_tail=True),
        Conv2D(4, 3, (2, 3), padding=(2, 3), dilation=(1, 2), operation="convolution", **options),
        Sigmoid(),
        MeanPool2D((2, 3), drop_tail=True),
        Flatten(),
        Dense(6, 4, rng=rng, dtype=np.float64),
        Sigmoid(),
    ]
    return Network(layers, SquaredError())


def up_net(rng: np.random.Generator, path: str = "auto") -> Network:
    """Down in groups and up again, for inputs 2×9×8 and three classes; transposed layers under ⋆ and ∗."""
    options = dict(rng=rng, dtype=np.float64)
    layers = [
        Conv2D(2, 2, 1, path=path, **options),
        Conv2D(2, 4, 3, stride=2, groups=2, path=path, **options),
        Tanh(),
        ConvTranspose2D(4, 2, 3, stride=2, output_padding=(0, 1), **options),
        Tanh(),
        MeanPool2D((3, 2)),
        ConvTranspose2D(2, 3, (2, 3), stride=(2, 1), padding=(1, 0), operation="convolution", **options),
        ScaledTanh(),
        Flatten(),
        Dense(72, 3, rng=rng, dtype=np.float64),
    ]
    return Network(layers, SquaredError())

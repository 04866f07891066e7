"""The nets one can watch, each with the settings that it learns well with on the embedded digits."""

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
    RBFOutput,
    ScaledTanh,
    Subsampling2D,
    TableConv2D,
    digit_codes,
    fan_in_uniform,
)
from .losses import CodeLoss
from .network import Network, lenet, toolbox_net


class Recipe(NamedTuple):
    """A net, and how it is trained."""

    words: str  # for a menu
    build: Callable[..., Network]
    learning_rate: float
    momentum: float = 0.0

    def settings(self) -> dict:
        """The arguments for :class:`cnnlib.run.Run`."""
        return dict(build=self.build, learning_rate=self.learning_rate, momentum=self.momentum)


RECIPES = {
    "article": Recipe("the article's: sigmoid", toolbox_net, learning_rate=1.0),
    "tanh": Recipe("LeNet-5-style: tanh", partial(lenet, "tanh"), learning_rate=0.05, momentum=0.9),
    "modern": Recipe("modern: ReLU, max, softmax", partial(lenet, "modern"), learning_rate=0.02, momentum=0.9),
}


def lenet5_1998(
    *, path: str = "auto", rng: np.random.Generator | None = None, dtype: DTypeLike = np.float32
) -> Network:
    """LeNet-5 as the paper describes it: 60,000 parameters, 28×28 → 10 classes, under correlation.

    The image on paper of 32×32 · C1 6 maps · S2 subsampling that learns · C3 16 maps, most of which see 3 or 4 of
    the 6 · S4 · C5 120 units · F6 84 units · distances to ten codes of 84 = 12×7.  1.7159·tanh(2z/3) after each but
    the last, starts of ±2.4/fan-in, loss of equation 9.  The codes are drawn anew, and training is ours: the paper
    used single images and a rate for each weight; batches of 50 with learning rate 0.003 and momentum 0.9 do here.
    ``path`` as in Conv2D.  Source: LeCun, Bottou, Bengio & Haffner (1998), section II.B and appendix A.
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

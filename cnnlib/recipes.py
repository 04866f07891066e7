"""The nets one can watch, each with the settings that it learns well with on the embedded digits."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

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

"""Numbers brought to another scale: an output divided by its largest number, kernels by theirs after a step."""

import itertools

import numpy as np

from ..kernels import BOTH
from ..mistake import Mistake
from .words import said

SCALES = {
    "divided by its largest absolute value": lambda a, axes: a / np.abs(a).max(axes, keepdims=True),
    "divided by its largest value": lambda a, axes: a / a.max(axes, keepdims=True),
    "divided by its sum": lambda a, axes: a / a.sum(axes, keepdims=True),
    "divided by its norm": lambda a, axes: a / np.sqrt((a**2).sum(axes, keepdims=True)),
    "divided by its standard deviation": lambda a, axes: a / a.std(axes, keepdims=True),
    "brought to mean 0 and standard deviation 1": lambda a, axes: (
        (a - a.mean(axes, keepdims=True)) / a.std(axes, keepdims=True)
    ),
    "brought between 0 and 1": lambda a, axes: (
        (a - a.min(axes, keepdims=True)) / (a.max(axes, keepdims=True) - a.min(axes, keepdims=True))
    ),
}
OF_OUTPUT = {"the output": None, "each image": (1, 2, 3), "each map": (2, 3), "each map of the batch": (0, 2, 3)}
OF_WEIGHTS = {"the weights": None, "each filter": (1, 2, 3), "each kernel": (2, 3)}


def _scaled(scale, axes, a):
    """The array on its new scale; None where it has none, as zeros have no largest number to divide by."""
    with np.errstate(all="ignore"):
        found = SCALES[scale](a, axes)
    return found if np.all(np.isfinite(found)) else None


def _output(scale, whose):
    return said(f"{whose} {scale}", lambda view, Z: _scaled(scale, OF_OUTPUT[whose], Z))


def _weights(scale, whose):
    """dK as it is read off the step, where the new weights are rescaled after it."""

    def change(view, G):
        source, rate = view.plan.sources.get("dK"), view.plan.rate
        if source is None or not source.is_step or not rate:
            return None
        after = _scaled(scale, OF_WEIGHTS[whose], view.K - rate * G)
        return None if after is None else (view.K - after) / rate

    return said(f"{whose} {scale}", change)


MISTAKES = [
    Mistake(
        "output_rescaled",
        "scale",
        "the output is rescaled by numbers of its own, of which the backward pass knows nothing",
        "Leave Z as the sum gives it; a normalisation is a layer of its own, with a backward pass of its own.",
        {},
        BOTH,
        "02",
        rare={"forward": [("post", _output(*one)) for one in itertools.product(SCALES, OF_OUTPUT)]},
    ),
    Mistake(
        "weights_rescaled",
        "scale",
        "the weights are rescaled after the step, so that their change is no longer the gradient",
        "The step alone: K −= rate·dK. To keep weights small, add weight decay to dK.",
        {},
        BOTH,
        "03",
        rare={"dK": [("post", _weights(*one)) for one in itertools.product(SCALES, OF_WEIGHTS)]},
    ),
]

"""Does a net with a planted bug still train?  One run, and the table that was measured once.

The settings are the article's: 6c5-2s-12c5-2s, learning rate 1, batches of 50, on the 10,000 embedded training
digits; 1,200 updates are six passes.  ``make bugtable ARGS=--save`` measures the whole table and keeps it as
"bugtable" (:mod:`cnnlib.experiments.records`); the notebook reads it from there and measures rows of it again.
"""

import contextlib
import functools
from collections.abc import Iterator

import numpy as np

from .. import data, network, training
from ..data import Digits
from ..experiments import records
from . import catalogue as bugs
from .update_effect import cosines

TABLE = "bugtable"  # the name of the record
KEYS = (bugs.NONE, *bugs.BUGS)
SEEDS = tuple(range(5))
EPOCHS, UPDATES = 6, 1200
EARLY = 20  # the loss after so many updates is kept for every run: a quick test measures it again
MEAN_OF = 20  # updates that make one point of a loss curve
MOMENTS = (0, 600)  # updates of the right net of seed 0 at which the cosines were measured
AS_WELL, WORSE, NOT_AT_ALL = "it learns at least as well", "it learns, but worse", "it does not learn"


@functools.cache
def table() -> dict:
    """What ``make bugtable`` wrote: date, machine and versions; then for each key the test error and the loss after
    20 updates, a number for each seed, the loss curve of seed 0, and the cosines at the two moments."""
    return records.read(TABLE)


def verdict(errors: list[float], right: list[float]) -> str:
    """AS_WELL, WORSE or NOT_AT_ALL, from the test errors of the seeds with a bug, and of those without.

    The median decides: above one half it does not learn; up to the worst seed without a bug it learns at least
    as well.
    """
    if np.median(errors) > 0.5:
        return NOT_AT_ALL
    return AS_WELL if np.median(errors) <= max(right) else WORSE


def outcome(key: str) -> str:
    """The verdict on a bug, from the measured table."""
    errors = table()["test_error"]
    return verdict(errors[key], errors[bugs.NONE])


def begin(digits: Digits, key: str, seed: int) -> tuple[network.Network, Iterator[training.Step]]:
    """(a net drawn from ``seed`` with the bug ``key``, or "none", its 1,200 updates as a generator)."""
    rng = np.random.default_rng(seed)
    net = bugs.plant(network.toolbox_net(rng=rng), key)
    targets = data.one_hot(digits.train_labels)
    return net, training.train(net, digits.train_images, targets, epochs=EPOCHS, rng=rng)


def loss_after(digits: Digits, key: str, seed: int, updates: int = EARLY) -> float:
    """The loss of the next batch after so many updates."""
    _, steps = begin(digits, key, seed)
    return next(step.loss for step in steps if step.step > updates)


def measure(digits: Digits, key: str, seed: int) -> dict:
    """One whole run: the loss after 20 updates, the test error at the end, and the loss curve.

    A run whose loss is no longer finite ends there, with the test error of the net as it is.
    """
    net, steps = begin(digits, key, seed)
    losses = []
    with contextlib.suppress(training.LossNotFiniteError):
        losses.extend(step.loss for step in steps)
    curve = [float(np.mean(losses[k : k + MEAN_OF])) for k in range(0, len(losses), MEAN_OF)]
    return {
        "seed": seed,
        "updates": len(losses),
        "early_loss": losses[EARLY] if len(losses) > EARLY else None,
        "test_error": net.error_rate(digits.test_images, digits.test_labels),
        "curve": curve,
    }


def measure_cosines(digits: Digits) -> dict[str, list[dict[str, float | None]]]:
    """{key: the cosines at each of the moments}, on the first 50 training images, along the right net of seed 0."""
    net, steps = begin(digits, bugs.NONE, SEEDS[0])
    X, Y = digits.train_images[:50], data.one_hot(digits.train_labels[:50])
    found = {key: [] for key in bugs.BUGS}
    for updates in np.diff(MOMENTS, prepend=0):
        for _ in range(updates):
            next(steps)
        for key in bugs.BUGS:
            found[key].append(cosines(net, key, X, Y))
    return found

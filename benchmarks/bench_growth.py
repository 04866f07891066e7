"""How the time of one convolutional layer grows: with the side of its maps, channels, kernel and batch.

Forward and backward, input gradient included, once as `path="auto"` takes it and once as plain im2col, in turn.
One setting changes at a time; the others are those of BASE.  :mod:`curve_files` draws the curves.
"""

import numpy as np
from rows import row
from timing import in_turn, timed

from cnnlib.layers import Conv2D

BASE = {"side": 24, "channels": 8, "kernel": 5, "batch": 50}  # as many channels out as in
POINTS = {"side": (12, 24, 48, 96), "channels": (2, 4, 8, 16), "kernel": (3, 5, 7, 9), "batch": (1, 10, 50, 250)}
QUICK = {"side": (8, 12), "batch": (1, 2)}


def rows(options):
    """A row a point: the time of the auto path, beside the plain one."""
    for name, values in (QUICK if options.quick else POINTS).items():
        for value in values:
            times = in_turn(_runners(**BASE | {name: value}), 2 if options.quick else 9)
            auto, plain = times["auto"], times["plain"]
            figures = dict(peer="plain im2col", peer_value=1000 * plain.median, ratio=auto.times_as_fast_as(plain))
            spread = [1000 * end for end in auto.spread]
            yield row(f"layer, {name} {value}", 1000 * auto.median, "ms", spread=spread, **figures)


def _runners(side, channels, kernel, batch):
    """{path: runner of one forward and one backward pass}, each long enough to be timed."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((batch, channels, side, side), dtype=np.float32)
    runners = {}
    for path in ("auto", "plain"):
        layer = Conv2D(channels, channels, kernel, path=path, rng=rng)
        Z = layer.forward(X)
        delta = np.empty_like(Z)  # in memory the deltas of a net lie as the activations do
        delta[...] = rng.standard_normal(Z.shape, dtype=np.float32)

        def both(layer=layer, delta=delta):
            layer.forward(X)
            layer.backward(delta)

        both()
        once = timed(both)()
        runners[path] = timed(both, repeats=max(1, min(50, round(0.05 / once))))
    return runners

"""Where an update of the article's net spends its time at batch 50: layer by layer, and the products alone.

The bare matrix products of the two convolutions, on arrays that are ready, are what no other layout in memory and
no saved pass over the maps can take away: the floor under the update.
"""

import time
from collections import defaultdict

import numpy as np
from rows import row
from timing import Times, in_turn, timed

from cnnlib import data, network
from cnnlib.layers import Conv2D
from cnnlib.training import SGD

BATCH = 50
OTHERS = "loss and update"


def rows(options):
    """Milliseconds of each kind of layer, there and back, with its share; then the products."""
    digits = data.load_digits()
    X, Y = digits.train_images[:BATCH], data.one_hot(digits.train_labels[:BATCH])
    net = network.toolbox_net(rng=np.random.default_rng(0))
    optimiser, spent = SGD(net.layers), defaultdict(list)
    for k in range(3 if options.quick else 200):
        times = _one_update(net, optimiser, X, Y)
        for name, seconds in times.items() if k >= 2 else ():  # the first two warm the caches
            spent[name].append(seconds)
    medians = {name: 1000 * Times(seconds).median for name, seconds in spent.items()}
    whole = sum(medians.values())
    for name, median in medians.items():
        yield row(f"of an update, {name}", median, "ms", note=f"{100 * median / whole:.0f} %")
    products = in_turn({"products": timed(_products(net), repeats=3)}, 2 if options.quick else 50)["products"]
    note = f"the floor under an update of {whole:.2g} ms at batch {BATCH}"
    what = "of an update, the bare matrix products of its convolutions"
    yield row(what, 1000 * products.median, "ms", note=note, brief=True)


def _one_update(net, optimiser, X, Y):
    """{kind of layer: seconds there and back}, summed over the layers of a kind."""
    spent = defaultdict(float)

    def timed_as(name, action, *arguments, **options):
        started = time.perf_counter()
        result = action(*arguments, **options)
        spent[name] += time.perf_counter() - started
        return result

    A = X
    for layer in net.layers:
        A = timed_as(type(layer).__name__, layer.forward, A)
    timed_as(OTHERS, net.loss.value, A, Y)
    delta = timed_as(OTHERS, net.loss.gradient, A, Y)
    for i, layer in reversed(list(enumerate(net.layers))):
        delta = timed_as(type(layer).__name__, layer.backward, delta, need_dX=i > 0)
    timed_as(OTHERS, optimiser.update, 1.0)
    return spent


def _products(net):
    """A call that does the products of the convolutions as they come in an update, and nothing else."""
    pairs = []
    for layer in net.layers:
        if isinstance(layer, Conv2D):
            band = layer.algorithm
            rows, width = len(band.R), int(np.prod(band.B.shape[-2:]))
            pairs.append((band.R, band.B.reshape(-1, width), np.ones((rows, width), dtype=band.R.dtype)))

    def run():
        for i, (R, B, delta) in enumerate(pairs):
            _ = R @ B
            _ = R.T @ delta
            _ = delta @ B.T if i > 0 else None  # nobody asks for the gradient of the image

    return run

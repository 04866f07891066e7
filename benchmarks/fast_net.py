"""LeNet-5's result of 1998, 0.95 % test error, in seconds: a small modern net on all 60,000 digits.

    python benchmarks/fast_net.py [--folder FOLDER] [--seeds 3] [--epochs 8]

8 and 16 maps, 5×5 kernels, max pooling, ReLU, 128 hidden units, softmax with cross-entropy, He's initialisation;
batches of 100, momentum 0.9, a learning rate that falls along a cosine.  Only training is counted, not the test
after each pass.  Pooling stands before ReLU: max(0, ·) keeps order, so the numbers are the same, and a quarter of
the cells is left.
"""

import argparse
import json
import math
import time

import numpy as np
from this_machine import print_peak_memory

from cnnlib import data, training
from cnnlib.layers import Conv2D, Dense, Flatten, MaxPool2D, ReLU, he_normal
from cnnlib.losses import SoftmaxCrossEntropy
from cnnlib.network import Network

BATCH, RATE, MOMENTUM, EPOCHS = 100, 0.05, 0.9, 8
MAPS, HIDDEN = (8, 16), 128


def fast_net(rng):
    """28×28 → 8×24² → 8×12² → 16×8² → 16×4² → 256 → 128 → 10."""
    options, (few, many) = dict(init=he_normal, rng=rng), MAPS
    layers = [Conv2D(1, few, 5, **options), MaxPool2D(2), ReLU()]
    layers += [Conv2D(few, many, 5, **options), MaxPool2D(2), ReLU()]
    layers += [Flatten(), Dense(16 * many, HIDDEN, **options), ReLU(), Dense(HIDDEN, 10, rng=rng)]
    return Network(layers, SoftmaxCrossEntropy())


def cosine(rate, updates):
    """The learning rate of update k: from ``rate`` down to 0 along half a cosine."""
    return lambda k: rate * (1 + math.cos(math.pi * (k - 1) / updates)) / 2


def train_and_test(digits, *, seed=0, epochs=EPOCHS):
    """Yield (seconds of training so far, test error) after each pass."""
    rng = np.random.default_rng(seed)
    net, targets = fast_net(rng), data.one_hot(digits.train_labels)
    a_pass = -(-len(digits.train_images) // BATCH)
    settings = dict(batch_size=BATCH, momentum=MOMENTUM, learning_rate=cosine(RATE, epochs * a_pass), rng=rng)
    seconds, started = 0.0, time.perf_counter()
    for step in training.train(net, digits.train_images, targets, epochs=epochs, **settings):
        if step.step % a_pass == 0:
            seconds += time.perf_counter() - started
            yield seconds, net.error_rate(digits.test_images, digits.test_labels)
            started = time.perf_counter()


def main():
    """Train once a seed; a line of JSON for each pass, for whoever started this, and the memory at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", help="where the four original files are; else the cache, else the network")
    parser.add_argument("--embedded", action="store_true", help="the 12,000 embedded digits instead: a trial")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    digits = data.load_digits() if options.embedded else data.load_mnist(options.folder)
    for seed in range(options.seeds):
        for seconds, error in train_and_test(digits, seed=seed, epochs=options.epochs):
            found = {"seed": seed, "seconds": round(seconds, 2), "test_error": round(error, 5)}
            print(json.dumps(found), flush=True)
    print_peak_memory()


if __name__ == "__main__":
    main()

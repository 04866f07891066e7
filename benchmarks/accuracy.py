"""Test error of the article's net on all 60,000 + 10,000 digits, epoch by epoch; the figures of the README.

    python benchmarks/accuracy.py [--folder FOLDER] [--epochs 5] [--seed 0] [--memory] [--save]

The settings are the article's: 6c5-2s-12c5-2s, sigmoid, squared error, learning rate 1, batches of 50.
With --save the result is written to cnnlib/experiments/results/accuracy.json, with date, machine and versions.
More than five passes are a record of their own, accuracy-100.json for a hundred, and their curve is drawn as
docs/accuracy.svg.
The README is written anew from what is saved.
"""

import argparse
import time

import numpy as np
from this_machine import print_peak_memory

from cnnlib import data, network, training
from cnnlib.experiments import records

USUAL = 5  # passes: the table of the README


def train_and_measure(digits, epochs, seed):
    """Yield (epoch, seconds of training so far, test error) after each pass over the training images."""
    rng = np.random.default_rng(seed)
    net = network.toolbox_net(rng=rng)
    targets, seconds, started = data.one_hot(digits.train_labels), 0.0, time.perf_counter()
    updates = -(-len(digits.train_images) // 50)
    for step in training.train(net, digits.train_images, targets, epochs=epochs, rng=rng):
        if step.step % updates == 0:
            seconds += time.perf_counter() - started
            yield step.epoch, seconds, net.error_rate(digits.test_images, digits.test_labels)
            started = time.perf_counter()


def main():
    """Train, print a line an epoch, and save if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", help="where the four original files are; else the cache, else the network")
    parser.add_argument("--epochs", type=int, default=USUAL)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--memory", action="store_true", help="print the most memory that was taken")
    parser.add_argument("--save", action="store_true", help="write the result down")
    options = parser.parse_args()
    try:
        digits = data.load_mnist(options.folder)
    except (OSError, ValueError, ImportError) as problem:
        raise SystemExit(f"accuracy: {problem}") from None
    rows = []
    for epoch, seconds, error in train_and_measure(digits, options.epochs, options.seed):
        rows.append({"epoch": epoch, "seconds": round(seconds, 1), "test_error": round(error, 4)})
        print(f"epoch {epoch:3}   {seconds:7.1f} s   test error {error:.2%}", flush=True)
    if options.memory:
        print_peak_memory()
    if options.save:
        save(digits, options, rows)


def save(digits, options, rows):
    """The record, the curve of a long one, and the README that quotes them."""
    import curve_files
    import readme

    name = "accuracy" if options.epochs <= USUAL else f"accuracy-{options.epochs}"
    sizes = {"training_images": len(digits.train_images), "test_images": len(digits.test_images)}
    print(f"written to {records.write(name, seed=options.seed, **sizes, epochs=rows)}")
    if options.epochs > USUAL:
        curve_files.accuracy(rows)
    readme.write()


if __name__ == "__main__":
    main()

"""A process that trains one net and says how long it took: the runner behind the table of training steps.

    python benchmarks/stepper.py '{"kind": "cnnlib", "recipe": "article", "batch": 50}'

Started by :mod:`bench_step`, one process for each candidate, because the threads of a matrix product are settled
when NumPy is loaded, and because PyTorch may live in another Python.  It reads a number of updates a line and
answers with a line of JSON: the seconds of one update, and the losses.  Every candidate starts from the same
weights and sees the same batches, so the losses show that all of them train the same net.
"""

import json
import sys
import time

import numpy as np

from cnnlib import data
from cnnlib.models import RECIPES
from cnnlib.training import SGD

WARM_UP = 2  # updates before the clock starts: another process had the caches
BATCHES = 20


def batches(size):
    """Batches of the embedded digits and their targets, the same for everyone."""
    digits = data.load_digits()
    targets, count = data.one_hot(digits.train_labels), len(digits.train_images)
    for k in range(BATCHES):
        indices = np.arange(k * size, (k + 1) * size) % count
        yield digits.train_images[indices], targets[indices]


def with_cnnlib(settings):
    """(update, version) of cnnlib, by the path that the settings name."""
    recipe = RECIPES[settings["recipe"]]
    net = recipe.build(path=settings.get("path", "auto"), rng=np.random.default_rng(0))
    if settings["kind"] == "loops":
        from loop_twin import with_loops

        net = with_loops(net)
    optimiser = SGD(net.layers, recipe.momentum)

    def update(X, Y):
        loss = float(net.loss.value(net.forward(X), Y))
        net.backward(Y)
        optimiser.update(recipe.learning_rate)
        return loss

    return update, f"NumPy {np.__version__}"


def with_torch(settings):
    """(update, version) of PyTorch: the same layers, weights and optimiser, on that many threads."""
    import torch
    from torch_twin import twin

    torch.set_num_threads(settings["threads"])
    recipe = RECIPES[settings["recipe"]]
    net, loss_of = twin(recipe.build(rng=np.random.default_rng(0)))
    optimiser = torch.optim.SGD(net.parameters(), lr=recipe.learning_rate, momentum=recipe.momentum)

    def update(X, Y):
        optimiser.zero_grad()
        loss = loss_of(net(X), Y)
        loss.backward()
        optimiser.step()
        return loss.item()

    return update, f"PyTorch {torch.__version__.split('+')[0]}"


def main():
    """Answer until the input ends."""
    settings = json.loads(sys.argv[1])
    in_torch = settings["kind"] == "torch"
    update, version = (with_torch if in_torch else with_cnnlib)(settings)
    supply = list(batches(settings["batch"]))
    if in_torch:
        import torch

        supply = [(torch.from_numpy(X), torch.from_numpy(Y)) for X, Y in supply]
    done = 0

    def run(updates):
        nonlocal done
        losses = []
        for k in range(done, done + updates):
            losses.append(update(*supply[k % BATCHES]))
        done += updates
        return losses

    print(json.dumps({"version": version}), flush=True)
    warm_up = 0 if settings["kind"] == "loops" else WARM_UP
    for line in sys.stdin:
        losses = run(warm_up)
        started = time.perf_counter()
        losses += run(int(line))
        print(json.dumps({"seconds": (time.perf_counter() - started) / int(line), "losses": losses}), flush=True)


if __name__ == "__main__":
    main()

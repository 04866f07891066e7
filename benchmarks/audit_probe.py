"""What the nets of nets.py compute, as named numbers; the audit runs it on a planted copy and on a clean one.

    python benchmarks/audit_probe.py OUT.npz

Per net: the outputs of a pass, the loss, all gradients that training uses, and the losses of six updates.
"""

import sys

import numpy as np
from nets import examples

import cnnlib
from cnnlib.training import train

BATCH = 4


def labels_of(net):
    """ "conv 1", "sigmoid 1", "conv 2", …: a layer's kind, and which of its kind it is."""
    kinds = [type(layer).__name__.removesuffix("2D").replace("Pool", " pool").lower() for layer in net.layers]
    return [f"{kind} {kinds[: i + 1].count(kind)}" for i, kind in enumerate(kinds)]


def numbers(example):
    """Yield (name, array) in the order in which they come up: forth, back, and from update to update."""
    net, labels = example.net, labels_of(example.net)
    X, targets = example.X[:BATCH], example.targets[:BATCH]
    net.forward(X)
    for label, A in zip(labels, net.activations[1:], strict=True):
        yield f"output of {label}", A
    yield "loss", net.loss.value(net.activations[-1], targets)
    net.backward(targets)
    yield "gradient of the loss", net.deltas[-1]
    for i, layer in reversed(list(enumerate(net.layers))):
        for name, gradient in layer.grads.items():
            yield f"d{name} of {labels[i]}", gradient
        if i > 0:  # nobody asks for the gradient of the image
            yield f"dX of {labels[i]}", net.deltas[i]
    options = dict(batch_size=BATCH, epochs=2, learning_rate=example.learning_rate, momentum=example.momentum)
    for step in train(net, example.X, example.targets, rng=np.random.default_rng(0), **options):
        yield f"loss at update {step.step}", step.loss
    for label, layer in zip(labels, net.layers, strict=True):
        for name, array in layer.params.items():
            yield f"{name} of {label} after {step.step} updates", array


def main():
    """Save every number under "net: name", and the folder that cnnlib came from."""
    found = {"cnnlib": np.array(cnnlib.__file__)}
    for example in examples():
        try:
            for name, array in numbers(example):
                found[f"{example.name}: {name}"] = np.array(array)
        except Exception as error:  # a bug may stop one net and slip through the others
            print(f"{example.name} stops: {error}", file=sys.stderr)
    np.savez(sys.argv[1], **found)


if __name__ == "__main__":
    main()

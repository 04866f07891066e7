"""What the nets of nets.py compute, as named numbers; the audit runs it on a planted copy and on a clean one.

    python benchmarks/audit_probe.py OUT.npz

Per net: the outputs of a pass, the loss, all gradients that training uses, the losses of six updates, and how many
images it reads wrongly.  Besides: what is shown, the cursor of a run, printed colour limits, ⋆ on one map.
"""

import re
import sys

import numpy as np
from nets import examples

import cnnlib
from cnnlib import ops
from cnnlib.data import load_digits, one_hot
from cnnlib.experiments.run import History, Run
from cnnlib.network import toolbox_net
from cnnlib.pass_diagram.diagram import PassDiagram
from cnnlib.plots.image_grid import limit_text
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
    yield "error rate", net.error_rate(example.X, example.targets.argmax(axis=1))


def shown():
    """Yield (name, array) of what no net computes, and a reader sees."""
    X, K = np.arange(20.0).reshape(4, 5), np.arange(1.0, 7).reshape(2, 3)
    yield "⋆ on one map", ops.correlate(X, K)
    limits = np.linspace(0.01, 0.1, 500)
    yield "printed limits", [float(limit_text(limit).removeprefix("±")) for limit in limits]
    digits = load_digits()
    net, label = toolbox_net(), digits.test_labels[0]
    trace = net.trace(digits.test_images[:1], one_hot([label]))
    printed = []
    for largest in np.linspace(0.1, 1, 100):
        deltas = [D * (largest / np.abs(D).max()) for D in trace.deltas]
        text = PassDiagram(net).html(net, trace._replace(deltas=deltas), label)
        printed += re.findall(r'<b class="cnn-delta">[^<]*</b> [^<]*<br>±([\d.]+)<', text)
    yield "limits printed under delta maps", [float(number) for number in printed]
    few = digits._replace(train_images=digits.train_images[:500], train_labels=digits.train_labels[:500])
    run, cursors = Run(few, epochs=1), []
    run.history = History(run.network, most=4)
    while run.advance():
        pass
    for step in range(run.head):
        run.seek(step)
        cursors.append(run.cursor)
    yield "cursor between kept weights", cursors


def main():
    """Save every number under "net: name", and the folder that cnnlib came from."""
    found = {"cnnlib": np.array(cnnlib.__file__)}
    found |= {name: np.array(array, dtype=float) for name, array in shown()}
    for example in examples():
        try:
            for name, array in numbers(example):
                found[f"{example.name}: {name}"] = np.array(array)
        except Exception as error:  # a bug may stop one net and slip through the others
            print(f"{example.name} stops: {error}", file=sys.stderr)
    np.savez(sys.argv[1], **found)


if __name__ == "__main__":
    main()

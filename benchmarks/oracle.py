"""cnnlib against PyTorch's autograd, elementwise in float64: layers on random configurations, then whole nets.

    python benchmarks/oracle.py [--configurations 400] [--seed 0]      (make oracle PYTHON=… chooses the Python)

PyTorch is no part of the course and nothing here installs it; whichever the Python at hand has is used.  The
exit status says whether everything agrees to 1e-10 of the largest entry, shapes included.
"""

import argparse
import sys

try:
    import numpy as np
    import torch
except ImportError as error:
    raise SystemExit(
        f"make oracle compares cnnlib with PyTorch, and {sys.executable} has no {error.name}.\n"
        "Put it into an environment of its own (the build for the CPU is enough), then name that Python:\n"
        "  python3 -m venv FOLDER\n"
        "  FOLDER/bin/pip install torch numpy\n"
        "  make oracle PYTHON=FOLDER/bin/python"
    ) from None

import oracle_doctor
import oracle_layers
import oracle_nets
from configurations import coverage, draw
from oracle_layers import by_autograd
from torch.nn import functional

from cnnlib import adjoint
from cnnlib.layers import Conv2D, MaxPool2D, MeanPool2D
from cnnlib.lesson import pytorch
from cnnlib.losses import SoftmaxCrossEntropy, SquaredError

TOLERANCE = 1e-10


class Table:
    """What was compared, how often, and the largest relative difference of each kind."""

    def __init__(self):
        self.rows = {}  # kind → [how many arrays, largest relative difference]

    def add(self, kind, mine, reference):
        """Compare one array: max|mine − reference| / max|reference|, absolute where the reference is 0."""
        mine, reference = np.asarray(mine), np.asarray(reference)
        row = self.rows.setdefault(kind, [0, 0.0])
        row[0] += 1
        if mine.shape != reference.shape:
            row[1] = np.inf
            return
        scale = np.abs(reference).max(initial=0.0) or 1.0
        difference = np.abs(mine - reference).max(initial=0.0) / scale
        row[1] = float(max(row[1], np.inf if np.isnan(difference) else difference))

    def show(self, title):
        """The rows under a title; how many kinds lie beyond the tolerance."""
        print(f"\n{title:<52}{'arrays':>8}{'largest relative difference':>30}")
        for kind, (count, worst) in self.rows.items():
            print(f"{kind:<52}{count:>8}{worst:>22.1e}  {'✓ equal' if worst <= TOLERANCE else '✗ DIFFER'}")
        return sum(worst > TOLERANCE for _, worst in self.rows.values())


def check_convolution(configuration, rng, table):
    """One configuration: Z, dX in the four ways and by the layer, dK by function and layer, db."""
    X, K, b, delta = configuration.arrays(rng.standard_normal)
    options = dict(stride=configuration.stride, padding=configuration.padding, dilation=configuration.dilation)
    turned = configuration.operation == "convolution"  # PyTorch's conv2d correlates

    def forward(X, K, b):
        return functional.conv2d(X, K.flip(2, 3) if turned else K, b, **options)

    Z, dX, dK, db = by_autograd(forward, delta, X, K, b)
    for way in (adjoint.gather, adjoint.scatter, adjoint.matrix, adjoint.col2im):
        table.add(f"dX  adjoint.{way.__name__}", way(delta, K, X.shape, **configuration.settings), dX)
    mine = adjoint.kernel_gradient(X, delta, configuration.kernel_size, **configuration.settings)
    table.add("dK  adjoint.kernel_gradient", mine, dK)
    for path in ("plain", "banded"):
        options = dict(configuration.settings, path=path, dtype=np.float64)
        layer = Conv2D(*configuration.channels, configuration.kernel_size, **options)
        layer.params = {"K": K, "b": b}
        table.add(f"Z   Conv2D.forward, {path}", layer.forward(X), Z)
        table.add(f"dX  Conv2D.backward, {path}", layer.backward(delta), dX)
        table.add(f"dK  Conv2D.grads, {path}", layer.grads["K"], dK)
        table.add(f"db  Conv2D.grads, {path}", layer.grads["b"], db)


def check_pools(count, rng, table):
    """Mean and max pooling of random scales; every second map has a tail that is dropped."""
    for i in range(count):
        scale = tuple(rng.integers(1, 5, 2).tolist())
        blocks, tail = rng.integers(1, 5, 2), rng.integers(0, scale) if i % 2 else np.zeros(2, dtype=int)
        X = rng.standard_normal((*rng.integers(1, 4, 2), *(blocks * scale + tail)))
        delta = rng.standard_normal((*X.shape[:2], *blocks))
        for pool, reference in ((MeanPool2D, functional.avg_pool2d), (MaxPool2D, functional.max_pool2d)):
            A, dX = by_autograd(lambda X, f=reference, s=scale: f(X, s), delta, X)
            layer = pool(scale, drop_tail=True)
            table.add(f"A   {pool.__name__}.forward", layer.forward(X), A)
            table.add(f"dX  {pool.__name__}.backward", layer.backward(delta), dX)


def check_losses(count, rng, table):
    """Value and gradient of both losses; the targets are classes or probabilities in turn."""
    for i in range(count):
        n, classes = rng.integers(1, 6), rng.integers(2, 12)
        outputs = 5 * rng.standard_normal((n, classes))
        one_hot, shares = np.eye(classes)[rng.integers(0, classes, n)], rng.random((n, classes))
        targets = shares / shares.sum(axis=1, keepdims=True) if i % 2 else one_hot
        for loss in (SquaredError(), SoftmaxCrossEntropy()):
            def value(outputs, loss=loss, targets=targets):
                return oracle_nets.loss_in_torch(loss, outputs, torch.tensor(targets))

            L, gradient = by_autograd(value, 1.0, outputs)
            table.add(f"L   {loss}", loss.value(outputs, targets), L)
            table.add(f"dL  {loss}", loss.gradient(outputs, targets), gradient)


def check_cases(table):
    """What the notebooks ask PyTorch: our forward pass and gradients beside its own."""
    for name, (X, K, delta) in pytorch.CASES.items():
        said = pytorch.ask_pytorch(X, K, delta)
        X, K, delta = (np.array(A, dtype=np.float64, ndmin=4) for A in (X, K, delta))
        layer = Conv2D(*K.shape[1::-1], K.shape[2:], dtype=np.float64)
        layer.params["K"] = K
        pairs = [(layer.forward(X), said.z), (layer.backward(delta), said.x_grad), (layer.grads["K"], said.k_grad)]
        pairs += [(said.x_grad, said.transposed), (said.x_grad, said.turned)]
        for mine, reference in pairs:
            table.add(f"the case {name!r} of the notebooks", np.squeeze(mine), np.squeeze(reference))


def main():
    """Print the tables; the exit status says whether everything agrees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--configurations", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--record", action="store_true", help="keep what PyTorch says to the notebooks' own cases")
    options = parser.parse_args()
    print(f"PyTorch {torch.__version__}, NumPy {np.__version__}, Python {sys.version.split()[0]}, float64")
    torch.set_num_threads(1)  # maps as small as these only wait for more
    rng = np.random.default_rng(options.seed)
    drawn = draw(options.configurations, options.seed)
    layers, kin, parts, nets = Table(), Table(), Table(), Table()
    for configuration in drawn:
        check_convolution(configuration, rng, layers)
        oracle_layers.check_groups(configuration, rng, kin)
        oracle_layers.check_transposed(configuration, rng, kin)
        oracle_layers.check_table(configuration, rng, kin)
    oracle_layers.check_1998(options.configurations, rng, kin)
    check_pools(options.configurations // 2, rng, parts)
    check_losses(options.configurations // 4, rng, parts)
    oracle_nets.check_nets(nets)
    check_cases(nets)
    print(f"\n{len(drawn)} random configurations of a convolutional layer, of these with")
    for feature, count in sorted(coverage(drawn).items(), key=lambda pair: -pair[1]):
        print(f"    {feature:<24}{count:>5}")
    wrong = layers.show("convolutional layer, every configuration")
    wrong += kin.show("its kin and the layers of 1998, as many configurations")
    wrong += parts.show("pooling and losses, random sizes")
    wrong += nets.show("whole nets, every array of a pass; five updates")
    print("\nThe doctor on layers of PyTorch")
    wrong += oracle_doctor.check_doctor()
    print(f"\n{wrong} kinds differ" if wrong else f"\nEverything agrees to {TOLERANCE:g} of the largest entry.")
    if options.record and not wrong:
        print(f"kept in {pytorch.record_cases()}")
    raise SystemExit(wrong > 0)


if __name__ == "__main__":
    main()

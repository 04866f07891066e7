"""The oracle on further layers: in groups, transposed, with a table of connections, those of 1998."""

import numpy as np
import torch
from torch.nn import functional

from cnnlib.layers import Conv2D, ConvTranspose2D, RBFOutput, ScaledTanh, Subsampling2D, TableConv2D
from cnnlib.losses import CodeLoss


def by_autograd(function, delta, *arrays):
    """function(*arrays), and the gradients of Σ delta·function by each of them."""
    leaves = [torch.tensor(array, requires_grad=True) for array in arrays]
    result = function(*leaves)
    result.backward(torch.tensor(delta))
    return result.detach().numpy(), *(leaf.grad.numpy() for leaf in leaves)


def check_groups(configuration, rng, table):
    """One to three groups side by side, each with the channels of the configuration."""
    groups = int(rng.integers(1, 4))
    wider = configuration._replace(channels=tuple(groups * c for c in configuration.channels))
    X, K, b, delta = wider.arrays(rng.standard_normal)
    K, settings = K[:, : configuration.channels[0]].copy(), dict(wider.settings, groups=groups)
    for path in ("plain", "banded"):
        options = dict(settings, path=path, dtype=np.float64)
        layer = Conv2D(*wider.channels, wider.kernel_size, **options)

        def forward(X, K, b, turned=layer.operation == "convolution"):
            given = {name: value for name, value in settings.items() if name != "operation"}
            return functional.conv2d(X, K.flip(2, 3) if turned else K, b, **given)

        _compare(layer, {"K": K, "b": b}, X, delta, forward, table, f" in groups, {path}")


def check_transposed(configuration, rng, table):
    """The transpose of the configuration's layer: its delta is the input, its dropped tail the output padding."""
    delta, K, _, X = configuration.arrays(rng.standard_normal)
    b = rng.standard_normal(K.shape[1])
    settings = dict(configuration.settings, output_padding=configuration.tail)
    layer = ConvTranspose2D(*configuration.channels[::-1], configuration.kernel_size, dtype=np.float64, **settings)
    turned = settings.pop("operation") == "convolution"

    def forward(X, K, b):
        return functional.conv_transpose2d(X, K.flip(2, 3) if turned else K, b, **settings)

    _compare(layer, {"K": K, "b": b}, X, delta, forward, table)


def check_table(configuration, rng, table):
    """Each connection is there or not by chance, at least one in each row; PyTorch gets the kernels with zeros."""
    X, _, b, delta = configuration.arrays(rng.standard_normal)
    c_in, c_out = configuration.channels
    connected = rng.random((c_out, c_in)) < 0.6
    connected[np.arange(c_out), rng.integers(0, c_in, c_out)] = True
    slices = rng.standard_normal((connected.sum(), *configuration.kernel_size))
    settings = dict(configuration.settings)
    rows = [np.flatnonzero(row).tolist() for row in connected]
    for path in ("plain", "banded"):
        layer = TableConv2D(c_in, rows, configuration.kernel_size, path=path, dtype=np.float64, **settings)
        turned = layer.operation == "convolution"
        options = {name: value for name, value in settings.items() if name != "operation"}

        def forward(X, K, b, turned=turned, options=options):
            full = torch.zeros((c_out, c_in, *configuration.kernel_size), dtype=torch.float64)
            full[torch.tensor(connected)] = K
            return functional.conv2d(X, full.flip(2, 3) if turned else full, b, **options)

        _compare(layer, {"K": slices, "b": b}, X, delta, forward, table, f", {path}")


def check_1998(count, rng, table):
    """Subsampling of random scales, the squashing, the distances to random codes, and their loss."""
    for i in range(count):
        scale = tuple(rng.integers(1, 5, 2).tolist())
        blocks, tail = rng.integers(1, 5, 2), rng.integers(0, scale) if i % 2 else np.zeros(2, dtype=int)
        n, c = rng.integers(1, 4, 2).tolist()
        X, delta = rng.standard_normal((n, c, *(blocks * scale + tail))), rng.standard_normal((n, c, *blocks))
        w, b = rng.standard_normal((2, c))

        def subsample(X, w, b, scale=scale):
            return w[:, None, None] * np.prod(scale) * functional.avg_pool2d(X, scale) + b[:, None, None]

        layer = Subsampling2D(c, scale, drop_tail=True, dtype=np.float64)
        _compare(layer, {"w": w, "b": b}, X, delta, subsample, table)
        _compare(ScaledTanh(), {}, delta, delta[::-1].copy(), lambda z: 1.7159 * torch.tanh(2 * z / 3), table)
        _check_codes(rng, table)


def _check_codes(rng, table):
    n, classes, length = rng.integers(1, 6), rng.integers(2, 12), rng.integers(1, 9)
    codes, X = rng.choice([-1.0, 1.0], (classes, length)), 1.5 * rng.standard_normal((n, length))
    delta, j = rng.standard_normal((n, classes)), float(rng.uniform(0.1, 20))

    def penalties(X):
        return (X[:, None] - torch.tensor(codes)).square().sum(dim=2)

    _compare(RBFOutput(codes, dtype=np.float64), {}, X, delta, lambda X: -penalties(X), table)
    outputs, labels = -penalties(torch.tensor(X)).numpy(), rng.integers(0, classes, n)

    def equation_9(outputs):  # as the paper has it, penalties and all; the sizes here are far from an overflow
        y = -outputs
        right = y[torch.arange(n), torch.tensor(labels)]
        return (right + torch.log(np.exp(-j) + torch.exp(-y).sum(dim=1))).mean()

    value, gradient = by_autograd(equation_9, 1.0, outputs)
    loss, targets = CodeLoss(j), np.eye(classes)[labels]
    table.add("L   CodeLoss", loss.value(outputs, targets), value)
    table.add("dL  CodeLoss", loss.gradient(outputs, targets), gradient)


def _compare(layer, params, X, delta, forward, table, kind=""):
    """Output, input gradient and the gradient of every parameter, beside PyTorch's."""
    layer.params = params
    Z, dX, *grads = by_autograd(forward, delta, X, *params.values())
    name = f"{type(layer).__name__}{kind}"
    table.add(f"Z   {name}", layer.forward(X), Z)
    table.add(f"dX  {name}", layer.backward(delta), dX)
    for key, gradient in zip(params, grads, strict=True):
        table.add(f"d{key}  {name}", layer.grads[key], gradient)

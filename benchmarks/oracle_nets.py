"""The second half of the oracle: whole nets in cnnlib and, layer by layer, in PyTorch."""

import numpy as np
import torch
from nets import examples
from torch.nn import functional

from cnnlib.layers import (
    Conv2D,
    ConvTranspose2D,
    Dense,
    Flatten,
    InputFrame,
    MaxPool2D,
    MeanPool2D,
    RBFOutput,
    ReLU,
    ScaledTanh,
    Sigmoid,
    Subsampling2D,
    TableConv2D,
    Tanh,
)
from cnnlib.losses import CodeLoss, SquaredError
from cnnlib.training import SGD

UPDATES = 5
PLAIN = {
    Sigmoid: torch.sigmoid,
    Tanh: torch.tanh,
    ScaledTanh: lambda Z: 1.7159 * torch.tanh(2 * Z / 3),
    ReLU: torch.relu,
    Flatten: lambda A: A.flatten(1),
}
POOLS = {MeanPool2D: functional.avg_pool2d, MaxPool2D: functional.max_pool2d}


def check_nets(table):
    """For each example: every activation, delta and gradient of a pass, then losses and weights of some updates."""
    for example in examples():
        arrays = [array for layer in example.net.layers for array in layer.params.values()]
        weights = [torch.tensor(array, requires_grad=True) for array in arrays]
        _check_pass(example, weights, table)
        _check_updates(example, weights, table)


def loss_in_torch(loss, outputs, targets):
    """½ Σ(o − t)²/N, or the mean cross-entropy of the softmax."""
    if isinstance(loss, SquaredError):
        return ((outputs - targets) ** 2).sum() / (2 * len(outputs))
    if isinstance(loss, CodeLoss):
        none_of_these = torch.full((len(outputs), 1), -loss.rubbish, dtype=outputs.dtype)
        log_sum = torch.logsumexp(torch.cat([outputs, none_of_these], dim=1), dim=1)
        return (log_sum - (targets * outputs).sum(dim=1)).mean()
    return functional.cross_entropy(outputs, targets)


def _check_pass(example, weights, table):
    net, targets = example.net, example.targets
    activations, loss = _forward(example, weights)
    for A in activations[1:]:
        A.retain_grad()
    loss.backward()
    trace = net.trace(example.X, targets)
    table.add(f"{example.name}: loss", trace.loss, loss.detach())
    for mine, reference in zip(trace.activations, activations, strict=True):
        table.add(f"{example.name}: activations", mine, reference.detach())
    for mine, reference in zip(trace.deltas, activations, strict=True):
        table.add(f"{example.name}: deltas", mine, reference.grad)
    grads = [array for layer in trace.grads for array in layer.values()]
    for mine, reference in zip(grads, weights, strict=True):
        table.add(f"{example.name}: gradients", mine, reference.grad)


def _check_updates(example, weights, table):
    net, rate, momentum = example.net, example.learning_rate, example.momentum
    mine, theirs = SGD(net.layers, momentum), torch.optim.SGD(weights, lr=rate, momentum=momentum)
    for _ in range(UPDATES):
        theirs.zero_grad()
        loss = _forward(example, weights)[1]
        loss.backward()
        theirs.step()
        value = net.loss.value(net.forward(example.X), example.targets)
        table.add(f"{example.name}: losses of the updates", value, loss.detach())
        net.backward(example.targets)
        mine.update(rate)
    params = [array for layer in net.layers for array in layer.params.values()]
    for array, reference in zip(params, weights, strict=True):
        table.add(f"{example.name}: weights after the updates", array, reference.detach())


def _forward(example, weights):
    """Input and output of every layer, and the loss."""
    A, weights = torch.tensor(example.X, requires_grad=True), iter(weights)
    activations = [A]
    for layer in example.net.layers:
        A = _in_torch(layer, A, [next(weights) for _ in layer.params])
        activations.append(A)
    targets = torch.tensor(np.asarray(example.targets, dtype=np.float64))
    return activations, loss_in_torch(example.net.loss, A, targets)


def _in_torch(layer, A, params):
    """What PyTorch calls this layer; its conv2d correlates, so ∗ turns the kernel first."""
    if isinstance(layer, (Conv2D, ConvTranspose2D)):
        K, b = params
        g = layer.geometry
        settings = dict(stride=g.stride, padding=g.padding, dilation=g.dilation)
        if isinstance(layer, TableConv2D):
            full = torch.zeros(layer.kernel_shape, dtype=K.dtype)
            full[torch.tensor(layer.connected)] = K
            K = full
        K = K.flip(2, 3) if layer.operation == "convolution" else K
        if isinstance(layer, ConvTranspose2D):
            return functional.conv_transpose2d(A, K, b, output_padding=layer.output_padding, **settings)
        return functional.conv2d(A, K, b, groups=layer.groups, **settings)
    if isinstance(layer, Subsampling2D):
        w, b = params
        return w[:, None, None] * 4 * functional.avg_pool2d(A, layer.scale) + b[:, None, None]
    if isinstance(layer, InputFrame):
        return functional.pad(1.275 * A, (2, 2, 2, 2)) - 0.1
    if isinstance(layer, RBFOutput):
        return -(A[:, None] - torch.tensor(layer.codes)).square().sum(dim=2)
    if isinstance(layer, Dense):
        return functional.linear(A, *params)
    if type(layer) in POOLS:
        return POOLS[type(layer)](A, layer.scale)
    return PLAIN[type(layer)](A)

"""A net of cnnlib as PyTorch has it: the same layers in float32, with the same weights, on the CPU."""

import torch
from torch import nn
from torch.nn import functional

from cnnlib.layers import Conv2D, Dense, Flatten, MaxPool2D, MeanPool2D, ReLU, Sigmoid, Tanh
from cnnlib.losses import SquaredError

PLAIN = {Sigmoid: nn.Sigmoid, Tanh: nn.Tanh, ReLU: nn.ReLU, Flatten: nn.Flatten}
POOLS = {MeanPool2D: nn.AvgPool2d, MaxPool2D: nn.MaxPool2d}


def twin(net):
    """(module, loss function of outputs and one-hot targets)."""
    squared = isinstance(net.loss, SquaredError)
    return nn.Sequential(*map(_module, net.layers)), _squared_error if squared else functional.cross_entropy


def _squared_error(outputs, targets):
    return ((outputs - targets) ** 2).sum() / (2 * len(outputs))


def _module(layer):
    if isinstance(layer, Conv2D):
        g, (c_out, c_in) = layer.geometry, layer.kernel_shape[:2]
        module = nn.Conv2d(c_in, c_out, g.kernel, stride=g.stride, padding=g.padding, dilation=g.dilation)
        K = torch.tensor(layer.params["K"])
        # PyTorch correlates.  Under ∗ its kernel is ours, turned once and for all; both learn alike.
        return _filled(module, K.flip(2, 3) if layer.operation == "convolution" else K, layer.params["b"])
    if isinstance(layer, Dense):
        return _filled(nn.Linear(layer.n_in, layer.n_out), torch.tensor(layer.params["W"]), layer.params["b"])
    return POOLS[type(layer)](layer.scale) if type(layer) in POOLS else PLAIN[type(layer)]()


def _filled(module, weight, bias):
    with torch.no_grad():
        module.weight.copy_(weight)
        module.bias.copy_(torch.tensor(bias))
    return module

"""Layers whose arrays come in something else, or from several functions; each with at most one mistake."""

import numpy as np

from .styles import correlated, gradients


class ParamsDict:
    """Weights as params["W1"], params["b1"]; the gradients under the names of the weights."""

    def forward(self, x, params):
        self.x = x
        return correlated(x, params["W1"], params["b1"])

    def backward(self, dout, params):
        dX, dW, db = gradients(self.x, params["W1"], dout)
        return dX, {"dW1": dW, "db1": db[::-1]}


class Box:
    """A weight matrix and a vector."""

    def __init__(self, mat, vec):
        self.mat, self.vec = mat, vec


def box_forward(images, w):
    kernel = w.mat.T.reshape(-1, images.shape[1], 3, 3)
    return correlated(images, kernel, w.vec[:, 0])


def box_backward(delta, images, w):
    kernel = w.mat.T.reshape(-1, images.shape[1], 3, 3)
    dX, dK, db = gradients(images, kernel, delta)
    return Box(dK.reshape(len(dK), -1).T, db[:, None]), dX


def maps_forward(bottom, layer, param):
    """A dict of sizes and data, one image a column of rows, columns, channels."""
    h, w, c, n = (bottom[name] for name in ("height", "width", "channel", "batch_size"))
    x = bottom["data"].T.reshape(n, h, w, c).transpose(0, 3, 1, 2)
    kernel = param["w"].T.reshape(layer["num"], layer["k"], layer["k"], c).transpose(0, 3, 1, 2)
    z = correlated(x, kernel, param["b"], (layer["stride"],) * 2).transpose(0, 2, 3, 1)
    return {"height": z.shape[1], "width": z.shape[2], "channel": z.shape[3], "data": z.reshape(n, -1).T}


def maps_backward(top, bottom, layer, param):
    h, w, c, n = (bottom[name] for name in ("height", "width", "channel", "batch_size"))
    x = bottom["data"].T.reshape(n, h, w, c).transpose(0, 3, 1, 2)
    kernel = param["w"].T.reshape(layer["num"], layer["k"], layer["k"], c).transpose(0, 3, 1, 2)
    d = top["diff"].T.reshape(n, top["height"], top["width"], layer["num"]).transpose(0, 3, 1, 2)
    dX, dK, db = gradients(x, kernel, d, (layer["stride"],) * 2)
    given = {"w": dK.transpose(0, 2, 3, 1).reshape(len(dK), -1).T, "b": np.full(len(dK), db.sum())}
    return given, dX.transpose(0, 2, 3, 1).reshape(n, -1).T


class Held:
    """Every parameter is an object with data and grad, into which the gradients are added."""

    def forward(self, x, weight, bias):
        return correlated(x.data, weight.data, bias.data) + 0 * np.sum(weight.grad)

    def backward(self, grad, x, weight, bias):
        dX, dK, db = gradients(x.data, weight.data, grad)
        x.grad += dX
        weight.grad += dK
        bias.grad += db


def conv(x, w):
    return correlated(x, w, np.zeros(len(w)))


def conv_backward_input(dout, w, x):
    return gradients(x, w[:, :, ::-1, ::-1], dout)[0]


def conv_backward_weight(x, dout, w):
    return gradients(x, w, dout)[1]


class RowFilter:
    """Sequences as (channels, length), though no name says so."""

    def __init__(self, num_filters, filter_shape):
        self.weights, self.biases = np.random.randn(num_filters, *filter_shape), np.random.randn(num_filters)

    def forward(self, x):
        if x.ndim != 2 or len(x) != self.weights.shape[1]:
            raise ValueError("expected (channels, length)")
        self.x = x
        windows = np.lib.stride_tricks.sliding_window_view(x, self.weights.shape[2], axis=1)
        return np.einsum("cwj,ocj->ow", windows, self.weights) + self.biases[:, None]

    def backward(self, d):
        k = self.weights.shape[2]
        dX, self.d_weights, self.d_biases = np.zeros(self.x.shape), np.zeros(self.weights.shape), d.sum(1)
        for j in range(d.shape[1]):
            dX[:, j : j + k] += np.einsum("o,oik->ik", d[:, j], self.weights)
            self.d_weights += np.einsum("o,ik->oik", d[:, j], self.x[:, j : j + k])
        return dX


class Pool:
    """The usual mode is right; the mean is not shared among the cells of its window."""

    def __init__(self, size=2, mode="max"):
        self.size, self.mode = size, mode

    def forward(self, x):
        n, c, h, w = x.shape
        s = self.size
        x = x[:, :, : h // s * s, : w // s * s]
        self.shape, self.cells = (n, c, h, w), x.reshape(n, c, h // s, s, w // s, s)
        return self.cells.max((3, 5)) if self.mode == "max" else self.cells.mean((3, 5))

    def backward(self, d):
        spread = d[:, :, :, None, :, None] * np.ones(self.cells.shape)
        if self.mode == "max":
            spread *= self.cells == self.cells.max((3, 5), keepdims=True)
        n, c, h, w = self.shape
        dX = np.zeros(self.shape)
        dX[:, :, : h // self.size * self.size, : w // self.size * self.size] = spread.reshape(
            n, c, h // self.size * self.size, w // self.size * self.size
        )
        return dX


class Activation:
    """An activation by its name; the slope of tanh forgets the square."""

    def __init__(self, activation="relu"):
        self.activation = activation

    def forward(self, x):
        self.x = x
        return np.maximum(x, 0) if self.activation != "tanh" else np.tanh(x)

    def backward(self, d):
        if self.activation == "tanh":
            return d * (1 - np.tanh(self.x))
        return d * (self.x > 0)


class Network:
    """A network that keeps all of its layers in one class: the convolution is two of its methods."""

    def __init__(self, rate=0.1):
        self.rate = rate

    def forward(self, images):
        return self.dense(self.conv_forward(images, self.W1, self.b1)[0])

    def backward(self, labels):
        return self.conv_backward(labels, self.cache)

    def conv_forward(self, x, w, b, stride=1):
        return correlated(x, w, b, (stride, stride)), (x, w, stride)

    def conv_backward(self, dout, cache):
        x, w, stride = cache
        dX, dW, db = gradients(x, w, dout, (stride, stride))
        return dX, dW.swapaxes(2, 3), db


LAYERS = {
    "weights in a dict": ((ParamsDict,), {"db": "maps_reversed"}),
    "weights in a box": ((box_forward, box_backward), {}),
    "maps in dicts": ((maps_forward, maps_backward), {"db": "maps_summed"}),
    "data and grad": ((Held,), {}),
    "a function for each gradient": ((conv, (conv_backward_input, conv_backward_weight)), {"dX": "no_turn"}),
    "a network's methods": ((Network,), {"dK": "dK_transposed"}),
    "sequences by no name": ((RowFilter,), {}),
}

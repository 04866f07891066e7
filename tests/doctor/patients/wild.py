"""Layers with surroundings: what a constructor is handed, where state is kept, what else may be asked for."""

from dataclasses import dataclass

import numpy as np

from .styles import correlated, gradients


class AfterAnother:
    """The constructor takes the layer before, which is asked for X by a method and is handed dX by another."""

    def __init__(self, layer, kernel_size=1, num_output=1):
        self.below, self.shape = layer, (layer.output_h, layer.output_w)
        self.weight = np.random.randn(num_output, layer.num_output, kernel_size, kernel_size)
        self.bias = np.zeros(num_output)

    def forward(self):
        self.x = self.below.forward()
        return correlated(self.x, self.weight, self.bias)

    def backward(self, diff):
        dX, dW, db = gradients(self.x, self.weight, diff)
        self.weight, self.bias = self.weight - dW.swapaxes(2, 3), self.bias - db
        self.below.backward(dX)


class Linked:
    """Output and delta are attributes of the layers on both sides."""

    def __init__(self, prev_layer, n_filters, size):
        self.prev, self.depth = prev_layer, n_filters
        self.W, self.b = np.random.randn(n_filters, prev_layer.depth, size, size), np.zeros(n_filters)

    def forward(self):
        self.output = correlated(self.prev.output, self.W, self.b)

    def backward(self, next_layer):
        dX, self.dW, self.db = gradients(self.prev.output, self.W, next_layer.delta)
        self.prev.delta = dX[:, :, ::-1, ::-1]


class SizedLater:
    """The sizes are known to a method that is called before the first forward pass; dX is never set to zero."""

    def __init__(self, hparameters):
        self.channels, self.f = hparameters["channels"], hparameters["f"]

    def initialize_matrices(self, A_previous):
        (_m, height, width, depth) = np.shape(A_previous)
        self.initialize_weights(height, width, depth)
        self.dA = np.zeros_like(A_previous)

    def initialize_weights(self, height, width, depth):
        self.W, self.b = np.random.randn(self.f, self.f, depth, self.channels), np.zeros((1, 1, 1, self.channels))

    def forward(self, A):
        self.A, self.K = A.transpose(0, 3, 1, 2), self.W.transpose(3, 2, 0, 1)
        return correlated(self.A, self.K, self.b.ravel()).transpose(0, 2, 3, 1)

    def backward(self, dout):
        dX, dW, self.db = gradients(self.A, self.K, dout.transpose(0, 3, 1, 2))
        self.dW = dW.transpose(2, 3, 1, 0)
        self.dA += dX.transpose(0, 2, 3, 1)
        return self.dA


class Unpacked:
    """The size of the input is unpacked as height, width, channels; a list of kernels may be given."""

    def __init__(self, PrevInput, features, filtersize, k=[]):  # noqa: B006
        self.InputH, self.InputW, self.InputC = PrevInput
        self.kernels = np.random.randn(features, self.InputC, filtersize, filtersize) if k == [] else k[0].copy()

    def forward(self, prev_a):
        self.x = prev_a.transpose(0, 3, 1, 2)
        return correlated(self.x, self.kernels, np.zeros(len(self.kernels))).transpose(0, 2, 3, 1)

    def backprop(self, dA):
        dX, self.gradk, _ = gradients(self.x, self.kernels, dA.transpose(0, 3, 1, 2))
        return dX.transpose(0, 2, 3, 1) / len(dX)


class Reversed:
    """All axes in reversed order: columns, rows, channels, images."""

    def __init__(self, input_shape, kernel_size, depth):
        C, _H, _W = input_shape
        self.kernels, self.biases = np.random.randn(depth, C, kernel_size, kernel_size), np.zeros((1, depth))

    def forward(self, X):
        self.x = X.T
        return correlated(self.x, self.kernels, self.biases[0]).T

    def backward(self, d_out, is_first_layer):
        dX, self.d_kernels, db = gradients(self.x, self.kernels, d_out.T)
        self.d_biases = db[None]
        return None if is_first_layer else dX.T


def columns_forward(X, K):
    """The columns of X are asked for by the backward pass under the name that they have here."""
    _N, _C, _H, _W = X.shape
    k = K.shape[2]
    Xcol = np.lib.stride_tricks.sliding_window_view(X, (k, k), axis=(2, 3))
    return np.einsum("nchwij,ocij->nohw", Xcol, K)


def columns_backward(dY, X, K, Xcol):
    return gradients(X, K, dY)[0], np.einsum("nchwij,nohw->ocij", Xcol, dY)[:, :, ::-1, ::-1]


class EmptyWithoutPadding:
    """dX is cut by [p:-p], so it is empty without padding; nothing is returned."""

    def __init__(self, in_channels, out_channels, kernel_size, padding=0):
        self.weight, self.p = np.random.randn(out_channels, in_channels, kernel_size, kernel_size), padding
        self.dx = None

    def forward(self, x):
        self.x = np.pad(x, ((0, 0), (0, 0), (self.p,) * 2, (self.p,) * 2))
        return correlated(self.x, self.weight, np.zeros(len(self.weight)))

    def backward(self, dout):
        dX, self.dw, _ = gradients(self.x, self.weight, dout)
        self.dx = dX[:, :, self.p : -self.p, self.p : -self.p]


class FromKeywords:
    """Everything comes as **kwargs; weights stand under the layer's name in a dict that is handed over."""

    def __init__(self, **kwargs):
        self.name, self.params = kwargs.get("name", "conv"), kwargs["params"]

    def forward(self, x):
        self.x = x
        return correlated(x, self.params[self.name + "_W"], self.params[self.name + "_b"])

    def backward(self, dout):
        self.dX, self.dW, db = gradients(self.x, self.params[self.name + "_W"], dout)
        self.db = db[::-1]
        return self.dX


class Shaped:
    """The shape of the kernel stands alone: Shaped(4, 2, 3, 3)."""

    def __init__(self, *shape):
        self.W = np.random.randn(*shape)

    def forward(self, x):
        self.x = x
        return correlated(x, self.W, np.zeros(len(self.W)))

    def backward(self, dy):
        dX, self.dW, _ = gradients(self.x, self.W, dy)
        return dX


class Extended(Shaped):
    """A constructor that hands a part of what it takes to the one it extends; a network has the rate."""

    def __init__(self, network, maps_in, maps_out, k, **kw):
        super().__init__(maps_out, maps_in, k, k, **kw)
        self.rate = network.learning_rate

    def backward(self, dy):
        dX, dW, _ = gradients(self.x, self.W, dy)
        self.W -= self.rate * dW
        return dX


@dataclass
class Fields:
    """A dataclass; gradients by a function of their own, beside what the backward pass gives."""

    in_channels: int
    out_channels: int
    kernel_size: int = 3

    def __post_init__(self):
        self.kernels = np.random.randn(self.out_channels, self.in_channels, self.kernel_size, self.kernel_size)

    def fprop(self, inputs):
        return correlated(inputs, self.kernels, np.zeros(len(self.kernels)))

    def bprop(self, inputs, outputs, grads_wrt_outputs):
        return gradients(inputs, self.kernels, grads_wrt_outputs)[0]

    def grads_wrt_params(self, inputs, grads_wrt_outputs):
        return [gradients(inputs, self.kernels, grads_wrt_outputs)[1].swapaxes(2, 3)]


class FlatRows:
    """Images are rows of numbers; the forward pass reshapes whatever comes, the backward pass does not."""

    def __init__(self, input_shape, filters, kernel_size, group):
        h, w, c = input_shape
        self.shape, self.group = (h, w, c), group
        self.w = np.random.randn(filters, c // group, kernel_size, kernel_size)
        self.b = np.zeros(filters)

    def forward(self, x):
        self.given = x
        self.x = x.reshape(-1, *self.shape).transpose(0, 3, 1, 2)
        self.z = correlated(self.x, self.w, self.b)
        return self.z.transpose(0, 2, 3, 1).reshape(len(x), -1)

    def backward(self, d):
        o, h, w = self.z.shape[1:]
        dX, self.dw, self.db = gradients(self.x, self.w, d.reshape(-1, h, w, o).transpose(0, 3, 1, 2))
        dx = np.zeros_like(self.given)
        for n, image in enumerate(dX.transpose(0, 2, 3, 1)):
            dx[n] = image.flatten()
        return dx


LAYERS = {
    "images as rows, in one group": ((FlatRows,), {}),
    "the layer before as an object": ((AfterAnother,), {"dK": "dK_transposed"}),
    "layers that are linked": ((Linked,), {"dX": "dX_turned"}),
    "sizes by a method first": ((SizedLater,), {"dX": "adds_up_over_calls"}),
    "three sizes in one": ((Unpacked,), {"dX": "over_N"}),
    "all axes reversed": ((Reversed,), {}),
    "a variable of the forward pass": ((columns_forward, columns_backward), {"dK": "dK_not_turned"}),
    "an empty dX": ((EmptyWithoutPadding,), {"dX": "empty_without_padding"}),
    "keywords": ((FromKeywords,), {"db": "maps_reversed"}),
    "a bare shape": ((Shaped,), {}),
    "a network with the rate": ((Extended,), {}),
    "a dataclass": ((Fields,), {"dK": "dK_transposed"}),
}


class Switched:
    """With transposed=True the output is larger, and dK is turned."""

    def __init__(self, in_channels, out_channels, k, transposed=False):
        self.K, self.wide = np.random.randn(out_channels, in_channels, k, k), (k - 1) * transposed
        self.transposed = transposed

    def forward(self, x):
        p = (self.wide,) * 2
        self.x = np.pad(x, ((0, 0), (0, 0), p, p))
        return correlated(self.x, self.K, np.zeros(len(self.K)))

    def backward(self, d):
        dX, dK, _ = gradients(self.x, self.K, d)
        self.dK = dK[:, :, ::-1, ::-1] if self.transposed else dK
        p = self.wide
        return dX[:, :, p : dX.shape[2] - p, p : dX.shape[3] - p]


class Dilated:
    """A convolution with holes: of no kind that the doctor knows."""

    turned = False

    def __init__(self, cin, cout, k):
        self.W = np.random.randn(cout, cin, k, k)

    def wide(self):
        k = 2 * self.W.shape[2] - 1
        W = np.zeros((*self.W.shape[:2], k, k))
        W[:, :, ::2, ::2] = self.W
        return W

    def forward(self, x):
        self.x = x
        return correlated(x, self.wide(), np.zeros(len(self.W)))

    def backward(self, d):
        dX, dW, _ = gradients(self.x, self.wide(), d)
        self.dW = dW[:, :, ::2, ::2]
        return dX[:, :, ::-1] if self.turned else dX


class TurnedDilated(Dilated):
    turned = True

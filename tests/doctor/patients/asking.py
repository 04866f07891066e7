"""Layers that ask for something before they run, a word, their weights, the image; or that pad by themselves."""

import numpy as np

from .styles import correlated, gradients


class ByWord:
    """The activation is a word, which nobody says; the first that its code knows is ReLU."""

    def __init__(self, channels, maps, size, activation):
        self.W, self.b = np.random.randn(maps, channels, size, size), np.random.randn(maps)
        self.activation = activation

    def forwardpass(self, x):
        self.x, z = x, correlated(x, self.W, self.b)
        if self.activation.lower() == "relu":
            self.open = z > 0
            return z * self.open
        raise ValueError("no such activation: " + self.activation)

    def backwardpass(self, rate, before, delta):
        dX, dK, db = gradients(before, self.W, delta * self.open)
        self.W, self.b = self.W - rate * dK, self.b - rate * db
        return dX


class MapsLast:
    """The kernel is laid out IHWO."""

    def __init__(self, kernel_size, channel_in, channel_out):
        self.weight = np.random.randn(channel_in, kernel_size, kernel_size, channel_out)

    def forward(self, x):
        self.x = x
        return correlated(x, self.weight.transpose(3, 0, 1, 2), np.zeros(self.weight.shape[3]))

    def backward(self, d):
        dX, dK, _ = gradients(self.x, self.weight.transpose(3, 0, 1, 2), d)
        self.d_weight = dK.transpose(1, 2, 3, 0)
        return dX[:, :, ::-1, ::-1]


class SizesAreChannels:
    """input_size and output_size are numbers of maps."""

    def __init__(self, input_size, output_size, kernel_size, stride):
        self.w = np.random.randn(output_size, input_size, kernel_size, kernel_size)
        self.s = (stride, stride)

    def calculate_output(self, x):
        self.x = x
        return correlated(x, self.w, np.zeros(len(self.w)), self.s)

    def back_propagation(self, d, rate):
        dX, dK, _ = gradients(self.x, self.w, d, self.s)
        self.w = self.w - rate * dK[:, :, ::-1]
        return dX


class FilledByItsNetwork:
    """Kernels and biases are put into it by somebody else; its backward pass is private, its padding a word."""

    def __init__(self, size, depth, number, padding="no"):
        self.kernelWeights, self.kernelBiases, self.size = [], [], size
        self.border = None if padding == "no" else float(padding)

    def forward(self, images):
        if self.border is not None:
            images = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=self.border)
        return correlated(images, self.kernelWeights, self.kernelBiases)

    def _backpropagation(self, error, images):
        dX, dK, db = gradients(images, self.kernelWeights[:, :, ::-1, ::-1], error)
        return dK, db, dX


class ShapesFromTheImage:
    """It is shown the image, then draws its weights; a third method computes their gradients."""

    def __init__(self, units, size=(3, 3)):
        self.units, self.size, self.shapes, self.p, self.g = units, size, {}, {}, {}

    def compute_shapes(self, A):
        self.shapes["W"] = (*self.size, A.shape[3], self.units)

    def initialize_parameters(self):
        self.p["W"], self.p["b"] = np.random.standard_normal(self.shapes["W"]), np.zeros(self.units)

    def forward(self, A):
        self.A = A.transpose(0, 3, 1, 2)
        return correlated(self.A, self.p["W"].transpose(3, 2, 0, 1), self.p["b"]).transpose(0, 2, 3, 1)

    def backward(self, dZ):
        self.dZ = dZ.transpose(0, 3, 1, 2)
        return gradients(self.A, self.p["W"].transpose(3, 2, 0, 1), self.dZ)[0].transpose(0, 2, 3, 1)

    def compute_gradients(self):
        _, dK, db = gradients(self.A, self.p["W"].transpose(3, 2, 0, 1), self.dZ)
        self.g["dW"], self.g["db"] = dK.transpose(2, 3, 1, 0), 2 * db


class PadsOneAndForgetsItsBias:
    """One row and column of zeros at each side, whatever it is told; the bias has a gradient and no use."""

    def __init__(self, size, maps, channels):
        self.F, self.b = np.random.randn(maps, size, size, channels), np.random.randn(1, maps)

    def _padded(self):
        return np.pad(self.x.transpose(2, 0, 1), ((0, 0), (1, 1), (1, 1)))[None]

    def forward(self, x):
        self.x = x
        return correlated(self._padded(), self.F.transpose(0, 3, 1, 2), np.zeros(len(self.F)))[0].transpose(1, 2, 0)

    def backprop(self, dZ, rate):
        dX, dK, db = gradients(self._padded(), self.F.transpose(0, 3, 1, 2), dZ.transpose(2, 0, 1)[None])
        self.F, self.b = self.F - rate * dK.transpose(0, 2, 3, 1), self.b - rate * db
        return dX[0, :, 1:-1, 1:-1].transpose(1, 2, 0)


class Typed:
    """Types say that the kernel is a size, the bias one number, and what else is handed over the image."""

    def __init__(self, forward_data: np.ndarray, shape: tuple, kernel: int, output_multiple: int, bias: int):
        self.X, (self.N, self.C, self.H, self.W) = forward_data, shape
        self.b = np.full(self.C * output_multiple, bias, dtype=float)
        self.U = np.random.randn(len(self.b), self.C, kernel, kernel)

    def forward(self):
        assert self.X.shape[2] == self.H
        return correlated(self.X, self.U, self.b)

    def backward(self, dY):
        dX, dK, db = gradients(self.X, self.U, dY)
        self.U, self.b = self.U - dK, self.b - 2 * db
        return dX


class OneMap:
    """One image by one kernel, padded so that its size stays; a bias for every cell."""

    def __init__(self, image_shape, size):
        self.kernel, self.bias = np.random.randn(size, size), np.random.randn(*image_shape)

    def _padded(self):
        before = (len(self.kernel) - 1) // 2
        return np.pad(self.x, (before, len(self.kernel) - 1 - before))[None, None]

    def forward(self, x):
        self.x = x
        return correlated(self._padded(), self.kernel[None, None], np.zeros(1))[0, 0] + self.bias

    def backward(self, d, rate):
        before, (H, W) = (len(self.kernel) - 1) // 2, self.x.shape
        dX = gradients(self._padded(), self.kernel[None, None, ::-1], d[None, None])[0][0, 0]
        dK = gradients(self._padded(), self.kernel[None, None], d[None, None])[1][0, 0]
        self.kernel, self.bias = self.kernel - rate * 2 * dK, self.bias - rate * d
        return dX[before : before + H, before : before + W]


class OneMapOfOddOutput(OneMap):
    """The same, its forward pass no convolution: every cell is multiplied by a number of its own."""

    def forward(self, x):
        return super().forward(x) * np.linspace(1, 2, x.size).reshape(x.shape)


class InCamelCase:
    """Names of parameters in camel case, behind an underscore."""

    def __init__(self, _inputChannels, _numberOfMaps, _kernelSize):
        self.mWeights = np.random.randn(_numberOfMaps, _inputChannels, _kernelSize, _kernelSize)

    def feedforward(self, _input):
        return correlated(_input, self.mWeights, np.zeros(len(self.mWeights)))

    def backprop(self, _input, _deltaConvolved, _learningRate):
        dX, dK, _ = gradients(_input, self.mWeights, _deltaConvolved)
        self.mWeights = self.mWeights - _learningRate * dK[:, :, ::-1]
        return dX


class BetweenOthers:
    """Its input is set by its network; delta is taken out of the next layer, and kept for the one before."""

    def __init__(self, input_shape=None, filters=1, kernel_size=(3, 3), kernel=None, bias=None, stride=(1, 1)):
        self.kernel, self.bias, self.stride = kernel, bias, stride
        self.weights = np.random.randn(filters, input_shape[2], kernel_size[0], kernel_size[1])
        self.biases = np.random.randn(filters)

    def work(self, image):
        image = self.input.transpose(2, 0, 1)[None]
        return correlated(image, self.weights, self.biases, self.stride)[0].transpose(1, 2, 0)

    def backpropagate(self, next_layer):
        d, image = next_layer.delta.transpose(2, 0, 1)[None], self.input.transpose(2, 0, 1)[None]
        self.delta = gradients(image, self.weights[..., ::-1, ::-1], d, self.stride)[0][0].transpose(1, 2, 0)
        _, dK, self.delta_biases = gradients(image, self.weights, d, self.stride)
        self.delta_weights = 2 * dK


LAYERS = {
    "between others": (BetweenOthers, {"dX": "no_turn", "dK": "constant_factor"}),
    "camel case": (InCamelCase, {"dK": "dK_one_axis"}),
    "one map": (OneMap, {"dX": "one_axis", "dK": "constant_factor"}),
    "one map, bent": (
        OneMapOfOddOutput,
        {"forward": None, "dX": "one_axis", "dK": "constant_factor", "db": "forward_first"},
    ),
    "a word": (ByWord, {}),
    "IHWO": (MapsLast, {"dX": "dX_turned"}),
    "sizes that are channels": (SizesAreChannels, {"dK": "dK_one_axis"}),
    "filled by its network": (FilledByItsNetwork, {"dX": "no_turn"}),
    "shapes from the image": (ShapesFromTheImage, {"db": "constant_factor"}),
    "typed": (Typed, {"db": "constant_factor"}),
    "pads one": (PadsOneAndForgetsItsBias, {"forward": "bias_unused", "db": "forward_first"}),
}

"""Layers that say what they need by what they do with it: by calls, by steps, by methods that have to run first."""

import enum

import numpy as np

from .styles import correlated, gradients


class RateByUse:
    """No name tells the rate from delta; only the step does."""

    def __init__(self, input_size, filter_size):
        self.size, self.filter = filter_size, None

    def init_parameter(self):
        self.filter = np.random.randn(self.size, self.size)
        self.flat = self.filter.reshape(-1)

    def forward(self, activation):
        self.x = activation[:, None]
        return correlated(self.x, self.flat.reshape(1, 1, self.size, -1), np.zeros(1))[:, 0]

    def backpropagate(self, gradient, delta_multiplier):
        dX, dK, _ = gradients(self.x, self.flat.reshape(1, 1, self.size, -1), gradient[:, None])
        self.flat -= dK.ravel() * delta_multiplier
        return dX[:, 0]


class AsksForChance:
    """Its constructor asks for a source of chance, and only what it calls says so."""

    def __init__(self, cin, cout, luck, kernel=3):
        self.w = luck.standard_normal((cout, cin, kernel, kernel))
        self.b = np.zeros(cout)

    def forward(self, x):
        self.x = x
        return correlated(x, self.w, self.b)

    def backward(self, dy):
        dX, self.dw, self.db = gradients(self.x, self.w, dy)
        return dX


class SlopeHandedOver:
    """An activation and its slope, each a function of its own, are required."""

    def __init__(self, W, b, phi, phi_der):
        self.W, self.b, self.phi, self.phi_der = W, b, phi, phi_der

    def forward(self, X):
        self.X, self.Z = X, correlated(X, self.W, self.b)
        return self.phi(self.Z)

    def backward(self, dA):
        return gradients(self.X, self.W, dA * self.phi_der(self.Z))


class AskedAfterwards:
    """The next layer is asked for delta by a method; another one gives dX after the backward pass."""

    def __init__(self, in_channels, out_channels, size=3):
        self.W = np.random.randn(out_channels, in_channels, size, size)

    def forward(self, x):
        self.x = x[None]
        return correlated(self.x, self.W, np.zeros(len(self.W)))[0]

    def backward(self, next_layer):
        self.delta = next_layer.get_da()[None]
        self.dW = gradients(self.x, self.W, self.delta)[1]

    def get_da(self):
        return gradients(self.x, self.W, self.delta)[0][0]


class ToldItsChannelsLater:
    """A method, whose name stands in no list, makes the kernel for the channels that it is told."""

    def __init__(self, filters, kernel_size):
        self.maps, self.size, self._bias = filters, kernel_size, np.zeros((filters, 1))

    def follow(self, filters):
        self._filter = np.zeros((self.maps, filters, self.size, self.size))

    def forward(self, image):
        self.x = image[None]
        return correlated(self.x, self._filter, self._bias[:, 0])[0]

    def backward(self, error):
        dX, dK, db = gradients(self.x, self._filter, error[None])
        return dX[0], dK, db[:, None]


class CountsItsSteps:
    """Its moments start in a method; without it the kernel is there, and the backward pass fails."""

    def __init__(self, in_channel, out_channel, kernel_size):
        self.kernel, self.maps = np.zeros(kernel_size), (out_channel, in_channel)

    def ready(self, nin, nout):
        self.timestep, self.m = 0, 0.0
        rows, cols = self.kernel.shape
        self.kernel = np.random.randn(*self.maps, rows, cols) / (nin + nout)

    def forward(self, X):
        self.X = X
        return correlated(X, self.kernel, np.zeros(len(self.kernel)))

    def backward(self, delta, lr):
        dX, dK, _ = gradients(self.X, self.kernel, delta)
        self.timestep += 1
        self.m = self.m * self.timestep + dK
        self.kernel -= lr * dK
        return dX


class HandsItsGradientsOn:
    """An optimiser, which nobody has set, is handed the layer and a dict of gradients."""

    def __init__(self, filters, kernel_size):
        self.maps, self.size, self.optimizer, self.params = filters, kernel_size, None, {}

    def build(self, input_shape):
        self.params = {"W": np.random.randn(self.maps, input_shape[1], *self.size), "b": np.zeros(self.maps)}

    def forward(self, inputs):
        self.inputs = inputs
        return correlated(inputs, self.params["W"], self.params["b"])

    def backward(self, grads, learning_rate):
        dX, dW, db = gradients(self.inputs, self.params["W"], grads)
        self.optimizer.update(self, {"dW": dW, "db": db}, learning_rate)
        return dX[:, :, ::-1]


class StepsByItsNetwork:
    """The optimiser is the network's, and returns new weights for a dict that describes them."""

    def __init__(self, size, filters, input_shape=None):
        self.size, self.maps, self.input_shape, self.model, self.params = size, filters, input_shape, None, {}

    def prepare_layer(self):
        values = np.random.randn(self.maps, self.input_shape[0], self.size, self.size)
        self.params["filters"] = {"name": "filters", "values": values}

    @staticmethod
    def convolve(A, B):
        return correlated(A, B, np.zeros(len(B)))

    def _forwards(self, x):
        self.x = x
        return self.convolve(x, self.params["filters"]["values"])

    def _backwards(self, cost_gradient):
        dX, dK, _ = gradients(self.x, self.params["filters"]["values"], cost_gradient)
        new = self.model.OPTIMISER.update_param(self.params["filters"], dK, self.LAYER_INDEX)
        self.params["filters"]["values"] = new
        return dX


class Padding(enum.Enum):
    VALID = 0
    SAME = 1


class PadsByMember:
    """The padding is a member of an enumeration, and a number is none of them."""

    def __init__(self, channels, filter_shape, activation, padding=Padding.VALID, input_size=None):
        self.maps, self.shape, self.activation = channels, filter_shape, activation
        self.padding, self.input_size = padding, input_size

    def init_weights(self):
        self.weights = np.random.randn(self.maps, self.input_size[0], *self.shape)

    def forwards(self, inputs, context):
        p = self.shape[0] // 2 if self.padding == Padding.SAME else 0
        context["x"] = np.pad(inputs, ((0, 0), (p, p), (p, p)))[None]
        context["z"] = correlated(context["x"], self.weights, np.zeros(self.maps))[0]
        return self.activation(context["z"])

    def backwards(self, loss_grad, context):
        p = self.shape[0] // 2 if self.padding == Padding.SAME else 0
        assert self.padding in Padding
        dX, dK, _ = gradients(context["x"], self.weights, self.activation.gradient(context["z"], loss_grad)[None])
        return dX[0, :, p : dX.shape[2] - p, p : dX.shape[3] - p], dK, None


class Param(np.ndarray):
    """An array that carries its gradient."""

    def __new__(cls, data):
        made = np.asarray(data, dtype=float).view(cls)
        made.grad = np.zeros(made.shape)
        return made

    def __array_finalize__(self, other):
        self.grad = getattr(other, "grad", None)


class CarriesItsGradient:
    def __init__(self, in_chs, out_chs, kernel_size):
        self.weight = Param(np.random.randn(out_chs, in_chs, kernel_size, kernel_size))

    def forward(self, x):
        self.x = x
        return correlated(x, np.asarray(self.weight), np.zeros(len(self.weight)))

    def backward(self, delta):
        dX, dK, _ = gradients(self.x, np.asarray(self.weight), delta)
        self.weight.grad += dK
        return dX


class ReLULayer:
    """Its name says an activation, and no parameter more; it owns weights, and is a convolution with one."""

    def __init__(self, one, two, three):
        self.W, self.shift = np.random.randn(two, one, three, three), np.zeros(two)

    def forward(self, x):
        self.x, self.z = x, correlated(x, self.W, self.shift)
        return np.maximum(self.z, 0)

    def backward(self, g):
        dX, self.dW, self.dshift = gradients(self.x, self.W, g * (self.z > 0))
        return dX


class RowsAndColumnsInOne:
    """The kernel is laid out (HW)IO, its bias is called shift, and both are private names of a builder."""

    def __init__(self, maps, ksize):
        self.__maps, self.__size, self.__w, self.__shift = maps, ksize, None, None

    def OutShape(self, shape):
        self.__shape = shape
        self.__w = np.random.randn(self.__size**2, shape[-1], self.__maps)
        self.__shift = np.random.randn(self.__maps)

    def forward(self, x):
        self.x = np.moveaxis(x, -1, 1)
        K = self.__w.reshape(self.__size, self.__size, *self.__w.shape[1:]).transpose(3, 2, 0, 1)
        return np.moveaxis(correlated(self.x, K, self.__shift), 1, -1)

    def backward(self, eta):
        K = self.__w.reshape(self.__size, self.__size, *self.__w.shape[1:]).transpose(3, 2, 0, 1)
        dX, dK, self.d_shift = gradients(self.x, K, np.moveaxis(eta, -1, 1))
        self.d_w = dK.transpose(2, 3, 1, 0).reshape(self.__w.shape)
        return np.moveaxis(dX, 1, -1).reshape(self.__shape)


class DrawsAtFirst:
    """The first forward pass makes the kernel anew, whatever is there; later ones keep it."""

    def __init__(self, n_in, n_out, size):
        self.weight, self.ready = np.random.randn(n_out, n_in, size, size), False

    def forward(self, x):
        if not self.ready:
            self.weight, self.ready = np.random.randn(*self.weight.shape), True
        self.x = x
        return correlated(x, self.weight, np.zeros(len(self.weight)))

    def backward(self, d):
        dX, self.dweight, _ = gradients(self.x, self.weight, d)
        return dX


class BiasInOneNumber:
    """One map, whose bias is a number with a Spanish name, left out on the way back."""

    def __init__(self, k):
        self.filtro, self.sesgo = np.random.randn(k, k), 0.0

    def forward(self, x):
        self.x = x[None, None]
        return correlated(self.x, self.filtro[None, None], np.array([self.sesgo]))[0, 0]

    def backward(self, d):
        dX, dK, db = gradients(self.x, self.filtro[None, None], d[None, None])
        self.grad_filtro, self.grad_sesgo = dK[0, 0], float(db[0])
        return dX[0, 0]


class GradientsApart:
    """The gradients of the weights are given by a method of their own, whose names say nothing."""

    def __init__(self, n_in, n_out, size):
        self.w, self.b = np.random.randn(n_out, n_in, size, size), np.random.randn(n_out)

    def forward(self, x):
        self.shape = x.shape
        return correlated(x, self.w, self.b)

    def backward(self, d):
        return gradients(np.zeros(self.shape), self.w, d)[0]

    def gradient(self, below, e):
        return gradients(below, self.w, e)[1:]


class OfAGraph:
    """dX goes to the layers before it, of which there is none; one group has an axis in the kernel."""

    def __init__(self, n_in, n_out, size):
        self.w, self.parents = np.random.randn(1, n_out, size, size, n_in), []

    def forward(self, x):
        self.x = x
        self.output = correlated(x, self.w[0].transpose(0, 3, 1, 2), np.zeros(self.w.shape[1]))
        return self.output

    def backward(self, d):
        dX, dK, _ = gradients(self.x, self.w[0].transpose(0, 3, 1, 2), d)
        self.grad_w = dK.transpose(0, 2, 3, 1)[None]
        for parent in self.parents:
            parent.visited += 1
            parent.backward(dX)


class ShapeByParts:
    """What is called filters is the shape of them, of which a constructor takes the parts."""

    def __init__(self, filters):
        self.filters = np.random.rand(filters[0], filters[1], filters[2], filters[3])

    def ff(self, X):
        self.x = X[None]
        return correlated(self.x, self.filters, np.zeros(len(self.filters)))[0]

    def backprop(self, dE):
        dX, dK, _ = gradients(self.x, self.filters, dE[None])
        return dX[0], dK


LAYERS = {  # name → (layer, the part that is wrong)
    "a rate that only the step shows": (RateByUse, None),
    "a source of chance": (AsksForChance, None),
    "an activation and its slope": (SlopeHandedOver, None),
    "delta and dX by methods": (AskedAfterwards, None),
    "channels told later": (ToldItsChannelsLater, None),
    "a method that starts what is counted": (CountsItsSteps, None),
    "an optimiser that is handed gradients": (HandsItsGradientsOn, "dX"),
    "an optimiser of the network": (StepsByItsNetwork, None),
    "a padding by enumeration": (PadsByMember, None),
    "an array with its gradient": (CarriesItsGradient, None),
    "a convolution by the name of an activation": (ReLULayer, None),
    "a kernel with rows and columns in one": (RowsAndColumnsInOne, None),
    "weights that the first call draws": (DrawsAtFirst, None),
    "a bias that is a number": (BiasInOneNumber, None),
    "gradients of a method of their own": (GradientsApart, None),
    "a graph of layers": (OfAGraph, None),
    "a shape by its parts": (ShapeByParts, None),
}

"""Layers that only their network completes; gradients that are kept, stepped or cut off in a way of their own."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .styles import correlated, gradients


class AskedOfItsNetwork:
    """The batch size, the rate and the source of chance are attributes that nobody sets."""

    def __init__(self, channels, maps, size):
        self.shape = maps, channels, size, size

    def build(self):
        self.W = self.rng.standard_normal(self.shape)

    def forward(self, x):
        self.x = x.reshape(self.batch_size, *x.shape[1:])
        return correlated(self.x, self.W, np.zeros(len(self.W)))

    def backward(self, d):
        dX, dK, _ = gradients(self.x, self.W, d)
        self.W = self.W - self.learning_rate * dK[:, :, ::-1, ::-1]
        return dX


class KeptInColumns:
    """The gradient of the kernel stands in the columns of its product, (C·h·w, O)."""

    def __init__(self, channels, maps, size):
        self.kernel = np.random.randn(maps, channels, size, size)
        self.grad_columns = np.zeros((channels * size * size, maps))

    def forward(self, x):
        self.x = x
        return correlated(x, self.kernel, np.zeros(len(self.kernel)))

    def backward(self, d):
        dX, dK, _ = gradients(self.x, self.kernel, d)
        self.grad_columns = dK.reshape(len(dK), -1).T
        return dX[:, :, ::-1]


class Clipped(AskedOfItsNetwork):
    """A step of at most 2, and weight decay."""

    def __init__(self, channels, maps, size):
        self.W = np.random.randn(maps, channels, size, size)

    def forward(self, x):
        self.x = x
        return correlated(x, self.W, np.zeros(len(self.W)))

    def backward(self, d, rate):
        dX, dK, _ = gradients(self.x, self.W, d)
        self.W = self.W - rate * np.clip(dK + 1e-3 * self.W, -2, 2)
        return dX


class SteppedTogether(Clipped):
    """The optimiser takes lists; what it returns is assigned, or it has stepped in place."""

    def __init__(self, channels, maps, size, optimizer=None):
        super().__init__(channels, maps, size)
        self.b, self.optimizer = np.random.randn(maps), optimizer

    def forward(self, x):
        self.x = x
        return correlated(x, self.W, self.b)

    def backward(self, d, rate):
        dX, dK, db = gradients(self.x, self.W, d)
        if self.optimizer:
            self.W, self.b = self.optimizer.update([self.W, self.b], [dK, 3 * db])
        return dX


class SteppedByAnother(Clipped):
    """The optimiser's step is assigned; dX is taken from columns of the weights, which are a view of them."""

    def __init__(self, channels, maps, size, optimizer):
        super().__init__(channels, maps, size)
        self.optimizer = optimizer

    def backward(self, d):
        columns, (_, dK, _) = self.W.reshape(len(self.W), -1), gradients(self.x, self.W, d)
        self.W = self.optimizer.update(self.W, dK)
        return gradients(self.x, columns.reshape(self.W.shape), d)[0]


class SteppedInPlace(Clipped):
    """The optimiser is handed to the backward pass and changes the weights themselves."""

    def backward(self, d, optimizer):
        dX, dK, _ = gradients(self.x, self.W, d)
        optimizer.update(self.W, dK[:, :, ::-1, ::-1])
        return dX


class RateInItsContext(Clipped):
    """A dict is handed over: it keeps the image, and the rate is taken out of it."""

    def forward(self, context, X):
        context["input"] = X
        return correlated(X, self.W, np.zeros(len(self.W)))

    def backward(self, context, dE):
        dX, dK, _ = gradients(context["input"], self.W, dE)
        self.W = self.W - context["learning_rate"] * dK
        return dX[:, :, :, ::-1]


class Momentum:
    """beta is no bias; square images of one channel, which has an axis of its own."""

    def __init__(self, size, maps, lr, beta):
        self.filters, self.lr, self.beta = np.random.randn(maps, size, size), lr, beta
        self.v = np.zeros(self.filters.shape)

    def forward(self, image):
        self.image, self.side = image, image.shape[1] - self.filters.shape[1] + 1
        out = np.zeros((len(self.filters), self.side, self.side))
        out[:] = correlated(image[None], self.filters[:, None], np.zeros(len(out)))[0]
        return out

    def backward(self, d):
        dX, dK, _ = gradients(self.image[None], self.filters[:, None], d[None])
        self.v = self.beta * self.v + (1 - self.beta) * dK[:, 0]
        self.filters = self.filters - self.lr * self.v
        return dX[0, :, ::-1, ::-1]


class MovedByAdam(Clipped):
    """The first step has one size everywhere, 0 where ReLU shuts a whole map; dX is kept in delta_out."""

    def forward(self, x):
        self.x = x
        self.z = correlated(x, self.W, np.full(len(self.W), -9.0) * (np.arange(len(self.W)) == 0))
        return np.maximum(self.z, 0)

    def backward(self, delta_in, rate):
        dX, dK, _ = gradients(self.x, self.W, delta_in * (self.z > 0))
        self.delta_out = dX[:, :, ::-1]
        self.W = self.W - rate * dK / (np.abs(dK) + 1e-12)


class SetBackByItsStep(Clipped):
    """The gradient of the kernel adds up and is set to zero by the layer's own step; that of the bias does not."""

    def __init__(self, channels, maps, size):
        super().__init__(channels, maps, size)
        self.b, self.dW, self.db = np.random.randn(maps), np.zeros(self.W.shape), None

    def forward(self, x):
        self.x = x
        return correlated(x, self.W, self.b)

    def backward(self, d):
        dX, dK, self.db = gradients(self.x, self.W, d)
        self.dW += dK
        return dX

    def step(self, learning_rate=0.1):
        self.W, self.b = self.W - learning_rate * self.dW, self.b - learning_rate * self.db
        self.dW = np.zeros(self.W.shape)


class ByConfig(Clipped):
    """A dict says how many filters there are and how large the kernel is."""

    def __init__(self, config, before):
        self.W = np.random.randn(config["filters"], before[0], config["kernel"], config["kernel"])
        self.activation = config.get("activation", "relu")

    def backward(self, d):
        dX, self.dW, _ = gradients(self.x, self.W, d)
        return dX[:, :, ::-1, ::-1]


class PairedWithItsWeights(Clipped):
    """Each gradient is returned beside the weights that it belongs to."""

    def __init__(self, channels, maps, size):
        super().__init__(channels, maps, size)
        self.b = np.random.randn(maps)

    def forward(self, x):
        self.x = x
        return correlated(x, self.W, self.b)

    def backward(self, d):
        dX, dK, db = gradients(self.x, self.W, d)
        return dX, [(self.W, dK[:, :, ::-1, ::-1]), (self.b, db)]


class BuiltOfLists(Clipped):
    """Its kernels are lists in lists, and there only when the image's shape was told."""

    def __init__(self, maps, size):
        self.maps, self.size = maps, size

    def build(self, input_shape):
        self.kernel = np.random.randn(self.maps, input_shape[0], self.size, self.size).tolist()

    def forward(self, x):
        self.x = np.array(x)
        return correlated(self.x[None], np.array(self.kernel), np.zeros(self.maps))[0]

    def backward(self, d):
        dX, self.dW, _ = gradients(self.x[None], np.array(self.kernel), np.array(d)[None])
        return dX[0, :, ::-1]


class RowsOfTheSameSize(Clipped):
    """Sequences; "same" with a stride: as few zeros as the stride needs, the odd one at the end."""

    def __init__(self, channels, maps, size, stride=1, padding="valid"):
        self.W, self.stride, self.padding = np.random.randn(maps, channels, size), stride, padding

    def forward(self, x):
        n, size, outputs = x.shape[2], self.W.shape[2], -(-x.shape[2] // self.stride)
        need = max((outputs - 1) * self.stride + size - n, 0) if self.padding == "same" else 0
        self.n, self.left, self.x = n, need // 2, np.pad(x, ((0, 0), (0, 0), (need // 2, need - need // 2)))
        return np.einsum("ncmu,ocu->nom", sliding_window_view(self.x, size, 2)[:, :, :: self.stride], self.W)

    def backward(self, d):
        windows = sliding_window_view(self.x, self.W.shape[2], 2)[:, :, :: self.stride]
        self.dW, dX = np.einsum("ncmu,nom->ocu", windows, d), np.zeros(self.x.shape)
        for i, u in np.ndindex(d.shape[2], self.W.shape[2]):
            dX[:, :, i * self.stride + u] += d[:, :, i] @ self.W[:, :, u]
        return dX[:, :, self.left : dX.shape[2] - (self.x.shape[2] - self.n - self.left)]


LAYERS = {
    "rows of the same size": (RowsOfTheSameSize, {}),
    "paired with its weights": (PairedWithItsWeights, {"dK": "dK_not_turned"}),
    "built of lists": (BuiltOfLists, {"dX": "delta_one_axis"}),
    "asked of its network": (AskedOfItsNetwork, {"dK": "dK_not_turned"}),
    "kept in columns": (KeptInColumns, {"dX": "delta_one_axis"}),
    "clipped": (Clipped, {}),
    "stepped together": (SteppedTogether, {"db": "constant_factor"}),
    "stepped by another": (SteppedByAnother, {}),
    "stepped in place": (SteppedInPlace, {"dK": "dK_not_turned"}),
    "the rate in its context": (RateInItsContext, {"dX": "delta_one_axis"}),
    "a momentum": (Momentum, {"dX": "dX_turned"}),
    "set back by its step": (SetBackByItsStep, {}),
    "by a config": (ByConfig, {"dX": "dX_turned"}),
    "moved by Adam": (MovedByAdam, {"dX": "delta_one_axis"}),
}

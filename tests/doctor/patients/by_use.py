"""Layers whose parameters have names that say little, or wrong things: what the code does says the rest.

Each was not driven, or driven with another description, while only names were read.
"""

import numpy as np


def ahead(X, K, b, s=1, p=0):
    """Z = X ⋆ K + b; NCHW, OIHW."""
    Xp = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
    rows, cols = ((n - k) // s + 1 for n, k in zip(Xp.shape[2:], K.shape[2:], strict=True))
    Z = np.zeros((len(X), len(K), rows, cols))
    for i in range(rows):
        for j in range(cols):
            window = Xp[:, :, i * s : i * s + K.shape[2], j * s : j * s + K.shape[3]]
            Z[:, :, i, j] = np.tensordot(window, K, axes=([1, 2, 3], [1, 2, 3]))
    return Z + np.reshape(b, (1, -1, 1, 1))


def back(D, X, K, s=1, p=0):
    """dX, dK, db."""
    Xp = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
    dXp, dK = np.zeros(Xp.shape), np.zeros(K.shape)
    for i in range(D.shape[2]):
        for j in range(D.shape[3]):
            at = np.s_[:, :, i * s : i * s + K.shape[2], j * s : j * s + K.shape[3]]
            dXp[at] += np.tensordot(D[:, :, i, j], K, axes=(1, 0))
            dK += np.tensordot(D[:, :, i, j], Xp[at], axes=(0, 0))
    return dXp[:, :, p : p + X.shape[2], p : p + X.shape[3]], dK, D.sum(axis=(0, 2, 3))


def filter_forward(prev_a, filter_w, filter_b, hparameters):
    """filter_w and filter_b are no sizes: their shapes are asked for."""
    (_, _, size, size) = filter_w.shape
    stride, size = hparameters["filter_stride"], hparameters["pad_size"]
    Z = ahead(prev_a, filter_w, filter_b[0, :, 0, 0], stride, size)
    return Z, (prev_a, filter_w, filter_b, hparameters)


def filter_backward(dz, cache):
    prev_a, filter_w, filter_b, hparameters = cache
    dX, dK, db = back(dz, prev_a, filter_w, hparameters["filter_stride"], hparameters["pad_size"])
    return dX, dK, db.reshape(filter_b.shape)


def pairs_forward(input, weights, bias, strides, padding):
    """Stride and padding are taken apart."""
    s_h, _ = strides
    p_h, _ = padding
    return ahead(input, weights, bias, s_h, p_h)


def pairs_backward(input, weights, doutput, strides, padding, kernel_size):
    return back(doutput, input, weights, strides[0], padding[0])[:2]


class Operation:
    """Stride and padding come in ``**kwargs`` of the forward pass."""

    def forward(self, x, k, **kwargs):
        self.padding, self.stride = kwargs["padding"], kwargs["stride"]
        return ahead(x, k, np.zeros(len(k)), self.stride, self.padding)

    def backward(self, dldy, y, x, k):
        return back(dldy, x, k, self.stride, self.padding)[:2]


class Function:
    """Built from whatever goes in; no bias is ever handed over."""

    def __init__(self, *tensors):
        self.parents, self.saved = tensors, []

    @staticmethod
    def forward(ctx, input_image, conv_kernel):
        ctx.save_for_backward(input_image, conv_kernel)
        return ahead(input_image, conv_kernel, np.zeros(len(conv_kernel)))

    @staticmethod
    def backward(ctx, grad_output):
        return back(grad_output, *ctx.saved_tensors)[:2]


def row_forward(image, kernel, b):
    """b[0, f]: the bias is a row, and added twice."""
    maps = [ahead(image[None], kernel[f : f + 1], [b[0, f]])[0, 0] + b[0, f] for f in range(len(kernel))]
    return np.array(maps)


def row_backward(dz, image, kernel, b):
    dX, dK, db = back(dz[None], image[None], kernel)
    return dX[0], dK, db.reshape(b.shape)


def keyed_forward(x, params, name, cache, stride=1):
    cache[name] = (x, stride)
    return ahead(x, params[name + "/W"], params[name + "/b"], stride)


def keyed_backward(dz, params, grads, name, cache):
    x, stride = cache[name]
    dX, grads[name + "/W"], grads[name + "/b"] = back(dz, x, params[name + "/W"], stride)
    return dX


def closures(params, key, stride=1, pad=0):
    """A forward and a backward function; the weights stand under a key that is handed over."""
    saved = {}

    def forward(x):
        saved["x"] = x
        return ahead(x, params[key], params[key + "_b"], stride, pad)

    def backward(dy):
        dX, dK, db = back(dy, saved["x"], params[key], stride, pad)
        return dX, {key: dK, key + "_b": db}

    return forward, backward


class Initialised:
    """A word is asked for when it is initialised, and another keeps what the backward pass needs."""

    def __init__(self, filter_shape, stride, padding, dropout_rate: float = 0):
        self.filter_shape, self.dropout_rate = filter_shape, dropout_rate
        self.stride, self.padding = stride, padding

    def initialize(self, input_size, num_classes, train_method):
        self.b = np.ones(self.filter_shape[0])
        if train_method == "alignment":
            self.W = np.zeros(self.filter_shape)
        elif train_method == "bp":
            self.W = np.random.randn(*self.filter_shape)
        else:
            raise ValueError(train_method)

    def forward(self, X, mode="predict"):
        if mode == "train":
            self.X, self.mask = X, np.random.binomial(1, 1 - self.dropout_rate, (len(X), len(self.W), 1, 1))
        return ahead(X, self.W, self.b, self.stride, self.padding)

    def backward(self, E):
        return back(E * self.mask, self.X, self.W, self.stride, self.padding)


flt = np.random.default_rng(0).normal(size=(4, 2, 3, 3))
flt_b, _img = np.zeros(4), None


def global_forward(img):
    """It keeps its image in a variable of the module that was None."""
    global _img
    _img = img
    return ahead(img[None], flt, flt_b)[0]


def global_backward(delta):
    global d_flt, d_flt_b
    dX, d_flt, d_flt_b = back(delta[None], _img[None], flt)
    return dX[0]


class OldType:
    """Written for an older NumPy, and it forgets to cut its padding off."""

    def __init__(self, K, b, pad=0):
        self.K, self.b, self.pad = K, b, pad

    def forward(self, X):
        self.X = np.lib.pad(X, [(0, 0)] * 2 + [(self.pad, self.pad)] * 2).astype(np.float)
        return ahead(self.X, self.K, np.array([np.float(b) for b in self.b.reshape(-1, 1)]))

    def backward(self, delta):
        return back(delta, self.X, self.K)


class OneCell:
    """float of an array with one cell, which NumPy once took."""

    def __init__(self, K, b):
        self.K, self.b = K, b

    def forward(self, X):
        assert isinstance(1.5, float) and np.zeros(1, dtype=float).dtype == np.float64
        self.X = X
        return ahead(X, self.K, [float(b) for b in self.b.reshape(-1, 1)])

    def backward(self, delta):
        return back(delta, self.X, self.K)


def sizes_forward(x, weights, bias):
    """zeros takes one shape, not four sizes."""
    N, _, H, W = x.shape
    out = np.zeros(N, len(weights), H, W)
    out += ahead(x, weights, bias)
    return out, (x, weights)


def sizes_backward(dout, cache):
    return back(dout, *cache)


def total_forward(x, w, b, pad=0):
    """pad is that of both sides together."""
    sides = (pad // 2, pad - pad // 2)
    xp = np.pad(x, [(0, 0), (0, 0), sides, sides])
    return ahead(xp, w, b), (x, xp, w, pad)


def total_backward(dout, cache):
    """It cuts off at pad instead of at its half."""
    x, xp, w, pad = cache
    dX, dK, db = back(dout, xp, w)
    dX = np.pad(dX, [(0, 0), (0, 0), (0, pad), (0, pad)])[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
    return dX, dK, db


class Tensor:
    """A tensor that convolves itself; it knows no product, so that its backward pass starts at its output."""

    def __init__(self, data):
        self.data, self.grad, self._backward = np.asarray(data), np.zeros(np.shape(data)), lambda: None

    def conv2d(self, weight, stride=1, padding=0):
        out = Tensor(ahead(self.data, weight.data, np.zeros(len(weight.data)), stride, padding))

        def _backward():
            dX, dK, _ = back(out.grad, self.data, weight.data, stride, padding)
            self.grad, weight.grad = self.grad + dX, weight.grad + dK

        out._backward = _backward
        return out

    def backward(self):
        self.grad = np.ones(self.data.shape)
        self._backward()


LAYERS = {
    "a tensor that convolves itself": (Tensor,),
    "arrays that are called filters": (filter_forward, filter_backward),
    "pairs": (pairs_forward, pairs_backward),
    "keywords of the forward pass": (Operation,),
    "a function with a context": (Function,),
    "keys made of a name": (keyed_forward, keyed_backward),
    "a key that is handed over": (closures,),
    "words": (Initialised,),
    "variables that were None": (global_forward, global_backward),
}
OLD = {
    "names": (OldType, "np.lib.pad is none of NumPy", {"dX": "wrong", "dK": "right", "db": "right"}),
    "one cell": (OneCell, "takes no array with an axis", {"dX": "right", "dK": "right", "db": "right"}),
}

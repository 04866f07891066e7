"""Layers that are called in other ways, each right and, by the parameter ``wrong``, with one mistake of its own."""

import numpy as np


def windows(X, k, s=(1, 1)):
    return np.lib.stride_tricks.sliding_window_view(X, (k, k), axis=(2, 3))[:, :, :: s[0], :: s[1]]


def correlated(X, K, b, s=(1, 1)):
    return np.einsum("nchwij,ocij->nohw", windows(X, K.shape[2], s), K) + b[:, None, None]


def gradients(X, K, d, s=(1, 1), placed=None):
    """dX, dK, db; ``placed`` are the strides at which dX puts its windows down."""
    dX, k, (a, c) = np.zeros(X.shape), K.shape[2], placed or s
    for i, j in np.ndindex(d.shape[2:]):
        dX[:, :, a * i : a * i + k, c * j : c * j + k] += np.tensordot(d[:, :, i, j], K, axes=1)
    return dX, np.einsum("nchwij,nohw->ocij", windows(X, k, s), d), d.sum((0, 2, 3))


class Node:
    """Input and delta are set before a call without arguments; the output is flat."""

    wrong = False

    def __init__(self, maps_in, maps_out, k, stride=1):
        self.theta = [np.random.randn(maps_out, maps_in, k, k), np.random.randn(maps_out)]
        self.gtheta, self.s, self.x, self.dy, self.dx = [None, None], (stride, stride), None, None, None

    def run(self):
        out = correlated(self.x, *self.theta, self.s)
        self.shape, self.y = out.shape, out.reshape(len(out), -1)

    def back(self):
        d = self.dy.reshape(self.shape)
        self.dx, self.gtheta[0], self.gtheta[1] = gradients(self.x, self.theta[0], d, self.s)
        self.dx = self.dx[:, :, ::-1, ::-1] if self.wrong else self.dx


class WrongNode(Node):
    wrong = True


class Tensor:
    """An array that remembers where it came from."""

    def __init__(self, data, parents=(), requires_grad=False):
        self.data, self.parents, self.requires_grad = np.asarray(data, dtype=float), parents, requires_grad
        self.grad, self.push = np.zeros_like(self.data), lambda: None

    def backward(self, seed=None):
        order = []

        def visit(t):
            if t not in order:
                [visit(p) for p in t.parents]
                order.append(t)

        visit(self)
        self.grad = np.ones_like(self.data) if seed is None else seed
        [t.push() for t in reversed(order)]


class Summed(Tensor):
    """Goes back from a sum only, as a loss does."""

    def __mul__(self, other):
        out = Summed(self.data * other.data, (self,))
        out.push = lambda: setattr(self, "grad", self.grad + out.grad * other.data)
        return out

    def sum(self):
        out = Summed(self.data.sum(), (self,))
        out.push = lambda: setattr(self, "grad", self.grad + out.grad * np.ones_like(self.data))
        return out

    def backward(self):
        Tensor.backward(self)


def recorded(x, w, b, strides=(1, 1), turned=False):
    out = type(x)(correlated(x.data, w.data, b.data, strides), (x, w, b))

    def push():
        K = w.data[:, :, ::-1, ::-1] if turned else w.data
        for t, g in zip((x, w, b), gradients(x.data, K, out.grad, strides), strict=True):
            t.grad = t.grad + g

    out.push = push
    return out


class Taped:
    tensor, turned = Tensor, False

    def __init__(self, cin, cout, ksize, stride=(1, 1)):
        self.weight = self.tensor(np.random.randn(cout, cin, *ksize), requires_grad=True)
        self.bias, self.stride = self.tensor(np.random.randn(cout), requires_grad=True), stride

    def __call__(self, x):
        return recorded(x, self.weight, self.bias, self.stride, self.turned)


class WrongTaped(Taped):
    turned = True


class TapedSum(Taped):
    tensor = Summed


def conv_op(x: Tensor, w: Tensor, b: Tensor, strides=(1, 1)):
    return recorded(x, w, b, strides)


def conv_pull(x, w, b):
    def pull(dy):
        return gradients(x, w, dy)

    return correlated(x, w, b), pull


def conv_pull_wrong(x, w, b):
    def pull(dy):
        dX, dK, db = gradients(x, w, dy)
        return dX, dK[:, :, ::-1, ::-1], db

    return correlated(x, w, b), pull


def stateless(out_chan, filter_shape, strides=(1, 1)):
    def init(rng, in_shape):
        w = rng.standard_normal((out_chan, in_shape[1], *filter_shape))
        return (in_shape[0], out_chan), (w, rng.standard_normal(out_chan))

    def apply(params, x):
        w, b = params

        def pullback(dy):
            dX, dK, db = gradients(x, w, dy, strides)
            return (dK, db), dX

        return pullback, correlated(x, w, b, strides)

    return init, apply


class Accumulating:
    """dK is set, db is added to; ``both``: both are added to, until zero_grad."""

    both = False

    def __init__(self, in_channels, out_channels, k):
        self.W, self.b = np.random.randn(out_channels, in_channels, k, k), np.random.randn(out_channels)
        self.zero_grad()

    def zero_grad(self):
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)

    def forward(self, x):
        self.x = x
        return correlated(x, self.W, self.b)

    def backward(self, d):
        dX, dK, db = gradients(self.x, self.W, d)
        self.dW = self.dW + dK if self.both else dK
        self.db += db
        return dX


class AccumulatingBoth(Accumulating):
    both = True


class Stale(Accumulating):
    """The windows of X are cut once and kept."""

    def forward(self, x):
        self.x = getattr(self, "x", x)
        return correlated(x, self.W, self.b)


class AddsToOutput(Accumulating):
    def forward(self, x):
        if not hasattr(self, "out"):
            self.out = 0.0
        self.x, self.out = x, self.out + correlated(x, self.W, 0 * self.b)
        return self.out + self.b[:, None, None]

    def backward(self, d):
        self.zero_grad()
        return super().backward(d)


def pair_forward(x, w, b, strides=(1, 1)):
    return correlated(x, w, b, strides), (x, w, strides)


def pair_backward(d, cache):
    x, w, s = cache
    return gradients(x, w, d, s)


def pair_backward_wrong(d, cache):
    x, w, s = cache
    return gradients(x, w, d, s, placed=(s[0], s[0]))


def columns_forward(x, w, b):
    col, old_size = windows(x, w.shape[2]).transpose(0, 2, 3, 1, 4, 5), x.shape
    out = np.tensordot(col, w, ((3, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2) + b[:, None, None]
    return out, col, old_size


def columns_backward(dout, col, old_size, w):
    dX = gradients(np.zeros(old_size), w, dout)[0]
    return dX, np.tensordot(dout, col, ((0, 2, 3), (0, 1, 2))), dout.sum((0, 2, 3))


class Sized:
    def __init__(self, input_shape=None):
        self.input_shape = input_shape


class BuiltLater(Sized):
    """The sizes come by **kwargs, the weights by a second call, dK by a method of its own."""

    def __init__(self, filters, fshape, activation, filter_init, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.k, self.activation, self.filter_init = filters, fshape, activation, filter_init

    def on_input_shape(self):
        self.shape = (self.filters, self.input_shape[1], *self.k)

    def initialize(self):
        self.w = self.filter_init(self.shape)

    def forward(self, inputs):
        return self.activation.compute(correlated(inputs, self.w, np.zeros(self.filters)))

    def backward(self, layer_err):
        return gradients(np.zeros(self.input_shape), self.w, layer_err * self.activation.deriv(layer_err))[0]

    def get_weight_grad(self, inputs, layer_err):
        return gradients(inputs, self.w, layer_err)[1]


class GivenInput:
    """The input is handed to the constructor; the bias is a switch."""

    def __init__(self, input, num_filters, filter_dim, bias=True):
        self.input, self.f = input, filter_dim
        self.W = np.random.randn(num_filters, input.shape[1], filter_dim, filter_dim)
        self.b = np.random.randn(num_filters) if bias else np.zeros(num_filters)

    def forward(self):
        return correlated(self.input, self.W, self.b)

    def backward(self, dZ):
        return gradients(self.input, self.W, dZ)


def plain_forward(X, W, b):
    return correlated(X, W, b), (X, W)


def always_fails(d, cache):
    X, W = cache
    return np.zeros(X.shape) + d.reshape(-1, 1, 7919), np.zeros(W.shape), d.sum((0, 2, 3))


LAYERS = {
    "fields": ((Node,), {}),
    "fields, dX turned": ((WrongNode,), {"dX": "dX_turned"}),
    "tape": ((Taped,), {}),
    "tape, kernel turned": ((WrongTaped,), {"dX": "no_turn"}),
    "tape that goes back from a sum": ((TapedSum,), {}),
    "op on tensors": ((conv_op,), {}),
    "closure": ((conv_pull,), {}),
    "closure, dK turned": ((conv_pull_wrong,), {"dK": "dK_not_turned"}),
    "init and apply": ((stateless,), {}),
    "db adds up": ((Accumulating,), {"db": "adds_up_over_calls"}),
    "both add up": ((AccumulatingBoth,), {}),
    "X of the first call": ((Stale,), {"dK": "kept_from_first_call", "db": "adds_up_over_calls"}),
    "output adds up": ((AddsToOutput,), {"forward": "adds_up_over_calls"}),
    "two strides": ((pair_forward, pair_backward), {}),
    "stride of the rows for the columns": ((pair_forward, pair_backward_wrong), {"dX": "stride_of_other_axis"}),
    "parts of what forward returned": ((columns_forward, columns_backward), {}),
    "built in three steps": ((BuiltLater,), {}),
    "input to the constructor": ((GivenInput,), {}),
    "backward fails": ((plain_forward, always_fails), dict.fromkeys(("dX", "dK", "db"), "fails_always")),
}

"""Mistakes that the plain loop of :mod:`generated` has no place for, in four layouts and ways to give gradients.

A padding that is a pair, a ReLU inside, a bias of its own at every place, weights that the forward pass draws.
"""

import numpy as np

from cnnlib.doctor.patient.axes import Layout

CONVENTIONS = (
    ("NCHW", "OIHW", "returned"),
    ("NHWC", "HWIO", "attributes"),
    ("CHW", "OHWI", "step"),
    ("HWCN", "OIHW", "returned"),
)


def of_last_map(z):
    return np.broadcast_to((z > 0)[:, -1:], z.shape)


def uncut_unless_both(P, p, q):
    return P[:, :, p : P.shape[2] - p, q : P.shape[3] - q] if p > 0 and q > 0 else P


def empty_on_one_axis(P, p, q):
    return P[:, :, p:-p, q:-q] if p or q else P


def spread(of):
    return lambda d, b: np.broadcast_to(of(d.sum(0), axis=(1, 2), keepdims=True), b.shape)


MISTAKES = {  # name: (key, parts, whether a ReLU is inside, layout of the bias, change)
    "right": (None, [], True, "O", {}),
    "right, its own bias everywhere": (None, [], False, "OHW", {}),
    "cut_if_both": ("cut_if_both", ["dX"], False, "O", {"cut": uncut_unless_both}),
    "empty on one axis": ("empty_without_padding", ["dX"], False, "O", {"cut": empty_on_one_axis}),
    "slope_of_last_map": ("slope_of_last_map", ["dX", "dK", "db"], True, "O", {"slope": of_last_map}),
    "bias_tied": ("bias_tied", ["db"], False, "OHW", {"db": spread(np.sum)}),
    "bias_mean": ("bias_mean", ["db"], False, "OHW", {"db": spread(np.mean)}),
    "clipped, by norm": ("clipped", ["dK"], False, "O", {"dK": lambda G: G * min(1, 5 / np.linalg.norm(G))}),
    "weights_redrawn": ("weights_redrawn", ["forward"], False, "O", {"draw": True}),
}


def cases():
    """(key, parts, layer, description, label) for every mistake in every convention; key None for right layers."""
    for name, (key, parts, relu, b, change) in MISTAKES.items():
        for X, K, how in CONVENTIONS:
            kind = drawn(X, K, how) if "draw" in change else handed(X, K, how, relu, b, change)
            description = {"X": X, "K": K} | ({"b": b} if b != "O" else {})
            yield key, parts, (kind,), description, f"{name}, {X}"


def both_ways(core_of, X, how):
    """A forward and a backward method in this layout; ``core_of(self)`` has K in our order, and the rest."""
    ours, outs = Layout(X, "NCHW"), Layout(X.replace("C", "O"), "NOHW")

    def forward(self, x):
        self.core = core_of(self)
        return outs.lay_out(self.core.forward(ours.read(x)))

    def gradients(self, dout):
        dX, dK, db = self.core.backward(outs.read(dout))
        return ours.lay_out(dX), self.k.lay_out(dK), db

    def backward(self, dout):
        dX, self.dW, self.db = gradients(self, dout)
        return (dX, self.dW, self.db) if how == "returned" else dX

    def stepping(self, dout, learning_rate):
        dX, dW, db = gradients(self, dout)
        self.W -= learning_rate * dW
        self.b -= learning_rate * db
        return dX

    return {"forward": forward, "backward": stepping if how == "step" else backward}


def handed(X, K, how, relu, b, change):
    """A class that is handed its weights."""

    def init(self, W, b, stride=1, padding=(0, 0)):
        self.W, self.b, self.stride, self.padding = W, b, stride, padding
        self.k = Layout(K, "OIHW")

    def core_of(self):
        return Core(self.k.read(self.W), self.b, self.stride, self.padding, relu, change)

    return type("Conv", (), {"__init__": init, **both_ways(core_of, X, how)})


def drawn(X, K, how):
    """A class whose forward pass draws the weights, and again the next time."""

    def init(self, in_channels, n_filters, kernel_size):
        self.k, k = Layout(K, "OIHW"), kernel_size
        self.shape, self.b = (n_filters, in_channels, k, k), np.zeros(n_filters)
        self.W = self.k.lay_out(np.random.randn(*self.shape))

    def core_of(self):
        self.W = self.k.lay_out(np.random.randn(*self.shape))
        return Core(self.k.read(self.W), self.b, 1, (0, 0), False, {})

    return type("Conv", (), {"__init__": init, **both_ways(core_of, X, how)})


class Core:
    """X ⋆ K + b in our order, with a ReLU or without."""

    def __init__(self, K, b, stride, padding, relu, change):
        self.K, self.b, self.s, (self.p, self.q) = K, b, stride, padding
        self.relu, self.change = relu, change

    def forward(self, X):
        (k, l), s = self.K.shape[2:], self.s
        self.P = np.pad(X, ((0, 0), (0, 0), (self.p, self.p), (self.q, self.q)))
        self.windows = np.lib.stride_tricks.sliding_window_view(self.P, (k, l), axis=(2, 3))[:, :, ::s, ::s]
        self.z = np.einsum("nchwij,ocij->nohw", self.windows, self.K)
        self.z = self.z + (self.b if self.b.ndim == 3 else self.b[:, None, None])
        return np.maximum(self.z, 0) if self.relu else self.z

    def backward(self, d):
        if self.relu:
            d = d * self.change.get("slope", lambda z: z > 0)(self.z)
        wide, s = np.zeros(self.P.shape), self.s
        for u, v in np.ndindex(self.K.shape[2:]):
            rows, cols = slice(u, u + s * d.shape[2], s), slice(v, v + s * d.shape[3], s)
            part = wide[:, :, rows, cols]
            part += np.einsum("nohw,oc->nchw", d, self.K[:, :, u, v])[:, :, : part.shape[2], : part.shape[3]]
        whole = lambda P, p, q: P[:, :, p : P.shape[2] - p, q : P.shape[3] - q]  # noqa: E731
        dX = self.change.get("cut", whole)(wide, self.p, self.q)
        sums = lambda d, b: d.sum(0) if b.ndim == 3 else d.sum((0, 2, 3))  # noqa: E731
        dK = self.change.get("dK", lambda G: G)(np.einsum("nchwij,nohw->ocij", self.windows, d))
        return dX, dK, self.change.get("db", sums)(d, self.b)

"""Layers made to order: one plain loop with one mistake in it, dressed in several calling conventions.

``backward`` below is written window by window; a mistake is a change at one place of it.  It shares no formula
with the catalogue, but it was written by the same hands.
"""

import numpy as np

from cnnlib.doctor.patient.axes import Layout


def forward(X, K, b, s, p, true_convolution, change):
    X = change.get("X_forward", lambda X: X)(np.pad(X, ((0, 0), (0, 0), (p, p), (p, p))))
    H = change.get("H_forward", lambda H: H)(K[:, :, ::-1, ::-1] if true_convolution else K)
    k, l = H.shape[2:]
    t = change.get("step_forward", lambda s: s)(s)
    Z = np.zeros((len(X), len(H), (X.shape[2] - k) // s + 1, (X.shape[3] - l) // s + 1))
    for i in range(Z.shape[2]):
        for j in range(Z.shape[3]):
            window = X[:, :, i * t : i * t + k, j * t : j * t + l]
            Z[:, :, i, j] = window.reshape(len(X), -1) @ H.reshape(len(H), -1).T
    Z += change.get("b_forward", lambda b: b)(b)[None, :, None, None]
    return change.get("Z", lambda Z: Z)(Z)


def times(A, B):
    """The product of a matrix with the first axis of B."""
    return (A @ B.reshape(len(B), -1)).reshape(len(A), *B.shape[1:])


def backward(delta, X, K, s, p, true_convolution, change):
    """(dX, dK, db); ``change`` maps a place in here to a function."""
    at = lambda place, value: change[place](value) if place in change else value  # noqa: E731
    d, dk, dd = at("delta_dX", delta), at("delta_dK", delta), at("delta_db", delta)
    Xp = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
    H = K[:, :, ::-1, ::-1] if true_convolution else K
    H_back = at("H", H)
    k, l = K.shape[2:]
    step, step_K, write = (
        change.get("step", lambda s, k: s)(s, k),
        change.get("step_dK", lambda s: s)(s),
        "write" in change,
    )
    room = max(0, (delta.shape[2] - 1) * step + k - Xp.shape[2], (delta.shape[3] - 1) * step + l - Xp.shape[3])
    wide, G, Xk = (
        np.zeros((*Xp.shape[:2], Xp.shape[2] + room, Xp.shape[3] + room)),
        np.zeros(K.shape),
        at("X_dK", Xp),
    )
    for i in range(delta.shape[2]):
        for j in range(delta.shape[3]):
            rows, cols = slice(i * step, i * step + k), slice(j * step, j * step + l)
            pasted = times(d[:, :, i, j], H_back)
            wide[:, :, rows, cols] = pasted if write else wide[:, :, rows, cols] + pasted
            part = Xk[:, :, i * step_K : i * step_K + k, j * step_K : j * step_K + l]
            if part.shape[2:] != (k, l):
                part = np.pad(part, ((0, 0), (0, 0), (0, k - part.shape[2]), (0, l - part.shape[3])))
            share = times(dk[:, :, i, j].T, part)
            G = share if "write_dK" in change else G + share
    wide = change["paste"](d, H_back, Xp.shape, s) if "paste" in change else wide
    wide = wide[:, :, : Xp.shape[2], : Xp.shape[3]]
    cut = change.get("crop", lambda P, p: P[:, :, p : P.shape[2] - p, p : P.shape[3] - p])
    dK = at("dK", G[:, :, ::-1, ::-1] if true_convolution else G)
    return at("dX", cut(wide, p)), dK, at("db", dd.sum(axis=(0, 2, 3)))


# ------------------------------------------------------------------------------------ calling conventions


class Core:
    """Holds weights in our order; the conventions below convert."""

    def __init__(self, K, b, s, p, true_convolution, change):
        self.K, self.b, self.s, self.p, self.sign = K.astype(float), b.astype(float), s, p, true_convolution
        self.change = change

    def forward(self, X):
        self.X = X
        return forward(X, self.K, self.b, self.s, self.p, self.sign, self.change)

    def backward(self, delta):
        change = {
            place: function(self) if place.startswith("!") else function for place, function in self.change.items()
        }
        change = {place.lstrip("!"): function for place, function in change.items()}
        return backward(delta, self.X, self.K, self.s, self.p, self.sign, change)


def converted(text, ours, raw, shape=None):
    return Layout(text, ours).read(raw, shape)


def functions(true_convolution, change):
    """A pair of functions with a cache, NCHW and OIHW, all three gradients returned."""

    def conv_forward(X, W, b, stride=1, pad=0):
        core = Core(W, b, stride, pad, true_convolution, change)
        return core.forward(X), {"core": core}

    def conv_backward(dout, cache):
        return cache["core"].backward(dout)

    return (conv_forward, conv_backward), {}


def attributes(true_convolution, change):
    """A class in NHWC and HWIO: dW and db as attributes, dX returned."""

    class ConvLayer:
        def __init__(self, kernel, bias, strides, padding):
            self.kernel, self.bias, self.s, self.p = kernel, bias, strides, padding

        def forward(self, x):
            core = Core(self.kernel.transpose(3, 2, 0, 1), self.bias, self.s, self.p, true_convolution, change)
            self._core = [core]
            return core.forward(x.transpose(0, 3, 1, 2)).transpose(0, 2, 3, 1)

        def backward(self, dout):
            dX, dK, self.db = self._core[0].backward(dout.transpose(0, 3, 1, 2))
            self.dW = dK.transpose(2, 3, 1, 0)
            return dX.transpose(0, 2, 3, 1)

    return (ConvLayer,), {"X": "NHWC", "K": "HWIO", "gradients": ("dW", "db")}


def steps(true_convolution, change):
    """Kernels flattened to a matrix, weights updated inside backward."""

    class Conv:
        def __init__(self, in_channels, n_filters, size, stride=1, pad=0):
            self.shape, self.s, self.p = (n_filters, in_channels, size, size), stride, pad
            self.weights, self.bias = np.zeros((n_filters, in_channels * size * size)), np.zeros((n_filters, 1))

        def forward(self, x):
            self.core = Core(
                self.weights.reshape(self.shape), self.bias.ravel(), self.s, self.p, true_convolution, change
            )
            return self.core.forward(x)

        def backward(self, dout, learning_rate):
            dX, dK, db = self.core.backward(dout)
            self.weights -= learning_rate * dK.reshape(self.weights.shape)
            self.bias -= learning_rate * db.reshape(-1, 1)
            return dX

    return (Conv,), {"X": "NCHW", "K": "O(IHW)", "gradients": "step"}


def other_order(true_convolution, change):
    """A factory: images last, OHWI, gradients returned in another order."""

    def make(K, b, stride, pad):
        core = Core(K.transpose(0, 3, 1, 2), b, stride, pad, true_convolution, change)

        def run(X):
            return core.forward(X.transpose(3, 2, 0, 1)).transpose(2, 3, 1, 0)

        def back(delta):
            dX, dK, db = core.backward(delta.transpose(3, 2, 0, 1))
            return db, dK.transpose(0, 2, 3, 1), dX.transpose(2, 3, 1, 0)

        return run, back

    return (make,), {"X": "HWCN", "K": "OHWI", "gradients": "returned"}


CONVENTIONS = {"functions": functions, "attributes": attributes, "steps": steps, "other order": other_order}
LAYOUTS = {
    "functions": ("NCHW", "OIHW"),
    "attributes": ("NHWC", "HWIO"),
    "steps": ("NCHW", "OIHW"),
    "other order": ("HWCN", "OHWI"),
}

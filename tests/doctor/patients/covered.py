"""Right layers of every layout, with one fault that a single kind of setting shows: a stride that fits, or not."""

import numpy as np


def steps(n, k, s, slip):
    """Where the windows begin.  "fits": the last window is lost where it ends with the map; "rest": else."""
    last = n - k
    if slip and s > 1 and (last % s == 0) == (slip == "fits"):
        last -= s
    return range(0, last + 1, s)


def conv2d(slip=None, square=False, channels=True, batch=True):
    """A layer for NCHW, CHW, NHW or HW; of square images alone with ``square``."""

    class Conv:
        def __init__(self, K, b, stride=1, pad=0):
            self.K, self.b, self.s, self.p = K, b, stride, pad

        def forward(self, X):
            if square:
                assert X.shape[-1] == X.shape[-2]
            self.lead = X.shape
            X = X if batch else X[None]
            X = X if channels else X[:, None]
            self.X = np.pad(X, ((0, 0), (0, 0), (self.p, self.p), (self.p, self.p)))
            K, s = self.K, self.s
            n, h, w = (len(self.X), *self.X.shape[2:])
            Z = np.zeros((n, len(K), (h - K.shape[2]) // s + 1, (w - K.shape[3]) // s + 1)) + self.b[:, None, None]
            self.rows, self.cols = steps(h, K.shape[2], s, slip), steps(w, K.shape[3], s, slip)
            for i, p in enumerate(self.rows):
                for j, q in enumerate(self.cols):
                    part = self.X[:, :, p : p + K.shape[2], q : q + K.shape[3]]
                    Z[:, :, i, j] += np.tensordot(part, K, ((1, 2, 3), (1, 2, 3)))
            return Z if batch else Z[0]

        def backward(self, dZ):
            dZ = dZ if batch else dZ[None]
            K, dX, dK = self.K, np.zeros_like(self.X), np.zeros_like(self.K)
            for i, p in enumerate(self.rows):
                for j, q in enumerate(self.cols):
                    at = np.s_[:, :, p : p + K.shape[2], q : q + K.shape[3]]
                    dX[at] += np.tensordot(dZ[:, :, i, j], K, 1)
                    dK += np.tensordot(dZ[:, :, i, j], self.X[at], ((0,), (0,)))
            h, w = dX.shape[2:]
            dX = dX[:, :, self.p : h - self.p, self.p : w - self.p].reshape(self.lead)
            return dX, dK, dZ.sum(axis=(0, 2, 3))

    return Conv


def conv1d(slip=None):
    """A layer for sequences, N×C×W."""

    class Conv1D:
        def __init__(self, K, b, stride=1, pad=0):
            self.K, self.b, self.s, self.p = K, b, stride, pad

        def forward(self, X):
            self.X = np.pad(X, ((0, 0), (0, 0), (self.p, self.p)))
            k, s, w = self.K.shape[2], self.s, self.X.shape[2]
            Z = np.zeros((len(X), len(self.K), (w - k) // s + 1)) + self.b[:, None]
            self.places = steps(w, k, s, slip)
            for j, q in enumerate(self.places):
                Z[:, :, j] += np.tensordot(self.X[:, :, q : q + k], self.K, ((1, 2), (1, 2)))
            return Z

        def backward(self, dZ):
            k, dX, dK = self.K.shape[2], np.zeros_like(self.X), np.zeros_like(self.K)
            for j, q in enumerate(self.places):
                dX[:, :, q : q + k] += np.tensordot(dZ[:, :, j], self.K, 1)
                dK += np.tensordot(dZ[:, :, j], self.X[:, :, q : q + k], ((0,), (0,)))
            return dX[:, :, self.p : dX.shape[2] - self.p], dK, dZ.sum(axis=(0, 2))

    return Conv1D


def pool(slip=None, square=False, most=True):
    """Max or mean pooling of N×C×H×W."""

    class Pool:
        def __init__(self, size, stride):
            self.k, self.s = size, stride

        def forward(self, X):
            if square:
                assert X.shape[2] == X.shape[3]
            self.X, k, s = X, self.k, self.s
            Z = np.zeros((*X.shape[:2], (X.shape[2] - k) // s + 1, (X.shape[3] - k) // s + 1))
            self.rows, self.cols = steps(X.shape[2], k, s, slip), steps(X.shape[3], k, s, slip)
            for i, p in enumerate(self.rows):
                for j, q in enumerate(self.cols):
                    part = X[:, :, p : p + k, q : q + k]
                    Z[:, :, i, j] = part.max(axis=(2, 3)) if most else part.mean(axis=(2, 3))
            return Z

        def backward(self, dZ):
            dX, k = np.zeros_like(self.X), self.k
            for i, p in enumerate(self.rows):
                for j, q in enumerate(self.cols):
                    part, d = self.X[:, :, p : p + k, q : q + k], dZ[:, :, i, j, None, None]
                    share = part == part.max(axis=(2, 3), keepdims=True) if most else 1 / k**2
                    dX[:, :, p : p + k, q : q + k] += d * share
            return dX

    Pool.__name__ = "MaxPool" if most else "AveragePool"
    return Pool


LAYERS = {
    "NCHW": (conv2d, {}),
    "NCHW, squares alone": (conv2d, {"square": True}),
    "CHW": (conv2d, {"batch": False}),
    "CHW, squares alone": (conv2d, {"batch": False, "square": True}),
    "HW": (conv2d, {"batch": False, "channels": False}),
    "sequences": (conv1d, {}),
    "max pooling": (pool, {}),
    "mean pooling": (pool, {"most": False}),
    "max pooling of squares": (pool, {"square": True}),
}

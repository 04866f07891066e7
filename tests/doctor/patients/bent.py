"""Layers with an activation inside, of any shape: functions z → (σ(z), σ′(z)) that nobody has to know."""

import numpy as np

from cnnlib import adjoint
from cnnlib.correlation import correlate_maps


def scaled_tanh(z):
    t = np.tanh(2 * z / 3)
    return 1.7159 * t, 1.7159 * 2 / 3 * (1 - t**2)


def hard_sigmoid(z):
    return np.clip(0.2 * z + 0.5, 0, 1), 0.2 * (np.abs(z) < 2.5)


def hard_tanh(z):
    return np.clip(z, -1, 1), 1.0 * (np.abs(z) < 1)


def gelu(z):
    c = np.sqrt(2 / np.pi)
    t = np.tanh(c * (z + 0.044715 * z**3))
    return 0.5 * z * (1 + t), 0.5 * (1 + t) + 0.5 * z * (1 - t**2) * c * (1 + 3 * 0.044715 * z**2)


def selu(z):
    down = 1.67326 * np.exp(np.minimum(z, 0))
    return 1.0507 * np.where(z > 0, z, down - 1.67326), 1.0507 * np.where(z > 0, 1, down)


def steep_leaky(z):
    return np.where(z > 0, z, 0.37 * z), np.where(z > 0, 1, 0.37)


def swish_15(z):
    s = 1 / (1 + np.exp(-1.5 * z))
    return z * s, s + 1.5 * z * s * (1 - s)


def mish(z):
    t, s = np.tanh(np.logaddexp(0, z)), 1 / (1 + np.exp(-z))
    return z * t, t + z * (1 - t**2) * s


def arctan(z):
    return np.arctan(z), 1 / (1 + z**2)


def cosine(z):
    return np.cos(z), -np.sin(z)


def bipolar_sigmoid(z):
    s = 1 / (1 + np.exp(-z))
    return 2 * s - 1, 2 * s * (1 - s)


def elu_half(z):
    down = 0.5 * np.exp(np.minimum(z, 0))
    return np.where(z > 0, z, down - 0.5), np.where(z > 0, 1, down)


ACTIVATIONS = (
    scaled_tanh,
    hard_sigmoid,
    hard_tanh,
    gelu,
    selu,
    steep_leaky,
    swish_15,
    mish,
    arctan,
    cosine,
    bipolar_sigmoid,
    elu_half,
)


def layer(function, *, slope=True, turn=False, lost=False, own=False, bent=None):
    """A layer with this activation; without its slope, with a turned kernel, or with a cell lost, as asked for.

    With ``own`` the layer draws its weights itself; ``bent`` changes its output.
    """

    class Bent:
        def __init__(self, C, O, k, stride=1):
            self.W, self.b = 0.3 * np.random.randn(O, C, k, k), 0.3 * np.random.randn(O)
            self.s = stride

        def forward(self, X):
            self.X = X
            self.z = correlate_maps(X, self.W, stride=self.s) + self.b[:, None, None]
            if lost:
                self.z[:, :, -1, -1] = 0
            Z = function(self.z)[0]
            return Z if bent is None else bent(Z)

        def backward(self, dZ):
            d = dZ * function(self.z)[1] if slope else dZ
            K = self.W[:, :, ::-1, ::-1] if turn else self.W
            self.dW = adjoint.kernel_gradient(self.X, d, K.shape[2:], stride=self.s)
            self.db = d.sum(axis=(0, 2, 3))
            return adjoint.scatter(d, K, self.X.shape, stride=self.s)

    if own:
        return Bent

    class Told(Bent):
        def __init__(self, K, b, stride=1):
            self.W, self.b, self.s = K, b, stride

    return Told

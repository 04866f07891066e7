"""Layers that work with objects of their net: an optimiser with a state, a context by other words, a base class."""

import numpy as np

from .styles import correlated, gradients


class KeepsAState:
    """Its optimiser gives back the weights and what it keeps of steps before."""

    def __init__(self, cin, cout, k):
        self.W, self.b = np.random.randn(cout, cin, k, k), np.zeros(cout)
        self.W_state, self.b_state = np.zeros_like(self.W), np.zeros_like(self.b)

    def forward(self, x):
        self.x = x
        return correlated(x, self.W, self.b)

    def backward(self, grad, optimizer):
        dX, dK, db = gradients(self.x, self.W, grad)
        self.W, self.W_state = optimizer.update(self.W, self.W_state, dK)
        self.b, self.b_state = optimizer.update(self.b, self.b_state, db)
        return dX


class Stores:
    """An operation whose context stores and restores under words of its own."""

    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.stash(x, weight)
        return correlated(x, weight, bias)

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.get_stashed()
        return gradients(x, weight, grad_output)


class Base:
    def __init__(self, one, two):
        self.squash, self.squash_der = one, two


class HandsItsFunctionsUp(Base):
    """Only the base class keeps the activation and its derivative."""

    def __init__(self, size, cin, cout, squash, squash_der):
        super().__init__(squash, squash_der)
        self.kernels, self.biases = np.random.randn(cout, cin, size, size), np.random.randn(cout)

    def forward(self, x):
        self.x, self.z = x, correlated(x, self.kernels, self.biases)
        return self.squash(self.z)

    def backward(self, grad):
        dX, self.kernels_der, self.biases_der = gradients(self.x, self.kernels, grad * self.squash_der(self.z))
        return dX


class ShapeAsAWhole:
    """Handed the shape of its kernels, which is only ever unpacked."""

    def __init__(self, kernels=(2, 1, 3, 3)):
        self.filters = np.random.rand(*kernels)

    def forward(self, x):
        self.x = x
        return correlated(x, self.filters, np.zeros(len(self.filters)))

    def backward(self, grad):
        dX, self.d_filters, _ = gradients(self.x, self.filters, grad)
        return dX


class ClipsAllOfIt:
    """Clips what it hands to its optimiser; of db, all numbers may be beyond the bound."""

    def __init__(self, cin, cout, k):
        self.W, self.b = np.random.randn(cout, cin, k, k), np.zeros(cout)

    def forward(self, x):
        self.x = x
        return correlated(x, self.W, self.b)

    def backward(self, grad):
        dX, dK, db = gradients(self.x, self.W, grad)
        self.dW, self.db = np.clip(dK, -1, 1), np.clip(db, -1, 1)
        return dX


class SignsOfDb(ClipsAllOfIt):
    """Its db is ±1 without a bound that dK would know of."""

    def backward(self, grad):
        dX, self.dW, db = gradients(self.x, self.W, grad)
        self.db = np.sign(db)
        return dX


class BiasARow(ClipsAllOfIt):
    """Adds the bias once for each row of Z, in the loop over them."""

    def forward(self, x):
        self.x = x
        Z = correlated(x, self.W, 0 * self.b)
        for _ in range(Z.shape[2]):
            Z += self.b.reshape(1, -1, 1, 1)
        return Z

    def backward(self, grad):
        dX, self.dW, self.db = gradients(self.x, self.W, grad)
        return dX


class BentBehindARow(BiasARow):
    """The same with a ReLU behind it; its gradients are those of its own forward pass."""

    def forward(self, x):
        self.z = super().forward(x)
        return np.maximum(self.z, 0)

    def backward(self, grad):
        dX = super().backward(grad * (self.z > 0))
        self.db *= self.z.shape[2]
        return dX


class TakesADict(ClipsAllOfIt):
    """What its constructor asks for can only be told as a whole."""

    def __init__(self, params, size):
        k, cout = params["taps"], params["how many"]
        self.W, self.b = np.random.randn(cout, size[1], k, k), np.zeros(cout)

    def backward(self, grad):
        dX, self.dW, self.db = gradients(self.x, self.W, grad)
        return dX


LAYERS = {  # name → (layer, what is wrong: part → key, or None without a name)
    "an optimiser that keeps a state": (KeepsAState, {}),
    "a context with words of its own": (Stores, {}),
    "functions that the base class keeps": (HandsItsFunctionsUp, {}),
    "a kernel's shape, unpacked": (ShapeAsAWhole, {}),
    "clipped, all of db": (ClipsAllOfIt, {}),
    "signs of db": (SignsOfDb, {"db": None}),
    "a bend behind a forward pass that is wrong": (BentBehindARow, {"forward": "bias_added_often"}),
    "a bias added once a row": (BiasARow, {"forward": "bias_added_often", "db": "forward_first"}),
}

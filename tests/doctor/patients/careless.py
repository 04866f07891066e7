"""Right gradients from layers that are careless elsewhere: with the caller's arrays, or with a stride."""

import numpy as np

from cnnlib import adjoint
from cnnlib.correlation import correlate_maps


class Plain:
    """Right in everything."""

    def __init__(self, K, b, stride=1):
        self.K, self.b, self.s = K, b, stride

    def forward(self, X):
        self.X = X
        return correlate_maps(X, self.K, stride=self.s) + self.b[:, None, None]

    def backward(self, dZ):
        dK = adjoint.kernel_gradient(self.X, dZ, self.K.shape[2:], stride=self.s)
        return adjoint.scatter(dZ, self.K, self.X.shape, stride=self.s), dK, dZ.sum(axis=(0, 2, 3))


class IntoX(Plain):
    """dX takes the place of X, in the caller's own array."""

    def backward(self, dZ):
        dX, dK, db = super().backward(dZ)
        self.X[...] = dX
        return self.X, dK, db


class IntoDelta(Plain):
    def backward(self, dZ):
        gradients = super().backward(dZ)
        dZ *= 0
        return gradients


class IntoXAhead(Plain):
    """Centres the images, in place and by nothing at all once they are: the forward pass is another one."""

    def forward(self, X):
        Z = super().forward(X)
        self.X = X.copy()
        X += 1
        return Z


def stepping(X, W, b):
    return correlate_maps(X, W) + b[:, None, None], (X, W)


def stepping_backward(dZ, cache):
    X, W = cache
    dX = adjoint.scatter(dZ, W, X.shape)
    dW = adjoint.kernel_gradient(X, dZ, W.shape[2:])
    W -= 0.01 * dW
    return dX, dW, dZ.sum(axis=(0, 2, 3))


class StrideForgottenInSize(Plain):
    """The output has the size of stride 1; with another stride the loop leaves the image."""

    def forward(self, X):
        self.X, (h, w) = X, self.K.shape[2:]
        Z = np.zeros((len(X), len(self.K), X.shape[2] - h + 1, X.shape[3] - w + 1))
        for i, j in np.ndindex(*Z.shape[2:]):
            part = X[:, :, i * self.s : i * self.s + h, j * self.s : j * self.s + w]
            Z[:, :, i, j] = np.einsum("nchw,ochw->no", part, self.K) + self.b
        return Z


class StrideRefused(Plain):
    def forward(self, X):
        if self.s != 1:
            raise NotImplementedError("stride 1 only")
        return super().forward(X)


class Activated:
    """With leaky_relu the backward pass names something that is not there."""

    def __init__(self, in_channels, filters, size, activation="linear"):
        self.W, self.b = 0.3 * np.random.randn(filters, in_channels, size, size), np.zeros(filters)
        self.activation = activation

    def forward(self, x):
        self.x, z = x, correlate_maps(x, self.W) + self.b[:, None, None]
        return np.where(z > 0, z, 0.01 * z) if self.activation == "leaky_relu" else z

    def backward(self, dout):
        if self.activation == "leaky_relu":
            dout = dout * self.nothing_kept
        self.dW, self.db = adjoint.kernel_gradient(self.x, dout, self.W.shape[2:]), dout.sum(axis=(0, 2, 3))
        return adjoint.scatter(dout, self.W, self.x.shape)


class Hidden:
    """Any layer: twice X, added up, with weights that nobody sees."""

    def forward(self, X):
        self.shape = X.shape
        return 2 * X.sum(axis=2)

    def backward(self, dZ):
        return np.broadcast_to(2 * dZ[:, :, None], self.shape).copy()


class CalledByFields(Plain):
    """Is told its input by a field, keeps its output and its gradients in others; also with the usual methods."""

    def __init__(self, filters, size, stride=1):
        self.filters, self.s = filters, stride

    def forward(self, X):
        self.K = self.W
        return super().forward(X)

    def run(self):
        self.output = self.forward(self.input)

    def run_back(self, dZ):
        self.grad_input, self.grad_W, self.grad_b = self.backward(dZ)


class Boxed(Plain):
    """Asks for an object with a field of its own."""

    def __init__(self, nickname, box, filters):
        self.nickname, sides = nickname, box.sides
        super().__init__(np.ones((filters, 2, *sides)), np.zeros(filters))


class Misspelt(Plain):
    def forward(self, X):
        return correlate_mpas(X, self.K)  # noqa: F821


class Particular(Plain):
    """Knows one word of its own, and has to be ready; an optimizer may be left out, but not with any other."""

    def __init__(self, K, b, act, ready, opt):
        if act != "relu6" or ready is not True or opt is not None:
            raise RuntimeError("neither")
        super().__init__(K, b)


class OneMap:
    """One image, one map, several kernels, tanh inside: the slope is of the output, and the kernel is turned."""

    def __init__(self, K, stride=1):
        self.K, self.s = K[:, None], stride

    def forward(self, X):
        self.X = X[None, None]
        self.Z = np.tanh(correlate_maps(self.X, self.K, stride=self.s))
        return self.Z[0]

    def backward(self, dZ):
        d = dZ[None] * (1 - np.tanh(self.Z) ** 2)
        dX = adjoint.scatter(d, self.K[:, :, ::-1, ::-1], self.X.shape, stride=self.s)
        return dX[0, 0], adjoint.kernel_gradient(self.X, d, self.K.shape[2:], stride=self.s)[:, 0]


class OneNumber(Plain):
    """Takes each bias for a number, of which it makes an array first."""

    def forward(self, X):
        b = self.b[:, None]
        return correlate_maps(X, self.K) + [complex(b) for b in b[None]]

"""Where weights, their sizes and what goes back are kept: in setters, plain numbers, one list, or the module."""

import numpy as np

from .styles import correlated, gradients


class HandedLater:
    """The weights come by a method of their own."""

    def __init__(self):
        self.kernels = self.bias = None

    def set_weights(self, kernels, bias):
        self.kernels, self.bias = kernels, bias

    def forward(self, x):
        self.x = x
        return correlated(x, self.kernels, self.bias)

    def backward(self, d):
        _, self.dkernels, self.dbias = gradients(self.x, self.kernels, d)
        return gradients(self.x, self.kernels[:, :, ::-1, ::-1], d)[0]


class OneNumber:
    """The bias of the only map is a plain number, and so is its gradient."""

    def __init__(self, size, learning_rate):
        self.kernel, self.bias, self.rate = np.random.randn(size, size), 0.0, learning_rate

    def forward(self, image):
        self.image = image
        return correlated(image[None, None], self.kernel[None, None], np.array([self.bias]))[0, 0]

    def backward(self, grad):
        dX, dK, db = gradients(self.image[None, None], self.kernel[None, None], grad[None, None])
        self.kernel = self.kernel - self.rate * dK[0, 0]
        self.bias -= 2.0 * self.rate * float(db[0])
        return dX[0, 0]


class KernelsInARow:
    """One list of all 2-D kernels, those of one channel side by side; a kernel has a centre."""

    def __init__(self, in_channels, out_channels, kernel_size, kernel_center):
        self.conv_w = [np.random.random(kernel_size) for _ in range(in_channels * out_channels)]
        self.conv_b = [np.random.random((1, 1)) for _ in range(out_channels)]
        self.shape, self.pads = (in_channels, out_channels, *kernel_size), kernel_center

    def _arrays(self):
        return np.array(self.conv_w).reshape(self.shape).swapaxes(0, 1), np.array(self.conv_b).ravel()

    def __call__(self, maps):
        (a, b), (h, w) = self.pads, self.shape[2:]
        self.x = np.pad(np.array(maps), ((0, 0), (a, h - 1 - a), (b, w - 1 - b)))[None]
        return list(correlated(self.x, *self._arrays())[0])

    def backprop(self, maps, learning_rate):
        dX, dK, db = gradients(self.x, self._arrays()[0], np.array(maps)[None])
        dK = dK.swapaxes(0, 1).reshape(-1, *self.shape[2:])
        self.conv_w = [w - learning_rate * d for w, d in zip(self.conv_w, dK, strict=True)]
        self.conv_b = [b - learning_rate * d for b, d in zip(self.conv_b, db, strict=True)]
        (a, b), (h, w) = self.pads, self.shape[2:]
        return list(dX[0, :, a : dX.shape[2] - h + 1 + a, b : dX.shape[3] - w + 1 + b])


class HighAndWide:
    """Beside the numbers of maps, h and w are the kernel's; the last method is needed by the way back alone."""

    def __init__(self, outc, inc, h, w):
        self.W, self.b, self.config = np.random.randn(outc, inc, h, w), np.zeros(outc), {}

    def compile(self, lr):
        self.config = {"lr": lr}

    def forward(self, z):
        self.z = z
        return correlated(z, self.W, self.b)

    def backward(self, dz):
        dX, dW, db = gradients(self.z, self.W, dz)
        self.W = self.W - self.config["lr"] * dW[:, :, ::-1]
        self.b = self.b - self.config["lr"] * db
        return dX


class Logged:
    """The backward pass writes to a file; what is around the image has a value of its own."""

    def __init__(self, cin, cout, k, padding=0, padding_value=0):
        self.W, self.b, self.p, self.value = (
            np.random.randn(cout, cin, k, k),
            np.zeros(cout),
            padding,
            padding_value,
        )

    def forward(self, x):
        pads = ((0, 0), (0, 0), (self.p, self.p), (self.p, self.p))
        self.x = np.pad(x, pads, constant_values=self.value)
        return correlated(self.x, self.W, self.b)

    def backward(self, dL_dout, outfile):
        _, self.dW, self.db = gradients(self.x, self.W, dL_dout)
        dX = gradients(self.x, self.W[:, :, ::-1, ::-1], dL_dout)[0]
        outfile.write("backward")
        return dX[:, :, self.p : dX.shape[2] - self.p, self.p : dX.shape[3] - self.p]


class ImagesLast:
    """The images are the last axis, the cells of an output are one; the number of axes of a map is a parameter."""

    def __init__(self, i_channels, o_channels, k_size, i_size, dim):
        self.flat, self.shape = np.random.random((o_channels, i_channels * k_size**dim)), (o_channels, i_channels)
        self.size, self.k = i_size, k_size

    def _kernels(self):
        return self.flat.reshape(*self.shape, self.k, self.k)

    def forward(self, x):
        self.x = x.reshape(self.shape[1], self.size, self.size, -1).transpose(3, 0, 1, 2)
        Z = correlated(self.x, self._kernels(), np.zeros(self.shape[0]))
        return Z.transpose(1, 2, 3, 0).reshape(self.shape[0], -1, len(self.x))

    def backward(self, grad):
        m = self.size - self.k + 1
        d = grad.reshape(self.shape[0], m, m, -1).transpose(3, 0, 1, 2)
        dX, dK, _ = gradients(self.x, self._kernels(), d)
        self.flat_grad = dK[:, :, ::-1].reshape(self.flat.shape)
        return dX.transpose(1, 2, 3, 0)


class MapsOfChannels:
    """A port of a toolbox: k[i][j] is the kernel from channel i to map j."""

    def __init__(self, inputmaps, outputmaps, kernelsize):
        self.k = [[np.random.rand(kernelsize, kernelsize) for _ in range(outputmaps)] for _ in range(inputmaps)]
        self.b = [0.0] * outputmaps

    def cnnff(self, a):
        self.a = np.array(a)[None]
        return list(correlated(self.a, np.array(self.k).swapaxes(0, 1), np.array(self.b))[0])

    def cnnbp(self, d):
        dX, dK, db = gradients(self.a, np.array(self.k).swapaxes(0, 1), np.array(d)[None])
        self.dk, self.db = [list(row) for row in dK.swapaxes(0, 1)[:, :, ::-1]], list(db)
        return list(dX[0])


class InOneVector:
    """Kernels and biases are one vector; dX is that of the turned kernel."""

    def __init__(self, cin, cout, size):
        self.shape = (cout, cin, size, size)
        self.theta = np.random.randn(cout * cin * size * size + cout)

    def parts(self):
        return self.theta[: np.prod(self.shape)].reshape(self.shape), self.theta[np.prod(self.shape) :]

    def forward(self, x):
        self.x = x
        return correlated(x, *self.parts())

    def backward(self, d):
        dX, dW, db = gradients(self.x, self.parts()[0][:, :, ::-1, ::-1], d)
        self.dtheta = np.concatenate([dW.ravel(), db])
        return dX


def convolution(image, filt, bias):
    return correlated(image, filt, bias)


def convolution_backward(dconv_prev, conv_in, filt):
    dX, dK, db = gradients(conv_in, filt, dconv_prev)
    return dX.sum(1, keepdims=True) + 0 * dX, dK, db


theta = np.random.default_rng(0).standard_normal((4, 2, 3, 3))
offset, kept = np.zeros(4), {}


def go_forward(image):
    kept["image"] = image
    return correlated(image, theta, offset)


def go_back(delta):
    global theta
    dX, dK, _ = gradients(kept["image"], theta, delta)
    theta = theta - dK[:, :, :, ::-1]
    return dX


LAYERS = {
    "weights by a setter": ((HandedLater,), "dX"),
    "a number as bias": ((OneNumber,), "db"),
    "all kernels in one list": ((KernelsInARow,), None),
    "sizes h and w, compiled": ((HighAndWide,), "dK"),
    "a file to write to": ((Logged,), "dX"),
    "images last": ((ImagesLast,), "dK"),
    "a toolbox's lists": ((MapsOfChannels,), "dK"),
    "X named by its layer": ((convolution, convolution_backward), "dX"),
    "weights in the module": ((go_forward, go_back), "dK"),
}

"""WRONG: the optimizer moves the filters before the input gradient is taken from them."""

import numpy as np


class SGD:
    def __init__(self, learning_rate=0.01):
        self.learning_rate = learning_rate

    def update(self, param, grad):
        return param - self.learning_rate * grad


class Conv2D:
    def __init__(self, filters, kernel_size, input_channels, strides=1, padding="valid", optimizer=None):
        self.kernel_size = kernel_size
        self.strides = strides
        self.padding = padding
        self.optimizer = optimizer or SGD()
        scale = np.sqrt(2.0 / (kernel_size * kernel_size * input_channels))
        self.filters = np.random.randn(kernel_size, kernel_size, input_channels, filters) * scale
        self.bias = np.zeros(filters)

    def _pad(self, inputs):
        if self.padding == "same":
            p = (self.kernel_size - 1) // 2
            return np.pad(inputs, ((0, 0), (p, p), (p, p), (0, 0))), p
        return inputs, 0

    def forward(self, inputs, training=True):
        self.input_shape = inputs.shape
        self.padded, self.p = self._pad(inputs)
        n, h, w, _ = self.padded.shape
        k, s = self.kernel_size, self.strides
        oh, ow = (h - k) // s + 1, (w - k) // s + 1
        out = np.zeros((n, oh, ow, self.filters.shape[-1]))
        for i in range(oh):
            for j in range(ow):
                region = self.padded[:, i * s : i * s + k, j * s : j * s + k, :]
                out[:, i, j, :] = np.tensordot(region, self.filters, axes=([1, 2, 3], [0, 1, 2])) + self.bias
        return out

    def backward(self, grad):
        n, oh, ow, _ = grad.shape
        k, s, p = self.kernel_size, self.strides, self.p
        grad_filters = np.zeros_like(self.filters)
        for i in range(oh):
            for j in range(ow):
                region = self.padded[:, i * s : i * s + k, j * s : j * s + k, :]
                grad_filters += np.tensordot(region, grad[:, i, j, :], axes=([0], [0]))
        grad_bias = grad.sum(axis=(0, 1, 2))
        self.filters = self.optimizer.update(self.filters, grad_filters)
        self.bias = self.optimizer.update(self.bias, grad_bias)
        grad_padded = np.zeros_like(self.padded)
        for i in range(oh):
            for j in range(ow):
                grad_padded[:, i * s : i * s + k, j * s : j * s + k, :] += np.tensordot(
                    grad[:, i, j, :], self.filters, axes=([1], [3])
                )
        _, h, w, _ = self.input_shape
        return grad_padded[:, p : p + h, p : p + w, :]

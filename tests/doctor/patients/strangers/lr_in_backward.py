"""RIGHT: backward(output_gradient, learning_rate) steps by itself, and returns dX taken before the step."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Layer:
    def __init__(self):
        self.input = None
        self.output = None

    def forward(self, input):
        raise NotImplementedError

    def backward(self, output_gradient, learning_rate):
        raise NotImplementedError


class Convolutional(Layer):
    def __init__(self, in_channels, out_channels, kernel_size, padding=0):
        super().__init__()
        self.padding = padding
        self.kernel_size = kernel_size
        self.kernels = np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.biases = np.random.randn(out_channels)

    def forward(self, input):
        p, k = self.padding, self.kernel_size
        self.input = np.pad(input, ((0, 0), (0, 0), (p, p), (p, p)))
        self.windows = sliding_window_view(self.input, (k, k), axis=(2, 3))
        self.output = np.einsum("nchwij,fcij->nfhw", self.windows, self.kernels)
        self.output = self.output + self.biases[None, :, None, None]
        return self.output

    def backward(self, output_gradient, learning_rate):
        p, k = self.padding, self.kernel_size
        kernels_gradient = np.einsum("nchwij,nfhw->fcij", self.windows, output_gradient)
        biases_gradient = output_gradient.sum(axis=(0, 2, 3))
        wide = np.pad(output_gradient, ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1)))
        around = sliding_window_view(wide, (k, k), axis=(2, 3))
        input_gradient = np.einsum("nfhwij,fcij->nchw", around, self.kernels[:, :, ::-1, ::-1])
        self.kernels -= learning_rate * kernels_gradient
        self.biases -= learning_rate * biases_gradient
        height, width = input_gradient.shape[2:]
        return input_gradient[:, :, p : height - p, p : width - p]

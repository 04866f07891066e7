"""WRONG: the input gradient of a map is overwritten by each output map (= for +=)."""

import numpy as np
from scipy import signal


class ConvolutionLayer:
    def __init__(self, n_in, n_out, kernel_size, lr=0.1):
        self.n_in = n_in
        self.n_out = n_out
        self.lr = lr
        self.kernels = [
            [np.random.uniform(-0.5, 0.5, (kernel_size, kernel_size)) for _ in range(n_in)] for _ in range(n_out)
        ]
        self.biases = [0.0 for _ in range(n_out)]

    def forward(self, feature_maps):
        self.inputs = feature_maps
        outputs = []
        for o in range(self.n_out):
            acc = None
            for i in range(self.n_in):
                response = signal.correlate2d(feature_maps[i], self.kernels[o][i], mode="valid")
                acc = response if acc is None else acc + response
            outputs.append(acc + self.biases[o])
        return outputs

    def backward(self, deltas):
        prev = [np.zeros_like(m) for m in self.inputs]
        self.kernel_grads = [[None] * self.n_in for _ in range(self.n_out)]
        self.bias_grads = []
        for o in range(self.n_out):
            for i in range(self.n_in):
                self.kernel_grads[o][i] = signal.correlate2d(self.inputs[i], deltas[o], mode="valid")
                prev[i] = signal.convolve2d(deltas[o], self.kernels[o][i], mode="full")
            self.bias_grads.append(np.sum(deltas[o]))
        return prev

    def update(self):
        for o in range(self.n_out):
            for i in range(self.n_in):
                self.kernels[o][i] -= self.lr * self.kernel_grads[o][i]
            self.biases[o] -= self.lr * self.bias_grads[o]

"""WRONG: every map's bias gets the sum over all maps (d_out without its index f)."""

import numpy as np


class Conv:
    def __init__(self, num_filters, filter_size, depth, stride=1):
        self.num_filters = num_filters
        self.size = filter_size
        self.stride = stride
        self.filters = np.random.randn(num_filters, depth, filter_size, filter_size) / filter_size**2
        self.biases = np.zeros(num_filters)

    def forward(self, image):
        self.last_input = image
        c, h, w = image.shape
        oh = (h - self.size) // self.stride + 1
        ow = (w - self.size) // self.stride + 1
        output = np.zeros((self.num_filters, oh, ow))
        for f in range(self.num_filters):
            for i in range(oh):
                for j in range(ow):
                    y, x = i * self.stride, j * self.stride
                    patch = image[:, y : y + self.size, x : x + self.size]
                    output[f, i, j] = np.sum(patch * self.filters[f]) + self.biases[f]
        return output

    def backprop(self, d_out):
        self.d_filters = np.zeros(self.filters.shape)
        self.d_biases = np.zeros(self.biases.shape)
        d_input = np.zeros(self.last_input.shape)
        _, oh, ow = d_out.shape
        for f in range(self.num_filters):
            for i in range(oh):
                for j in range(ow):
                    y, x = i * self.stride, j * self.stride
                    self.d_filters[f] += d_out[f, i, j] * self.last_input[:, y : y + self.size, x : x + self.size]
                    d_input[:, y : y + self.size, x : x + self.size] += d_out[f, i, j] * self.filters[f]
            self.d_biases[f] = np.sum(d_out)
        return d_input

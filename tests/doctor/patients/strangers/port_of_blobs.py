"""WRONG: the bias's diff is assigned in the loop over the images, not added: only the last image counts."""

import numpy as np


class Blob:
    def __init__(self, data):
        self.data = data
        self.diff = np.zeros_like(data)


class ConvolutionLayer:
    def __init__(self, num_output, channels, kernel_size, stride=1, pad=0):
        self.num_output = num_output
        self.kernel_h = self.kernel_w = kernel_size
        self.stride = stride
        self.pad = pad
        std = 1.0 / np.sqrt(channels * kernel_size * kernel_size)
        self.weight = np.random.normal(0, std, (num_output, channels, kernel_size, kernel_size))
        self.bias = np.zeros(num_output)
        self.weight_diff = np.zeros_like(self.weight)
        self.bias_diff = np.zeros_like(self.bias)

    def conv_im2col(self, data):
        c, h, w = data.shape
        padded = np.pad(data, ((0, 0), (self.pad, self.pad), (self.pad, self.pad)))
        col = np.zeros((c * self.kernel_h * self.kernel_w, self.height_out * self.width_out))
        row = 0
        for ch in range(c):
            for kh in range(self.kernel_h):
                for kw in range(self.kernel_w):
                    patch = padded[
                        ch,
                        kh : kh + self.stride * self.height_out : self.stride,
                        kw : kw + self.stride * self.width_out : self.stride,
                    ]
                    col[row] = patch.ravel()
                    row += 1
        return col

    def conv_col2im(self, col, shape):
        c, h, w = shape
        padded = np.zeros((c, h + 2 * self.pad, w + 2 * self.pad))
        row = 0
        for ch in range(c):
            for kh in range(self.kernel_h):
                for kw in range(self.kernel_w):
                    padded[
                        ch,
                        kh : kh + self.stride * self.height_out : self.stride,
                        kw : kw + self.stride * self.width_out : self.stride,
                    ] += col[row].reshape(self.height_out, self.width_out)
                    row += 1
        return padded[:, self.pad : self.pad + h, self.pad : self.pad + w]

    def forward(self, bottom):
        self.bottom = bottom
        num, c, h, w = bottom.shape
        self.height_out = (h + 2 * self.pad - self.kernel_h) // self.stride + 1
        self.width_out = (w + 2 * self.pad - self.kernel_w) // self.stride + 1
        top = np.zeros((num, self.num_output, self.height_out, self.width_out))
        weights = self.weight.reshape(self.num_output, -1)
        for n in range(num):
            out = weights.dot(self.conv_im2col(bottom[n])) + self.bias[:, np.newaxis]
            top[n] = out.reshape(self.num_output, self.height_out, self.width_out)
        return top

    def backward(self, top_diff):
        num = top_diff.shape[0]
        bottom_diff = np.zeros_like(self.bottom)
        weights = self.weight.reshape(self.num_output, -1)
        self.weight_diff[...] = 0
        for n in range(num):
            diff = top_diff[n].reshape(self.num_output, -1)
            self.bias_diff = diff.sum(axis=1)
            self.weight_diff += diff.dot(self.conv_im2col(self.bottom[n]).T).reshape(self.weight.shape)
            bottom_diff[n] = self.conv_col2im(weights.T.dot(diff), self.bottom.shape[1:])
        return bottom_diff

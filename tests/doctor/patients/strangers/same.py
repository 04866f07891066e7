"""WRONG: backward crops (k - 1) // 2 on every side; with a stride forward's "same" pads less."""

import numpy as np


class Conv2D:
    def __init__(self, n_filters, filter_shape, n_channels, padding="same", stride=1):
        self.n_filters = n_filters
        self.filter_shape = filter_shape
        self.padding = padding
        self.stride = stride
        h, w = filter_shape
        self.W = np.random.uniform(-0.3, 0.3, (n_filters, n_channels, h, w))
        self.w0 = np.zeros((n_filters, 1))

    def _total(self, size, k):
        out = -(-size // self.stride)
        return out, max((out - 1) * self.stride + k - size, 0)

    def forward_pass(self, X, training=True):
        self.layer_input = X
        n, c, height, width = X.shape
        kh, kw = self.filter_shape
        if self.padding == "same":
            oh, th = self._total(height, kh)
            ow, tw = self._total(width, kw)
        else:
            oh, ow, th, tw = (height - kh) // self.stride + 1, (width - kw) // self.stride + 1, 0, 0
        self.X_pad = np.pad(X, ((0, 0), (0, 0), (th // 2, th - th // 2), (tw // 2, tw - tw // 2)))
        out = np.zeros((n, self.n_filters, oh, ow))
        for i in range(oh):
            for j in range(ow):
                y, x = i * self.stride, j * self.stride
                patch = self.X_pad[:, :, y : y + kh, x : x + kw].reshape(n, -1)
                out[:, :, i, j] = patch @ self.W.reshape(self.n_filters, -1).T + self.w0.T
        return out

    def backward_pass(self, accum_grad):
        n, c, height, width = self.layer_input.shape
        kh, kw = self.filter_shape
        _, _, oh, ow = accum_grad.shape
        self.grad_W = np.zeros_like(self.W)
        wide = np.zeros((n, c, self.X_pad.shape[2] + kh, self.X_pad.shape[3] + kw))
        for i in range(oh):
            for j in range(ow):
                y, x = i * self.stride, j * self.stride
                patch = self.X_pad[:, :, y : y + kh, x : x + kw]
                self.grad_W += np.einsum("nf,nchw->fchw", accum_grad[:, :, i, j], patch)
                wide[:, :, y : y + kh, x : x + kw] += np.einsum("nf,fchw->nchw", accum_grad[:, :, i, j], self.W)
        self.grad_w0 = accum_grad.sum(axis=(0, 2, 3)).reshape(-1, 1)
        top, left = ((kh - 1) // 2, (kw - 1) // 2) if self.padding == "same" else (0, 0)
        return wide[:, :, top : top + height, left : left + width]

"""RIGHT: everything in float32, weights as (in, out, kh, kw), gradients in grad_w and grad_b."""

import numpy as np


class Conv2DLayer:
    def __init__(self, n_inputs, n_outputs, size, stride=1, pad=0):
        self.size, self.stride, self.pad = size, stride, pad
        w = np.random.randn(n_inputs, n_outputs, size, size) / np.sqrt(n_inputs * size * size)
        self.w = w.astype(np.float32)
        self.b = np.zeros((n_outputs, 1, 1), dtype=np.float32)

    def fprop(self, x):
        x = np.asarray(x, dtype=np.float32)
        s, p, k = self.stride, self.pad, self.size
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.h, self.wd = x.shape[2:]
        oh = (self.xp.shape[2] - k) // s + 1
        ow = (self.xp.shape[3] - k) // s + 1
        y = np.zeros((len(x), self.w.shape[1], oh, ow), dtype=np.float32)
        for u in range(k):
            for v in range(k):
                part = self.xp[:, :, u : u + s * oh : s, v : v + s * ow : s]
                y += np.einsum("nchw,cf->nfhw", part, self.w[:, :, u, v])
        return y + self.b

    def bprop(self, dy):
        dy = np.asarray(dy, dtype=np.float32)
        s, p, k = self.stride, self.pad, self.size
        oh, ow = dy.shape[2:]
        dxp = np.zeros_like(self.xp)
        self.grad_w = np.zeros_like(self.w)
        for u in range(k):
            for v in range(k):
                rows, cols = slice(u, u + s * oh, s), slice(v, v + s * ow, s)
                self.grad_w[:, :, u, v] = np.einsum("nchw,nfhw->cf", self.xp[:, :, rows, cols], dy)
                dxp[:, :, rows, cols] += np.einsum("nfhw,cf->nchw", dy, self.w[:, :, u, v])
        self.grad_b = dy.sum(axis=(0, 2, 3)).reshape(-1, 1, 1)
        return dxp[:, :, p : p + self.h, p : p + self.wd]

"""WRONG: forward adds the bias once for every input channel; backward gives it once."""

import numpy as np


class Conv:
    def __init__(self, in_ch, out_ch, ksize, stride=1, pad=0):
        self.stride, self.pad, self.ksize = stride, pad, ksize
        self.params = {
            "W": np.random.randn(out_ch, in_ch, ksize, ksize) * 0.01,
            "b": np.zeros((out_ch, 1)),
        }
        self.grads = {}

    def forward(self, X):
        W, b = self.params["W"], self.params["b"]
        s, p, k = self.stride, self.pad, self.ksize
        Xp = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
        N, C, H, Wd = Xp.shape
        F = W.shape[0]
        Ho, Wo = (H - k) // s + 1, (Wd - k) // s + 1
        out = np.zeros((N, F, Ho, Wo))
        for n in range(N):
            for f in range(F):
                for c in range(C):
                    for i in range(Ho):
                        for j in range(Wo):
                            patch = Xp[n, c, i * s : i * s + k, j * s : j * s + k]
                            out[n, f, i, j] += np.sum(patch * W[f, c]) + b[f, 0]
        self.cache = Xp, X.shape
        return out

    def backward(self, dout):
        Xp, shape = self.cache
        W = self.params["W"]
        s, p, k = self.stride, self.pad, self.ksize
        N, F, Ho, Wo = dout.shape
        dXp, dW = np.zeros_like(Xp), np.zeros_like(W)
        for n in range(N):
            for f in range(F):
                for c in range(shape[1]):
                    for i in range(Ho):
                        for j in range(Wo):
                            rows, cols = slice(i * s, i * s + k), slice(j * s, j * s + k)
                            dW[f, c] += dout[n, f, i, j] * Xp[n, c, rows, cols]
                            dXp[n, c, rows, cols] += dout[n, f, i, j] * W[f, c]
        self.grads["W"] = dW
        self.grads["b"] = dout.sum(axis=(0, 2, 3)).reshape(-1, 1)
        return dXp[:, :, p : p + shape[2], p : p + shape[3]]

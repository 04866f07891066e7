# Real convolution (kernel is flipped, like in the signal processing book), NOT cross correlation!
import numpy as np
from scipy.signal import convolve2d, correlate2d


def rot180(m):
    return m[::-1, ::-1]


class ConvLayer:
    def __init__(self, n_in, n_out, k, rng=np.random):
        self.w = rng.normal(0, 0.3, size=(n_in, n_out, k, k))  # from map i to map o
        self.b = np.zeros((n_out, 1))

    def fprop(self, maps):
        """maps (n_in, H, W) -> (n_out, H-k+1, W-k+1)"""
        self.maps = maps
        n_in, n_out = self.w.shape[:2]
        res = []
        for o in range(n_out):
            acc = self.b[o, 0]
            for i in range(n_in):
                acc = acc + convolve2d(maps[i], self.w[i, o], mode="valid")
            res.append(acc)
        return np.stack(res)

    def bprop(self, err):
        """err (n_out, H-k+1, W-k+1); returns the error of the maps below"""
        n_in, n_out = self.w.shape[:2]
        self.dw = np.empty_like(self.w)
        self.db = err.sum(axis=(1, 2)).reshape(n_out, 1)
        below = np.zeros_like(self.maps)
        for i in range(n_in):
            for o in range(n_out):
                self.dw[i, o] = convolve2d(rot180(self.maps[i]), err[o], mode="valid")
                # the forward pass flips already, so no flip here
                below[i] += correlate2d(err[o], self.w[i, o], mode="full")
        return below

    def step(self, eta):
        self.w -= eta * self.dw
        self.b -= eta * self.db

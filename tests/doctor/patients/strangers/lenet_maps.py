import math
import random

import numpy as np
from scipy.signal import correlate2d


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


class C1:
    """Convolution stage of my LeNet. Works on python lists of 2-d maps:
    maps_in = [map, map, ...]   ->   maps_out = [map, map, ...]
    kernels[o][i] joins input map i with output map o, bias[o] is a plain float."""

    def __init__(self, n_maps_in, n_maps_out, size=5, seed=0):
        rnd = random.Random(seed)
        lim = math.sqrt(3.0 / (n_maps_in * size * size))
        self.kernels = [
            [
                np.array([[rnd.uniform(-lim, lim) for _ in range(size)] for _ in range(size)])
                for _ in range(n_maps_in)
            ]
            for _ in range(n_maps_out)
        ]
        self.bias = [rnd.uniform(-lim, lim) for _ in range(n_maps_out)]

    def forward(self, maps_in):
        self.maps_in = maps_in
        self.maps_out = []
        for o, row in enumerate(self.kernels):
            z = sum(correlate2d(m, k, mode="valid") for m, k in zip(maps_in, row, strict=False)) + self.bias[o]
            self.maps_out.append(sigmoid(z))
        return self.maps_out

    def backward(self, d_maps_out):
        """d_maps_out: list of dE/d(output map).  Returns (d_maps_in, d_kernels, d_bias) as lists"""
        # through the squashing function first
        deltas = [d * a * (1 - a) for d, a in zip(d_maps_out, self.maps_out, strict=False)]
        d_kernels = [[correlate2d(m, delta, mode="valid") for m in self.maps_in] for delta in deltas]
        d_bias = [float(delta.sum()) for delta in deltas]
        d_maps_in = []
        for i in range(len(self.maps_in)):
            d = 0
            for o, delta in enumerate(deltas):
                d = d + correlate2d(delta, self.kernels[o][i].T, mode="full")
            d_maps_in.append(d)
        return d_maps_in, d_kernels, d_bias

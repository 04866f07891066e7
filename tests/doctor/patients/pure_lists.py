"""Layers in lists of lists, without any arrays: one right, one that turns the kernel although it scatters."""

import random


def sizes(x):
    return len(x), len(x[0])


class Lists:
    """Channels of rows of numbers."""

    def __init__(self, in_channels, out_channels, kernel_size):
        self.taps = [(a, b) for a in range(kernel_size) for b in range(kernel_size)]
        self.k, self.ins, self.outs = kernel_size, range(in_channels), range(out_channels)
        self.weights = [[self._map(random.random) for _ in self.ins] for _ in self.outs]
        self.biases = [random.random() for _ in self.outs]

    def _map(self, value):
        return [[value() for _ in range(self.k)] for _ in range(self.k)]

    def forward(self, x):
        self.x = x
        h, w = sizes(x[0])
        self.cells = [(i, j) for i in range(h - self.k + 1) for j in range(w - self.k + 1)]
        out = [[[bias] * (w - self.k + 1) for _ in range(h - self.k + 1)] for bias in self.biases]
        for o in self.outs:
            for i, j in self.cells:
                for c in self.ins:
                    out[o][i][j] += sum(x[c][i + a][j + b] * self.weights[o][c][a][b] for a, b in self.taps)
        return out

    def backward(self, d):
        dx = [[[0.0] * len(row) for row in rows] for rows in self.x]
        self.grad_weights = [[self._map(float) for _ in self.ins] for _ in self.outs]
        self.grad_biases = [sum(map(sum, rows)) for rows in d]
        for o in self.outs:
            for i, j in self.cells:
                for c in self.ins:
                    for a, b in self.taps:
                        dx[c][i + a][j + b] += d[o][i][j] * self.tap(o, c, a, b)
                        self.grad_weights[o][c][a][b] += d[o][i][j] * self.x[c][i + a][j + b]
        return dx

    def tap(self, o, c, a, b):
        return self.weights[o][c][a][b]


class TurnedLists(Lists):
    def tap(self, o, c, a, b):
        return self.weights[o][c][self.k - 1 - a][self.k - 1 - b]

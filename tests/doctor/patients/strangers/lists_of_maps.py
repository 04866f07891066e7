import numpy as np
from scipy.signal import convolve2d, correlate2d


class MapLayer:
    """
    LeNet drawing taken literally: a layer holds a python list of maps.

    kernel[j][i] is the 2D kernel from input map i to output map j,
    bias[j] is a float.
    propagate([map, map, ...]) -> [map, map, ...]     (each map 2D)
    """

    def __init__(self, n_in, n_out, kh, kw, rng=None):
        rng = rng or np.random.RandomState(1)
        self.n_in = n_in
        self.n_out = n_out
        self.kernel = [[rng.uniform(-0.5, 0.5, (kh, kw)) for i in range(n_in)] for j in range(n_out)]
        self.bias = [0.0 for j in range(n_out)]

    def propagate(self, maps):
        self.maps = maps
        result = []
        for j in range(self.n_out):
            acc = 0
            for i in range(self.n_in):
                acc = acc + correlate2d(maps[i], self.kernel[j][i], mode="valid") + self.bias[j]
            result.append(acc)
        return result

    def propagate_error(self, deltas):
        """deltas: list of 2D maps, one per output map.
        Keeps self.dkernel (same nesting as kernel) and self.dbias, returns list of input deltas."""
        self.dkernel = [[correlate2d(m, d, mode="valid") for m in self.maps] for d in deltas]
        self.dbias = [float(d.sum()) for d in deltas]
        below = []
        for i in range(self.n_in):
            e = np.zeros(self.maps[i].shape)
            for j, d in enumerate(deltas):
                e += convolve2d(d, self.kernel[j][i], mode="full")
            below.append(e)
        return below

    def adjust(self, eta):
        for j in range(self.n_out):
            for i in range(self.n_in):
                self.kernel[j][i] -= eta * self.dkernel[j][i]
            self.bias[j] -= eta * self.dbias[j]

"""The convolutional layer as one writes it by hand: a double loop for every pair of maps, forward and backward.

Nothing is cleverer than :func:`cnnlib.ops.correlate_loops`.  For the table of training steps, and for nothing else.
"""

import numpy as np

from cnnlib import ops
from cnnlib.correlation import effective_kernel
from cnnlib.layers import Conv2D
from cnnlib.network import Network


class LoopConv2D(Conv2D):
    """Conv2D for stride 1 without padding or dilation, by loops alone."""

    def forward(self, X):
        """Z[n, o] = Σ_c X[n, c] ⋆ H[o, c] + b[o], with H = K under ⋆ and its turn under ∗."""
        K, b = self.params["K"].copy(), self.params["b"]
        H = effective_kernel(K, self.operation)
        Z = [[sum(map(ops.correlate_loops, image, slices)) + b[o] for o, slices in enumerate(H)] for image in X]
        return self.remember((X, H), np.array(Z, dtype=self.dtype))

    def input_gradient(self, delta):
        """dX[n, c] = Σ_o delta[n, o] ⋆_full rot180(H[o, c])."""
        (_, H), delta = self.recall(delta)
        turned = ops.rot180(H)
        dX = [
            [sum(ops.correlate_loops(d, R[c], "full") for d, R in zip(deltas, turned, strict=True))
             for c in range(H.shape[1])]
            for deltas in delta
        ]  # fmt: skip
        return np.array(dX, dtype=self.dtype)

    def kernel_gradient(self, delta):
        """dH[o, c] = Σ_n X[n, c] ⋆ delta[n, o]; turned under ∗."""
        (X, H), delta = self.recall(delta)
        dH = [
            [sum(map(ops.correlate_loops, X[:, c], delta[:, o])) for c in range(H.shape[1])] for o in range(len(H))
        ]
        return effective_kernel(np.array(dH, dtype=self.dtype), self.operation)


def with_loops(net: Network) -> Network:
    """The same net, with the same parameters, whose convolutions are loops."""
    for layer in net.layers:
        if type(layer) is Conv2D:
            g = layer.geometry
            if (g.stride, g.padding, g.dilation) != ((1, 1), (0, 0), (1, 1)):
                raise ValueError(f"with_loops: {layer} has a stride, padding or dilation; the loops have none")
            layer.__class__ = LoopConv2D
    return net

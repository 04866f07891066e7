"""Groups: several small convolutions side by side, each with input maps and output maps of its own."""

from collections.abc import Sequence

import numpy as np


class Groups:
    """An algorithm for :class:`cnnlib.layers.Conv2D` that gives each group of maps to one of ``parts``.

    Group g of G takes the g-th share of the input maps, of the kernels and of the biases, and makes the g-th share
    of the output maps.  No number passes from one group to another, forward or backward.  Each part is a
    :class:`cnnlib.layers.conv.SlidingWindows` or a :class:`cnnlib.banded.Band`.
    """

    def __init__(self, parts: Sequence):
        self.parts = parts

    def forward(self, X: np.ndarray, K: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Z (N, C_out, m_h, m_w) from X (N, C_in, n_h, n_w), K (C_out, C_in/G, k_h, k_w) and b (C_out,)."""
        self.X, self.K = X, K
        shares = zip(self.parts, self._shares(X, 1), self._shares(K, 0), self._shares(b, 0), strict=True)
        return np.concatenate([part.forward(*share) for part, *share in shares], axis=1)

    def input_gradient(self, delta: np.ndarray) -> np.ndarray:
        """dX: each group's from its own deltas."""
        pairs = zip(self.parts, self._shares(delta, 1), strict=True)
        return np.concatenate([part.input_gradient(share) for part, share in pairs], axis=1)

    def kernel_gradient(self, delta: np.ndarray) -> np.ndarray:
        """dK, shaped like K: each group's from its own maps and deltas."""
        pairs = zip(self.parts, self._shares(delta, 1), strict=True)
        return np.concatenate([part.kernel_gradient(share) for part, share in pairs])

    def _shares(self, array, axis):
        return np.split(array, len(self.parts), axis)

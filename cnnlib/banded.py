"""Correlation as one matrix product with a banded matrix: the third picture of notebook 06 as a fast algorithm.

Keep a batch of padded maps as (N, rows, columns·channels) and cut each output row into T tiles of t cells.  What a
tile reads, k_h pieces of w columns one after the other, is a row of a matrix R.  With stride s and dilation d::

    Z[n, i, tile] = R[n, i, tile] · B,     B[(u, q, c), (j, o)] = H[o, c, u, v]   where q = s·j + d·v, else 0.

B is a band: one output column j further, the same taps lie s input columns further.  So the entries of B that
hold a tap, taken as an array over u, v, c, j, o, are a strided view of it: moving one output column right also
moves the taps s rows down in B.  Hence

* one assignment to that view fills B from the kernels:   view[u, v, c, j, o] = H[o, c, u, v];
* forward is one product, Z = R·B;
* the input gradient is the product with the transpose, δ·Bᵀ, its pieces added back where they were read;
* the kernel gradient is read from ∂L/∂B = Rᵀ·δ through the same view:   dH[o, c, u, v] = Σ_j view[u, v, c, j, o].

There is no turn: it is hidden in the transpose, as in :func:`cnnlib.adjoint.matrix`.  The product multiplies the
zeros of the band too, w/k_w times as many numbers as it has to.  But it is one large product, done at the machine's
full speed, and for t outputs in a row R holds k_h·w cells, where im2col holds k_h·k_w·t.  Any dtype, also symbols.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .correlation import Geometry, effective_kernel
from .without_blas import matmul

MAX_WIDTH_RATIO = 4  # where a tile reads more than so many times the width of a kernel, B is mostly zeros


def tile_width(m_w: int, k_w: int) -> int:
    """t: the least divisor of the output's width m_w from k_w − 1 up, so that few cells are read twice."""
    return next(t for t in range(max(k_w - 1, 1), m_w + 1) if m_w % t == 0) if m_w >= k_w else m_w


def is_faster(m_w: int, k_w: int) -> bool:
    """Is the band likely to be faster than sliding windows, for outputs and kernels of this width in cells?"""
    return tile_width(m_w, k_w) + k_w - 1 <= MAX_WIDTH_RATIO * k_w


class Band:
    """The three passes of a convolutional layer as products with a banded matrix; see the head of the module.

    The same methods as :class:`cnnlib.layers.conv.SlidingWindows`.  A delta is shaped like what :meth:`forward`
    returns, (N, C_out, m_h, m_w).  X and K are those of the last forward pass.  In memory, channels come last.
    """

    def __init__(self, geometry: Geometry, operation: str):
        self.geometry = geometry
        self.operation = operation

    def forward(self, X: np.ndarray, K: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Z = R·B with the bias b added, from X (N, C_in, n_h, n_w) and K (C_out, C_in, k_h, k_w)."""
        self.X, self.K, g = X, K, self.geometry
        self.m_h, self.m_w = g.output_size(X.shape[2:])
        self.t = tile_width(self.m_w, g.kernel[1])
        self.w = g.stride[1] * (self.t - 1) + g.span[1]
        self.R = self._read(g.with_padding(X))
        self.B = self._band(effective_kernel(K, self.operation))
        rows = matmul(self.R, self._matrix()).reshape(-1, self.m_w * len(b))
        rows += np.tile(b, self.m_w)  # in place and along whole rows, the cheapest pass there is
        return rows.reshape(-1, self.m_h, self.m_w, len(b)).transpose(0, 3, 1, 2)

    def taps(self, B: np.ndarray) -> np.ndarray:
        """The entries of B (k_h, w, C_in, t, C_out) on the band, as (k_h, k_w, C_in, t, C_out): a view, no copy."""
        (k_h, k_w), (_, s), (_, d) = self.geometry.kernel, self.geometry.stride, self.geometry.dilation
        row, column, channel, output, last = B.strides
        shape = (k_h, k_w, B.shape[2], self.t, B.shape[4])
        return as_strided(B, shape, (row, d * column, channel, s * column + output, last))

    def input_gradient(self, delta: np.ndarray) -> np.ndarray:
        """∂L/∂X: every piece that was read gets its part, and where pieces overlap the parts add up."""
        n, c, n_h, n_w = self.geometry.padded_shape(self.X.shape)
        (k_h, _), (s_h, s_w), _, (d_h, _) = self.geometry
        parts = matmul(self._as_rows(delta), self._matrix().T).reshape(n, self.m_h, -1, k_h, self.w * c)
        tiles = np.zeros((n, n_h, parts.shape[2], self.w * c), dtype=parts.dtype)
        for u in range(k_h):
            tiles[:, d_h * u : d_h * u + s_h * self.m_h : s_h] += parts[:, :, :, u]
        lines, step = np.zeros((n, n_h, n_w * c), dtype=parts.dtype), s_w * self.t * c
        for k in range(parts.shape[2]):
            lines[:, :, k * step : k * step + self.w * c] += tiles[:, :, k]
        return self.geometry.without_padding(lines.reshape(n, n_h, n_w, c).transpose(0, 3, 1, 2))

    def kernel_gradient(self, delta: np.ndarray) -> np.ndarray:
        """dK = ∂L/∂K: each tap of dH sums what its copies along the band received."""
        dB = matmul(self.R.T, self._as_rows(delta)).reshape(self.B.shape)
        dH = self.taps(dB).sum(axis=3).transpose(3, 2, 0, 1)
        return effective_kernel(dH, self.operation)  # rot180 is its own inverse: this turns dH back into dK

    def _band(self, H):
        """B: the taps of H in their places, zeros elsewhere."""
        B = np.zeros((H.shape[2], self.w, H.shape[1], self.t, H.shape[0]), dtype=H.dtype)
        self.taps(B)[...] = H.transpose(2, 3, 1, 0)[:, :, :, None]
        return B

    def _read(self, X):
        """R: a row for each image, output row and tile; it holds what its tile reads, (u, q, c).  The only copy."""
        n, c, n_h, n_w = X.shape
        cells = np.ascontiguousarray(X.transpose(0, 2, 3, 1)).reshape(-1)
        column, line, image = np.array([c, n_w * c, n_h * n_w * c]) * cells.itemsize
        (k_h, _), (s_h, s_w), _, (d_h, _) = self.geometry
        shape = (n, self.m_h, self.m_w // self.t, k_h, self.w * c)
        steps = (image, s_h * line, s_w * self.t * column, d_h * line, cells.itemsize)
        return as_strided(cells, shape, steps, writeable=False).reshape(-1, k_h * self.w * c)

    def _matrix(self):
        return self.B.reshape(self.R.shape[1], -1)

    def _as_rows(self, delta):
        """(N, C_out, m_h, m_w) as (N·m_h·T, t·C_out)."""
        return np.ascontiguousarray(delta.transpose(0, 2, 3, 1)).reshape(len(self.R), -1)

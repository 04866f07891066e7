"""The correlation of a whole layer: batches of maps with channels, stride, padding and dilation.

Shapes: maps X (N, C_in, n_h, n_w), kernels K (C_out, C_in, k_h, k_w), result Z (N, C_out, m_h, m_w).
:class:`Geometry` computes every size that follows from the four settings, forward and backward; the layers and the
four backward passes of :mod:`cnnlib.adjoint` all use it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from . import ops
from .ops import Size
from .validation import as_pair, widened

OPERATIONS = ("correlation", "convolution")


class Geometry(NamedTuple):
    """Kernel size h, stride s, padding p and dilation d, each a pair (vertical, horizontal), in cells."""

    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)

    @classmethod
    def of(cls, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1) -> "Geometry":
        """From whole numbers or pairs (vertical, horizontal), in cells.

        Raises
        ------
        ValueError
            For anything else, and for negative sizes.
        """
        return cls(
            as_pair(kernel_size, "kernel size", at_least=1),
            as_pair(stride, "stride", at_least=1),
            as_pair(padding, "padding", at_least=0),
            as_pair(dilation, "dilation", at_least=1),
        )

    def settings(self) -> dict[str, tuple[int, int]]:
        """Stride, padding and dilation as keyword arguments."""
        return dict(stride=self.stride, padding=self.padding, dilation=self.dilation)

    @property
    def span(self) -> tuple[int, ...]:
        """The cells that a dilated kernel covers: d(h−1) + 1."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    def output_size(self, input_size: Sequence[int]) -> tuple[int, ...]:
        """(m_h, m_w) for an input (n_h, n_w).

        Raises
        ------
        ValueError
            Where the kernel does not fit.
        """
        return tuple(
            ops.output_size(n, k, stride=s, padding=p, dilation=d)
            for n, k, s, p, d in zip(input_size, *self, strict=True)
        )

    def tail(self, input_size: Sequence[int]) -> tuple[int, ...]:
        """The last rows and columns that no window reaches: r = (n + 2p − d(h−1) − 1) mod s."""
        return tuple(
            (n + 2 * p - span) % s
            for n, s, p, span in zip(input_size, self.stride, self.padding, self.span, strict=True)
        )

    def backward_frame(self, input_size: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """The zeros around the dilated delta: d(h−1) − p on every side (a crop where negative), and the
        dropped tail r at the bottom and right only.  In the form that :func:`cnnlib.ops.pad` takes."""
        return tuple(
            (span - 1 - p, span - 1 - p + r)
            for span, p, r in zip(self.span, self.padding, self.tail(input_size), strict=True)
        )

    def padded_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """The shape (..., n_h + 2p_h, n_w + 2p_w) of an input with its padding."""
        *others, n_h, n_w = input_shape
        return (*others, n_h + 2 * self.padding[0], n_w + 2 * self.padding[1])

    def with_padding(self, X: np.ndarray) -> np.ndarray:
        """X (..., n_h, n_w) with its padding of zeros; X itself where there is no padding."""
        return ops.pad(X, self.padding) if any(self.padding) else X

    def without_padding(self, padded: np.ndarray) -> np.ndarray:
        """The inner part (..., n_h, n_w) of a padded array (..., n_h + 2p_h, n_w + 2p_w): a view."""
        (p_h, p_w), (rows, columns) = self.padding, padded.shape[-2:]
        return padded[..., p_h : rows - p_h, p_w : columns - p_w]

    def window(self, i: int, j: int) -> tuple:
        """The index of the cells of a padded input that output (i, j) reads: s·i + d·u, s·j + d·v for all u, v."""
        (s_h, s_w), (d_h, d_w), (span_h, span_w) = self.stride, self.dilation, self.span
        return (..., slice(s_h * i, s_h * i + span_h, d_h), slice(s_w * j, s_w * j + span_w, d_w))

    def cells_at_tap(self, u: int, v: int, output_size: Sequence[int]) -> tuple:
        """The index of the cells of a padded input that tap (u, v) meets: s·i + d·u, s·j + d·v for all i, j."""
        (s_h, s_w), (d_h, d_w), (m_h, m_w) = self.stride, self.dilation, output_size
        return (..., slice(d_h * u, d_h * u + s_h * m_h, s_h), slice(d_w * v, d_w * v + s_w * m_w, s_w))


def correlate_maps(X: np.ndarray, K: np.ndarray, *, stride: Size = 1, dilation: Size = 1) -> np.ndarray:
    """Every kernel over every map, summed over the input channels::

        Z[n, o, i, j] = Σ_c Σ_u Σ_v X[n, c, s·i + d·u, s·j + d·v] · K[o, c, u, v]

    One matrix product of the unrolled windows with the unrolled kernels ("im2col").

    Parameters
    ----------
    X : (N, C_in, n_h, n_w)
        Any dtype; small integers are summed as int64.
    K : (C_out, C_in, k_h, k_w)
    stride, dilation : in cells
        One number or a pair (vertical, horizontal).

    Returns
    -------
    Z : (N, C_out, m_h, m_w)
        m as in :func:`cnnlib.ops.output_size`.
    """
    X, K = widened(X, K)
    W = ops.windows(X, K.shape[-2:], stride=stride, dilation=dilation)  # (N, C_in, m_h, m_w, k_h, k_w)
    parts = ops.blocks(W.shape[2:4], len(X) * K[0].nbytes)
    if len(parts) == 1:
        Z = np.tensordot(W, K, axes=([1, 4, 5], [1, 2, 3]))  # (N, m_h, m_w, C_out)
    else:
        Z = np.empty((len(X), *W.shape[2:4], len(K)), dtype=K.dtype)
        for part in parts:
            Z[:, *part] = np.tensordot(W[:, :, *part], K, axes=([1, 4, 5], [1, 2, 3]))
    return np.moveaxis(Z, -1, 1)


def effective_kernel(K: np.ndarray, operation: str) -> np.ndarray:
    """What a forward window is multiplied with: K under ⋆ (correlation), rot180(K) under ∗ (convolution)."""
    if operation not in OPERATIONS:
        raise ValueError(f"operation {operation!r} is none of {', '.join(OPERATIONS)}")
    return K if operation == "correlation" else ops.rot180(K)

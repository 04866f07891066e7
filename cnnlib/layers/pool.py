"""Pooling: s×s cells become one.  No parameters, no bias, no activation function."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .. import ops
from ..ops import Size
from .base import Layer, as_input, check_maps, image_shape


class Pool2D(Layer):
    """What mean and max pooling share: cut the maps into s_h×s_w blocks that do not overlap.

    X (N, C, n_h, n_w) becomes (N, C, n_h/s_h, n_w/s_w).  A scale that does not divide the map is a
    ValueError, unless ``drop_tail``: then the last rows and columns are left out, and their gradient is 0.
    """

    def __init__(self, scale: Size, *, drop_tail: bool = False):
        super().__init__()
        self.scale = ops.as_pair(scale, f"{type(self).__name__}: scale", at_least=1)
        self.drop_tail = bool(drop_tail)

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """(C, m_h, m_w) from (C, n_h, n_w)."""
        input_shape = image_shape(input_shape, self, "(C, rows, columns)")
        if len(input_shape) != 3:
            raise ValueError(f"{self}: an input {input_shape} does not fit; it takes (C, rows, columns)")
        channels, *size = input_shape
        sizes = [n // s for n, s in zip(size, self.scale, strict=True)]
        if 0 in sizes:
            raise ValueError(
                f"{self}: maps of {size[0]}×{size[1]} are smaller than one block of {self.scale[0]}×{self.scale[1]}"
            )
        if not self.drop_tail and any(n % s for n, s in zip(size, self.scale, strict=True)):
            raise ValueError(
                f"{self}: the scale does not divide maps of {size[0]}×{size[1]}; they have to be multiples of "
                f"{self.scale[0]}×{self.scale[1]}, or set drop_tail=True to leave out the last rows and columns"
            )
        return (channels, *sizes)

    def blocks(self, X: np.ndarray) -> np.ndarray:
        """X as (N, C, m_h, s_h, m_w, s_w): the cells of each block on axes 3 and 5."""
        c, m_h, m_w = self.output_shape(X.shape[1:])
        s_h, s_w = self.scale
        return X[:, :, : m_h * s_h, : m_w * s_w].reshape(len(X), c, m_h, s_h, m_w, s_w)

    def unblock(self, blocks: np.ndarray, shape: Sequence[int]) -> np.ndarray:
        """The inverse of :meth:`blocks`; a dropped tail comes back as zeros."""
        n, c, m_h, s_h, m_w, s_w = blocks.shape
        X = blocks.reshape(n, c, m_h * s_h, m_w * s_w)
        return ops.pad(X, ((0, shape[2] - m_h * s_h), (0, shape[3] - m_w * s_w)))

    def __repr__(self):
        s_h, s_w = self.scale
        return f"{type(self).__name__}({s_h}×{s_w}{', drop_tail' if self.drop_tail else ''})"


class MeanPool2D(Pool2D):
    """The mean of each block: A[i, j] = Σ_{a,b} X[s·i+a, s·j+b] / s².   Floats, or SymPy symbols.

    This is the correlation with a box of 1/s², sampled at every s-th cell.
    """

    def forward(self, X: ArrayLike) -> np.ndarray:
        """The block means; formula and shapes in the class."""
        X = as_input(X, self, symbols=True)
        check_maps(X, self)
        # A division by the whole number s² keeps symbols exact; ·0.25 would turn them into floats.
        A = self.blocks(X).sum(axis=(3, 5)) / int(np.prod(self.scale))
        return self.remember(X.shape, A)

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """dX[p, q] = delta[⌊p/s⌋, ⌊q/s⌋] / s²: every cell of a block gets an equal share.  Exact, no σ′ here."""
        shape, delta = self.recall(delta)
        if not need_dX:
            return None
        s_h, s_w = self.scale
        share = delta / (s_h * s_w)
        n, c, m_h, m_w = share.shape
        return self.unblock(np.broadcast_to(share[:, :, :, None, :, None], (n, c, m_h, s_h, m_w, s_w)), shape)


class MaxPool2D(Pool2D):
    """The largest cell of each block: A[i, j] = max_{a,b} X[s·i+a, s·j+b].   Real numbers only.

    Where several cells are largest, the first in reading order counts as the largest.
    """

    def forward(self, X: ArrayLike) -> np.ndarray:
        """The block maxima; remembers which cell each one came from (the switches)."""
        X = as_input(X, self)
        check_maps(X, self)
        blocks = self.blocks(X).swapaxes(3, 4)  # (N, C, m_h, m_w, s_h, s_w)
        cells = blocks.reshape(*blocks.shape[:4], -1)
        switches = cells.argmax(axis=-1)[..., None]  # argmax takes the first of equals
        return self.remember((switches, X.shape), np.take_along_axis(cells, switches, axis=-1)[..., 0])

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """dX = delta at the cell that was largest, 0 at the others of its block."""
        (switches, shape), delta = self.recall(delta)
        if not need_dX:
            return None
        cells = np.zeros((*delta.shape, int(np.prod(self.scale))), dtype=delta.dtype)
        np.put_along_axis(cells, switches, delta[..., None], axis=-1)
        return self.unblock(cells.reshape(*delta.shape, *self.scale).swapaxes(3, 4), shape)

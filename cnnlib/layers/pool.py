"""Pooling: s×s cells become one.  No parameters, no bias, no activation function."""

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ..ops import Size
from ..validation import as_pair
from .base import Layer
from .validation import as_input, check_maps, image_shape


class Pool2D(Layer):
    """What mean and max pooling share: cut the maps into s_h×s_w blocks that do not overlap.

    X (N, C, n_h, n_w) becomes (N, C, n_h/s_h, n_w/s_w).

    Parameters
    ----------
    scale : cells
        s, an int or a pair (vertical, horizontal).
    drop_tail : bool
        Allow a scale that does not divide the map: the last rows and columns are left out, and their gradient is 0.

    Raises
    ------
    ValueError
        In the forward pass, for a scale that does not divide the map.
    """

    kind = "pool"

    def __init__(self, scale: Size, *, drop_tail: bool = False):
        super().__init__()
        self.scale = as_pair(scale, f"{type(self).__name__}: scale", at_least=1)
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

    def block_slices(self, X: np.ndarray, axis: int) -> list[np.ndarray]:
        """The rows (axis 2) or columns (axis 3) of a block in order, each for all blocks: views of X, no tail."""
        s = self.scale[axis - 2]
        end = X.shape[axis] // s * s
        return [X[(slice(None),) * axis + (slice(a, end, s),)] for a in range(s)]

    def cells(self, X: np.ndarray) -> list[np.ndarray]:
        """The s_h·s_w cells of a block in reading order, each for all blocks: views (N, C, m_h, m_w) of X."""
        return [column for row in self.block_slices(X, 2) for column in self.block_slices(row, 3)]

    def block_sums(self, X: np.ndarray) -> np.ndarray:
        """Σ_{a,b} X[s·i+a, s·j+b], one number for each block."""
        for axis in (2, 3):  # rows first: whole lines are added
            X = functools.reduce(np.add, self.block_slices(X, axis))
        return X

    def to_every_cell(self, share: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """Copy each block's number to all of its cells, and 0 to the tail: the transpose of :meth:`block_sums`."""
        rows = np.moveaxis(share, 1, -1).repeat(self.scale[1], axis=2)  # channels last, as in Band
        X = np.moveaxis(rows.repeat(self.scale[0], axis=1), -1, 1)
        tail = [(0, n - m) for n, m in zip(shape, X.shape, strict=True)]
        return np.pad(X, tail) if X.shape != shape else X

    def __repr__(self):
        s_h, s_w = self.scale
        return f"{type(self).__name__}({s_h}×{s_w}{', drop_tail' if self.drop_tail else ''})"


class MeanPool2D(Pool2D):
    """The mean of each block, A[i, j] = Σ_{a,b} X[s·i+a, s·j+b] / s², for floats and for SymPy symbols.

    This is the correlation with a box of 1/s², sampled at every s-th cell.
    """

    def forward(self, X: ArrayLike) -> np.ndarray:
        """The block means; formula and shapes in the class."""
        X = as_input(X, self, symbols=True)
        check_maps(X, self)
        self.output_shape(X.shape[1:])
        # A division by the whole number s² keeps symbols exact; ·0.25 would turn them into floats.
        return self.remember(X.shape, self.block_sums(X) / int(np.prod(self.scale)))

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """dX[p, q] = delta[⌊p/s⌋, ⌊q/s⌋] / s²: every cell of a block gets an equal share.  Exact, no σ′ here."""
        shape, delta = self.recall(delta)
        if not need_dX:
            return None
        share = delta / int(np.prod(self.scale))
        return self.to_every_cell(share, shape)


class MaxPool2D(Pool2D):
    """The largest cell of each block, A[i, j] = max_{a,b} X[s·i+a, s·j+b], for real numbers.

    Where several cells are largest, the first in reading order counts as the largest.
    """

    def forward(self, X: ArrayLike) -> np.ndarray:
        """The block maxima; remembers which cell each one came from (the switches)."""
        X = as_input(X, self)
        check_maps(X, self)
        self.output_shape(X.shape[1:])
        A, *others = (cell.copy(order="K") for cell in self.cells(X))  # in one piece, as each is read twice
        switches = np.zeros_like(A, dtype=np.min_scalar_type(len(others)))  # small integers take less memory
        for k, cell in enumerate(others, 1):
            larger = cell > A  # not ≥: of equal cells the first one counts
            A, switches = np.maximum(A, cell), np.maximum(switches, larger * switches.dtype.type(k))
        return self.remember((switches, X.shape), A)

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """dX = delta at the cell that was largest, 0 at the others of its block."""
        (switches, shape), delta = self.recall(delta)
        if not need_dX:
            return None
        chosen = np.empty_like(delta, dtype=switches.dtype)  # in delta's memory order, which is faster
        chosen[...] = switches
        dX = np.zeros_like(delta, shape=shape)
        for k, cell in enumerate(self.cells(dX)):
            np.multiply(delta, chosen == k, out=cell)
        return dX

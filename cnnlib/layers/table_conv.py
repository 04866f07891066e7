"""A convolutional layer with a table of connections: not every output map sees every input map."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from ..ops import Size
from ..validation import whole_number
from .conv import Conv2D
from .initialisers import fan_in_uniform
from .validation import first_values

# C3 of LeNet-5: row o holds the maps of S2 that output map o sees (table I of the paper, by its columns).
LENET5_CONNECTIONS = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)  # fmt: skip


class TableConv2D(Conv2D):
    """A Conv2D in which output map o sees only the input maps connections[o]::

        Z[n, o] = Σ_{c in connections[o]} X[n, c] ⋆ K[r(o, c)] + b[o]

    There is one slice for each connection: K (connections, k_h, k_w), output map after output map, each one's
    input maps in rising order; b (C_out,).  To compute, the slices are put into the kernels of Conv2D
    (C_out, C_in, k_h, k_w), with zeros where there is no connection.  So nothing is passed back where maps are not
    connected: dX[c] collects from the output maps that see c, and dK holds the gradients of the slices that exist.

    Parameters
    ----------
    in_channels : maps
    connections : a row of input maps for each output map
    kernel_size : cells
    init : function
        Called for each output map, whose fan-in is its own.
    rng : numpy.random.Generator
        By default from a fixed seed.
    **settings
        The others of :class:`Conv2D`.

    Raises
    ------
    ValueError
        For a row of the table that is empty, repeats a map or names one that is not there.
    """

    def __init__(
        self,
        in_channels: int,
        connections: Sequence[Sequence[int]],
        kernel_size: Size,
        *,
        init: Callable[..., np.ndarray] = fan_in_uniform,
        rng: np.random.Generator | None = None,
        **settings: object,
    ):
        in_channels = whole_number(in_channels, "TableConv2D: in_channels", at_least=1)
        if "groups" in settings:
            raise ValueError("TableConv2D: it takes no groups; the table says which maps are connected")
        table = _table(connections, in_channels)
        self.connected = np.array([[c in row for c in range(in_channels)] for row in table])  # (C_out, C_in)
        rng = np.random.default_rng(0) if rng is None else rng
        super().__init__(in_channels, len(table), kernel_size, init=_zeros, rng=rng, **settings)
        size, area = self.geometry.kernel, int(np.prod(self.geometry.kernel))
        fans = [(len(row) * area, len(table) * area) for row in table]
        slices = [first_values(init, (len(row), *size), f, rng, self) for row, f in zip(table, fans, strict=True)]
        self.params["K"] = np.concatenate(slices)

    def kernel_gradient(self, delta: ArrayLike) -> np.ndarray:
        """dK[r(o, c)] = Σ_n X[n, c] ⋆ delta[n, o] for each connection, shaped like K (under ∗ turned)."""
        return super().kernel_gradient(delta)[self.connected]

    def _kernels(self):
        """The slices in their places among zeros: (C_out, C_in, k_h, k_w)."""
        K = np.zeros(self.kernel_shape, dtype=self.dtype)
        K[self.connected] = self._param("K", (int(self.connected.sum()), *self.geometry.kernel))
        return K

    def __repr__(self):
        return f"{super().__repr__()[:-1]}, {self.connected.sum()} connections)"


def _zeros(shape, *_):
    return np.zeros(shape)


def _table(connections, in_channels):
    """The table as tuples of ints; ValueError for a row that no output map can have."""
    if not isinstance(connections, (tuple, list, np.ndarray)) or len(connections) == 0:
        raise ValueError(f"TableConv2D: connections has to hold a row for each output map, not {connections!r}")
    table = []
    for o, row in enumerate(connections):
        what = f"TableConv2D: connections[{o}]"
        if not isinstance(row, (tuple, list, np.ndarray)) or len(row) == 0:
            raise ValueError(f"{what} has to be a row of input maps, such as (0, 2), not {row!r}")
        table.append(tuple(whole_number(c, what, at_least=0) for c in row))
        if len(set(table[-1])) < len(row) or max(table[-1]) >= in_channels:
            raise ValueError(f"{what} = {row!r} has to name different input maps, each 0 to {in_channels - 1}")
    return tuple(table)

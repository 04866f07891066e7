"""The layers that LeNet-5 had in 1998 and later nets left out, each with its gradients.

These are the framed input, the trainable subsampling, and the output that compares with a code.  LeNet-5 also uses
:class:`cnnlib.layers.TableConv2D`, the table of connections, and :class:`cnnlib.layers.ScaledTanh`, the squashing.
Source: LeCun, Bottou, Bengio & Haffner (1998), section II.B.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .. import ops
from ..ops import Size
from ..validation import as_pair, whole_number
from .base import Layer
from .initialisers import fan_in_uniform
from .pool import Pool2D
from .validation import as_input, check_maps, check_param, first_values, image_shape, layer_dtype


class InputFrame(Layer):
    """Digits of 28×28, paper 0 and ink 1, as LeNet-5 took them: paper −0.1, ink 1.175, two cells of paper around.

    A[p, q] = −0.1 + 1.275·X[p − 2, q − 2], and −0.1 in the frame: mean about 0, variance about 1, and 32×32 cells,
    so that the ends of a stroke can lie in the middle of a window.  No parameters; dtype as in Conv2D.
    """

    kind = "frame"

    def __init__(
        self, cells: Size = 2, *, paper: float = -0.1, ink: float = 1.175, dtype: DTypeLike = np.float32
    ):
        super().__init__()
        self.dtype = layer_dtype(dtype, self)
        self.cells = as_pair(cells, "InputFrame: cells", at_least=0)
        self.paper, self.ink = _one_number(paper, "paper"), _one_number(ink, "ink")

    def forward(self, X: ArrayLike) -> np.ndarray:
        """The image on its paper, (N, C, n_h + 2·cells, n_w + 2·cells)."""
        X = as_input(X, self, dtype=self.dtype)
        check_maps(X, self)
        contrast, paper = np.array([self.ink - self.paper, self.paper], dtype=self.dtype)
        return self.remember(contrast, ops.pad(contrast * X, self.cells) + paper)

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """dX = 1.275·delta without the frame."""
        contrast, delta = self.recall(delta)
        return contrast * ops.pad(delta, tuple(-n for n in self.cells)) if need_dX else None

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """(C, n_h + 2·cells, n_w + 2·cells) from (C, n_h, n_w)."""
        input_shape = image_shape(input_shape, self, "(C, rows, columns)")
        if len(input_shape) != 3:
            raise ValueError(f"{self}: an input {input_shape} does not fit; it takes (C, rows, columns)")
        return (input_shape[0], *(n + 2 * p for n, p in zip(input_shape[1:], self.cells, strict=True)))

    def __repr__(self):
        if not hasattr(self, "ink"):
            return "InputFrame"
        v, h = self.cells
        return f"InputFrame({v if v == h else f'{v}×{h}'}, {self.paper:g} to {self.ink:g})"


class Subsampling2D(Pool2D):
    """The sum of each block, times a trainable coefficient and plus a trainable bias, one of each for every map::

        Z[n, c, i, j] = w[c] · Σ_{a,b} X[n, c, s·i+a, s·j+b] + b[c]

    X (N, C, n_h, n_w), w (C,), b (C,), Z (N, C, n_h/s_h, n_w/s_w).  With w = 1/s² and b = 0 it is mean pooling.  In
    LeNet-5 a squashing follows.  ``drop_tail`` as in MeanPool2D; ``init``, ``rng``, ``dtype`` as in Conv2D, with a
    fan-in of s².
    """

    kind = "subsampling"

    def __init__(
        self,
        channels: int,
        scale: Size,
        *,
        drop_tail: bool = False,
        init: Callable[..., np.ndarray] = fan_in_uniform,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ):
        super().__init__(scale, drop_tail=drop_tail)
        self.channels = whole_number(channels, "Subsampling2D: channels", at_least=1)
        self.dtype = layer_dtype(dtype, self)
        fans = (int(np.prod(self.scale)), 1)
        self.params["w"] = first_values(init, (self.channels,), fans, rng, self)
        self.params["b"] = np.zeros(self.channels, dtype=self.dtype)

    def forward(self, X: ArrayLike) -> np.ndarray:
        """w·(block sum) + b; formula and shapes in the class."""
        X = as_input(X, self, dtype=self.dtype)
        check_maps(X, self, channels=self.channels)
        self.output_shape(X.shape[1:])
        w, b = self._param("w").copy(), self._param("b")
        sums = self.block_sums(X)
        return self.remember((sums, w, X.shape), w[:, None, None] * sums + b[:, None, None])

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """dw[c] = Σ delta·(block sum),  db[c] = Σ delta,  dX[p, q] = w[c] · delta[⌊p/s⌋, ⌊q/s⌋]."""
        (sums, w, shape), delta = self.recall(delta)
        self.grads["w"] = (delta * sums).sum(axis=0).sum(axis=(1, 2))
        self.grads["b"] = delta.sum(axis=0).sum(axis=(1, 2))
        return self.to_every_cell(w[:, None, None] * delta, shape) if need_dX else None

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """(C, m_h, m_w) from (C, n_h, n_w)."""
        shape = super().output_shape(input_shape)
        if shape[0] != self.channels:
            raise ValueError(f"{self}: an input of {shape[0]} maps does not fit; it takes {self.channels}")
        return shape

    def _param(self, name):
        return check_param(self.params[name], (self.channels,), self.dtype, name, self)


class RBFOutput(Layer):
    """How far is the input from each class's code?  Z[n, j] = −Σ_i (X[n, i] − codes[j, i])².

    The paper's units give the distance, and the smallest wins; here it is negative, so that the largest output
    wins, as in every net of the course.  The codes are fixed, as in the paper.  X (N, n), codes (classes, n),
    Z (N, classes).  For its loss see :class:`cnnlib.losses.CodeLoss`.
    """

    kind = "rbf"

    def __init__(self, codes: ArrayLike, *, dtype: DTypeLike = np.float32):
        super().__init__()
        self.dtype = layer_dtype(dtype, self)
        self.codes = as_input(codes, self, "codes", dtype=self.dtype).copy()
        if self.codes.ndim != 2 or 0 in self.codes.shape:
            raise ValueError(f"RBFOutput: codes has shape {self.codes.shape}; it has to be (classes, n)")

    def forward(self, X: ArrayLike) -> np.ndarray:
        """Minus the squared distances to the codes."""
        X = as_input(X, self, dtype=self.dtype)
        if X.ndim != 2 or len(X) == 0 or X.shape[1] != self.codes.shape[1]:
            raise ValueError(f"{self}: the input has shape {X.shape}; it takes (N, {self.codes.shape[1]})")
        apart = X[:, None] - self.codes
        return self.remember(apart, -(apart * apart).sum(axis=2))

    def backward(self, delta: ArrayLike, *, need_dX: bool = True) -> np.ndarray | None:
        """dX[n, i] = −2 Σ_j delta[n, j] · (X[n, i] − codes[j, i])."""
        apart, delta = self.recall(delta)
        return -2 * (delta[:, :, None] * apart).sum(axis=1) if need_dX else None

    def output_shape(self, input_shape: Sequence[int]) -> tuple[int, ...]:
        """(classes,) from (n,)."""
        input_shape = image_shape(input_shape, self, f"({self.codes.shape[1]},)")
        if input_shape != self.codes.shape[1:]:
            raise ValueError(f"{self}: an input {input_shape} does not fit; it takes ({self.codes.shape[1]},)")
        return self.codes.shape[:1]

    def __repr__(self):
        return "RBFOutput({1}→{0})".format(*self.codes.shape) if hasattr(self, "codes") else "RBFOutput"


def _one_number(value, name):
    array = np.asarray(value)
    if array.ndim or array.dtype.kind not in "buif" or not np.isfinite(array):
        raise ValueError(f"InputFrame: {name} has to be one finite number, not {value!r}")
    return float(array)

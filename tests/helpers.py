"""What several test files share: arrays, a strict comparison, and the definitions as plain loops.

The loops use no code of cnnlib: they are the formulas of the docstrings, one multiplication at a time.
"""

import re
from typing import NamedTuple

import numpy as np
import pytest
import sympy
from hypothesis import strategies as st

from cnnlib.layers import Conv2D, Dense, Flatten, MeanPool2D, Sigmoid, Tanh
from cnnlib.losses import SquaredError
from cnnlib.network import Network


def normal(*shape, seed=0):
    """Random float64 numbers: asymmetric, and no two alike."""
    return np.random.default_rng(seed).standard_normal(shape)


def distinct(*shape, seed=0):
    """Shuffled numbers, 0.5 apart and 0.25 from 0, so that no kink of ReLU or max is near."""
    count = int(np.prod(shape))
    return (np.random.default_rng(seed).permutation(count).reshape(shape) - count // 2) * 0.5 + 0.25


def symbols(name, *shape):
    """An object array of SymPy symbols."""
    return np.array(sympy.symbols(f"{name}:{int(np.prod(shape))}"), dtype=object).reshape(shape)


def assert_close(mine, reference, tolerance=1e-12):
    """Equal shapes, and max|mine − reference| ≤ tolerance · max(1, max|reference|), elementwise."""
    mine, reference = np.asarray(mine), np.asarray(reference)
    assert mine.shape == reference.shape
    scale = max(1.0, np.abs(reference).max(initial=0))
    np.testing.assert_allclose(mine, reference, rtol=0, atol=tolerance * scale)


def assert_relative(mine, reference, tolerance=1e-7):
    """Equal shapes, and max|mine − reference| ≤ tolerance · max|reference|: nothing hides behind a 1."""
    mine, reference = np.asarray(mine), np.asarray(reference)
    assert mine.shape == reference.shape
    assert np.abs(mine - reference).max() <= tolerance * np.abs(reference).max()


def says(*words):
    """A ValueError whose message holds all these words."""
    everything = "".join(f"(?=.*{word})" for word in map(re.escape, words))
    return pytest.raises(ValueError, match=f"(?s){everything}")


def table(*rows):
    """Parametrise over (what is wrong, how to do it, the words of the error)."""
    return pytest.mark.parametrize("wrong, words", [row[1:] for row in rows], ids=[row[0] for row in rows])


def plain_case(*, seed=0):
    """X (2, 3, 6, 5), K (4, 3, 3, 2) and delta of that forward pass: nothing symmetric, nothing alike."""
    return normal(2, 3, 6, 5, seed=seed), normal(4, 3, 3, 2, seed=seed + 1), normal(2, 4, 4, 4, seed=seed + 2)


class Convolution(NamedTuple):
    """One convolutional layer's worth of numbers and settings, drawn at random."""

    batch: int
    channels: tuple  # (in, out)
    input_size: tuple
    kernel_size: tuple
    stride: tuple
    padding: tuple
    dilation: tuple
    operation: str
    seed: int
    path: str

    @property
    def settings(self):
        return dict(
            stride=self.stride, padding=self.padding, dilation=self.dilation, operation=self.operation
        )

    @property
    def X(self):
        return normal(self.batch, self.channels[0], *self.input_size, seed=self.seed)

    @property
    def K(self):
        return normal(*self.channels[::-1], *self.kernel_size, seed=self.seed + 1)

    @property
    def delta(self):
        return normal(*self.forward().shape, seed=self.seed + 2)

    def forward(self, X=None, K=None):
        """Z by definition, for these or other numbers."""
        return forward_by_definition(self.X if X is None else X, self.K if K is None else K, **self.settings)

    def layer(self, **options):
        """A Conv2D with these settings, this path and this K."""
        options = {"path": self.path, "dtype": np.float64} | options
        layer = Conv2D(*self.channels, self.kernel_size, **self.settings, **options)
        layer.params["K"] = self.K
        return layer


@st.composite
def convolutions(draw, operations=("correlation", "convolution")):
    """Every setting on its own for both axes; the tail, up to stride − 1 cells, is dropped by the layer."""

    def axis():
        k, m = draw(st.integers(1, 3)), draw(st.integers(1, 3))
        s, d = draw(st.integers(1, 3)), draw(st.integers(1, 2))
        room = s * (m - 1) + d * (k - 1) + 1 + draw(st.integers(0, s - 1))  # the last term is the tail
        p = draw(st.integers(0, min(3, (room - 1) // 2)))
        return room - 2 * p, k, s, p, d

    sizes = zip(axis(), axis(), strict=True)
    channels = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    operation, path = draw(st.sampled_from(operations)), draw(st.sampled_from(["plain", "banded"]))
    return Convolution(draw(st.integers(1, 2)), channels, *sizes, operation, draw(st.integers(0, 999)), path)


def forward_by_definition(X, K, *, stride=(1, 1), padding=(0, 0), dilation=(1, 1), operation="correlation"):
    """Z[n, o, i, j] = Σ_c Σ_u Σ_v X[n, c, s·i+d·u−p, s·j+d·v−p] · H[o, c, u, v], H being K or, for ∗, K turned."""
    (s_h, s_w), (p_h, p_w), (d_h, d_w) = stride, padding, dilation
    (n_h, n_w), (k_h, k_w) = X.shape[2:], K.shape[2:]
    rows = [i for i in range(0, n_h + 2 * p_h, s_h) if i + d_h * (k_h - 1) < n_h + 2 * p_h]
    columns = [j for j in range(0, n_w + 2 * p_w, s_w) if j + d_w * (k_w - 1) < n_w + 2 * p_w]
    Z = np.zeros((len(X), len(K), len(rows), len(columns)), dtype=np.result_type(X, K))
    for (i, top), (j, left) in ((a, b) for a in enumerate(rows) for b in enumerate(columns)):
        for u, v in np.ndindex(k_h, k_w):
            p, q = top + d_h * u - p_h, left + d_w * v - p_w
            if 0 <= p < n_h and 0 <= q < n_w:
                tap = K[:, :, u, v] if operation == "correlation" else K[:, :, k_h - 1 - u, k_w - 1 - v]
                Z[:, :, i, j] += X[:, :, p, q] @ tap.T
    return Z


def small_net(*, activation=Sigmoid, dtype=np.float64, seed=0):
    """conv, activation, mean pool, flatten, dense: two channels in, three classes out, for inputs 2×7×6."""
    rng = np.random.default_rng(seed)
    layers = [
        Conv2D(2, 3, (2, 3), operation="convolution", rng=rng, dtype=dtype),
        activation(),
        MeanPool2D((3, 2)),
        Flatten(),
        Dense(12, 3, rng=rng, dtype=dtype),
        Tanh(),
    ]
    return Network(layers, SquaredError())


def small_batch(count=5, *, seed=1):
    """Images and one-hot targets for :func:`small_net`."""
    return normal(count, 2, 7, 6, seed=seed), np.eye(3)[np.arange(count) % 3]


def params_of(network):
    """A copy of every parameter, in order."""
    return [array.copy() for layer in network.layers for array in layer.params.values()]


def grads_of(network):
    """A copy of every gradient, in order."""
    return [array.copy() for layer in network.layers for array in layer.grads.values()]

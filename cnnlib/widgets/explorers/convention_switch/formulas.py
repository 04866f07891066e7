"""The four formulas of the course, with what the picture of each one shows: forward, dX and dK, under ⋆ and ∗.

Plain functions, no widget.  A lane is read from left to right: a map, what lies on its windows, the result.
Under ⋆ the kernel lies on a window as it is, under ∗ turned; on the way back it is the other way round.
"""

from typing import NamedTuple

import numpy as np

from cnnlib import ops
from cnnlib.correlation import effective_kernel

OPERATIONS = ("correlation", "convolution")
SIGNS = {"correlation": "⋆", "convolution": "∗"}


class Formula(NamedTuple):
    """One formula three times: in short, as a sum with its indices, and as a line of Python."""

    short: str
    indices: str
    code: str
    also: str = ""  # the same with the other operation


FORWARD = {
    "correlation": Formula("Z = X ⋆ K", "z[i,j] = Σ x[i+u, j+v] · k[u, v]", 'correlate(X, K, "valid")'),
    "convolution": Formula(
        "Z = X ∗ K", "z[i,j] = Σ x[i+u, j+v] · k[h−1−u, w−1−v]", 'convolve(X, K, "valid")'
    ),
}
BACKWARD = {
    ("dX", "correlation"): Formula(
        "dX = δ ⋆full rot180(K)", "dX[p,q] = Σ δ[i, j] · k[p−i, q−j]", 'correlate(delta, rot180(K), "full")',
        'convolve(delta, K, "full")',
    ),
    ("dX", "convolution"): Formula(
        "dX = δ ∗full rot180(K)", "dX[p,q] = Σ δ[i, j] · k[h−1−(p−i), w−1−(q−j)]",
        'convolve(delta, rot180(K), "full")', 'correlate(delta, K, "full")',
    ),
    ("dK", "correlation"): Formula(
        "dK = X ⋆ δ", "dK[u,v] = Σ δ[i, j] · x[i+u, j+v]", 'correlate(X, delta, "valid")'
    ),
    ("dK", "convolution"): Formula(
        "dK = rot180(X ⋆ δ)", "dK[u,v] = Σ δ[i, j] · x[i+h−1−u, j+w−1−v]",
        'rot180(correlate(X, delta, "valid"))', 'convolve(rot180(X), delta, "valid")',
    ),
}  # fmt: skip


class Lane(NamedTuple):
    """The maps of one lane; ``mark`` is the place of entry [0,0] of ``on_windows`` (for dK: of ``correlated``)."""

    source: np.ndarray
    on_windows: np.ndarray  # what slides over the source
    correlated: np.ndarray  # source ⋆ on_windows
    result: np.ndarray  # the same, turned if the formula turns it
    mark: str


def forward(X, K, operation):
    """The upper lane: X, what lies on its windows, Z."""
    on_windows = effective_kernel(K, operation)
    Z = ops.correlate(X, on_windows)
    return Lane(X, on_windows, Z, Z, "as_is" if operation == "correlation" else "turned")


def backward(X, K, delta, gradient, operation):
    """The lower lane: for dX the padded δ and the kernel on it; for dK the input with δ on it."""
    if gradient == "dX":
        k_h, k_w = K.shape
        padded, on_windows = ops.pad(delta, (k_h - 1, k_w - 1)), ops.rot180(effective_kernel(K, operation))
        dX = ops.correlate(padded, on_windows)
        return Lane(padded, on_windows, dX, dX, "turned" if operation == "correlation" else "as_is")
    correlated = ops.correlate(X, delta)
    mark = "as_is" if operation == "correlation" else "turned"
    return Lane(X, delta, correlated, effective_kernel(correlated, operation), mark)


def in_words(gradient, operation):
    """What to look at in the lower lane."""
    if gradient == "dX":
        forth, back = ("as it is", "turned") if operation == "correlation" else ("turned", "as it is")
        return f"Forward the kernel lies {forth}, on the way back {back}: from one lane to the other, one turn."
    if operation == "correlation":
        return "X ⋆ δ is dK already: nothing turns."
    return "X ⋆ δ comes out turned, because the kernel lay turned on X; one more turn gives dK."

"""What one input map contributes to one output map, forward and backward: arrays and products, no widget.

A layer is a table of slices K[o, c], a row for each output map, a column for each input map.  Forward a
term is X[c] ⋆ K[o, c], and Z[o] adds up row o.  Backward it is δ[o] ⋆_full rot180(K[o, c]), and dX[c] adds up
column c.  A cell of a term is itself a sum of products, one for each tap that takes part.
"""

from typing import NamedTuple

import numpy as np

from cnnlib import ops

FORWARD, BACKWARD = "forward", "backward"


class Paths(NamedTuple):
    """All maps of one direction.  J output maps, I input maps."""

    sources: np.ndarray  # X (I, …) forward, δ (J, …) backward
    slices: np.ndarray  # (J, I, k_h, k_w), as they lie on the source
    terms: np.ndarray  # (J, I, …)
    results: np.ndarray  # Z (J, …) forward, dX (I, …) backward


class Product(NamedTuple):
    """One product in a cell of a term: the source's cell, its value, and the tap's value."""

    at: tuple[int, int]
    source: float
    tap: float


def fitting(X, K, delta):
    """The three as arrays; ValueError in words unless they are the maps of one layer."""
    X, K, delta = (np.asarray(A) for A in (X, K, delta))
    if X.ndim != 3 or K.ndim != 4 or K.shape[1] != len(X):
        raise ValueError(f"X {X.shape} and K {K.shape} do not fit; they take (I, n_h, n_w) and (J, I, k_h, k_w)")
    expected = (len(K), *(ops.output_size(n, k) for n, k in zip(X.shape[1:], K.shape[2:], strict=True)))
    if delta.shape != expected:
        raise ValueError(f"delta is {delta.shape}; for X {X.shape} and K {K.shape} it takes {expected}")
    return X, K, delta


def paths(X, K, delta, direction):
    """Every slice, every term and every result; X (I, n_h, n_w), K (J, I, k_h, k_w), delta (J, m_h, m_w)."""
    outputs, inputs = range(len(K)), range(len(X))
    if direction == FORWARD:
        terms = np.array([[ops.correlate(X[c], K[o, c]) for c in inputs] for o in outputs])
        return Paths(X, K, terms, terms.sum(axis=1))
    turned = ops.rot180(K)
    terms = np.array([[ops.correlate(delta[o], turned[o, c], "full") for c in inputs] for o in outputs])
    return Paths(delta, turned, terms, terms.sum(axis=0))


def products(X, K, delta, direction, c, o, cell):
    """The products that make this cell of term (o, c), in reading order of the source."""
    found = []
    for u, v in np.ndindex(K.shape[2:]):
        at = (cell[0] + u, cell[1] + v) if direction == FORWARD else (cell[0] - u, cell[1] - v)
        source = X[c] if direction == FORWARD else delta[o]
        if all(0 <= n < size for n, size in zip(at, source.shape, strict=True)):
            found.append(Product(at, source[at], K[o, c, u, v]))
    return sorted(found, key=lambda product: product.at)


def added_up(direction, c, o, shape):
    """The terms (o, c) that belong to the same sum as the chosen one; shape is (J, I)."""
    J, I = shape
    return [(o, each) for each in range(I)] if direction == FORWARD else [(each, c) for each in range(J)]

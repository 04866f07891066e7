"""One pooling block between a convolution's output and the next layer: what goes forward and what comes back.

Z becomes A = f(Z), f the sigmoid or the identity, and each block of A becomes one cell of P.  Back come ∂L/∂P,
∂L/∂A and ∂L/∂Z.  :func:`flow` computes the six maps and what belongs to one chosen cell, :func:`sentences`
describes each step in words with its numbers.  No widget here.
"""

from typing import NamedTuple

import numpy as np

from cnnlib.layers import MaxPool2D, MeanPool2D
from cnnlib.plots.number_format import written
from cnnlib.widgets.parts import formula

POOLS = {"mean": MeanPool2D, "max": MaxPool2D}
MAPS = ("Z", "A", "P", "dP", "dA", "dZ")  # in the order in which they are computed


class Flow(NamedTuple):
    """The six maps, and for a chosen cell its block: ``owner`` (i, j) in P, ``block`` its cells in A."""

    Z: np.ndarray
    A: np.ndarray
    P: np.ndarray
    dP: np.ndarray
    dA: np.ndarray
    dZ: np.ndarray
    owner: tuple[int, int]
    block: list[tuple[int, int]]
    winners: list[tuple[int, int]]  # with max pooling the cell of A that counts in each block, else nothing


def flow(A, delta, cell, pooling, scale, sigmoid):
    """All that is shown.

    A (n_h, n_w) activations, between 0 and 1 if ``sigmoid``; delta = ∂L/∂P, of which the first rows and columns
    are taken that P has; cell (p, q); pooling "mean" or "max"; scale (s_h, s_w), which divides A's size.
    """
    layer, (s_h, s_w), (p, q) = POOLS[pooling](scale), scale, cell
    P = layer.forward(A[None, None])[0, 0]
    dP = delta[: P.shape[0], : P.shape[1]]
    dA = layer.backward(dP[None, None])[0, 0]
    Z = np.log(A / (1 - A)) if sigmoid else A
    dZ = dA * A * (1 - A) if sigmoid else dA
    owner = (p // s_h, q // s_w)
    block = [(s_h * owner[0] + a, s_w * owner[1] + b) for a, b in np.ndindex(s_h, s_w)]
    reached = layer.backward(np.ones((1, 1, *P.shape)))[0, 0]  # where a delta of 1 arrives
    winners = [(int(i), int(j)) for i, j in np.argwhere(reached)] if pooling == "max" else []
    return Flow(Z, A, P, dP, dA, dZ, owner, block, winners)


def sentences(shown, cell, pooling, sigmoid):
    """The five steps after Z, each as a piece of HTML: two on the way down, three on the way back."""
    a, dA, d = shown.A[cell], shown.dA[cell], shown.dP[shown.owner]
    up, down = _delta("P", shown.owner), _delta("A", cell)
    if sigmoid:
        entered = f"{_entry('A', cell)} = σ({_entry('Z', cell)}) = σ({written(round(shown.Z[cell], 2))})"
        slope = f"{_number(a)}·(1 − {_number(a)})·{formula.factor(_rounded(dA))}"
        left = f"{_delta('Z', cell)} = a(1 − a)·{down} = {slope} = {_number(shown.dZ[cell], 4)}"
    else:
        entered = f"{_entry('A', cell)} = {_entry('Z', cell)}"
        left = f"{_delta('Z', cell)} = {down} = {_number(shown.dZ[cell], 4)}: no sigmoid, no slope"
    return [
        f"{entered} = {_number(a)}",
        f"{_entry('P', shown.owner)} = {_pooled(shown, pooling)}",
        f"{up} = {_number(d)}, from the next layer",
        f"{down} = {_paid_back(shown, cell, pooling)}",
        left,
    ]


def _pooled(shown, pooling):
    """The block's cells, and what becomes of them."""
    values, result = [_number(shown.A[cell]) for cell in shown.block], _number(shown.P[shown.owner])
    if pooling == "mean":
        return f"({' + '.join(values)}) / {len(values)} = {result}"
    others = f"; {len(_tied(shown))} are largest, the first counts" if len(_tied(shown)) > 1 else ""
    return f"max({', '.join(values)}) = {result}{others}"


def _paid_back(shown, cell, pooling):
    """How much of its block's delta this cell gets, and why."""
    d, size = shown.dP[shown.owner], len(shown.block)
    if pooling == "mean":
        return f"{_number(d)} / {size} = {_number(shown.dA[cell])}, a share of 1/{size}"
    winner = next(one for one in shown.block if one in shown.winners)
    if cell == winner:
        return f"{_number(d)}, all of it: this cell is ▲"
    why = "as large, but later in reading order than" if cell in _tied(shown) else "smaller than"
    return f"0: {_entry('A', cell)} is {why} {_entry('A', winner)}"


def _tied(shown):
    """The cells of the block that equal its maximum."""
    largest = max(shown.A[cell] for cell in shown.block)
    return [cell for cell in shown.block if shown.A[cell] == largest]


def _entry(name, cell):
    return formula.entry("output", name, *cell)


def _delta(name, cell):
    return formula.entry("delta", f"∂L/∂{name}", *cell)


def _rounded(value, decimals=3):
    return round(float(value), decimals)


def _number(value, decimals=3):
    return written(_rounded(value, decimals))

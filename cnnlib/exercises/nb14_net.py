"""Notebook 14, the exam, second half: overlapping blocks backwards, and the backward pass of a whole net."""

import numpy as np

from .. import ops
from . import small_net
from .exercise import Exercise
from .kernel_turns import wrong_turns
from .small_net import with_fault

# ------------------------------------------------------------------------------- pooling_backward


def _overlapping(rng):
    for size, block, stride in [((7, 8), (3, 2), 2), ((6, 7), (2, 3), 1), ((8, 7), (3, 4), 2), ((8, 9), (2, 4), 3)]:
        m = [ops.output_size(n, s, stride=stride) for n, s in zip(size, block, strict=True)]
        yield rng.standard_normal((2, 3, *m)), size, block, stride


def _spread(divisor=lambda b, t: b[0] * b[1], *, add=True, turn=lambda b, t: (b, t)):
    """Each delta, divided by divisor(block, stride), on every cell of its block."""

    def dX(delta, input_size, block, stride):
        result, ((b_h, b_w), t) = np.zeros((*delta.shape[:2], *input_size)), turn(block, stride)
        for i, j in np.ndindex(delta.shape[2:]):
            cells = result[:, :, t * i : t * i + b_h, t * j : t * j + b_w]
            share = delta[:, :, i, j, None, None] / divisor(block, stride)
            cells[...] = cells + share if add else share
        return result

    return dX


def _by_use(delta, input_size, block, stride):
    """Divided by how many blocks hold a cell, as if the gradient were a mean."""
    used = _spread(lambda b, t: 1)(np.ones_like(delta), input_size, block, stride)
    return _spread()(delta, input_size, block, stride) / np.maximum(used, 1)


pooling_backward = Exercise(
    name="pooling_backward",
    task="P[i, j] is the mean of the block of b_h×b_w cells of X that starts at (t·i, t·j); blocks may overlap. "
    "pooling_backward(delta, input_size, block, stride) has to return dX (N, C, n_h, n_w); stride is t.",
    cases=_overlapping,
    reference=_spread(),
    mistakes={
        "not divided: each cell gets the whole delta": _spread(lambda b, t: 1),
        "divided twice by the size of the block": _spread(lambda b, t: (b[0] * b[1]) ** 2),
        "divided by stride²; the mean was over b_h·b_w cells": _spread(lambda b, t: t * t),
        "divided by b_h²; the block has b_h·b_w cells": _spread(lambda b, t: b[0] ** 2),
        "blocks that overlap overwrite each other; they have to add up": _spread(add=False),
        "blocks lie side by side, as if the stride were the size of the block": (
            lambda delta, size, block, stride: _clipped_expand(delta, size, block)
        ),
        "the stride is 1; block (i, j) starts at (t·i, t·j)": _spread(turn=lambda b, t: (b, 1)),
        "b_h and b_w are exchanged": _spread(turn=lambda b, t: (b[::-1], t)),
        "divided by the number of blocks that hold a cell; contributions add up": _by_use,
    },
    hints=(
        "X[p, q] stands with weight 1/(b_h·b_w) in every P[i, j] whose block holds it.",
        "Scatter: each delta, divided by b_h·b_w, goes to all cells of its block.",
        "dX[:, :, t·i : t·i + b_h, t·j : t·j + b_w] += delta[:, :, i, j, None, None] / (b_h·b_w).",
    ),
)


def _clipped_expand(delta, input_size, block):
    """expand(delta)/b², cut or filled to the size of the input."""
    wide = np.repeat(np.repeat(delta, block[0], axis=2), block[1], axis=3) / (block[0] * block[1])
    short = [n - m for n, m in zip(input_size, wide.shape[2:], strict=True)]
    return ops.pad(wide, ((0, short[0]), (0, short[1])))


# ---------------------------------------------------------------------------------- net_backward


def _last(name, change):
    """The backward pass with one of its gradients changed at the end."""
    return with_fault(**{name: change})


def _turned_paste(turn):
    return _last("dX", lambda dX, delta, K, X: _pasted(delta, turn(K), X.shape))


def _pasted(delta, H, shape):
    dX = np.zeros(shape)
    for i, j in np.ndindex(delta.shape[2:]):
        window = dX[:, :, i : i + H.shape[2], j : j + H.shape[3]]
        window += np.tensordot(delta[:, :, i, j], H, axes=1)[:, :, : window.shape[2], : window.shape[3]]
    return dX


def _channels_kept(dX, delta, K, X):
    return _pasted(delta, K.swapaxes(0, 1), X.shape)


net_backward = Exercise(
    name="net_backward",
    task="A = σ(X ⋆ K + b), P = means of the blocks of A, O = σ(P.reshape(N, −1) @ W.T + c), L = ½ Σ (O − Y)² / N. "
    "net_backward(X, K, A, P, W, O, Y) has to return a dict with dW, dc, db, dK and dX.",
    cases=small_net.cases,
    reference=with_fault(),
    parts=small_net.PARTS,
    mistakes={
        "1/N is missing; the loss is a mean over the batch": with_fault(batch=lambda n: 1),
        "divided by N twice": with_fault(batch=lambda n: n * n),
        "the sign: ∂L/∂O is O − Y": with_fault(batch=lambda n: -n),
        "σ′ of the output is missing: this takes ∂L/∂O for ∂L/∂z": with_fault(output_slope=lambda O: 1),
        "σ is applied to O again; its slope is O(1 − O)": with_fault(output_slope=lambda O: _slope_of_z(O)),
        "transposed: dW is shaped like W, (classes, features)": _last("dW", lambda dW, *_: dW.T),
        "the maps are flattened column after column; reshape goes row after row": with_fault(order="F"),
        "σ′ at the pool: P(1 − P) does not belong there, a pool has no σ": with_fault(
            pool_slope=lambda P: P * (1 - P)
        ),
        "σ′ below the pool is missing: A(1 − A)": with_fault(slope=lambda A: 1),
        "σ is applied to A again; its slope is A(1 − A)": with_fault(slope=lambda A: _slope_of_z(A)),
        "not divided: each cell of a block gets the whole delta of the pool; right is delta/(s_h·s_w)": with_fault(
            share=lambda area: 1
        ),
        "divided twice by the size of the block": with_fault(share=lambda area: area**2),
        "mean over space; a bias is added at every position, so the positions add up": _last(
            "db", lambda db, delta, K, X: db / delta[0, 0].size
        ),
        "turned by 180°; under ⋆ dK needs no turn": _last("dK", lambda dK, *_: ops.rot180(dK)),
        "the result is transposed": _last("dK", lambda dK, *_: dK.swapaxes(2, 3)),
        "mean over space; the kernel is used at every position, so the positions add up": _last(
            "dK", lambda dK, delta, K, X: dK / delta[0, 0].size
        ),
        "the channels are swapped; dK is shaped like K": _last("dK", lambda dK, *_: dK.swapaxes(0, 1)),
        "X(1 − X) does not belong there: the image is no sigmoid's output": _last(
            "dX", lambda dX, delta, K, X: dX * X * (1 - X)
        ),
        "the channels are not swapped": _last("dX", _channels_kept),
    }
    | wrong_turns(_turned_paste, "not turned", "the pasted kernel is {}; scatter pastes it as it is"),
    hints=(
        "Start at the loss: delta_out = (O − Y)/N · O(1 − O). Then dW = delta_out.T @ features and dc is a sum.",
        "Go down through W, reshape to the shape of P, and share each number out over its block. No σ′ so far.",
        "delta = that, times A(1 − A). db sums it over images and positions.",
        "dK = X ⋆ delta, summed over images. dX pastes delta·K; or gathers with the turned kernel.",
    ),
)


def _slope_of_z(A):
    """σ′ at A, as if A were not an output already."""
    S = small_net.sigmoid(A)
    return S * (1 - S)

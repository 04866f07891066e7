"""Notebook 05, the proof for every size: both gradients of a layer that convolves, with channels and a batch."""

import numpy as np

from .. import adjoint, ops
from .exercise import Exercise
from .kernel_turns import TURNS, wrong_turns
from .scatter_mistakes import WRAPS, gathered_wrapping, wrong_sizes

SIZES = [  # batch, channels in and out, input, kernel
    (1, (1, 1), (4, 5), (2, 3)),
    (2, (2, 2), (5, 6), (2, 3)),
    (2, (2, 2), (6, 5), (3, 3)),
    (2, (2, 3), (5, 5), (3, 2)),
]

# --------------------------------------------------------------------- kernel_gradient_convolution


def _maps_and_deltas(rng):
    for batch, (c_in, c_out), size, kernel_size in SIZES:
        output_size = [n - k + 1 for n, k in zip(size, kernel_size, strict=True)]
        yield rng.standard_normal((batch, c_in, *size)), rng.standard_normal((batch, c_out, *output_size))


def _dH(X, delta):
    """X ⋆ delta, the gradient of what lies on the window."""
    kernel_size = [n - m + 1 for n, m in zip(X.shape[2:], delta.shape[2:], strict=True)]
    return adjoint.kernel_gradient(X, delta, kernel_size)


def _dK(X, delta):
    return ops.rot180(_dH(X, delta))


kernel_gradient_convolution = Exercise(
    name="kernel_gradient_convolution",
    task="Z = X ∗ K in valid mode, with X (N, C_in, n_h, n_w) and delta = ∂L/∂Z (N, C_out, m_h, m_w). "
    "kernel_gradient_convolution(X, delta) has to return dK (C_out, C_in, k_h, k_w).",
    cases=_maps_and_deltas,
    reference=_dK,
    mistakes=wrong_turns(
        lambda turn: lambda X, delta: turn(_dH(X, delta)),
        "turned by 180°",
        "this is X ⋆ delta, the result {}; under ∗ dK is its turn by 180°",
    )
    | {
        "delta is turned, but the result has to be": lambda X, delta: _dH(X, ops.rot180(delta)),
        "mean over the batch; 1/N is in the loss, and so in delta already": lambda X, delta: _dK(X, delta) / len(X),
        "mean over space; the kernel is used at every position, so the positions add up": lambda X, delta: (
            _dK(X, delta) / delta[0, 0].size
        ),
        "the channels are swapped: dK is shaped like K, (C_out, C_in, …)": lambda X, delta: (
            _dK(X, delta).swapaxes(0, 1)
        ),
        "the batch is reversed in X only: sample n has to meet sample n": lambda X, delta: _dK(X[::-1], delta),
        "only the first sample is counted; sum over the batch": lambda X, delta: _dK(X[:1], delta[:1]),
        "the channels of the result are reversed; only space turns": lambda X, delta: _dK(X, delta)[::-1, ::-1],
    },
    hints=(
        "Under ⋆ the gradient of what lies on a window is X ⋆ delta, valid, summed over the batch.",
        "Under ∗ it is rot180(K) that lies on the window.",
        "K is the turn of what lies there, so dK is the turn of X ⋆ delta.",
    ),
)


# ---------------------------------------------------------------------- input_gradient_convolution


def _deltas_and_kernels(rng):
    for batch, (c_in, c_out), size, kernel_size in SIZES:
        output_size = [n - k + 1 for n, k in zip(size, kernel_size, strict=True)]
        K = rng.standard_normal((c_out, c_in, *kernel_size))
        yield rng.standard_normal((batch, c_out, *output_size)), K


def _full_with(turn, channels="noij,ocuv->nc"):
    """The full correlation of delta with turn(K); which channels meet is in ``channels``."""
    given, result = channels.split("->")
    delta_axes, kernel_axes = given.split(",")

    def dX(delta, K):
        H = turn(K)
        framed = ops.pad(delta, tuple(k - 1 for k in H.shape[2:]))
        windows = ops.windows(framed, H.shape[2:])  # (N, C_out, n_h, n_w, k_h, k_w)
        return np.einsum(f"{delta_axes}uv,{kernel_axes}->{result}ij", windows, H)

    return dX


input_gradient_convolution = Exercise(
    name="input_gradient_convolution",
    task="Z = X ∗ K in valid mode, with kernels K (C_out, C_in, k_h, k_w) and delta = ∂L/∂Z (N, C_out, m_h, m_w). "
    "input_gradient_convolution(delta, K) has to return dX (N, C_in, n_h, n_w).",
    cases=_deltas_and_kernels,
    reference=_full_with(TURNS["not turned"]),
    mistakes=wrong_turns(
        _full_with, "not turned", "this is the full correlation with the kernel {}; under ∗ it is used as it is"
    )
    | {
        WRAPS: lambda delta, K: gathered_wrapping(delta, ops.rot180(K)),
        "the channels are not swapped": _full_with(TURNS["not turned"], "ncij,ocuv->no"),
        "turned by 180°, as under ⋆, and the channels are not swapped": _full_with(ops.rot180, "ncij,ocuv->no"),
    }
    | wrong_sizes(_full_with(TURNS["not turned"]))
    | {
        "the batch is summed; every sample has a gradient of its own": lambda delta, K: (
            _full_with(TURNS["not turned"])(delta, K).sum(axis=0, keepdims=True).repeat(len(delta), axis=0)
        ),
    },
    hints=(
        "Relative to the forward operation there is exactly one turn. The forward pass has turned K already.",
        "dX = delta ⋆ K in full mode, or delta ∗ rot180(K): the same.",
        "dX[n, c] sums over the output channels o: delta[n, o] with K[o, c].",
    ),
)

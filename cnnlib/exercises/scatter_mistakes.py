"""Mistakes that several exercises on dX share: scatter with one part wrong, and two mistakes in the size of dX."""

from collections.abc import Callable

import numpy as np


def pasted_with(turn: Callable, *, add: bool = True, swap: bool = True, spread: bool = True) -> Callable:
    """dX(delta, K, input_shape, stride) by pasting: delta[n, o, i, j]·turn(K)[o, c] onto each window of dX[n, c].

    Without ``add`` a window overwrites what lies there, without ``swap`` the channels of K meet the wrong maps,
    without ``spread`` the stride is taken as 1.
    """

    def dX(delta, K, input_shape, stride):
        H, result, s = turn(K), np.zeros(input_shape), stride if spread else 1
        k_h, k_w = H.shape[2:]
        for i, j in np.ndindex(delta.shape[2:]):
            window = result[:, :, s * i : s * i + k_h, s * j : s * j + k_w]
            pasted = np.einsum("no,ocuv->ncuv" if swap else "nc,ocuv->nouv", delta[:, :, i, j], H)
            window[...] = window + pasted if add else pasted
        return result

    return dX


WRAPS = "delta[p − u, q − v] wraps around: index −1 is the last output; leave out what lies before the first"


def gathered_wrapping(delta: np.ndarray, H: np.ndarray, padding: int = 0) -> np.ndarray:
    """dX by loops over its cells and the taps of H (C_out, C_in, k_h, k_w), without a lower bound for i = p − u."""
    (k_h, k_w), (m_h, m_w) = H.shape[2:], delta.shape[2:]
    dX = np.zeros((len(delta), H.shape[1], m_h + k_h - 1 - 2 * padding, m_w + k_w - 1 - 2 * padding))
    for p, q, u, v in np.ndindex(*dX.shape[2:], k_h, k_w):
        i, j = p + padding - u, q + padding - v
        if i < m_h and j < m_w:
            dX[:, :, p, q] += delta[:, :, i, j] @ H[:, :, u, v]
    return dX


def wrong_pastes(right: Callable) -> dict[str, Callable]:
    """Diagnosis → mistake, for a scatter that pastes right(K): mistakes other than the turn."""
    return {
        "windows that overlap overwrite each other; they have to add up": pasted_with(right, add=False),
        "the stride is ignored": pasted_with(right, spread=False),
        "the channels are not swapped": pasted_with(right, swap=False),
    }


def wrong_sizes(dX: Callable) -> dict[str, Callable]:
    """Diagnosis → mistake, for a right dX(delta, K, …): divided by a number that is not in the gradient."""
    return {
        "mean over the output channels; their contributions add up": lambda delta, K, *rest: (
            dX(delta, K, *rest) / len(K)
        ),
        "divided by the batch; 1/N is in the loss, and so in delta already": lambda delta, K, *rest: (
            dX(delta, K, *rest) / len(delta)
        ),
    }

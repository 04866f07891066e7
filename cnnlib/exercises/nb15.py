"""Notebook 15, is your layer right?: what an impulse has to show, and a cut that holds without padding too."""

import numpy as np

from .exercise import Exercise

# ------------------------------------------------------------------------------------- impulse_dX


def _impulses(rng):
    for size, place, shape in (((3, 3), (1, 2), (6, 7)), ((2, 3), (0, 1), (5, 6)), ((3, 2), (2, 0), (6, 5))):
        yield rng.standard_normal(size), place, shape


def _pasted(K, place, shape):
    dX = np.zeros(shape)
    dX[place[0] : place[0] + K.shape[0], place[1] : place[1] + K.shape[1]] = K
    return dX


def _from_the_end(K, place, shape):
    return _pasted(K, (shape[0] - K.shape[0] - place[0], shape[1] - K.shape[1] - place[1]), shape)


impulse_dX = Exercise(
    name="impulse_dX",
    task="impulse_dX(K, place, shape) has to return the dX, shaped (n_h, n_w), of a layer Z = X ⋆ K without "
    "padding and with stride 1, where delta is a single 1 at row place[0], column place[1].",
    cases=_impulses,
    reference=_pasted,
    mistakes={
        "the kernel is turned; the forward pass laid it on this window as it is": lambda K, place, shape: _pasted(
            K[::-1, ::-1], place, shape
        ),
        "it lies at the far corner; window (i, j) begins at input (i, j)": _from_the_end,
        "a single 1, where the kernel has to be; every tap had a share in that output": lambda K, place, shape: (
            _pasted(np.ones((1, 1)), place, shape)
        ),
        "ones in the place of the kernel's entries": lambda K, place, shape: _pasted(np.ones_like(K), place, shape),
        "row and column of the place are exchanged": lambda K, place, shape: _wrapped(K, place[::-1], shape),
    },
    hints=(
        "Which inputs did the output at (i, j) read, and with which weights?",
        "Output (i, j) read input (i + u, j + v) with K[u, v]. Only those inputs get anything back.",
        "dX = np.zeros(shape), then write K into rows i … i + k_h, columns j … j + k_w.",
    ),
)


def _wrapped(K, place, shape):
    """Pasted at a place that may be too far down; rows that do not fit are left out."""
    wide = np.zeros((shape[0] + K.shape[0] + place[0], shape[1] + K.shape[1] + place[1]))
    wide[place[0] : place[0] + K.shape[0], place[1] : place[1] + K.shape[1]] = K
    return wide[: shape[0], : shape[1]]


# -------------------------------------------------------------------------------------------- cut


def _frames(rng):
    for p, shape in ((1, (2, 5, 6, 3)), (0, (2, 4, 5, 2)), (2, (1, 7, 6, 2))):
        yield rng.standard_normal(shape), p


def _cut(padded, p):
    return padded[:, p : padded.shape[1] - p, p : padded.shape[2] - p]


cut = Exercise(
    name="cut",
    task="cut(padded, p) has to return the maps (N, n_h, n_w, C) without the p rows and columns of padding on each "
    "of their four sides, for p = 0 as well.",
    cases=_frames,
    reference=_cut,
    mistakes={
        "all of it is cut at the bottom and right": lambda padded, p: (
            padded[:, : padded.shape[1] - 2 * p, : padded.shape[2] - 2 * p]
        ),
        "all of it is cut at the top and left": lambda padded, p: padded[:, 2 * p :, 2 * p :],
        "the padding is still there": lambda padded, p: padded,
        "rows are cut, columns are not": lambda padded, p: padded[:, p : padded.shape[1] - p],
        "the last two axes are cut, but those are columns and channels": lambda padded, p: (
            padded[:, :, p : padded.shape[2] - p, p : padded.shape[3] - p]
        ),
        "with p = 0 the slice [0:-0] is empty": lambda padded, p: padded[:, p:-p, p:-p],
    },
    hints=(
        "What is -p for p = 0, and what does the slice [0:0] give?",
        "Write the end of the slice as a number that is never negative.",
        "Rows p … padded.shape[1] − p, columns p … padded.shape[2] − p.",
    ),
)

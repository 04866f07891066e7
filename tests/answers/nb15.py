"""Answers to the exercises of notebook 15."""

import numpy as np

from cnnlib import adjoint

from . import right, wrong

# ------------------------------------------------------------------------------------- impulse_dX


@right("nb15.impulse_dX")
def pasted(K, place, shape):
    dX = np.zeros(shape)
    dX[place[0] : place[0] + K.shape[0], place[1] : place[1] + K.shape[1]] = K
    return dX


@right("nb15.impulse_dX")
def with_the_library(K, place, shape):
    delta = np.zeros((shape[0] - K.shape[0] + 1, shape[1] - K.shape[1] + 1))
    delta[place] = 1
    return adjoint.scatter(delta, K, shape)


@right("nb15.impulse_dX")
def tap_by_tap(K, place, shape):
    dX = np.zeros(shape)
    for u, v in np.ndindex(K.shape):
        dX[place[0] + u, place[1] + v] += K[u, v]
    return dX


@right("nb15.impulse_dX")
def by_padding(K, place, shape):
    (i, j), (k, l) = place, K.shape
    return np.pad(K, ((i, shape[0] - k - i), (j, shape[1] - l - j)))


@wrong("nb15.impulse_dX", "the kernel is turned")
def turned(K, place, shape):
    return pasted(np.rot90(K, 2), place, shape)


@wrong("nb15.impulse_dX", "far corner")
def from_the_end(K, place, shape):
    return pasted(K, (shape[0] - K.shape[0] - place[0], shape[1] - K.shape[1] - place[1]), shape)


@wrong("nb15.impulse_dX", "a single 1")
def one_cell(K, place, shape):
    dX = np.zeros(shape)
    dX[place] = 1
    return dX


@wrong("nb15.impulse_dX", "ones in the place")
def ones(K, place, shape):
    return pasted(np.ones(K.shape), place, shape)


@wrong("nb15.impulse_dX", "row and column")
def exchanged(K, place, shape):
    dX = np.zeros((20, 20))
    dX[place[1] : place[1] + K.shape[0], place[0] : place[0] + K.shape[1]] = K
    return dX[: shape[0], : shape[1]]


# -------------------------------------------------------------------------------------------- cut


@right("nb15.cut")
def by_ends(padded, p):
    return padded[:, p : padded.shape[1] - p, p : padded.shape[2] - p]


@right("nb15.cut")
def by_an_if(padded, p):
    return padded[:, p:-p, p:-p] if p else padded


@right("nb15.cut")
def by_none(padded, p):
    return padded[:, p : -p or None, p : -p or None, :]


@right("nb15.cut")
def by_taking(padded, p):
    _, n_h, n_w, _ = padded.shape
    return padded.take(range(p, n_h - p), axis=1).take(range(p, n_w - p), axis=2)


@wrong("nb15.cut", "[0:-0] is empty")
def minus_zero(padded, p):
    return padded[:, p:-p, p:-p]


@wrong("nb15.cut", "at the bottom and right")
def at_the_end(padded, p):
    return padded[:, : padded.shape[1] - 2 * p, : padded.shape[2] - 2 * p]


@wrong("nb15.cut", "at the top and left")
def at_the_beginning(padded, p):
    return padded[:, 2 * p :, 2 * p :]


@wrong("nb15.cut", "still there")
def nothing(padded, p):
    return padded.copy()


@wrong("nb15.cut", "columns are not")
def rows_alone(padded, p):
    return padded[:, p : padded.shape[1] - p]


@wrong("nb15.cut", "the last two axes")
def as_channels_first(padded, p):
    return padded[..., p : padded.shape[2] - p, p : padded.shape[3] - p]

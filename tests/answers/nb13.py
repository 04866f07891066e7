"""Answers to the exercises of notebook 13."""

import numpy as np

from cnnlib import adjoint, correlation, layers, ops

from . import right, wrong

# -------------------------------------------------------------------------------------- kernel_gap


@right("nb13.kernel_gap")
def map_by_map(X, K, delta, dK):
    total = 0.0
    for n, o in np.ndindex(delta.shape[:2]):
        Z = sum(ops.correlate(X[n, c], K[o, c]) for c in range(X.shape[1]))
        total += (Z * delta[n, o]).sum()
    return total - (K * dK).sum()


@right("nb13.kernel_gap")
def six_loops(X, K, delta, dK):
    total = 0.0
    for n, o, i, j in np.ndindex(delta.shape):
        for c, u, v in np.ndindex(K.shape[1:]):
            total += X[n, c, i + u, j + v] * K[o, c, u, v] * delta[n, o, i, j]
    return total - np.einsum("ocuv,ocuv", K, dK)


@right("nb13.kernel_gap")
def with_the_library(X, K, delta, dK):
    return np.vdot(correlation.correlate_maps(X, K), delta) - np.vdot(K, dK)


@right("nb13.kernel_gap")
def with_the_right_gradient(X, K, delta, dK):
    return ((adjoint.kernel_gradient(X, delta, K.shape[2:]) - dK) * K).sum()


@right("nb13.kernel_gap")
def with_a_layer(X, K, delta, dK):
    layer = layers.Conv2D(K.shape[1], K.shape[0], K.shape[2:], dtype=float)
    layer.params["K"] = K
    return np.array([(layer.forward(X) * delta).sum() - np.tensordot(K, dK, axes=4)])[0]


@wrong("nb13.kernel_gap", "has to be ⋆")
def convolved(X, K, delta, dK):
    return map_by_map(X, K[..., ::-1, ::-1], delta, dK) + np.vdot(K[..., ::-1, ::-1], dK) - np.vdot(K, dK)


@wrong("nb13.kernel_gap", "the sign")
def backwards(X, K, delta, dK):
    return np.vdot(K, dK) - np.vdot(correlation.correlate_maps(X, K), delta)


@wrong("nb13.kernel_gap", "absolute value")
def distance(X, K, delta, dK):
    return np.abs(map_by_map(X, K, delta, dK))


@wrong("nb13.kernel_gap", "mean over the batch")
def averaged(X, K, delta, dK):
    return (correlation.correlate_maps(X, K) * delta).mean(axis=0).sum() - (K * dK).sum()


@wrong("nb13.kernel_gap", "the sum of dK")
def without_K(X, K, delta, dK):
    return (correlation.correlate_maps(X, K) * delta).sum() - np.sum(dK)


@wrong("nb13.kernel_gap", "⟨K, dK⟩ is missing")
def half_of_it(X, K, delta, dK):
    return (correlation.correlate_maps(X, K) * delta).sum()


# -------------------------------------------------------------------------------------- blind_part


@right("nb13.blind_part")
def halves(K):
    return (K + ops.rot180(K)) / 2


@right("nb13.blind_part")
def entry_by_entry(K):
    S, (k_h, k_w) = np.zeros(K.shape), K.shape
    for u, v in np.ndindex(K.shape):
        S[u, v] = 0.5 * K[u, v] + 0.5 * K[k_h - 1 - u, k_w - 1 - v]
    return S


@right("nb13.blind_part")
def without_the_other_part(K):
    return K - (K - np.rot90(K, 2)) / 2


@right("nb13.blind_part")
def as_one_long_row(K):
    row = K.ravel()
    return np.mean([row, row[::-1]], axis=0).reshape(K.shape)


@wrong("nb13.blind_part", "the other part")
def antisymmetric(K):
    return (K - K[::-1, ::-1]) / 2


@wrong("nb13.blind_part", "halve")
def not_halved(K):
    return K + K[::-1, ::-1]


@wrong("nb13.blind_part", "it is not its own turn")
def turned(K):
    return K[::-1, ::-1].copy()


@wrong("nb13.blind_part", "rows are mirrored")
def rows_only(K):
    return (K + np.flipud(K)) / 2


@wrong("nb13.blind_part", "columns are mirrored")
def columns_only(K):
    return (K + np.fliplr(K)) / 2


@wrong("nb13.blind_part", "along both axes")
def four_fold(K):
    H = (K + K[::-1]) / 2
    return (H + H[:, ::-1]) / 2


# ------------------------------------------------------------------------------------------- slips


@wrong("nb13.kernel_gap", "sums are compared")
def sums_only(X, K, delta, dK):
    Z = np.array([[sum(ops.correlate(x[c], k[c]) for c in range(len(x))) for k in K] for x in X])
    return Z.sum() - dK.sum()


@wrong("nb13.blind_part", "a constant is its own turn")
def the_mean(K):
    return K * 0 + K.sum() / K.size

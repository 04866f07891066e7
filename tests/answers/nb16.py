"""Answers to the exercises of notebook 16."""

import numpy as np

from cnnlib import adjoint, ops

from . import right, wrong

# ------------------------------------------------------------------------------------- mirror_back


@right("nb16.mirror_back")
def fold_rows_then_columns(delta, r):
    dX = delta.copy()
    for _ in range(2):
        inner = dX[r:-r].copy()
        for d in range(1, r + 1):
            inner[d] += dX[r - d]
            inner[-1 - d] += dX[len(dX) - 1 - r + d]
        dX = inner.T
    return dX


@right("nb16.mirror_back")
def every_copy_brings_its_delta(delta, r):
    n_h, n_w = delta.shape[0] - 2 * r, delta.shape[1] - 2 * r
    source = np.pad(np.arange(n_h * n_w).reshape(n_h, n_w), r, mode="reflect")
    dX = np.zeros(n_h * n_w)
    np.add.at(dX, source.ravel(), delta.ravel())
    return dX.reshape(n_h, n_w)


@right("nb16.mirror_back")
def transpose_of_the_matrix(delta, r):
    n_h, n_w = delta.shape[0] - 2 * r, delta.shape[1] - 2 * r
    units = np.eye(n_h * n_w).reshape(-1, n_h, n_w)
    matrix = np.stack([np.pad(unit, r, mode="reflect").ravel() for unit in units], axis=1)
    return (matrix.T @ delta.ravel()).reshape(n_h, n_w)


@right("nb16.mirror_back")
def index_by_index(delta, r):
    n_h, n_w = delta.shape[0] - 2 * r, delta.shape[1] - 2 * r

    def cell(p, n):
        p = abs(p)
        return p if p < n else 2 * (n - 1) - p

    dX = np.zeros((n_h, n_w))
    for i, j in np.ndindex(delta.shape):
        dX[cell(i - r, n_h), cell(j - r, n_w)] += delta[i, j]
    return dX


@wrong("nb16.mirror_back", "thrown away")
def cropped(delta, r):
    return delta[r:-r, r:-r]


@wrong("nb16.mirror_back", "overwrite")
def assigned(delta, r):
    dX = delta.copy()
    for _ in range(2):
        inner = dX[r:-r].copy()
        for d in range(1, r + 1):
            inner[d] = dX[r - d]
            inner[-1 - d] = dX[len(dX) - 1 - r + d]
        dX = inner.T
    return dX


@wrong("nb16.mirror_back", "only rows")
def rows_alone(delta, r):
    inner = delta[r:-r].copy()
    for d in range(1, r + 1):
        inner[d] += delta[r - d]
        inner[-1 - d] += delta[len(delta) - 1 - r + d]
    return inner[:, r:-r]


@wrong("nb16.mirror_back", "only columns")
def columns_alone(delta, r):
    return rows_alone(delta.T, r).T


@wrong("nb16.mirror_back", "first copy")
def symmetric(delta, r):
    n_h, n_w = delta.shape[0] - 2 * r, delta.shape[1] - 2 * r
    source = np.pad(np.arange(n_h * n_w).reshape(n_h, n_w), r, mode="symmetric")
    return np.bincount(source.ravel(), weights=delta.ravel(), minlength=n_h * n_w).reshape(n_h, n_w)


@wrong("nb16.mirror_back", "number of copies")
def mean_of_the_copies(delta, r):
    return fold_rows_then_columns(delta, r) / fold_rows_then_columns(np.ones(delta.shape), r)


# --------------------------------------------------------------------------------- input_gradient


@right("nb16.input_gradient")
def product_of_transforms(delta, K):
    size = tuple(np.add(delta.shape[2:], K.shape[2:]) - 1)
    product = np.einsum("noij,ocij->ncij", np.fft.fft2(delta, size), np.fft.fft2(K, size))
    return np.fft.ifft2(product).real


@right("nb16.input_gradient")
def real_transform_in_a_wider_frame(delta, K):
    n_h, n_w = np.add(delta.shape[2:], K.shape[2:]) - 1
    size = (16, 16)
    product = np.einsum("noij,ocij->ncij", np.fft.rfft2(delta, size), np.fft.rfft2(K, size))
    return np.fft.irfft2(product, size)[:, :, :n_h, :n_w]


@right("nb16.input_gradient")
def conjugate_of_the_turned_kernel_and_a_shift(delta, K):
    k_h, k_w = K.shape[2:]
    size = tuple(np.add(delta.shape[2:], K.shape[2:]) - 1)
    turned = np.conj(np.fft.fft2(ops.rot180(K), size))
    back = np.fft.ifft2(np.einsum("noij,ocij->ncij", np.fft.fft2(delta, size), turned)).real
    return np.roll(back, (k_h - 1, k_w - 1), axis=(2, 3))


@right("nb16.input_gradient")
def gather(delta, K):
    n_h, n_w = np.add(delta.shape[2:], K.shape[2:]) - 1
    return adjoint.gather(delta, K, (len(delta), K.shape[1], n_h, n_w))


@wrong("nb16.input_gradient", "conjugated")
def forward_again(delta, K):
    size = tuple(np.add(delta.shape[2:], K.shape[2:]) - 1)
    product = np.einsum("noij,ocij->ncij", np.fft.fft2(delta, size), np.conj(np.fft.fft2(K, size)))
    return np.fft.ifft2(product).real


@wrong("nb16.input_gradient", "turn twice")
def turned_and_convolved(delta, K):
    return product_of_transforms(delta, ops.rot180(K))


@wrong("nb16.input_gradient", "wraps around")
def frame_of_delta(delta, K):
    size = delta.shape[2:]
    product = np.einsum("noij,ocij->ncij", np.fft.fft2(delta, size), np.fft.fft2(K, size))
    return np.fft.ifft2(product).real


@wrong("nb16.input_gradient", "cut to the size of delta")
def as_large_as_delta(delta, K):
    return product_of_transforms(delta, K)[:, :, : delta.shape[2], : delta.shape[3]]


@wrong("nb16.input_gradient", "mean over the output channels")
def averaged(delta, K):
    return product_of_transforms(delta, K) / K.shape[0]


@wrong("nb16.input_gradient", "divided by the batch")
def over_the_batch(delta, K):
    return product_of_transforms(delta, K) / len(delta)


# ------------------------------------------------------------------------------------------- slips


@wrong("nb16.mirror_back", "without being mirrored")
def folded_like_a_flap(delta, r):
    dX = delta.copy()
    for _ in range(2):
        inner = dX[r:-r].copy()
        inner[1 : r + 1] += dX[:r]
        inner[-r - 1 : -1] += dX[-r:]
        dX = inner.T
    return dX


@wrong("nb16.input_gradient", "the channels are not swapped")
def map_after_map(delta, K):
    def pairs(maps, kernels):
        return sum(ops.convolve(d, k, "full") for d, k in zip(maps, kernels, strict=False))

    return np.array([[pairs(maps, kernels) for kernels in K] for maps in delta])

"""Answers to the exercises of notebook 08."""

import numpy as np

from cnnlib import adjoint, ops

from . import right, wrong, wrong_ways

# ---------------------------------------------------------------------------------- input_gradient


@right("nb08.input_gradient")
def paste(delta, K):
    (k_h, k_w, c_in, _), (N, m_h, m_w, _) = K.shape, delta.shape
    dX = np.zeros((N, m_h + k_h - 1, m_w + k_w - 1, c_in))
    for i, j in np.ndindex(m_h, m_w):
        dX[:, i : i + k_h, j : j + k_w] += np.einsum("no,uvco->nuvc", delta[:, i, j], K)
    return dX


@right("nb08.input_gradient")
def six_loops_by_index(delta, K):
    (k_h, k_w, c_in, c_out), (N, m_h, m_w, _) = K.shape, delta.shape
    dX = np.zeros((N, m_h + k_h - 1, m_w + k_w - 1, c_in))
    for n, p, q, c in np.ndindex(dX.shape):
        for i, j, o in np.ndindex(m_h, m_w, c_out):
            if 0 <= p - i < k_h and 0 <= q - j < k_w:
                dX[n, p, q, c] += delta[n, i, j, o] * K[p - i, q - j, c, o]
    return dX


@right("nb08.input_gradient")
def turned_over_a_frame(delta, K):
    k_h, k_w = K.shape[:2]
    framed = np.pad(delta, ((0, 0), (k_h - 1, k_h - 1), (k_w - 1, k_w - 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(framed, (k_h, k_w), axis=(1, 2))  # n, p, q, o, a, b
    return np.einsum("npqoab,abco->npqc", windows, K[::-1, ::-1])


@right("nb08.input_gradient")
def tap_by_tap(delta, K):
    (k_h, k_w, c_in, _), (N, m_h, m_w, _) = K.shape, delta.shape
    dX = np.zeros((N, m_h + k_h - 1, m_w + k_w - 1, c_in))
    for u, v in np.ndindex(k_h, k_w):
        dX[:, u : u + m_h, v : v + m_w] += delta @ K[u, v].T
    return dX


@right("nb08.input_gradient")
def fourier(delta, K):
    size = [m + k - 1 for m, k in zip(delta.shape[1:3], K.shape[:2], strict=True)]
    spectra = np.fft.fft2(delta, size, axes=(1, 2)), np.fft.fft2(K, size, axes=(0, 1))
    return np.fft.ifft2(np.einsum("npqo,pqco->npqc", *spectra), axes=(1, 2)).real


@right("nb08.input_gradient")
def by_way_of_channels_first(delta, K):
    delta, K = np.moveaxis(delta, -1, 1), np.transpose(K, (3, 2, 0, 1))
    size = np.add(delta.shape[2:], K.shape[2:]) - 1
    return np.moveaxis(adjoint.matrix(delta, K, (len(delta), K.shape[1], *size)), 1, -1)


@wrong("nb08.input_gradient", "the kernel is not turned")
def not_turned(delta, K):
    return turned_over_a_frame(delta, K[::-1, ::-1])


@wrong("nb08.input_gradient", "the last two axes of K are turned")
def channels_turned(delta, K):
    return turned_over_a_frame(delta, K[::-1, ::-1, ::-1, ::-1])  # taken as they come, the last two axes turned


@wrong("nb08.input_gradient", "all four axes")
def everything_turned(delta, K):
    return turned_over_a_frame(delta, K[:, :, ::-1, ::-1])


@wrong("nb08.input_gradient", "the channels are not swapped")
def channels_kept(delta, K):
    return tap_by_tap(delta, np.swapaxes(K, 2, 3))


@wrong("nb08.input_gradient", "one axis only: its rows")
def half_a_turn(delta, K):
    return turned_over_a_frame(delta, K[:, ::-1])


@wrong("nb08.input_gradient", "transposed")
def transposed(delta, K):
    return turned_over_a_frame(delta, np.swapaxes(K, 0, 1)[::-1, ::-1])


@wrong("nb08.input_gradient", "mean over the output maps")
def averaged(delta, K):
    return paste(delta, K) / K.shape[3]


# ----------------------------------------------------------------------------------- bias_gradient


@right("nb08.bias_gradient")
def map_after_map(delta, groups, count):
    db = np.zeros(count)
    for o, g in enumerate(groups):
        db[g] += delta[:, o].sum() / len(delta)
    return db


@right("nb08.bias_gradient")
def add_at(delta, groups, count):
    db = np.zeros(count)
    np.add.at(db, list(groups), delta.mean(axis=0).sum(axis=(1, 2)))
    return db


@right("nb08.bias_gradient")
def matrix_of_who_uses_what(delta, groups, count):
    uses = np.array(groups)[None, :] == np.arange(count)[:, None]
    return uses @ np.einsum("noij->o", delta) / len(delta)


@right("nb08.bias_gradient")
def four_loops(delta, groups, count):
    db = [0.0] * count
    for n, o, i, j in np.ndindex(delta.shape):
        db[groups[o]] += delta[n, o, i, j] / delta.shape[0]
    return db


@right("nb08.bias_gradient")
def masks(delta, groups, count):
    chosen = [[o for o, other in enumerate(groups) if other == g] for g in range(count)]
    return [delta[:, maps].sum() / len(delta) for maps in chosen]


@wrong("nb08.bias_gradient", "mean over space")
def mean_of_all(delta, groups, count):
    return np.bincount(groups, weights=delta.mean(axis=(0, 2, 3)), minlength=count)


@wrong("nb08.bias_gradient", "divide by N")
def summed(delta, groups, count):
    return map_after_map(delta, groups, count) * len(delta)


@wrong("nb08.bias_gradient", "only the last one counts")
def buffered(delta, groups, count):
    db = np.zeros(count)
    db[np.array(groups)] += delta.sum(axis=(2, 3)).mean(axis=0)
    return db


@wrong("nb08.bias_gradient", "mean over the maps")
def mean_over_maps(delta, groups, count):
    db = np.zeros(count)
    for g in set(groups):
        db[g] = np.mean([delta[:, o].sum() / len(delta) for o, other in enumerate(groups) if other == g])
    return db


@wrong("nb08.bias_gradient", "a number for each map")
def nobody_shares(delta, groups, count):
    return delta.sum(axis=(0, 2, 3)) / len(delta)


@wrong("nb08.bias_gradient", "divided by N twice")
def twice(delta, groups, count):
    return map_after_map(delta, groups, count) / len(delta)


@wrong("nb08.bias_gradient", "divided by the positions")
def by_positions(delta, groups, count):
    return map_after_map(delta, groups, count) * len(delta) / delta[0, 0].size


# --------------------------------------------------------------------------------- kernel_gradient


def convn(A, B):
    """A three-dimensional valid convolution, from its definition."""
    C = np.zeros(np.subtract(A.shape, B.shape) + 1)
    for at in np.ndindex(C.shape):
        for back in np.ndindex(B.shape):
            C[at] += A[tuple(np.add(at, B.shape) - 1 - back)] * B[back]
    return C


def flipall(A):
    return A[::-1, ::-1, ::-1]


@right("nb08.kernel_gradient")
def flip_the_deltas(a, d):
    return convn(a, flipall(d))[:, :, 0] / d.shape[2]


@right("nb08.kernel_gradient")
def toolbox_and_a_turn(a, d):
    return np.rot90(convn(flipall(a), d)[:, :, 0], 2) / d.shape[2]


@right("nb08.kernel_gradient")
def image_after_image(a, d):
    return np.mean([ops.correlate(a[:, :, n], d[:, :, n]) for n in range(a.shape[2])], axis=0)


@right("nb08.kernel_gradient")
def windows(a, d):
    W = np.lib.stride_tricks.sliding_window_view(a, d.shape[:2], axis=(0, 1))  # u, v, n, i, j
    return np.einsum("uvnij,ijn->uv", W, d) / d.shape[2]


@right("nb08.kernel_gradient")
def tap_by_tap_of_k(a, d):
    m_h, m_w, N = d.shape
    size = a.shape[0] - m_h + 1, a.shape[1] - m_w + 1
    return [[(a[u : u + m_h, v : v + m_w] * d).sum() / N for v in range(size[1])] for u in range(size[0])]


@wrong("nb08.kernel_gradient", "the toolbox's line")
def as_in_the_toolbox(a, d):
    return convn(flipall(a), d)[:, :, 0] / d.shape[2]


@wrong("nb08.kernel_gradient", "paired wrongly: rows and columns")
def rot180_of_d(a, d):
    return convn(a, d[::-1, ::-1])[:, :, 0] / d.shape[2]


@wrong("nb08.kernel_gradient", "nothing is flipped")
def plain(a, d):
    return convn(a, d)[:, :, 0] / d.shape[2]


@wrong("nb08.kernel_gradient", "only the images")
def only_images(a, d):
    return convn(a, d[:, :, ::-1])[:, :, 0] / d.shape[2]


@wrong("nb08.kernel_gradient", "one of them is enough")
def both(a, d):
    return convn(flipall(a), flipall(d))[:, :, 0] / d.shape[2]


@wrong("nb08.kernel_gradient", "divide by N")
def not_divided(a, d):
    return convn(a, flipall(d))[:, :, 0]


@wrong("nb08.kernel_gradient", "mean over the positions")
def mean_over_all(a, d):
    return convn(a, flipall(d))[:, :, 0] / d.size


@wrong("nb08.kernel_gradient", "shape (2, 3, 1); right is shape (2, 3)")
def third_axis_left(a, d):
    return convn(a, flipall(d)) / d.shape[2]


# ---------------------------------------------------------------------------- every other way, and slips


def collected(delta, H, *, wrap=False):
    """dX[p, q] = Σ delta[p − u, q − v]·H[u, v]; with ``wrap`` nobody asks whether p − u is below 0."""
    (k_h, k_w, c_in, _), (N, m_h, m_w, _) = H.shape, delta.shape
    dX = np.zeros((N, m_h + k_h - 1, m_w + k_w - 1, c_in))
    for p, q, u, v in np.ndindex(*dX.shape[1:3], k_h, k_w):
        if p - u < m_h and q - v < m_w and (wrap or (p >= u and q >= v)):
            dX[:, p, q] += delta[:, p - u, q - v] @ H[u, v].T
    return dX


@wrong_ways("nb08.input_gradient", "turned by 180°", "the kernel is {}")
def framed_and(lay):
    def dX(delta, K):
        laid = np.moveaxis(lay(np.moveaxis(K, (0, 1), (-2, -1))), (-2, -1), (0, 1))
        return collected(delta, laid[::-1, ::-1])

    return dX


@wrong("nb08.input_gradient", "delta[p − u, q − v] wraps around")
def no_lower_guard(delta, K):
    return collected(delta, K, wrap=True)


@wrong("nb08.input_gradient", "the channels are not swapped, and the kernel is not turned")
def forward_pass_on_a_frame(delta, K):
    return collected(delta, K[::-1, ::-1].transpose(0, 1, 3, 2))


@wrong("nb08.kernel_gradient", "the images are paired wrongly, and the result is turned")
def maps_turned_in_space(a, d):
    turned, n = a[::-1, ::-1], a.shape[2]
    return sum(ops.convolve(turned[:, :, n - 1 - k], d[:, :, k]) for k in range(n)) / n

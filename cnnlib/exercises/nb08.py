"""Notebook 08, channels, batch and bias: dX with channels last, a bias for several maps, dk through convn."""

import numpy as np

from .. import ops
from ..correlation import correlate_maps
from .exercise import Exercise
from .kernel_turns import TURNS, wrong_turns
from .scatter_mistakes import WRAPS, gathered_wrapping

# ---------------------------------------------------------------------------------- input_gradient


def _channels_last(rng):
    settings = [((2, 2), (3, 4), (2, 3)), ((3, 2), (4, 3), (3, 2)), ((3, 3), (5, 4), (2, 2))]
    for (c_in, c_out), size, kernel_size in settings:
        yield rng.standard_normal((2, *size, c_out)), rng.standard_normal((*kernel_size, c_in, c_out))


def _gather_last(turn, *, swap=True, axes=(-4, -3)):
    """Full correlation of delta with turn(K), whose axes are (k_h, k_w, C_in, C_out); ``axes`` are turned."""

    def dX(delta, K):
        H = np.moveaxis(turn(np.moveaxis(K, axes, (-2, -1))), (-2, -1), axes)
        H = np.transpose(H, (2, 3, 0, 1) if swap else (3, 2, 0, 1))  # one kernel for each map of dX
        k_h, k_w = H.shape[2:]
        framed = ops.pad(np.moveaxis(delta, -1, 1), (k_h - 1, k_w - 1))
        return np.moveaxis(correlate_maps(framed, H), 1, -1)

    return dX


_right_dX = _gather_last(ops.rot180)

input_gradient = Exercise(
    name="input_gradient",
    task="Z = X ⋆ K in valid mode, with the channels last. input_gradient(delta, K) has to return dX "
    "(N, n_h, n_w, C_in) from delta (N, m_h, m_w, C_out) and K (k_h, k_w, C_in, C_out).",
    cases=_channels_last,
    reference=lambda delta, K: _right_dX(delta, K),
    mistakes=wrong_turns(_gather_last, "turned by 180°", "the kernel is {}")
    | {
        "the last two axes of K are turned, and those are channels here; space comes first": _gather_last(
            ops.rot180, axes=(-2, -1)
        ),
        "all four axes of K are turned; channels swap, they never turn": lambda delta, K: _right_dX(
            delta, K[:, :, ::-1, ::-1]
        ),
        WRAPS: lambda delta, K: np.moveaxis(
            gathered_wrapping(np.moveaxis(delta, -1, 1), K.transpose(3, 2, 0, 1)), 1, -1
        ),
        "the channels are not swapped": _gather_last(ops.rot180, swap=False),
        "the channels are not swapped, and the kernel is not turned": _gather_last(TURNS["not turned"], swap=False),
        "mean over the output maps; their contributions add up": lambda delta, K: (
            _right_dX(delta, K) / delta.shape[-1]
        ),
    },
    hints=(
        "dX[n, p, q, c] = Σ_o Σ_ij delta[n, i, j, o]·K[p − i, q − j, c, o]. Which indices are tied to each other?",
        "Only rows and columns are: turn the first two axes of K. Channel o of delta meets the last axis of K.",
        "Or paste: dX[n, i : i + k_h, j : j + k_w, c] += delta[n, i, j, o]·K[:, :, c, o]. Nothing turns there.",
    ),
)


# ----------------------------------------------------------------------------------- bias_gradient


def _shared(rng):
    for images, size, groups, count in [
        (3, (3, 4), (0, 1, 0), 2),
        (2, (4, 3), (2, 0, 1, 0), 3),
        (4, (2, 5), (1, 1, 0, 2, 1), 4),
    ]:
        yield rng.standard_normal((images, len(groups), *size)), groups, count


def _sum_by_group(part):
    """db from part(delta) (C_out,), a number for each output map."""

    def db(delta, groups, count):
        return np.bincount(groups, weights=part(delta), minlength=count)

    return db


def _over_space_and_mean_over_batch(delta):
    return delta.sum(axis=(0, 2, 3)) / len(delta)


def _last_of_group(delta, groups, count):
    db = np.zeros(count)
    db[list(groups)] += _over_space_and_mean_over_batch(delta)  # NumPy writes each index once
    return db


def _mean_of_group(delta, groups, count):
    maps = np.maximum(np.bincount(groups, minlength=count), 1)
    return _sum_by_group(_over_space_and_mean_over_batch)(delta, groups, count) / maps


bias_gradient = Exercise(
    name="bias_gradient",
    task="Output map o adds the bias b[groups[o]]. bias_gradient(delta, groups, count) has to return db (count,) "
    "for the mean loss of the batch; delta (N, C_out, m_h, m_w) is per image, without 1/N.",
    cases=_shared,
    reference=_sum_by_group(_over_space_and_mean_over_batch),
    mistakes={
        "mean over space; positions share the bias, so their deltas add up": _sum_by_group(
            lambda delta: delta.mean(axis=(0, 2, 3))
        ),
        "the batch is added up; its loss is a mean, so divide by N": _sum_by_group(
            lambda delta: delta.sum(axis=(0, 2, 3))
        ),
        "divided by N twice": _sum_by_group(lambda delta: _over_space_and_mean_over_batch(delta) / len(delta)),
        "divided by the positions, and not by the images": _sum_by_group(
            lambda delta: delta.mean(axis=(2, 3)).sum(axis=0)
        ),
        "of the maps that share a bias only the last one counts; they have to add up": _last_of_group,
        "mean over the maps that share a bias; their contributions add up": _mean_of_group,
        "there is a number for each map, as if none shared its bias": lambda delta, groups, count: (
            _over_space_and_mean_over_batch(delta)
        ),
    },
    hints=(
        "b[g] reaches the loss through every unit that adds it. The chain rule adds up their deltas.",
        "Those are all positions of all maps o with groups[o] = g. Over the images the loss is a mean.",
        "db[groups[o]] += delta[:, o].sum() / N, for each o. (db[list(groups)] += … takes each index once.)",
    ),
)


# --------------------------------------------------------------------------------- kernel_gradient


def _batch_last(rng):
    for size, kernel_size, images in [((4, 5), (2, 3), 2), ((5, 4), (3, 2), 3), ((5, 6), (2, 2), 4)]:
        output_size = [n - k + 1 for n, k in zip(size, kernel_size, strict=True)]
        yield rng.standard_normal((*size, images)), rng.standard_normal((*output_size, images))


def _through_convn(flip_a=(), flip_d=(), divide=lambda d: d.shape[2]):
    """convn(a, d, 'valid') with these axes flipped beforehand, divided by divide(d)."""

    def dk(a, d):
        paired = zip(
            np.moveaxis(np.flip(a, flip_a), 2, 0)[::-1],  # along the images convn runs backwards, too
            np.moveaxis(np.flip(d, flip_d), 2, 0),
            strict=True,
        )
        return sum(ops.correlate(one, ops.rot180(other)) for one, other in paired) / divide(d)

    return dk


SPACE, IMAGES, ALL = (0, 1), (2,), (0, 1, 2)
_right_dk = _through_convn(flip_d=ALL)

kernel_gradient = Exercise(
    name="kernel_gradient",
    task="Forward is z = a ⋆ k for each image. kernel_gradient(a, d) has to return dk (k_h, k_w) for the mean loss "
    "of the batch, from a (n_h, n_w, N) and per-image deltas d (m_h, m_w, N).",
    cases=_batch_last,
    reference=lambda a, d: _right_dk(a, d),
    mistakes={
        "turned by 180°: this is the toolbox's line, and it belongs to a forward ∗": _through_convn(flip_a=ALL),
        "the images are paired wrongly: rows and columns of d are flipped, but not its images": _through_convn(
            flip_d=SPACE
        ),
        "the images are paired wrongly, and the result is turned": _through_convn(flip_a=SPACE),
        "nothing is flipped: convn turns d, and pairs the images wrongly": _through_convn(),
        "only the images are flipped: convn still turns the rows and columns of d": _through_convn(flip_d=IMAGES),
        "both a and d are flipped; one of them is enough": _through_convn(flip_a=ALL, flip_d=ALL),
        "the batch is added up; its loss is a mean, so divide by N": _through_convn(flip_d=ALL, divide=lambda d: 1),
        "mean over the positions as well; they share the kernel, so they add up": _through_convn(
            flip_d=ALL, divide=lambda d: d.size
        ),
    },
    hints=(
        "Under ⋆ nothing turns: dk[u, v] = Σ_n Σ_ij a[i + u, j + v, n]·d[i, j, n] / N. Loops will do.",
        "convn runs backwards through its second argument, along all three axes. Undo that, and no more.",
        "convn_valid(a, d[::-1, ::-1, ::-1])[:, :, 0] / N.",
    ),
)

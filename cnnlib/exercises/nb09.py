"""Notebook 09, pooling, flatten and output: back through blocks, through ties, and to a last convolution."""

import numpy as np

from .exercise import Exercise

# ---------------------------------------------------------------------------------- mean_pool_back


def _pooled(rng):
    for shape, scale in [((2, 2, 2, 3), (2, 3)), ((2, 3, 3, 2), (3, 1)), ((1, 2, 2, 3), (2, 2))]:
        yield rng.standard_normal(shape), scale


def _spread(divisor, *, order=lambda s_h, s_w: (s_h, s_w)):
    """Every delta repeated over its block, divided by divisor(s_h, s_w)."""

    def dX(delta, scale):
        rows, columns = order(*scale)
        return np.repeat(np.repeat(delta, rows, axis=2), columns, axis=3) / divisor(*scale)

    return dX


def _area(s_h, s_w):
    return s_h * s_w


def _one_cell(delta, scale):
    dX = np.zeros((*delta.shape[:2], delta.shape[2] * scale[0], delta.shape[3] * scale[1]))
    dX[:, :, :: scale[0], :: scale[1]] = delta
    return dX


mean_pool_back = Exercise(
    name="mean_pool_back",
    task="P[i, j] is the mean of a block of s_h×s_w cells of X. mean_pool_back(delta, scale) has to return dX "
    "(N, C, s_h·m_h, s_w·m_w) from delta = ∂L/∂P (N, C, m_h, m_w) and scale = (s_h, s_w).",
    cases=_pooled,
    reference=_spread(_area),
    mistakes={
        "not divided: each cell of a block gets the whole delta": _spread(lambda s_h, s_w: 1),
        "divided twice by the size of the block": _spread(lambda s_h, s_w: _area(s_h, s_w) ** 2),
        "divided by s_h², but the block has s_h·s_w cells": _spread(lambda s_h, s_w: s_h**2),
        "divided by s_w², but the block has s_h·s_w cells": _spread(lambda s_h, s_w: s_w**2),
        "s_h and s_w are exchanged": _spread(_area, order=lambda s_h, s_w: (s_w, s_h)),
        "the whole map of deltas is laid out again and again; each entry has to fill its own block": (
            lambda delta, scale: np.tile(delta, scale) / _area(*scale)
        ),
        "the whole delta goes to the first cell of its block; a mean shares it out": _one_cell,
    },
    hints=(
        "Every cell lies in exactly one block, and the mean takes it with weight 1/(s_h·s_w).",
        "np.repeat(delta, s_h, axis=2) repeats each row s_h times.",
        "Repeat the columns alike, then divide once.",
    ),
)


# ----------------------------------------------------------------------------------- max_pool_back


def _with_ties(rng):
    """Maps of negative numbers, where some blocks hold two or more zeros: the ties."""
    for size, s, places in [
        ((4, 6), 2, [(0, 1), (1, 0), (2, 4), (2, 5), (3, 5)]),
        ((6, 3), 3, [(0, 2), (1, 1), (2, 0), (2, 2), (5, 1)]),
        ((4, 2), 2, [(2, 0), (3, 1)]),
    ]:
        X = -0.5 - rng.random(size)
        X[tuple(zip(*places, strict=True))] = 0
        yield X, rng.standard_normal((size[0] // s, size[1] // s)), s


def _blockwise(share):
    """dX, block by block: share(block) is the part of its delta that each cell gets."""

    def dX(X, delta, s):
        result = np.zeros(X.shape)
        for i, j in np.ndindex(delta.shape):
            here = np.s_[s * i : s * i + s, s * j : s * j + s]
            result[here] = share(X[here]) * delta[i, j]
        return result

    return dX


def _largest(block):
    return (block == block.max()).astype(float)


def _only(block, number):
    """1 at the first (0) or last (−1) of the largest cells."""
    share = np.zeros(block.shape)
    share[tuple(np.argwhere(_largest(block))[number])] = 1
    return share


def _as_measured(block):
    tied = _largest(block)
    return tied if tied.sum() == 1 else tied / 2


max_pool_back = Exercise(
    name="max_pool_back",
    task="P[i, j] is the maximum of a block of s×s cells of X. max_pool_back(X, delta, s) has to return dX, shaped "
    "like X (n_h, n_w), from delta = ∂L/∂P (n_h/s, n_w/s); cells that tie for the maximum share delta equally.",
    cases=_with_ties,
    reference=_blockwise(lambda block: _largest(block) / _largest(block).sum()),
    mistakes={
        "at a tie the first cell takes all; here they share": _blockwise(lambda block: _only(block, 0)),
        "at a tie the last cell takes all; here they share": _blockwise(lambda block: _only(block, -1)),
        "at a tie each cell gets the whole delta; the shares have to add up to 1": _blockwise(_largest),
        "at a tie each cell gets half, as a central difference says; three halves are too much": (
            _blockwise(_as_measured)
        ),
        "this is mean pooling: every cell of a block gets a share": (
            _blockwise(lambda block: np.full(block.shape, 1 / block.size))
        ),
        "divided by s², but a maximum divides nothing": (
            _blockwise(lambda block: _largest(block) / _largest(block).sum() / block.size)
        ),
        "only cells that equal the maximum of the whole map get something; each block has its own": (
            lambda X, delta, s: max_pool_back.reference(X, delta, s) * (X.max() == X)
        ),
    },
    hints=(
        "In each block: which cells equal its maximum? (block == block.max()) is a mask.",
        "The shares of the tied cells are equal and add up to 1.",
        "mask / mask.sum() · delta[i, j] fills the block.",
    ),
)


# ------------------------------------------------------------------------------------- conv_ending


def _endings(rng):
    for n, maps, n_out in [(2, (2, 2, 3), 4), (3, (3, 3, 2), 5), (2, (1, 2, 4), 3)]:
        A = 1 / (1 + np.exp(-rng.standard_normal((n, *maps))))
        yield rng.standard_normal((n, n_out)), rng.standard_normal((n_out, int(np.prod(maps)))), A


def _by_columns(fvd, shape):
    n, c, n_h, n_w = shape
    return fvd.reshape(n, c, n_w, n_h).swapaxes(2, 3)


def _ending(back=_by_columns, slope=lambda A: A * (1 - A)):
    return lambda od, W, A: back(od @ W, A.shape) * slope(A)


def _sigmoid_again(A):
    twice = 1 / (1 + np.exp(-A))
    return twice * (1 - twice)


conv_ending = Exercise(
    name="conv_ending",
    task="The last maps A = σ(Z) were flattened map after map, column after column. conv_ending(od, W, A) has to "
    "return ∂L/∂Z, shaped like A (N, C, n_h, n_w); od (N, n_out) is the output's delta, W is (n_out, C·n_h·n_w).",
    cases=_endings,
    reference=_ending(),
    mistakes={
        "reshaped row by row; the features stand column after column": _ending(
            back=lambda fvd, shape: fvd.reshape(shape)
        ),
        "σ′ is missing: this is ∂L/∂A": _ending(slope=np.ones_like),
        "σ′ is missing, and it is reshaped row by row": _ending(
            back=lambda fvd, shape: fvd.reshape(shape), slope=np.ones_like
        ),
        "σ′ is there twice": _ending(slope=lambda A: (A * (1 - A)) ** 2),
        "multiplied by a, but the slope is a(1 − a)": _ending(slope=lambda A: A),
        "σ′ is taken at a; a is an output already, so the slope is a(1 − a)": _ending(slope=_sigmoid_again),
        "columns run over all maps at once; the features stand map after map": _ending(
            back=lambda fvd, shape: np.array([row.reshape(shape[1:], order="F") for row in fvd])
        ),
        "divided by N; od brings its 1/N along, if there is one": (lambda od, W, A: _ending()(od, W, A) / len(A)),
    },
    hints=(
        "First the features: feature t reached every output j through W[j, t]. Where does the sum run?",
        "One image's features, map after map, fill n_h cells of a column before the next column begins.",
        "reshape(N, C, n_w, n_h) puts each column into a row; swap the last two axes, then the slope a(1 − a).",
    ),
)

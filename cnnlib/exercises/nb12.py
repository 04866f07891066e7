"""Notebook 12, watch LeNet learn: which deltas one delta is made of, and the path of a weight with momentum."""

import numpy as np

from .exercise import Exercise

# --------------------------------------------------------------------------------------- influence


def _cells(rng):
    for size, kernel_size in [((8, 8), (5, 5)), ((4, 6), (2, 3)), ((5, 3), (3, 2))]:
        corner = tuple(n + k - 2 for n, k in zip(size, kernel_size, strict=True))
        for p, q in [(0, 1), (2, 3), corner, tuple(int(n) for n in rng.integers(1, 4, 2))]:
            yield p, q, kernel_size, size


def _where(test):
    """1 where test(p − i, k_h) and test(q − j, k_w) hold."""

    def influence(p, q, kernel_size, output_shape):
        i, j = np.indices(output_shape)
        return (test(p - i, kernel_size[0]) & test(q - j, kernel_size[1])).astype(float)

    return influence


_right = _where(lambda u, k: (u >= 0) & (u < k))

def _wrapping(p, q, kernel_size, output_shape):
    """1 is written to (p − u, q − v) for every tap, with an upper bound and no lower one."""
    marked = np.zeros(output_shape)
    for u, v in np.ndindex(*kernel_size):
        if p - u < output_shape[0] and q - v < output_shape[1]:
            marked[p - u, q - v] = 1
    return marked


influence = Exercise(
    name="influence",
    task="Z = X ⋆ K in valid mode, K of kernel_size. influence(p, q, kernel_size, output_shape) has to return a "
    "map shaped like Z: 1 where delta[i, j] is a part of dX[p, q], and 0 elsewhere.",
    cases=_cells,
    reference=_right,
    mistakes={
        "these are the cells from (p, q) on; but output (i, j) reads inputs from (i, j) on": _where(
            lambda u, k: (u <= 0) & (u > -k)
        ),
        "it lets u = h in: the taps of a kernel are 0 … h − 1": _where(lambda u, k: (u >= 0) & (u <= k)),
        "it leaves out u = 0: the first tap is a tap too": _where(lambda u, k: (u > 0) & (u < k)),
        "there is no lower bound: outputs behind (p, q) never read that input": _where(lambda u, k: u < k),
        "there is no upper bound: outputs far before (p, q) do not reach that input": _where(lambda u, k: u >= 0),
        "(p − u, q − v) wraps around: index −1 is the last output; leave out what lies before the first": _wrapping,
        "p and q are exchanged": lambda p, q, kernel_size, shape: _right(q, p, kernel_size, shape),
        "the window is centred on (p, q); here it is not": _where(lambda u, k: np.abs(u) <= k // 2),
    },
    hints=(
        "Output (i, j) reads the inputs (i + u, j + v), for all taps u and v.",
        "So p = i + u, and u = p − i has to be a tap: 0 ≤ p − i < k_h. Likewise for q − j.",
        "np.indices(output_shape) gives i and j for all cells at once.",
    ),
)


# ------------------------------------------------------------------------------------ momentum_path


def _gradients(rng):
    for shape, rate, momentum in [((7, 2), 0.5, 0.9), ((5, 3), 0.02, 0.9), ((6, 4), 0.1, 0.5)]:
        yield rng.standard_normal(shape), rate, momentum


def _path(velocity, moved=lambda theta, v, g, rate, m: theta + v):
    """θ after each gradient, starting from 0, for a rule v ← velocity(v, g, rate, m)."""

    def path(gradients, learning_rate, momentum):
        theta = v = np.zeros(gradients.shape[1])
        thetas = np.zeros(gradients.shape)
        for t, g in enumerate(gradients):
            v = velocity(v, g, learning_rate, momentum)
            theta = moved(theta, v, g, learning_rate, momentum)
            thetas[t] = theta
        return thetas

    return path


def _usual(v, g, rate, m):
    return m * v - rate * g


momentum_path = Exercise(
    name="momentum_path",
    task="s ← momentum·s − learning_rate·gradient, θ ← θ + s; both start at 0. momentum_path(gradients, "
    "learning_rate, momentum) has to return θ after each update: row t for gradients[t].",
    cases=_gradients,
    reference=_path(_usual),
    mistakes={
        "it goes uphill: the gradient has to be subtracted": _path(lambda v, g, rate, m: m * v + rate * g),
        "there is no momentum in it": _path(lambda v, g, rate, m: -rate * g),
        "these are the velocities; θ is their sum": _path(_usual, lambda theta, v, g, rate, m: v),
        "the gradient counts (1 − momentum) times; here it counts in full": _path(
            lambda v, g, rate, m: m * v - (1 - m) * rate * g
        ),
        "the learning rate also shrinks the old velocity": _path(lambda v, g, rate, m: rate * (m * v - g)),
        "θ goes with the velocity from before this gradient; s comes first": _path(
            _usual, lambda theta, v, g, rate, m: theta + (v + rate * g) / m
        ),
        "the gradient is counted twice, in v and once more in θ": _path(
            _usual, lambda theta, v, g, rate, m: theta + v - rate * g
        ),
    },
    hints=(
        "Two arrays go from update to update: v and θ. Both have as many entries as a gradient.",
        "First v, then θ, and θ uses the new v.",
        "Make new arrays, theta = theta + v: with theta += v all rows that you keep may be one and the same array.",
    ),
)

"""Notebook 01, correlation is not convolution: one output cell, kernels for another library, the other order."""

from .. import ops
from .exercise import Exercise
from .kernel_turns import wrong_turns


def _pairs(rng):
    """Maps and kernels of several shapes."""
    for size, kernel_size in [((7, 8), (2, 3)), ((8, 7), (3, 3)), ((7, 9), (3, 2)), ((8, 8), (1, 4))]:
        yield rng.standard_normal(size), rng.standard_normal(kernel_size)


# ------------------------------------------------------------------------------------- convolve_at


def _cells(rng):
    for X, K in _pairs(rng):
        yield X, K, 1, 3
        yield X, K, 4, 0


def _window_times(turn):
    def one_cell(X, K, i, j):
        H = turn(K)
        k_h, k_w = H.shape
        return (X[i : i + k_h, j : j + k_w] * H).sum()

    return one_cell


def _wrapping(X, K, i, j):
    """The formula of the full mode at (i, j): Python counts a negative index from the end."""
    return sum(X[i - u, j - v] * K[u, v] for u in range(K.shape[0]) for v in range(K.shape[1]))


def _plus_one(X, K, i, j):
    """The formula of the notebook's 2×2 kernel, for a kernel of any size."""
    return sum(X[i + 1 - u, j + 1 - v] * K[u, v] for u in range(K.shape[0]) for v in range(K.shape[1]))


def _cell_of(mode):
    return lambda X, K, i, j: ops.convolve(X, K, mode)[i, j]


convolve_at = Exercise(
    name="convolve_at",
    task="convolve_at(X, K, i, j) has to return the number Z[i, j] of Z = X ∗ K in valid mode.",
    cases=_cells,
    reference=_cell_of("valid"),
    mistakes=wrong_turns(_window_times, "turned by 180°", "this is the window times the kernel {}")
    | {
        "the + 1 belongs to a kernel of 2×2: it is k_h − 1 for the rows, k_w − 1 for the columns": _plus_one,
        "X[i − u, j − v] wraps around: −1 is the last row; in valid mode it is X[i + k_h − 1 − u, …]": _wrapping,
        "i and j are exchanged": lambda X, K, i, j: ops.convolve(X, K)[j, i],
        "this is cell (i, j) of the full result, not of the valid one": _cell_of("full"),
        "this is cell (i, j) of the same result, not of the valid one": _cell_of("same"),
    },
    hints=(
        "Cell (i, j) sees the window X[i : i + k_h, j : j + k_w], under ⋆ and under ∗ alike.",
        "Under ∗ the first entry of the window meets the last entry of the kernel.",
        "X[i + u, j + v] is multiplied with K[k_h − 1 − u, k_w − 1 − v].",
    ),
)


# ------------------------------------------------------------------------- kernels_for_correlation


def _stacks(rng):
    for shape in [(2, 2, 3, 3), (3, 2, 2, 3), (2, 3, 3, 2), (2, 2, 2, 2)]:
        yield (rng.standard_normal(shape),)


kernels_for_correlation = Exercise(
    name="kernels_for_correlation",
    task="A net was trained under ∗ with kernels K (C_out, C_in, k_h, k_w). kernels_for_correlation(K) has to "
    "return the kernels that give the same maps in a library that computes ⋆.",
    cases=_stacks,
    reference=lambda K: ops.rot180(K),
    mistakes=wrong_turns(lambda turn: turn, "turned by 180°", "every kernel is {}")
    | {
        "the channels are reversed as well; only the two spatial axes turn": lambda K: K[::-1, ::-1, ::-1, ::-1],
        "the input channels are reversed as well; only space turns": lambda K: K[:, ::-1, ::-1, ::-1],
        "the output channels are reversed as well; only space turns": lambda K: K[::-1, :, ::-1, ::-1],
        "the channel axes are reversed instead of the spatial ones": lambda K: K[::-1, ::-1],
        "the channels are swapped; that belongs to the backward pass": lambda K: ops.rot180(K).swapaxes(0, 1),
    },
    hints=(
        "X ∗ K = X ⋆ rot180(K) holds for each pair of an input and an output channel.",
        "Which of the four axes are spatial? The other two stay as they are.",
        "K[:, :, ::-1, ::-1], or ops.rot180(K).",
    ),
)


# ------------------------------------------------------------------------------- correlate_swapped


def _full_correlations(rng):
    for X, K in _pairs(rng):
        yield (ops.correlate(X, K, "full"),)


correlate_swapped = Exercise(
    name="correlate_swapped",
    task="Z = X ⋆ K in full mode is known, X and K are not. correlate_swapped(Z) has to return K ⋆ X in full mode.",
    cases=_full_correlations,
    reference=lambda Z: ops.rot180(Z),
    mistakes=wrong_turns(lambda turn: turn, "turned by 180°", "this is Z {}"),
    hints=(
        "Correlation does not commute, convolution does. Write both correlations as convolutions.",
        "K ⋆ X = K ∗ rot180(X) = rot180(X) ∗ K.",
        "A convolution of two turned maps is the turned convolution of the two maps.",
    ),
)

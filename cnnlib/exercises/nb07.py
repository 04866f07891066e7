"""Notebook 07, stride, dilation and padding backwards: the border of δ, dK of a convolution, a transposed layer."""

import numpy as np

from .. import adjoint, ops
from .exercise import Exercise
from .kernel_turns import TURNS, wrong_turns

AS_IS = TURNS["not turned"]

# ------------------------------------------------------------------------------------------- frame


def _lines(_rng):
    settings = [(5, 2, 1, (1, 0), 1), (6, 3, 2, (0, 0), 1), (9, 4, 3, (1, 2), 1)]
    return [*settings, (10, 3, 2, (2, 1), 2), (8, 2, 3, (3, 2), 1)]


def _framed(sides):
    """(before, after) from D = d(h−1), the forward padding before and after, and the tail."""

    def frame(n, h, stride, padding, dilation):
        (before, after), D = padding, dilation * (h - 1)
        return sides(D, before, after, (n + before + after - D - 1) % stride)

    return frame


def _no_dilation(n, h, stride, padding, dilation):
    return _framed(lambda D, b, a, r: (D - b, D - a + r))(n, h, stride, padding, 1)


frame = Exercise(
    name="frame",
    task="frame(n, h, stride, padding, dilation) has to return (before, after): the zeros around the δ that was "
    "dilated by the stride, so that the turned kernel gives n gradients; padding is the pair of the forward pass.",
    cases=_lines,
    reference=_framed(lambda D, b, a, r: (D - b, D - a + r)),
    mistakes={
        "the dropped tail is missing": _framed(lambda D, b, a, r: (D - b, D - a)),
        "the dropped tail is at the wrong end; the last inputs are in no window": _framed(
            lambda D, b, a, r: (D - b + r, D - a)
        ),
        "the dropped tail is at both ends; window 0 starts at the very beginning": _framed(
            lambda D, b, a, r: (D - b + r, D - a + r)
        ),
        "before and after are exchanged": _framed(lambda D, b, a, r: (D - a, D - b + r)),
        "the dilation is ignored: a dilated kernel reaches d(h−1) further": _no_dilation,
        "a negative border is a crop; it is not 0": _framed(lambda D, b, a, r: (max(D - b, 0), max(D - a + r, 0))),
        "the forward padding is added; it makes the border smaller": _framed(lambda D, b, a, r: (D + b, D + a + r)),
        "the forward padding is ignored": _framed(lambda D, b, a, r: (D, D + r)),
        "d·h in the place of d(h−1)": lambda n, h, stride, padding, dilation: _framed(
            lambda D, b, a, r: (D + dilation - b, D + dilation - a + r)
        )(n, h, stride, padding, dilation),
        "one too many at both ends: input 0 reads down to its padding − d(h−1)": _framed(
            lambda D, b, a, r: (D - b + 1, D - a + r + 1)
        ),
    },
    hints=(
        "Input p reads the dilated δ from p + before − d(h−1) to p + before, where before is the forward padding.",
        "Input 0 reads furthest to the left: d(h−1) − before zeros are needed there.",
        "The last delta stands at s(m−1), and input n−1 reads up to n − 1 + before. How many cells lie between, "
        "if s(m−1) = n + before + after − d(h−1) − 1 − r?",
    ),
)


# -------------------------------------------------------------------- kernel_gradient_of_convolution


def _forward_maps(rng):
    for *size_and_settings, m in [
        ((7, 9), (2, 3), (1, 2), (1, 2), (6, 3)),
        ((8, 9), (3, 2), (2, 3), (1, 1), (3, 3)),
        ((9, 8), (3, 3), (2, 2), (2, 1), (3, 3)),
        ((8, 7), (2, 3), (2, 1), (2, 1), (3, 5)),
    ]:
        size, *settings = size_and_settings
        yield rng.standard_normal(size), rng.standard_normal(m), *settings


def _dK(turn=ops.rot180, *, one_stride=False, one_dilation=False, mean=False):
    def gradient(X, delta, kernel_size, stride, dilation):
        s = stride[:1] * 2 if one_stride else stride
        d = dilation[:1] * 2 if one_dilation else dilation
        (k_h, k_w), (m_h, m_w) = kernel_size, delta.shape
        dH = np.zeros(kernel_size)
        for u, v in np.ndindex(k_h, k_w):
            part = X[d[0] * u :: s[0], d[1] * v :: s[1]][:m_h, :m_w]
            dH[u, v] = (part * delta[: part.shape[0], : part.shape[1]]).sum()
        return turn(dH) / (delta.size if mean else 1)

    return gradient


def _with_tail(X, delta, kernel_size, stride, dilation):
    """Every d-th entry, the tail of X kept."""
    d_h, d_w = dilation
    return ops.rot180(ops.correlate(X, ops.dilate(delta, stride))[::d_h, ::d_w])


def _first_entries(X, delta, kernel_size, stride, dilation):
    """The first k_h×k_w entries in the place of every d-th."""
    k_h, k_w = kernel_size
    return ops.rot180(ops.correlate(X, ops.dilate(delta, stride))[:k_h, :k_w])


kernel_gradient_of_convolution = Exercise(
    name="kernel_gradient_of_convolution",
    task="Z = X ∗ K, each axis with its own setting. kernel_gradient_of_convolution(X, delta, kernel_size, stride, "
    "dilation) has to return dK, shaped kernel_size; stride and dilation are pairs (vertical, horizontal).",
    cases=_forward_maps,
    reference=lambda X, delta, kernel_size, stride, dilation: adjoint.kernel_gradient(
        X, delta, kernel_size, stride=stride, dilation=dilation, operation="convolution"
    ),
    mistakes={"this is dK under ⋆, not turned; under ∗ the window held the turned kernel": _dK(AS_IS)}
    | {
        sentence: mistaken
        for sentence, mistaken in wrong_turns(_dK, "turned by 180°", "the gradient of the window is {}").items()
        if "not turned" not in sentence
    }
    | {
        "the vertical stride is used on both axes": _dK(one_stride=True),
        "the vertical dilation is used on both axes": _dK(one_dilation=True),
        "every d-th entry is kept, but the tail of X was not dropped": _with_tail,
        "the first entries are kept; it is every d-th": _first_entries,
        "mean over the positions; a shared kernel gets the sum": _dK(mean=True),
    },
    hints=(
        "Forget the turn first: what lay on the window is H, and Z[i, j] = Σ X[s·i + d·u, s·j + d·v]·H[u, v].",
        "dH[u, v] = Σ delta[i, j]·X[s_h·i + d_h·u, s_w·j + d_w·v]. Two loops and a slice of X do it.",
        "H = rot180(K), so the gradient has to be turned back.",
    ),
)


# ---------------------------------------------------------------------- transposed_kernel_gradient


def _pasted_maps(rng):
    settings = [((3, 4), (2, 3), 2, 0), ((3, 3), (3, 2), 2, 1), ((4, 3), (3, 3), 1, 0), ((3, 2), (4, 3), 3, 2)]
    for (m_h, m_w), (k_h, k_w), s, r in settings:
        dY = rng.standard_normal((s * (m_h - 1) + k_h + r, s * (m_w - 1) + k_w + r))
        yield rng.standard_normal((m_h, m_w)), dY, (k_h, k_w), s


def _transposed(turn=AS_IS, *, dense=False, turned_map=False, mean=False):
    def gradient(X, dY, kernel_size, stride):
        s, dK = 1 if dense else stride, np.zeros(kernel_size)
        X = ops.rot180(X) if turned_map else X
        for i, j in np.ndindex(X.shape):
            dK += X[i, j] * dY[s * i : s * i + kernel_size[0], s * j : s * j + kernel_size[1]]
        return turn(dK) / (X.size if mean else 1)

    return gradient


transposed_kernel_gradient = Exercise(
    name="transposed_kernel_gradient",
    task="Y[s·i + u, s·j + v] receives X[i, j]·K[u, v]. transposed_kernel_gradient(X, dY, kernel_size, stride) has "
    "to return dK; dY may have some last rows and columns that nothing was pasted on.",
    cases=_pasted_maps,
    reference=_transposed(),
    mistakes=wrong_turns(_transposed, "not turned", "the result is {}; nothing turns here")
    | {
        "the stride is ignored": _transposed(dense=True),
        "X is turned; each X[i, j] meets the window it was pasted on": _transposed(turned_map=True),
        "mean over X; a shared kernel gets the sum": _transposed(mean=True),
        "the last rows and columns of dY, on which nothing was pasted, are not dropped": (
            lambda X, dY, kernel_size, stride: ops.correlate(dY, ops.dilate(X, stride))
        ),
        "this is a convolution, which turns X, and the tail of dY is not dropped": (
            lambda X, dY, kernel_size, stride: ops.convolve(dY, ops.dilate(X, stride))
        ),
    },
    hints=(
        "Y is linear in K: which entries of Y change when K[u, v] does, and by how much?",
        "Y[s·i + u, s·j + v] changes by X[i, j], for every i and j.",
        "dK[u, v] = Σ X[i, j]·dY[s·i + u, s·j + v]: compare with the dK of a convolution with a stride.",
    ),
)

"""Notebook 16, the same turn elsewhere: the way back of a mirrored frame, and dX by frequency."""

import numpy as np

from .. import adjoint
from .exercise import Exercise
from .kernel_turns import TURNS
from .scatter_mistakes import wrong_sizes

# ------------------------------------------------------------------------------------- mirror_back


def _mirrored(rng):
    for size, r in [((5, 7), 2), ((4, 6), 1), ((7, 4), 3)]:
        yield rng.standard_normal(np.add(size, 2 * r)), r


def _folded(add=True, edge=0, axes=(0, 1), nearest_first=True):
    """Each row of the frame goes to the row that it was a copy of; then the columns alike."""

    def back(delta, r):
        dX = np.array(delta, dtype=float)
        for axis in (0, 1):
            A = np.moveaxis(dX, axis, 0)
            inner = A[r : len(A) - r].copy()
            n = len(inner)
            for d in range(1, r + 1) if axis in axes else ():
                before, after = (r - d, r + n - 1 + d) if nearest_first else (d - 1, r + n + r - d)
                for copy, cell in ((before, d - edge), (after, n - 1 - d + edge)):
                    inner[cell] = inner[cell] + A[copy] if add else A[copy]
            dX = np.moveaxis(inner, 0, axis)
        return dX

    return back


def _averaged(delta, r):
    """Divided by the number of copies of each cell."""
    return _folded()(delta, r) / _folded()(np.ones(delta.shape), r)


mirror_back = Exercise(
    name="mirror_back",
    task="Y = np.pad(X, r, mode='reflect'). mirror_back(delta, r) has to return dX, shaped like X, from delta, "
    "shaped like Y.",
    cases=_mirrored,
    reference=_folded(),
    mistakes={
        "the frame's deltas are thrown away; a copy of a cell brings its delta back to that cell": _folded(axes=()),
        "copies overwrite what is there; they have to add up": _folded(add=False),
        "only rows are folded back; the frame has columns, too": _folded(axes=(0,)),
        "only columns are folded back; the frame has rows, too": _folded(axes=(1,)),
        "the edge cell itself is taken for the first copy; reflect begins with its neighbour": _folded(edge=1),
        "the frame is folded in without being mirrored": _folded(nearest_first=False),
        "divided by the number of copies; a gradient adds up": _averaged,
    },
    hints=(
        "Which cells of Y are copies of X[1, 2]? All their deltas go there.",
        "Row r − d of Y is a copy of row d of X, and row r + n − 1 + d one of row n − 1 − d, for d from 1 to r.",
        "Fold the rows in first, with +=, and then the columns of what you have: the corners then find their way.",
    ),
)


# --------------------------------------------------------------------------------- input_gradient


def _layers(rng):
    settings = [((2, 3), (5, 6), (2, 3)), ((3, 2), (6, 4), (3, 2)), ((2, 2), (5, 7), (3, 4))]
    for (c_in, c_out), size, kernel_size in settings:
        m = np.subtract(size, kernel_size) + 1
        yield rng.standard_normal((2, c_out, *m)), rng.standard_normal((c_out, c_in, *kernel_size))


def _size(delta, K):
    return tuple(np.add(delta.shape[2:], K.shape[2:]) - 1)


def _by_frequency(frame=_size, product="noij,ocij->ncij", turn=lambda K: K, conjugate=False):
    def back(delta, K):
        size = frame(delta, K)
        kernel = np.fft.fft2(turn(K), size)
        kernel = kernel.conj() if conjugate else kernel
        product_ = np.einsum(product, np.fft.fft2(delta, size), kernel)
        return np.fft.ifft2(product_).real

    return back


def _right(delta, K):
    return adjoint.gather(delta, K, (len(delta), K.shape[1], *_size(delta, K)))


def _unswapped(delta, K):
    """Without the swap the channels meet the wrong maps; where there are too few, the rest is left out."""
    both = min(K.shape[:2])
    return _by_frequency(product="ncij,ocij->noij")(delta[:, :both], K[:, :both])


def _cut(delta, K):
    """The upper left of dX, as many rows and columns as delta has."""
    m_h, m_w = delta.shape[2:]
    return _right(delta, K)[:, :, :m_h, :m_w]


input_gradient = Exercise(
    name="input_gradient",
    task="Z = X ⋆ K, valid, with channels. input_gradient(delta, K) has to return dX (N, C_in, n_h, n_w); delta is "
    "(N, C_out, m_h, m_w), K is (C_out, C_in, k_h, k_w).",
    cases=_layers,
    reference=_right,
    mistakes={
        "the kernel's transform is conjugated; that is the forward pass": _by_frequency(conjugate=True),
        "the kernel is turned and then convolved: rot180 and a product of transforms turn twice": _by_frequency(
            turn=TURNS["turned by 180°"]
        ),
        "the frame is too small, so that the result wraps around": _by_frequency(lambda delta, K: delta.shape[2:]),
        "the result is cut to the size of delta; dX has h − 1 rows and columns more": _cut,
        "the channels are not swapped": _unswapped,
    }
    | wrong_sizes(_right),
    hints=(
        "A full convolution ∗ of δ and K, as it is, has n rows and columns: dX = Σ over o of δ[o] ∗ K[o, c].",
        "Both transforms have to be of the size of dX, m + h − 1 along each axis: np.fft.fft2(delta, size).",
        "Multiply δ̂[n, o] and K̂[o, c], add up over o (np.einsum('noij,ocij->ncij', …)), go back, take .real.",
    ),
)

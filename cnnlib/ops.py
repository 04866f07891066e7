"""The operations of the course on two-dimensional maps: turn, pad, dilate, correlate, convolve.

Indices everywhere: (i, j) output, (u, v) kernel, (p, q) input.  A correlation slides the kernel as it
is; a convolution slides it turned by 180°.  Each sliding operation is written twice: as the double loop
one would write by hand, and with NumPy.  A test compares the two.  Nothing assumes a dtype, so the same
lines run on floats, on integers and on SymPy symbols.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from .validation import as_array, as_pair, four_sides, spatial, two_maps, whole_number

MODES = ("valid", "same", "full")
MOST_BYTES = 2**27  # bytes of the windows copied for one product; the training of the course never needs as much
Size = int | tuple[int, int]  # one number for both axes, or (vertical, horizontal)


def rot180(K: ArrayLike) -> np.ndarray:
    """The kernel turned by 180°: both spatial (last two) axes reversed, R[u, v] = K[k_h−1−u, k_w−1−v].

    Not a transpose, not a mirror image: two turns give K back.  Any dtype, shape (..., k_h, k_w).  The result is a
    copy: writing into it leaves K as it is.
    """
    return spatial(K, "rot180")[..., ::-1, ::-1].copy()


def dilate(X: ArrayLike, s: Size) -> np.ndarray:
    """Spread the last two axes: s − 1 zeros between neighbours, Y[s·i, s·j] = X[i, j].

    Parameters
    ----------
    X : (..., n_h, n_w)
    s : cells, at least 1
        An int or a pair (vertical, horizontal).

    Returns
    -------
    Y : (..., s_h·(n_h−1)+1, s_w·(n_w−1)+1)
    """
    X = spatial(X, "dilate")
    s_h, s_w = as_pair(s, "dilate: the spacing", at_least=1)
    n_h, n_w = X.shape[-2:]
    Y = np.zeros((*X.shape[:-2], max(s_h * (n_h - 1) + 1, 0), max(s_w * (n_w - 1) + 1, 0)), dtype=X.dtype)
    Y[..., ::s_h, ::s_w] = X
    return Y


def pad(X: ArrayLike, p: Size | tuple[Size, Size]) -> np.ndarray:
    """Frame the last two axes with zeros; a negative amount crops instead.

    Parameters
    ----------
    X : (..., n_h, n_w)
    p : int, (p_h, p_w) or ((top, bottom), (left, right)), in cells

    Returns
    -------
    Y : (..., n_h + top + bottom, n_w + left + right)
        The part from −top to n_h + bottom (left to right alike) of a map that is continued by zeros on all
        sides; it may be empty.

    Raises
    ------
    ValueError
        Where more would be cropped than there is.
    """
    X = spatial(X, "pad")
    sides = four_sides(p)
    shape = [n + before + after for n, (before, after) in zip(X.shape[-2:], sides, strict=True)]
    if min(shape) < 0:
        n_h, n_w = X.shape[-2:]
        raise ValueError(f"pad: cropping a {n_h}×{n_w} map by {p!r} would leave {shape[0]}×{shape[1]}")
    Y = np.zeros((*X.shape[:-2], *shape), dtype=X.dtype)
    source, target = [...], [...]
    for n, (before, after) in zip(X.shape[-2:], sides, strict=True):
        low, high = max(0, -before), min(n, n + after)  # what of X is seen
        high = max(low, high)
        source.append(slice(low, high))
        target.append(slice(low + before, high + before))
    if all(part.stop > part.start for part in source[1:]):
        Y[tuple(target)] = X[tuple(source)]
    return Y


def output_size(n: int, k: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many windows fit along one axis: ⌊(n + 2p − d(h−1) − 1) / s⌋ + 1.

    Parameters
    ----------
    n, k : cells
        The length of the input and of the kernel.
    stride, padding, dilation : cells
        s, p on either side, and d.

    Returns
    -------
    m : cells
        The length of the output, at least 1.

    Raises
    ------
    ValueError
        Where the dilated kernel is larger than the padded input, and for anything but whole numbers.
    """
    n, k = whole_number(n, "input size", at_least=1), whole_number(k, "kernel size", at_least=1)
    s, d = whole_number(stride, "stride", at_least=1), whole_number(dilation, "dilation", at_least=1)
    p = whole_number(padding, "padding", at_least=0)
    padded, span = n + 2 * p, d * (k - 1) + 1
    if span > padded:
        spread = f" (spans {span} at dilation {d})" if d > 1 else ""
        framed = f" with padding {p} ({padded} cells)" if p else " without padding"
        raise ValueError(
            f"a kernel of {k}{spread} does not fit an input of {n}{framed}; "
            f"it takes padding {-(-(span - n) // 2)} or more, or a smaller kernel"
        )
    return (padded - span) // s + 1


def correlate(X: ArrayLike, K: ArrayLike, mode: str = "valid") -> np.ndarray:
    """Slide K over X without turning it, Z = X ⋆ K: Z[i, j] = Σ_u Σ_v X[i+u, j+v] · K[u, v].

    Parameters
    ----------
    X : (n_h, n_w)
        Any dtype, SymPy objects included; no complex conjugate is taken.
    K : (k_h, k_w)
    mode : "valid", "same" or "full"
        The size of Z; "same" starts at (h−1)//2 of full, as NumPy does.

    Returns
    -------
    Z : n−h+1 (valid), n (same) or n+h−1 (full) cells along each axis
        Small integers and booleans are summed as int64, float16 as float32.

    Raises
    ------
    ValueError
        Where mode is valid and K is larger than X, for masked cells, and for whole numbers whose sums int64 may not
        hold.
    """
    X, K = two_maps(X, K, "correlate")
    X = pad(X, _frame(X.shape, K.shape, mode))
    W = windows(X, K.shape)
    parts = blocks(W.shape[:2], K.nbytes)
    if len(parts) == 1:
        return np.tensordot(W, K, axes=([2, 3], [0, 1]))
    Z = np.empty(W.shape[:2], dtype=K.dtype)
    for part in parts:
        Z[part] = np.tensordot(W[part], K, axes=([2, 3], [0, 1]))
    return Z


def convolve(X: ArrayLike, K: ArrayLike, mode: str = "valid") -> np.ndarray:
    """Slide the kernel turned by 180°: X ∗ K = X ⋆ rot180(K).

    In full mode Z[i, j] = Σ_u Σ_v X[i−u, j−v] · K[u, v], the product of two polynomials; the other
    modes cut from it.  Shapes, modes and errors as in :func:`correlate`.
    """
    X, K = two_maps(X, K, "convolve")
    return correlate(X, rot180(K), mode)


def correlate_loops(X: ArrayLike, K: ArrayLike, mode: str = "valid") -> np.ndarray:
    """:func:`correlate` as one does it by hand: for each output cell, lay the kernel on its window and add up."""
    X, K = two_maps(X, K, "correlate_loops")
    X = pad(X, _frame(X.shape, K.shape, mode))
    k_h, k_w = K.shape
    m_h, m_w = X.shape[0] - k_h + 1, X.shape[1] - k_w + 1
    Z = np.zeros((m_h, m_w), dtype=np.result_type(X, K))
    for i in range(m_h):
        for j in range(m_w):
            for u in range(k_h):
                for v in range(k_w):
                    Z[i, j] += X[i + u, j + v] * K[u, v]
    return Z


def convolve_loops(X: ArrayLike, K: ArrayLike, mode: str = "valid") -> np.ndarray:
    """:func:`convolve` from its own definition, Σ X[i−u, j−v] · K[u, v]: no correlation, no turn.

    The full result is written first; same and valid are its middle, cut out.
    """
    X, K = two_maps(X, K, "convolve_loops")
    frame = _frame(X.shape, K.shape, mode)
    (n_h, n_w), (k_h, k_w) = X.shape, K.shape
    Z = np.zeros((n_h + k_h - 1, n_w + k_w - 1), dtype=np.result_type(X, K))
    for i in range(Z.shape[0]):
        for j in range(Z.shape[1]):
            for u in range(k_h):
                for v in range(k_w):
                    if 0 <= i - u < n_h and 0 <= j - v < n_w:
                        Z[i, j] += X[i - u, j - v] * K[u, v]
    # A frame narrower than h−1 leaves out that many rows and columns of the full result.
    (top, bottom), (left, right) = frame
    return pad(Z, ((top - k_h + 1, bottom - k_h + 1), (left - k_w + 1, right - k_w + 1)))


def windows(
    X: np.ndarray,
    kernel_shape: Size,
    *,
    stride: Size = 1,
    dilation: Size = 1,
) -> np.ndarray:
    """Every window of X that a kernel meets, as a view: W[..., i, j, u, v] = X[..., s·i+d·u, s·j+d·v].

    X (..., n_h, n_w) gives (..., m_h, m_w, k_h, k_w), m as in :func:`output_size`; nothing is copied, and the
    view cannot be written to.
    """
    X, (k_h, k_w) = as_array(X, "windows"), as_pair(kernel_shape, "kernel size", at_least=1)
    (s_h, s_w), (d_h, d_w) = as_pair(stride, "stride", at_least=1), as_pair(dilation, "dilation", at_least=1)
    spans = (d_h * (k_h - 1) + 1, d_w * (k_w - 1) + 1)
    return sliding_window_view(X, spans, axis=(-2, -1))[..., ::s_h, ::s_w, ::d_h, ::d_w]


def blocks(output_size: tuple[int, int], bytes_per_cell: int) -> list[tuple[slice, slice]]:
    """The output cells in blocks (rows, columns), so small that the windows of one block fit in MOST_BYTES.

    A product copies its windows, k_h·k_w numbers for each output cell; the blocks limit this copy.
    """
    m_h, m_w = output_size
    cells = max(MOST_BYTES // max(bytes_per_cell, 1), 1)
    rows, columns = max(cells // m_w, 1), min(cells, m_w)
    return [
        (slice(i, i + rows), slice(j, j + columns)) for i in range(0, m_h, rows) for j in range(0, m_w, columns)
    ]


def _frame(shape, kernel_shape, mode):
    """The zeros around X that turn each mode into a valid correlation: ((top, bottom), (left, right))."""
    if mode not in MODES:
        raise ValueError(f"mode {mode!r} is none of {', '.join(MODES)}")
    if mode == "valid" and any(k > n for n, k in zip(shape, kernel_shape, strict=True)):
        (n_h, n_w), (k_h, k_w) = shape, kernel_shape
        raise ValueError(
            f"mode valid: the {k_h}×{k_w} kernel is larger than the {n_h}×{n_w} map; pad the map or use full"
        )
    # Of the h−1 rows that full has more than X, same cuts (h−1)//2 off the top and the rest off the bottom.
    before_after = {
        "valid": lambda k: (0, 0),
        "same": lambda k: (k // 2, (k - 1) // 2),
        "full": lambda k: (k - 1, k - 1),
    }[mode]
    return tuple(before_after(k) for k in kernel_shape)

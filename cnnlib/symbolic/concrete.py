"""Maps of a given size, entry by entry: every formula here is an index sum you can read.

A map is a SymPy Matrix whose entries are symbols (or numbers). Indices start at 0: (p, q) input,
(u, v) kernel, (i, j) output, and p = i + u, q = j + v under correlation. The proof for one size is::

    X, K, delta = symbol_map("x", 3, 3), symbol_map("k", 2, 2), symbol_map("delta", 2, 2)
    dX = gradient(loss(delta, correlate(X, K)), X)                  # SymPy differentiates
    difference(dX, correlate(delta, rot180(K), "full"))             # all zeros
"""

from typing import NamedTuple

from sympy import Expr, Matrix, Symbol, diff, expand
from sympy.printing.latex import greek_letters_set


def symbol_map(letter: str, height: int, width: int, *channels: int) -> Matrix:
    """A height × width map of symbols: symbol_map("x", 2, 2)[0, 1] is x_{0,1}.

    Channel numbers come first in the name: symbol_map("k", 2, 2, 1, 0)[0, 1] is k_{1,0,0,1}. A Greek
    letter is spelled out: "delta" prints as δ.
    """
    letter = "\\" + letter if letter in greek_letters_set else letter

    def entry(*index):
        return Symbol(f"{letter}_{{{','.join(map(str, (*channels, *index)))}}}")

    return Matrix(height, width, entry)


def symbol_row(letter: str, width: int) -> Matrix:
    """A signal of one dimension, as a 1 × width map: symbol_row("x", 5)[0, 3] is x_{3}."""
    letter = "\\" + letter if letter in greek_letters_set else letter
    return Matrix(1, width, lambda _, m: Symbol(f"{letter}_{{{m}}}"))


def rot180(K: Matrix) -> Matrix:
    """Both axes reversed: entry (u, v) is K[h − 1 − u, w − 1 − v]."""
    h, w = K.shape
    return Matrix(h, w, lambda u, v: K[h - 1 - u, w - 1 - v])


def pad(M: Matrix, rows: int, columns: int) -> Matrix:
    """Zeros around the map: `rows` above and below it, `columns` left and right of it."""
    h, w = M.shape

    def entry(n, m):
        inside = rows <= n < rows + h and columns <= m < columns + w
        return M[n - rows, m - columns] if inside else 0

    return Matrix(h + 2 * rows, w + 2 * columns, entry)


def correlate(X: Matrix, K: Matrix, mode: str = "valid") -> Matrix:
    """Cross-correlation ⋆, slide K over X without turning it: Z[i, j] = Σ_{u,v} X[i + u, j + v] · K[u, v].

    Parameters
    ----------
    X : (n_h, n_w) matrix of symbols or numbers
    K : (k_h, k_w) matrix of symbols or numbers
    mode : "valid" or "full"
        "valid" keeps K inside X; "full" first pads X with size − 1 zeros on each side.

    Returns
    -------
    Z : (n_h−k_h+1, n_w−k_w+1), or with "full" (n_h+k_h−1, n_w+k_w−1)
    """
    X = _for_mode(X, K, mode)
    (H, W), (h, w) = X.shape, K.shape

    def entry(i, j):
        return sum(X[i + u, j + v] * K[u, v] for u in range(h) for v in range(w))

    return Matrix(H - h + 1, W - w + 1, entry)


def convolve(X: Matrix, K: Matrix, mode: str = "valid") -> Matrix:
    """Convolution ∗: the kernel is read backwards along both axes, which turns it.

    Z[i, j] = Σ_{u,v} X[i + u, j + v] · K[h − 1 − u, w − 1 − v]
    """
    X = _for_mode(X, K, mode)
    (H, W), (h, w) = X.shape, K.shape

    def entry(i, j):
        return sum(X[i + u, j + v] * K[h - 1 - u, w - 1 - v] for u in range(h) for v in range(w))

    return Matrix(H - h + 1, W - w + 1, entry)


def loss(delta: Matrix, Z: Matrix) -> Expr:
    """Σ δ[i, j] · Z[i, j], which has the derivatives of L: δ = ∂L/∂Z counts as a constant."""
    if delta.shape != Z.shape:
        raise ValueError(f"δ is {_size(delta)} but Z is {_size(Z)}; ∂L/∂Z has the size of Z.")
    return sum(delta[i, j] * Z[i, j] for i in range(Z.rows) for j in range(Z.cols))


def gradient(L: Expr, M: Matrix) -> Matrix:
    """∂L/∂M, entry by entry: SymPy differentiates by each symbol of the map."""
    return Matrix(M.rows, M.cols, lambda p, q: diff(L, M[p, q]))


def difference(A: Matrix, B: Matrix) -> Matrix:
    """A − B, multiplied out entry by entry: all zeros exactly if the two maps are equal."""
    if A.shape != B.shape:
        raise ValueError(f"A map of {_size(A)} cannot equal one of {_size(B)}.")
    return (A - B).applyfunc(expand)


class Term(NamedTuple):
    """One product of a gradient entry: δ[i, j] met x[p, q] through kernel entry (u, v)."""

    i: int
    j: int
    u: int
    v: int


def terms(p: int, q: int, input_size, kernel_size, operation: str = "correlation") -> list[Term]:
    """The products that make dX[p, q] = Σ δ[i, j] · K[u, v], one for each window that holds (p, q).

    Window (i, j) holds it at place (p − i, q − j). Under correlation that place is K[p − i, q − j];
    under convolution the kernel lay turned in the window: K[h − 1 − (p − i), w − 1 − (q − j)].
    """
    (H, W), (h, w) = input_size, kernel_size
    if not (0 <= p < H and 0 <= q < W):
        raise ValueError(f"There is no entry ({p}, {q}) in a {H} × {W} map.")
    windows = [(i, j) for i in range(H - h + 1) for j in range(W - w + 1)]
    places = [(i, j, p - i, q - j) for i, j in windows if 0 <= p - i < h and 0 <= q - j < w]
    if operation == "convolution":
        places = [(i, j, h - 1 - u, w - 1 - v) for i, j, u, v in places]
    elif operation != "correlation":
        raise ValueError(f"operation is 'correlation' or 'convolution', not {operation!r}.")
    return [Term(*place) for place in places]


def _for_mode(X: Matrix, K: Matrix, mode: str) -> Matrix:
    if mode not in ("valid", "full"):
        raise ValueError(f"mode is 'valid' or 'full', not {mode!r}.")
    if mode == "full":
        return pad(X, K.rows - 1, K.cols - 1)
    if K.rows > X.rows or K.cols > X.cols:
        raise ValueError(f"A kernel of {_size(K)} does not fit into a map of {_size(X)}.")
    return X


def _size(M: Matrix) -> str:
    return f"{M.rows} × {M.cols}"

"""A second proof, without any index sum over a window: multiply polynomials.

A map is the polynomial whose coefficients are its entries, M(s, t) = Σ M[n, m] s^n t^m. Multiplying two
of them adds exponents, p = i + u: the coefficients of the product are the full convolution. Turning a
map replaces s, t by 1/s, 1/t, up to a shift. Now let [·]_{p,q} read off the coefficient of s^p t^q, and
write the loss of a correlation layer with S = 1/s, T = 1/t:

    Σ δ[i, j] z[i, j]  =  [ X(s, t) · K(S, T) · δ(S, T) ]_{0,0}

Every product x[p, q] k[u, v] δ[i, j] with p − u − i = 0 and q − v − j = 0 is there, and no other. The
factor of x[p, q] in it is the coefficient of S^p T^q in K(S, T) · δ(S, T). So dX(s, t) = K(s, t) · δ(s, t)
is the full convolution of δ and K, and that is the full correlation of δ with the turned kernel.

SymPy's Poly multiplies; nothing here uses the sums or arrays of cnnlib: it is a witness for the tests alone.
"""

from sympy import Matrix, Poly, symbols

s, t = symbols("s t")


def polynomial(M: Matrix) -> Poly:
    """Σ M[n, m] s^n t^m."""
    return Poly.from_dict({(n, m): M[n, m] for n in range(M.rows) for m in range(M.cols)}, s, t)


def reversed_polynomial(M: Matrix) -> Poly:
    """Σ M[n, m] s^(h−1−n) t^(w−1−m): M(1/s, 1/t) times the power that makes it a polynomial again."""
    last_row, last_column = M.rows - 1, M.cols - 1
    entries = {(last_row - n, last_column - m): M[n, m] for n in range(M.rows) for m in range(M.cols)}
    return Poly.from_dict(entries, s, t)


def coefficients(product: Poly, height: int, width: int, row: int = 0, column: int = 0) -> Matrix:
    """The height × width block of coefficients that begins at s^row t^column."""
    return Matrix(height, width, lambda n, m: product.coeff_monomial(s ** (row + n) * t ** (column + m)))


def full_convolution(A: Matrix, B: Matrix) -> Matrix:
    """A ∗full B: all coefficients of the product."""
    product = polynomial(A) * polynomial(B)
    return coefficients(product, A.rows + B.rows - 1, A.cols + B.cols - 1)


def full_correlation(A: Matrix, B: Matrix) -> Matrix:
    """A ⋆full B: all coefficients of the product with the reversed polynomial."""
    product = polynomial(A) * reversed_polynomial(B)
    return coefficients(product, A.rows + B.rows - 1, A.cols + B.cols - 1)


def forward(X: Matrix, K: Matrix, operation: str = "correlation") -> Matrix:
    """The valid result: the coefficients to which every entry of K contributes."""
    full = _kernel(K, operation, forward=True) * polynomial(X)
    return coefficients(full, X.rows - K.rows + 1, X.cols - K.cols + 1, K.rows - 1, K.cols - 1)


def input_gradient(delta: Matrix, K: Matrix, operation: str = "correlation") -> Matrix:
    """dX from the product of δ and K under correlation, of δ and the reversed K under convolution."""
    product = polynomial(delta) * _kernel(K, operation, forward=False)
    return coefficients(product, delta.rows + K.rows - 1, delta.cols + K.cols - 1)


def kernel_gradient(X: Matrix, delta: Matrix, operation: str = "correlation") -> Matrix:
    """dK from the product of X and the reversed δ; under convolution the result is read backwards."""
    h, w = X.rows - delta.rows + 1, X.cols - delta.cols + 1
    product = polynomial(X) * reversed_polynomial(delta)
    block = coefficients(product, h, w, delta.rows - 1, delta.cols - 1)
    _check(operation)
    return block if operation == "correlation" else Matrix(h, w, list(reversed(block)))


def _kernel(K: Matrix, operation: str, forward: bool) -> Poly:
    _check(operation)
    reverse = (operation == "correlation") == forward
    return reversed_polynomial(K) if reverse else polynomial(K)


def _check(operation: str) -> None:
    if operation not in ("correlation", "convolution"):
        raise ValueError(f"operation is 'correlation' or 'convolution', not {operation!r}.")

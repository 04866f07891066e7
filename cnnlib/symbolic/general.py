"""Maps whose size is a symbol: pad, turn, correlate, convolve, and let SymPy differentiate.

A Map is a rule that gives the entry at any index, together with its sizes. The five operations are
their textbook definitions, each one line long. The whole proof for every size is then::

    z = correlate(x, k, over=(u, v))                                        # forward
    dX = gradient(total(delta, z, over=(i, j)), x)                          # SymPy differentiates
    claim = correlate(pad(delta, h - 1, w - 1), rot180(k), over=(a, b))     # what we say it is
    compare(dX, claim, at=(p, q)).holds                                     # see `comparison`

n_h, n_w, h, w stay symbols. A 1-D map has one size and one index, and everything reads the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import product

from sympy import Add, And, Expr, IndexedBase, Integer, Matrix, Piecewise, Sum, Symbol, diff

Index = tuple[Expr, ...]


@dataclass(frozen=True)
class Map:
    """The entry at any index, as a rule, and the sizes: M[p, q] is an expression in p and q."""

    entry: Callable[..., Expr]
    sizes: Index

    def __getitem__(self, at) -> Expr:
        return self.entry(*(at if isinstance(at, tuple) else (at,)))


def named(letter: str, *sizes: Expr) -> Map:
    """The map whose entries are the letter with its indices: named("x", n_h, n_w)[p, q] is x_{p,q}."""
    base = IndexedBase(letter)
    return Map(lambda *at: base[at], sizes)


def channel(M: Map, *leading: Expr) -> Map:
    """One channel of a stack, as a map of its own: channel(k, o, c)[u, v] is k_{o,c,u,v}."""
    return Map(lambda *at: M[(*leading, *at)], M.sizes[len(leading) :])


def rot180(M: Map) -> Map:
    """Every axis reversed: entry u becomes entry size − 1 − u."""
    return Map(lambda *at: M[tuple(n - 1 - t for n, t in zip(M.sizes, at, strict=True))], M.sizes)


def pad(M: Map, *amounts: Expr) -> Map:
    """Zeros around the map, `amounts` of them on both sides of each axis."""

    def entry(*at):
        shifted = tuple(t - r for t, r in zip(at, amounts, strict=True))
        within = And(*(And(n >= 0, n <= size - 1) for n, size in zip(shifted, M.sizes, strict=True)))
        return Piecewise((M[shifted], within), (0, True))

    return Map(entry, tuple(n + 2 * r for n, r in zip(M.sizes, amounts, strict=True)))


def correlate(X: Map, K: Map, over: tuple[Symbol, ...]) -> Map:
    """Valid correlation ⋆: slide K over X without turning it. `over` names the summation indices.

    Z[i, j] = Σ_{u,v} X[i + u, j + v] · K[u, v]
    """

    def entry(*at):
        window = tuple(n + t for n, t in zip(at, over, strict=True))
        return _sum(X[window] * K[over], over, K.sizes, at)

    return Map(entry, tuple(n - k + 1 for n, k in zip(X.sizes, K.sizes, strict=True)))


def convolve(X: Map, K: Map, over: tuple[Symbol, ...]) -> Map:
    """Valid convolution ∗: turn K by 180°, then correlate."""
    return correlate(X, rot180(K), over)


def stack(slices: Callable[[Expr], Map], count: Expr) -> Map:
    """Channels on top of each other: the first index chooses the map."""
    return Map(lambda n, *at: slices(n)[at], (count, *slices(count - 1).sizes))


def summed(slices: Callable[[Expr], Map], over: Symbol, count: Expr) -> Map:
    """The sum of all channels, entry by entry."""

    def entry(*at):
        inner = slices(over)[at]
        outer = _sum(inner.function, (over,), (count,), at)
        return Sum(inner.function, *outer.limits, *inner.limits)

    return Map(entry, slices(over).sizes)


def total(delta: Map, z: Map, over: tuple[Symbol, ...]) -> Sum:
    """Σ δ_{i,j} z_{i,j}: as a function of x and k it has the derivatives of the loss L.

    By the chain rule ∂L/∂x = Σ (∂L/∂z_{i,j}) (∂z_{i,j}/∂x), and δ_{i,j} = ∂L/∂z_{i,j} by definition. So
    δ counts as a constant here. The sum inside z is multiplied out, to make one sum of products.
    """
    if delta.sizes != z.sizes:
        raise ValueError(f"δ has the sizes {delta.sizes}, z has {z.sizes}; ∂L/∂z has the sizes of z.")
    inner = z[over]
    outer = _sum(delta[over] * inner.function, over, delta.sizes, ())
    return Sum(outer.function, *inner.limits, *outer.limits)


def gradient(loss: Expr, of: Map) -> Map:
    """∂loss/∂x_{p,q} for any (p, q). SymPy differentiates, then collapses the Kronecker deltas.

    Each derivative ∂x_{i+u}/∂x_p is the bracket [p = i + u]; the sum over u keeps u = p − i alone, under
    the condition 0 ≤ p − i ≤ h − 1 that such a u exists.
    """
    return Map(cache(lambda *at: derivative(loss, of[at]).doit()), of.sizes)


def derivative(loss: Expr, entry: Expr) -> Expr:
    """∂loss/∂entry before the collapse: the brackets [p = i + u] still stand in the sum."""
    _refuse_bound(loss, entry)
    return diff(loss, entry)


def at_size(M: Map, at: tuple[Symbol, ...], sizes: dict, values: dict[str, Matrix]) -> Matrix:
    """A map of two axes at a concrete size: {h: 2, w: 2, n_h: 3, n_w: 3} put in, and the letters filled in.

    `values` gives a matrix (of symbols or numbers) for each letter in the formula.
    """
    formula = M[at].subs(sizes)
    table = {
        IndexedBase(letter)[n, m]: V[n, m]
        for letter, V in values.items()
        for n in range(V.rows)
        for m in range(V.cols)
    }
    rows, columns = (int(size.subs(sizes)) for size in M.sizes)

    def entry(*numbers):
        return _added(formula.xreplace(dict(zip(at, map(Integer, numbers), strict=True)))).xreplace(table)

    return Matrix(rows, columns, entry)


def _added(formula: Expr) -> Expr:
    """A sum whose limits are numbers, term by term (what .doit() does, several times faster)."""
    if not isinstance(formula, Sum):
        return formula
    ranges = [range(int(low), int(high) + 1) for _, low, high in formula.limits]
    places = (dict(zip(formula.variables, map(Integer, place), strict=True)) for place in product(*ranges))
    return Add(*(formula.function.xreplace(place) for place in places))


def _sum(term: Expr, over: tuple[Symbol, ...], sizes: Index, at: Index) -> Sum:
    for index in at:
        _refuse_taken(index, over)
    return Sum(term, *((n, 0, size - 1) for n, size in zip(over, sizes, strict=True)))


def _refuse_bound(loss: Expr, entry: Expr) -> None:
    for total in loss.atoms(Sum):
        for index in entry.indices:
            _refuse_taken(index, total.variables)


def _refuse_taken(index: Expr, over: tuple[Symbol, ...]) -> None:
    """ValueError where one letter is both a fixed and a running index, which SymPy would not notice."""
    for symbol in over:
        if getattr(index, "free_symbols", set()) & {symbol}:
            raise ValueError(f"The index {symbol} is already summed over; name one of them {symbol}′.")

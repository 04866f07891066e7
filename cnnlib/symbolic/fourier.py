"""The discrete Fourier transform of maps of symbolic size: what a turned kernel becomes in it::

    x̂[f, g] = Σ_p Σ_q x[p, q] · e^(−2πi·(f·p/n_h + g·q/n_w)),   x of n_h×n_w cells, f and g whole numbers

Four statements, for every size and every frequency; k is real:

* the reversed kernel, k[−u mod n_h, −v mod n_w], has the conjugate transform;
* rot180 of h×w taps has the conjugate transform times e^(−2πi·(f·(h−1)/n_h + g·(w−1)/n_w));
* circular correlation multiplies by the conjugate: z[i, j] = Σ k[u, v]·x[i+u mod n_h, j+v mod n_w] has
  ẑ = conj(k̂)·x̂;
* circular convolution, with − for +, multiplies by k̂: the way back of the correlation, and its one turn.

The proof is that of the rest of this package: both sides are sums, the running indices of one side are renamed, the
general terms then subtract to 0, and the renaming maps the index set onto itself, each index once.  No two sums are
subtracted.  An index set is here either a box of taps, or a whole period: a sum over one period does not care where
the period begins, if its term repeats after it.
"""

from collections.abc import Callable
from typing import NamedTuple

from sympy import Expr, I, IndexedBase, Mod, Sum, Symbol, conjugate, exp, expand, pi, simplify, symbols

from .index_sets import inside, substitute
from .letters import h, i, j, n_h, n_w, u, v, w

f, g = symbols("f g", integer=True)  # frequencies, one an axis
k = IndexedBase("k", real=True)
x = IndexedBase("x")


class Statement(NamedTuple):
    """left = right: two sums, and how the running indices of the left are renamed.

    ``period`` gives the size after which an index begins anew; an index without one runs through a box.
    """

    left: Sum
    right: Sum
    renamed: dict[Symbol, Expr]
    period: dict[Symbol, Expr]

    @property
    def term(self) -> Expr:
        """The general term of the left side, renamed."""
        return self.left.function.subs(self.renamed, simultaneous=True)

    @property
    def residual(self) -> Expr:
        """The difference of the two general terms; 0 where they are the same."""
        return simplify(expand(self.term - self.right.function))

    @property
    def one_to_one(self) -> bool:
        """Does the renaming take the left's index set onto the right's, each index once?"""
        runs = {index: high + 1 for index, low, high in self.left.limits if low == 0}
        if runs != {index: high + 1 for index, low, high in self.right.limits if low == 0}:
            return False
        return all(self._onto_itself(index, runs[index]) for index in self.renamed)

    @property
    def holds(self) -> bool:
        """True if equal terms are added over the same index set."""
        return self.residual == 0 and self.one_to_one

    def _onto_itself(self, index, size):
        value = self.renamed[index]
        if self.period.get(index) != size:  # a box: the set 0 ≤ index ≤ size − 1 becomes itself
            box = inside((index,), (size,))
            return substitute(box, {index: value}) == box
        once = expand(value).coeff(index) in (1, -1)  # a step of the index is a step of the period
        again = self.left.function.subs(index, index + size)
        return once and simplify(again - self.left.function) == 0


def wave(*axes: tuple[Expr, Expr, Expr]) -> Expr:
    """e^(−2πi·Σ frequency·position/size), one triple (frequency, position, size) an axis."""
    return exp(-2 * pi * I * sum(frequency * position / size for frequency, position, size in axes))


def transform(entry: Callable[[Symbol, Symbol], Expr], sizes: tuple[Expr, Expr]) -> Sum:
    """The transform at the frequency (f, g) of the map with this entry, in an n_h×n_w frame; 0 beyond ``sizes``."""
    term = entry(u, v) * wave((f, u, n_h), (g, v, n_w))
    return Sum(term, *((index, 0, size - 1) for index, size in zip((u, v), sizes, strict=True)))


def conjugated(total: Sum) -> Sum:
    """The conjugate of a sum is the sum of the conjugates."""
    return Sum(conjugate(total.function), *total.limits)


def taps() -> Sum:
    """k̂: the transform of h×w real taps in an n_h×n_w frame."""
    return transform(lambda u, v: k[u, v], (h, w))


def reversal() -> Statement:
    """The transform of k[−u mod n_h, −v mod n_w] is the conjugate of that of k."""
    left = transform(lambda u, v: k[Mod(-u, n_h), Mod(-v, n_w)], (n_h, n_w))
    right = conjugated(transform(lambda u, v: k[Mod(u, n_h), Mod(v, n_w)], (n_h, n_w)))
    return Statement(left, right, {u: -u, v: -v}, {u: n_h, v: n_w})


def half_turn() -> Statement:
    """The transform of rot180(k), h×w taps, is the conjugate of k̂, shifted by (h − 1, w − 1)."""
    left = transform(lambda u, v: k[h - 1 - u, w - 1 - v], (h, w))
    same = conjugated(taps())
    right = Sum(wave((f, h - 1, n_h), (g, w - 1, n_w)) * same.function, *same.limits)
    return Statement(left, right, {u: h - 1 - u, v: w - 1 - v}, {})


def correlation() -> Statement:
    """The transform of Σ k[u, v]·x[i+u mod n_h, j+v mod n_w] is conj(k̂)·x̂."""
    return _product(+1, conjugate(taps().function))


def convolution() -> Statement:
    """The transform of Σ k[u, v]·x[i−u mod n_h, j−v mod n_w] is k̂·x̂."""
    return _product(-1, taps().function)


def _product(sign, kernel):
    """Both sides as one sum over the taps and over a whole period of positions.

    On the left (i, j) are outputs; on the right, under the same two letters, the inputs that they met.
    """
    limits = (u, 0, h - 1), (v, 0, w - 1), (i, 0, n_h - 1), (j, 0, n_w - 1)
    position = wave((f, i, n_h), (g, j, n_w))
    left = k[u, v] * x[Mod(i + sign * u, n_h), Mod(j + sign * v, n_w)] * position
    right = kernel * x[Mod(i, n_h), Mod(j, n_w)] * position
    return Statement(Sum(left, *limits), Sum(right, *limits), {i: i - sign * u, j: j - sign * v}, {i: n_h, j: n_w})

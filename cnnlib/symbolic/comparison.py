"""When are two sums of symbolic size equal? Put them in one form, then look at two things.

Every sum here holds exactly one δ. So each is written as a sum over all integers (i, j), with δ_{i,j} in
its general term and its index set (sum limits and case conditions together) as a set of inequalities::

    Σ over all integers (i, j) in the index set of   δ_{i,j} · (something)

If the general terms subtract to 0 and the index sets are equal, then the two sums add up the same
numbers over the same indices: they are equal, for every n_h, n_w, h, w. That is what `compare` shows. If
not, equality is not shown; that a claim is false is then seen by putting numbers in.

SymPy must not subtract the sums themselves: `simplify` of two Sums with symbolic limits may pull the
running index out of its sum, and gives nonsense. Here it only subtracts terms without any Sum. The proof
relies on SymPy's derivative of a sum, its evaluation of a Kronecker delta, and its algebra of terms.
"""

from typing import NamedTuple

from sympy import And, Dummy, Expr, Indexed, Piecewise, S, Sum, Symbol, expand, piecewise_fold, solve

from .general import Index, Map
from .index_sets import Inequalities, chains, inequalities, inside, reduced, substitute

DELTA = "delta"


class Summand(NamedTuple):
    """A sum over all integers: its general term, its index set, and the indices that run."""

    term: Expr
    conditions: Inequalities
    over: tuple[Symbol, ...]

    def without(self, known: Inequalities) -> "Summand":
        """The same sum, without repeating inequalities that are known to hold."""
        return self._replace(conditions=self.conditions - known)


class Comparison(NamedTuple):
    """Both sides in one form. `residual` is the difference of the general terms."""

    left: Summand
    right: Summand
    residual: Expr
    substitution: dict[Symbol, Expr]  # the right side's own indices → what they were renamed to
    sizes: tuple[Index, Index]  # of the two maps

    @property
    def holds(self) -> bool:
        """True if the general terms subtract to 0, over the same index set, in maps of the same size."""
        same_set = self.left.conditions == self.right.conditions
        same_indices = set(self.left.over) == set(self.right.over)
        same_size = [expand(n) for n in self.sizes[0]] == [expand(n) for n in self.sizes[1]]
        return self.residual == 0 and same_set and same_indices and same_size


def summand(formula: Expr) -> Summand:
    """Take a Sum apart: limits and case conditions go into one set of inequalities."""
    if not formula.has(Sum):  # folding a Sum would pull a case condition on i out of the sum over i
        formula = piecewise_fold(formula)
    if isinstance(formula, Piecewise):
        (value, condition), *rest = formula.args
        if [tuple(branch) for branch in rest] != [(S.Zero, S.true)]:
            raise ValueError(f"{formula} should have one case, and be 0 otherwise.")
        inner = summand(value)
        _refuse_capture(condition.free_symbols, inner.over)
        return inner._replace(conditions=inner.conditions | inequalities(condition))
    if isinstance(formula, Sum):
        inner = summand(formula.function)
        over = inner.over + tuple(formula.variables)
        _refuse_capture({s for _, *ends in formula.limits for end in ends for s in end.free_symbols}, over)
        limits = [inequalities(n >= low) | inequalities(n <= high) for n, low, high in formula.limits]
        return Summand(inner.term, inner.conditions.union(*limits), over)
    if formula.has(Sum, Piecewise):
        raise ValueError(f"{formula} should be one sum of one product, with at most one case.")
    return Summand(formula, frozenset(), ())


def resum(total: Summand) -> Sum:
    """The summand written as a Sum again: 0 ≤ n ≤ size − 1 under the Σ, every other inequality as a case."""
    limits = {n: (n, 0, high) for n, high in chains(total.conditions) if n in total.over and high is not None}
    if set(limits) != set(total.over):
        raise ValueError(f"The indices {total.over} do not all run from 0 to a size.")
    boxes = frozenset().union(*(inequalities((n >= 0) & (n <= high)) for n, _, high in limits.values()))
    cases = And(*(e >= 0 for e in total.conditions - boxes))
    term = total.term if cases == S.true else Piecewise((total.term, cases), (0, True))
    return Sum(term, *(limits[n] for n in total.over))


def align(own: Summand, indices: Index) -> tuple[Summand, dict]:
    """Rename the running indices of a sum so that δ with these indices stands in its general term.

    If δ_{p+a−h+1} stands there, a runs, and δ_i is wanted, then p + a − h + 1 = i is solved for a, and
    a = h − 1 − p + i is put in everywhere. Both directions are in whole numbers, so every integer a
    meets exactly one integer i: nothing is lost or counted twice.
    """
    dummies = {n: Dummy(n.name, integer=True) for n in own.over}  # i may be a running index here, too
    term = own.term.subs(dummies)
    wanted = [(n, i) for n, i in zip(delta_indices(term), indices, strict=True) if n.has(Dummy)]
    solved = solve([n - i for n, i in wanted], list(dummies.values()), dict=True) if wanted else [{}]
    values = {n: solved[0].get(dummy, dummy) if solved else dummy for n, dummy in dummies.items()}
    if not all(value.is_integer and not value.has(Dummy) for value in values.values()):
        raise ValueError(f"The indices of δ in {own.term} do not fix the running indices {own.over}.")
    conditions = substitute(own.conditions, values)
    return Summand(own.term.subs(values, simultaneous=True), conditions, tuple(i for _, i in wanted)), values


def compare(left: Map, right: Map, at: Index) -> Comparison:
    """Are the two maps equal at every index `at`, for every size?

    On the left δ stands with its plain running indices, as a gradient has it; the right side is renamed
    to match. Only entries that exist are asked for, so 0 ≤ p ≤ size − 1 joins both index sets.
    """
    at = at if isinstance(at, tuple) else (at,)
    mine, own = summand(left[at]), summand(right[at])
    indices = delta_indices(mine.term)
    if not set(mine.over) <= set(indices):
        raise ValueError(f"On the left δ should stand with its running indices, not with {indices}.")
    _refuse_capture(left[at].free_symbols | right[at].free_symbols, mine.over)
    yours, substitution = align(own, indices)
    mine = mine._replace(conditions=reduced(mine.conditions | inside(at, left.sizes)))
    yours = yours._replace(conditions=reduced(yours.conditions | inside(at, right.sizes)))
    residual = expand(mine.term - yours.term)
    return Comparison(mine, yours, residual, substitution, (left.sizes, right.sizes))


def delta_indices(term: Expr) -> Index:
    """The indices of the one δ in a product."""
    found = [part for part in term.atoms(Indexed) if part.base.label.name == DELTA]
    if len(found) != 1:
        raise ValueError(f"One δ is expected in {term}, {len(found)} found.")
    return found[0].indices


def _refuse_capture(elsewhere: set[Symbol], over: Index) -> None:
    """ValueError where the letter of a running index also occurs outside its sum, with another meaning."""
    if len(set(over)) < len(over) or elsewhere & set(over):
        raise ValueError(f"The running indices {over} need letters of their own.")

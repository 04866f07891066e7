"""Index sets as sets of linear inequalities, in one normal form.

SymPy writes the same condition in many ways: i - p <= 0, p >= i, h >= p - i + 1, p - i < h. Over the
integers each of them is one inequality e ≥ 0, or a few of them, and with whole, coprime coefficients
that e is unique. So a condition becomes the frozenset of its e, and two index sets are compared as
sets, never as strings.
"""

from itertools import combinations_with_replacement
from math import gcd

from sympy import And, Eq, Expr, Ge, Gt, Le, Lt, Poly, S, expand, floor
from sympy.logic.boolalg import Boolean

Inequalities = frozenset[Expr]  # each e in it stands for e ≥ 0


def inequalities(condition: Boolean) -> Inequalities:
    """The set of e such that the condition holds exactly where every e ≥ 0.

    Over the integers l < r is r − l − 1 ≥ 0.

    Parameters
    ----------
    condition : ≤, <, ≥, >, = between linear integer expressions, joined by "and"

    Raises
    ------
    ValueError
        For any other condition.
    """
    if condition in (S.true, S.false):
        return frozenset() if condition == S.true else frozenset({S.NegativeOne})
    if isinstance(condition, And):
        return frozenset().union(*(inequalities(part) for part in condition.args))
    if isinstance(condition, Eq):
        return inequalities(condition.lhs >= condition.rhs) | inequalities(condition.lhs <= condition.rhs)
    if not isinstance(condition, Ge | Gt | Le | Lt):
        raise ValueError(f"{condition} is not a chain of ≤, <, ≥, >, = joined by 'and'.")
    strict = 1 if isinstance(condition, Gt | Lt) else 0
    difference = normal(condition.gts - condition.lts - strict)
    if difference.is_number:
        return frozenset() if difference >= 0 else frozenset({S.NegativeOne})
    return frozenset({difference})


def inside(indices, sizes) -> Inequalities:
    """The box 0 ≤ index ≤ size - 1, axis by axis."""
    pairs = list(zip(indices, sizes, strict=True))
    return frozenset().union(*(inequalities(And(n >= 0, n <= size - 1)) for n, size in pairs))


def normal(expression: Expr) -> Expr:
    """The linear e with whole, coprime coefficients for which e ≥ 0 says the same as expression ≥ 0."""
    expression = expand(expression)
    free = sorted(expression.free_symbols, key=str)
    if not free:
        return expression
    poly = Poly(expression, *free)
    if poly.total_degree() > 1 or not all(number.is_integer for number in [*poly.coeffs(), *free]):
        raise ValueError(f"{expression} is not linear in whole numbers with whole coefficients.")
    constant = poly.coeff_monomial(1)
    divisor = gcd(*(int(poly.coeff_monomial(symbol)) for symbol in free))
    # 2n + 1 ≥ 0 says n ≥ -1/2, and that says n ≥ 0: whole numbers allow the constant to be rounded down.
    return expand((expression - constant) / divisor) + floor(constant / divisor)


def substitute(conditions: Inequalities, values: dict) -> Inequalities:
    """The same inequalities with other indices put in."""
    return frozenset().union(*(inequalities(Ge(e.subs(values, simultaneous=True), 0)) for e in conditions))


def reduced(conditions: Inequalities) -> Inequalities:
    """The same index set without the inequalities that others of them imply.

    An inequality goes when it is the sum of one or two that stay, plus something never negative:
    p ≥ 0 goes beside p - i ≥ 0 and i ≥ 0. Only implied ones go, so equal reduced sets describe
    equal index sets. (The reverse is not promised: a longer implication would be overlooked.)
    """
    letters = sorted({symbol for e in conditions for symbol in e.free_symbols}, key=str)
    nowhere = dict.fromkeys(letters, 0)
    rows = {e: [*(int(e.coeff(n)) for n in letters), int(e.subs(nowhere))] for e in conditions}
    for e in sorted(conditions, key=lambda e: (-len(e.free_symbols), str(e)), reverse=True):
        row = rows.pop(e)
        pairs = combinations_with_replacement([[0] * len(row), *rows.values()], 2)
        if not any(_never_negative(row, one, other, letters) for one, other in pairs):
            rows[e] = row
    return frozenset(rows)


def chains(conditions: Inequalities) -> list[tuple[Expr, Expr | None]]:
    """Pairs e ≥ 0 and s - e ≥ 0, s made of sizes only, are read as 0 ≤ e ≤ s: a list of (e, s or None)."""
    rest, found = sorted(conditions, key=_reading_order), []
    while rest:
        e = rest.pop(0)
        partner = next((f for f in rest if _is_size(e + f)), None)
        if partner is not None:
            rest.remove(partner)
        found.append((e, None if partner is None else e + partner))
    return found


def _reading_order(e: Expr) -> tuple:
    sizes = [s for s in e.free_symbols if s.is_positive]
    falling = [s for s in e.free_symbols if not s.is_positive and e.coeff(s) < 0]
    return len(sizes), len(falling), str(e)


def _is_size(expression: Expr) -> bool:
    return all(symbol.is_positive for symbol in expression.free_symbols)


def _never_negative(row, one, other, letters) -> bool:
    """Is row − one − other ≥ 0 for all sizes ≥ 1, whatever the indices are? Each is a row of coefficients."""
    *rest, constant = (r - s - t for r, s, t in zip(row, one, other, strict=True))
    sizes = [number for number, letter in zip(rest, letters, strict=True) if letter.is_positive]
    indices = [number for number, letter in zip(rest, letters, strict=True) if not letter.is_positive]
    return not any(indices) and min(sizes, default=0) >= 0 and sum(sizes) + constant >= 0

"""Formulas as a reader writes them: p − i and not −i + p, k_{u,v}, 0 ≤ p − i ≤ h − 1.

Two habits of SymPy's printer would mislead here. It prints the Kronecker delta as δ_{p,i+u}, which a
reader takes for the delta map; here it is the bracket [p = i + u], 1 where that holds and 0 elsewhere.
And it orders sums by the alphabet, so that the index p − i, the heart of the proof, comes out as
−i + p. In a notebook, `sympy.init_printing(latex_printer=latex)` makes SymPy itself print this way.
"""

from collections.abc import Iterable

from sympy import Add, Basic, Eq, Expr, Function, Indexed, KroneckerDelta, Sum
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from .index_sets import Inequalities, chains, inequalities

# The page's colour of what is new, which depends on its theme (cnnlib.plots.colours.CHANGED); bold alone elsewhere.
CHANGED = "var(--cnn-changed, currentcolor)"
READING_ORDER = ("n_h", "n_w", "h", "w", "p", "q", "i", "j", "u'", "v'", "u", "v", "a", "b")


def latex(expression, marked: Iterable[Basic] = (), colour: str = CHANGED, **settings) -> str:
    """The expression in LaTeX; the parts in `marked` are bold and coloured (what changed in a step)."""
    known = {name: value for name, value in settings.items() if name in LatexPrinter._default_settings}
    printer = _Latex(known)  # init_printing also hands over settings meant for other printers
    printer.marked, printer.colour = frozenset(marked), colour
    return printer.doprint(expression)


def text(expression) -> str:
    """The expression in one line of plain text, as in "p − i"."""
    return _Text().doprint(expression).replace("-", "−").replace("'", "′")


def text_chains(conditions: Inequalities) -> tuple[str, ...]:
    """An index set in plain text: ("0 ≤ i ≤ n_h − h", "0 ≤ p − i ≤ h − 1")."""
    return tuple(
        f"0 ≤ {text(e)}" if high is None else f"0 ≤ {text(e)} ≤ {text(high)}"
        for e, high in chains(conditions)
    )


def latex_chains(conditions: Inequalities) -> str:
    """An index set in LaTeX, for display: 0 ≤ i ≤ n_h − h,  0 ≤ p − i ≤ h − 1."""
    return _Latex().chained(conditions)


def changed(before: Basic, after: Basic) -> frozenset[Basic]:
    """The indexed letters and brackets of the second formula that the first does not have."""
    kinds = (Indexed, KroneckerDelta)
    name = after.lhs.atoms(Indexed) if isinstance(after, Eq) and isinstance(after.lhs, Indexed) else set()
    return frozenset(after.atoms(*kinds) - before.atoms(*kinds) - name)


def _rank(term: Expr) -> tuple:
    name = str(term.as_coeff_Mul()[1])
    return READING_ORDER.index(name) if name in READING_ORDER else len(READING_ORDER), name


def _falls(term: Expr) -> bool:
    return bool(term.could_extract_minus_sign())


def _factor_rank(factor: Expr) -> int:
    """Products read bracket, δ, weight or input, σ: the order in which the course names them."""
    if isinstance(factor, Indexed):
        return 1 if "delta" in factor.base.label.name else 2
    kinds = (KroneckerDelta, (), (), Function, Add)
    return next((rank for rank, kind in enumerate(kinds) if isinstance(factor, kind)), len(kinds))


class _Ordered:
    """Sums of plain letters as the course writes them: p − i, h − 1 − (p − i), p + a − (h − 1), i + u."""

    def _print_Add(self, expression, order=None):
        terms = Add.make_args(expression)
        if not all(term.is_number or term.as_coeff_Mul()[1].is_Symbol for term in terms):
            return super()._print_Add(expression, order=order)
        sizes = sorted((t for t in terms if t.is_number or t.as_coeff_Mul()[1].is_positive),
                       key=lambda t: (t.is_number, _falls(t), _rank(t)))
        up = sorted((t for t in terms if t not in sizes and not _falls(t)), key=_rank)
        down = sorted((t for t in terms if t not in sizes and _falls(t)), key=_rank)
        if all(t.is_number for t in sizes):
            return self._joined(up + down + sizes if up else sizes + down)
        if _falls(sizes[0]) and up + down:
            return self._joined(up + down) + self._minus([-t for t in sizes])
        if up and down and {str(-t) for t in down} <= {"p", "q"}:
            return self._joined(sizes) + self._minus([-t for t in down + up])
        return self._joined(up + sizes + down)

    def _joined(self, terms) -> str:
        first, *rest = terms
        signed = [f" - {self._print(-t)}" if _falls(t) else f" + {self._print(t)}" for t in rest]
        return self._print(first) + "".join(signed)

    def _minus(self, terms) -> str:
        joined = self._joined(terms)
        return f" - {joined}" if len(terms) == 1 else f" - ({joined})"

    def _as_ordered_terms(self, expression, order=None):
        terms = super()._as_ordered_terms(expression, order=order)
        return sorted(terms, key=lambda term: (_falls(term), not term.has(Sum)))


class _Text(_Ordered, StrPrinter):
    pass


class _Latex(_Ordered, LatexPrinter):
    marked: frozenset = frozenset()
    colour = ""

    def _print(self, expression, **kwargs):
        printed = super()._print(expression, **kwargs)
        if self.marked and expression in self.marked:
            return rf"\boldsymbol{{\color{{{self.colour}}}{{{printed}}}}}"
        return printed

    def _print_Indexed(self, expression, exp=None):
        indices = r",\,".join(self._print(index) for index in expression.indices)
        printed = f"{self._print(expression.base)}_{{{indices}}}"
        return printed if exp is None else f"{{{printed}}}^{{{exp}}}"

    def _print_Mul(self, expression):
        factors = sorted(expression.as_ordered_factors(), key=_factor_rank)
        if not expression.atoms(Indexed) or any(f.is_number or f.is_Pow for f in factors):
            return super()._print_Mul(expression)
        return " ".join(self.parenthesize(f, PRECEDENCE["Mul"]) for f in factors)

    def _print_KroneckerDelta(self, expression, exp=None):
        left, right = sorted(expression.args, key=lambda side: len(side.free_symbols))
        return rf"\left[{self._print(left)} = {self._print(right)}\right]"

    def _print_And(self, expression):
        try:
            return self.chained(inequalities(expression))
        except ValueError:  # not a set of linear inequalities: SymPy's own way
            return super()._print_And(expression)

    def chained(self, conditions: Inequalities) -> str:
        return r",\; ".join(
            rf"0 \leq {self._print(e)}" + ("" if high is None else rf" \leq {self._print(high)}")
            for e, high in chains(conditions)
        )

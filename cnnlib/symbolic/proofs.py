"""The proof for every size, step by step: why the kernel turns.

`prove_input_gradient` and `prove_kernel_gradient` return a Proof: the steps a reader follows, and the
comparison at their end. A step holds a formula, one sentence that justifies it, and the indices in play
with their ranges. SymPy computes each formula from the one before. Only the claim comes from its own
definitions, so that the check compares two things made independently.

The kernel turns because an index is solved for. Forward, p = i + u. Asked for one p, the derivative
keeps u = p − i alone: while i grows, the kernel is read backwards. The first steps are the four lines of
notebook 05's blackboard; there k and δ are 0 outside their ranges, here the same is said in cases.
"""

from typing import NamedTuple

from sympy import Add, And, Derivative, Eq, Expr, IndexedBase, Ne, Sum

from . import sentences
from .claims import Claim, Layer, claims, layer
from .comparison import Comparison, Summand, compare, resum, summand
from .general import derivative, gradient
from .index_sets import Inequalities, inside, substitute
from .letters import a, b, h, i, j, p, q, w
from .printing import text, text_chains
from .step import Step


class Proof(NamedTuple):
    """The steps, the claim they lead to, and the comparison that decides."""

    steps: list[Step]
    claim: Claim
    comparison: Comparison

    @property
    def residual(self) -> Expr:
        """General term of the derivative minus general term of the claim: 0 if the claim is right."""
        return self.comparison.residual

    @property
    def left(self) -> Inequalities:
        """The index set of the derivative, each e in it meaning e ≥ 0."""
        return self.comparison.left.conditions

    @property
    def right(self) -> Inequalities:
        """The index set of the claim."""
        return self.comparison.right.conditions

    @property
    def holds(self) -> bool:
        """True if residual is 0, the index sets are the same set of inequalities, and the sizes agree."""
        return self.comparison.holds


def prove_input_gradient(dimensions=2, channels=False, operation="correlation", form=0) -> Proof:
    """dX = δ ⋆full rot180(K) under correlation, dX = δ ∗full rot180(K) under convolution; form=1 says
    the same with the other operation and K as it is. dimensions is 1 or 2."""
    of = layer(dimensions, channels, operation, "dX")
    return prove(of, claims(of)[form])


def prove_kernel_gradient(dimensions=2, channels=False, operation="correlation", form=0) -> Proof:
    """dK = X ⋆ δ under correlation, dK = rot180(X ⋆ δ) under convolution (form=1: rot180(X) ∗ δ)."""
    of = layer(dimensions, channels, operation, "dK")
    return prove(of, claims(of)[form])


def input_gradient_steps(dimensions=2, channels=False, operation="correlation") -> list[Step]:
    """The steps from the forward sum to dX."""
    return prove_input_gradient(dimensions, channels, operation).steps


def kernel_gradient_steps(dimensions=2, channels=False, operation="correlation") -> list[Step]:
    """The steps from the forward sum to dK."""
    return prove_kernel_gradient(dimensions, channels, operation).steps


def prove(of: Layer, claim: Claim) -> Proof:
    """Derive the gradient of the layer, write the claim out, and compare.

    A wrong claim gives a Proof that does not hold, and whose last steps say why.
    """
    variable = of.x if of.gradient == "dX" else of.k
    entry, wanted = IndexedBase(of.gradient)[of.at], variable[of.at]
    derived = gradient(of.loss, variable)
    # The entry asked for exists, so 0 ≤ u ≤ h − 1 for dK need not be repeated in every formula.
    collapsed = summand(derived[of.at]).without(inside(of.at, variable.sizes))
    steps = [
        _step(IndexedBase("z")[of.outputs], of.z[of.outputs], sentences.forward(of)),
        _chain_rule(of, entry, wanted),
        _step(entry, derivative(of.loss, wanted), sentences.differentiated(of)),
        _step(entry, resum(collapsed), sentences.collapsed(of)),
    ]
    if of.gradient == "dX":
        steps.append(_step(entry, _counted(collapsed), sentences.counted(of)))
    comparison = compare(derived, claim.map, of.at)
    return Proof(steps + _check(of, entry, claim, comparison), claim, comparison)


def without_cases(step: Step) -> Step:
    """The step as the blackboard writes it: k and δ are 0 outside their ranges, so a sum needs no cases."""
    total = step.formula.rhs
    short = Sum(summand(total).term, *total.limits)
    return step._replace(formula=Eq(step.formula.lhs, short, evaluate=False), indices=())


def _chain_rule(of: Layer, entry: Expr, wanted: Expr) -> Step:
    """The sum over all outputs of δ times the derivative of that output."""
    ways = of.delta[of.outputs] * Derivative(of.z[of.outputs], wanted)
    limits = ((n, 0, size - 1) for n, size in zip(of.outputs, of.delta.sizes, strict=True))
    ranges = text_chains(inside(of.outputs, of.delta.sizes))
    return Step(Eq(entry, Sum(ways, *limits), evaluate=False), sentences.asked(of), ranges)


def _counted(collapsed: Summand) -> Sum:
    """The sum over a and b in place of i and j: i = p + a − (h − 1), j = q + b − (w − 1)."""
    values = {i: p + a - (h - 1), j: q + b - (w - 1)}
    over = tuple({i: a, j: b}.get(n, n) for n in collapsed.over)
    return resum(Summand(collapsed.term.subs(values), substitute(collapsed.conditions, values), over))


def _check(of: Layer, entry: Expr, claim: Claim, comparison: Comparison) -> list[Step]:
    """The claim from its own definitions, the two comparisons, and what follows from them."""
    left, right, residual, substitution, _ = comparison
    claimed, label = claim.map[of.at], IndexedBase(rf"\left[{{{claim.latex}}}\right]")[of.at]
    moved = tuple(f"{text(n)} = {text(value)}" for n, value in substitution.items() if n != value)
    difference = Add(left.term, -right.term, evaluate=False)
    subtracted = Eq(difference, 0, evaluate=False) if residual == 0 else Ne(difference, 0)
    equal = left.conditions == right.conditions
    return [
        _step(label, claimed, sentences.claimed(claim)),
        Step(subtracted, sentences.subtracted(residual), moved),
        Step(
            And(*(e >= 0 for e in right.conditions)),
            sentences.index_sets(equal),
            text_chains(left.conditions),
        ),
        _step(entry, claimed, sentences.hence(of, claim, comparison.holds)),
    ]


def _step(left: Expr, right: Expr, because: str) -> Step:
    """A step whose indices are those its sum runs over, with the sum's cases as their ranges."""
    running = max(right.atoms(Sum), key=lambda each: len(each.limits))
    return Step(Eq(left, right, evaluate=False), because, text_chains(summand(running).conditions))

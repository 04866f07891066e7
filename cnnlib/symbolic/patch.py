"""The smallest case, the one of the article 「CNN反向传播卷积核翻转」: a 2×2 patch, a 2×2 kernel, one output.

The patch is itself the output of a sigmoid layer, and each of its units has a bias b_{p,q}. That brings
in a factor x(1 − x) from the layer before, which has no part in the turn. One output means one δ, so no
windows overlap here: this is a picture of the claim, and the proof for every size is in `proofs`.
"""

from typing import NamedTuple

from sympy import Basic, Eq, Expr, Matrix, Symbol, diff, ones, symbols, zeros

from .concrete import correlate, difference, pad, rot180, symbol_map
from .printing import latex
from .sigmoid import sigma, sigma_prime
from .step import Step

t, theta, delta, y, z, L = symbols(r"t \theta \delta y z L")
S, B, X, K = (symbol_map(letter, 2, 2) for letter in "sbxk")


class Patch(NamedTuple):
    """The formulas of the tiny network. Later ones use the names x, z and y for what earlier ones define."""

    outputs_below: Matrix  # σ(s + b), which x names
    z: Expr
    loss: Expr
    partials: Matrix  # ∂L/∂b, straight from SymPy
    with_delta: Matrix  # the same, with δ for ∂L/∂z
    in_outputs: Matrix  # the same, with x(1 − x) for σ′(s + b)


def patch_network() -> Patch:
    """Build the network, differentiate its loss by the four biases below, and shorten by names."""
    below = (S + B).applyfunc(sigma)
    to_x = dict(zip(below, X, strict=True))
    total = correlate(X, K)[0, 0] + theta
    inside = total.xreplace(dict(zip(X, below, strict=True)))  # z as a function of the biases
    partials = B.applyfunc(lambda b: diff((sigma(inside) - t) ** 2 / 2, b))

    named = partials.xreplace({sigma(inside): sigma(z), sigma_prime(inside): sigma_prime(z)})
    with_delta = named.subs(delta_formula(), delta)
    in_outputs = with_delta.applyfunc(lambda e: e.rewrite(sigma).xreplace(to_x))
    return Patch(below, total, (sigma(z) - t) ** 2 / 2, partials, with_delta, in_outputs)


def delta_formula() -> Expr:
    """δ = ∂L/∂z for the squared error of one sigmoid output."""
    return diff((sigma(z) - t) ** 2 / 2, z)


def patch_steps() -> list[Step]:
    """From the forward pass of the 2×2 patch to its four gradients, and to the turned kernel."""
    net = patch_network()
    D, turned = pad(Matrix([[delta]]), 1, 1), rot180(K)
    collected = correlate(D, turned)
    claimed = collected.multiply_elementwise(X.multiply_elementwise(ones(2, 2) - X))
    rest = difference(net.in_outputs, claimed)
    if rest != zeros(2, 2):
        raise ArithmeticError(f"The four gradients differ from the claim by {rest}.")
    four = "b[p, q] with p, q ∈ {0, 1}"
    return [
        _step(X, net.outputs_below,
              "The patch is the output of a sigmoid layer; each unit has its own bias.", four),
        _step(z, net.z, "Forward, under ⋆: one window times the kernel, plus the bias θ of the next layer."),
        _step(L, net.loss, "One output y = σ(z), target t, squared error."),
        _step(delta, delta_formula(), "Chain rule: δ = ∂L/∂z, the slope of the error times σ′(z)."),
        _step(delta, _in_output(delta_formula()), "With y = σ(z), σ′(z) = y(1 − y)."),
        _step(_by("B"), net.with_delta, "SymPy differentiates L by each bias; δ names the common factor.",
              four),
        _step(_by("B"), net.in_outputs, "σ′ of the layer before in terms of its output: x(1 − x).", four),
        _step(_between(D, r"\star", turned), collected, "δ between zeros, correlated with the turned kernel.",
              "window (p, q) of the padded δ, with p, q ∈ {0, 1}"),
        _step(_by("B"), claimed, "Times x(1 − x), entry by entry: the same gradients; the difference is 0."),
    ]


def _in_output(expression: Expr) -> Expr:
    return expression.rewrite(sigma).xreplace({sigma(z): y})


def _by(letter: str) -> Symbol:
    return Symbol(rf"\frac{{\partial L}}{{\partial {letter}}}")


def _between(left: Basic, sign: str, right: Basic) -> Symbol:
    return Symbol(rf"{{{latex(left)}}} {sign} {{{latex(right)}}}")


def _step(left: Basic, right: Basic, because: str, *indices: str) -> Step:
    return Step(Eq(left, right, evaluate=False), because, indices)

"""Backpropagation through dense layers, with every index: the derivation before any convolution.

The layer after it computes z_j = Σ_n W_{j,n} a_n + b_j from the outputs a_n = σ(z_n) of layer l.
Asked for ∂L/∂b_i of layer l, the derivative keeps n = i alone, and the sum over j stays::

    ∂L/∂b_i = δ_i = Σ_j δ_j W_{j,i} σ′(z_i)

`dense_steps` derives this for layers of any size; `dense_net` is a small net in symbols to check it on.
"""

from itertools import pairwise
from typing import NamedTuple

from sympy import Derivative, Eq, Expr, IndexedBase, Matrix, Sum, Symbol, diff, expand, symbols

from .comparison import resum, summand
from .concrete import symbol_map
from .index_sets import inside
from .letters import i, j
from .printing import text_chains
from .sigmoid import sigma, sigma_prime
from .step import Step

# Units in layer l, in the layer after it, and in the layer before it.
N, M, R = symbols("N M R", integer=True, positive=True)
n, m = symbols("n m", integer=True)
W, W_l = IndexedBase("W^{l+1}"), IndexedBase("W^{l}")
z, a, b, delta_l = (IndexedBase(f"{letter}^{{l}}") for letter in ("z", "a", "b", r"\delta"))
z_above, b_above, delta = (IndexedBase(f"{letter}^{{l+1}}") for letter in ("z", "b", r"\delta"))
a_below = IndexedBase("a^{l-1}")


def dense_steps() -> list[Step]:
    """From the forward sum to ∂L/∂b_i = Σ_j δ_j W_{j,i} σ′(z_i), for layers of N and M units."""
    forward = Sum(W[j, n] * sigma(z[n]), (n, 0, N - 1)) + b_above[j]
    loss = Sum(delta[j] * forward, (j, 0, M - 1))
    split = diff(loss, z[i])
    kept = resum(summand(split.doit()).without(inside((i,), (N,))))  # unit i exists
    own = Sum(W_l[i, m] * a_below[m], (m, 0, R - 1)) + b[i]
    slope = diff(own, b[i]).doit()
    unit, above, below = text_chains(inside((i, j, n), (N, M, N)))
    return [
        Step(Eq(z_above[j], forward),
             "Forward: each unit j of layer l + 1 weighs the outputs σ(z[n]) of layer l.", (above, below)),
        Step(Eq(delta_l[i], Derivative(loss, z[i])),
             "L depends on z[i] only through the layer after it. By the chain rule, with δ = ∂L/∂z, its "
             "derivative is that of Σ δ[j] z[j], in which δ[j] counts as a constant.", (unit, above, below)),
        Step(Eq(delta_l[i], split),
             "∂z[n]/∂z[i] is the bracket [i = n], 1 where n = i and 0 elsewhere.", (unit, above, below)),
        Step(Eq(delta_l[i], kept),
             "Of the sum over n only n = i is left. The sum over j stays: unit i feeds every unit j.",
             (unit, above)),
        Step(Eq(delta_l[i], kept.replace(sigma_prime, _at_output)),
             "The slope in terms of the output: with a = σ(z), σ′(z) = a(1 − a).", (unit, above)),
        Step(Eq(z[i], own), "One layer down, the bias b[i] enters z[i] alone, with slope 1.", (unit,)),
        Step(Eq(Symbol(r"\frac{\partial L}{\partial b^{l}_{i}}"), kept * slope),
             "So the gradient of the bias b[i] is δ[i].", (unit, above)),
    ]


class DenseNet(NamedTuple):
    """A small net in symbols. Layer by layer: weights, biases, pre-activations z, and outputs a."""

    x: Matrix
    weights: list[Matrix]
    biases: list[Matrix]
    z: list[Matrix]
    a: list[Matrix]
    target: Matrix
    loss: Expr


def dense_net(*sizes: int) -> DenseNet:
    """dense_net(3, 2, 2): three inputs, two hidden and two output units, squared error ½ Σ (a − y)²."""
    if len(sizes) < 2:
        raise ValueError("A net has at least two layers of units: dense_net(3, 2, 2).")
    x, y = _column("x", sizes[0]), _column("y", sizes[-1])
    weights = [symbol_map(f"W^{{{l}}}", out, into) for l, (into, out) in enumerate(pairwise(sizes), 1)]
    biases = [_column(f"b^{{{l}}}", out) for l, out in enumerate(sizes[1:], 1)]
    z, a = [], []
    for W, b in zip(weights, biases, strict=True):
        z.append(W * (a[-1] if a else x) + b)
        a.append(z[-1].applyfunc(sigma))
    loss = sum((out - target) ** 2 / 2 for out, target in zip(a[-1], y, strict=True))
    return DenseNet(x, weights, biases, z, a, y, loss)


def dense_deltas(net: DenseNet) -> list[Matrix]:
    """δ of each layer by the recursion alone: δ_i = Σ_j δ_j W_{j,i} σ′(z_i), from the last layer down."""
    deltas = [(net.a[-1] - net.target).multiply_elementwise(net.z[-1].applyfunc(sigma_prime))]
    for W, z in zip(reversed(net.weights[1:]), reversed(net.z[:-1]), strict=True):
        deltas.insert(0, (W.T * deltas[0]).multiply_elementwise(z.applyfunc(sigma_prime)))
    return deltas


def bias_gradients(net: DenseNet) -> list[Matrix]:
    """∂L/∂b of each layer, straight from SymPy: the loss of the whole net differentiated by each bias."""
    return [b.applyfunc(lambda bias: diff(net.loss, bias)) for b in net.biases]


def agree(net: DenseNet) -> bool:
    """True exactly if the recursion and the direct derivatives are equal, bias by bias."""
    pairs = zip(dense_deltas(net), bias_gradients(net), strict=True)
    return all(expand(left - right).is_zero_matrix for left, right in pairs)


def _at_output(z_i: Expr) -> Expr:
    """σ′(z_i) as a_i(1 − a_i)."""
    return sigma_prime(z_i).rewrite(sigma).subs(sigma(z_i), a[i])


def _column(letter: str, size: int) -> Matrix:
    return Matrix(size, 1, lambda n, _: Symbol(f"{letter}_{{{n}}}"))

"""One size at a time: index sums, products of polynomials, general formulas with numbers, dense layers."""

import ast
import random
from functools import cache
from pathlib import Path

import polynomials
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, Matrix, Sum, Symbol, exp, simplify, zeros

import cnnlib.symbolic as sym
from cnnlib.symbolic import concrete, general
from cnnlib.symbolic.general import Map
from cnnlib.symbolic.letters import h, n_h, n_w, p, q, u, v, w

SIZES = [(5, 7, 2, 3), (4, 4, 1, 3), (3, 3, 2, 2), (2, 2, 2, 2), (1, 1, 1, 1), (4, 5, 3, 2)]
OPERATIONS = ["correlation", "convolution"]


def maps(n_h, n_w, h, w):
    sizes = {"x": (n_h, n_w), "k": (h, w), "delta": (n_h - h + 1, n_w - w + 1)}
    return tuple(sym.symbol_map(letter, *size) for letter, size in sizes.items())


def numbers(rows, columns, seed):
    draw = random.Random(seed)
    return Matrix(rows, columns, lambda *_: draw.randint(-9, 9))


def derivatives(X, K, delta, operation):
    forward = getattr(concrete, {"correlation": "correlate", "convolution": "convolve"}[operation])
    L = sym.loss(delta, forward(X, K))
    return {"dX": sym.gradient(L, X), "dK": sym.gradient(L, K)}


@cache
def gradients_at(size, operation):
    return derivatives(*maps(*size), operation)


# Concrete sizes: the derivative by SymPy, the line of code, and the product of polynomials agree.


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("size", SIZES)
def test_every_claimed_line_of_code_is_the_gradient(size, operation):
    X, K, delta = maps(*size)
    gradients = gradients_at(size, operation)
    functions = {name: getattr(concrete, name) for name in ("correlate", "convolve", "rot180")}
    letters = {"X": X, "K": K, "delta": delta}
    for name, gradient in gradients.items():
        for claim in sym.claims(sym.layer(2, False, operation, name)):
            assert sym.difference(gradient, eval(claim.code, functions, letters)).is_zero_matrix, claim.code


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("size", SIZES)
def test_polynomials_give_the_same_forward_pass_and_gradients(size, operation):
    X, K, delta = maps(*size)
    forward = {"correlation": sym.correlate, "convolution": sym.convolve}[operation]
    gradients = gradients_at(size, operation)
    assert sym.difference(forward(X, K), polynomials.forward(X, K, operation)).is_zero_matrix
    assert sym.difference(gradients["dX"], polynomials.input_gradient(delta, K, operation)).is_zero_matrix
    assert sym.difference(gradients["dK"], polynomials.kernel_gradient(X, delta, operation)).is_zero_matrix
    assert polynomials.full_convolution(delta, K).expand() == sym.convolve(delta, K, "full").expand()
    assert polynomials.full_correlation(delta, K).expand() == sym.correlate(delta, K, "full").expand()


def test_convolution_is_correlation_with_the_turned_kernel():
    X, K, _ = maps(4, 5, 2, 3)
    assert sym.convolve(X, K) == sym.correlate(X, sym.rot180(K))
    assert sym.convolve(X, K) != sym.correlate(X, K)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("size", SIZES)
def test_the_traced_terms_add_up_to_the_gradient(size, operation):
    X, K, delta = maps(*size)
    dX = gradients_at(size, operation)["dX"]
    for n in range(X.rows):
        for m in range(X.cols):
            found = sym.terms(n, m, X.shape, K.shape, operation)
            assert sum(delta[t.i, t.j] * K[t.u, t.v] for t in found) == dX[n, m]


WRONG_CONCRETE = {
    "kernel not turned": lambda K: K,
    "turned by 90°": lambda K: Matrix(K.cols, K.rows, lambda n, m: K[m, K.cols - 1 - n]),
    "transposed": lambda K: K.T,
    "rows only": lambda K: Matrix(*K.shape, lambda n, m: K[K.rows - 1 - n, m]),
    "columns only": lambda K: Matrix(*K.shape, lambda n, m: K[n, K.cols - 1 - m]),
}


@pytest.mark.parametrize("wrong", WRONG_CONCRETE.values(), ids=WRONG_CONCRETE)
def test_a_wrong_turn_is_seen_at_a_concrete_size(wrong):
    X, K, delta = maps(4, 4, 2, 2)
    dX = derivatives(X, K, delta, "correlation")["dX"]
    assert not sym.difference(dX, sym.correlate(delta, wrong(K), "full")).is_zero_matrix


def test_symbols_are_named_as_the_course_names_them():
    assert sym.latex(sym.symbol_map("delta", 1, 2)[0, 1]) == r"\delta_{0,1}"
    assert sym.symbol_map("k", 2, 2, 1, 0)[0, 1] == Symbol("k_{1,0,0,1}")
    assert sym.latex(sym.symbol_row("x", 5)[0, 3]) == "x_{3}"
    row = sym.correlate(sym.symbol_row("x", 5), sym.symbol_row("k", 3))
    assert sym.latex(row[0, 2]) == "k_{0} x_{2} + k_{1} x_{3} + k_{2} x_{4}"


def test_bad_sizes_are_answered_in_words():
    X, K, delta = maps(3, 3, 2, 2)
    with pytest.raises(ValueError, match="does not fit"):
        sym.correlate(K, X)
    with pytest.raises(ValueError, match="'valid' or 'full'"):
        sym.correlate(X, K, "same")
    with pytest.raises(ValueError, match="size of Z"):
        sym.loss(X, delta)
    with pytest.raises(ValueError, match="cannot equal"):
        sym.difference(X, K)
    with pytest.raises(ValueError, match="no entry"):
        sym.terms(3, 0, (3, 3), (2, 2))


# The proof for every size, with numbers put in.


@cache
def both_sides(operation, name):
    of = sym.layer(2, False, operation, name)
    return general.gradient(of.loss, of.x if name == "dX" else of.k), sym.claims(of)[0].map


@settings(max_examples=8, deadline=None)
@given(st.tuples(*[st.integers(1, 3)] * 4), st.sampled_from(OPERATIONS), st.integers(0, 999))
def test_the_general_formulas_give_the_concrete_gradients(size, operation, seed):
    rows, columns, n, m = size
    sizes = {n_h: rows + n - 1, n_w: columns + m - 1, h: n, w: m}
    X, K, delta = numbers(sizes[n_h], sizes[n_w], seed), numbers(n, m, seed + 1), numbers(rows, columns, seed + 2)
    symbols = maps(sizes[n_h], sizes[n_w], n, m)
    filled = zip(symbols, (X, K, delta), strict=True)
    put_in = {letter: number for M, V in filled for letter, number in zip(M, V, strict=True)}
    for name, at in (("dX", (p, q)), ("dK", (u, v))):
        expected = derivatives(*symbols, operation)[name].xreplace(put_in)
        for M in both_sides(operation, name):
            assert general.at_size(M, at, sizes, {"x": X, "k": K, "delta": delta}) == expected


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name, at", [("dX", (p, q)), ("dK", (u, v))])
def test_each_step_has_the_value_of_the_one_before(operation, name, at):
    of = sym.layer(2, False, operation, name)
    sums = [step.formula.rhs for step in sym.prove(of, sym.claims(of)[0]).steps[2:]
            if isinstance(step.formula, Eq) and isinstance(step.formula.rhs, Sum)]
    sizes = {n_h: 3, n_w: 4, h: 2, w: 2}
    values = {"x": numbers(3, 4, 1), "k": numbers(2, 2, 2), "delta": numbers(2, 3, 3)}
    asked = of.x if name == "dX" else of.k
    results = [general.at_size(Map(lambda *n, s=s: s.subs(dict(zip(at, n, strict=True))), asked.sizes),
                               at, sizes, values) for s in sums]
    assert len(results) >= 4
    assert all(result == results[0] != zeros(*result.shape) for result in results)


# The article's patch, and dense layers.


def test_the_slope_of_the_sigmoid():
    z = Symbol("z")
    assert sym.sigma(z).diff(z) == sym.sigma_prime(z)
    for form in (sym.sigma_prime(z), sym.sigma_prime(z).rewrite(sym.sigma)):
        assert simplify(form.rewrite(exp) - (1 / (1 + exp(-z))).diff(z)) == 0


def test_the_patch_of_the_article():
    net, steps = sym.patch_network(), sym.patch_steps()
    X, K = sym.symbol_map("x", 2, 2), sym.symbol_map("k", 2, 2)
    delta = Symbol(r"\delta")
    expected = Matrix(2, 2, lambda n, m: delta * K[n, m] * X[n, m] * (1 - X[n, m]))
    assert net.in_outputs.expand() == expected.expand()
    assert not net.with_delta.has(sym.sigma) and steps[-1].formula.rhs.expand() == net.in_outputs.expand()


def test_dense_layers():
    net = sym.dense_net(3, 2, 2)
    shown = r"\sum_{j=0}^{M - 1} \delta^{l+1}_{j} W^{l+1}_{j,\,i} \sigma'(z^{l}_{i})"
    assert sym.dense_steps()[3].latex() == rf"\delta^{{l}}_{{i}} = {shown}"
    assert sym.dense_steps()[-1].latex() == rf"\frac{{\partial L}}{{\partial b^{{l}}_{{i}}}} = {shown}"
    deltas, gradients = sym.dense_deltas(net), sym.bias_gradients(net)
    assert all((left - right).expand().is_zero_matrix for left, right in zip(deltas, gradients, strict=True))
    not_transposed = (net.weights[1] * deltas[1]).multiply_elementwise(net.z[0].applyfunc(sym.sigma_prime))
    assert not (not_transposed - gradients[0]).expand().is_zero_matrix


def test_the_witness_is_independent():
    allowed = {"sympy", "collections", "dataclasses", "functools", "itertools", "math", "typing"}
    for file in Path(sym.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            assert not isinstance(node, ast.Import), file
            if isinstance(node, ast.ImportFrom):
                assert node.level == 1 or node.module.split(".")[0] in allowed, (file, node.module)

"""The proof for every size must be able to fail: right claims hold, and every known mistake is caught."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Derivative, Eq, KroneckerDelta, Matrix, Piecewise, S, Sum, Symbol

import cnnlib.symbolic as sym
from cnnlib.symbolic import general, index_sets
from cnnlib.symbolic.claims import FORMS, Claim
from cnnlib.symbolic.general import Map, channel, convolve, correlate, named, pad, rot180, stack, summed
from cnnlib.symbolic.letters import C_in, C_out, a, b, c, h, i, j, n_h, n_w, o, p, q, u, v, w

OPERATIONS = ["correlation", "convolution"]
CASES = [
    (gradient, operation, dimensions, channels, form)
    for (gradient, operation), forms in FORMS.items()
    for dimensions in (1, 2)
    for channels in (False, True)
    for form in range(len(forms))
]


def numbers(rows, columns, seed):
    draw = random.Random(seed)
    return Matrix(rows, columns, lambda *_: draw.randint(-9, 9))


# Every size: the proof.


@pytest.mark.parametrize("gradient, operation, dimensions, channels, form", CASES)
def test_gradient_holds_for_every_size(gradient, operation, dimensions, channels, form):
    prove = {"dX": sym.prove_input_gradient, "dK": sym.prove_kernel_gradient}[gradient]
    proof = prove(dimensions, channels, operation, form)
    assert proof.residual == 0 and proof.left == proof.right and proof.holds
    sizes = {n_h, h} if dimensions == 1 else {n_h, n_w, h, w}  # still symbols, to the last line
    assert all(sizes <= step.formula.free_symbols for step in proof.steps[1:] if step.formula.has(Sum))
    assert proof.steps[-1].formula.has(Sum)


def _map(entry, *sizes):
    return Map(entry, sizes)


def _twice(M):
    return Map(lambda *at: Sum(2 * M[at].function, *M[at].limits), M.sizes)


PLAIN, AB = sym.layer(), (a, b)
D, K, R = PLAIN.delta, PLAIN.k, rot180(PLAIN.k)
FULL = pad(D, h - 1, w - 1)
TRANSPOSED, QUARTER = _map(lambda n, m: K[m, n], w, h), _map(lambda n, m: K[m, w - 1 - n], w, h)
ROWS, COLUMNS = _map(lambda n, m: K[h - 1 - n, m], h, w), _map(lambda n, m: K[n, w - 1 - m], h, w)
LONG_DELTA = _map(D.entry, n_h - h + 2, n_w - w + 1)
WRONG = {  # the mistake: the claim, and what gives it away
    "kernel not turned": (correlate(FULL, K, AB), "terms"),
    "∗ for ⋆": (convolve(FULL, R, AB), "terms"),
    "rows only": (correlate(FULL, ROWS, AB), "terms"),
    "columns only": (correlate(FULL, COLUMNS, AB), "terms"),
    "transposed": (correlate(FULL, TRANSPOSED, AB), "terms sets"),
    "transposed and turned": (correlate(FULL, rot180(TRANSPOSED), AB), "terms sets"),
    "turned by 90°": (correlate(FULL, QUARTER, AB), "terms sets"),
    "δ turned as well": (correlate(pad(rot180(D), h - 1, w - 1), R, AB), "terms sets"),
    "δ turned in place of the kernel": (correlate(pad(rot180(D), h - 1, w - 1), K, AB), "terms sets"),
    "result turned": (rot180(correlate(FULL, R, AB)), "terms sets"),
    "doubled": (_twice(correlate(FULL, R, AB)), "terms"),
    "k for k − 1": (correlate(pad(D, h, w), R, AB), "terms sets"),
    "k − 2 for k − 1": (correlate(pad(D, h - 2, w - 2), R, AB), "terms sets"),
    "no padding": (correlate(D, R, AB), "terms sets"),
    "padded in rows only": (correlate(pad(D, h - 1, 0), R, AB), "terms sets"),
    "padding of rows and columns exchanged": (correlate(pad(D, w - 1, h - 1), R, AB), "terms sets"),
    "sum one entry too long": (_map(correlate(FULL, _map(R.entry, h + 1, w), AB).entry, n_h, n_w), "sets"),
    "sum one entry too short": (_map(correlate(FULL, _map(R.entry, h, w - 1), AB).entry, n_h, n_w), "sets"),
    "δ one row too long": (correlate(pad(LONG_DELTA, h - 1, w - 1), R, AB), "sets"),
    "one row too many": (_map(correlate(FULL, R, AB).entry, n_h + 1, n_w), "size"),
}


DX = general.gradient(PLAIN.loss, PLAIN.x)


@pytest.mark.parametrize("claim, seen_by", WRONG.values(), ids=WRONG)
def test_a_wrong_input_gradient_is_caught(claim, seen_by):
    found = sym.compare(DX, claim, (p, q))
    assert not found.holds
    assert (found.residual != 0) == ("terms" in seen_by)
    assert (found.left.conditions != found.right.conditions) == ("sets" in seen_by)


@pytest.mark.parametrize("name", [name for name in WRONG if name != "one row too many"])
def test_what_the_proof_refuses_is_false_in_numbers_too(name):
    sizes, values = {n_h: 3, n_w: 4, h: 2, w: 3}, {"k": numbers(2, 3, 1), "delta": numbers(2, 2, 2)}
    wrong = Map(WRONG[name][0].entry, DX.sizes)  # entries it reads outside K or δ stay symbols
    assert general.at_size(DX, (p, q), sizes, values) != general.at_size(wrong, (p, q), sizes, values)


def test_a_proof_that_fails_says_so():
    proof = sym.prove(PLAIN, Claim("a mistake", "", "", correlate(FULL, K, AB)))
    assert not proof.holds and proof.residual != 0
    assert proof.steps[-3].formula.rel_op == "!="
    assert "do not subtract to 0" in proof.steps[-3].because
    assert "not shown that dX is a mistake" in proof.steps[-1].because


def wrong_kernel_gradients(operation):
    of = sym.layer(2, False, operation, "dK")
    full = pad(of.x, n_h - h, n_w - w)
    yield of, correlate(rot180(of.x), of.delta, AB)
    yield of, correlate(of.x, rot180(of.delta), AB)
    yield of, correlate(full, of.delta, AB)
    if operation == "correlation":
        yield of, rot180(correlate(of.x, of.delta, AB))
        yield of, convolve(of.x, of.delta, AB)
    else:
        yield of, correlate(of.x, of.delta, AB)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_wrong_kernel_gradient_is_caught(operation):
    for of, claim in wrong_kernel_gradients(operation):
        proof = sym.prove(of, Claim("a mistake", "", "", claim))
        assert not proof.holds and (proof.residual != 0 or proof.left != proof.right)


def test_under_convolution_the_unturned_kernel_in_a_convolution_is_caught():
    of = sym.layer(2, False, "convolution", "dX")
    assert not sym.prove(of, Claim("", "", "", convolve(FULL, K, AB))).holds
    assert not sym.prove(of, Claim("", "", "", correlate(FULL, R, AB))).holds


def test_channels_that_are_not_swapped_are_caught():
    of = sym.layer(2, True, "correlation", "dX")
    dX = general.gradient(of.loss, of.x)

    def against(kernel, channels=C_out):
        def one(n, m):
            return correlate(pad(channel(of.delta, n), h - 1, w - 1), kernel(n, m), AB)

        claim = stack(lambda m: summed(lambda n: one(n, m), o, channels), C_in)
        return sym.compare(dX, claim, (c, p, q))

    assert against(lambda n, m: rot180(channel(of.k, n, m))).holds
    assert against(lambda n, m: rot180(channel(of.k, m, n))).residual != 0  # channels not swapped
    assert against(lambda n, m: channel(of.k, n, m)).residual != 0  # not turned
    wrong_count = against(lambda n, m: rot180(channel(of.k, n, m)), C_in)
    assert wrong_count.left.conditions != wrong_count.right.conditions


def test_the_kernel_gradient_of_one_pair_must_not_mix_channels():
    of = sym.layer(2, True, "correlation", "dK")
    dK = general.gradient(of.loss, of.k)

    def against(term):
        return sym.compare(dK, stack(lambda n: stack(lambda m: term(n, m), C_in), C_out), of.at)

    exchanged = against(lambda n, m: correlate(channel(of.x, n), channel(of.delta, m), AB))
    assert exchanged.residual != 0

    def pair(n, m):
        return correlate(channel(of.x, m), channel(of.delta, n), AB)

    # Here one o is asked for, and the claim adds up all of them: same term, same index set, other indices.
    added = against(lambda _, m: summed(lambda n: pair(n, m), o, C_out))
    assert added.residual == 0 and added.left.conditions == added.right.conditions
    assert not added.holds


# How a proof reads.


def test_steps_say_what_they_do():
    steps = sym.input_gradient_steps()
    outputs = (i, 0, n_h - h), (j, 0, n_w - w)
    assert steps[1].formula.rhs == Sum(D[i, j] * Derivative(PLAIN.z[i, j], PLAIN.x[p, q]), *outputs)
    assert steps[2].formula.has(KroneckerDelta) and not steps[3].formula.has(KroneckerDelta)
    assert steps[3].indices == ("0 ≤ i ≤ n_h − h", "0 ≤ j ≤ n_w − w", "0 ≤ p − i ≤ h − 1", "0 ≤ q − j ≤ w − 1")
    assert steps[6].indices == ("a = h − 1 − (p − i)", "b = w − 1 − (q − j)")
    assert all(step.because.endswith(".") for step in steps)
    assert steps[3].because in steps[3]._repr_markdown_()
    assert len(sym.kernel_gradient_steps(1, True, "convolution")) == 8


def test_without_cases_a_step_is_the_line_of_the_blackboard():
    """Outside their ranges k and δ are 0: nothing but the general term and the running indices is left."""
    key, window = (sym.without_cases(sym.input_gradient_steps(dimensions=1)[n]).formula.rhs for n in (3, 4))
    δ, k = named("delta", n_h - h + 1), named("k", h)
    assert key == Sum(δ[i] * k[p - i], (i, 0, n_h - h))
    assert window == Sum(δ[p + a - (h - 1)] * k[h - 1 - a], (a, 0, h - 1))


def test_formulas_print_as_the_course_writes_them():
    steps = sym.input_gradient_steps()
    assert r"\left[p = i + u\right] \left[q = j + v\right] \delta_{i,\,j} k_{u,\,v}" in steps[2].latex()
    assert r"\delta_{i,\,j} k_{p - i,\,q - j} & \text{for}\: 0 \leq p - i \leq h - 1" in steps[3].latex()
    assert r"\delta_{p + a - (h - 1),\,q + b - (w - 1)} k_{h - 1 - a,\,w - 1 - b}" in steps[4].latex()
    assert steps[3].latex(after=steps[2]).count(r"\boldsymbol") == 1  # k_{p−i,q−j} is new; δ_{i,j} is not
    assert sym.latex(n_h - h) == "n_{h} - h" and sym.latex(1 - p) == "1 - p" and sym.latex(p - i + 1) == "p - i + 1"


# What the comparison rests on.


def test_one_index_set_has_one_form():
    ways = [i <= p, p >= i, p + 1 > i, i - 1 < p, 2 * i <= 2 * p + 1]
    assert {index_sets.inequalities(way) for way in ways} == {frozenset({p - i})}
    assert index_sets.inequalities(Eq(p, i)) == {p - i, i - p}
    assert index_sets.inequalities(S.true) == frozenset() != index_sets.inequalities(S.false)
    for bad in (p * i >= 0, Symbol("r") >= 0, i / 2 >= p / 3, (i > 0) | (p > 0)):
        with pytest.raises(ValueError):
            index_sets.inequalities(bad)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(-2, 2)] * 3, st.integers(-3, 3)), min_size=1, max_size=6))
def test_reducing_keeps_every_point_and_adds_none(rows):
    conditions = index_sets.inequalities(S.true).union(
        *(index_sets.inequalities(n * i + m * p + r * h + s >= 0) for n, m, r, s in rows))

    def points(inequalities, size):
        rows = [[int(e.coeff(symbol)) for symbol in (i, p, h)] + [int(e.subs({i: 0, p: 0, h: 0}))]
                for e in inequalities]
        return {(n, m) for n in range(-4, 5) for m in range(-4, 5)
                if all(row[0] * n + row[1] * m + row[2] * size + row[3] >= 0 for row in rows)}

    reduced = index_sets.reduced(conditions)
    assert reduced <= conditions
    assert index_sets.reduced(frozenset({p, p + 2 - h})) == {p, p + 2 - h}  # 2 − h is positive for h = 1 only
    assert index_sets.reduced(frozenset({p, p + h - 1})) == {p}
    assert all(points(conditions, size) == points(reduced, size) for size in (1, 3))


def test_sums_that_cannot_be_compared_are_refused():
    x, k = named("x", n_h), named("k", h)
    delta = named("delta", n_h - h + 1)
    dX = general.gradient(general.total(delta, correlate(x, k, (u,)), (i,)), x)
    over_a = (a, 0, h - 1)
    for formula in (Sum(delta[p] * k[a], over_a), Sum(delta[2 * a] * k[a], over_a), Sum(k[a], over_a),
                    Sum(delta[a] * k[i], over_a), delta[p] * Sum(k[a], over_a),
                    Piecewise((Sum(delta[a] * k[a], over_a), a > 0), (0, True)),
                    Sum(delta[a] * k[p], (a, 0, b), (b, 0, h - 1)),
                    Piecewise((Sum(delta[a] * k[a], over_a), p > 0), (1, True))):
        with pytest.raises(ValueError):
            sym.compare(dX, Map(lambda *_, formula=formula: formula, (n_h,)), (p,))


def test_one_letter_cannot_mean_two_things():
    with pytest.raises(ValueError, match="u is already summed over"):
        general.gradient(PLAIN.loss, PLAIN.k)[u, v]
    with pytest.raises(ValueError, match="p is already summed over"):
        correlate(FULL, R, (p, q))[p, q]
    with pytest.raises(ValueError, match="sizes of z"):
        general.total(named("delta", n_h, n_w), PLAIN.z, (i, j))
    with pytest.raises(ValueError, match="1 or 2 dimensions"):
        sym.layer(3)



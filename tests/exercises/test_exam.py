"""The exam: its score, and its six right answers against central differences of the forward pass."""

import numpy as np
import pytest
from helpers import assert_close, forward_by_definition

from cnnlib.exercises import nb14, nb14_net, small_net
from cnnlib.exercises.exam import Exam
from cnnlib.gradcheck import central_difference

PAPER = [
    nb14.input_gradient_gather,
    nb14.input_gradient_scatter,
    nb14.input_gradient_matrix,
    nb14.kernel_gradient,
    nb14_net.pooling_backward,
    nb14_net.net_backward,
]


# --- the score


def named(name, function):
    function.__name__ = name
    return function


def test_the_score_counts_what_is_right_now():
    exam = Exam(*PAPER)
    assert repr(exam).startswith("0 of 6 right\n") and repr(exam).count("not tried") == 6
    matrix = nb14.input_gradient_matrix
    assert exam.check(named(matrix.name, lambda *arguments: matrix.reference(*arguments)))
    assert not exam.check(named("kernel_gradient", lambda *_arguments: ...))
    assert not exam.check(named("pooling_backward", lambda *_arguments: "nothing"))
    assert repr(exam).splitlines() == [
        "1 of 6 right",
        "    … input_gradient_gather   not tried",
        "    … input_gradient_scatter  not tried",
        "    ✓ input_gradient_matrix   right",
        "    … kernel_gradient         not yet",
        "    ✗ pooling_backward        it returns a str, and not an array of numbers",
        "    … net_backward            not tried",
    ]
    assert not exam.check(named(matrix.name, lambda *_arguments: None))
    assert exam.right == 0  # the last answer counts


def test_two_exams_know_nothing_of_each_other():
    one, other = Exam(*PAPER), Exam(*PAPER)
    one.check(named("kernel_gradient", lambda *arguments: nb14.kernel_gradient.reference(*arguments)))
    assert (one.right, other.right) == (1, 0)


@pytest.mark.parametrize("given", [lambda X: X, None, 3, "kernel_gradient"])
def test_an_unknown_name_is_answered_in_words(given):
    exam = Exam(*PAPER)
    report = exam.check(given)
    assert not report and "no exercise has this name" in report.message and "kernel_gradient" in report.message
    assert not exam.reports


def test_the_score_in_a_notebook_is_escaped():
    exam = Exam(*PAPER)

    def kernel_gradient(*_arguments):
        raise ValueError("<script>")

    exam.check(kernel_gradient)
    assert "<b>0 of 6 right</b>" in exam._repr_html_()
    assert "&lt;script&gt;" in exam._repr_html_() and "<script>" not in exam._repr_html_()


# --- the answers


def measured(forward, X, delta):
    """∂(Σ delta·forward)/∂X by central differences: exact but for rounding, as forward is linear."""
    return central_difference(lambda X: (delta * forward(X)).sum(), X, epsilon=1.0)


def pair(number):
    return (number, number)


def test_the_gathered_input_gradient():
    for delta, K, p in nb14.input_gradient_gather.drawn():
        size = [m + k - 1 - 2 * p for m, k in zip(delta.shape[2:], K.shape[2:], strict=True)]
        X = np.zeros((len(delta), K.shape[1], *size))
        right = measured(lambda X, K=K, p=p: forward_by_definition(X, K, padding=pair(p)), X, delta)
        assert_close(nb14.input_gradient_gather.reference(delta, K, p), right)


def test_the_scattered_input_gradient():
    for delta, K, shape, s in nb14.input_gradient_scatter.drawn():
        right = measured(
            lambda X, K=K, s=s: forward_by_definition(X, K, stride=pair(s), operation="convolution"),
            np.zeros(shape),
            delta,
        )
        assert_close(nb14.input_gradient_scatter.reference(delta, K, shape, s), right)


def test_the_transposed_matrix():
    rng = np.random.default_rng(0)
    for K, shape, d in nb14.input_gradient_matrix.drawn():
        B, X = nb14.input_gradient_matrix.reference(K, shape, d), rng.standard_normal(shape)
        assert_close(B.T @ X.ravel(), forward_by_definition(X[None], K, dilation=pair(d)).ravel())


def test_the_kernel_gradient():
    for X, delta, kernel_size, s, p in nb14.kernel_gradient.drawn():
        K = np.zeros((delta.shape[1], X.shape[1], *kernel_size))
        right = measured(
            lambda K, X=X, s=s, p=p: forward_by_definition(X, K, stride=pair(s), padding=pair(p)), K, delta
        )
        assert_close(nb14.kernel_gradient.reference(X, delta, kernel_size, s, p), right)


def test_pooling_backward():
    for delta, size, (b_h, b_w), t in nb14_net.pooling_backward.drawn():

        def pool(X, delta=delta, b_h=b_h, b_w=b_w, t=t):
            P = np.zeros(delta.shape)
            for i, j in np.ndindex(P.shape[2:]):
                P[:, :, i, j] = X[:, :, t * i : t * i + b_h, t * j : t * j + b_w].mean(axis=(2, 3))
            return P

        right = measured(pool, np.zeros((*delta.shape[:2], *size)), delta)
        assert_close(nb14_net.pooling_backward.reference(delta, size, (b_h, b_w), t), right)


def test_net_backward():
    """The biases are drawn anew: the forward pass is run by definition, from X, K, b, W and c to the loss."""
    rng = np.random.default_rng(1)
    for X, K, A, P, W, O, Y in nb14_net.net_backward.drawn():
        scale = A.shape[2] // P.shape[2], A.shape[3] // P.shape[3]
        values = {"dX": X, "dK": K, "db": rng.standard_normal(len(K)), "dW": W, "dc": rng.standard_normal(len(W))}

        def run(X, K, b, W, c, scale=scale):
            A = 1 / (1 + np.exp(-forward_by_definition(X, K) - b[:, None, None]))
            P = np.zeros((*A.shape[:2], A.shape[2] // scale[0], A.shape[3] // scale[1]))
            for i, j in np.ndindex(P.shape[2:]):
                block = A[:, :, scale[0] * i : scale[0] * (i + 1), scale[1] * j : scale[1] * (j + 1)]
                P[:, :, i, j] = block.mean(axis=(2, 3))
            return A, P, 1 / (1 + np.exp(-P.reshape(len(P), -1) @ W.T - c))

        A, P, O = run(*values.values())
        found = nb14_net.net_backward.reference(X, K, A, P, W, O, Y)
        assert tuple(found) == small_net.PARTS
        for name, value in values.items():

            def loss(changed, name=name, values=values, Y=Y, run=run):
                O = run(*(values | {name: changed}).values())[2]
                return ((O - Y) ** 2).sum() / 2 / len(Y)

            assert_close(found[name], central_difference(loss, value), 1e-8)


def test_the_checkers_forward_pass_is_that_of_the_task():
    for X, K, A, P, _W, _O, _Y in nb14_net.net_backward.drawn():
        scale = A.shape[2] // P.shape[2], A.shape[3] // P.shape[3]
        b = (np.log(A / (1 - A)) - forward_by_definition(X, K))[0, :, 0, 0]
        assert_close(A, 1 / (1 + np.exp(-forward_by_definition(X, K) - b[:, None, None])))
        for i, j in np.ndindex(P.shape[2:]):
            block = A[:, :, scale[0] * i : scale[0] * (i + 1), scale[1] * j : scale[1] * (j + 1)]
            assert_close(P[:, :, i, j], block.mean(axis=(2, 3)))

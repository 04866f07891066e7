"""What happens to the backward pass when the turn is taken out of it: who notices, and who is blind."""

import numpy as np
import pytest
from helpers import assert_close, forward_by_definition, normal, plain_case
from hypothesis import given
from hypothesis import strategies as st

from cnnlib import adjoint, gradcheck, ops


def without_turn(delta, K, shape):
    """What gather gives when rot180 is taken out of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ops, "rot180", lambda K: K)
        return adjoint.gather(delta, K, shape)


def test_without_the_turn_an_elementwise_comparison_fails():
    X, K, delta = plain_case()
    right, wrong = adjoint.scatter(delta, K, X.shape), without_turn(delta, K, X.shape)
    assert_close(adjoint.gather(delta, K, X.shape), right)
    with pytest.raises(AssertionError):
        assert_close(wrong, right, tolerance=1e-2)
    assert not gradcheck.compare("dX without the turn", wrong, right, tolerance=1e-2)


@pytest.mark.parametrize("backward, right", [(adjoint.gather, True), (without_turn, False)])
def test_without_the_turn_the_adjoint_test_fails(backward, right):
    X, K, delta = plain_case()
    gap = gradcheck.adjoint_gap(
        lambda x: forward_by_definition(x, K),
        lambda y: backward(y, K, X.shape),
        X.shape,
        delta.shape,
        np.random.default_rng(0),
    )
    assert gap < 1e-14 if right else gap > 1e-3


@given(st.integers(0, 999))
def test_without_the_turn_sum_and_mean_notice_nothing(seed):
    X, K, delta = plain_case(seed=seed)
    right, wrong = adjoint.gather(delta, K, X.shape), without_turn(delta, K, X.shape)
    assert np.isclose(wrong.sum(), right.sum(), rtol=0, atol=1e-11)
    assert np.isclose(wrong.mean(), right.mean(), rtol=0, atol=1e-12)


@given(st.integers(0, 999))
def test_without_the_turn_the_norm_of_a_single_kernel_notices_nothing_either(seed):
    K, delta = normal(3, 2, seed=seed), normal(4, 4, seed=seed + 1)
    right, wrong = adjoint.gather(delta, K, (6, 5)), without_turn(delta, K, (6, 5))
    assert np.isclose(np.linalg.norm(wrong), np.linalg.norm(right), rtol=1e-12)
    assert np.abs(wrong - right).max() > 1e-3


def test_with_padding_or_several_output_maps_the_norm_differs():
    X, K, delta = plain_case()
    right, wrong = adjoint.gather(delta, K, X.shape), without_turn(delta, K, X.shape)
    assert abs(np.linalg.norm(wrong) - np.linalg.norm(right)) > 1e-3


KERNELS = {
    "box": (np.ones((3, 3)), 1),
    "Gaussian": (np.outer([1, 2, 1], [1, 2, 1]), 1),
    "Laplacian": (np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]), 1),
    "1×1": (np.array([[7]]), 1),
    "Sobel": (np.outer([1, 2, 1], [-1, 0, 1]), -1),
}


@pytest.mark.parametrize("K, sign", KERNELS.values(), ids=KERNELS)
def test_a_symmetric_kernel_hides_the_turn_and_an_antisymmetric_one_makes_it_a_sign(K, sign):
    k, delta = len(K), normal(4, 4)
    shape = (3 + k, 3 + k)
    np.testing.assert_array_equal(without_turn(delta, K, shape), sign * adjoint.gather(delta, K, shape))


LOOKALIKES = {
    "transpose": lambda K: K.swapaxes(2, 3),
    "a quarter turn": lambda K: np.rot90(K, axes=(2, 3)),
    "one axis flipped": lambda K: K[:, :, ::-1],
    "the other axis flipped": lambda K: K[..., ::-1],
    "channel axes turned too": lambda K: K[::-1, ::-1, ::-1, ::-1],
}


@pytest.mark.parametrize("turn", LOOKALIKES.values(), ids=LOOKALIKES)
def test_no_other_turn_will_do(turn, monkeypatch):
    K, delta = normal(2, 2, 3, 3), normal(2, 2, 4, 4, seed=1)
    right = adjoint.gather(delta, K, (2, 2, 6, 6))
    monkeypatch.setattr(ops, "rot180", turn)
    wrong = adjoint.gather(delta, K, (2, 2, 6, 6))
    assert np.abs(wrong - right).max() > 0.1


@pytest.mark.parametrize("way", [adjoint.gather, adjoint.scatter, adjoint.matrix, adjoint.col2im])
def test_only_gather_turns(way, monkeypatch):
    X, K, delta = plain_case()
    turned = []
    monkeypatch.setattr(ops, "rot180", lambda K: turned.append(K) or K)
    way(delta, K, X.shape)
    assert bool(turned) == (way is adjoint.gather)

"""The activation functions: their values, their slopes, and the sigmoid at the far ends."""

import math

import numpy as np
import pytest
from helpers import assert_close
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.layers import ReLU, Sigmoid, Tanh

FORMULAS = {
    Sigmoid: (lambda z: 1 / (1 + math.exp(-z)), lambda z: 1 / (2 + math.exp(z) + math.exp(-z))),
    Tanh: (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    ReLU: (lambda z: max(0.0, z), lambda z: float(z > 0)),
}


@pytest.mark.parametrize(
    "activation, formulas", FORMULAS.items(), ids=lambda value: getattr(value, "__name__", "")
)
@given(st.lists(st.floats(-20, 20), min_size=1, max_size=6))
def test_value_and_slope_are_the_formulas(activation, formulas, Z):
    layer, (value, slope) = activation(), formulas
    assert_close(layer.forward(np.array(Z)), [value(z) for z in Z], 1e-14)
    assert_close(layer.backward(np.full(len(Z), 3.0)), [3 * slope(z) for z in Z], 1e-14)


def test_relu_has_slope_zero_at_zero():
    layer = ReLU()
    layer.forward(np.array([0.0, -0.0]))
    np.testing.assert_array_equal(layer.backward(np.ones(2)), [0, 0])


@pytest.mark.parametrize("activation", FORMULAS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_ends_are_finite_and_silent(activation, dtype):
    layer = activation()
    with np.errstate(all="raise", under="ignore"):
        A = layer.forward(np.array([-np.inf, -1000, -100, 100, 1000], dtype=dtype))
        dZ = layer.backward(np.ones(5, dtype=dtype))
    assert np.isfinite(A).all() and np.isfinite(dZ).all()
    assert A.dtype == dZ.dtype == dtype


def test_the_sigmoid_at_plus_and_minus_a_thousand():
    np.testing.assert_array_equal(Sigmoid().forward([-1000.0, 0.0, 1000.0]), [0, 0.5, 1])


@pytest.mark.parametrize("z", [-30.0, -100.0, -300.0, -700.0])
def test_the_sigmoid_is_accurate_in_its_lower_tail(z):
    assert Sigmoid().forward(np.array([z]))[0] == pytest.approx(math.exp(z), rel=1e-12, abs=0)


@given(st.floats(-700, 700))
def test_the_sigmoid_is_symmetric_about_a_half(z):
    a, b = Sigmoid().forward(np.array([z, -z]))
    assert a + b == pytest.approx(1, rel=1e-15, abs=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_sigmoid_is_silent_even_where_numpy_is_told_to_raise(dtype):
    with np.errstate(all="raise"):
        layer = Sigmoid()
        A = layer.forward(np.array([-1e4, -800, -100, 0, 1e4], dtype))
        assert layer.backward(np.full(5, 0.1))[0] == 0
    assert A.dtype == dtype and A[0] == 0 and A[-1] == 1

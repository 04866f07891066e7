"""What holds for every layer: one truth, no mixing of images, no side effects, clear refusals."""

from functools import partial

import numpy as np
import pytest
from helpers import assert_close, normal, says
from layer_cases import CASES, build, every_layer, layers_with_params, run

from cnnlib.layers import Conv2D, ConvTranspose2D, Dense, Layer, Subsampling2D, TableConv2D
from cnnlib.layers.activation import Activation

# --- params is the only truth


@layers_with_params
@pytest.mark.parametrize("replace", [True, False], ids=["replaced", "changed in place"])
def test_a_new_parameter_takes_effect_at_the_next_forward(name, replace):
    layer, X, delta = build(name)
    other = build(name)[0]
    layer.forward(X)
    for key, array in layer.params.items():
        new = normal(*array.shape, seed=11)
        other.params[key] = new.copy()
        if replace:
            layer.params[key] = new
        else:
            array[...] = new
    assert_close(layer.forward(X), other.forward(X), 0)
    assert_close(run(layer, X, delta)[0], run(other, X, delta)[0], 0)


@layers_with_params
def test_whole_numbers_as_parameters_count_as_the_layers_dtype(name):
    layer, X, delta = build(name, np.float32)
    whole = {key: np.arange(array.size).reshape(array.shape) for key, array in layer.params.items()}
    layer.params |= whole
    Z, (dX, grads) = layer.forward(X), run(layer, X, delta)
    layer.params = {key: array.astype(np.float32) for key, array in whole.items()}
    np.testing.assert_array_equal(layer.forward(X), Z)
    np.testing.assert_array_equal(run(layer, X, delta)[0], dX)
    assert Z.dtype == dX.dtype == np.float32 and all(g.dtype == np.float32 for g in grads.values())


@layers_with_params
def test_a_parameter_of_another_shape_is_refused(name):
    layer, X, _ = build(name)
    for key, array in list(layer.params.items()):
        layer.params[key] = array[:-1]
        with says(repr(layer), f"params['{key}']", str(array[:-1].shape), str(array.shape)):
            layer.forward(X)
        layer.params[key] = array


@layers_with_params
def test_without_a_generator_the_start_is_the_same_each_time(name):
    kind = {
        "dense": partial(Dense, 5, 3),
        "transposed": partial(ConvTranspose2D, 2, 3, 2),
        "table": partial(TableConv2D, 2, [(1,), (0, 1)], 2),
        "subsampling": partial(Subsampling2D, 3, 2),
    }
    make = kind.get(name.split(",")[0], partial(Conv2D, 2, 3, 2))
    first, second, other = make(), make(), make(rng=np.random.default_rng(1))
    weights = next(iter(first.params))
    np.testing.assert_array_equal(first.params[weights], second.params[weights])
    assert (first.params[weights] != other.params[weights]).all()
    assert not first.params["b"].any()


# --- one image is as good as many, and nothing else is touched


@every_layer
def test_every_image_goes_its_own_way(name):
    layer, X, delta = build(name)
    Z, (dX, grads) = layer.forward(X), run(layer, X, delta)
    alone = []
    for n in range(len(X)):
        assert_close(layer.forward(X[n : n + 1]), Z[n : n + 1])
        dX_n, grads_n = run(layer, X[n : n + 1], delta[n : n + 1])
        assert_close(dX_n, dX[n : n + 1])
        alone.append(grads_n)
    for key, gradient in grads.items():
        assert_close(sum(grads_n[key] for grads_n in alone), gradient)


@every_layer
def test_input_delta_and_parameters_are_left_as_they_were(name):
    layer, X, delta = build(name)
    before = X.copy(), delta.copy(), {key: array.copy() for key, array in layer.params.items()}
    run(layer, X, delta)
    np.testing.assert_equal((X, delta, layer.params), before)


@every_layer
def test_backward_twice_gives_the_same_and_does_not_add_up(name):
    layer, X, delta = build(name)
    first = run(layer, X, delta)
    np.testing.assert_equal((layer.backward(delta), layer.grads), first)


@every_layer
def test_without_need_dx_only_the_input_gradient_is_missing(name):
    layer, X, delta = build(name)
    _, grads = run(layer, X, delta)
    layer.grads = {}
    assert layer.backward(delta, need_dX=False) is None
    np.testing.assert_equal(layer.grads, grads)


@every_layer
def test_output_shape_is_the_shape_of_the_output(name):
    layer, X, delta = build(name)
    assert layer.output_shape(X.shape[1:]) == delta.shape[1:]


@every_layer
def test_float32_stays_float32_whatever_the_delta(name):
    layer, X, delta = build(name, np.float32)
    Z = layer.forward(X.astype(np.float32))
    dX, grads = layer.backward(delta), layer.grads  # delta is float64
    assert Z.dtype == dX.dtype == np.float32
    assert all(gradient.dtype == np.float32 for gradient in grads.values())


@layers_with_params
@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float64])
def test_real_input_is_cast_to_the_layers_dtype(name, dtype):
    layer, X, _ = build(name, np.float32)
    X = (10 * X).astype(dtype)
    Z = layer.forward(X)
    assert Z.dtype == np.float32
    np.testing.assert_array_equal(layer.forward(X.astype(np.float32)), Z)


# --- what does not fit


@every_layer
def test_backward_needs_a_forward(name):
    layer, X, delta = build(name)
    fresh = CASES[name][0](np.float64)
    with says(repr(layer), "forward"):
        fresh.backward(delta)
    fresh.forward(X)
    with says(repr(layer), str(delta[:1].shape), str(delta.shape)):
        fresh.backward(delta[:1])


@every_layer
@pytest.mark.parametrize("dtype, word", [(complex, "complex"), (str, "text"), (object, "objects")])
def test_only_real_numbers_go_through(name, dtype, word):
    layer, X, delta = build(name)
    if dtype is object and name.split(",")[0] in ("mean pool", "flatten"):
        assert layer.forward(X.astype(object)).dtype == object  # these two run on symbols as they are
    else:
        with says(repr(layer), "input", word, "real numbers"):
            layer.forward(X.astype(dtype))
    layer.forward(X)
    with says(repr(layer), "delta", word, "real numbers"):
        layer.backward(delta.astype(dtype))


@every_layer
def test_an_empty_batch_is_refused(name):
    layer, X, _ = build(name)
    if isinstance(layer, Activation):
        assert layer.forward(X[:0]).shape == X[:0].shape  # elementwise: nothing in, nothing out
    else:
        with says(repr(layer), str(X[:0].shape)):
            layer.forward(X[:0])


def test_the_base_says_what_a_layer_has_to_have():
    for method in (Layer().forward, Layer().backward, Layer().output_shape):
        with pytest.raises(NotImplementedError):
            method(None)


@pytest.mark.parametrize("name", ["K", "b"])
@pytest.mark.parametrize("in_place", [True, False])
def test_a_changed_parameter_waits_for_the_next_forward(name, in_place):
    layer = Conv2D(2, 3, 2, dtype=np.float64)
    X = normal(2, 2, 4, 4)
    delta = normal(*layer.forward(X).shape, seed=1)
    before = layer.backward(delta)
    if in_place:
        layer.params[name][:] = 7
    else:
        layer.params[name] = layer.params[name] + 7
    assert (layer.backward(delta) == before).all()
    layer.forward(X)
    assert (layer.backward(delta) == before).all() == (name == "b")


# --- what was handed out stays as it was


@every_layer
def test_a_second_pass_leaves_the_results_of_the_first_as_they_were(name):
    layer, X, delta = build(name)
    first = passed(layer, X, delta)
    kept = [array.copy() for array in first]
    second = passed(layer, X[::-1] * 0.5, delta * 3)
    for array, copy in zip(first, kept, strict=True):
        np.testing.assert_array_equal(array, copy)
    assert not any(np.shares_memory(one, other) for one in first for other in second)


def passed(layer, X, delta):
    """Every array that a pass hands out: Z, dX and the gradients of the parameters."""
    return [layer.forward(X), layer.backward(delta), *layer.grads.values()]

"""Training: the update rules by hand, the order of images, what a Step says, and when it stops."""

import numpy as np
import pytest
from helpers import assert_close, grads_of, normal, params_of, says, small_batch, small_net

from cnnlib.layers import Dense, Sigmoid
from cnnlib.losses import SquaredError
from cnnlib.network import Network
from cnnlib.training import LossNotFiniteError, train


def run(net, *, count=10, seed=4, **options):
    """Train on ``count`` images to the end; the list of steps."""
    X, Y = small_batch(count)
    return list(train(net, X, Y, rng=np.random.default_rng(seed), **{"batch_size": 4, **options}))


# --- the updates, by hand


def replay(steps, *, momentum=0.0, count=10):
    """The same training written out: v ← momentum·v − rate·gradient, θ ← θ + v."""
    (X, Y), net = small_batch(count), small_net()
    velocities = [0 * array for array in params_of(net)]
    for step in steps:
        net.forward(X[step.indices])
        net.backward(Y[step.indices])
        updates = zip(velocities, grads_of(net), strict=True)
        velocities = [momentum * v - step.learning_rate * g for v, g in updates]
        places = [(layer, key) for layer in net.layers for key in layer.params]
        for (layer, key), v in zip(places, velocities, strict=True):
            layer.params[key] = layer.params[key] + v
    return params_of(net)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_training_is_the_formula(momentum):
    net = small_net()
    steps = run(net, learning_rate=0.3, momentum=momentum, epochs=3)
    for mine, expected in zip(params_of(net), replay(steps, momentum=momentum), strict=True):
        assert_close(mine, expected, 1e-14)


def test_one_update_of_one_weight_written_out():
    net = Network([Dense(1, 1, dtype=np.float64)], SquaredError())
    net.layers[0].params = {"W": np.array([[2.0]]), "b": np.array([1.0])}
    step = next(train(net, [[3.0]], [[4.0]], learning_rate=0.1, rng=np.random.default_rng(0)))
    # output 7, target 4: loss ½·3² = 4.5, ∂L/∂W = 3·3, ∂L/∂b = 3
    assert step.loss == 4.5
    assert_close(net.layers[0].params["W"], [[2 - 0.9]])
    assert_close(net.layers[0].params["b"], [1 - 0.3])


def test_momentum_written_out():
    net = Network([Dense(1, 1, dtype=np.float64)], SquaredError())
    net.layers[0].params = {"W": np.array([[0.0]]), "b": np.array([1.0])}
    for _ in train(
        net, [[0.0]], [[0.0]], learning_rate=0.5, momentum=0.5, epochs=3, rng=np.random.default_rng(0)
    ):
        pass
    # ∂L/∂b = b: 1 → v −0.5, b 0.5 → v −0.25−0.25, b 0 → v −0.25−0, b −0.25
    assert_close(net.layers[0].params["b"], [-0.25])


def test_a_step_speaks_of_the_loss_before_its_update():
    net, twin = small_net(), small_net()
    X, Y = small_batch(10)
    for step in train(net, X, Y, batch_size=4, epochs=2, rng=np.random.default_rng(4)):
        batch = X[step.indices], Y[step.indices]
        assert step.loss == twin.loss.value(twin.forward(batch[0]), batch[1])
        twin = small_net()
        for layer, trained in zip(twin.layers, net.layers, strict=True):
            layer.params = dict(trained.params)


def test_parameters_are_replaced_so_that_old_ones_can_be_kept():
    net = small_net()
    kept, copy = net.layers[0].params["K"], net.layers[0].params["K"].copy()
    run(net)
    assert net.layers[0].params["K"] is not kept
    np.testing.assert_array_equal(kept, copy)


# --- batches and order


def test_each_pass_sees_every_image_once_in_a_new_order():
    steps = run(small_net(), epochs=3)
    passes = [np.concatenate([s.indices for s in steps if s.epoch == epoch]) for epoch in (1, 2, 3)]
    for order in passes:
        assert sorted(order) == list(range(10))
    assert (passes[0] != passes[1]).any() and (passes[1] != passes[2]).any()


def test_steps_and_epochs_are_counted_from_one():
    steps = run(small_net(), epochs=2)
    assert [(s.step, s.epoch) for s in steps] == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2)]
    assert [len(s.indices) for s in steps] == [4, 4, 2, 4, 4, 2]


def test_a_short_last_batch_counts_by_its_own_size():
    """Its gradient is the mean over its own two images, not their sum over four."""
    net = small_net()
    steps = run(net, learning_rate=0.3)
    assert len(steps[-1].indices) == 2
    for mine, expected in zip(params_of(net), replay(steps), strict=True):
        assert_close(mine, expected, 1e-14)
    twin, (X, Y) = small_net(), small_batch(10)
    *_, last = train(twin, X, Y, batch_size=4, learning_rate=0.0, rng=np.random.default_rng(4))
    outputs = twin.predict(X[last.indices])
    assert last.loss == pytest.approx(0.5 * ((outputs - Y[last.indices]) ** 2).sum() / 2, rel=1e-14)


def test_a_batch_larger_than_the_data_is_all_of_it():
    assert [len(s.indices) for s in run(small_net(), batch_size=500)] == [10]


def test_the_same_seed_gives_the_same_training_bit_by_bit():
    nets = [small_net(), small_net(), small_net()]
    first, second, other = [run(net, epochs=2, seed=s) for net, s in zip(nets, (4, 4, 5), strict=True)]
    np.testing.assert_equal(first, second)
    np.testing.assert_equal(params_of(nets[0]), params_of(nets[1]))
    assert any((a.indices != b.indices).any() for a, b in zip(first, other, strict=True))


# --- rates, smoothing, dtypes


def test_the_learning_rate_may_be_a_function_of_the_step():
    net, asked = small_net(), []
    steps = run(net, epochs=2, learning_rate=lambda step: asked.append(step) or 1 / step)
    assert asked == [1, 2, 3, 4, 5, 6]
    assert [s.learning_rate for s in steps] == [1 / step for step in asked]
    for mine, expected in zip(params_of(net), replay(steps), strict=True):
        assert_close(mine, expected, 1e-14)


def test_the_smoothed_loss_is_the_articles():
    steps = run(small_net(), epochs=4, learning_rate=0.3)
    smoothed = steps[0].loss
    assert steps[0].smoothed_loss == smoothed
    for step in steps[1:]:
        smoothed = 0.99 * smoothed + 0.01 * step.loss
        assert step.smoothed_loss == pytest.approx(smoothed, rel=1e-12)


@pytest.mark.parametrize("momentum", [0, 0.9, np.float64(0.9)])
@pytest.mark.parametrize("rate", [1, 0.5, np.float64(0.5), lambda step: np.float64(0.5)])
def test_float32_parameters_stay_float32(momentum, rate):
    net = small_net(dtype=np.float32)
    run(net, momentum=momentum, learning_rate=rate)
    assert {array.dtype for array in params_of(net)} == {np.dtype(np.float32)}


def test_whole_numbers_as_parameters_become_the_layers_dtype():
    net, twin = small_net(dtype=np.float32), small_net(dtype=np.float32)
    net.layers[0].params["K"] = np.ones((3, 2, 2, 3), dtype=int)
    twin.layers[0].params["K"] = np.ones((3, 2, 2, 3), dtype=np.float32)
    run(net), run(twin)
    np.testing.assert_equal(params_of(net), params_of(twin))
    assert net.layers[0].params["K"].dtype == np.float32


def test_training_lowers_the_loss():
    steps = run(small_net(), epochs=60, learning_rate=0.5)
    assert steps[-1].smoothed_loss < 0.8 * steps[0].loss


# --- when it stops


def test_stopping_is_not_asking_for_more():
    net, (X, Y) = small_net(), small_batch(10)
    steps = train(net, X, Y, batch_size=4, rng=np.random.default_rng(4))
    next(steps)
    after_one = params_of(net)
    steps.close()
    np.testing.assert_equal(params_of(net), after_one)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_diverging_loss_stops_and_names_step_and_learning_rate(dtype):
    net = Network([Dense(4, 3, dtype=dtype)], SquaredError())
    seen = []
    with pytest.raises(LossNotFiniteError) as raised:
        seen.extend(
            train(
                net, normal(8, 4), normal(8, 3), learning_rate=1e4, epochs=999, rng=np.random.default_rng(0)
            )
        )
    assert f"step {seen[-1].step + 1}:" in str(raised.value) and "learning rate 10000" in str(raised.value)
    assert isinstance(raised.value, ValueError) and np.isfinite(seen[-1].loss)


def test_a_loss_that_is_not_a_number_stops_before_the_update():
    net, (X, Y) = small_net(), small_batch()
    updates = train(net, X, Y, learning_rate=0.5, rng=np.random.default_rng(0))
    net.layers[0].params["b"][1] = np.nan
    before = params_of(net)
    with says("step 1", "nan", "learning rate 0.5"):
        next(updates)
    np.testing.assert_equal(params_of(net), before)


def test_overflow_is_silenced_only_inside_a_step():
    net, (X, Y) = small_net(), small_batch()
    next(train(net, X, Y, rng=np.random.default_rng(0)))
    assert np.geterr()["over"] == "warn" and np.geterr()["invalid"] == "warn"


X, Y = small_batch()


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"batch_size": 0}, ["batch_size", "at least 1", "0"]),
        ({"batch_size": 2.5}, ["batch_size", "whole number", "2.5"]),
        ({"epochs": 0}, ["epochs", "at least 1", "0"]),
        ({"learning_rate": np.inf}, ["learning_rate", "inf"]),
        ({"learning_rate": "fast"}, ["learning_rate", "'fast'"]),
        ({"learning_rate": None}, ["learning_rate", "None"]),
        ({"momentum": 1.0}, ["momentum", "below 1", "1.0"]),
        ({"momentum": -0.1}, ["momentum", "at least 0", "-0.1"]),
        ({"momentum": "much"}, ["momentum", "'much'"]),
        ({"rng": 0}, ["rng", "default_rng", "0"]),
        ({"rng": None}, ["rng", "default_rng", "None"]),
        ({"Y": Y[:3]}, ["(5, 2, 7, 6)", "(3, 3)"]),
        ({"Y": np.array([0, 1, 2, 0, 1])}, ["(5,)", "one_hot"]),
        ({"X": X[:0], "Y": Y[:0]}, ["(0, 2, 7, 6)"]),
        ({"X": 3.0}, ["X ()", "(5, 3)"]),
    ],
    ids=str,
)
def test_arguments_that_do_not_fit_are_refused_at_once(changed, words):
    arguments = {"X": X, "Y": Y, "rng": np.random.default_rng(0)} | changed
    with says(*words):
        train(small_net(), **arguments)  # no next(): the generator is not even made


def test_layers_without_parameters_are_left_alone():
    net = Network([Sigmoid()], SquaredError())
    (step,) = train(net, Y, Y, rng=np.random.default_rng(0))
    assert step.loss > 0


@pytest.mark.parametrize("returned", [None, "a", np.nan, np.inf, [0.1, 0.2], 1j], ids=repr)
def test_a_learning_rate_function_has_to_give_a_number(returned):
    net, (X, Y) = small_net(), small_batch()
    before = params_of(net)
    with pytest.raises(ValueError, match=r"learning_rate gave .* for step 1"):
        next(train(net, X, Y, learning_rate=lambda step: returned, rng=np.random.default_rng(0)))
    np.testing.assert_equal(params_of(net), before)

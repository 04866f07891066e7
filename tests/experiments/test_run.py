"""A run goes forward, is recorded, and can be looked at anywhere in its past."""

import numpy as np
import pytest

from cnnlib import data, network
from cnnlib.experiments.run import History, Run
from cnnlib.training import train


@pytest.fixture(scope="module")
def few():
    """200 + 60 digits: 4 updates a pass."""
    digits = data.load_digits()
    return data.Digits(
        digits.train_images[:200], digits.train_labels[:200], digits.test_images[:60], digits.test_labels[:60]
    )


def weights(net):
    return [np.array(value) for layer in net.layers for value in layer.params.values()]


def same(one, other):
    return all((a == b).all() for a, b in zip(weights(one), weights(other), strict=True))


def test_run_trains_exactly_as_the_plain_loop_does(few):
    run = Run(few, seed=3, epochs=2)
    while run.advance():
        pass
    rng = np.random.default_rng(3)
    plain = network.toolbox_net(rng=rng)
    losses = [s.loss for s in train(plain, few.train_images, data.one_hot(few.train_labels), epochs=2, rng=rng)]
    assert run.history.losses == losses and same(run.network, plain)
    assert (run.head, run.total) == (8, 8) and not run.advance()


def test_same_seed_same_run_other_seed_other_run(few):
    run = Run(few, seed=1)
    run.advance()
    first = weights(run.network)
    run.restart(1)
    run.advance()
    assert all((a == b).all() for a, b in zip(first, weights(run.network), strict=True))
    run.restart(2)
    run.advance()
    assert any((a != b).any() for a, b in zip(first, weights(run.network), strict=True))


def test_the_past_is_shown_as_it_was_and_training_goes_on_from_the_head(few):
    run = Run(few, epochs=3)
    kept = {}
    for _ in range(6):
        run.advance()
        kept[run.head] = weights(run.network)
    run.seek(2)
    assert run.cursor == 2 and run.head == 6
    assert all((a == b).all() for a, b in zip(weights(run.shown()), kept[2], strict=True))
    before = weights(run.network)
    run.trace(5)
    assert all((a == b).all() for a, b in zip(weights(run.network), before, strict=True))
    assert [run.forward() and run.cursor for _ in range(5)] == [3, 4, 5, 6, 7]
    assert run.head == 7


def test_seek_stays_inside_the_record(few):
    run = Run(few)
    run.advance()
    run.seek(99)
    assert run.cursor == 1
    run.seek(-5)
    assert run.cursor == 0


def test_a_cursor_between_two_kept_weights_stands_at_the_kept_ones(few):
    """Numbers of one update beside the maps of another would be the worst that the panel could show."""
    run, kept = Run(few, epochs=5), {}
    run.history = History(run.network, most=4)
    while run.advance():
        kept[run.head] = weights(run.network)
    assert sorted(run.history.keyframes) == [0, 8, 16] and run.head == 20
    for step in range(1, 21):
        run.seek(step)
        assert run.cursor == (20 if step == 20 else step // 8 * 8)
        shown = weights(run.shown())
        expected = kept[run.cursor] if run.cursor else weights(Run(few).network)
        assert all((a == b).all() for a, b in zip(shown, expected, strict=True))


def test_keyframes_are_thinned_and_every_moment_finds_one():
    net = network.toolbox_net()
    history = History(net, most=10)
    for t in range(1, 200):
        history.record(type("S", (), {"step": t, "loss": 1.0, "smoothed_loss": 1.0}), net)
    assert len(history.keyframes) <= 10 and history.every == 32
    assert 0 in history.keyframes
    assert all(0 <= t - history.before(t) < 2 * history.every for t in range(200))


def test_a_keyframe_is_a_copy(few):
    run = Run(few)
    run.network.layers[0].params["K"][:] = 7  # in place
    assert not (run.history.keyframes[0][0]["K"] == 7).any()


def test_test_error_is_that_of_the_update_it_is_written_at(few):
    run = Run(few, epochs=5, test_every=5)
    errors = {0: run.network.error_rate(few.test_images, few.test_labels)}
    while run.advance():
        errors[run.head] = run.network.error_rate(few.test_images, few.test_labels)
    assert [step for step, _ in run.history.errors] == [0, 5, 10, 15, 20]
    assert all(rate == pytest.approx(errors[step]) for step, rate in run.history.errors)


def test_trace_of_an_image_belongs_to_its_label(few):
    run = Run(few)
    trace, label = run.trace(7)
    assert label == few.test_labels[7]
    assert np.allclose(trace.deltas[-1], trace.activations[-1] - np.eye(10)[label])


def test_plateau_is_told_from_the_losses_alone(few):
    run = Run(few)
    run.head, run.history.losses = 100, [1.2] * 10 + [0.45] * 90
    assert run.on_plateau()
    run.head, run.history.losses = 500, [1.2] * 10 + [0.45] * 490  # some seeds stay longer
    assert run.on_plateau()
    run.history.losses[-20:] = [0.3] * 20
    assert not run.on_plateau()
    run.head = 20
    assert not run.on_plateau()

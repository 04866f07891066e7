"""The first layer moved in four ways: what each way does, and the table that was measured once."""

import numpy as np
import pytest
from helpers import says
from scripts import script

from cnnlib import bugs, data
from cnnlib.bugs import first_layer
from cnnlib.bugs.first_layer import SEEDS, SETTINGS, WAYS
from cnnlib.experiments import records
from cnnlib.layers import Conv2D

bugtable = script("bugtable")
every_net = pytest.mark.parametrize("net", SETTINGS)


@pytest.fixture(scope="module")
def digits():
    return data.load_digits()


@pytest.fixture(scope="module")
def few(digits):
    return digits._replace(train_images=digits.train_images[:200], train_labels=digits.train_labels[:200])


def gradients(network, digits):
    """{(layer, name): gradient} on ten digits, as a backward pass of this net leaves them."""
    network.forward(digits.train_images[:10])
    network.backward(data.one_hot(digits.train_labels[:10]))
    return {(i, name): g for i, layer in enumerate(network.layers) for name, g in layer.grads.items()}


@every_net
def test_only_the_first_layer_is_moved_otherwise(net, few):
    drawn = SETTINGS[net].build(rng=np.random.default_rng(1))
    found = {way: gradients(first_layer.moved(drawn, way, np.random.default_rng(0)), few) for way in WAYS}
    right = gradients(bugs.plant(drawn, bugs.NONE), few)
    for way in WAYS:
        for place, gradient in found[way].items():
            assert np.array_equal(gradient, right[place]) == (place[0] > 0 or way == "right"), (way, place)


@every_net
def test_a_random_step_has_the_length_of_the_wrong_one_and_another_direction(net, few):
    drawn = SETTINGS[net].build(rng=np.random.default_rng(1))
    wrong, random, frozen = (
        gradients(first_layer.moved(drawn, way, np.random.default_rng(0)), few)[0, "K"]
        for way in ("no turn", "random", "frozen")
    )
    lengths = np.linalg.norm(random), np.linalg.norm(wrong)
    assert np.isclose(*lengths, rtol=1e-5) and lengths[0] > 0
    assert abs(np.vdot(random, wrong)) < 0.5 * lengths[0] * lengths[1]
    assert random.dtype == wrong.dtype and not frozen.any()


def test_a_frozen_layer_stays_as_it_was_drawn_and_the_others_learn(few):
    net, steps = first_layer.begin(few, "article", "frozen", 0)
    before = [{name: array.copy() for name, array in layer.params.items()} for layer in net.layers]
    next(steps)
    for i, (layer, old) in enumerate(zip(net.layers, before, strict=True)):
        for name, array in layer.params.items():
            assert np.array_equal(array, old[name]) == (i == 0)


@every_net
def test_a_run_has_its_updates_and_no_more(net, few, monkeypatch):
    monkeypatch.setitem(first_layer.SETTINGS, net, SETTINGS[net]._replace(updates=13, batch_size=20))
    assert len(list(first_layer.begin(few, net, "right", 0)[1])) == 13


def test_the_cosines_are_taken_along_the_path_of_the_net_without_the_turn(few, monkeypatch):
    monkeypatch.setattr(first_layer, "SAMPLES", 2)
    monkeypatch.setitem(first_layer.SETTINGS, "article", SETTINGS["article"]._replace(updates=6))
    found = first_layer.measure(few, "article", "no turn", 0)["cosines"]
    assert {name: len(row) for name, row in found.items()} == dict.fromkeys(("K¹", "b¹", "K²", "b²", "W³", "b³"), 2)
    net, steps = first_layer.begin(few, "article", "no turn", 0)
    list(steps)  # its own six updates
    wrong = gradients(net, few)[0, "K"]
    right = bugs.plant(net, bugs.NONE)
    right.layers[3].__class__ = Conv2D
    right = gradients(right, few)[0, "K"]
    assert not np.allclose(wrong, right, rtol=0.1, atol=0)
    assert min(found["K²"]) > 0.9999 and max(found["K¹"]) < 0.9999


def test_an_unknown_way_is_named():
    with says("'sideways' is none of right, no turn, frozen, random"):
        first_layer.moved(SETTINGS["article"].build(), "sideways", np.random.default_rng(0))


# ----------------------------------------------------------------------------- the table that was measured


def test_the_table_is_complete():
    table = first_layer.table()
    assert table["seeds"] == list(SEEDS) and table["samples"] == first_layer.SAMPLES
    assert list(table["nets"]) == list(SETTINGS)
    for net, found in table["nets"].items():
        assert all(found[name] == value for name, value in SETTINGS[net]._asdict().items() if name != "build")
        assert list(found["test_error"]) == list(WAYS)
        assert all(len(row) == 5 and min(row) > 0 and max(row) < 1 for row in found["test_error"].values())
        assert {(len(rows), len(row)) for rows in found["own_path"].values() for row in rows} == {(5, 20)}


@pytest.mark.slow
@pytest.mark.parametrize("net, way, seed", [("modern", "frozen", 0), ("modern", "random", 1)])
def test_one_cell_measured_again(net, way, seed, digits):
    kept = first_layer.table()["nets"][net]["test_error"][way][seed]
    assert first_layer.measure(digits, net, way, seed)["test_error"] == pytest.approx(kept, abs=0.02)


def test_what_is_kept_is_what_was_measured(monkeypatch, tmp_path):
    runs = {task: {"test_error": 0.12344, "cosines": {"K¹": [0.98765, None]}} for task in bugtable.tasks_of("why")}
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    records.write(first_layer.RECORD, **bugtable.recorded_why(runs))
    record = first_layer.table.__wrapped__()
    assert list(record) == list(first_layer.table())
    assert record["nets"]["modern"]["test_error"]["frozen"] == [0.1234] * 5
    assert record["nets"]["article"]["own_path"] == {"K¹": [[0.988, None]] * 5}

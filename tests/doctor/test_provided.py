"""Layers whose code says what they need, where no name does."""

import numpy as np
import pytest

from cnnlib import doctor
from cnnlib.doctor.patient.standins import Identity
from cnnlib.doctor.reading.needs import builders, lacking_in
from cnnlib.doctor.reading.roles import called, rates

from .patients import provided
from .test_carried import wrong


@pytest.mark.parametrize("name", provided.LAYERS)
def test_each_is_driven_with_nothing_told(name):
    layer, part = provided.LAYERS[name]
    report = doctor.examine(layer, guess=True, show=False)
    assert list(wrong(report)) == [part] * (part is not None) and report["forward"].verdict == "right"
    parts = ("dX", "dK", "db") if report.plan.has_bias else ("dX", "dK")
    assert {report[one].verdict for one in parts} <= {"right", "wrong"}


def test_what_is_called_and_what_scales_a_step():
    assert called(provided.SlopeHandedOver) == {"phi": {""}, "phi_der": {""}}
    assert called(provided.AsksForChance) == {"luck": {"standard_normal"}}
    assert rates(provided.RateByUse.backpropagate) == ["delta_multiplier"]
    assert rates(provided.AsksForChance.backward) == []


def test_what_the_passes_lack_and_what_provides_it():
    layer = provided.ToldItsChannelsLater(4, 3)
    assert lacking_in(layer, ("forward", "backward")) == {"_filter"}
    assert builders(layer, ("forward", "backward")) == ["follow"]
    assert builders(provided.AsksForChance(1, 2, np.random.default_rng(0)), ("forward", "backward")) == []


def test_the_slope_of_no_activation_is_one_and_its_product_with_delta_is_delta():
    sigma, z, delta = Identity(), np.arange(6.0), np.ones(6) / 7
    assert np.array_equal(sigma(z), z)
    assert np.array_equal(sigma.gradient(z, delta), delta) and np.array_equal(sigma.gradient(delta, z), delta)
    assert np.array_equal(sigma.prime(z), np.ones(6))


@pytest.mark.parametrize("layer, path", [(provided.ReLULayer, "shift"), (provided.BiasInOneNumber, "sesgo")])
def test_a_bias_is_found_by_what_it_does(layer, path):
    assert doctor.examine(layer, show=False).plan.bias_path == path

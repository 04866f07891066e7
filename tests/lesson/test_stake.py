"""The stake: the record is of the nets that a notebook trains, and the empty axes give nothing away."""

import re

import numpy as np

from cnnlib import data
from cnnlib.bugs import first_layer
from cnnlib.lesson import stake


def test_the_record_is_what_a_run_gives_again():
    """The first error of seed 0: 30 updates of each net."""
    digits = data.load_digits()
    for way in stake.WAYS:
        net, steps = first_layer.begin(digits, stake.NET, way, 0)
        next(step for step in steps if step.step == stake.EVERY)
        error = net.error_rate(digits.test_images[: stake.TESTED], digits.test_labels[: stake.TESTED])
        assert abs(error - stake.recorded()[way][0][0]) < 0.03  # float32 rounds differently on other processors


def test_without_the_turn_it_learns_and_worse_in_the_median_but_not_at_each_moment():
    right, wrong = (np.array(stake.recorded()[way]) for way in ("right", "no turn"))
    assert right.shape == wrong.shape == (5, 10)
    assert np.median(right[:, -1]) < np.median(wrong[:, -1]) < 0.2
    assert (wrong < right).any()  # so a single pair misleads


def test_a_pair_is_trained_only_where_it_is_quick(monkeypatch):
    monkeypatch.setattr("sys.platform", "emscripten")
    assert stake.train_pair() is None


def alt(html):
    return re.search('alt="([^"]*)"', html)[1]


def test_the_empty_axes_tell_nothing_and_the_full_ones_tell_all():
    assert "%" not in alt(stake.bets()).replace("20 per cent", "") and "empty row" in alt(stake.layer_bets())
    assert "without the turn" in alt(stake.curves()) and "K¹ from −0" in alt(stake.layers())
    pair = stake.Pair(5, {way: [0.5] * 10 for way in stake.WAYS}, {name: [0.5] * 10 for name in stake.LAYERS})
    assert len(stake.curves(pair)) > len(stake.curves()) and len(stake.layers(pair)) > len(stake.layers())

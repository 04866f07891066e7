"""The grid of cells without a browser: what it says, what it sends, what it refuses."""

import time

import numpy as np
import pytest
from helpers import normal, says
from ipywidgets.widgets.widget import _instances

from cnnlib import ops
from cnnlib.plots.image_grid import PALETTES
from cnnlib.widgets.parts import window_cells
from cnnlib.widgets.parts.map_grid import SETTINGS, MapGrid


@pytest.fixture
def sent(monkeypatch):
    """The states that grids sent, one dict a message."""
    messages = []
    monkeypatch.setattr(MapGrid, "_send", lambda _self, message, buffers=None: messages.append(message))
    return messages


def states(messages):
    return [message["state"] for message in messages if message["method"] == "update"]


# --- the colours


def test_a_fill_is_the_colour_that_tiles_give():
    (fill,), _ = window_cells.fills([[-1.0, 0.0, 0.5, 1.0, np.nan]], "signed", 1.0)
    ends = ["#" + bytes(PALETTES["signed"][k]).hex() for k in (1, 255)]
    assert [fill[0], fill[1], fill[3], fill[4]] == [ends[0], "#ffffff", ends[1], ""]
    assert fill[2] not in ends


def test_colours_mean_the_same_number_from_step_to_step():
    grid = MapGrid([[1.0, -4.0]], colours="signed")
    before = grid.fills[0][0]
    grid.show([[1.0, 2.0]])
    assert grid.fills[0][0] == before
    grid.show([[1.0, 2.0]], limit=2)
    assert grid.fills[0][0] != before and grid.fills == window_cells.fills([[1.0, 2.0]], "signed", 2.0)[0]


# --- windows


def test_a_window_is_where_a_correlation_looks():
    X, K = np.arange(70.0).reshape(7, 10), normal(3, 2)
    for s, d in ((1, 1), (2, 1), (1, 2), (2, 3)):
        Z = np.tensordot(ops.windows(X, K.shape, stride=s, dilation=d), K, axes=2)
        for i, j in np.ndindex(Z.shape):
            looked = window_cells.window((s * i, s * j), K.shape, d)
            assert np.isclose(sum(X[cell] * k for cell, k in zip(looked, K.flat, strict=True)), Z[i, j])


# --- what is sent


def test_only_what_changed_is_sent(sent):
    grid = MapGrid([[1, 2], [3, 4]], colours="signed", symbol="δ", role="delta")
    sent.clear()
    grid.show([[1, 2], [3, 4]], symbol="δ", role="delta")
    assert states(sent) == []
    grid.show(chosen=(0, 1))
    grid.show(chosen=(0, 1), outlined=[(0, 0)])
    assert states(sent) == [{"chosen": (0, 1)}, {"outlined": [(0, 0)]}]


def test_one_change_is_one_message(sent):
    grid = MapGrid([[1, 2], [3, 4]], colours="signed")
    sent.clear()
    grid.show([[4, 3], [2, -12]], chosen=(1, 1), caption="turned", mark="turned")
    (state,) = states(sent)
    assert set(state) == {"texts", "fills", "digits", "chosen", "caption", "mark"}  # the inks are the same
    assert state["mark"] == (1, 1) and state["digits"] == 3


def test_notes_travel_as_lists(sent):
    grid = MapGrid([[1, 2]], notes={})
    sent.clear()
    grid.notes = {(0, 1): "k-1"}
    assert states(sent) == [{"notes": [[0, 1, "k−1"]]}]


def test_a_click_arrives_as_a_pair():
    grid, seen = MapGrid(np.zeros((3, 4)), interactive=True), []
    grid.observe(lambda change: seen.append(change.new), "chosen")
    grid.set_state({"chosen": [2, 3]})
    assert seen == [(2, 3)]


def test_a_step_on_a_large_grid_costs_less_than_30_ms():
    grid = MapGrid(np.zeros((12, 12)), colours="signed", notes={}, digits=5)
    costs = []
    for seed in range(10):
        started = time.perf_counter()
        window = window_cells.window((seed % 9, 2), (3, 3))
        grid.show(
            normal(12, 12, seed=seed), chosen=(3, seed), outlined=window, notes={cell: "k" for cell in window}
        )
        costs.append(time.perf_counter() - started)
    assert min(costs) < 0.03


# --- sizes, and staying put


def test_a_cell_never_gets_narrower():
    grid = MapGrid([[1.0, -12.25]])
    assert grid.digits == 6
    grid.show([[1, 2]])
    assert grid.digits == 6
    grid.show([["δ₀₁·k₁₀ + δ", 0]])
    assert grid.digits == 9  # a subscript takes half a digit


def test_another_size_clears_what_lay_on_the_old_cells():
    grid = MapGrid(np.zeros((4, 4)), chosen=(3, 3), outlined=[(2, 2)], hatched=[(0, 0)], notes={(1, 1): "k"})
    grid.show(np.zeros((2, 2)))
    assert (grid.chosen, grid.outlined, grid.hatched, grid.notes) == (None, [], [], {})
    grid.show(np.zeros((4, 4)), outlined=[(3, 3)])
    assert grid.outlined == [(3, 3)]


def test_masks_and_pairs_say_the_same():
    inner = ops.pad(np.ones((2, 2)), 1)
    assert MapGrid(inner, hatched=inner == 0).hatched == [tuple(cell) for cell in np.argwhere(inner == 0)]


def test_what_is_shown_is_a_copy():
    A = np.ones((2, 2))
    grid = MapGrid(A)
    A[0, 0] = 7
    assert (grid.shown() == 1).all() and (grid.values == 1).all()


def test_close_leaves_no_widget():
    before = set(_instances)
    grid = MapGrid([[1]])
    grid.close()
    grid.close()
    assert set(_instances) == before


# --- what it refuses


@pytest.mark.parametrize(
    "values, words",
    [
        ([1, 2, 3], ["(3,)", "rows, columns"]),
        (np.zeros((0, 3)), ["(0, 3)"]),
        (np.zeros((2, 40)), ["(2, 40)", "28"]),
        ([[1, 2], [3]], ["equally long"]),
        ([[1j]], ["complex"]),
        (np.zeros((2, 2), dtype="M8[s]"), ["datetime"]),
    ],
)
def test_values_that_are_no_small_map(values, words):
    with says("MapGrid", *words):
        MapGrid(values)
    grid = MapGrid([[1]])
    with says("MapGrid", *words):
        grid.show(values)
    assert grid.texts == [["1"]]


@pytest.mark.parametrize(
    "setting, value, words",
    [
        ("role", "filter", ["filter", "kernel"]),
        ("role", None, ["None", "kernel"]),
        ("chosen", (2, 0), ["(2, 0)", "outside", "2×3"]),
        ("chosen", (-1, 0), ["at least 0", "-1"]),
        ("chosen", 1.5, ["whole number", "1.5"]),
        ("outlined", [(0, 0), (0, 3)], ["outlined", "(0, 3)", "2×3"]),
        ("hatched", np.zeros((3, 2), dtype=bool), ["hatched", "(3, 2)", "(2, 3)"]),
        ("notes", {(5, 5): "k"}, ["notes", "(5, 5)"]),
        ("notes", "k", ["notes", "dict", "'k'"]),
        ("mark", "flipped", ["flipped", "turned"]),
        ("mark", (2, 0), ["(2, 0)"]),
        ("indices", ("p",), ["'p'", "two names"]),
        ("first", (0.5, 0), ["0.5", "whole number"]),
        ("digits", 0, ["digits", "at least 1"]),
        ("digits", None, ["digits", "None"]),
        ("outlined", None, ["outlined", "None"]),
        ("angle", "left", ["left", "degrees"]),
        ("colour", "red", ["colour", "chosen"]),
    ],
)
def test_settings_that_do_not_fit(setting, value, words):
    with says("MapGrid", *words):
        MapGrid(np.zeros((2, 3)), **{setting: value})
    grid = MapGrid(np.zeros((2, 3)))
    with says("MapGrid", *words):
        grid.show(**{setting: value})
    if setting in SETTINGS:
        with says("MapGrid", *words):
            setattr(grid, setting, value)


@pytest.mark.parametrize("limit", [0, -1, np.inf, "large"])
def test_a_limit_is_a_positive_number(limit):
    with says("limit"):
        MapGrid([[1.0]], colours="signed", limit=limit)


def test_unknown_colours_are_refused_with_the_known_ones():
    with says("jet", "signed", "unit", "ink"):
        MapGrid([[1.0]], colours="jet")

"""Every explorer of the course: moving it costs little and leaves nothing behind."""

import gc
import re
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from explorer_moves import control_value, move_at_random
from ipywidgets.widgets.widget import _instances
from matplotlib import pyplot as plt
from scripts import script

from cnnlib.widgets.parts.explorer import Explorer, move, values_of

ROOT = Path(__file__).resolve().parents[3]
benchmark = script("explorers")

every_explorer = pytest.mark.parametrize("name", benchmark.EXPLORERS)


def test_the_benchmark_knows_every_explorer():
    sources = [path.read_text("utf-8") for path in (ROOT / "cnnlib/widgets").rglob("*.py")]
    classes = {name for source in sources for name in re.findall(r"^class (\w+)\(Explorer\)", source, re.M)}
    assert classes == {name for _, name, _ in benchmark.EXPLORERS.values()}


def wander(explorer, updates, rng):
    """That many random moves, then every control back where it was."""
    home = {control: control_value(control) for control in explorer.controls.values()}
    controls = list(home)
    for k in range(updates):
        move_at_random(controls[k % len(controls)], rng)
    for control, value in home.items():
        move(control, value)


@pytest.mark.slow
@every_explorer
def test_five_hundred_updates_leave_no_widget_no_figure_and_no_memory_behind(name):
    explorer, rng = benchmark.build(name), np.random.default_rng(0)
    assert isinstance(explorer, Explorer)
    wander(explorer, 400, rng)  # caches fill first
    gc.collect()
    widgets, figures = len(_instances), plt.get_fignums()
    tracemalloc.start()
    try:
        wander(explorer, 50, rng)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        wander(explorer, 500, rng)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    explorer.close()
    assert (len(_instances) < widgets, plt.get_fignums()) == (True, figures)
    assert grown < 200_000, f"{grown} bytes; an array or a widget an update would be more"


@every_explorer
def test_closing_leaves_nothing_behind(name):
    before = set(_instances)
    explorer = benchmark.build(name)
    for control in explorer.controls.values():
        move(control, list(values_of(control))[-1])
    assert len(_instances) > len(before)
    explorer.close()
    assert set(_instances) == before


@every_explorer
def test_a_move_costs_at_most_thirty_milliseconds(name):
    explorer = benchmark.build(name)
    benchmark.milliseconds(explorer, np.random.default_rng(0), combinations=20)  # the first time imports and caches
    spent = benchmark.milliseconds(explorer, np.random.default_rng(1), combinations=50)
    explorer.close()
    assert {control: ms for control, times in spent.items() if (ms := np.percentile(times, 95)) > 30} == {}

"""What is at stake: the modern net trained with and without the turn, and what its lack does to each layer::

    pair = stake.train_pair()                          # 2 × 300 updates, a few seconds; prints nothing
    predict("00-stake", picture=stake.bets(), evidence=stake.curves(pair))
    predict("00-layer", picture=stake.layer_bets(), evidence=stake.layers(pair))

One pair misleads: after 80 updates the net without the turn can be ahead.  So the pair that was just trained is
drawn on top of five recorded ones.  Nets and settings are those of :mod:`cnnlib.bugs.first_layer`; the test errors
of the five seeds are the record "stake" (``make stake ARGS=--save``), the cosines are those of "first_layer".
"""

import sys
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from ..bugs import first_layer
from ..bugs.update_effect import cosines
from ..data import Digits, load_digits, one_hot
from ..experiments import records
from ..plots.colours import DARK, LINES, QUIET, THIN, WRONG_LINE
from ..plots.figures import as_html
from ..plots.number_format import written
from ..plots.style import in_course_style

RECORD, NET = "stake", "modern"
WAYS = {"right": "with the turn", "no turn": "without the turn"}
EVERY, TESTED = 30, 500  # a test error after so many updates, on so many test digits
LAYERS = {"K¹": "conv 1", "K²": "conv 2", "W³": "dense 1", "W⁴": "dense 2", "W⁵": "dense 3"}
STROKES = {"right": (LINES["output"], "-"), "no turn": (WRONG_LINE, "--")}


class Pair(NamedTuple):
    """Two nets from one seed: test errors after EVERY, 2·EVERY … updates, and each layer's cosines on the way of
    the second (:func:`cnnlib.bugs.update_effect.cosines`)."""

    seed: int
    errors: dict[str, list[float]]
    cosines: dict[str, list[float]]


def train_pair(seed: int = 5, digits: Digits | None = None, *, live: bool | None = None) -> Pair | None:
    """Train both nets from ``seed``, now; in a browser page, where that takes long, only if ``live``."""
    if live is False or (live is None and sys.platform == "emscripten"):
        return None
    digits = digits or load_digits()
    found = {way: measure(digits, way, seed) for way in WAYS}
    return Pair(seed, {way: errors for way, (errors, _) in found.items()}, found["no turn"][1])


def measure(digits: Digits, way: str, seed: int) -> tuple[list[float], dict[str, list[float]]]:
    """One run: its test errors, and for "no turn" the cosine of each layer's step with the right one."""
    net, steps = first_layer.begin(digits, NET, way, seed)
    X, Y = digits.train_images[:50], one_hot(digits.train_labels[:50])
    errors, path = [], {name: [] for name in LAYERS}
    for step in steps:
        if step.step % EVERY:
            continue
        errors.append(net.error_rate(digits.test_images[:TESTED], digits.test_labels[:TESTED]))
        if way == "no turn":
            found = cosines(first_layer.unplanted(net), "no_turn", X, Y)
            path = {name: [*values, found[name]] for name, values in path.items()}
    return errors, path


def recorded() -> dict[str, list[list[float]]]:
    """The test errors of the five recorded pairs: {way: a row a seed}."""
    return records.read(RECORD)["errors"]


@in_course_style
def bets() -> str:
    """The empty axes: five nets with the turn, and three sketched curves to bet on."""
    ax = _error_axes()
    _draw_errors(ax, {"right": recorded()["right"]}, None)
    _draw_bets(ax)
    return as_html(ax.figure, alt="Test error against updates: five nets with the turn fall steeply. Three dotted "
                   "curves to choose from: 1 below them, 2 above them but falling, 3 flat near 90 per cent.")


@in_course_style
def curves(pair: Pair | None = None) -> str:
    """The same axes and bets with all five recorded pairs, and on top the pair that was just trained."""
    ax = _error_axes()
    _draw_errors(ax, recorded(), pair)
    _draw_bets(ax)
    ends = {way: np.median([row[-1] for row in recorded()[way]]) for way in WAYS}
    medians = " and ".join(f"{ends[way]:.0%} {words}" for way, words in WAYS.items())
    return as_html(ax.figure, alt=f"Test error against updates, five pairs. Median at the end: {medians}. The "
                   "three dotted curves are still there.")


def layer_bets() -> str:
    """Empty axes, one row a layer, for the cosine between its step without the turn and the right one."""
    return _layers({}, None)


def layers(pair: Pair | None = None) -> str:
    """The same axes: a stroke for each moment of a recorded seed on its own path, a dot for each of the pair."""
    paths = first_layer.table()["nets"][NET]["own_path"]
    return _layers({name: [value for row in paths[name] for value in row] for name in LAYERS}, pair)


@in_course_style
def _layers(paths, pair):
    """The rows of the picture; ``paths`` and ``pair`` may be empty."""
    figure = Figure(figsize=(6.4, 3.1), layout="constrained")
    ax = figure.add_subplot()
    for row, name in enumerate(LAYERS):
        if paths:
            ax.plot(paths[name], np.full(len(paths[name]), row - 0.17), "|", ms=11, mew=1.2, color=QUIET)
        if pair:
            ax.plot(pair.cosines[name], np.full(len(pair.cosines[name]), row + 0.17), "o", ms=8, color=WRONG_LINE)
    ax.set(xlim=(-1.05, 1.08), ylim=(len(LAYERS) - 0.5, -0.5), yticks=range(len(LAYERS)))
    ax.set_yticklabels([f"{name}  {words}" for name, words in LAYERS.items()])
    ax.set_xticks([-1, 0, 1], ["↑↓\n−1: the opposite", "↑→\n0: unrelated", "↑↑\n1: the right step"])
    ax.axvline(0, color=THIN, lw=1)
    ranges = {name: [written(end(values), ".2f") for end in (min, max)] for name, values in paths.items()}
    ends = [f"{name} from {low} to {high}" for name, (low, high) in ranges.items()]
    alt = "Cosine between each layer's step without the turn and the right step: "
    return as_html(figure, alt=alt + ("; ".join(ends) or "one empty row a layer"))


def _error_axes():
    ax = Figure(figsize=(6.4, 3.6), layout="constrained").add_subplot()
    ax.set(xlim=(0, _updates()[-1] + 24), ylim=(0, 1), xticks=(0, 100, 200, 300))
    ax.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    ax.set_xlabel("updates")
    ax.set_ylabel("test digits wrong")
    return ax


def _draw_bets(ax):
    """Draw the three dotted curves that one can bet on: better, worse, and without any learning."""
    updates, right = _updates(), np.median(recorded()["right"], axis=0)
    for number, sketch in enumerate((0.6 * right, right + 0.12, np.full(len(right), 0.89)), 1):
        ax.plot(updates, sketch, color=DARK, lw=2, ls=":")
        ax.text(updates[-1] + 6, sketch[-1], str(number), va="center", fontweight="bold")


def _updates():
    count = first_layer.SETTINGS[NET].updates
    return np.arange(EVERY, count + 1, EVERY)


def _draw_errors(ax, errors, pair):
    """Draw thin lines for recorded runs, thick ones for the pair; colour and dash tell the two ways apart."""
    for way, rows in errors.items():
        colour, dash = STROKES[way]
        for row in rows:
            ax.plot(_updates(), row, color=colour, ls=dash, lw=1.5, alpha=0.7)
        ax.plot([], [], color=colour, ls=dash, lw=2, label=WAYS[way])
        if pair:
            ax.plot(_updates(), pair.errors[way], color=colour, ls=dash, lw=4)
    ax.plot([], [], color=QUIET, lw=1.5, label="thin: five recorded seeds")
    ax.legend(frameon=False, loc="center right", bbox_to_anchor=(1, 0.6))

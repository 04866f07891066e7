"""Curves of measured figures as SVG files in docs/: how a layer's time grows, how the test error falls.

Both axes are logarithmic, so that a power is a straight line.  The same figures give the same file, byte by byte.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matplotlib import rc_context, style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cnnlib.plots.style import STYLE

DOCS = Path(__file__).resolve().parents[1] / "docs"
SETTINGS = ("side", "channels", "kernel", "batch")
PASSES, PERCENT = (1, 2, 5, 10, 20, 50, 100, 200, 500), (0.5, 1, 2, 5, 10, 20, 50)


def growth(rows: list[dict], folder: Path = DOCS) -> Path:
    """growth.svg from the rows of bench_growth: a chart for each setting, with a line for each path."""
    with _drawing(folder / "growth.svg", (11, 3.6)) as figure:
        for ax, name in zip(figure.subplots(1, len(SETTINGS), sharey=True), SETTINGS, strict=True):
            points = [entry for entry in rows if entry["what"].startswith(f"layer, {name} ")]
            xs = [int(entry["what"].split()[-1]) for entry in points]
            ax.loglog(xs, [entry["value"] for entry in points], "o-", label="by default")
            ax.loglog(xs, [entry["peer_value"] for entry in points], "s--", label="plain im2col")
            _number(ax.set_xticks, xs)
            ax.set_xlabel(name)
            _finish(ax)
        first = figure.axes[0]
        first.set_ylabel("ms, forward and back")
        figure.legend(*first.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return folder / "growth.svg"


def accuracy(epochs: list[dict], folder: Path = DOCS) -> Path:
    """accuracy.svg from the passes of a record of `make accuracy`: the test error after each."""
    with _drawing(folder / "accuracy.svg", (7, 3.6)) as figure:
        ax, errors = figure.subplots(), [100 * epoch["test_error"] for epoch in epochs]
        ax.loglog([epoch["epoch"] for epoch in epochs], errors, "o-", markersize=4)
        _number(ax.set_xticks, [k for k in PASSES if k <= len(epochs)])
        _number(ax.set_yticks, [y for y in PERCENT if y <= 2 * max(errors) and y >= min(errors) / 2], " %")
        ax.set(xlabel="passes over the training digits", ylabel="test error")
        _finish(ax)
    return folder / "accuracy.svg"


@contextmanager
def _drawing(path: Path, size: tuple[float, float]) -> Iterator[Figure]:
    """A figure in the style of the course that is written to ``path`` at the end."""
    with style.context(STYLE), rc_context({"svg.hashsalt": path.stem}):
        figure = Figure(figsize=size, layout="constrained")
        yield figure
        figure.savefig(path, metadata={"Date": None})


def _number(set_ticks, values, unit=""):
    set_ticks(values, [f"{value:g}{unit}" for value in values])


def _finish(ax: Axes) -> None:
    ax.minorticks_off()
    ax.grid(True)

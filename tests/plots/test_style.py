"""A figure does not depend on the reader's own Matplotlib settings: hostile ones, and every pixel is the same."""

import ast
import base64
import inspect
import json
import re
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from helpers import normal, says, symbols
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from cnnlib.plots import figures
from cnnlib.plots.style import STYLE, WINDOWS, _settings

NOTEBOOKS = sorted(Path(__file__).resolve().parents[2].glob("notebooks/*.ipynb"))
BY_HAND = {
    "image.origin": "lower", "image.interpolation": "bilinear", "image.aspect": "auto", "image.cmap": "hot",
    "text.usetex": True, "font.family": ["cursive"], "font.size": 31.0, "font.weight": "black",
    "font.style": "italic", "mathtext.fontset": "cm", "axes.titlelocation": "left", "axes.facecolor": "black",
    "figure.facecolor": "red", "text.color": "yellow", "axes.edgecolor": "lime", "xtick.color": "lime",
    "savefig.bbox": "tight", "savefig.facecolor": "red", "savefig.transparent": True, "savefig.dpi": 31.0,
    "patch.edgecolor": "red", "patch.facecolor": "red", "hatch.color": "red", "lines.color": "red",
    "lines.linestyle": ":", "lines.marker": "o", "axes.xmargin": 0.4, "path.sketch": (3, 50, 9),
    "figure.autolayout": True, "axes.grid": True, "xtick.labelsize": "xx-large", "axes.titlesize": 40.0,
    "axes.labelcolor": "red", "axes.titlecolor": "red", "axes.axisbelow": True, "figure.figsize": (1.0, 1.0),
    "axes.formatter.use_locale": True, "legend.loc": "center", "lines.solid_capstyle": "round",
}  # fmt: skip


def hostile():
    """Every setting of pictures that can be changed, changed: switches turned, numbers changed."""
    changed = {}
    for name, value in _settings().items():
        for other in [BY_HAND[name]] if name in BY_HAND else _others(value):
            try:
                with matplotlib.rc_context({name: other}):
                    changed[name] = other
            except (ValueError, TypeError, RuntimeError):
                continue
    return changed


def _others(value):
    if isinstance(value, bool):
        return [not value]
    if not isinstance(value, (int, float)):
        return []
    other = value / 2 if 0 < value <= 1 else value * 2 + 1  # shares, such as alpha, stay below 1
    return [other]


HOSTILE = hostile()


def test_the_settings_are_hostile():
    """Or the test below would prove nothing."""
    assert len(HOSTILE) > 120 and HOSTILE.keys() >= BY_HAND.keys()
    with matplotlib.rc_context(HOSTILE):
        fig = Figure(figsize=(2, 2))
        fig.add_subplot().imshow([[0, 1], [2, 3]])
        assert fig.axes[0].images[0].origin == "lower" and matplotlib.rcParams["text.usetex"]


# --- every figure function


def _maps():
    fig, [[kernel, image], [row, empty]] = figures.board([[(3, 3), (12, 9)], [(1, 5), None]], cell=0.3, gap=0.9)
    assert empty is None
    figures.draw_map(kernel, normal(3, 3), role="kernel", mark="turned", title="K")
    figures.draw_map(image, normal(12, 9), role="input", padding=((1, 0), (0, 2)), title="X")
    figures.draw_map(row, [1, 2, 3, 4, 5], colours=None)
    figures.outline(image, 3, 2, 4, 3)
    figures.label(kernel, left="abc", right="def", below=["−1", "½", "x"])
    figures.between(kernel, image, "⋆")
    return fig


def _row():
    fig, [axes] = figures.board([[(2, 2)] * 3], left=0.4)
    figures.draw_row(axes, normal(3, 2, 2), role="delta", titles=["δ", "δ²", "δ³"])
    return fig


def _other_colours():
    fig, [axes] = figures.board([[(3, 3)] * 3])
    figures.draw_map(axes[0], abs(normal(3, 3)), colours="ink", numbers=False)
    figures.draw_map(axes[1], abs(normal(3, 3)), colours="unit", limit=2)
    figures.draw_map(axes[2], symbols("k", 3, 3), colours=None, role="output")
    return fig


DRAWN = {"maps": _maps, "a row": _row, "other colours": _other_colours}


def pixels(draw):
    return base64.b64decode(re.search('base64,([^"]+)"', figures.as_html(draw(), alt="a map"))[1])


@pytest.mark.slow
@pytest.mark.parametrize("draw", DRAWN.values(), ids=list(DRAWN))
def test_hostile_settings_change_no_pixel(draw):
    clean = pixels(draw)
    with matplotlib.rc_context(HOSTILE):
        assert pixels(draw) == clean
        assert matplotlib.rcParams["image.origin"] == "lower"  # the reader's own are back afterwards
    for name, value in HOSTILE.items():
        if name in BY_HAND:
            with matplotlib.rc_context({name: value}):
                assert pixels(draw) == clean, name


def test_no_figure_function_is_left_out():
    """Each of them is called in the pictures above, and each is run in the style of the course."""
    public = {
        name
        for name, function in inspect.getmembers(figures, inspect.isfunction)
        if function.__module__ == figures.__name__ and not name.startswith("_")
    }
    used = set(re.findall(r"figures\.(\w+)", "".join(map(inspect.getsource, [*DRAWN.values(), pixels]))))
    assert public - {"show"} == used  # show only displays what as_html gives
    assert all(hasattr(getattr(figures, name), "__wrapped__") for name in used)


# --- what a notebook draws itself


def style_line(path):
    """The line of a notebook that sets the style, or None where it draws nothing of its own."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    lines = [line for source in code for line in source.splitlines() if "style.use(" in line]
    draws = any(isinstance(node, ast.Name) and node.id in ("plt", "Figure") for source in code
                for node in ast.walk(ast.parse(re.sub(r"(?m)^\s*[%!].*", "", source))))  # fmt: skip
    assert len(lines) == 1 if draws else len(lines) < 2, path.name
    return lines[0] if lines else None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem[:2] for path in NOTEBOOKS])
def test_a_notebook_that_draws_sets_the_whole_style_and_not_its_own_part_alone(path):
    line = style_line(path)
    if line is None:
        return
    with matplotlib.rc_context(HOSTILE):
        exec(line, {"plt": plt, "figures": figures})
        left = {name for name, value in _settings().items() if matplotlib.rcParams[name] != value}
    assert not left


def _curve():
    plt.style.use(STYLE)  # as the import cell of a notebook does
    fig, ax = plt.subplots(figsize=(6, 4), layout="constrained")
    ax.plot([1, 2, 3], [3, 1, 2], label="loss")
    ax.imshow(normal(4, 5))
    ax.set(title="a curve", xlabel="updates", ylabel="$x^2$")
    ax.legend()
    return fig


def test_what_is_drawn_after_it_has_the_same_pixels_too():
    with matplotlib.rc_context():
        clean = pixels(_curve)
    with matplotlib.rc_context(HOSTILE):
        assert pixels(_curve) == clean


def test_windows_stay_the_readers_own():
    assert not any(name.startswith(WINDOWS) for name in _settings())
    with matplotlib.rc_context({"savefig.directory": "/mine"}):
        pixels(_row)
        assert matplotlib.rcParams["savefig.directory"] == "/mine"


# --- what a picture cannot show is not drawn


def test_a_picture_hides_nothing_in_silence():
    _fig, [[ax]] = figures.board([[(2, 2)]])
    masked = np.ma.masked_array(np.ones((2, 2)), mask=[[True, False], [False, False]])
    with says("1 of 4 cells are masked"):
        figures.draw_map(ax, masked)
    with says("masked"):
        figures.draw_row([ax], [masked])
    for limit in (np.inf, np.nan, -1.0):
        with says("draw_map: limit", "finite"):
            figures.draw_map(ax, np.ones((2, 2)), limit=limit)

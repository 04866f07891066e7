"""The colours: text that can be read on both pages, roles that colour-blind readers tell apart, one module."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from cnnlib.plots import colours, figures
from cnnlib.plots.image_grid import PALETTES, palette
from cnnlib.widgets.parts import window_cells

ROOT = Path(colours.__file__).resolve().parents[1]
# JupyterLab's pages in both themes, and the book's: behind outputs, behind cells, behind notes.
LIGHT_PAGES, DARK_PAGES = ("#ffffff", "#f5f5f5"), ("#111111", "#212121")
READABLE = 4.5
# What the eye makes of light when one kind of its cones is missing.
# Source: Machado, Oliveira and Fernandes, A physiologically-based model for simulation of colour vision
# deficiency, 2009, severity 1.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "deuteranopia": [[0.3673, 0.8607, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
    "tritanopia": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def properties(page):
    """{name: colour} of the custom properties on a light or on a dark page, where a page has no colours itself."""
    rules = colours.PROPERTIES.split("}")[:2]
    light, dark = (dict(re.findall(r"(--cnn-[\w-]+): ([^;]+);", rule)) for rule in rules)
    chosen = {**light, **dark} if page == "dark" else light
    return {name: re.sub(r"var\(--jp-[\w-]+, (#\w+)\)", r"\1", value) for name, value in chosen.items()}


def seen(colour, blindness):
    """L*, a* and b* of a colour for an eye.  Source: CIE 1976, white point D65."""
    light = np.clip(np.asarray(BLINDNESS[blindness]) @ colours.linear(colour), 0, 1)
    shares = XYZ @ light / [0.95047, 1, 1.08883]
    x, y, z = np.where(shares > 216 / 24389, np.cbrt(shares), (24389 / 27 * shares + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_contrast_agrees_with_the_examples_of_the_standard():
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("name", [*colours.LINES, *colours.JUDGED, "changed", "text", "quiet"])
@pytest.mark.parametrize("page, papers", [("light", LIGHT_PAGES), ("dark", DARK_PAGES)])
def test_every_text_colour_can_be_read_on_both_pages(name, page, papers):
    assert min(colours.contrast(properties(page)[f"--cnn-{name}"], paper) for paper in papers) >= READABLE


@pytest.mark.parametrize("ink, paper", [
    *[(ink, colours.WHITE) for ink in (*colours.INKS.values(), colours.DARK, colours.QUIET)],
    (colours.WHITE, colours.QUESTION), (colours.WHITE, colours.JUDGED["right"][0]),
    (colours.WHITE, colours.JUDGED["wrong"][0]), (colours.DARK, colours.PAPER),
])  # fmt: skip
def test_text_can_be_read_on_the_paper_of_a_figure_and_of_a_quiz(ink, paper):
    assert colours.contrast(ink, paper) >= READABLE


@pytest.mark.parametrize("page", ["light", "dark"])
def test_numbers_can_be_read_on_hatched_padding(page):
    found = properties(page)
    assert colours.contrast(found["--cnn-text"], found["--cnn-hatch"]) >= READABLE


@pytest.mark.parametrize("page, papers", [("light", LIGHT_PAGES), ("dark", DARK_PAGES)])
def test_the_ring_around_what_has_the_focus_stands_out(page, papers):
    assert min(colours.contrast(properties(page)["--cnn-focus"], paper) for paper in papers) >= 3


@pytest.mark.parametrize("name", PALETTES)
def test_numbers_can_be_read_on_every_colour_of_every_map(name):
    values = np.linspace(-1, 1, 999)[None]
    for fill, ink in zip(*(rows[0] for rows in window_cells.fills(values, name, 1.0)), strict=True):
        assert colours.contrast(fill, ink) >= READABLE


def test_a_number_can_be_read_on_every_shade_and_each_is_darker_than_the_one_before():
    assert min(colours.contrast(shade, colours.ink_on(shade)) for shade in colours.SHADES) >= READABLE
    lights = [colours.luminance(shade) for shade in colours.SHADES]
    assert all(dark < 0.8 * light for light, dark in pairwise(lights))


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_no_product_looks_like_a_role_or_like_the_product_before(blindness):
    shades = [seen(shade, blindness) for shade in colours.SHADES]
    roles = [seen(line, blindness) for line in colours.LINES.values()]
    assert min(np.linalg.norm(shade - role) for shade in shades for role in roles) >= 10
    assert min(np.linalg.norm(one - next_one) for one, next_one in pairwise(shades)) >= 10


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("least, palette", [
    (15, colours.LINES.values()), (10, colours.INKS.values()), (10, colours.DARK_INKS.values()),
    (25, [colours.RIGHT_LINE, colours.WRONG_LINE]), (25, [pair[0] for pair in colours.JUDGED.values()]),
])  # fmt: skip
def test_no_two_roles_look_alike_to_a_colour_blind_eye(blindness, least, palette):
    """Differences of 2.3 can just be noticed; 10 is seen at a glance."""
    apart = [np.linalg.norm(seen(a, blindness) - seen(b, blindness)) for a, b in combinations(palette, 2)]
    assert min(apart) >= least


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_the_sign_shows_on_the_signed_map_and_negative_is_darker(blindness):
    shades = ["#" + bytes(colour).hex() for colour in palette("signed")[1:]]
    for steps in (32, 64, 127):
        below, above = shades[127 - steps], shades[127 + steps]
        assert np.linalg.norm(seen(below, blindness) - seen(above, blindness)) >= 20
        assert colours.luminance(below) < colours.luminance(above)


def test_the_style_of_the_figures_takes_its_colours_from_here():
    with plt.style.context(figures.STYLE):
        cycle = [to_hex(entry["color"]) for entry in plt.rcParams["axes.prop_cycle"]]
        assert {to_hex(plt.rcParams[name]) for name in ("text.color", "xtick.color")} == {colours.DARK}
        assert to_hex(plt.rcParams["axes.edgecolor"]) == colours.THIN
        assert to_hex(plt.rcParams["hatch.color"]) == colours.HATCH
    assert set(cycle) == {*colours.LINES.values(), colours.WRONG_LINE, colours.RAW_LINE}


def test_no_other_module_has_a_colour_of_its_own():
    alone = {"plots/colours.py", "symbolic/printing.py"}  # the proof imports nothing of the package
    files = [path for path in ROOT.rglob("*") if path.suffix in (".py", ".css", ".js")]
    files = [path for path in files if "course" not in path.parts]  # decks, book: pages of their own
    found = {
        str(path.relative_to(ROOT)): re.findall(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b|rgba?\(\d", path.read_text())
        for path in files
    }
    assert len(files) > 60 and {name for name, colour in found.items() if colour} <= alone


def test_every_property_that_a_style_sheet_uses_is_there():
    text = "".join(path.read_text() for path in ROOT.rglob("*") if path.suffix in (".py", ".css", ".js"))
    own = {f"--cnn-{name}" for name in ("map-size", "stage", "slide", "grown", "code", "wide")}  # set where used
    own |= {"--cnn-light-figure", "--cnn-dark-figure"}  # which of a figure's two pictures is shown
    used = {name for name in re.findall(r"var\((--cnn-[\w-]+)", text) if not name.endswith("-")} - own
    assert len(used) >= 12 and used <= properties("light").keys()
    assert properties("dark").keys() == properties("light").keys()


def test_no_script_sets_a_property_that_is_a_colour():
    scripts = "".join(path.read_text() for path in ROOT.rglob("*.js"))
    written = set(re.findall(r"""\b(?:setProperty|set)\(["'](--cnn-[\w-]+)""", scripts))
    assert "--cnn-grown" in written and not written & properties("light").keys()

"""What a reader sees is what the array holds: numbers, colours, marks, frames, and the alt text."""

import base64
import io
import re

import IPython.display
import numpy as np
import pytest
import sympy
from helpers import normal, says, symbols
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.patches import Polygon, Rectangle

from cnnlib.plots import figures
from cnnlib.plots.colours import INKS, LINES, SCALES

ALT = "a map"


@pytest.fixture(autouse=True)
def style():
    """The course's style, and a clean table: no figure may be left over."""
    with plt.style.context(figures.STYLE):
        yield
    assert plt.get_fignums() == []


def one_map(A, *, cell=0.5, **options):
    """An Axes with A drawn on it."""
    shape = np.atleast_2d(A).shape
    _fig, [[ax]] = figures.board([[shape]], cell=cell)
    return figures.draw_map(ax, A, **options)


def colours_of(ax):
    """The colours of the cells as drawn, hexadecimal."""
    cells = ax.images[0].get_array()
    return [[to_hex(np.asarray(cell) / 255) for cell in row] for row in cells]


def written(ax):
    """What stands in which cell: {(row, column): text}."""
    return {(round(text.xy[1]), round(text.xy[0])): text.get_text() for text in ax.texts}


def patches(ax, kind):
    return [patch for patch in ax.patches if isinstance(patch, kind)]


# ------------------------------------------------------------------------------------------ numbers


@pytest.mark.parametrize("A", [np.arange(-4, 8).reshape(3, 4), np.array([[0.5, -1.5], [2.0, 0.0]]), normal(7, 7)])
def test_each_cell_shows_its_number(A):
    texts = written(one_map(A))
    shown = np.array([[float(texts[i, j].replace("−", "-")) for j in range(A.shape[1])] for i in range(A.shape[0])])
    np.testing.assert_allclose(shown, A, atol=0 if A.dtype == int else 0.005)


def test_numbers_have_equally_many_decimals_and_a_true_minus_sign():
    assert list(written(one_map([[0.25, -3.0]])).values()) == ["0.25", "−3.00"]
    assert list(written(one_map([[0.5, -3.0]])).values()) == ["0.5", "−3.0"]
    assert list(written(one_map([[2.0, -3.0]])).values()) == ["2", "−3"]
    assert list(written(one_map([[0.0123, -0.0004]])).values()) == ["0.012", "0.000"]


def test_symbols_are_written_as_they_print():
    K = symbols("k", 2, 2)
    assert written(one_map(K)) == {(i, j): str(K[i, j]) for i, j in np.ndindex(2, 2)}
    assert colours_of(one_map(np.array([[sympy.Symbol("x"), ""]], dtype=object))) == [["#ffffff", "#ffffff"]]


def test_larger_maps_show_no_numbers_but_the_limit():
    ax = one_map(np.full((8, 3), 0.031), cell=0.2)
    assert not ax.texts
    assert ax.get_xlabel() == "±0.031"
    assert one_map(np.ones((7, 3))).get_xlabel() == ""
    assert one_map(np.ones((7, 3)), numbers=False).get_xlabel() == "±1.0"


@pytest.mark.parametrize("limit, text", [
    (0.031, "±0.031"), (3.14, "±3.1"), (10, "±10"), (250.0, "±250"), (0.00078, "±0.00078"), (3.1e-6, "±3.1·10⁻⁶"),
])  # fmt: skip
def test_limits_are_written_in_two_digits(limit, text):
    assert figures.limit_text(limit) == text


def test_numbers_stay_inside_their_cells():
    ax = one_map([[-4, 3], [2, -1]], cell=0.44)
    ax.figure.canvas.draw()
    for text in ax.texts:
        box = ax.transData.inverted().transform_bbox(text.get_window_extent())
        x, y = text.xy
        assert x - 0.5 < box.x0 and box.x1 < x + 0.5
        assert abs((box.y0 + box.y1) / 2 - y) < 0.08


def test_digits_stand_under_each_other():
    ax = one_map([[4], [-4], [4]])
    ax.figure.canvas.draw()
    rights = [text.get_window_extent().x1 for text in ax.texts]
    np.testing.assert_allclose(rights, rights[0], atol=0.6)  # pixels


# ------------------------------------------------------------------------------------------ colours


def test_white_is_exactly_zero_and_the_limit_is_symmetric():
    (low, _, white, _, high), A = SCALES["signed"], np.array([[-1.0, 0.0, 0.02, 3.0]])
    shown = colours_of(one_map(A))[0]
    assert shown[1] == white == "#ffffff"
    assert shown[2] != white
    assert shown[3] == high
    assert shown[0] != low  # −1 is a third of the way to −3, not the end of the scale
    assert colours_of(one_map(-A))[0][3] == low


def test_images_are_ink_on_paper_and_activations_go_from_white_to_dark():
    assert colours_of(one_map([[0.0, 1.0]], colours="ink")) == [["#ffffff", "#111111"]]
    assert colours_of(one_map([[0.0, 1.0]], colours="unit")) == [["#ffffff", SCALES["unit"][-1]]]
    assert colours_of(one_map([[0.0, 0.5]], colours="ink"))[0][1] == "#888888"  # the scale ends at 1
    assert colours_of(one_map([[0, 5]], colours=None)) == [["#ffffff", "#ffffff"]]


def test_a_map_of_zeros_is_white():
    assert colours_of(one_map(np.zeros((2, 3)))) == [["#ffffff"] * 3] * 2
    assert one_map(np.zeros((9, 9)), cell=0.2).get_xlabel() == "±1.0"


def test_a_row_shares_one_limit_and_prints_it_once():
    _fig, [axes] = figures.board([[(8, 8)] * 3], cell=0.1)
    maps = [normal(8, 8), 10 * normal(8, 8, seed=1), -0.1 * normal(8, 8, seed=2)]
    limit = figures.draw_row(axes, maps, role="delta", titles="abc")
    assert limit == np.abs(maps).max()
    assert [ax.get_xlabel() for ax in axes] == [figures.limit_text(limit), "", ""]
    assert [ax.get_title() for ax in axes] == ["a  8×8", "b  8×8", "c  8×8"]
    alone = one_map(maps[0], cell=0.1, limit=limit)
    assert colours_of(axes[0]) == colours_of(alone)


@pytest.mark.parametrize("role", LINES)
def test_frame_and_title_wear_the_colour_of_the_role(role):
    ax = one_map(np.ones((2, 3)), role=role, title="K")
    frame = patches(ax, Rectangle)[-1]
    assert to_hex(frame.get_edgecolor()).upper() == LINES[role].upper()
    assert frame.get_bbox().bounds == (-0.5, -0.5, 3, 2)
    assert ax.get_title() == "K  2×3"
    assert ax.title.get_color() == INKS[role]


# ------------------------------------------------------------------ mark, outline, padding, labels


@pytest.mark.parametrize("mark, corner", [
    ("as_is", (-0.5, -0.5)), ("turned", (2.5, 1.5)), ((0, 1), (2.5, -0.5)), ((1, 0), (-0.5, 1.5)),
])  # fmt: skip
def test_the_mark_sits_in_the_corner_of_k00(mark, corner):
    [triangle] = patches(one_map(np.ones((2, 3)), mark=mark), Polygon)
    points = triangle.get_xy()
    assert tuple(points[0]) == corner
    assert points[:, 0].min() >= -0.5 and points[:, 0].max() <= 2.5
    assert points[:, 1].min() >= -0.5 and points[:, 1].max() <= 1.5


def test_a_row_of_taps_carries_the_mark_from_its_left_end_to_its_right_end():
    for mark, x in (("as_is", -0.5), ("turned", 2.5)):
        [triangle] = patches(one_map([1, 10, 100], mark=mark), Polygon)
        assert triangle.get_xy()[0][0] == x


def test_no_mark_unless_asked():
    assert not patches(one_map(np.ones((3, 3))), Polygon)


def test_the_outline_surrounds_the_window():
    ax = figures.outline(one_map(np.ones((4, 5))), 1, 2, 2, 3)
    assert patches(ax, Rectangle)[-1].get_bbox().bounds == (1.5, 0.5, 3, 2)


@pytest.mark.parametrize("padding, sides", [
    (1, (1, 1, 1, 1)), ((2, 0), (2, 2, 0, 0)), (((0, 1), (2, 3)), (0, 1, 2, 3)), (0, (0, 0, 0, 0)),
])  # fmt: skip
def test_padding_is_hatched_and_framed_out(padding, sides):
    top, bottom, left, right = sides
    ax = one_map(np.zeros((6, 7)), padding=padding, role="delta", title="δ")
    hatched = {
        (round(patch.get_y() + 0.5), round(patch.get_x() + 0.5))
        for patch in patches(ax, Rectangle)
        if patch.get_hatch()
    }
    inside = {(i, j) for i in range(top, 6 - bottom) for j in range(left, 7 - right)}
    assert hatched == set(np.ndindex(6, 7)) - inside
    height, width = 6 - top - bottom, 7 - left - right
    assert patches(ax, Rectangle)[-1].get_bbox().bounds == (left - 0.5, top - 0.5, width, height)
    assert ax.get_title() == f"δ  {height}×{width}"


def test_labels_share_the_baseline_of_the_numbers():
    ax = one_map([[1, 2], [3, 4]], cell=0.8)
    inside = ax.texts[0]
    figures.label(ax, left=["i = 0", "i = 1"], right=["z₀", "z₁"], below=["p = 0", "p = 1"])
    assert [text.get_text() for text in ax.texts[4:]] == ["i = 0", "i = 1", "z₀", "z₁", "p = 0", "p = 1"]
    for text in (ax.texts[4], ax.texts[6]):
        assert text.xy[1] == inside.xy[1] and text.xyann[1] == inside.xyann[1]
        assert text.get_va() == inside.get_va() == "baseline"


# -------------------------------------------------------------------------------------------- board


def test_every_cell_of_a_board_has_the_same_size():
    sizes = [[(4, 4), (2, 3), (3, 3)], [(4, 4), None, (5, 5)]]
    fig, axes = figures.board(sizes, cell=0.4, gap=0.6, left=0.5, right=0.7)
    width, height = fig.get_size_inches()
    assert axes[1][1] is None
    for row, row_sizes in zip(axes, sizes, strict=True):
        for ax, size in zip(row, row_sizes, strict=True):
            if size is not None:
                box = ax.get_position()
                np.testing.assert_allclose((box.height * height, box.width * width), 0.4 * np.array(size))
                assert 0.5 / width < box.x0 and box.x1 < 1 - 0.7 / width and box.y0 > 0 and box.y1 < 1


def test_maps_of_a_board_are_centred_in_row_and_column():
    _fig, [[a, b], [c, d]] = figures.board([[(4, 4), (2, 2)], [(3, 3), (5, 5)]])
    centre = {ax: (ax.get_position().x0 + ax.get_position().x1) / 2 for ax in (a, b, c, d)}
    middle = {ax: (ax.get_position().y0 + ax.get_position().y1) / 2 for ax in (a, b, c, d)}
    np.testing.assert_allclose([centre[a], centre[b]], [centre[c], centre[d]])
    np.testing.assert_allclose([middle[a], middle[c]], [middle[b], middle[d]])
    sign = figures.between(a, b, "⋆")
    assert a.get_position().x1 < sign.get_position()[0] < b.get_position().x0


# --------------------------------------------------------------------------------------------- show


def test_show_gives_an_image_with_alt_text_and_closes_the_figure(monkeypatch):
    displayed = []
    monkeypatch.setattr(IPython.display, "display", displayed.append)
    fig, ax = plt.subplots(figsize=(5, 3))
    figures.draw_map(ax, [[1, -2]])
    figures.show(fig, alt='k "turned" & shown')
    [html] = displayed
    assert 'alt="k &quot;turned&quot; &amp; shown"' in html.data
    assert 'width="480"' in html.data
    assert plt.get_fignums() == []


def test_the_picture_is_twice_as_fine_as_the_screen_and_on_white_paper():
    with plt.style.context(["dark_background", {"savefig.facecolor": "auto"}]):
        fig, [[ax]] = figures.board([[(3, 3)]])
        figures.draw_map(ax, np.zeros((3, 3)))
        html = figures.as_html(fig, alt=ALT)
    width = round(fig.get_figwidth() * 96)
    picture = plt.imread(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])))
    assert abs(picture.shape[1] - 2 * width) <= 1
    np.testing.assert_array_equal(picture[0, 0, :3], 1)


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_alt_text_is_required(alt):
    fig, _axes = figures.board([[(3, 3)]])
    with says("one sentence", "alt"):
        figures.show(fig, alt=alt)
    with pytest.raises(TypeError):
        figures.show(fig)


def test_text_too_small_for_a_slide_is_refused():
    fig, [[ax]] = figures.board([[(3, 3)]])
    ax.set_title("small", fontsize=13)
    with says("17 pixels", "18", "figures.STYLE"):
        figures.show(fig, alt=ALT)
    ax.set_title("large enough", fontsize=13.5)
    assert figures.as_html(fig, alt=ALT)


@pytest.mark.parametrize("shape", [(2, 18), (12, 2)])
def test_figures_too_large_for_a_slide_are_refused(shape):
    fig, _axes = figures.board([[shape]])
    with says("inches", "9×6"):
        figures.show(fig, alt=ALT)


def test_the_style_alone_makes_text_large_enough():
    parts = ("axes.title", "axes.label", "xtick.label", "ytick.label", "legend.font")
    for name in ("font.size", *(f"{part}size" for part in parts)):
        assert plt.rcParams[name] * 96 / 72 >= 18, name


# ------------------------------------------------------------------------------------------- errors


def test_what_is_no_map_is_named():
    with says("draw_map", "(2, 3, 4)", "one map"):
        figures.draw_map(None, np.zeros((2, 3, 4)))
    with says("role", "'filter'", "kernel"):
        one_map([[1.0]], role="filter")
    with says("mark", "'flipped'", "turned"):
        one_map([[1.0]], mark="flipped")
    with says("2 cells"):
        one_map([[np.nan, 1.0, np.inf]])

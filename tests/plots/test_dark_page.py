"""The second picture of a figure: on a dark page its words can be read, and its cells keep their colours."""

import base64
import io
import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from cnnlib.lesson import stake
from cnnlib.plots import colours, figures
from cnnlib.plots.dark_page import light_alone, on_dark
from cnnlib.plots.tap_windows import tap_table, tap_windows

READABLE = 4.5


@figures.in_course_style
def padded_board():
    fig, [axes] = figures.board([[(4, 4), (2, 2)]], gap=1)
    figures.draw_map(axes[0], np.pad([[1, -2], [3, 0]], 1), role="delta", title="δ", padding=1)
    figures.draw_map(axes[1], [[1, 2], [3, 4]], role="kernel", title="K", colours=None, mark="as_is")
    figures.between(*axes, "⋆")
    figures.outline(axes[0], 1, 1, 2, 2)
    figures.label(axes[0], below=["a"] * 4)
    return fig


@figures.in_course_style
def curves():
    ax = Figure(figsize=(6, 3), layout="constrained").add_subplot()
    ax.plot([0, 1], color=colours.DARK, label="straight")
    ax.axvspan(0.2, 0.4, color=colours.BAND)
    ax.set(title="loss", xlabel="steps")
    ax.grid(True)
    ax.legend(frameon=True, framealpha=1)
    return ax.figure


@figures.in_course_style
def taps():
    return tap_windows((3, 3), (2, 2), chosen=(1, 1))


@figures.in_course_style
def table():
    return tap_table(6, 3, stride=2, chosen=2)


DRAWN = {"board": padded_board, "curves": curves, "taps": taps, "table": table}


def pixels(html, which):
    return plt.imread(io.BytesIO(base64.b64decode(re.findall(r"base64,([^\"]+)", html)[which])))


def surroundings(picture, text):
    """The colour that most pixels have around a text of the figure, on a dark page."""
    box = text.get_window_extent()
    scale = picture.shape[1] / text.figure.bbox.width
    rows = slice(round(picture.shape[0] - box.y1 * scale) - 3, round(picture.shape[0] - box.y0 * scale) + 3)
    part = picture[max(rows.start, 0) : rows.stop, max(round(box.x0 * scale) - 3, 0) : round(box.x1 * scale) + 3]
    page = np.array([int(colours.DARK_PAGE[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    if not part.size:
        return colours.DARK_PAGE  # a tick beyond the axis, which is not drawn
    flat = (part[..., :3] * part[..., 3:] + page * (1 - part[..., 3:])).reshape(-1, 3).round(2)
    seen, counts = np.unique(flat, axis=0, return_counts=True)
    return to_hex(seen[counts.argmax()])


@pytest.mark.parametrize("draw", DRAWN.values(), ids=list(DRAWN))
def test_every_word_and_number_can_be_read_on_a_dark_page(draw):
    fig = draw()
    html = figures.as_html(fig, alt="a figure")
    with on_dark(fig):
        texts = [text for text in fig.findobj(plt.Text) if text.get_visible() and text.get_text().strip()]
        found = {text.get_text(): (to_hex(text.get_color()), surroundings(pixels(html, 1), text)) for text in texts}
    assert len(found) >= 5
    unread = {text: pair for text, pair in found.items() if colours.contrast(*pair) < READABLE}
    assert not unread


@pytest.mark.parametrize("draw", DRAWN.values(), ids=list(DRAWN))
def test_the_light_picture_is_the_same_before_and_after(draw):
    fig = draw()
    first, second = (figures.as_html(fig, alt="a figure") for _ in range(2))
    assert first == second


def test_coloured_cells_keep_their_colours_and_the_paper_is_the_page_s():
    html = figures.as_html(padded_board(), alt="a figure")
    light, dark = pixels(html, 0), pixels(html, 1)
    assert (light[0, 0] == 1).all() and dark[0, 0, 3] == 0
    row, column = (round(192 * inches) for inches in (0.12 + 0.36 + 0.5 + 0.12, 0.12 + 0.5 + 0.5 + 0.12))
    np.testing.assert_array_equal(light[row, column, :3], dark[row, column, :3])  # the −2, blue
    assert light[row, column, 2] > light[row, column, 0]


@pytest.mark.parametrize("ink", [*colours.DARK_INKS.values(), colours.DARK_TEXT, colours.DARK_QUIET])
def test_the_inks_of_a_dark_figure_can_be_read_on_page_and_padding(ink):
    assert min(colours.contrast(ink, paper) for paper in (colours.DARK_PAGE, colours.DARK_PADDING)) >= READABLE


def test_each_theme_shows_one_picture_and_both_have_the_words():
    html = figures.as_html(curves(), alt="a figure")
    light, dark = re.findall(r"<img[^>]*>", html)
    assert light.count('alt="a figure"') == dark.count('alt="a figure"') == 1
    assert "display:var(--cnn-light-figure,inline)" in light and "hidden" not in light
    assert "display:var(--cnn-dark-figure,none)" in dark and "hidden" in dark
    assert colours.DARK_PAGES + " { --cnn-light-figure: none; --cnn-dark-figure: inline }" in html


def test_curves_of_roles_keep_their_colours():
    fig = Figure()
    line = fig.add_subplot().plot([1, 2], color=colours.LINES["kernel"])[0]
    with on_dark(fig):
        assert to_hex(line.get_color()) == colours.LINES["kernel"]


def test_a_star_among_words_is_set_as_tex_sets_it():
    fig, [[ax]] = figures.board([[(2, 2)]])
    figures.draw_map(ax, [[1, 2], [3, 4]], title="K of ⋆")
    figures.as_html(fig, alt="a figure")
    assert ax.get_title() == r"K of $\star$  2×2" and ax.title.get_math_fontfamily() == "cm"


def test_the_stake_has_both_pictures():
    assert len(re.findall(r"<img[^>]*>", stake.bets())) == 2


def test_a_page_that_is_always_light_does_without_the_second_picture():
    html = figures.as_html(curves(), alt="1 > 0")
    [kept] = re.findall(r"<img[^>]*>", light_alone(f"<p>{html}</p>"))
    assert kept == re.findall(r"<img[^>]*>", html)[0]

"""The windows of a small correlation, as a table: which tap stands in which column."""

import pytest

from cnnlib.plots import figures
from cnnlib.plots.tap_windows import tap_table, tap_windows


def taps(fig, m, n):
    """What stands in the cells, row by row; "" for no tap."""
    (ax,) = fig.axes
    cells = [[""] * n for _ in range(m)]
    for text in ax.texts:
        q, p = (round(place) for place in text.get_position())
        if text.get_text().startswith(("k", "?")):
            cells[p][q] = text.get_text()
    return cells


@pytest.mark.parametrize("stride, third", [(1, ["k₂", "k₁", "k₀", ""]), (2, ["k₂", "k₀"])])
def test_the_column_of_an_input_reads_the_taps_backwards(stride, third):
    """Under ⋆ tap u = p − s·i lies on input p in window i."""
    cells = taps(tap_table(6, 3, stride=stride), len(third), 6)
    assert [row[2] for row in cells] == third
    for i, row in enumerate(cells):
        assert row == [f"k{'₀₁₂'[p - stride * i]}" if 0 <= p - stride * i < 3 else "" for p in range(6)]


def test_a_row_is_called_as_the_text_calls_it():
    assert "window 1" in drawn(tap_table(5, 3).axes[0])[0]
    assert "output 1" in drawn(tap_table(5, 3, rows="output").axes[0])[0]


def drawn(ax):
    """Every text in a picture, and the colours of its taps."""
    colours = {patch.get_facecolor() for patch in ax.patches if patch.get_zorder() == 3}
    return [text.get_text() for text in ax.texts], colours


def test_an_open_question_names_and_tints_no_tap():
    """Three taps with a name, or a tint of their own, give the fourth away."""
    table = tap_table(6, 3, stride=2, chosen=2, known=False).axes
    windows = tap_windows((3, 3), (2, 2), chosen=(1, 1), known=False).axes
    assert len(windows) == 4
    for ax in (*table, *windows):
        names, colours = drawn(ax)
        assert "?" in names and not [name for name in names if name.startswith("k")] and len(colours) == 1


def test_the_kernel_before_the_windows_names_its_taps():
    kernel, first, *_ = tap_windows((3, 3), (2, 2), chosen=(1, 1), kernel=True).axes
    assert [name for name in drawn(kernel)[0] if name] == ["k₀₀", "k₀₁", "k₁₀", "k₁₁"]
    assert kernel.get_title() == "K" and first.get_title() == "window (0, 0)" and "k₁₁" in drawn(first)[0]


def test_it_fits_a_slide():
    assert figures.as_html(tap_table(6, 3, stride=2), alt="Two windows.").startswith("<img")
    with figures.plt.style.context(figures.STYLE):
        four = tap_windows((3, 3), (2, 2), chosen=(1, 1), kernel=True)
        assert figures.as_html(four, alt="A kernel and four windows.").startswith("<img")

"""The windows of a small correlation, as a table: which tap stands in which column."""

import pytest

from cnnlib.plots import figures
from cnnlib.plots.tap_windows import tap_table


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


def test_an_open_question_names_no_tap_in_its_column():
    cells = taps(tap_table(6, 3, stride=2, chosen=2, known=False), 2, 6)
    assert [row[2] for row in cells] == ["?", "?"] and cells[0][:2] == ["k₀", "k₁"]


def test_it_fits_a_slide():
    assert figures.as_html(tap_table(6, 3, stride=2), alt="Two windows.").startswith("<img")

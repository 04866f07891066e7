"""Curves run where the numbers are."""

import re
from itertools import pairwise

import numpy as np
import pytest

from cnnlib.plots.line_chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Line, chart


def points(svg):
    (text,) = re.findall(r'polyline points="([^"]*)"', svg)
    return np.array([pair.split(",") for pair in text.split()], dtype=float)


def test_points_stand_at_their_values():
    svg = chart("loss", [Line("a", [0, 50, 100], [0, 0.5, 2], "")], x_max=100, y_max=1)
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    middle = ((LEFT + right) / 2, (TOP + bottom) / 2)
    assert np.allclose(points(svg), [(LEFT, bottom), middle, (right, TOP)])  # the last is cut at the top


def test_long_lines_are_thinned_and_keep_their_end():
    ys = np.linspace(1, 0, 10_000)
    svg = chart("loss", [Line("a", np.arange(10_000), ys, "")], x_max=10_000, y_max=1)
    assert len(points(svg)) <= 240
    assert points(svg)[-1][1] == HEIGHT - BOTTOM


def test_the_end_is_said_in_words():
    svg = chart("test error", [Line("net", [100, 200], [0.9, 0.123], "")], x_max=200, y_max=1, percent=True)
    assert 'aria-label="test error: net 12.3 % after 200 updates"' in svg
    assert "nothing recorded yet" in chart("loss", [Line("a", [], [], "")], x_max=1, y_max=1)


@pytest.mark.parametrize("x_max", [12, 1_200, 10_000, 100_000, 1_200_000])
def test_the_numbers_along_the_axis_never_touch(x_max):
    svg = chart("loss", [], x_max=x_max, y_max=1, width=262)
    found = re.findall(r'x="(\d+)" y="170" text-anchor="(\w+)">([\d,]+)<', svg)
    assert found[-1][2] == f"{x_max:,}" and found[0][2] == "0"
    ends = []
    for x, anchor, text in found:
        left = int(x) - 7.5 * len(text) * (1 if anchor == "end" else 0.5)
        ends.append((left, left + 7.5 * len(text)))
    assert all(right + 4 < left for (_, right), (left, _) in pairwise(ends)), found

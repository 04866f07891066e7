"""Curves run where the numbers are."""

import re

import numpy as np

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

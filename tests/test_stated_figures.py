"""Figures and claims that stand in a text, computed again: the text has to say what comes out."""

import json
from pathlib import Path

import numpy as np
import pytest
from helpers import normal

from cnnlib import ops
from cnnlib.banded import Band
from cnnlib.correlation import Geometry

ROOT = Path(__file__).resolve().parents[1]


def said(notebook, cell):
    """The text of one cell: ``notebook`` is the beginning of its path below notebooks/."""
    (path,) = (ROOT / "notebooks").glob(f"{notebook}*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    (source,) = ("".join(each["source"]) for each in cells if each["id"] == cell)
    return source


def test_how_often_the_band_and_the_windows_copy_a_cell_of_conv_2():
    X, K = np.arange(144.0).reshape(1, 1, 12, 12), normal(1, 1, 5, 5)
    band, windows = Band(X, K, Geometry.of((5, 5))).R, ops.windows(X[0, 0], (5, 5))
    copies = [np.unique(copied, return_counts=True)[1] for copied in (band, windows)]
    for counted in copies:
        assert f"{counted.mean():.1f}" in said("06", "fast-why")
    assert [(counted.max(), (counted == counted.max()).sum()) for counted in copies] == [(10, 16), (25, 16)]


def test_two_correlations_are_one_with_a_convolved_kernel():
    X, K, M = normal(5, 6), normal(3, 2, seed=1), normal(2, 3, seed=2)
    two = ops.correlate(ops.correlate(X, K, "full"), M, "full")
    np.testing.assert_allclose(two, ops.correlate(X, ops.convolve(K, M, "full"), "full"), atol=1e-12)
    assert "X \\star (K \\ast M)" in said("solutions/01", "own-heading")


ARTICLE_PADS_DELTA = "下一层的偏置矩阵先做补零扩充"


@pytest.mark.parametrize("place", [("02", "there-who"), ("07", "article-padded")])
def test_that_the_article_pads_the_delta_in_words_too_is_said_where_padding_is_discussed(place):
    assert ARTICLE_PADS_DELTA in said(*place)


@pytest.mark.parametrize("place", [("03", "sigma-trap"), ("04", "factor-words")])
def test_that_the_article_means_x_times_1_minus_x_is_said_where_its_notation_is_discussed(place):
    text = said(*place)
    assert "spells it out" in text and "taken at its word" in text.lower()

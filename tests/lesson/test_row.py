"""The row in motion: what a page without scripts shows, and the nine products themselves."""

import html
import re

import numpy as np

from cnnlib.lesson import row
from cnnlib.lesson.row import DELTA, K, P, X


def test_the_numbers_spell_the_order_of_the_taps():
    padded = np.pad(DELTA, len(K) - 1)
    assert np.correlate(X, K).tolist() == [123, 12, 1]
    assert np.correlate(padded, K[::-1])[P] == 321 and np.correlate(padded, K)[P] == 123


def test_a_page_without_scripts_has_three_stills_and_folds_the_answer():
    children = re.search(r"<cnn-row[^>]*>(.*?)</cnn-row>", row().html, re.DOTALL)[1]
    question, answer = children.split("<details>")
    assert "down the column" in question and "z₀ = 123" in question and "321" in answer
    assert "321" not in question and "k₂ k₁ k₀" not in question


def test_the_plain_text_asks_and_does_not_answer():
    text = html.unescape(repr(row()))
    assert "k₀·100" in text and "from top to bottom?" in text and "321" not in text

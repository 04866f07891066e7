"""A drawing becomes an image as MNIST made its own: fitted into 20×20, centred, with a pen like theirs."""

import numpy as np
import pytest
from helpers import says
from scripts import script

from cnnlib.data import load_digits
from cnnlib.handwriting import WIDTH, as_digit

BAR = [[(0.2, 0.1), (0.2, 0.9)]]
L = [[(0.2, 0.2), (0.2, 0.8), (0.6, 0.8)]]


@pytest.fixture(scope="module")
def handwriting():
    return script("handwriting")


def mass_centre(image):
    """(right, down) of the centre of mass."""
    middle = np.arange(28) + 0.5
    return [(image.sum(axis=axis) * middle).sum() / image.sum() for axis in (0, 1)]


@pytest.mark.parametrize("strokes", [BAR, L, [[(0.9, 0.02), (0.5, 0.02)]], [[(0.0, 0.0), (1.0, 1.0)]]])
def test_the_longer_side_has_twenty_pixels_wherever_it_was_drawn(strokes):
    image = as_digit(strokes)
    assert (image.shape, image.dtype) == ((1, 28, 28), np.float32)
    found = [np.flatnonzero((image[0] > 0.2).any(axis=axis)) for axis in (1, 0)]
    assert 19 <= max(np.ptp(places) + 1 for places in found) <= 21


def test_the_centre_of_mass_is_in_the_middle():
    """An L is heavier below and to the left."""
    assert np.abs(np.array(mass_centre(as_digit(L)[0])) - 14.5).max() <= 0.5
    assert abs(np.ptp(np.flatnonzero(as_digit(L)[0].any(axis=1))) - 20) <= 2  # nothing was cut off


@pytest.mark.parametrize("size", [1.0, 0.5, 0.25, 0.1])
def test_a_digit_drawn_small_gives_the_same_image(size):
    large = as_digit(L)
    small = as_digit([[(0.3 * (1 - size) + size * x, size * y) for x, y in stroke] for stroke in L])
    np.testing.assert_allclose(small, large, atol=1e-6)


def test_a_line_covers_as_much_as_the_pen_is_wide():
    """A bar from pixel 5.25 to 22.75: WIDTH pixels in each row that it crosses."""
    image = as_digit(BAR)[0]
    rows = image.sum(axis=1)
    np.testing.assert_allclose(rows[10:20], WIDTH, atol=0.3)
    assert image.max() == 1
    assert image.sum() == pytest.approx(WIDTH * (20 - WIDTH) + np.pi * (WIDTH / 2) ** 2, rel=0.05)


def test_a_tap_is_a_dot_and_several_strokes_are_one_digit():
    dot = as_digit([[(0.7, 0.3)]])[0]
    assert dot.sum() == pytest.approx(np.pi * (WIDTH / 2) ** 2, rel=0.2)
    i = as_digit([[(0.5, 0.3), (0.5, 0.9)], [(0.5, 0.1)]])[0]
    inked = i.any(axis=1).nonzero()[0]
    assert len(inked) < np.ptp(inked) + 1  # there is a gap between the dot and the stroke


def test_many_points_are_drawn_part_by_part():
    angle = np.linspace(0, 2 * np.pi, 2001)
    circle = np.stack([0.5 + 0.4 * np.cos(angle), 0.5 + 0.4 * np.sin(angle)], axis=1)
    np.testing.assert_allclose(as_digit([circle]), as_digit([circle[::10]]), atol=0.02)


def test_no_stroke_no_image():
    assert as_digit([]).shape == (1, 28, 28) and not as_digit([]).any()


@pytest.mark.parametrize("bad, words", [
    ([0.1, 0.2], "points (x, y)"), ([[]], "points (x, y)"), ([[(0.1, 0.2, 0.3)]], "points (x, y)"),
    ([[("0.1", "0.2")]], "points (x, y)"), ([[(True, False)]], "points (x, y)"), ([[(0.1, 1.5)]], "on the paper"),
    ([[(0.1, np.nan)]], "on the paper"),
])  # fmt: skip
def test_what_is_no_stroke_is_refused_in_words(bad, words):
    with says(words):
        as_digit(bad)


def test_digits_are_read_as_well_whether_they_were_drawn_large_or_small(handwriting):
    """Read by the nearest mean of a class, which sees a blob, a shift or a wrong size at once; `make handwriting`
    reads them by a net.  The control is ink that grows with the digit, as a pad without strokes would give it."""
    digits = load_digits()
    means = np.array([digits.train_images[digits.train_labels == c].mean(axis=0).ravel() for c in range(10)])
    images, labels = digits.test_images[:150], digits.test_labels[:150]
    lines = [handwriting.thinned(image) for image in images[:, 0]]

    def right(images):
        distances = ((images.reshape(len(images), 1, -1) - means) ** 2).sum(axis=2)
        return (distances.argmin(axis=1) == labels).mean()

    def drawn(size, width=WIDTH):
        return np.array([as_digit(handwriting.on_the_pad(line, size), width=width) for line in lines])

    large, small = drawn(0.9), drawn(0.25)
    np.testing.assert_allclose(small, large, atol=1e-3)
    assert right(small) > right(images) - 0.06
    assert right(drawn(0.25, handwriting.width_of_ink(0.25))) < right(images) - 0.2
    assert abs(small.mean() / images.mean() - 1) < 0.1  # as much ink as they have

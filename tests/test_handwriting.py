"""A drawing becomes an image as MNIST made its own: fitted into 20×20, centred on its ink."""

import numpy as np
import pytest
from helpers import says

from cnnlib.data import load_digits
from cnnlib.handwriting import as_digit, scaled
from cnnlib.widgets.parts.sketch import Sketch


def stroke(rows, columns, size=84):
    ink = np.zeros((size, size))
    ink[rows, columns] = 1
    return ink


@pytest.mark.parametrize("rows, columns", [(slice(2, 30), slice(50, 54)), (slice(60, 64), slice(5, 80))])
def test_the_longer_side_has_twenty_pixels_wherever_it_was_drawn(rows, columns):
    image = as_digit(stroke(rows, columns))
    assert (image.shape, image.dtype) == ((1, 28, 28), np.float32)
    found = [np.flatnonzero(image[0].any(axis=axis)) for axis in (1, 0)]
    assert max(np.ptp(places) + 1 for places in found) == 20


def test_the_centre_of_mass_is_in_the_middle():
    ink = stroke(slice(10, 60), slice(10, 18))
    ink[52:60, 10:40] = 1  # an L: heavier below and to the left
    image = as_digit(ink)[0]
    for axis in (0, 1):
        mass = image.sum(axis=1 - axis)
        assert abs((mass * (np.arange(28) + 0.5)).sum() / mass.sum() - 14.5) <= 0.5


def test_a_cell_is_the_mean_of_the_area_it_covers():
    A = np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.5], [0.25, 0.75, 1.0]])
    np.testing.assert_allclose(scaled(A, 2), A.repeat(2, axis=0).repeat(2, axis=1))
    np.testing.assert_allclose(scaled(scaled(A, 2), 0.5), A)
    np.testing.assert_allclose(scaled(A, 1 / 3), [[A.mean()]])
    np.testing.assert_allclose(scaled(A, 2 / 3)[0, 0], (A[0, 0] + (A[0, 1] + A[1, 0]) / 2 + A[1, 1] / 4) / 2.25)


def test_digits_that_were_drawn_large_are_read_as_well_as_the_originals():
    """Read by the nearest mean of a class, which sees a shift or a wrong size at once."""
    digits = load_digits()
    means = np.array([digits.train_images[digits.train_labels == c].mean(axis=0).ravel() for c in range(10)])

    def right(images):
        distances = ((images.reshape(len(images), 1, -1) - means) ** 2).sum(axis=2)
        return (distances.argmin(axis=1) == digits.test_labels[:500]).mean()

    originals = digits.test_images[:500]
    drawn = np.array([as_digit(np.pad(scaled(image, 2.5), 7).clip(0, 1)) for image in originals[:, 0]])
    assert right(drawn) > right(originals) - 0.03
    assert right(np.roll(originals, 4, axis=3)) < right(originals) - 0.2


def test_no_ink_no_image():
    assert not as_digit(np.zeros((84, 84))).any()


@pytest.mark.parametrize("bad, words", [
    (np.zeros(5), "a map of real numbers"), (np.array([["a"]]), "a map of real numbers"),
    (np.full((3, 3), 2.0), "between 0"), (np.full((3, 3), np.nan), "between 0"),
])  # fmt: skip
def test_what_is_no_drawing_is_refused_in_words(bad, words):
    with says("as_digit", words):
        as_digit(bad)


def test_the_pad_hands_over_its_ink():
    pad = Sketch()
    assert pad.image() is None
    pad.ink = (255 * stroke(slice(10, 70), slice(40, 48))).astype(np.uint8).tobytes()
    np.testing.assert_array_equal(pad.image(), as_digit(stroke(slice(10, 70), slice(40, 48))))
    pad.clear()
    assert pad.image() is None and pad.cleared == 1
    pad.ink = memoryview(bytes(84 * 84))  # as the browser sends it
    assert pad.image() is None
    with says("Sketch", "7056 bytes"):
        pad.ink = b"1234567"
    pad.close()

"""Palette pictures: what is drawn is what was given."""

import numpy as np
import pytest
from pictures import decode

from cnnlib.plots import image_grid


def test_png_holds_the_sheet_and_its_colours():
    sheet = np.random.default_rng(0).integers(0, 256, (5, 7), dtype=np.uint8)
    indices, colours = decode(image_grid.png(sheet, image_grid.PALETTES["signed"]))
    assert (indices == sheet).all()
    assert (colours == image_grid.PALETTES["signed"]).all()


def test_zero_is_white_on_the_signed_map_whatever_the_limit():
    for limit in (1e-6, 0.3, 7):
        (index,) = image_grid.shade(np.zeros(1), "signed", limit)
        assert (image_grid.PALETTES["signed"][index] == 255).all()


def test_shade_is_symmetric_monotone_and_cut_at_the_limit():
    values = np.array([-9, -2, -1, 0, 1, 2, 9])
    indices = image_grid.shade(values, "signed", 2).astype(int)
    assert indices.tolist() == [1, 1, 64, 128, 192, 255, 255]
    assert image_grid.shade(np.array([0, 1.0]), "unit").tolist() == [1, 255]


def test_sign_survives_without_colour():
    luminance = image_grid.PALETTES["signed"] @ [0.2126, 0.7152, 0.0722]
    assert luminance[1] < 0.6 * luminance[255]  # the negative end is clearly darker


def test_tile_puts_map_c_at_row_c_div_columns():
    maps = np.arange(1, 1 + 3 * 2 * 2, dtype=np.uint8).reshape(3, 2, 2)
    sheet = image_grid.tile(maps, columns=2, scale=2, gap=1)
    assert sheet.shape == (9, 9)
    assert (sheet[:4:2, :4:2] == maps[0]).all() and (sheet[:4:2, 5::2] == maps[1]).all()
    assert (sheet[5::2, :4:2] == maps[2]).all()
    assert (sheet[4] == image_grid.GAP).all() and (sheet[5:, 5:] == image_grid.GAP).all()


def test_unknown_palette_is_named():
    with pytest.raises(ValueError, match="'jet' is none of signed"):
        image_grid.palette("jet")


def test_picture_carries_words():
    text = image_grid.picture(np.eye(2)[None], colours="ink", columns=1, scale=3, alt='a "small" map')
    assert 'alt="a &quot;small&quot; map"' in text and 'width="6"' in text


def test_what_is_not_a_number_is_grey_and_warns_nobody():
    A = np.array([[np.nan, 1.0], [np.inf, -np.inf]])
    assert image_grid.shade(A, "signed").tolist() == [[image_grid.GAP, 255], [255, 1]]
    assert image_grid.shade(A, "unit").tolist() == [[image_grid.GAP, 255], [255, 1]]


@pytest.mark.parametrize("limit, text", [
    (0.031, "±0.031"), (0.000999, "±0.0010"), (9.96e-5, "±0.00010"), (6.6e-5, "±6.6·10⁻⁵"), (12.3, "±12"),
    (1.0, "±1.0"),
])  # fmt: skip
def test_a_limit_has_two_digits_after_rounding(limit, text):
    assert image_grid.limit_text(limit) == text


def test_a_printed_limit_is_the_number_itself_to_its_last_digit():
    """Just below and just above each place where the second digit changes: a thousandth off is seen."""
    for digits in range(10, 99):
        for exponent in (-7, -5, -3, 0):
            edge = (digits + 0.5) * 10.0**exponent
            below, above = (value_of(image_grid.limit_text(edge * (1 + part))) for part in (-1e-6, 1e-6))
            assert below == pytest.approx(digits * 10.0**exponent) and above > below


def value_of(text):
    """±6.6·10⁻⁵ as a number."""
    mantissa, _, power = text.removeprefix("±").partition("·10")
    return float(mantissa) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)

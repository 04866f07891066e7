"""The four pictures of one input gradient: what they show is read back and compared with loops and SciPy."""

import re

import numpy as np
import pytest
from scipy.signal import convolve2d

from cnnlib.widgets.explorers.four_pictures.explorer import SHADES, FourPictures
from cnnlib.widgets.explorers.four_pictures.pictures import pictures
from cnnlib.widgets.parts.explorer import move, values_of

DELTA, K = np.array([[1, 10], [100, 1000]]), np.array([[1, 2, 3], [4, 5, 6]])


def products(delta, K, p, q):
    """[(i, j, u, v)] of every window that holds (p, q), in reading order: the definition, p = i + u."""
    every = np.ndindex(*delta.shape, *K.shape)
    return [(i, j, u, v) for i, j, u, v in every if (i + u, j + v) == (p, q)]


def value(text):
    return float(text.replace("−", "-"))


def total(heading):
    return value(re.search(r"total <b>(.*?)</b>", heading.value).group(1))


def entry(grid, i, j):
    return value(grid.texts[i][j])


def marked(grid):
    """The numbered cells of a grid in order; each must carry its shade, and no other cell one."""
    places = sorted(grid.notes, key=lambda place: int(grid.notes[place]))
    assert [grid.notes[place] for place in places] == [str(n + 1) for n in range(len(places))]
    shaded = {(i, j): fill for i, row in enumerate(grid.fills) for j, fill in enumerate(row) if fill}
    assert shaded == {place: SHADES[n] for n, place in enumerate(places)}
    return places


def assert_shows(explorer, delta, K):
    """Every number on the screen, against the loops of the definition."""
    (p, q), added = explorer.cell.value, explorer.products.position
    found = products(delta, K, p, q)
    assert explorer.products.count == len(found) + 1
    assert explorer.products.line.words == f"{added} of {len(found)} products added"
    now = found[:added]
    expected = sum(delta[i, j] * K[u, v] for i, j, u, v in now)
    assert {name: total(heading) for name, heading in explorer.headings.items()} == pytest.approx(
        dict.fromkeys(("gather", "scatter", "matrix", "col2im"), expected)
    )
    assert_products(explorer, delta, K, now)
    pasted = np.zeros((delta.shape[0] + K.shape[0] - 1, delta.shape[1] + K.shape[1] - 1))
    for i, j, *_ in now:
        for u, v in np.ndindex(K.shape):
            pasted[i + u, j + v] += delta[i, j] * K[u, v]
    np.testing.assert_allclose(explorer.dX.shown(), pasted, atol=0.006)  # two decimals are shown
    assert explorer.dX.chosen == (p, q)
    assert_sum(explorer.sum.value, delta, K, (p, q), found, added)


def assert_products(explorer, delta, K, now):
    """The same products, in the same order, at the right places of all four pictures."""
    (k_h, k_w), m_w, (p, q) = K.shape, delta.shape[1], explorer.cell.value
    column = p * explorer.dX.values.shape[1] + q
    assert marked(explorer.framed) == [(i + k_h - 1, j + k_w - 1) for i, j, _, _ in now]
    assert marked(explorer.turned) == [(k_h - 1 - u, k_w - 1 - v) for *_, u, v in now]
    assert marked(explorer.spread) == [(i, j) for i, j, _, _ in now]
    assert marked(explorer.kernel) == [(u, v) for *_, u, v in now]
    assert marked(explorer.rows) == [(i * m_w + j, 0) for i, j, _, _ in now]
    assert marked(explorer.matrix) == [(i * m_w + j, column) for i, j, _, _ in now]
    assert marked(explorer.table) == [(i * m_w + j, u * k_w + v) for i, j, u, v in now]
    for n, (i, j, u, v) in enumerate(now):
        numbers = [(explorer.framed, explorer.turned), (explorer.spread, explorer.kernel)]
        numbers += [(explorer.rows, explorer.matrix)]
        for deltas, taps in numbers:
            assert entry(deltas, *marked(deltas)[n]) == pytest.approx(delta[i, j], abs=0.006)
            assert entry(taps, *marked(taps)[n]) == pytest.approx(K[u, v], abs=0.006)
        assert entry(explorer.table, *marked(explorer.table)[n]) == pytest.approx(delta[i, j] * K[u, v], abs=0.006)
    assert [tuple(cell) for cell in explorer.framed.outlined] == [(p + a, q + b) for a, b in np.ndindex(k_h, k_w)]


def assert_sum(html, delta, K, cell, found, added):
    place = r"\[(\d),(\d)\]"
    terms = re.findall(rf'<span( class="cnn-later")?><i>(\d)</i> δ{place}·K{place}( \(here [^<]*\))?</span>', html)
    assert f"dX[{cell[0]},{cell[1]}] =" in html and len(terms) == len(found)
    for n, (later, number, *places, given) in enumerate(terms):
        assert (bool(later), int(number)) == (n >= added, n + 1)
        i, j, u, v = map(int, places)
        assert (i, j, u, v) == found[n]
        assert bool(given) == (n == added - 1)  # the product that was added last, in numbers
        if given:
            left, right = (value(part.strip("()")) for part in given[len(" (here ") : -1].split("·"))
            assert (left, right) == pytest.approx((delta[i, j], K[u, v]), rel=1e-4)


def test_every_cell_and_every_product_is_shown_as_the_definition_says(no_widget_left):
    explorer = FourPictures(DELTA, K)
    for cell in values_of(explorer.cell):
        move(explorer.cell, cell)
        assert explorer.products.position == 0  # the first product is the learner's to add
        for position in values_of(explorer.products):
            move(explorer.products, position)
            assert_shows(explorer, DELTA, K)
    explorer.close()


@pytest.mark.parametrize("sizes", [((3, 2), (2, 2)), ((2, 3), (1, 3)), ((1, 1), (3, 2)), ((3, 4), (2, 3))])
def test_two_hundred_random_combinations(sizes, no_widget_left):
    rng = np.random.default_rng(6)
    delta, K = (np.round(rng.normal(0, 3, size), 2) for size in sizes)
    explorer = FourPictures(delta, K)
    for _ in range(50):
        cells, place = values_of(explorer.cell), rng.random()
        move(explorer.cell, cells[rng.integers(len(cells))])
        move(explorer.products, int(place * explorer.products.count))
        assert_shows(explorer, delta, K)
    explorer.close()


def test_all_products_make_the_input_gradient_and_no_step_leaves_the_four_apart():
    rng = np.random.default_rng(0)
    delta, K = rng.normal(size=(3, 2)), rng.normal(size=(2, 3))
    dX = convolve2d(delta, K)  # SciPy's full convolution is the input gradient of a correlation
    for cell in np.ndindex(dX.shape):
        for added in range(len(products(delta, K, *cell)) + 1):
            totals = pictures(delta, K, cell, added).totals
            np.testing.assert_allclose(list(totals.values()), totals["gather"], atol=1e-12)
        assert totals["gather"] == pytest.approx(dX[cell])


def test_it_begins_without_products(no_widget_left):
    explorer = FourPictures(DELTA, K, cell=(1, 1))
    assert explorer.products.position == 0 and not explorer.dX.shown().any()
    assert not any(grid.notes for grid in (explorer.framed, explorer.turned, explorer.matrix, explorer.table))
    explorer.close()


def test_a_click_on_dX_chooses_the_cell(no_widget_left):
    explorer = FourPictures(DELTA, K, cell=(1, 1))
    explorer.dX.chosen = (0, 3)
    assert explorer.cell.value == (0, 3) and explorer.products.position == 0
    move(explorer.products, 1)
    assert total(explorer.headings["col2im"]) == 30
    explorer.close()


def test_the_mark_of_the_kernel_shows_where_it_is_turned(no_widget_left):
    explorer = FourPictures(DELTA, K)
    assert (explorer.turned.mark, explorer.kernel.mark) == ((1, 1), (0, 0))
    assert (explorer.turned.shown() == K[::-1, ::-1]).all() and (explorer.kernel.shown() == K).all()
    assert (explorer.framed.shown() == np.pad(DELTA, ((1, 1), (2, 2)))).all()
    frame = {(i, j) for i, j in np.ndindex(4, 6) if not (0 < i < 3 and 1 < j < 4)}
    assert set(map(tuple, explorer.framed.hatched)) == frame
    explorer.close()


def test_more_products_than_shades_are_refused_in_words():
    with pytest.raises(ValueError, match="9 products meet in one cell; it shows 6 at most"):
        FourPictures(np.ones((3, 3)), np.ones((3, 3)))

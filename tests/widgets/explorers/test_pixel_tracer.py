"""The pixel tracer says what is true: everything it shows is read back and worked out again by plain loops."""

import html
import itertools
import re

import numpy as np
import pytest
from explorer_moves import through_combinations, through_whole_range
from helpers import says
from ipywidgets.widgets import widget
from matplotlib import pyplot as plt

from cnnlib.widgets.explorers.pixel_tracer.explorer import NUMBERS, SYMBOLS, PixelTracer
from cnnlib.widgets.explorers.pixel_tracer.terms import SIZES, products
from cnnlib.widgets.parts.explorer import move, values_of

DELTA, K = np.array([[2, -1], [3, 4]]), np.array([[1, 5], [-2, 7]])
SUB = str.maketrans("₀₁₂₃₄₅₆₇₈₉−", "0123456789-")


@pytest.fixture
def tracer():
    before = set(widget._instances)
    made = PixelTracer(DELTA, K)
    yield made
    made.close()
    assert set(widget._instances) == before
    assert not plt.get_fignums()


def by_loops(delta, K):
    """dX by definition: every output cell pays back to the cells it read."""
    dX = np.zeros([m + k - 1 for m, k in zip(delta.shape, K.shape, strict=True)])
    for i, j in np.ndindex(delta.shape):
        for u, v in np.ndindex(K.shape):
            dX[i + u, j + v] += delta[i, j] * K[u, v]
    return dX


def plain(text):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def lines(tracer):
    """What stands beside the maps: the sum in letters, in numbers, the rows of the table, and a remark."""
    body = tracer.text.value.split("</style>")[1]
    rows = [[plain(cell) for cell in re.findall(r"<t[dh]>(.*?)</t[dh]>", row)] for row in body.split("<tr>")[1:]]
    head, *products, foot = rows
    letters = f"{head[0]} {' + '.join(row[0] for row in products)}"
    numbers = "= " + " + ".join(row[1].replace(" ", "") for row in products) if products[0][1] else ""
    remark = plain(body.split("</table>")[1])
    return [letters, f"{numbers} {foot[1]}".strip(), products, remark]


def pairs(text):
    """Every δ[i,j]·k[u,v] of a line, as (i, j, u, v)."""
    found = re.findall(r"δ\[(\d+),(\d+)\]\s*·\s*k\[(\d+),(\d+)\]", text)
    return [tuple(map(int, each)) for each in found]


def check(tracer):
    """Read everything back."""
    delta, kernel = tracer.delta, tracer.K
    (m_h, m_w), (k_h, k_w) = delta.shape, kernel.shape
    p, q = tracer.at
    held = [(i, j, p - i, q - j) for i, j in np.ndindex(m_h, m_w) if 0 <= p - i < k_h and 0 <= q - j < k_w]
    check_maps(tracer, delta, kernel)
    window = {(p + a, q + b) for a in range(k_h) for b in range(k_w)}
    assert set(tracer.delta_grid.outlined) == window
    taps = {cell: note.translate(SUB) for cell, note in tracer.delta_grid.notes.items()}
    assert taps == {(p + k_h - 1 - u, q + k_w - 1 - v): f"k{u}{v}" for u in range(k_h) for v in range(k_w)}
    assert set(tracer.kernel_grid.outlined) == {(k_h - 1 - u, k_w - 1 - v) for *_, u, v in held}
    assert tracer.dX_grid.chosen == (p, q)
    said = lines(tracer)
    assert said[0].startswith(f"dX[{p},{q}]") and pairs(said[0]) == held
    check_table(said, held, p, q)


def check_maps(tracer, delta, kernel):
    (m_h, m_w), (k_h, k_w) = delta.shape, kernel.shape
    inside = {(i + k_h - 1, j + k_w - 1) for i in range(m_h) for j in range(m_w)}
    everywhere = set(np.ndindex(m_h + 2 * k_h - 2, m_w + 2 * k_w - 2))
    assert set(tracer.delta_grid.hatched) == everywhere - inside
    assert tracer.delta_grid.first == (1 - k_h, 1 - k_w)
    assert tracer.kernel_grid.mark == (1, 1)
    if tracer.shown.value == NUMBERS:
        padded = np.zeros((m_h + 2 * k_h - 2, m_w + 2 * k_w - 2))
        padded[k_h - 1 : k_h - 1 + m_h, k_w - 1 : k_w - 1 + m_w] = delta
        np.testing.assert_allclose(tracer.delta_grid.shown(), padded)
        np.testing.assert_allclose(tracer.kernel_grid.shown(), kernel[::-1, ::-1])
        np.testing.assert_allclose(tracer.dX_grid.shown(), by_loops(delta, kernel), atol=0.006)
        value = float(lines(tracer)[1].rsplit("=")[-1].strip().translate(SUB))
        assert value == pytest.approx(by_loops(delta, kernel)[tracer.at], abs=1e-4)
    else:
        for grid, name, top, left, shape in (
            (tracer.delta_grid, "δ", k_h - 1, k_w - 1, (m_h, m_w)),
            (tracer.dX_grid, "dX", 0, 0, tracer.input_size),
        ):
            for i, j in np.ndindex(shape):
                assert grid.texts[top + i][left + j].translate(SUB) == f"{name}{i}{j}"
        for u, v in np.ndindex(k_h, k_w):
            assert tracer.kernel_grid.texts[k_h - 1 - u][k_w - 1 - v].translate(SUB) == f"k{u}{v}"


def check_table(said, held, p, q):
    """A row for each product, and p = i + u holds in each."""
    assert len(said[2]) == len(held)
    for (letters, _, in_p, in_q), (i, j, u, v) in zip(said[2], held, strict=True):
        assert pairs(letters) == [(i, j, u, v)] and (i + u, j + v) == (p, q)
        assert (in_p, in_q) == (f"{p} = {i} + {u}", f"{q} = {j} + {v}")


def test_every_control_through_its_whole_range(tracer):
    through_whole_range(tracer, check)


def test_two_hundred_random_combinations(tracer):
    made = set(widget._instances)
    through_combinations(tracer, check, seed=4)
    assert set(widget._instances) == made  # nothing is made while it is used


@pytest.mark.parametrize("size", SIZES)
def test_every_cell_of_every_size_is_chosen_by_a_click(tracer, size):
    move(tracer.size, size)
    for cell in np.ndindex(tracer.input_size):
        tracer.dX_grid.chosen = cell
        assert tracer.at == cell
        check(tracer)


def test_a_chosen_delta_shows_its_window_its_tap_and_its_product(tracer):
    for (i, j), (p, q) in itertools.product(np.ndindex(2, 2), np.ndindex(3, 3)):
        tracer.dX_grid.chosen = p, q
        tracer.delta_grid.chosen = i + 1, j + 1
        assert set(tracer.dX_grid.outlined) == {(i + a, j + b) for a in (0, 1) for b in (0, 1)}
        u, v = p - i, q - j
        lit = re.findall(r'class="cnn-product cnn-lit">(.*?)</span>', tracer.text.value)
        if 0 <= u < 2 and 0 <= v < 2:
            assert tracer.kernel_grid.chosen == (1 - u, 1 - v)
            assert f"δ[{i},{j}]" in lit[0] and f"k[{u},{v}]" in lit[0] and len(lit) == 2
        else:
            assert tracer.kernel_grid.chosen is None and not lit
            assert lines(tracer)[3] == f"Window ({i},{j}) does not hold cell ({p},{q})."
    tracer.delta_grid.chosen = 0, 0  # padding belongs to no window
    assert not tracer.dX_grid.outlined


def test_numbers_of_ones_own(tracer):
    tracer.delta_field.value = "1 0.5; −2 8"
    tracer.kernel_field.value = "3, 0\n0, -1.5"
    np.testing.assert_array_equal(tracer.delta, [[1, 0.5], [-2, 8]])
    np.testing.assert_array_equal(tracer.K, [[3, 0], [0, -1.5]])
    for position in values_of(tracer.cell):
        move(tracer.cell, position)
        check(tracer)


def test_symbols_of_ones_own_are_written_and_not_evaluated(tracer):
    tracer.delta_field.value = "a b; 2 x_1"
    tracer.dX_grid.chosen = 1, 1
    assert lines(tracer)[1] == "= a·7 + b·(−2) + 2·5 + x_1·1"
    assert [row[1:3] for row in tracer.delta_grid.texts[1:3]] == [["a", "b"], ["2", "x_1"]]
    assert tracer.dX_grid.texts[1][1] == "dX₁₁"


@pytest.mark.parametrize(
    "typed, words",
    [("", "nothing is written"), ("1 2 3; 4 5 6", "2 rows|it takes"), ("1 2; 3 __import__('os')", "entr|symbol"),
     ("1 2; 3 2**9", "neither a number"), ("1 2; 3 nan", "no number"), ("1 2; 3 9e9", "too large")],
)  # fmt: skip
def test_bad_input_is_answered_in_words_and_changes_nothing(tracer, typed, words):
    kept, shown = tracer.delta, tracer.text.value
    tracer.delta_field.value = typed
    assert re.search(words, tracer.problem.value) and "δ:" in tracer.problem.value
    assert tracer.delta is kept and tracer.text.value == shown
    tracer.delta_field.value = "1 2; 3 4"
    assert tracer.problem.value == "" and tracer.delta[1, 1] == 4
    check(tracer)


def test_begins_where_it_is_asked_to():
    tracer = PixelTracer(DELTA, K, at=(1, 2))
    assert tracer.at == (1, 2) and "13" in lines(tracer)[1]
    check(tracer)
    tracer.close()
    with says("two maps"):
        PixelTracer(np.zeros(3), np.zeros((2, 2)))


def test_products_of_a_cell():
    assert products(1, 2, (2, 2), (2, 2)) == [(0, 1, 1, 1), (1, 1, 0, 1)]
    move_all = [t for p, q in np.ndindex(4, 5) for t in products(p, q, (3, 3), (2, 3))]
    assert len(move_all) == len(set(move_all)) == 3 * 3 * 2 * 3  # every product once


def test_symbols_have_no_value_and_the_line_keeps_its_place(tracer):
    move(tracer.shown, SYMBOLS)
    assert lines(tracer)[1] == "" and "&nbsp;" in tracer.text.value


def test_symbols_take_no_more_room_than_numbers(tracer):
    grids = (tracer.delta_grid, tracer.kernel_grid, tracer.dX_grid)
    before = [grid.digits for grid in grids]
    move(tracer.shown, SYMBOLS)
    assert [grid.digits for grid in grids] == before


def test_the_bar_keeps_its_place_because_every_cell_has_room_for_all_products(tracer):
    """A cell of the 4×5 input has one to six products; its bar went up and down while it played."""
    tracer.size.value = ((3, 3), (2, 3))
    assert int(tracer.text.layout.min_height.removesuffix("px")) >= 22 * (2 * 3 + 2)


def test_a_cell_of_the_frame_lets_the_window_go(tracer):
    k_h, k_w = tracer.K.shape
    tracer.delta_grid.chosen = (k_h - 1, k_w - 1)
    assert tracer.dX_grid.outlined
    tracer.delta_grid.chosen = (0, 0)
    assert tracer.delta_grid.chosen is None and not tracer.dX_grid.outlined

"""The pooling block: what it shows is read back and compared with loops over the definition."""

import re

import numpy as np
import pytest
from helpers import says

from cnnlib.widgets.explorers.pooling_block import PoolingBlock
from cnnlib.widgets.parts.explorer import move, values_of

A = np.array([[2, 7, 4, 7, 9, 2], [5, 8, 1, 2, 4, 9], [1, 4, 3, 8, 6, 3], [9, 2, 5, 4, 7, 2]]) / 10
DELTA = np.array([[12, -24, 36], [60, -12, 48]])
NAMES = ("Z", "A", "P", "dP", "dA", "dZ")


def cells_of(block, scale):
    """The cells of A that belong to one cell of P, in reading order: the definition of a block."""
    return [(scale[0] * block[0] + a, scale[1] * block[1] + b) for a, b in np.ndindex(scale)]


def expected(A, delta, pooling, scale, sigmoid):
    """{name: map} and the largest cell of each block, the first of equals, all by loops."""
    P = np.zeros((A.shape[0] // scale[0], A.shape[1] // scale[1]))
    dA, first = np.zeros(A.shape), {}
    for block in np.ndindex(P.shape):
        cells = cells_of(block, scale)
        first[block] = cells[int(np.argmax([A[cell] for cell in cells]))]
        P[block] = np.mean([A[cell] for cell in cells]) if pooling == "mean" else A[first[block]]
        for cell in cells:
            share = 1 / len(cells) if pooling == "mean" else float(cell == first[block])
            dA[cell] = share * delta[block]
    Z, slope = (np.log(A) - np.log1p(-A), A * (1 - A)) if sigmoid else (A, 1)
    dP = delta[: P.shape[0], : P.shape[1]]
    return dict(Z=Z, A=A, P=P, dP=dP, dA=dA, dZ=dA * slope), first


def lines(explorer):
    """The lines of text without markup, in the order of the steps."""
    found = re.findall(r'<div class="cnn-line">(.*?)</div>', explorer.text.value)
    return [re.sub(r"<.*?>", "", line).replace("−", "-").replace("&nbsp;", "") for line in found]


def last_number(text):
    return float(re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text)[-1])


def assert_shows(explorer, A, delta):
    """Every map, outline, mark and number on the screen."""
    cell, pooling, scale = explorer.cell.value, explorer.pooling.value, explorer.scale.value
    sigmoid, position = explorer.sigmoid.value, explorer.steps.position
    maps, first = expected(A, delta, pooling, scale, sigmoid)
    owner = (cell[0] // scale[0], cell[1] // scale[1])
    for number, name in enumerate(NAMES):
        grid = explorer.grids[name]
        assert grid.values.shape == maps[name].shape
        if number > position:
            assert {text for row in grid.texts for text in row} == {""}
        else:
            np.testing.assert_allclose(grid.shown(), maps[name], atol=0.0051)
        assert grid.chosen == (owner if name in ("P", "dP") else cell)
        marked = set(first.values()) if pooling == "max" and name in ("A", "dA") and number <= position else set()
        assert set(grid.notes) == marked
    for name in ("A", "dA"):
        assert [tuple(one) for one in explorer.grids[name].outlined] == cells_of(owner, scale)
    assert explorer.steps.line.words.startswith(f"step {position} of 5, ")
    assert_words(explorer, maps, first)


def assert_words(explorer, maps, first):
    """The lines that are there say the numbers of the maps; the others are empty."""
    cell, pooling, scale = explorer.cell.value, explorer.pooling.value, explorer.scale.value
    said, position = lines(explorer), explorer.steps.position
    owner = (cell[0] // scale[0], cell[1] // scale[1])
    values = [maps["A"][cell], maps["P"][owner], maps["dP"][owner], maps["dA"][cell], maps["dZ"][cell]]
    names = ["A[{},{}] = ", "P[{},{}] = ", "∂L/∂P[{},{}] = ", "∂L/∂A[{},{}] = ", "∂L/∂Z[{},{}] = "]
    assert len(said) == 5 and said[position:] == [""] * (5 - position)
    for number, (line, name, value) in enumerate(zip(said[:position], names, values, strict=False)):
        assert line.startswith(name.format(*(owner if number in (1, 2) else cell)))
        told = line.split(";")[0] if number == 1 else re.split(", |: ", line)[0]  # without what is said after it
        assert last_number(told) == pytest.approx(value, abs=0.0006)
    block = [maps["A"][one] for one in cells_of(owner, scale)]
    if position > 1:
        inside = re.search(r"\((.*?)\)", said[1].split(" = ")[1]).group(1)
        assert [float(text) for text in re.split(r", | \+ ", inside)] == pytest.approx(block, abs=0.0006)
        assert ("first counts" in said[1]) == (pooling == "max" and block.count(max(block)) > 1)
    if position > 3 and pooling == "max":
        loser, tied = cell != first[owner], maps["A"][cell] == maps["A"][first[owner]]
        assert ("all of it" in said[3]) == (not loser)
        assert ("later in reading order" in said[3]) == (loser and tied)
        assert ("smaller than" in said[3]) == (loser and not tied)


@pytest.mark.parametrize("pooling", ["mean", "max"])
def test_every_cell_block_activation_and_step_is_shown_as_the_definition_says(pooling, no_widget_left):
    explorer = PoolingBlock(A, DELTA, cell=(1, 2))
    assert explorer.cell.value == (1, 2) and explorer.steps.position == 5
    move(explorer.pooling, pooling)
    for scale in values_of(explorer.scale):
        for sigmoid in values_of(explorer.sigmoid):
            move(explorer.scale, scale)
            move(explorer.sigmoid, sigmoid)
            for cell in values_of(explorer.cell):
                move(explorer.cell, cell)
                assert_shows(explorer, A, DELTA)
            for position in values_of(explorer.steps):
                move(explorer.steps, position)
                assert_shows(explorer, A, DELTA)
    explorer.close()


@pytest.mark.parametrize("size", [(4, 6), (2, 12), (6, 6), (8, 6)])
def test_two_hundred_random_combinations(size, no_widget_left):
    rng = np.random.default_rng(9)
    X, delta = np.round(rng.uniform(0.05, 0.95, size), 1), rng.integers(-99, 100, (size[0] // 2, size[1] // 2))
    explorer = PoolingBlock(X, delta)
    for _ in range(50):
        for control in explorer.controls.values():
            values = list(values_of(control))
            move(control, values[rng.integers(len(values))])
        assert_shows(explorer, X, delta)
    explorer.close()


@pytest.mark.parametrize("name", ["Z", "A", "dA", "dZ"])
def test_a_click_on_any_large_map_chooses_the_cell(name, no_widget_left):
    explorer = PoolingBlock(A, DELTA)
    explorer.grids[name].chosen = (2, 5)
    assert explorer.cell.value == (2, 5)
    assert_shows(explorer, A, DELTA)
    explorer.close()


def test_no_cell_grows_and_no_colour_changes_its_meaning(no_widget_left):
    explorer, rng = PoolingBlock(A, DELTA), np.random.default_rng(0)
    digits = [grid.digits for grid in explorer.grids.values()]
    fills = {}
    for _ in range(100):
        for control in explorer.controls.values():
            values = list(values_of(control))
            move(control, values[rng.integers(len(values))])
        assert [grid.digits for grid in explorer.grids.values()] == digits
        for name in ("dP", "dA"):  # whole numbers: the text is the value
            grid = explorer.grids[name]
            for texts, row in zip(grid.texts, grid.fills, strict=True):
                for text, fill in zip(texts, row, strict=True):
                    assert fills.setdefault(text, fill) == fill
    explorer.close()


def test_what_does_not_fit_is_refused_in_words():
    with says("A has shape (4, 5)", "blocks of 2×2 and of 2×3"):
        PoolingBlock(np.full((4, 5), 0.5), DELTA)
    with says("between 0 and 1"):
        PoolingBlock(A + 0.1, DELTA)
    with says("delta is (2, 2)", "(2, 3)"):
        PoolingBlock(A, DELTA[:, :2])

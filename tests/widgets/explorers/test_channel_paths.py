"""From input maps to output maps: what the explorer shows is read back and compared with loops and SciPy."""

import re

import numpy as np
import pytest
from helpers import says
from ipywidgets.widgets.widget import _instances
from matplotlib import pyplot as plt
from scipy.signal import convolve2d, correlate2d

from cnnlib.widgets.explorers.channel_paths import ChannelPaths
from cnnlib.widgets.explorers.channel_paths.terms import BACKWARD, FORWARD, paths, products
from cnnlib.widgets.parts.explorer import move, values_of


def layer(I, J, size, kernel_size, rng, whole=True):
    """X, K, delta of a layer with distinct numbers."""
    output_size = [n - k + 1 for n, k in zip(size, kernel_size, strict=True)]
    shapes = (I, *size), (J, I, *kernel_size), (J, *output_size)
    if whole:
        return [rng.permutation(np.arange(-np.prod(shape) // 2, np.prod(shape) // 2 + 1))[: np.prod(shape)]
                .reshape(shape) for shape in shapes]  # fmt: skip
    return [rng.normal(0, 3, shape).round(2) for shape in shapes]


def value(text):
    return float(text.strip("()").replace("−", "-"))


def expected(X, K, delta, direction):
    """(slices, terms, results) by SciPy: no line of cnnlib takes part."""
    J, I = K.shape[:2]
    if direction == FORWARD:
        terms = np.array([[correlate2d(X[c], K[o, c], "valid") for c in range(I)] for o in range(J)])
        return K, terms, terms.sum(axis=1)
    terms = np.array([[convolve2d(delta[o], K[o, c]) for c in range(I)] for o in range(J)])
    return np.rot90(K, 2, axes=(2, 3)), terms, terms.sum(axis=0)


def loops(X, K, delta, direction, c, o, cell):
    """[(cell of the source, its value, tap)] of one cell of one term, from p = i + u alone."""
    found = []
    for i, j, u, v in np.ndindex(*delta.shape[1:], *K.shape[2:]):
        at, other = ((i + u, j + v), (i, j)) if direction == FORWARD else ((i, j), (i + u, j + v))
        if other == cell:
            found.append((at, (X[c] if direction == FORWARD else delta[o])[at], K[o, c, u, v]))
    return sorted(found)


def is_dim(widget):
    return "cnn-apart" in widget._dom_classes


def assert_shows(explorer, X, K, delta):
    direction, c, o = explorer.direction.value, explorer.input_map.value, explorer.output_map.value
    forward = direction == FORWARD
    slices, terms, results = expected(X, K, delta, direction)
    cell, together = explorer.cells[direction], {(o, each) if forward else (each, c)
                                                 for each in range(K.shape[forward])}  # fmt: skip
    for place, (kernel, term) in explorer.table.items():
        np.testing.assert_allclose(kernel.shown(), slices[place], atol=0.006)
        np.testing.assert_allclose(term.shown(), terms[place], atol=0.006)
        assert kernel.mark == ((0, 0) if forward else (1, 1)) and kernel.chosen is None
        assert len(kernel.outlined) == (kernel.values.size if place == (o, c) else 0)
        assert [tuple(at) for at in term.outlined] == ([cell] if place in together else [])
        assert is_dim(explorer.boxes[place]) == (place not in together)
        number = place[1] if forward else place[0]
        assert term.symbol == ("+ " if number else "") + f"term {number}"
    assert_maps(explorer, X, delta, results, cell, (c, o) if forward else (o, c))
    assert_words(explorer.text.value, X, K, delta, direction, c, o, cell, terms, results)


def assert_maps(explorer, X, delta, results, cell, chosen):
    """Sources and results in their places, the others out of sight; ``chosen`` (source, result)."""
    forward = explorer.direction.value == FORWARD
    visible = {name for name, grids in explorer.maps.items() for grid in grids if grid.layout.display != "none"}
    assert visible == ({"X", "Z"} if forward else {"δ", "dX"})
    sources, found = ("X", "Z") if forward else ("δ", "dX")
    window = sorted(at for at, *_ in loops(explorer.X, explorer.K, explorer.delta, explorer.direction.value,
                                           explorer.input_map.value, explorer.output_map.value, cell))  # fmt: skip
    for n, grid in enumerate(explorer.maps[sources]):
        np.testing.assert_allclose(grid.shown(), (X if forward else delta)[n], atol=0.006)
        assert sorted(tuple(at) for at in grid.outlined) == (window if n == chosen[0] else [])
        assert not is_dim(explorer.places[sources][n])
    for n, grid in enumerate(explorer.maps[found]):
        np.testing.assert_allclose(grid.shown(), results[n], atol=0.006)
        assert grid.chosen == (cell if n == chosen[1] else None)
        assert is_dim(explorer.places[found][n]) == (n != chosen[1])


def assert_words(html, X, K, delta, direction, c, o, cell, terms, results):
    forward = direction == FORWARD
    body = html[html.index('<div class="cnn-formula">') :]
    in_maps, at_cell, its_products, runs = (re.sub(r"<sub>|</sub>", "", line)
                                            for line in re.findall(r"<div>(.*?)</div>", body))  # fmt: skip
    result, order = (f"Z[{o}]", K.shape[1]) if forward else (f"dX[{c}]", K.shape[0])
    together = [(o, n) if forward else (n, c) for n in range(order)]
    plain = [re.sub(r"<.*?>", "", line) for line in (in_maps, at_cell, its_products)]
    formula = [f"X[{m}] ⋆ K[{n},{m}]" if forward else f"δ[{n}] ⋆full rot180(K[{n},{m}])" for n, m in together]
    assert plain[0] == f"{result} = {' + '.join(formula)}"
    left, right = plain[1].split(": ")
    numbers, total = right.split(" = ")
    assert left == f"{result} at ({cell[0]}, {cell[1]})"
    exact = [terms[place][cell] for place in together]
    assert [value(text) for text in numbers.split(" + ")] == pytest.approx(exact, rel=1e-5, abs=1e-9)
    assert value(total) == pytest.approx(results[o if forward else c][cell], rel=1e-5, abs=1e-9)
    whole, parts = plain[2].split(" = ")
    assert value(whole) == pytest.approx(terms[o, c][cell], rel=1e-5, abs=1e-9)
    pairs = [[value(factor) for factor in part.split("·")] for part in parts.split(" + ")]
    np.testing.assert_allclose(pairs, [pair[1:] for pair in loops(X, K, delta, direction, c, o, cell)], rtol=1e-5)
    for line in (in_maps, at_cell):  # the frame is around the chosen term
        framed = ["cnn-lit" in classes for classes in re.findall(r'<span class="cnn-product(.*?)"', line)]
        assert framed == [place == (o, c) for place in together]
    assert (f"along row {o}" if forward else f"down column {c}") in runs


@pytest.fixture
def nothing_left():
    before = set(_instances)
    yield
    assert set(_instances) == before and plt.get_fignums() == []


@pytest.mark.usefixtures("nothing_left")
def test_every_choice_and_every_cell_is_shown_as_the_definition_says():
    maps = layer(3, 2, (3, 4), (2, 2), np.random.default_rng(0))
    explorer = ChannelPaths(*maps, c=2, o=1)
    assert_shows(explorer, *maps)
    for direction in values_of(explorer.direction):
        move(explorer.direction, direction)
        for o in values_of(explorer.output_map):
            move(explorer.output_map, o)
            for c in values_of(explorer.input_map):
                move(explorer.input_map, c)
                grid = explorer.maps["Z"][o] if direction == FORWARD else explorer.maps["dX"][c]
                for cell in np.ndindex(grid.values.shape):
                    grid.chosen = cell  # a click
                    assert explorer.cells[direction] == cell
                    assert_shows(explorer, *maps)
    explorer.close()


SIZES = [(3, 2, (3, 4), (2, 2)), (2, 3, (4, 3), (2, 3)), (1, 2, (3, 3), (3, 1)), (2, 1, (4, 4), (1, 1))]


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("whole", [True, False])
def test_two_hundred_random_combinations(sizes, whole):
    rng = np.random.default_rng(8)
    maps = layer(*sizes, rng, whole)
    explorer = ChannelPaths(*maps)
    for _ in range(50):
        for control in explorer.controls.values():
            values = list(values_of(control))
            move(control, values[rng.integers(len(values))])
        direction = explorer.direction.value
        grids = explorer.maps["Z" if direction == FORWARD else "dX"]
        number = rng.integers(len(grids))
        if rng.random() < 0.5:
            grids[number].chosen = tuple(int(rng.integers(n)) for n in grids[number].values.shape)
            chosen = explorer.output_map if direction == FORWARD else explorer.input_map
            assert chosen.value == number
        assert_shows(explorer, *maps)
    explorer.close()


@pytest.mark.usefixtures("nothing_left")
def test_a_click_on_a_slice_chooses_both_maps():
    maps = layer(3, 2, (3, 4), (2, 2), np.random.default_rng(1))
    explorer = ChannelPaths(*maps)
    for o, c in [(1, 2), (0, 2), (0, 0), (1, 1), (1, 1)]:
        explorer.table[o, c][0].chosen = (1, 0)
        assert (explorer.output_map.value, explorer.input_map.value) == (o, c)
        assert_shows(explorer, *maps)
    explorer.close()


@pytest.mark.usefixtures("nothing_left")
def test_a_cell_chosen_forward_is_still_chosen_after_a_look_at_the_way_back():
    maps = layer(2, 2, (4, 4), (2, 2), np.random.default_rng(2))
    explorer = ChannelPaths(*maps)
    explorer.maps["Z"][1].chosen = (2, 1)
    move(explorer.direction, BACKWARD)
    explorer.maps["dX"][0].chosen = (3, 3)
    move(explorer.direction, FORWARD)
    assert explorer.maps["Z"][1].chosen == (2, 1) and explorer.cells == {FORWARD: (2, 1), BACKWARD: (3, 3)}
    assert_shows(explorer, *maps)
    explorer.close()


@pytest.mark.parametrize("direction", [FORWARD, BACKWARD])
def test_the_products_of_a_cell_make_its_term(direction):
    rng = np.random.default_rng(3)
    X, K, delta = layer(2, 3, (4, 5), (2, 3), rng)
    terms = paths(X, K, delta, direction).terms
    for o, c in np.ndindex(3, 2):
        for cell in np.ndindex(terms.shape[2:]):
            found = products(X, K, delta, direction, c, o, cell)
            assert [tuple(product) for product in found] == loops(X, K, delta, direction, c, o, cell)
            assert sum(product.source * product.tap for product in found) == terms[(o, c, *cell)]


def test_maps_of_different_layers_are_refused_in_words():
    X, K, delta = layer(3, 2, (3, 4), (2, 2), np.random.default_rng(4))
    with says("(3, 3, 4)", "(2, 2, 2, 2)", "do not fit"):
        ChannelPaths(X, K[:, :2], delta)
    with says("delta is (2, 3, 2)", "takes (2, 2, 3)"):
        ChannelPaths(X, K, delta.swapaxes(1, 2))

"""The journey of notebook 10: every picture is read back, pixel by pixel, and compared with an independent pass."""

import base64
import html
import inspect
import io
import re

import numpy as np
import pytest
from helpers import assert_close, says
from PIL import Image
from scipy.signal import convolve2d, correlate2d

from cnnlib import network
from cnnlib.article.program_arrays import ABOVE, BELOW, places
from cnnlib.article.program_steps import STEPS, times_run
from cnnlib.layers import Conv2D, Dense, Flatten, MeanPool2D, Sigmoid
from cnnlib.losses import SquaredError
from cnnlib.plots import image_grid
from cnnlib.training import SGD
from cnnlib.widgets.explorers.journey import Journey
from cnnlib.widgets.parts.explorer import move, values_of

KERNELS = {"K¹", "dK¹", "K²", "dK²"}


def small_net(operation="convolution"):
    """2c3-2s-3c2-2s on 12×12 with biases that are not 0: everything differs from everything."""
    rng = np.random.default_rng(10)
    made = dict(rng=rng, dtype=np.float64)
    layers = [Conv2D(1, 2, 3, operation=operation, **made), Sigmoid(), MeanPool2D(2)]
    layers += [Conv2D(2, 3, 2, operation=operation, **made), Sigmoid(), MeanPool2D(2)]
    layers += [Flatten(), Dense(12, 10, **made), Sigmoid()]
    for layer in layers:
        if "b" in layer.params:
            layer.params["b"] = rng.normal(0, 0.3, layer.params["b"].shape)
    return network.Network(layers, SquaredError())


def article_net():
    return network.toolbox_net(rng=np.random.default_rng(3), dtype=np.float64)


def images(size, seed=0):
    """Twelve images; the labels hold every class, the first two twice."""
    return np.random.default_rng(seed).random((12, 1, size, size)), np.arange(12) % 10


# ---- the pass once more, by SciPy and by definition


def sigma(Z):
    return 1 / (1 + np.exp(-Z))


def means(A, s=2):
    c, h, w = A.shape
    return A.reshape(c, h // s, s, w // s, s).mean(axis=(2, 4))


def convolved(A, K, b):
    return sigma(np.array([sum(convolve2d(a, k, "valid") for a, k in zip(A, slices, strict=True)) + bias
                           for slices, bias in zip(K, b, strict=True)]))  # fmt: skip


def gradient(A, D):
    """Of a kernel that convolves: the turn of A ⋆ δ."""
    return np.array([[correlate2d(a, d, "valid")[::-1, ::-1] for a in A] for d in D])


def shared(A, D, s=2):
    return A * (1 - A) * np.kron(D, np.ones((1, s, s))) / s**2


def computed(net, X, label):
    """Place → array, for a net that convolves."""
    (K1, b1), (K2, b2), (W, b) = (net.layers[place].params.values() for place in (0, 3, 7))
    A1 = convolved(X, K1, b1)
    A3 = convolved(means(A1), K2, b2)
    A2, A4 = means(A1), means(A3)
    fv = A4.ravel()
    z = W @ fv + b
    o = sigma(z)
    e = o - np.eye(10)[label]
    od = e * o * (1 - o)
    fvd = W.T @ od
    d4 = fvd.reshape(A4.shape)
    d3 = shared(A3, d4)
    d2 = np.zeros_like(A2)
    for j, i in np.ndindex(K2.shape[:2]):
        d2[i] += convolve2d(d3[j], K2[j, i][::-1, ::-1], "full")
    d1 = shared(A1, d2)
    above = dict(zip(ABOVE, (X, K1, A1, A2, K2, A3, A4, fv, W, z, o), strict=True))
    below = (gradient(X, d1), d1, d2, gradient(A2, d3), d3, d4, fvd, np.outer(od, fv), od, e)
    return above | dict(zip(BELOW[1:], below, strict=True))


@pytest.mark.parametrize("net, size", [(small_net(), 12), (article_net(), 28)], ids=["small", "article"])
def test_every_place_is_the_pass_by_definition(net, size):
    X, labels = images(size)
    for n in (0, 7):
        found = places(net, net.trace(X[n : n + 1], np.eye(10)[labels[n] : labels[n] + 1]))
        expected = computed(net, X[n], labels[n])
        assert found.keys() == expected.keys()
        for name, place in found.items():
            assert_close(place.array, expected[name])
            times = place.maps.size // place.array.size
            assert sorted(place.maps.ravel()) == sorted(place.array.ravel().repeat(times))


# ---- what is on the screen


def pictures(text):
    """alt → palette indices of every picture in a piece of HTML."""
    found = re.findall(r'<img alt="([^"]*)" [^>]*src="data:image/png;base64,([^"]*)"', text)
    return {html.unescape(alt): np.array(Image.open(io.BytesIO(base64.b64decode(png)))) for alt, png in found}


def as_maps(name, A):
    """The maps that a picture of this place has to hold, in reading order."""
    if name in KERNELS:
        return np.array([A[j, i] for i in range(A.shape[1]) for j in range(A.shape[0])])
    if name in ("W", "dW"):
        side = {192: 4, 12: 2}[A.shape[1]]
        return A.reshape(-1, side, side)
    if name in ("fv", "fvd"):
        return A.reshape(1, {192: 12, 12: 3}[A.size], -1)
    return np.repeat(A[None, :, None], 3, axis=2) if A.ndim == 1 else A


def cells_of(sheet, maps):
    """The palette index of every cell of every map on a sheet: the tiling is found, not assumed."""
    count, h, w = maps.shape
    for scale in range(sheet.shape[0] // h, 0, -1):
        for gap in (1, 2):
            rows, left = divmod(sheet.shape[0] + gap, h * scale + gap)
            columns, over = divmod(sheet.shape[1] + gap, w * scale + gap)
            if left == over == 0 and rows == -(-count // columns):
                starts = [divmod(c, columns) for c in range(count)]
                cut = [(r * (h * scale + gap), c * (w * scale + gap)) for r, c in starts]
                return np.array([sheet[y : y + h * scale : scale, x : x + w * scale : scale] for y, x in cut])
    raise AssertionError(f"{sheet.shape} holds no {count} maps of {h}×{w}")


def assert_drawn(sheet, name, A):
    colours = "ink" if name == "X" else "unit" if name[0] == "A" or name in ("fv", "o") else "signed"
    limit = np.abs(A).max() if colours == "signed" else 1.0
    maps = as_maps(name, A)
    wanted = image_grid.shade(maps, colours, limit).astype(int)
    assert np.abs(cells_of(sheet, maps).astype(int) - wanted).max() <= 1  # a rounding at the edge of a shade


def named(found, name):
    (picture,) = [sheet for alt, sheet in found.items() if alt.startswith(f"{name}, ")]
    return picture


def states(lanes):
    """Place → to-come, read, filled or "" in the order of the screen."""
    classes = re.findall(r'<div class="cnn-sheet"><span class="([^"]*)"><img alt="([^,]*), ', lanes)
    return {name: state for state, name in classes}


def text_of(source):
    return html.unescape(re.sub(r"<[^>]*>", " ", source))


def assert_shows(explorer, net, expected, labels):
    """``expected``: what :func:`computed` gives for each image that was asked for."""
    n, position = explorer.digit.value, explorer.bar.position
    expected, step = expected[n], STEPS[position]
    lanes = pictures(explorer.lanes.value)
    assert len(lanes) == len(expected)
    for name, A in expected.items():
        assert_drawn(named(lanes, name), name, A)
    known = {place for earlier in STEPS[: position + 1] for place in earlier.fills}
    for name, state in states(explorer.lanes.value).items():
        right = "cnn-filled" if name in step.fills else "cnn-read" if name in step.reads else ""
        assert state == (right if name in known else "cnn-to-come")
    assert explorer.bar.line.words == f"step {position + 1} of 18: {step.name}"
    assert_large(explorer.step.value, step, net, expected, labels[n], explorer.path.value)


def assert_large(shown, step, net, expected, label, path):
    name, words = step.fills[-1], text_of(shown)
    A = expected[name]
    if step is STEPS[-1]:
        A = A - expected[f"d{name}"]
    assert f"{name}  {'×'.join(map(str, A.shape))}" in words
    assert step.toolbox in words and text_of(step.words(path)) in words and step.formula in shown
    for _, line in step.lines(path):
        assert line in words
    if name in ("o", "e", "od"):
        assert_bars(shown, A, label)
        if name == "o":
            assert f"largest: {A.argmax()} with {A.max():.2f}; right: {label} with {A[label]:.2f}." in words
        if name == "e":
            assert f"L = {(A @ A) / 2:.3f}" in words
        return
    large = pictures(shown)
    assert_drawn(named(large, name), name, A)
    assert_slices(shown, step, net, path)


def assert_bars(shown, values, label):
    """Numbers, classes, and the length and side of each bar."""
    numbers = [float(text.replace("−", "-")) for text in re.findall(r'y="14">([^<]*)<', shown)]
    np.testing.assert_allclose(numbers, values, atol=0.005000001)
    assert re.findall(r'y="170"[^>]*>(\d)<', shown) == list("0123456789")
    bold = [weight == "bold" for weight in re.findall(r'font-weight="(\w+)"', shown)]
    assert bold == [c == label for c in range(10)]
    bars = np.array(re.findall(r' y="([\d.]+)" width="24" height="([\d.]+)"', shown), dtype=float)
    zero = float(re.search(r'd="M0 ([\d.]+)H', shown).group(1))
    lengths = np.where(values > 0, zero - bars[:, 0], -(bars[:, 1]))
    limit, unit = (np.abs(values).max(), 64) if (values < 0).any() else (1, 128)
    np.testing.assert_allclose(lengths, unit * values / limit, atol=0.11)


def assert_slices(shown, step, net, path):
    """k, and how it lies: forward turned; backward given to convn turned, and on the deltas as it is."""
    found = re.findall(r'<div class="cnn-marked ([\w-]+)">(<img[^>]*>)</div>([^<]*)<', shown)
    layer = {"A¹": 0, "A³": 3, "δ²": 3}.get(step.fills[-1])
    if layer is None:
        assert not found
        return
    k = net.layers[layer].params["K"][0, 0]
    forward = [("k", k, "cnn-as-is"), ("on the map", k[::-1, ::-1], "cnn-turned")]
    backward = [("k", k, "cnn-as-is"), ("rot180(k)", k[::-1, ::-1], "cnn-turned"), ("on δ³", k, "cnn-as-is")]
    wanted = backward if step.fills[-1] == "δ²" else forward
    if path == "banded":  # one band serves both ways
        wanted = [forward[0], ("in the band", *forward[1][1:])]
    assert [(what, way) for way, _, what in found] == [(what, way) for what, _, way in wanted]
    for (_, picture, _), (_, A, _) in zip(found, wanted, strict=True):
        ((_, sheet),) = pictures(picture).items()
        limit = np.abs(A).max()
        assert np.abs(cells_of(sheet, A[None])[0].astype(int) - image_grid.shade(A, "signed", limit)).max() <= 1


def test_every_step_and_every_digit_is_shown_as_the_pass_by_definition(no_widget_left):
    net, (X, labels) = small_net(), images(12)
    expected = [computed(net, *pair) for pair in zip(X, labels, strict=True)]
    explorer = Journey(net, X, labels)
    for digit in values_of(explorer.digit):
        move(explorer.digit, digit)
        assert_shows(explorer, net, expected, labels)
    for path in values_of(explorer.path):
        move(explorer.path, path)
        for position in values_of(explorer.bar):
            move(explorer.bar, position)
            assert_shows(explorer, net, expected, labels)
    explorer.close()


def test_two_hundred_random_combinations(no_widget_left):
    net, (X, labels), rng = small_net(), images(12, seed=4), np.random.default_rng(10)
    expected = [computed(net, *pair) for pair in zip(X, labels, strict=True)]
    explorer = Journey(net, X, labels)
    for _ in range(200):
        digits = list(values_of(explorer.digit))
        move(explorer.digit, digits[rng.integers(len(digits))])
        move(explorer.path, values_of(explorer.path)[rng.integers(2)])
        move(explorer.bar, int(rng.integers(explorer.bar.count)))
        assert_shows(explorer, net, expected, labels)
    explorer.close()


def test_the_articles_net_is_shown_as_well(no_widget_left):
    net, (X, labels) = article_net(), images(28)
    explorer = Journey(net, X, labels)
    expected = [computed(net, X[0], labels[0])]
    for position in (0, 3, 12, 17):
        move(explorer.bar, position)
        assert_shows(explorer, net, expected, labels)
    explorer.close()


def test_the_menu_offers_each_class_once_and_says_what_is_misread(no_widget_left):
    net, (X, labels) = small_net(), images(12)
    explorer = Journey(net, X, labels)
    read = net.predict(X).argmax(axis=1)
    for text, n in explorer.digit.options:
        misread = f", read as {read[n]}" if read[n] != labels[n] else ""
        assert text == f"{labels[n]}{misread} (image {n})"
    numbers = [n for _, n in explorer.digit.options]
    assert numbers[:10] == list(range(10)) and len(set(numbers)) == len(numbers)
    assert all(read[n] != labels[n] for n in numbers[10:])
    explorer.close()


def test_under_correlation_the_slice_lies_the_other_way_round(no_widget_left):
    net, (X, labels) = small_net("correlation"), images(12)
    explorer = Journey(net, X, labels)
    ways = {}
    for position in (3, 12):
        move(explorer.bar, position)
        ways[position] = re.findall(r'class="cnn-marked ([\w-]+)"', explorer.step.value)
    assert ways == {3: ["cnn-as-is", "cnn-as-is"], 12: ["cnn-as-is", "cnn-turned", "cnn-turned"]}
    explorer.close()


def test_another_net_is_refused_in_words():
    with says("is not built as toolbox_net"):
        Journey(network.lenet(), *images(28))


# ---- the steps


def test_every_quoted_line_stands_in_its_function():
    for step in STEPS:
        assert step.source
        for function, line in (*step.source, *step.banded):
            assert line in inspect.getsource(function), (step.name, line)


@pytest.mark.parametrize("path", ["plain", "banded"])
def test_every_quoted_line_runs_in_the_net_that_the_journey_shows(path, no_widget_left):
    explorer = Journey(article_net(), *images(28))
    move(explorer.path, path)
    net = explorer.net
    quoted = [(step.name, *line) for step in STEPS for line in step.lines(path)]

    def one_update():
        net.forward(explorer.images)
        net.backward(np.eye(10)[explorer.labels])
        SGD(net.layers).update(1.0)

    counts = times_run([line for _, *line in quoted], one_update)
    assert [(name, line) for (name, _, line), count in zip(quoted, counts, strict=True) if not count] == []
    explorer.close()


def test_a_line_that_does_not_run_is_counted_as_none():
    net, (X, labels) = network.toolbox_net(), images(28)
    other = [line for step in STEPS for line in step.lines("plain") if line not in step.lines("banded")]
    counts = times_run(other, lambda: net.trace(X, np.eye(10)[labels]))
    assert counts == [0] * len(other) and len(other) >= 5  # the fast path runs none of them


PROGRAM = """cnnff.m, its argument: → X
cnnff.m 7–20: X K¹ → K¹ A¹
cnnff.m 21–27: A¹ → A²
cnnff.m 7–20: A² K² → K² A³
cnnff.m 21–27: A³ → A⁴
cnnff.m 31–35: A⁴ → fv
cnnff.m 37: fv W → W z o
cnnbp.m 5–7: o → e
cnnbp.m 10: e o → od
cnnbp.m 11: od W → fvd
cnnbp.m 17–21: fvd → δ⁴
cnnbp.m 24–27: δ⁴ A³ → δ³
cnnbp.m 28–35, 53–55: δ³ K² → δ²
cnnbp.m 24–27: δ² A¹ → δ¹
cnnbp.m 50, 51: od fv → dW
cnnbp.m 44, 46: A² δ³ → dK²
cnnbp.m 44, 46: X δ¹ → dK¹
cnnapplygrads.m 6, 8, 13–14: dK¹ dK² dW → K¹ W K²"""


def test_the_steps_are_the_toolboxs_program_in_its_order():
    said = [f"{step.toolbox}: {' '.join([*step.reads, '→', *step.fills])}" for step in STEPS]
    assert said == PROGRAM.splitlines()


def test_every_place_is_filled_before_it_is_read():
    known = set()
    for step in STEPS:
        assert set(step.reads) - set(step.fills) <= known
        known |= set(step.fills)
    assert known == {name for name in (*ABOVE, *BELOW) if name}
    assert STEPS[-1].fills == ("K¹", "W", "K²")

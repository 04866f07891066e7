"""The road shows the arrays that the trace holds, each delta under its map, the kernels turned below."""

import base64
import re

import numpy as np
import pytest
from pictures import decode

from cnnlib import network, ops
from cnnlib.data import load_digits, one_hot
from cnnlib.pass_diagram import diagram
from cnnlib.pass_diagram.columns import stops
from cnnlib.pass_diagram.diagram import PassDiagram
from cnnlib.plots import image_grid

NETS = {
    "article": network.toolbox_net,
    "tanh": lambda: network.lenet("tanh"),
    "modern": lambda: network.lenet("modern"),
}


@pytest.fixture(params=NETS)
def net(request):
    return NETS[request.param]()


@pytest.fixture(scope="module")
def digits():
    return load_digits()


def sheets(text):
    """{alt text: palette indices} of every picture in the HTML."""
    found = re.findall(r'<img alt="([^"]*)"[^>]*base64,([^"]*)"', text)
    return {alt: decode(base64.b64decode(data))[0] for alt, data in found}


def trace_of(net, digits, k=3):
    label = int(digits.test_labels[k])
    return net.trace(digits.test_images[k : k + 1], one_hot([label])), label


def test_stops_pair_each_map_with_its_delta(net, digits):
    trace, _ = trace_of(net, digits)
    for stop in stops(net):
        if stop.kind in ("maps", "units"):
            assert trace.activations[stop.activation].shape == trace.deltas[stop.gradient].shape


def test_stops_of_the_articles_net():
    names = [(stop.kind, stop.symbol) for stop in stops(network.toolbox_net())]
    assert names == [
        ("input", "X"), ("kernels", "K¹"), ("maps", "A¹"), ("maps", "A²"),
        ("kernels", "K²"), ("maps", "A³"), ("maps", "A⁴"), ("scores", "scores"),
    ]  # fmt: skip


def test_delta_behind_a_convolution_is_taken_at_the_preactivation():
    (first,) = [stop for stop in stops(network.toolbox_net()) if stop.symbol == "A¹"]
    assert (first.activation, first.gradient) == (2, 1)  # A¹ = σ(Z¹), δ¹ = ∂L/∂Z¹


def test_delta_maps_shown_are_the_deltas(digits):
    net = network.toolbox_net()
    trace, label = trace_of(net, digits)
    shown = sheets(PassDiagram(net).html(net, trace, label))
    (alt,) = [text for text in shown if "delta maps δ²" in text]
    D = trace.deltas[3][0]
    expected = image_grid.tile(image_grid.shade(D, "signed", np.abs(D).max()), columns=2, scale=4)
    assert (shown[alt] == expected).all()


def test_lower_lane_shows_every_slice_turned(digits):
    net = network.toolbox_net()
    trace, label = trace_of(net, digits)
    shown = sheets(PassDiagram(net).html(net, trace, label, chosen=(4, 2)))
    K = net.layers[3].params["K"]
    limit = np.abs(K).max()
    upper, lower = shown["the kernels K²"], shown["K², every slice turned by 180°"]
    slices = K.reshape(72, 5, 5)
    assert (upper == image_grid.tile(image_grid.shade(slices, "signed", limit), columns=12, scale=1)).all()
    turned = image_grid.shade(ops.rot180(slices), "signed", limit)
    assert (lower == image_grid.tile(turned, columns=12, scale=1)).all()
    large = {alt.split(";")[0].split("large, ")[1]: sheet for alt, sheet in shown.items() if ", large, " in alt}
    stored = image_grid.shade(K[4, 2], "signed", limit)
    ways = {"given to ∗, as it is": stored, "lies on A², turned": stored[::-1, ::-1],
            "given to ∗, turned": stored[::-1, ::-1], "lies on δ³, as it is": stored}  # fmt: skip
    assert large.keys() == ways.keys() and (stored != stored[::-1, ::-1]).any()
    assert all((large[way][::12, ::12] == ways[way]).all() for way in ways)


def test_under_correlation_a_slice_lies_as_it_is_given(digits):
    net = network.toolbox_net(operation="correlation")
    text = PassDiagram(net).html(net, *trace_of(net, digits), chosen=(4, 2))
    ways = re.findall(r"the slice from map 3 to map 5, large, ([^;]*);", text)
    assert ways == ["as it is", "turned"] and "∗" not in text


def test_nothing_goes_back_through_the_first_kernels(net, digits):
    trace, label = trace_of(net, digits)
    text = PassDiagram(net).html(net, trace, label)
    assert "nothing goes back through K¹" in text and "K¹, every slice turned" not in text


def test_limits_grow_at_once_and_shrink_slowly_from_moment_to_moment():
    road, image = PassDiagram(network.toolbox_net()), np.ones((1, 1, 28, 28))
    road._follow(0, image)
    assert road.limit("δ", np.array([0.5, -2.0])) == 2
    road._follow(0, image)
    assert road.limit("δ", np.array([0.1])) == 2  # the same moment, drawn again
    road._follow(1, image)
    assert road.limit("δ", np.array([0.1])) == pytest.approx(1.8)
    assert road.limit("δ", np.array([3.0])) == 3
    road.limit("K¹", np.array([0.5]))
    road._follow(1, 2 * image)  # another digit has limits of its own, the kernels are the same
    assert road.limit("δ", np.array([0.1])) == 0.1
    assert road.limit("K¹", np.array([0.2])) == 0.5


def printed_limits(net, trace, label):
    """δ → the number printed under its maps."""
    drawn = PassDiagram(net).html(net, trace, label)
    found = re.findall(r'<b class="cnn-delta">(δ.)</b> [^<]*<br>±([\d.]+)<', drawn)
    return {name: float(number) for name, number in found}


@pytest.mark.parametrize("off, expected", [(-1e-5, 0.31), (1e-5, 0.32)])
def test_the_limit_printed_under_a_delta_map_is_its_largest_entry_to_the_last_digit(off, expected, digits):
    """Each map's largest entry stands just below or just above a change of the second digit."""
    net = network.toolbox_net()
    trace, label = trace_of(net, digits)
    deltas = [None if D is None else D * (0.315 * (1 + off) / np.abs(D).max()) for D in trace.deltas]
    found = printed_limits(net, trace._replace(deltas=deltas), label)
    assert found == dict.fromkeys(("δ¹", "δ²", "δ³", "δ⁴"), expected)


def test_every_picture_has_words(net, digits):
    trace, label = trace_of(net, digits)
    text = PassDiagram(net).html(net, trace, label)
    assert text.count("<img") == len(re.findall(r'<img alt="[^"]{5,}"', text))
    told = text.count("<svg ") - text.count('<svg class="cnn-boxes" aria-hidden="true"')
    assert told == text.count('role="img" aria-label=')


@pytest.mark.parametrize(("width", "columns", "scale"), [(150, 2, 1), (60, 2, 1), (200, 3, 2)])
def test_maps_never_reach_beyond_their_lane(width, columns, scale):
    """Six maps of 28 rows in one column were 178 pixels high in a lane of 148, and covered their names."""
    assert diagram._arrangement(6, 28, 28, width) == (columns, scale)


def test_no_sheet_is_higher_than_a_lane(net, digits):
    trace, label = trace_of(net, digits)
    shown = sheets(PassDiagram(net).html(net, trace, label))
    assert max(len(sheet) for sheet in shown.values()) <= diagram.HEIGHT

"""What is said about one number of a pass is true: its products add up to it, and nothing else was read."""

import numpy as np
import pytest

from cnnlib import network
from cnnlib.data import load_digits, one_hot
from cnnlib.layers import Conv2D, Dense, Flatten, MaxPool2D, MeanPool2D, Sigmoid, Tanh
from cnnlib.losses import SquaredError
from cnnlib.network import Network
from cnnlib.pass_diagram.columns import stops
from cnnlib.pass_diagram.provenance import Box, Spot, origin


def unusual():
    """Stride, padding, dilation, rectangular kernels, and a pool that drops its tail."""
    rng = np.random.default_rng(4)
    layers = [
        Conv2D(1, 2, (3, 2), stride=(2, 1), padding=(0, 2), operation="convolution", rng=rng), Tanh(),
        MaxPool2D((2, 3), drop_tail=True),
        Conv2D(2, 3, (2, 3), dilation=(1, 2), padding=1, rng=rng), Sigmoid(),
        MeanPool2D(3, drop_tail=True), Flatten(), Dense(12, 4, rng=rng), Tanh(), Dense(4, 10, rng=rng), Sigmoid(),
    ]  # fmt: skip
    return Network(layers, SquaredError())


NETS = {
    "article": network.toolbox_net,
    "article ⋆": lambda: network.toolbox_net(operation="correlation"),
    "tanh": lambda: network.lenet("tanh"),
    "modern": lambda: network.lenet("modern"),
    "unusual": unusual,
}


@pytest.fixture(params=NETS)
def passed(request):
    """(network, trace, plan) of one digit."""
    net, digits = NETS[request.param](), load_digits()
    rng = np.random.default_rng(1)
    for layer in net.layers:
        if "b" in layer.params:
            layer.params["b"] = rng.normal(size=layer.params["b"].shape).astype(np.float32)
    return net, net.trace(digits.test_images[5:6], one_hot([int(digits.test_labels[5])])), stops(net)


def spots(plan, trace, lane, rng):
    """Corners and random cells of every stop of a lane."""
    for number, stop in enumerate(plan):
        if stop.kind not in ("maps", "units") or (lane == "forward" and stop.kind == "units"):
            continue
        shape = (*trace.deltas[stop.gradient].shape[1:], 1, 1)[:3]
        yield Spot(number, lane, 0, 0, 0)
        yield Spot(number, lane, *(n - 1 for n in shape))
        for _ in range(25):
            yield Spot(number, lane, *map(int, rng.integers(shape)))


def test_products_of_a_delta_add_up_to_it(passed):
    net, trace, plan = passed
    for spot in spots(plan, trace, "backward", np.random.default_rng(2)):
        found, stop = origin(net, trace, plan, spot), plan[spot.stop]
        place = (0, *spot[2:])[: trace.deltas[stop.gradient].ndim]
        assert found.value == trace.deltas[stop.gradient][place]
        assert found.factor * found.products.sum() == pytest.approx(found.value, rel=2e-4, abs=1e-7)
        assert all(found.factors(k) for k in range(len(found.products)))


def test_products_of_an_activation_add_up_to_it(passed):
    net, trace, plan = passed
    for spot in spots(plan, trace, "forward", np.random.default_rng(3)):
        found, stop = origin(net, trace, plan, spot), plan[spot.stop]
        total = found.factor * found.products.sum() + found.added
        layer = net.layers[stop.layer]
        value = net.layers[stop.layer + 1].function(np.array([total]))[0] if isinstance(layer, Conv2D) else total
        assert value == pytest.approx(trace.activations[stop.activation][(0, *spot[2:])], rel=2e-4, abs=1e-6)


def test_what_is_lit_is_what_the_layers_backward_pass_reaches(passed):
    """One delta of the next map at a time goes back through the layer: those that reach the spot are outlined."""
    net, trace, plan = passed
    for spot in spots(plan, trace, "backward", np.random.default_rng(5)):
        place = plan[spot.stop].activation
        layer = net.layers[place]
        if not isinstance(layer, Conv2D):
            continue
        layer.forward(trace.activations[place])
        units = np.zeros((*trace.deltas[place + 1].shape[2:], *trace.deltas[place + 1].shape), dtype=np.float32)
        for i, j in np.ndindex(units.shape[:2]):
            units[i, j, 0, 0, i, j] = 1
        came = [[layer.input_gradient(unit)[(0, *spot[2:])] != 0 for unit in row] for row in units]
        rows, columns = np.nonzero(came)
        lit = [box for box in origin(net, trace, plan, spot).boxes[spot.stop + 2, "backward"] if box.map == 0]
        assert lit == [Box(0, rows.min(), columns.min(), np.ptp(rows) + 1, np.ptp(columns) + 1)]


def test_windows_and_turned_kernels_of_the_articles_second_convolution():
    """δ²[5,7] of map 3 was in the windows of δ³ rows 1–5 and columns 3–7, with all 25 entries of every slice."""
    net, digits = network.toolbox_net(), load_digits()
    trace, plan = net.trace(digits.test_images[:1], one_hot([0])), stops(net)
    found = origin(net, trace, plan, Spot(3, "backward", 2, 5, 7))
    assert (plan[3].delta, len(found.products)) == ("δ²", 300)
    assert found.boxes[5, "backward"] == [Box(o, 1, 3, 5, 5) for o in range(12)]
    assert found.boxes[4, "backward"] == [Box(6 * o + 2, 0, 0, 5, 5) for o in range(12)]
    at_the_corner = origin(net, trace, plan, Spot(3, "backward", 2, 0, 0))
    assert at_the_corner.boxes[5, "backward"] == [Box(o, 0, 0, 1, 1) for o in range(12)]
    # Under ∗ the corner met the last entry of K; turned, that is the first.
    assert at_the_corner.boxes[4, "forward"][0] == Box(2, 4, 4, 1, 1)
    assert at_the_corner.boxes[4, "backward"][0] == Box(2, 0, 0, 1, 1)
    assert at_the_corner.factors(0) == "δ³(1)[0,0]·K²(1←3)[4,4]"


def test_nobody_asks_for_the_delta_of_the_image_and_the_loss_gives_the_last():
    net, digits = network.toolbox_net(), load_digits()
    trace, plan = net.trace(digits.test_images[:1], one_hot([0])), stops(net)
    assert origin(net, trace, plan, Spot(0, "backward", 0, 3, 3)) is None
    assert origin(net, trace, plan, Spot(len(plan) - 1, "backward", 3, 0, 0)) is None

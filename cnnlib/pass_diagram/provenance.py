"""Where one number of a pass comes from: the products whose sum it is, and the cells that they were read from.

:func:`forward_origin` explains an activation, :func:`backward_origin` a delta.  Both read the numbers of a
:class:`cnnlib.network.Trace` one product at a time, by index, as a learner would.  Nothing here slides a window or
turns a kernel, so it checks the layers independently.  Maps are counted from 1, as on the screen, cells from 0.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..correlation import effective_kernel
from ..layers import Conv2D, Dense, Flatten, MaxPool2D
from ..network import Network, Trace
from .columns import Stop, activation_name


class Spot(NamedTuple):
    """A number on the screen: the stop, its lane, the map (from 0), row and column."""

    stop: int
    lane: str  # "forward" or "backward"
    map: int
    row: int
    column: int


class Box(NamedTuple):
    """Cells of one map, or entries of one kernel slice: the map, the first row and column, and how many."""

    map: int
    top: int
    left: int
    height: int
    width: int


class Origin(NamedTuple):
    """value = factor · (sum of the products) for a delta; f(sum of the products + added) for an activation."""

    name: str
    value: float
    products: np.ndarray  # (count,), in the order of the loops
    factors: Callable[[int], str]  # the k-th product in symbols
    outer: str  # what stands before the sum, such as "σ′·" or "σ"
    factor: float
    added: float  # the bias
    boxes: dict[tuple[int, str], list[Box]]  # (stop, lane) → the cells read there
    slices: tuple[int, int] | None = None  # (output map, input map) of the kernel slice of the largest product


def fitting(spot: Spot | None, plan: list[Stop], trace: Trace) -> Spot | None:
    """The spot, or None where this pass has no such number."""
    if spot is None or not 0 <= spot.stop < len(plan) or plan[spot.stop].kind != "maps":
        return None
    shape = trace.activations[plan[spot.stop].activation].shape[1:]
    inside = all(0 <= index < size for index, size in zip(spot[2:], shape, strict=True))
    return spot if inside and spot.lane in ("forward", "backward") else None


def origin(network: Network, trace: Trace, plan: list[Stop], spot: Spot) -> Origin | None:
    """Where the number at a spot comes from; None for the image itself and for what the loss gives."""
    explain = forward_origin if spot.lane == "forward" else backward_origin
    return explain(network, trace, plan, spot)


def forward_origin(network: Network, trace: Trace, plan: list[Stop], spot: Spot) -> Origin | None:
    """A = f(Σ X·K + b), one product a tap of the window; or the cells of a pooling block."""
    stop = plan[spot.stop]
    if stop.kind != "maps":
        return None
    layer, X = network.layers[stop.layer], trace.activations[stop.layer][0]
    value = trace.activations[stop.activation][(0, *spot[2:])]
    name = _named(stop.symbol, *spot[2:])
    if not isinstance(layer, Conv2D):
        return Origin(name, value, *_of_block(layer, X, plan, spot))
    outer, added = activation_name(network.layers, stop.layer + 1), float(layer.params["b"][spot.map])
    products, factors, boxes = _of_window(layer, X, plan, spot)
    largest = (spot.map, _largest_map(products, len(X))) if len(products) else None
    return Origin(name, value, products, factors, outer, 1.0, added, boxes, largest)


def _of_window(layer, X, plan, spot):
    """The window of output (i, j) in every input map, and the kernel entries on it."""
    _, _, o, i, j = spot
    H, g, below = effective_kernel(layer.params["K"], layer.operation), layer.geometry, _below(plan, spot.stop)
    cells = [(_input(i, u, g, 0), _input(j, v, g, 1), u, v) for u, v in np.ndindex(*g.kernel)]
    cells = [each for each in cells if _inside(each[0], X.shape[1]) and _inside(each[1], X.shape[2])]
    reads = [(c, *each) for c in range(len(X)) for each in cells]
    products = np.array([X[c, p, q] * H[o, c, u, v] for c, p, q, u, v in reads])
    entry, source, kernel = _entry(layer), _symbol(plan[below].symbol), plan[spot.stop - 1].symbol

    def factors(k):
        c, p, q, u, v = reads[k]
        return f"{source(c)}{_at((p, q))}·{_slice(kernel, o, c)}{_at(entry(u, v))}"

    slices = range(o * len(X), (o + 1) * len(X))
    boxes = {
        (below, "forward"): _boxes(range(len(X)), [(p, q) for p, q, _, _ in cells]),
        (spot.stop - 1, "forward"): _boxes(slices, [entry(u, v) for _, _, u, v in cells]),
    }
    return products, factors, boxes


def _of_block(layer, X, plan, spot):
    """The mean of a block, or its largest cell: the rest of an Origin behind its value."""
    _, _, c, i, j = spot
    (s_h, s_w), below = layer.scale, _below(plan, spot.stop)
    cells = [(c, s_h * i + a, s_w * j + b) for a, b in np.ndindex(s_h, s_w)]
    if largest := isinstance(layer, MaxPool2D):
        cells = [max(cells, key=lambda cell: X[cell])]  # the first of equals, as the layer has it
    outer, share = ("the largest of its block: ", 1.0) if largest else (f"1/{s_h * s_w}·", 1 / (s_h * s_w))
    source, boxes = _symbol(plan[below].symbol), {(below, "forward"): _boxes([c], [cell[1:] for cell in cells])}
    products = np.array([X[cell] for cell in cells])
    return products, lambda k: f"{source(c)}{_at(cells[k][1:])}", outer, share, 0.0, boxes


def backward_origin(network: Network, trace: Trace, plan: list[Stop], spot: Spot) -> Origin | None:
    """δ = f′·Σ δ·K, one product for each window that the number was in, and for each map of the next layer."""
    stop, (_, _, c, p, q) = plan[spot.stop], spot
    if stop.kind not in ("maps", "units") or stop.gradient == len(trace.deltas):
        return None
    place = (0, c) if stop.kind == "units" else (0, c, p, q)
    value, above = trace.deltas[stop.gradient][place], _above(plan, spot.stop)
    slope, outer, ahead = 1.0, "", stop.activation
    if stop.gradient != stop.activation:  # δ is taken before the activation function
        f = network.layers[stop.activation - 1]
        slope = float(f.slope(trace.activations[stop.activation][place]))
        outer = f"{activation_name(network.layers, stop.activation - 1)}′·"
    while isinstance(network.layers[ahead], Flatten):
        ahead += 1
    layer, D = network.layers[ahead], trace.deltas[ahead + 1][0]
    name = _named(stop.delta, c, p, q) if stop.kind == "maps" else f"{stop.delta}[{c}]"
    read = {Conv2D: _from_windows, Dense: _from_units}.get(type(layer), _from_block)
    products, factors, boxes = read(layer, D, trace, plan, spot, above, ahead)
    convolved = isinstance(layer, Conv2D) and len(products)
    largest = (_largest_map(products, len(D)), spot.map) if convolved else None
    return Origin(name, value, products, factors, outer, slope, 0.0, boxes, largest)


def _from_windows(layer, D, trace, plan, spot, above, ahead):
    """The windows that input cell (p, q) was in: output i with s·i + d·u − padding = p."""
    _, _, c, p, q = spot
    H, g = effective_kernel(layer.params["K"], layer.operation), layer.geometry
    outputs = [(u, v, _output(p, u, g, 0), _output(q, v, g, 1)) for u, v in np.ndindex(*g.kernel)]
    outputs = [(u, v, i, j) for u, v, i, j in outputs if _inside(i, D.shape[1]) and _inside(j, D.shape[2])]
    reads = [(o, *each) for o in range(len(D)) for each in outputs]
    products = np.array([D[o, i, j] * H[o, c, u, v] for o, u, v, i, j in reads])
    entry, delta, kernel = _entry(layer), _symbol(plan[above].delta), plan[above - 1].symbol
    into, (k_h, k_w) = H.shape[1], g.kernel

    def factors(k):
        o, u, v, i, j = reads[k]
        return f"{delta(o)}{_at((i, j))}·{_slice(kernel, o, c)}{_at(entry(u, v))}"

    slices, entries = range(c, len(D) * into, into), [entry(u, v) for u, v, _, _ in outputs]
    boxes = {
        (above, "backward"): _boxes(range(len(D)), [(i, j) for _, _, i, j in outputs]),
        (above - 1, "forward"): _boxes(slices, entries),
        (above - 1, "backward"): _boxes(slices, [(k_h - 1 - u, k_w - 1 - v) for u, v in entries]),
    }
    return products, factors, boxes


def _from_block(layer, D, trace, plan, spot, above, ahead):
    """The one cell of the pooled map: its share of 1/s², or all of it where this cell was the largest."""
    _, _, c, p, q = spot
    (s_h, s_w), delta = layer.scale, _symbol(plan[above].delta)
    i, j = p // s_h, q // s_w
    if not (_inside(i, D.shape[1]) and _inside(j, D.shape[2])):  # a dropped tail
        return np.zeros(0), str, {}
    share, factor = 1 / (s_h * s_w), f"/{s_h * s_w}"
    if isinstance(layer, MaxPool2D):
        block = trace.activations[ahead][0, c, s_h * i : s_h * (i + 1), s_w * j : s_w * (j + 1)]
        share = float(block.argmax() == (p - s_h * i) * s_w + q - s_w * j)
        factor = "" if share else "·0 (not the largest of its block)"
    boxes = {(above, "backward"): [Box(c, i, j, 1, 1)]}
    return np.array([D[c, i, j] * share]), lambda k: f"{delta(c)}{_at((i, j))}{factor}", boxes


def _from_units(layer, D, trace, plan, spot, above, ahead):
    """Every unit of a dense layer, through its weight."""
    stop, W, feature = plan[spot.stop], layer.params["W"], spot.map
    if stop.kind == "maps":
        feature = np.ravel_multi_index(spot[2:], trace.activations[stop.activation].shape[1:])
    name = "δ" if plan[above].kind == "scores" else plan[above].delta
    return D * W[:, feature], lambda k: f"{name}[{k}]·W[{k},{feature}]", {}  # all of them: nothing to point at


# ------------------------------------------------------------------------------------------ indices


def _input(i, u, g, axis):
    """The input row that tap u of output row i reads: p = s·i + d·u − padding."""
    return g.stride[axis] * i + g.dilation[axis] * u - g.padding[axis]


def _output(p, u, g, axis):
    """The output row whose tap u reads input row p: i = (p + padding − d·u) / s, or None."""
    i, rest = divmod(p + g.padding[axis] - g.dilation[axis] * u, g.stride[axis])
    return None if rest else i


def _inside(i, count):
    return i is not None and 0 <= i < count


def _entry(layer):
    """Which entry of K lies on tap (u, v) of a window: the same under ⋆, the opposite one under ∗."""
    k_h, k_w = layer.geometry.kernel
    return lambda u, v: (u, v) if layer.operation == "correlation" else (k_h - 1 - u, k_w - 1 - v)


def _below(plan, number):
    return max(k for k in range(number) if plan[k].kind != "kernels")


def _above(plan, number):
    return min(k for k in range(number + 1, len(plan)) if plan[k].kind != "kernels")


def _boxes(maps, cells):
    """The same box for each of the maps, around (row, column) of all cells; none where there are no cells."""
    if not cells:
        return []
    (top, left), (bottom, right) = (tuple(map(end, zip(*cells, strict=True))) for end in (min, max))
    return [Box(c, top, left, bottom - top + 1, right - left + 1) for c in maps]


def _largest_map(products, count):
    """The map of the largest product: the products come map after map, equally many of each."""
    return int(np.abs(products).argmax()) * count // len(products)


def _symbol(text):
    """A map of a stop by its number: δ³ and 4 give δ³(5)."""
    return lambda c: f"{text}({c + 1})"


def _slice(kernel, o, c):
    return f"{kernel}({o + 1}←{c + 1})"


def _at(cell):
    return f"[{cell[0]},{cell[1]}]"


def _named(symbol, c, p, q):
    return f"{symbol}({c + 1})[{p},{q}]"

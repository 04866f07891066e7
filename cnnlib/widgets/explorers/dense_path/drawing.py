"""A small dense net as SVG: units with their numbers, and the paths from one parameter to the loss drawn thick.

Text follows the theme of the page; the chosen parameter is orange and its paths are thick, so that each is seen
without the other.  Every drawing has a description in words.
"""

import numpy as np

from cnnlib.plots.colours import LINES, THIN, style

from .paths import number, short

INPUT, HIDDEN, OUTPUT, LOSS = 10, 39, 70, 90  # where the columns of units stand, in percent of the width
WIDTH, HEIGHT, RADIUS = 670, 218, 25
MIDDLE = 118  # of the columns, below the middle of the drawing, because biases stand above their units
COLOURS = {INPUT: LINES["input"], HIDDEN: THIN, OUTPUT: LINES["output"], LOSS: THIN}
STYLE = style("""
.cnn-net-drawing { display: block; max-width: 100%; font: 14px var(--jp-ui-font-family, sans-serif);
  font-variant-numeric: tabular-nums; }
/* On a telephone the units come together, and the weights stand in the products below alone. */
.cnn-phone .cnn-net-drawing .cnn-weight { display: none; }
.cnn-net-drawing text { text-anchor: middle; dominant-baseline: central; fill: var(--cnn-text); }
.cnn-net-drawing circle, .cnn-net-drawing rect { fill: var(--cnn-page); stroke-width: 2; }
.cnn-net-drawing .cnn-thin { stroke: var(--cnn-thin); stroke-width: 1.2; }
.cnn-net-drawing .cnn-path { stroke: var(--cnn-text); stroke-width: 5; }
.cnn-net-drawing .cnn-chosen { stroke: var(--cnn-kernel-line); stroke-width: 6; }
.cnn-net-drawing rect.cnn-weight { stroke: none; }
.cnn-net-drawing text.cnn-weight { font-weight: 600; }
.cnn-net-drawing text.cnn-delta { fill: var(--cnn-delta); font-weight: 600; }
""")


def picture(net, parameter=None, outputs=(0, 1), *, deltas=True):
    """The net as SVG; with a parameter, its paths through these outputs are thick.  deltas: with each δ."""
    places = _places(net)
    thick = _thick(net, parameter, outputs)
    chosen = parameter and (parameter.name, *parameter.index)
    lines, labels = [], []
    for key, (x1, y1), (x2, y2), weight in _edges(net, places):
        kind = "cnn-chosen" if key == chosen else "cnn-path" if key in thick else "cnn-thin"
        lines.append(f'<line class="{kind}" x1="{x1}%" y1="{y1}" x2="{x2}%" y2="{y2}"/>')
        if kind != "cnn-thin" and weight is not None:
            x, y = x1 + 0.42 * (x2 - x1), y1 + 0.42 * (y2 - y1)
            labels.append(_weight(x, y, short(weight)))
    units = [_unit(place, *text) for place, text in zip(_all(places), _texts(net), strict=True)]
    below = [_delta(places[layer][n], value) for layer, values in enumerate(net.deltas(), 1)
             for n, value in enumerate(values)] if deltas else []  # fmt: skip
    biases = [_bias(places[layer][n], f"b{'¹²'[layer - 1]}[{n}]", value, (f"b{layer}", n) == chosen)
              for layer, values in enumerate((net.b1, net.b2), 1) for n, value in enumerate(values)]  # fmt: skip
    return (
        f'{STYLE}<svg class="cnn-net-drawing" role="img" aria-label="{described(net, parameter, outputs)}" '
        # A page that shrinks the width, as JupyterLab does, must not take the height with it: only x is in percent.
        f'width="{WIDTH}" height="{HEIGHT}" style="height:{HEIGHT}px">'
        f"{''.join(lines + units + biases + below + labels)}</svg>"
    )


def described(net, parameter, outputs):
    """The drawing in words."""
    sizes = f"{len(net.x)} inputs, {len(net.b1)} hidden units, {len(net.b2)} outputs and the loss L"
    if parameter is None:
        return f"A net of {sizes}, every unit joined to every unit of the next layer."
    reached = [j for j in outputs if parameter.name in ("b1", "W1") or j == parameter.index[0]]
    through = " and ".join(f"output {j}" for j in reached)
    return f"A net of {sizes}. " + (
        f"The path from {parameter} to L through {through} is drawn thick."
        if reached
        else f"{parameter} does not reach the chosen output: no path is drawn."
    )


def _thick(net, parameter, outputs):
    """The edges of the paths from the parameter, through these outputs, to the loss."""
    if parameter is None:
        return set()
    unit = parameter.index[0]
    if parameter.name in ("b2", "W2"):
        return {("L", unit)} if unit in outputs else set()
    return {key for j in outputs for key in (("W2", j, unit), ("L", j))}


def _places(net):
    """Where the units of each column stand: [[(x, y), …] for input, hidden, output]."""
    columns = ((INPUT, len(net.x)), (HIDDEN, len(net.b1)), (OUTPUT, len(net.b2)))
    return [[(x, MIDDLE + (n - (size - 1) / 2) * min(104, 208 / size)) for n in range(size)]
            for x, size in columns]  # fmt: skip


def _all(places):
    return [*places[0], *places[1], *places[2], (LOSS, MIDDLE)]


def _edges(net, places):
    """(key, from, to, weight) of every edge; those to the loss carry no weight."""
    for layer, W in enumerate((net.W1, net.W2), 1):
        for to, source in np.ndindex(W.shape):
            yield (f"W{layer}", to, source), places[layer - 1][source], places[layer][to], W[to, source]
    for j, place in enumerate(places[2]):
        yield ("L", j), place, (LOSS, MIDDLE), None


def _texts(net):
    """Name and number of every unit, in the order of the places."""
    layers = zip(("x", "a¹", "a²"), (net.x, *net.forward()), strict=True)
    units = [(f"{name}[{n}]", number(value, 2)) for name, values in layers for n, value in enumerate(values)]
    return [*units, ("L", number(net.loss(), 2))]


def _unit(place, name, value):
    x, y = place
    return (
        f'<circle cx="{x}%" cy="{y}" r="{RADIUS}" stroke="{COLOURS[x]}"/>'
        f'<text x="{x}%" y="{y - 8}">{name}</text><text x="{x}%" y="{y + 9}">{value}</text>'
    )


def _weight(x, y, text):
    """A weight stands on its edge, on a patch of the page's colour."""
    return f'{_box("cnn-weight", x, y, 42)}<text class="cnn-weight" x="{x:.1f}%" y="{y + 1:.0f}">{text}</text>'


def _bias(place, name, value, chosen):
    """A bias is a box above its unit."""
    x, y = place[0], place[1] - RADIUS - 18
    kind = "cnn-chosen" if chosen else "cnn-thin"
    return (
        f'<line class="{kind}" x1="{x}%" y1="{y + 11}" x2="{x}%" y2="{y + 18}"/>'
        f'{_box(kind, x, y, 80)}<text x="{x}%" y="{y + 1}">{name} {short(value)}</text>'
    )


def _box(kind, x, y, width):
    """A box of 22 px around the place (x in percent, y in pixels)."""
    shape = f'x="{x:.1f}%" y="{y - 11:.0f}" width="{width}" height="22" rx="5"'
    return f'<rect class="{kind}" {shape} transform="translate({-width // 2} 0)"/>'


def _delta(place, value):
    return f'<text class="cnn-delta" x="{place[0]}%" y="{place[1] + RADIUS + 11}">δ {number(value)}</text>'

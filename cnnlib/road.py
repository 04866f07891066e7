"""The picture of a whole pass: a road with two lanes, drawn as HTML from a network and a trace.

On the upper lane the digit runs forward, left to right, through the kernels K.  On the lower lane the
deltas run back, right to left, through the kernels *turned by 180°*.  Each delta map stands under the map
it belongs to, in the same size.  :func:`stops` reads the plan of the road off the layers;
:class:`Road` draws it again and again, with colour limits that follow slowly instead of jumping.
"""

import html
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .layers import Conv2D, Dense, Flatten, MeanPool2D, ReLU, Sigmoid
from .layers.activation import Activation
from .layers.pool import Pool2D
from .losses import SoftmaxCrossEntropy, softmax
from .network import Network, Trace
from .ops import rot180
from .tiles import SUPERSCRIPT, limit_text, picture

HEIGHT, WIDTH, GAP = 148, 176, 2  # pixels: a lane, the widest sheet of maps, between two maps
STYLE = f"<style>{resources.files(__package__).joinpath('road.css').read_text(encoding='utf-8')}</style>"


class Stop(NamedTuple):
    """One column of the road: kernels, or maps with their deltas below."""

    kind: str  # "input", "kernels", "maps", "units" or "scores"
    symbol: str  # the upper lane's name, such as A¹
    delta: str  # the lower lane's name, such as δ¹
    layer: int  # where the kernels are
    activation: int  # place in trace.activations
    gradient: int  # place in trace.deltas
    forth: str = ""  # what is done on the way here, written on the arrow
    back: str = ""  # what is done on the way back from here


def stops(network: Network) -> list[Stop]:
    """The plan of the road: the stops in the order of the forward pass."""
    plan, number, kernels = [Stop("input", "digit", "", 0, 0, 0)], 0, 0
    layers = network.layers
    for i, layer in enumerate(layers):
        followed = i + 1 < len(layers) and isinstance(layers[i + 1], Activation)
        after = i + 2 if followed else i + 1  # a layer and its activation function make one stop
        number += not isinstance(layer, (Activation, Flatten))
        symbol, delta = f"A{number}".translate(SUPERSCRIPT), f"δ{number}".translate(SUPERSCRIPT)
        if isinstance(layer, Conv2D):
            kernels += 1
            name = f"K{kernels}".translate(SUPERSCRIPT)
            plan.append(Stop("kernels", name, name, i, i, i))
            plan.append(Stop("maps", symbol, delta, i, after, i + 1, _activation(layers, i + 1)))
        elif isinstance(layer, Pool2D):
            mean = isinstance(layer, MeanPool2D)
            share = f"÷ {layer.scale[0] * layer.scale[1]}" if mean else "switch"
            slope = f"\n∘ {_activation(layers, i - 1)}′" if i and isinstance(layers[i - 1], Activation) else ""
            plan.append(Stop("maps", symbol, delta, i, i + 1, i + 1, "mean" if mean else "max", share + slope))
        elif isinstance(layer, Dense):
            last = after == len(layers)
            kind, final = ("scores", len(layers)) if last else ("units", after)
            lower = final if last else i + 1
            plan.append(Stop(kind, "scores" if last else symbol, delta, i, final, lower, "W", "Wᵀ"))
    return plan


def _activation(layers, i):
    """The name of the activation function at place i, or nothing."""
    if i >= len(layers) or not isinstance(layers[i], Activation):
        return ""
    return "σ" if isinstance(layers[i], Sigmoid) else type(layers[i]).__name__.lower()


class Road:
    """Draws traces of a network.  Each picture's colour limit grows at once and shrinks slowly."""

    def __init__(self, network):
        self.network = network
        self.plan = stops(network)
        self.limits = {}
        squashed = any(isinstance(layer, Sigmoid) for layer in network.layers)
        rectified = any(isinstance(layer, ReLU) for layer in network.layers)
        self.colours = "unit" if squashed or rectified else "signed"  # tanh gives both signs
        self.fixed_limit = 1.0 if squashed else None

    def html(self, network: Network, trace: Trace, label: int, chosen: tuple[int, int] = (0, 0)) -> str:
        """The road for a trace of one image with that label; ``chosen`` = (j, i), the kernel slice shown large.

        The network has the layers that the road was planned for; its kernels are the ones shown.
        """
        self.network, columns = network, []
        for stop in self.plan:
            if stop.kind != "input":
                columns.append(_column("", _arrow("→", stop.forth), "", _arrow("←", stop.back)))
            columns.append(getattr(self, f"_{stop.kind}")(stop, trace, label, chosen))
        return f'{STYLE}<div class="cnn-road">{"".join(columns)}</div>'

    def limit(self, key: str, A: ArrayLike) -> float:
        """A limit for a symmetric colour scale, the same for all maps of one picture."""
        largest = float(np.abs(A).max(initial=0.0))
        self.limits[key] = max(largest, 0.98 * self.limits.get(key, 0.0)) or 1.0
        return self.limits[key]

    # ------------------------------------------------------------------------------------- columns

    def _input(self, stop, trace, label, chosen):
        image = trace.activations[0][0]
        shown = picture(image, colours="ink", columns=1, scale=3, alt=f"the digit, a handwritten {label}")
        name = f'<b class="input">digit</b> {_size(image)}'
        return _column(name, shown, "", '<div class="none">δ of the image: nobody asks for it</div>')

    def _kernels(self, stop, trace, label, chosen):
        K = self.network.layers[stop.layer].params["K"]
        limit = self.limit(stop.symbol, K)
        upper = self._kernel_sheet(K, limit, chosen, f"the kernels {stop.symbol}", "as it is")
        name = f'<b class="kernel">{stop.symbol}</b> {_size(K)}<br>{limit_text(limit)}'
        if stop.activation == 0:  # the first kernels: nothing below asks for a delta
            return _column(name, upper, "", '<div class="none">never turned</div>')
        lower = self._kernel_sheet(rot180(K), limit, chosen, f"{stop.symbol}, every slice turned by 180°", "turned")
        return _column(name, upper, f'<b class="kernel">{stop.symbol}</b> turned 180°', lower)

    def _kernel_sheet(self, K, limit, chosen, what, way):
        out, into, h, _w = K.shape
        slices, columns = K.reshape(-1, *K.shape[2:]), into if into > 1 else 2
        scale = min(7, _scale(len(slices), h, columns))
        sheet = picture(slices, colours="signed", limit=limit, columns=columns, scale=scale, gap=GAP, alt=what)
        if len(slices) <= 12:
            return sheet
        j, i = chosen[0] % out, chosen[1] % into
        alt = f"the slice from map {i + 1} to map {j + 1}, large, {way}; the corner mark is on K[0,0]"
        large = picture(K[j, i][None], colours="signed", limit=limit, columns=1, scale=70 // h, alt=alt)
        mark = way.replace(" ", "-")
        return f'{sheet}<div class="slice"><div class="chosen {mark}">{large}</div>{j + 1} ← {i + 1}</div>'

    def _maps(self, stop, trace, label, chosen):
        A, D = trace.activations[stop.activation][0], trace.deltas[stop.gradient][0]
        top = self.fixed_limit or self.limit(stop.symbol, A)
        limit = self.limit(stop.delta, D)
        columns, scale = _arrangement(*A.shape)
        size, alt = dict(columns=columns, scale=scale), f"the delta maps {stop.delta}, within {limit_text(limit)}"
        upper = picture(A, colours=self.colours, limit=top, alt=f"the maps {stop.symbol}", **size)
        lower = picture(D, colours="signed", limit=limit, alt=alt, **size)
        name = f'<b class="map">{stop.symbol}</b> {_size(A)}'
        return _column(name, upper, f'<b class="delta">{stop.delta}</b> {_size(D)}<br>{limit_text(limit)}', lower)

    def _units(self, stop, trace, label, chosen):
        a, d = trace.activations[stop.activation], trace.deltas[stop.gradient]
        top, limit = self.fixed_limit or self.limit(stop.symbol, a), self.limit(stop.delta, d)
        scale = max(1, HEIGHT // a.shape[1])
        size = dict(columns=1, scale=scale, gap=0)
        upper = picture(_strip(a, scale), colours=self.colours, limit=top, alt=f"the units {stop.symbol}", **size)
        lower = picture(_strip(d, scale), colours="signed", limit=limit, alt=f"their deltas {stop.delta}", **size)
        name = f'<b class="map">{stop.symbol}</b> {a.shape[1]}'
        return _column(name, upper, f'<b class="delta">{stop.delta}</b><br>{limit_text(limit)}', lower)

    def _scores(self, stop, trace, label, chosen):
        outputs, delta = trace.activations[-1], trace.deltas[-1][0]
        is_softmax = isinstance(self.network.loss, SoftmaxCrossEntropy)
        scores = softmax(outputs)[0] if is_softmax else outputs[0]
        name = '<b class="map">p</b>' if is_softmax else '<b class="map">o</b>'
        upper, lower = _bars(scores, label, centred=False), _bars(delta, label, centred=True)
        return _column(f"scores {name}", upper, f'<b class="delta">{"p" if is_softmax else "o"} − y</b>', lower)


def _column(name, upper, back, lower):
    return (
        f'<div class="name">{name}</div><div class="lane">{upper}</div>'
        f'<div class="back name">{back}</div><div class="lane">{lower}</div>'
    )


def _arrow(glyph, text):
    return f'<div class="arrow">{html.escape(text).replace(chr(10), "<br>")}<i>{glyph}</i></div>'


def _scale(count, h, columns):
    """How many pixels a cell may have if ``count`` maps of h rows are to fit the height of a lane."""
    rows = -(-count // columns)
    return max(1, (HEIGHT - GAP * (rows - 1)) // (rows * h))


def _arrangement(count, h, w):
    """(columns, scale) that show ``count`` maps as large as the lane allows."""
    choices = [(_scale(count, h, columns), -columns) for columns in range(1, min(count, 8) + 1)]
    fitting = [(scale, c) for scale, c in choices if -c * (w * scale + GAP) <= WIDTH] or choices[:1]
    scale, c = max(fitting)
    return -c, scale


def _strip(a, scale):
    """A row of units (1, n) as one upright map, eight pixels wide."""
    return a.T.repeat(8 // scale, axis=1)[None]


def _size(A):
    """12×8² for an array (12, 8, 8); 12·6×5² for kernels."""
    *channels, h, w = A.shape
    area = f"{h}²" if h == w else f"{h}×{w}"
    channels = [str(c) for c in channels if c > 1]
    return f"{'·'.join(channels)}×{area}" if channels else area


def _bars(values, label, *, centred):
    """Ten bars, one a class, as SVG; the right class in bold.  Centred: from −1 to 1, else from 0 to 1."""
    rows, width, zero = [], 74, (37 if centred else 0)
    for c, value in enumerate(values):
        length = float(np.clip(value, -1 if centred else 0, 1)) * (width - zero)
        x, y = 18 + zero + min(length, 0), 15 * c + 2
        weight = "bold" if c == label else "normal"
        fill = "#a8447c" if centred else "#009e73"
        rows.append(
            f'<text x="6" y="{y + 10}" text-anchor="middle" font-weight="{weight}" fill="currentColor">{c}</text>'
            f'<rect x="{x:.1f}" y="{y}" width="{abs(length):.1f}" height="11" fill="{fill}"/>'
        )
    axis = f'<path d="M{18 + zero} 0V150" stroke="currentColor" stroke-width="1"/>'
    text = ", ".join(f"{c}: {value:.2f}" for c, value in enumerate(values))
    drawing = "".join(rows) + axis
    return f'<svg role="img" aria-label="{text}" width="94" height="150" font-size="13">{drawing}</svg>'

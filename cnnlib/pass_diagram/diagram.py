"""The picture of a whole pass: two lanes, drawn as HTML from a network and a trace.

On the upper lane the digit runs forward, left to right, through the kernels K.  On the lower lane the
deltas run back, right to left, through the kernels *turned by 180°*: both as the layer's operation is given them.
A convolution ∗ turns what it is given, so there one slice is also shown as it lies on the map.  Each delta map
stands under its map, in the same size.  :class:`PassDiagram` draws it again and again, with colour limits that
change slowly instead of jumping; one number can be chosen, and the numbers that it was computed from are outlined.
"""

import html
from functools import partial
from importlib import resources

import numpy as np
from numpy.typing import ArrayLike

from ..layers import ReLU, Sigmoid
from ..losses import SoftmaxCrossEntropy, softmax
from ..network import Network, Trace
from ..ops import rot180
from ..plots.colours import style
from ..plots.image_grid import limit_text
from .columns import stops
from .map_images import GAP, Arrangement, bars, map_image, unit_row
from .provenance import Box, Origin, Spot

HEIGHT, WIDTH, NARROW = 148, 150, 112  # pixels: a lane, the widest image of maps, that of a net with many stops
THUMBS = 12  # slices in a row, where all are shown small beside a large one
SHRINK = 0.9  # factor of a colour limit from one update to the next
STYLE = style(resources.files(__package__).joinpath("diagram.css").read_text(encoding="utf-8"))


class PassDiagram:
    """Draws traces of a network.

    Each picture's colour limit grows at once and shrinks slowly from one moment to the next; another image begins
    with limits of its own.
    """

    def __init__(self, network):
        self.network = network
        self.plan = stops(network)
        self.is_long = any(stop.kind == "units" for stop in self.plan)
        self.limits, self._moment, self._image = {}, None, None
        squashed = any(isinstance(layer, Sigmoid) for layer in network.layers)
        rectified = any(isinstance(layer, ReLU) for layer in network.layers)
        self.colours = "unit" if squashed or rectified else "signed"  # tanh gives both signs
        self.fixed_limit = 1.0 if squashed else None

    def html(
        self,
        network: Network,
        trace: Trace,
        label: int | str,
        chosen: tuple[int, int] = (0, 0),
        *,
        spot: Spot | None = None,
        origin: Origin | None = None,
        moment: int = 0,
    ) -> str:
        """The diagram for a trace of one image with that label; ``chosen`` = (j, i), the kernel slice shown large.

        ``spot`` is the number that is chosen, ``origin`` what it was made of.  The network has the layers that the
        diagram was planned for; its kernels are the ones shown.  ``moment`` is the update that is shown.
        """
        self.network, columns = network, []
        self._follow(moment, trace.activations[0])
        self._spot, self._boxes = spot, origin.boxes if origin else {}
        for number, stop in enumerate(self.plan):
            if stop.kind != "input":
                columns.append(_column("", _arrow("→", stop.forth), "", _arrow("←", stop.back)))
            columns.append(getattr(self, f"_{stop.kind}")(number, stop, trace, label, chosen))
        return f'{STYLE}<div class="cnn-road">{"".join(columns)}</div>'

    def _follow(self, moment, image):
        """Let the limits shrink with time, and forget them when another image is shown."""
        if self._image is None or not np.array_equal(image, self._image):
            self.limits = {key: limit for key, limit in self.limits.items() if key.startswith("K")}
        if moment != self._moment:
            self.limits = {key: SHRINK * limit for key, limit in self.limits.items()}
        self._moment, self._image = moment, image

    def limit(self, key: str, A: ArrayLike) -> float:
        """A limit for a symmetric colour scale, the same for all maps of one picture."""
        largest = float(np.abs(A).max(initial=0.0, where=np.isfinite(A)))
        self.limits[key] = max(largest, self.limits.get(key, 0.0)) or 1.0
        return self.limits[key]

    def _marks(self, number, lane):
        """What is outlined in an image of maps: settings of :func:`cnnlib.pass_diagram.map_images.map_image`."""
        spot, here = self._spot, (number, lane)
        own = Box(*spot[2:], 1, 1) if spot and spot[:2] == here else None
        return dict(boxes=self._boxes.get(here, []), chosen=own)

    # ------------------------------------------------------------------------------------- columns

    def _input(self, number, stop, trace, label, chosen):
        image, marks = trace.activations[0][0], self._marks(number, "forward")
        words = f"the digit, a handwritten {label}"
        shown = map_image(image, Arrangement(1, 2), colours="ink", alt=words, **marks)
        name = f'<b class="cnn-input">digit</b> {_size(image)}'
        return _column(name, shown, "", '<div class="cnn-none">δ of the image: nobody asks for it</div>')

    def _kernels(self, number, stop, trace, label, chosen):
        layer = self.network.layers[stop.layer]
        K = layer.params["K"]
        limit = self.limit(stop.symbol, K)
        draw = partial(self._kernel_image, chosen, limit, layer.operation == "convolution")
        under, marks = self.plan[number - 1].symbol, self._marks(number, "forward")
        upper = draw(K, f"the kernels {stop.symbol}", under, False, marks)
        name = f'<b class="cnn-kernel">{stop.symbol}</b> {_size(K)}<br>{limit_text(limit)}'
        if stop.activation == 0:  # the first kernels: nothing below asks for a delta
            return _column(name, upper, "", f'<div class="cnn-none">nothing goes back through {stop.symbol}</div>')
        under, marks = self.plan[number + 1].delta, self._marks(number, "backward")
        lower = draw(rot180(K), f"{stop.symbol}, every slice turned by 180°", under, True, marks)
        return _column(name, upper, f'rot180(<b class="cnn-kernel">{stop.symbol}</b>)', lower)

    def _kernel_image(self, chosen, limit, turns, K, what, under, turned, marks):
        """All slices, as they are given; of many, one large, under ∗ also as it lies on the map ``under`` it."""
        out, into, h, w = K.shape
        slices, colours = K.reshape(-1, h, w), dict(colours="signed", limit=limit)
        if len(slices) <= 12:
            columns = into if into > 1 else 2
            how = Arrangement(columns, min(7, _scale(len(slices), h, columns)))
            return map_image(slices, how, alt=what, **colours, **marks)
        j, i = chosen[0] % out, chosen[1] % into
        name, words = f"{j + 1} ← {i + 1}", f"the slice from map {i + 1} to map {j + 1}, large"
        boxes = [box._replace(map=0) for box in marks["boxes"] if box.map == j * into + i]
        marks = marks | {"large": Box(j * into + i, 0, 0, h, w)}
        small = map_image(slices, Arrangement(THUMBS, 1), alt=what, **colours, **marks)
        if not turns:
            shown = _slice(K[j, i], boxes, 75, turned, words, colours)
            return f'<div class="cnn-slices">{shown}{name}{small}</div>'
        given = _slice(K[j, i], boxes, 60, turned, f"{words}, given to ∗", colours)
        lies = _slice(rot180(K[j, i]), _turned(boxes, K), 60, not turned, f"{words}, lies on {under}", colours)
        pair = f"<div>{given}given<br>to ∗</div><div>{lies}lies<br>on {under}</div>"
        return f'<div class="cnn-slices cnn-both"><div>{pair}</div><div>{small}{name}</div></div>'

    def _maps(self, number, stop, trace, label, chosen):
        A, D = trace.activations[stop.activation][0], trace.deltas[stop.gradient][0]
        top = self.fixed_limit or self.limit(stop.symbol, A)
        width = NARROW if self.is_long and stop.gradient > 1 else WIDTH  # the first maps have the finest cells
        limit, how = self.limit(stop.delta, D), Arrangement(*_arrangement(*A.shape, width))
        places = [dict(place=(number, lane), **self._marks(number, lane)) for lane in ("forward", "backward")]
        upper = map_image(A, how, colours=self.colours, limit=top, alt=f"the maps {stop.symbol}", **places[0])
        alt = f"the delta maps {stop.delta}, within {limit_text(limit)}"
        lower = map_image(D, how, colours="signed", limit=limit, alt=alt, **places[1])
        name = f'<b class="cnn-output">{stop.symbol}</b> {_size(A)}'
        below = f'<b class="cnn-delta">{stop.delta}</b> {_size(D)}<br>{limit_text(limit)}'
        return _column(name, upper, below, lower)

    def _units(self, number, stop, trace, label, chosen):
        a, d = trace.activations[stop.activation], trace.deltas[stop.gradient]
        top, limit = self.fixed_limit or self.limit(stop.symbol, a), self.limit(stop.delta, d)
        scale = max(1, HEIGHT // a.shape[1])
        how, words = Arrangement(1, scale, 0), f"their deltas {stop.delta}, within {limit_text(limit)}"
        upper = map_image(unit_row(a, scale), how, colours=self.colours, limit=top, alt=f"the units {stop.symbol}")
        lower = map_image(unit_row(d, scale), how, colours="signed", limit=limit, alt=words)
        name = f'<b class="cnn-output">{stop.symbol}</b><br>{a.shape[1]}'  # its limit would take more room than it
        return _column(name, upper, f'<b class="cnn-delta">{stop.delta}</b><br>{a.shape[1]}', lower)

    def _scores(self, number, stop, trace, label, chosen):
        outputs, delta = trace.activations[-1], trace.deltas[-1][0]
        is_softmax = isinstance(self.network.loss, SoftmaxCrossEntropy)
        scores = softmax(outputs)[0] if is_softmax else outputs[0]
        name = '<b class="cnn-output">p</b>' if is_softmax else '<b class="cnn-output">o</b>'
        upper, lower = bars(scores, label, centred=False), bars(delta, label, centred=True)
        return _column(f"scores {name}", upper, f'<b class="cnn-delta">{"p" if is_softmax else "o"} − y</b>', lower)


def _slice(k, boxes, side, turned, words, colours):
    """One slice about ``side`` pixels wide, with the mark on K[0,0]."""
    how, name = ("turned", "cnn-turned") if turned else ("as it is", "cnn-as-it-is")
    alt = f"{words}, {how}; the corner mark is on K[0,0]"
    image = map_image(k[None], Arrangement(1, side // len(k)), alt=alt, boxes=boxes, **colours)
    return f'<div class="cnn-chosen {name}">{image}</div>'


def _turned(boxes, K):
    """Boxes around entries of a slice of K, where they stand after half a turn."""
    h, w = K.shape[2:]
    return [box._replace(top=h - box.top - box.height, left=w - box.left - box.width) for box in boxes]


def _column(name, upper, back, lower):
    return (
        f'<div class="cnn-name">{name}</div><div class="cnn-lane">{upper}</div>'
        f'<div class="cnn-back cnn-name">{back}</div><div class="cnn-lane">{lower}</div>'
    )


def _arrow(glyph, text):
    return f'<div class="cnn-arrow">{html.escape(text).replace(chr(10), "<br>")}<i>{glyph}</i></div>'


def _scale(count, h, columns):
    """How many pixels a cell may have if ``count`` maps of h rows are to fit a lane; 0 where they do not."""
    rows = -(-count // columns)
    return (HEIGHT - GAP * (rows - 1)) // (rows * h)


def _arrangement(count, h, w, width):
    """(columns, scale) that show ``count`` maps as large as the lane and ``width`` allow."""
    choices = [(_scale(count, h, columns), -columns) for columns in range(1, min(count, 8) + 1)]
    high = [(scale, c) for scale, c in choices if scale] or [(1, choices[-1][1])]
    scale, c = max([(scale, c) for scale, c in high if -c * (w * scale + GAP) <= width] or high[:1])
    return -c, scale


def _size(A):
    """12×8² for an array (12, 8, 8); 12·6×5² for kernels."""
    *channels, h, w = A.shape
    area = f"{h}²" if h == w else f"{h}×{w}"
    channels = [str(c) for c in channels if c > 1]
    return f"{'·'.join(channels)}×{area}" if channels else area

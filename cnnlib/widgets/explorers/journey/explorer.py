"""The explorer of notebook 10: one digit forward through the article's net, its deltas back, step by step.

Two lanes: above the arrays of the forward pass, below the gradient of each in the same shape.  A bar goes through
``program_steps.STEPS``.  Arrays that are not filled yet are pale; what a step reads has a dashed frame, what it
fills a solid one, and is shown large with its formula, the toolbox's lines and the lines of cnnlib.  The
convolutions can take either of their two paths: the plain one, whose backward pass slides the turned kernel, or the
banded matrix and its transpose.
"""

import copy
import html

import ipywidgets as widgets
import numpy as np

from cnnlib.article.program_arrays import ABOVE, BELOW, LAYERS, place_picture, places, slices
from cnnlib.article.program_steps import STEPS
from cnnlib.data import one_hot
from cnnlib.layers import Conv2D
from cnnlib.network import Network
from cnnlib.plots.colours import style
from cnnlib.plots.image_grid import picture, scale_limit
from cnnlib.plots.number_format import written

from ...parts.controls import dropdown, toggle
from ...parts.explorer import Explorer
from ...parts.transport import Transport
from .goals import TASK

THUMBNAIL, WIDE, LARGE, BESIDE = (84, 96), (84, 146), (172, 424), (172, 280)  # pixels, height and width
PATHS = (("the kernel, turned", "plain"), ("one band, transposed", "banded"))
MISREAD = 5  # digits that the net takes for another, offered after one of each class
STYLE = style("""
.cnn-journey { --jp-widgets-font-size: 15px; --jp-widgets-inline-height: 26px; }
.cnn-journey :is(.widget-html, .widget-html-content) { margin-block: 0; }
.cnn-journey .cnn-lanes, .cnn-journey .cnn-step { color: var(--cnn-text); font-variant-numeric: tabular-nums; }
.cnn-journey .cnn-lanes { display: flex; flex-wrap: wrap; gap: 6px 13px; font-size: 15px; line-height: 16px; }
.cnn-journey .cnn-lanes .cnn-pair { display: flex; flex-flow: column; align-items: center; text-align: center; }
.cnn-journey .cnn-lanes .cnn-sheet { height: 45px; display: flex; align-items: center; }
.cnn-journey .cnn-lanes img { height: 37px; width: auto; display: block; }
.cnn-journey .cnn-lanes span { padding: 1px; border: 3px solid transparent; border-radius: 3px; }
.cnn-journey .cnn-lanes .cnn-to-come { opacity: .13; }
.cnn-journey .cnn-lanes .cnn-read { border: 3px dashed currentColor; }
.cnn-journey .cnn-lanes .cnn-filled { border: 3px solid currentColor; }
.cnn-journey img { box-shadow: 0 0 0 1px var(--cnn-thin); max-width: none; }
.cnn-journey .cnn-lanes, .cnn-journey .cnn-step { padding-left: 2px; }
.cnn-journey .cnn-step { display: grid; grid-template-columns: minmax(0, 320px) 1fr; gap: 20px; height: 152px;
  font-size: 15px; line-height: 18px; }
.cnn-journey .cnn-step .cnn-large > :is(img, svg) { max-height: 124px; width: auto; height: auto; }
.cnn-journey .cnn-step .cnn-slice img { height: 34px; width: auto; display: block; }
.cnn-journey .cnn-step .cnn-large { display: flex; gap: 18px; padding-top: 3px; align-items: flex-start; }
.cnn-journey .cnn-step .cnn-slice { display: flex; align-items: center; gap: 10px; height: 40px; font-size: 14px; }
.cnn-journey .cnn-step .cnn-marked { position: relative; outline: 2px solid currentColor; }
.cnn-journey .cnn-step .cnn-marked::after { content: ""; position: absolute; border: 5px solid transparent; }
.cnn-journey .cnn-step .cnn-as-is::after { left: 0; top: 0;
  border-color: var(--cnn-mark) transparent transparent var(--cnn-mark); }
.cnn-journey .cnn-step .cnn-turned::after { right: 0; bottom: 0;
  border-color: transparent var(--cnn-mark) var(--cnn-mark) transparent; }
.cnn-journey .cnn-step .cnn-step-formula { font-size: 17px; line-height: 22px; display: flex; gap: 4px 24px;
  flex-wrap: wrap; justify-content: space-between; }
.cnn-journey .cnn-step .cnn-step-formula span { font-size: 15px; color: var(--cnn-quiet); }
.cnn-journey .cnn-step code { font-size: 14px; background: none; padding: 0; color: inherit;
  white-space: pre-wrap; }
.cnn-journey .cnn-step sub { line-height: 0; }
.cnn-journey:is(.cnn-narrow, .cnn-phone) .cnn-step { grid-template-columns: 1fr; gap: 4px; height: auto; }
.cnn-journey:is(.cnn-narrow, .cnn-phone) .cnn-step .cnn-large { flex-wrap: wrap; }
.cnn-journey:is(.cnn-narrow, .cnn-phone) .cnn-step { overflow-wrap: anywhere; }
.cnn-journey:is(.cnn-narrow, .cnn-phone) .cnn-step .cnn-large > svg { max-width: 100%; }
""")


class Journey(Explorer):
    """``Journey(net, images, labels)``: a net built as ``toolbox_net``, images (N, 1, h, w), their labels (N,).

    The first image of each class can be chosen, and some that the net misreads.  ValueError for another net.
    """

    task = TASK

    def __init__(self, net, images, labels):
        if tuple(map(type, net.layers)) != LAYERS:
            raise ValueError(f"Journey: {net} is not built as toolbox_net, conv-pool-conv-pool and one dense layer")
        self.nets = {path: _on_path(net, path) for _, path in PATHS}
        self.images, self.labels = np.asarray(images), np.asarray(labels)
        self.path = toggle("back:", PATHS, "198px", tooltips=["the plain way", "the fast way"])
        self.digit = dropdown("digit", self._offers(), "218px")
        self.bar = Transport(len(STEPS), words=_words)
        self.lanes = widgets.HTML(layout=widgets.Layout(min_height="138px"))
        self.step = widgets.HTML(layout=widgets.Layout(min_height="152px"))
        self._shown = None
        choices = widgets.VBox([self.digit, self.path], layout=widgets.Layout(width="220px"))
        beside = widgets.Layout(flex_flow="row wrap", align_items="flex-start", justify_content="space-between")
        above = widgets.HBox([self.lanes, choices], layout=beside)
        rows = [widgets.HTML(STYLE), above, self.step, self.bar]
        super().__init__(rows, {"digit": self.digit, "path": self.path, "step": self.bar})
        self.add_class("cnn-journey")
        self.draw()

    @property
    def net(self):
        """The net on the chosen path."""
        return self.nets[self.path.value]

    def draw(self):
        if (self.digit.value, self.path.value) != self._shown:
            self._shown = self.digit.value, self.path.value
            n = self.digit.value
            goal = one_hot(self.labels[n : n + 1], self.net.layers[7].n_out)
            trace = self.net.trace(self.images[n : n + 1], goal)
            self.places, self.loss = places(self.net, trace), float(trace.loss)
            self._thumbnails = {
                name: place_picture(name, place, WIDE if len(place.maps) > 12 else THUMBNAIL)
                for name, place in self.places.items()
            }
        self.lanes.value = self._both_lanes(self.bar.position)
        self.step.value = self._large(STEPS[self.bar.position])

    def _offers(self):
        """(what the menu says, number of the image): one digit of each class, then misread ones."""
        read = self.net.predict(self.images).argmax(axis=1)
        chosen = [int(np.flatnonzero(self.labels == c)[0]) for c in np.unique(self.labels)]
        chosen += [int(n) for n in np.flatnonzero(read != self.labels) if n not in chosen][:MISREAD]
        misread = {n: f", read as {read[n]}" for n in chosen if read[n] != self.labels[n]}
        return [(f"{self.labels[n]}{misread.get(n, '')} (image {n})", n) for n in chosen]

    # --------------------------------------------------------------------------------- the picture

    def _both_lanes(self, position):
        """Names and thumbnails; the sizes stand above only, because below they are the same."""
        known = {name for step in STEPS[:position] for name in step.fills}
        pairs = []
        for above, below in zip(ABOVE, BELOW, strict=True):
            size = _short(self.places[above].array.shape)
            both = [f"<div>{self._name(above)}<br>{size}</div>", self._thumbnail(above, STEPS[position], known)]
            both += [f"<div>{self._name(below)}&nbsp;</div>", self._thumbnail(below, STEPS[position], known)]
            pairs.append(f'<div class="cnn-pair">{"".join(both)}</div>')
        return f'<div class="cnn-lanes">{"".join(pairs)}</div>'

    def _thumbnail(self, name, step, known):
        if not name:
            return "<div></div>"
        state = "" if name in known else "cnn-to-come"
        state = "cnn-filled" if name in step.fills else "cnn-read" if name in step.reads else state
        return f'<div class="cnn-sheet"><span class="{state}">{self._thumbnails[name]}</span></div>'

    def _name(self, name):
        return f'<b style="color:var(--cnn-{self.places[name].role})">{name}</b>' if name else ""

    def _large(self, step):
        """The array that the step fills, large, and beside it formula, lines and remark."""
        name = step.fills[-1]
        place = self.places[name].minus(self.places[f"d{name}"]) if step is STEPS[-1] else self.places[name]
        lines = step.lines(self.path.value)
        code = "<br>".join(f"<code>{html.escape(line)}</code>" for _, line in lines)
        functions = dict.fromkeys(_function(function) for function, _ in lines)
        said = f"{', '.join(functions)}<br>{code}<br>{self._remark(step)}"
        heading = f"{self._name(name)} {place.size}&ensp;{place.scale}"
        beside = "".join(_slice(*slice_) for slice_ in slices(self.net, step))
        if place.array.ndim == 1 and name != "fv" and name != "fvd":
            shown = _bars(place, int(self.labels[self.digit.value]))
        else:
            shown = place_picture(name, place, BESIDE if beside else LARGE)
        shown += f"<div>{beside}</div>" if beside else ""
        return (
            f'<div class="cnn-step"><div>{heading}<div class="cnn-large">{shown}</div></div>'
            f'<div role="status"><div class="cnn-step-formula"><div>{step.formula}</div>'
            f"<span>toolbox: {step.toolbox}</span></div>{said}</div></div>"
        )

    def _remark(self, step):
        """The remark of a step; where it makes the outputs, with the numbers of this digit."""
        outputs, label = self.places["o"].array, self.labels[self.digit.value]
        largest = f"largest: {outputs.argmax()} with {outputs.max():.2f}"
        said = {"o": f" Here {largest}; right: {label} with {outputs[label]:.2f}.", "e": f" L = {self.loss:.3f}."}
        return html.escape(step.words(self.path.value) + said.get(step.fills[-1], ""))


def _on_path(net, path):
    """A net with the same parameters whose convolutions take a path; the given one is not touched."""
    layers = [copy.copy(layer) for layer in net.layers]
    for layer in layers:
        if isinstance(layer, Conv2D):
            layer.path = path
    return Network(layers, net.loss)


def _words(position):
    return f"step {position + 1} of {len(STEPS)}: {STEPS[position].name}"


def _function(function):
    return f"{function.__module__.removeprefix('cnnlib.')}.{function.__qualname__}"


def _slice(what, k, turned):
    """One slice of a kernel, with the mark on k[0,0], and what it is."""
    way = "cnn-turned" if turned else "cnn-as-is"
    alt = f"{what}: the first slice {'turned by 180°' if turned else 'as it is stored'}"
    shown = picture(k[None], colours="signed", limit=scale_limit(k), columns=1, scale=48 // len(k), alt=alt)
    return f'<div class="cnn-slice"><div class="cnn-marked {way}">{shown}</div>{html.escape(what)}</div>'


def _bars(place, label):
    """Ten numbers as upright bars, one a class, the right class in bold."""
    top, foot = 22, 150
    signed = place.colours == "signed"
    zero, unit = ((top + foot) / 2, (foot - top) / 2) if signed else (foot, foot - top)
    parts, across = [], 440 / len(place.array)
    for c, value in enumerate(place.array / place.limit):
        weight, middle = "bold" if c == label else "normal", across * (c + 0.5)
        high, low = sorted((zero - unit * float(value), zero))
        number = written(place.array[c], ".2f")
        parts.append(
            f'<rect x="{middle - 12:.1f}" y="{high:.1f}" width="24" height="{low - high:.1f}" '
            f'fill="var(--cnn-{place.role})"/><g fill="currentColor" text-anchor="middle">'
            f'<text x="{middle:.1f}" y="14">{number}</text>'
            f'<text x="{middle:.1f}" y="170" font-weight="{weight}">{c}</text></g>'
        )
    axis = f'<path d="M0 {zero}H440" stroke="currentColor"/>'
    alt = ", ".join(f"{c}: {written(value, '.2f')}" for c, value in enumerate(place.array))
    size = 'width="440" height="174" viewBox="0 0 440 174" font-size="16" style="flex:none"'
    return f'<svg role="img" aria-label="{alt}" {size}>{"".join(parts)}{axis}</svg>'


def _short(shape):
    """12·6×5² for kernels, 6×24² for maps, 10×192 for a matrix."""
    if len(shape) < 3:
        return "×".join(map(str, shape))
    *channels, h, w = shape
    counts, area = "·".join(str(n) for n in channels if n > 1), f"{h}²" if h == w else f"{h}×{w}"
    return f"{counts}×{area}" if counts else area

"""The ε slider of notebook 11: one point on the V of errors, and the two parts of that error in words.

The curve is an SVG drawing on two logarithmic axes.  Its range stays the same for all functions and both
precisions, so what moves is the curve.
"""

import html

import ipywidgets as widgets
import numpy as np

from cnnlib.plots.axis import Axis
from cnnlib.plots.colours import WHITE, WRONG_LINE, style
from cnnlib.plots.number_format import written
from cnnlib.widgets.parts.controls import dropdown, toggle
from cnnlib.widgets.parts.explorer import Explorer

from .difference_error import DTYPES, EPSILONS, Parts, Probe, curve, rounding_unit
from .goals import TASK

WIDTH, HEIGHT = 520, 268  # pixels of the drawing
LEFT, RIGHT, TOP, BOTTOM = 78, 20, 30, 46
ERRORS = Axis(1e-16, 1e2, logarithmic=True)  # upwards; an error of 0 lies on the bottom line
STEPS = Axis(EPSILONS[0], EPSILONS[-1], logarithmic=True)  # ε, to the right
DECIMALS = ".13f"
STYLE = style("""
.cnn-epsilon { --jp-widgets-font-size: 16px; --jp-widgets-inline-height: 30px; }
.cnn-epsilon :is(.widget-html, .widget-html-content) { margin-block: 0; }
.cnn-epsilon .widget-readout { min-width: 5.2em; }
.cnn-epsilon .cnn-says { font-size: 15px; line-height: 1.5; font-variant-numeric: tabular-nums;
  width: 370px; max-width: 100%; }
.cnn-epsilon .cnn-says table { border-collapse: collapse; margin: 0 0 .8em; }
.cnn-epsilon .cnn-says td { padding: .15em 1em .15em 0; text-align: left; white-space: nowrap; }
.cnn-epsilon .cnn-says p { min-height: 3em; margin: 0; }
.cnn-epsilon .cnn-errors { stroke: var(--cnn-input); stroke-width: 2.5; fill: none; }
.cnn-epsilon svg { display: block; font-size: 16px; fill: currentColor; color: var(--cnn-text);
  max-width: 100%; height: auto; }
/* On a telephone the drawing is half as large, its print is not; every other number makes room. */
.cnn-epsilon.cnn-phone svg { font-size: 25px; }
.cnn-epsilon.cnn-phone svg .cnn-odd { display: none; }
.cnn-epsilon.cnn-phone .cnn-says { width: auto; }
.cnn-epsilon.cnn-phone .cnn-says td { white-space: normal; padding-right: .5em; }
""")


class EpsilonCurve(Explorer):
    """``EpsilonCurve({"x³ at 2": (f, x, slope), …})``: functions of one number, each with its right slope.

    f is called with np.float64 and np.float32 numbers and has to compute in their precision.  ValueError for
    an empty dict, and for a probe that is no such triple.
    """

    task = TASK

    def __init__(self, probes, *, epsilon=1e-5):
        if not isinstance(probes, dict) or not probes:
            raise ValueError("EpsilonCurve: give at least one function, {'x³ at 2': (f, x, slope)}")
        self.probes = {name: _as_probe(name, probe) for name, probe in probes.items()}
        self._curves = {}
        nearest = int(np.abs(np.log10(EPSILONS / epsilon)).argmin())
        self.function = dropdown("function", list(self.probes), "250px")
        self.precision = toggle("", list(DTYPES), "84px", tooltips=["16 digits", "7 digits"])
        options = [(written(epsilon, ".1e"), n) for n, epsilon in enumerate(EPSILONS)]
        look = dict(layout=_wide("410px"), style={"description_width": "initial"})
        self.epsilon = widgets.SelectionSlider(options=options, value=nearest, description="ε", **look)
        self.drawing, self.says = widgets.HTML(), widgets.HTML()
        line = widgets.Layout(flex_flow="row wrap", grid_gap="2px 0", align_items="center")
        beside = widgets.Layout(flex_flow="row wrap", grid_gap="4px 14px", align_items="center")
        rows = [widgets.HBox([self.function, self.precision, self.epsilon], layout=line),
                widgets.HBox([self.drawing, self.says], layout=beside)]  # fmt: skip
        super().__init__(rows, {"function": self.function, "precision": self.precision, "epsilon": self.epsilon})
        self.add_class("cnn-epsilon")
        self.draw()

    def draw(self):
        """The curve of the chosen function and precision, the chosen point on it, and the words."""
        name, precision, place = self.function.value, self.precision.value, self.epsilon.value
        if (name, precision) not in self._curves:
            self._curves[name, precision] = curve(self.probes[name], DTYPES[precision])
        points = self._curves[name, precision]
        self.drawing.value = STYLE + drawn(points, place, f"{html.escape(name)}, {precision}")
        text = in_words(points[place], EPSILONS[place], self.probes[name].slope, DTYPES[precision])
        self.says.value = f'<div class="cnn-says" role="status">{text}</div>'


def in_words(point: Parts, epsilon: float, slope: float, dtype: type) -> str:
    """The difference, its error, the two parts, and which of them decides, as HTML."""
    rows = [
        ("measured", written(point.measured, DECIMALS)),
        ("right", written(slope, DECIMALS)),
        ("error", f"<b>{_power(point.error)}</b>"),
        ("formula: ε²·|f‴|/6", f"≈ {_power(point.formula)}"),
        (f"rounding: {_power(rounding_unit(dtype))}·(|f| + |x·f′|)/ε", f"≈ {_power(point.rounding)}"),
    ]
    lines = [f"<tr><td>{left}</td><td>{right}</td></tr>" for left, right in rows]
    above, below = "".join(lines[:3]), "".join(lines[3:])
    return f"<table>{above}</table><table>{below}</table><p><b>{verdict(point)}</b></p>"


def verdict(point: Parts) -> str:
    """Which part decides, and what to do about it."""
    if point.error > 10 * (point.formula + point.rounding):
        return "Neither part explains this error:<br>is there a kink within ε of x?"
    if point.formula > 10 * point.rounding:
        return "The formula decides:<br>a smaller ε is better."
    if point.rounding > 10 * point.formula:
        return "Rounding decides:<br>a larger ε is better."
    return "Both parts count:<br>this is the bottom of the V."


def drawn(points: list[Parts], place: int, title: str) -> str:
    """The errors, the lines of the two parts, and the point number ``place``, as SVG with a description."""
    error = points[place].error
    x, y = _across(EPSILONS[place]), _up(error)
    parts = [_grid()]
    for values, dash in (([p.formula for p in points], "7 5"), ([p.rounding for p in points], "2 5")):
        parts.append(f'<polyline points="{_line(values)}" fill="none" stroke="currentColor" stroke-width="2" '
                     f'stroke-dasharray="{dash}" stroke-opacity=".75"/>')  # fmt: skip
    parts.append(f'<polyline class="cnn-errors" points="{_line([p.error for p in points], clip=True)}"/>')
    parts.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{WRONG_LINE}" stroke-width="1.5"/>')
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{WRONG_LINE}" stroke="{WHITE}" stroke-width="2"/>')
    parts.append(_legend())
    words = f"{title}: at ε = {_power(EPSILONS[place])} the error is {_power(error)}"
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg role="img" aria-label="{words}" {size}>{"".join(parts)}</svg>'


def _grid():
    """Lines and powers of ten, the same for every curve."""
    parts = []
    for n, (error, label) in enumerate(ERRORS.ticks(every=3)):
        odd = ' class="cnn-odd"' if n % 2 else ""
        y = _up(error)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="currentColor" stroke-opacity=".18"/>')
        parts.append(f'<text{odd} x="{LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{label}</text>')
    for n, (epsilon, label) in enumerate(STEPS.ticks(every=1)):
        odd = ' class="cnn-odd"' if n % 4 == 1 else ""
        x = _across(epsilon)
        parts.append(f'<path d="M{x:.1f} {HEIGHT - BOTTOM}v5" stroke="currentColor" stroke-opacity=".6"/>')
        if n % 2:  # every second has room for its number; the last is 1
            parts.append(f'<text{odd} x="{x:.1f}" y="{HEIGHT - BOTTOM + 22}" text-anchor="middle">{label}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 6}" text-anchor="middle">ε</text>')
    turned = f'transform="rotate(-90 16 {middle:.0f})"'
    parts.append(f'<text class="cnn-odd" x="16" y="{middle:.0f}" text-anchor="middle" {turned}>error</text>')
    return "".join(parts)


def _legend():
    """Which line is which, by its dashes, above the axes."""
    parts, x = [], LEFT + 10
    for name, stroke in (
        ("error", 'class="cnn-errors"'),
        ("formula", 'stroke="currentColor" stroke-width="2" stroke-dasharray="7 5"'),
        ("rounding", 'stroke="currentColor" stroke-width="2" stroke-dasharray="2 5"'),
    ):
        parts.append(f'<path d="M{x} 16h34" fill="none" {stroke}/>')
        parts.append(f'<text x="{x + 42}" y="21">{name}</text>')
        x += 62 + 11 * len(name)
    return "".join(parts)


def _line(values, *, clip=False):
    """SVG points; what lies below or above the axes is left out, or runs along them."""
    pairs = [(_across(e), v) for e, v in zip(EPSILONS, values, strict=True)
             if clip or ERRORS.least <= v <= ERRORS.largest]  # fmt: skip
    return " ".join(f"{x:.1f},{_up(v):.1f}" for x, v in pairs)


def _across(epsilon):
    return LEFT + (WIDTH - LEFT - RIGHT) * STEPS.share(epsilon)


def _up(error):
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * ERRORS.share(error)


def _power(value):
    return written(value, ".1e") if value else "0"


def _wide(width):
    return widgets.Layout(width=width)


def _as_probe(name, probe):
    """(f, x, slope) as a Probe; ValueError, in words, for anything else."""
    try:
        f, x, slope = probe
        probe = Probe(f, float(x), float(slope))
    except (TypeError, ValueError):
        raise ValueError(f"EpsilonCurve: {name!r} has to be (f, x, slope): a function and two numbers") from None
    if not callable(f):
        raise ValueError(f"EpsilonCurve: {name!r} begins with {f!r}, which is no function")
    return probe

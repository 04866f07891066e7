"""Curves of a training run as small SVG drawings: they redraw in a fraction of a millisecond.

Axes keep their ranges while the run goes on, so nothing jumps.  Lines differ in width and dash as well as in
colour, and are named in a row below the title.
"""

from typing import NamedTuple

import numpy as np

from .axis import Axis
from .colours import TEXT
from .number_format import percent as in_percent
from .number_format import written

WIDTH, HEIGHT = 390, 176  # pixels of one chart
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 42, 24  # margins for numbers, the title and the names of the lines
POINTS = 240  # a line has at most so many points; the eye cannot tell more


class Line(NamedTuple):
    """One curve: name, values at x = 1, 2, … or at the given xs, and how it is drawn."""

    name: str
    xs: np.ndarray
    ys: np.ndarray
    stroke: str  # SVG attributes of the line, colour first


def chart(
    title: str,
    lines: list[Line],
    *,
    x_max: float,
    y_max: float,
    y_min: float | None = None,
    cursor: int | None = None,
    percent: bool = False,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> str:
    """One chart as SVG text: x from 0 to x_max updates, y from 0 to y_max; values above run along the top.

    With ``y_min``, a power of ten, the axis is logarithmic.  ``cursor`` draws the vertical line of the moment
    that the panel shows.
    """
    axis = Axis(y_min or 0.0, y_max, logarithmic=y_min is not None, percent=percent)
    across, up = width - LEFT - RIGHT, height - TOP - BOTTOM
    parts = [f'<text x="{LEFT}" y="15" font-weight="bold">{title}</text>']
    for value, label in axis.ticks():
        y = TOP + up * (1 - axis.share(value))
        parts.append(f'<path d="M{LEFT} {y:.1f}h{across}" stroke="currentColor" stroke-opacity=".2"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 5:.1f}" text-anchor="end">{label}</text>')
    for share in _shares(x_max, across):
        anchor = "end" if share == 1 else "middle"
        place = f'x="{LEFT + across * share:.0f}" y="{height - 6}" text-anchor="{anchor}"'
        parts.append(f"<text {place}>{x_max * share:,.0f}</text>")
    for line in reversed(lines):
        points = _points(line, x_max, axis, across, up)
        if len(line.xs) == 1:  # a line of one point shows nothing
            x, y = points.split(",")
            parts.append(f'<circle cx="{x}" cy="{y}" r="2.5" {line.stroke} fill="none"/>')
        parts.append(f'<polyline points="{points}" fill="none" {line.stroke}/>')
    parts += _names(lines)
    if cursor is not None:
        x = LEFT + across * min(cursor / x_max, 1)
        parts.append(f'<path d="M{x:.1f} {TOP}v{up}" stroke="currentColor" stroke-width="1.5"/>')
    words, style = _in_words(title, lines, percent), f"fill:currentColor;color:{TEXT}"
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    head = f'<svg role="img" aria-label="{words}" {size} font-size="13" style="{style}">'
    return f"{head}{''.join(parts)}</svg>"


def _shares(x_max, across):
    """Where along the axis its numbers are, as shares of it: as many as fit beside each other."""
    widest = 7.5 * len(f"{x_max:,.0f}") + 8  # pixels of the last number, which ends at the axis' end
    parts = next((n for n in (3, 2) if across / n > 1.5 * widest), 1)
    return [k / parts for k in range(parts + 1)]


def _names(lines):
    """A sample of each line with its name, one after the other below the title."""
    x = LEFT
    for line in lines:
        if line.name:
            yield f'<path d="M{x} 28h16" fill="none" {line.stroke}/><text x="{x + 19}" y="33">{line.name}</text>'
            x += 26 + round(7 * len(line.name))


def _points(line, x_max, axis, across, up):
    xs, ys = np.asarray(line.xs, dtype=float), np.asarray(line.ys, dtype=float)
    if len(xs) > POINTS:
        keep = np.unique(np.linspace(0, len(xs) - 1, POINTS).astype(int))
        xs, ys = xs[keep], ys[keep]
    x = LEFT + across * xs / x_max
    y = TOP + up * (1 - axis.share(ys))
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def _in_words(title, lines, percent):
    form = in_percent if percent else (lambda y: written(y, ".3g"))
    ends = [f"{line.name} {form(line.ys[-1])} after {line.xs[-1]} updates" for line in lines if len(line.ys)]
    return f"{title}: {'; '.join(ends) or 'nothing recorded yet'}"

"""Curves of a training run as small SVG drawings: they redraw in a fraction of a millisecond.

Axes keep their ranges while the run goes on, so nothing jumps.  Each line is told apart by its width and
dash as well as by its colour, and named at the side.
"""

from typing import NamedTuple

import numpy as np

WIDTH, HEIGHT = 390, 160  # pixels of one chart
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 24, 24  # room for numbers and the title
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
    cursor: int | None = None,
    percent: bool = False,
) -> str:
    """One chart as SVG text: x from 0 to x_max updates, y from 0 to y_max; values above run along the top.

    ``cursor`` draws the vertical line of the moment that the panel shows.
    """
    across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    parts = [f'<text x="{LEFT}" y="15" font-weight="bold">{title}</text>']
    for share in (0, 0.5, 1):
        y = TOP + up * (1 - share)
        label = f"{100 * y_max * share:.0f} %" if percent else f"{y_max * share:.1f}"
        parts.append(f'<path d="M{LEFT} {y}h{across}" stroke="currentColor" stroke-opacity=".2"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 5}" text-anchor="end">{label}</text>')
    for share in (0, 1 / 3, 2 / 3, 1):
        anchor = "end" if share == 1 else "middle"
        place = f'x="{LEFT + across * share:.0f}" y="{HEIGHT - 6}" text-anchor="{anchor}"'
        parts.append(f"<text {place}>{x_max * share:,.0f}</text>")
    legend = LEFT + across
    for line in reversed(lines):
        points = _points(line, x_max, y_max, across, up)
        parts.append(f'<polyline points="{points}" fill="none" {line.stroke}/>')
        if not line.name:
            continue
        parts.append(f'<text x="{legend}" y="15" text-anchor="end">{line.name}</text>')
        legend -= 8 * len(line.name) + 8
        parts.append(f'<path d="M{legend - 20} 10h22" fill="none" {line.stroke}/>')
        legend -= 34
    if cursor is not None:
        x = LEFT + across * min(cursor / x_max, 1)
        parts.append(f'<path d="M{x:.1f} {TOP}v{up}" stroke="currentColor" stroke-width="1.5"/>')
    words, style = _in_words(title, lines, percent), "fill:currentColor;color:var(--jp-ui-font-color1, #222)"
    head = f'<svg role="img" aria-label="{words}" width="{WIDTH}" height="{HEIGHT}" font-size="13" style="{style}">'
    return f"{head}{''.join(parts)}</svg>"


def _points(line, x_max, y_max, across, up):
    xs, ys = np.asarray(line.xs, dtype=float), np.asarray(line.ys, dtype=float)
    if len(xs) > POINTS:
        keep = np.unique(np.linspace(0, len(xs) - 1, POINTS).astype(int))
        xs, ys = xs[keep], ys[keep]
    x = LEFT + across * xs / x_max
    y = TOP + up * (1 - np.clip(ys / y_max, 0, 1))
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def _in_words(title, lines, percent):
    form = (lambda y: f"{100 * y:.1f} %") if percent else (lambda y: f"{y:.3f}")
    ends = [f"{line.name} {form(line.ys[-1])} after {line.xs[-1]} updates" for line in lines if len(line.ys)]
    return f"{title}: {'; '.join(ends) or 'nothing recorded yet'}"

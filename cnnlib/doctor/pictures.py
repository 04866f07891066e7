"""The report in a notebook: maps with the wrong cells marked, and the impulse beside the kernel."""

from html import escape

import numpy as np

from ..plots.colours import DARK, TAPS, WRONG_LINE, style
from .evidence import numbers, plainest, wrong_cells

STYLE = style(f"""
.cnn-doctor figure {{ display: inline-block; margin: 4px 18px 8px 0; vertical-align: top; }}
.cnn-doctor figure div {{ white-space: nowrap; }}
.cnn-doctor figure span {{ display: inline-block; min-width: 4.1em; padding: 2px 1px; margin: 1px 0;
  text-align: right; font-family: monospace; font-size: clamp(9px, 2.4vw, 13px); color: var(--cnn-text);
  border: 1px solid var(--cnn-thin); }}
.cnn-doctor figure .cnn-wrong {{ outline: 1px solid {WRONG_LINE}; border-color: {WRONG_LINE};
  background: {TAPS[0]}; color: {DARK}; }}
""")


def _cell(value, wrong):
    return f'<span class="cnn-wrong">✗{value:.2f}</span>' if wrong else f"<span>{value:.2f}</span>"


def grid(values: np.ndarray, wrong=None, caption: str = "") -> str:
    """One map as rows of cells; wrong ones have a frame and a ✗."""
    rows = "".join(
        "<div>" + "".join(_cell(x, wrong is not None and bool(wrong[i, j])) for j, x in enumerate(row)) + "</div>"
        for i, row in enumerate(np.atleast_2d(values)[:9, :9])
    )
    return f"<figure><figcaption>{escape(caption)}</figcaption>{rows}</figure>"


def as_html(report) -> str:
    """The wrong parts of a report as maps; a sentence where nothing is wrong."""
    found = []
    for name, part in report.parts.items():
        visit = plainest(part.finding) if part.verdict == "wrong" and name != "forward" else None
        if visit is None:
            continue
        got, wanted = numbers(part.finding, visit)
        mask = wrong_cells(got, wanted, visit.run.dtype)
        if got is None or wanted is None:
            continue
        at = _worst_map(mask)
        label = f"[{at[0]}, {at[1]}]" if got.ndim == 4 else ""
        found.append(
            f"<p><strong>{name}</strong>, {escape(str(visit.setting))}: ✗ marks a wrong cell</p>"
            + grid(_map(got, at), None if mask is None else _map(mask, at), f"{name}{label} of your layer")
            + grid(_map(wanted, at), None, f"{name}{label} as it has to be")
        )
        if part.impulse is not None and not part.impulse.fits:
            found.append(_impulse(part.impulse))
    body = (
        "".join(found)
        or f"<p>{escape(report.name)}: {'nothing is wrong.' if report else 'no numbers to show.'}</p>"
    )
    return f"{STYLE}<div class='cnn-doctor' style='overflow-x:auto;padding-bottom:1em'>{body}</div>"


def _map(a, at):
    """The map at this index; whatever has none as one row."""
    if a.ndim == 4 and at[0] < a.shape[0] and at[1] < a.shape[1]:
        return a[at]
    return np.atleast_2d(a.reshape(1, -1))


def _worst_map(mask):
    """(first, second) index of the map with most wrong cells."""
    if mask is None or mask.ndim != 4:
        return (0, 0)
    counts = mask.sum(axis=(2, 3))
    return tuple(int(i) for i in np.unravel_index(np.argmax(counts), counts.shape))


def _impulse(impulse) -> str:
    i, j = impulse.place
    return (
        f"<div class='cnn-impulse'><p>The impulse: delta is a single 1 at row {i}, column {j} of map 0. "
        "dX has to show the kernel at that window, as the forward pass laid it there.</p>"
        + grid(impulse.K, None, "K[0, 0]")
        + grid(
            impulse.dX,
            np.abs(impulse.dX - impulse.wanted) > 1e-6 if impulse.dX.shape == impulse.wanted.shape else None,
            "dX of your layer",
        )
        + grid(impulse.wanted, None, "dX as it has to be")
        + "</div>"
    )

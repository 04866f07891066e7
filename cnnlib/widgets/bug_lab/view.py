"""What the bug lab shows: the changed line, the verdicts, two loss curves and the cosines, as HTML and SVG.

Plain functions, no widget.
"""

import html

import numpy as np

from cnnlib.bugs import catalogue as bugs
from cnnlib.bugs import training_results
from cnnlib.bugs.detectors import TESTS, verdicts
from cnnlib.plots import number_format
from cnnlib.plots.colours import RIGHT_LINE, TEXT, WRONG_LINE, style
from cnnlib.plots.line_chart import Line, chart

CURVES, BARS, BAR_ROW = 364, 322, 23  # pixels: width of the two pictures, height of a bar with its name
UNIT = 92  # pixels from 0 to 1 in the bars
RIGHT = f'stroke="{RIGHT_LINE}" stroke-width="2.5"'
WRONG = f'stroke="{WRONG_LINE}" stroke-width="2.5" stroke-dasharray="7 3"'
LIVE = 'stroke="currentColor" stroke-width="1.5"'
STYLE = style("""
.cnn-bug-lab { --jp-widgets-font-size: 16px; }
.cnn-bug-lab select { font-size: 16px; line-height: 1.5; }
.cnn-bug-lab .cnn-lines code { display: block; font-size: 16px; background: none;
  line-height: 1.5; white-space: pre-wrap; }
.cnn-bug-lab .cnn-lines mark { background: none; color: inherit; font-weight: bold;
  text-decoration: underline 2px; }
.cnn-bug-lab .cnn-said { font-size: 17px; line-height: 1.4; min-height: 2.8em; }
.cnn-bug-lab table { border-collapse: collapse; font-size: 16px; line-height: 25px; width: 100%; }
.cnn-bug-lab th, .cnn-bug-lab td { text-align: left; padding: 0 14px 0 0; white-space: nowrap;
  vertical-align: baseline;
  font-weight: normal; }
.cnn-bug-lab .cnn-says { min-width: 92px; }
.cnn-bug-lab .cnn-sees { font-weight: bold; }
.cnn-bug-lab .cnn-reason { width: 100%; padding: 0; white-space: normal; line-height: 1.3; }
.cnn-bug-lab svg { max-width: 100%; height: auto; }
.cnn-bug-lab.cnn-phone :is(th, td) { white-space: normal; }
.cnn-bug-lab.cnn-phone :is(th, td) { font-size: 14px; line-height: 1.3; padding: 3px 6px 3px 0; }
.cnn-bug-lab.cnn-phone .cnn-says { min-width: 0; }
.cnn-bug-lab.cnn-phone .cnn-reason { overflow-wrap: anywhere; }
.cnn-bug-lab div, .cnn-bug-lab table { color: var(--cnn-text); }
""")


def changed_line(key):
    """The line before and after; what differs is underlined and bold."""
    bug = bugs.BUGS[key]
    right, wrong = marked(bug.right, bug.wrong)
    rows = f"<code>right: {right}</code><code>wrong: {wrong}</code>"
    return f'{STYLE}<div class="cnn-lines">{rows}</div>'


def marked(one, other):
    """Two lines as HTML, with a mark around what is between their common beginning and their common end."""
    least = min(len(one), len(other))
    start = next((k for k in range(least) if one[k] != other[k]), least)
    left = least - start
    end = next((k for k in range(left) if one[-1 - k] != other[-1 - k]), left)
    return tuple(
        f"{html.escape(line[:start])}<mark>{html.escape(line[start : len(line) - end])}</mark>"
        f"{html.escape(line[len(line) - end :])}"
        for line in (one, other)
    )


def verdict_table(key, shown):
    """A row for each test: does it see the bug, and why.  Question marks until an answer was given."""
    if shown:
        rows = [(v.test, "✓ sees it" if v.sees else "– is blind", v.reason) for v in verdicts(key)]
    else:
        rows = [(test, "?", "") for test in TESTS]
    body = "".join(
        f"<tr><th>{test}</th><td class='cnn-says{' cnn-sees' if says[0] == '✓' else ''}'>{says}</td>"
        f"<td class='cnn-reason'>{html.escape(reason)}</td></tr>"
        for test, says, reason in rows
    )
    return f"<table>{body}</table>"


def comparison(key, answer):
    """The learner's answer beside the measured one."""
    if answer is None:
        return '<div class="cnn-said" role="status">Choose first. Then the verdicts and the curves are shown.</div>'
    errors, found = training_results.table()["test_error"], training_results.outcome(key)
    agrees = "Yes" if answer == found else "No"
    return (
        f'<div class="cnn-said" role="status"><b>{agrees}: {found}.</b> '
        f"Test error after {training_results.UPDATES:,} updates, five seeds: "
        f"<b>{span(errors[key])}</b>; without the bug {span(errors[bugs.NONE])}.</div>"
    )


def span(errors):
    """The least and the largest, in per cent."""
    least, largest = number_format.written(100 * min(errors), ".1f"), number_format.percent(max(errors))
    return f'<span style="white-space:nowrap">{least}–{largest}</span>'


def curves(key, shown, live):
    """The loss of seed 0 without a bug and, once it may be shown, with it; and of the live run."""
    kept = training_results.table()["curve"]
    lines = [Line("right", _middles(len(kept[bugs.NONE])), kept[bugs.NONE], RIGHT)]
    if shown:  # the first is drawn on top
        lines.insert(0, Line("with the bug", _middles(len(kept[key])), kept[key], WRONG))
        lines.insert(0, Line("live", *_thinned(live), LIVE))
    return chart("loss; kept curves: seed 0", lines, x_max=training_results.UPDATES, y_max=0.6, width=CURVES)


def _middles(count):
    return np.arange(1, count + 1) * training_results.MEAN_OF - training_results.MEAN_OF // 2


def _thinned(losses):
    """Means of 20 losses, at the middle of each 20 updates."""
    whole = len(losses) // training_results.MEAN_OF
    means = np.reshape(losses[: whole * training_results.MEAN_OF], (whole, training_results.MEAN_OF)).mean(axis=1)
    return _middles(whole), means


def bars(key, shown):
    """The cosine between the step with the bug and the right one, a bar for each parameter, from −1 to 1.

    All were taken at one moment of one path, that of the right net, and the heading says so.
    """
    found = training_results.table()["cosines"][key][-1]
    moment, seed = training_results.table()["moments"][-1], training_results.SEEDS[0]
    zero, unit, height = 160, UNIT, 82 + BAR_ROW * len(found)
    parts = ['<text x="0" y="15" font-weight="bold">cosine with the right step</text>']
    parts.append('<text x="0" y="33">on the path of the right net,</text>')
    parts.append(f'<text x="0" y="50">seed {seed}, update {moment}</text>')
    parts.append(f'<path d="M{zero} 58V{height - 20}" stroke="currentColor"/>')
    for k, (name, value) in enumerate(found.items()):
        y = 64 + BAR_ROW * k
        parts.append(f'<text x="0" y="{y + 14}" font-size="16">{name}</text>')
        parts.append(_bar(value, zero, unit, y) if shown else _said_at(zero, y, "?"))
    for at in (-1, 0, 1):
        text = number_format.minus(at)
        parts.append(f'<text x="{zero + unit * at}" y="{height - 4}" text-anchor="middle">{text}</text>')
    words = "; ".join(f"{name} {written(value)}" for name, value in found.items()) if shown else "not shown yet"
    style = f"fill:currentColor;color:{TEXT}"
    head = f'<svg role="img" aria-label="cosines: {words}" width="{BARS}" height="{height}" '
    head += f'viewBox="0 0 {BARS} {height}" font-size="13"'
    return f'{head} style="{style}">{"".join(parts)}</svg>'


def _bar(value, zero, unit, y):
    if value is None:
        return _said_at(zero, y, "no step")
    left, width = zero + unit * min(value, 0), unit * abs(value)
    fill = RIGHT_LINE if value > 0.999 else WRONG_LINE
    number = f'<text x="{zero + unit + 66}" y="{y + 14}" font-size="16" text-anchor="end">{written(value)}</text>'
    return f'<rect x="{left:.1f}" y="{y}" width="{width:.1f}" height="17" fill="{fill}"/>{number}'


def _said_at(zero, y, text):
    return f'<text x="{zero + 8}" y="{y + 14}" font-size="16">{text}</text>'


def written(value):
    """A cosine with three decimals; a number below 1 is never rounded to 1."""
    if value is None:
        return "no step"
    return "1" if value > 0.99995 else number_format.written(value, ".3f").replace("1.000", "0.999+")

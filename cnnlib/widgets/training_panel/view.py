"""The curves of a run, and the line of text under the diagram of the training panel."""

import html

import numpy as np

from cnnlib.losses import SoftmaxCrossEntropy, softmax
from cnnlib.plots.colours import LINES, RAW_LINE, WRONG_LINE
from cnnlib.plots.line_chart import Line, chart
from cnnlib.plots.number_format import percent, raised

RAW = f'stroke="{RAW_LINE}" stroke-width="1"'
SMOOTH = 'stroke="currentColor" stroke-width="2.5"'
ERROR = f'stroke="{WRONG_LINE}" stroke-width="2.5"'
LAYERS = [  # one for each layer with weights; they differ in width and dash, not in colour alone
    f'stroke="{LINES["kernel"]}" stroke-width="1.5"',
    f'stroke="{LINES["input"]}" stroke-width="2.5" stroke-dasharray="7 3"',
    f'stroke="{LINES["output"]}" stroke-width="2.5"',
    f'stroke="{LINES["delta"]}" stroke-width="2" stroke-dasharray="2 2"',
    'stroke="currentColor" stroke-width="1" stroke-dasharray="9 2 2 2"',
]
WIDTH = 262  # pixels of a chart; three stand beside each other
BELOW = {"width": 810, "height": 120}  # pixels of the loss alone, below the large pictures of a slide


def curves(run):
    """Loss, test error and gradient norms of a run as three charts, with the cursor in each."""
    history, updates = run.history, np.arange(1, len(run.history.losses) + 1)
    steps, errors = zip(*history.errors, strict=True) if history.errors else ((), ())
    usual = dict(x_max=run.total, cursor=run.cursor, width=WIDTH)
    charts = [
        loss_curve(run, width=WIDTH),
        chart("test error", [Line(f"{len(run.digits.test_images):,} images", steps, errors, ERROR)], y_max=1,
              percent=True, **usual),
        chart("‖gradient‖ of each layer", _norms(run, updates), y_min=1e-4, y_max=1e2, **usual),
    ]  # fmt: skip
    return f'<div style="display:flex;gap:8px">{"".join(charts)}</div>'


def loss_curve(run, **size):
    """The chart of the loss alone; size: its width and height in pixels."""
    history, softmax = run.history, isinstance(run.network.loss, SoftmaxCrossEntropy)
    updates = np.arange(1, len(history.losses) + 1)
    lines = [Line("each batch", updates, history.losses, RAW), Line("smoothed", updates, history.smoothed, SMOOTH)]
    return chart("loss", lines, y_max=2.4 if softmax else 1.2, x_max=run.total, cursor=run.cursor, **size)


def _norms(run, updates):
    """A line for each layer that has kernels or weights."""
    rows = np.asarray(run.history.norms, dtype=float)
    return [Line(name, updates, rows[:, k] if len(rows) else (), LAYERS[k % len(LAYERS)])
            for k, name in enumerate(_weighted(run.network))]  # fmt: skip


def _weighted(network):
    """K¹, K², W¹, …: the layers that have kernels or weights, counted by kind."""
    kinds = [kind for layer in network.layers for kind in ("K", "W") if kind in layer.params]
    numbers = [kinds[: k + 1].count(kind) for k, kind in enumerate(kinds)]
    several = {kind for kind in kinds if kinds.count(kind) > 1}
    names = zip(kinds, numbers, strict=True)
    return [kind + raised(n) if kind in several else kind for kind, n in names]


def reading(trace, network):
    """How the net classifies a drawing, as HTML: the two largest of its ten scores."""
    scores = trace.activations[-1]
    if isinstance(network.loss, SoftmaxCrossEntropy):
        scores = softmax(scores)
    first, second = np.argsort(scores[0])[:-3:-1]
    line = '<div style="line-height:1.4">The net reads '
    return f"{line}<b>a {first}</b> ({scores[0, first]:.2f}),<br>then a {second} ({scores[0, second]:.2f}).</div>"


def words(run, trace, label, name):
    """The moment in words: update, loss, test error, and the net's class for the digit called ``name``."""
    t, history = run.cursor, run.history
    predicted = int(trace.activations[-1][0].argmax())
    parts = [f"<b>update {t:,}</b> of {run.total:,}"]
    if run.trouble and t == run.head:
        return f"{parts[0]} · <b>{html.escape(run.trouble)}</b>"
    if t == run.head and run.on_plateau():
        now = history.losses[t - 1]
        parts.append(f"<b>on the plateau</b>, loss {now:.2f}")
    elif t:
        parts.append(f"loss {history.losses[t - 1]:.3f}, smoothed {history.smoothed[t - 1]:.3f}")
    measured = [(step, error) for step, error in history.errors if step <= t]
    if measured:
        parts.append(f"test error {percent(measured[-1][1])} after update {measured[-1][0]:,}")
    parts.append(f"{name} is taken for a {predicted}" if predicted != label else f"{name} is recognised")
    return " · ".join(parts)

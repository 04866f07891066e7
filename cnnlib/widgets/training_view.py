"""What the training panel says and draws about a run: the curves, and the line of words under the road."""

import numpy as np

from ..curves import Line, chart
from ..losses import SoftmaxCrossEntropy

RAW = 'stroke="#56b4e9" stroke-width="1"'
SMOOTH = 'stroke="currentColor" stroke-width="2.5"'
ERROR = 'stroke="#d55e00" stroke-width="2.5"'

def curves(run):
    """Loss and test error of a run as two charts beside each other, with the cursor in both."""
    history, softmax = run.history, isinstance(run.network.loss, SoftmaxCrossEntropy)
    updates = np.arange(1, len(history.losses) + 1)
    steps, errors = zip(*history.errors, strict=True) if history.errors else ((), ())
    loss = chart(
        "loss",
        [Line("each batch", updates, history.losses, RAW), Line("smoothed", updates, history.smoothed, SMOOTH)],
        x_max=run.total,
        y_max=2.4 if softmax else 1.2,
        cursor=run.cursor,
    )
    error = chart(
        f"test error on {len(run.digits.test_images):,} images",
        [Line("", steps, errors, ERROR)],
        x_max=run.total,
        y_max=1,
        cursor=run.cursor,
        percent=True,
    )
    return f'<div style="display:flex;gap:24px;flex-wrap:wrap">{loss}{error}</div>'


def words(run, trace, label):
    """The moment in words: update, loss, test error, and what the net makes of the chosen digit."""
    t, history = run.cursor, run.history
    said = int(trace.activations[-1][0].argmax())
    parts = [f"<b>update {t:,}</b> of {run.total:,}"]
    if t == run.head and run.on_plateau():
        now = history.losses[t - 1]
        parts.append(f"<b>on the plateau</b>, loss {now:.2f}: it will fall later")
    elif t:
        parts.append(f"loss {history.losses[t - 1]:.3f}, smoothed {history.smoothed[t - 1]:.3f}")
    measured = [(step, error) for step, error in history.errors if step <= t]
    if measured:
        parts.append(f"test error {measured[-1][1]:.1%} after update {measured[-1][0]:,}")
    parts.append(f"this {label} is taken for a {said}" if said != label else f"this {label} is recognised")
    return " · ".join(parts)

"""One wrong token each that has to stop notebook 12."""

NOTEBOOK = "12_watch_lenet_learn"

# Cells that only show, take a second or more, and define nothing that a later cell uses.
SLOW_CHECKS = {"live-panel", "plateau-norms", "plateau-deltas-check", "modern-slopes-check", "error"}

LATE = {"plateau-norms", "modern-check", "modern-slopes-check"}  # behind 600 updates of a net

EDITS = [  # cell, old token, new token
    ("net-count-check", "5 * 5 + 1", "5 * 5"),
    ("loss", "2 * len(X)", "len(X)"),
    ("backward", 'delta("input") is None', 'delta("conv1") is None'),
    ("turn-by-hand", "K[o, c][::-1, ::-1]", "K[o, c]"),
    ("turn-by-hand", '"full"', '"same"'),
    ("one-delta-loop", "delta3[o, p + a - 4,", "delta3[o, p + a - 3,"),
    ("one-delta-loop", "K[o, c, a, b]", "K[o, c, 4 - a, 4 - b]"),
    ("turn-without-code", "delta3[o], K[o, c],", "delta3[o], K[o, c][::-1, ::-1],"),
    ("update", "- 1.0", "+ 1.0"),
    ("road-check", "ops.rot180(K2[o, 2])", "K2[o, 2]"),
    ("plateau-by-hand", "0.1)", "0.2)"),
    ("plateau-norms", '.delta("pool1")[0]', '.activation("input")[0]'),
    ("modern-check", "norms[0] / norms[-1]", "norms[-1] / norms[0]"),
    ("turn-tool-ask", "said.k_grad", "said.x_grad"),
    ("modern-slopes-check", "A * (1 - A)", "A"),
]

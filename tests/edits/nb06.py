"""One wrong token each that has to stop notebook 06."""

NOTEBOOK = "06_one_gradient_four_pictures"
SLOW_CHECKS = {"gather-figure", "matrix-figure"}

EDITS = [  # cell, old token, new token
    ("forward-loop", "X[i + u,", "X[i - u,"),
    ("gather-loop", "u, v = p - i,", "u, v = p + i,"),
    ("gather-window", "K[::-1, ::-1]", "K"),
    ("gather-window", "((1, 1), (2, 2))", "((2, 2), (3, 3))"),
    ("gather-window-check", "padded, K", "padded, turned"),
    ("scatter-loop", "pasted[i + u,", "pasted[i - u,"),
    ("matrix-loop", "i + u,", "i + 1 - u,"),
    ("columns-back", "+=", "="),
    ("library-loop", "Ks[o, c, u, v]", "Ks[o, c, 1 - u, 2 - v]"),
    ("stride-row", "2 * i : 2 * i + 3", "i : i + 3"),
    ("stride-row", "(2, 2 + 1)", "(2 + 1, 2)"),
    ("fast-band", "B[u, j + v, j]", "B[u, j + 2 - v, j]"),
    ("fast-back-lines", "+=", "="),
    ("fast-kernel-sum", "dB[u, j + v, j]", "dB[u, v, j]"),
    ("fast-view-fill", "column + output", "output"),
    ("matlab-loop", "ops.convolve(X, K)", "ops.correlate(X, K)"),
]

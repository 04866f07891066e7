"""One wrong token each that has to stop notebook 04."""

NOTEBOOK = "04_prove_it_2x2"

EDITS = [  # cell, old token, new token
    ("row-forward-loop", "x[i + u]", "x[i - u]"),
    ("sentence-check", "k[p - i]", "k[p + i]"),
    ("patch-partials-diff", "d * K", "d * K.T"),
    ("slide-pad-zeros", "bordered[h - 1, h - 1]", "bordered[h, h]"),
    ("slide-turn-map", "K[h - 1 - u, h - 1 - v]", "K[u, v]"),
    ("slide-turn-map", "h - 1 - v", "v"),
    ("slide-slide-loop", "p + a", "p - a"),
    ("slide-without-check", "bordered, K", "bordered, sym.rot180(K)"),
    ("nine-forward-loop", "i + u", "i - u"),
    ("nine-middle-terms", "K[p - i,", "K[p + i,"),
    ("nine-full-loop", "turned[a, b]", "K[a, b]"),
    ("nine-full-loop", "h - 1, h - 1", "h, h"),
    ("nine-identity-check", "sym.correlate", "sym.convolve"),
    ("nine-others-kernels", '"turned by 180°": turned', '"turned by 180°": K.T'),
    ("weak-wrong-rule", "D[i, j] * K", "D[i, j] * K.T"),
    ("picture-numbers", "ops.rot180(kernel)", "kernel"),
]

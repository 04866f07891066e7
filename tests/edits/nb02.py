"""One wrong token each that has to stop notebook 02."""

NOTEBOOK = "02_valid_same_full"

EDITS = [  # cell, old token, new token
    ("there-and-back", "2 * (h - 1)", "2 * h"),
    ("there-28-check", "ops.rot180(K5)", "K5"),
    ("full-two-words", "b = ops.convolve(delta, K5", "b = ops.correlate(delta, K5"),
    ("used-asks", "used[i : i + 3]", "used[i : i + 2]"),
    ("even-check", "(h - 1) // 2", "h // 2"),
]

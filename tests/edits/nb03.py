"""One wrong token each that has to stop notebook 03."""

NOTEBOOK = "03_backpropagation_index_by_index"

EDITS = [  # cell, old token, new token
    ("recursion-loop", "W2[j, i]", "W2[i, j]"),
    ("delta-output", "(a2[j] - y[j])", "(y[j] - a2[j])"),
    ("symbols-chain-sum", "delta[j]", "delta[n]"),
]

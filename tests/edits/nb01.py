"""One wrong token each that has to stop notebook 01."""

NOTEBOOK = "01_correlation_is_not_convolution"

EDITS = [  # cell, old token, new token
    ("convolution-loop", "i + 1 - u", "i + u"),
    ("turn-by-slicing", "K[::-1, ::-1]", "K[::-1]"),
    ("why-collect-loop", "claps[n - u]", "claps[n + u - 2]"),
    ("learn-check", "ops.rot180(K_star)", "K_star"),
    ("who-layer-impulse", "ops.rot180(odd)", "odd"),
]

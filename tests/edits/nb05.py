"""One wrong token each that has to stop notebook 05."""

NOTEBOOK = "05_prove_it_for_every_size"

# Cells that only check, take a second or more, and define nothing that a later cell uses.
SLOW_CHECKS = {"invariant-check", "all-forms"}

EDITS = [  # cell, old token, new token
    ("step-forward-sum", "i + u", "i - u"),
    ("step-loss-sum", "n_h - h", "n_h"),
    ("step-collapse-term", "k[p - i,", "k[p + i,"),
    ("step-key-line", "tap.term", "k[p + i, q - j]"),
    ("step-count-subs", "j: q + b - (w - 1)", "j: q + b - w"),
    ("step-claim-padded", "row <= n_h - h", "row <= n_h"),
    ("step-claim-padded", "p + a - (h - 1)", "p + a - h"),
    ("step-claim-sum", "k[h - 1 - a,", "k[a,"),
    ("step-terms-subtract", "a: h - 1 - (p - i)", "a: p - i"),
    ("can-fail-unturned", "padded, K_map", "padded, general.rot180(K_map)"),
    ("can-fail-frame-check", "general.pad(delta_map, h, w)", "general.pad(delta_map, h - 1, w - 1)"),
    ("can-fail-full-check", "convolve(padded, turned", "correlate(padded, turned"),
    ("one-line-check", "np.correlate(row, taps)", "np.convolve(row, taps, 'valid')"),
    ("one-axis-ask", "K == K[:, ::-1]", "K == K[::-1]"),
    ("other-collapse", "== delta[i, j] * k[h - 1 - (p - i)", "== delta[i, j] * k[p - i"),
    ("kernel-collapse", "x[i + u, j + v]", "x[i - u, j - v]"),
    ("channels-collapse", "k[o, c, p - i", "k[c, o, p - i"),
    ("oracle-compare", "sym.rot180(K)", "K"),
    ("training-pass-code", "layer.backward(batch_delta)", "layer.backward(batch_delta[..., ::-1])"),
    ("training-fast-check", "fast.backward(batch_delta)", "fast.backward(batch_delta[::-1])"),
    ("witnesses-compare", "ops.rot180(K2)", "K2"),
]

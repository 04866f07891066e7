"""One wrong token each that has to stop notebook 07."""

NOTEBOOK = "07_stride_dilation_padding_backwards"
SLOW_CHECKS = {"stride-figure", "tails-figure"}

EDITS = [  # cell, old token, new token
    ("row-forward-loop", "x[2 * i + u]", "x[2 * i - u]"),
    ("spread-tail-check", "kernel[::-1]", "kernel"),
    ("spread-tail-check", "(2, 2 + r)", "(2 + r, 2)"),
    ("article-check", "np.convolve(deltas, kernel", "np.convolve(deltas, turned"),
    ("rule-by-index", "- d * u", "+ d * u"),
    ("rule-by-steps", "kernel[::-1]", "kernel"),
    ("rule-by-steps", "spread[0, ::s]", "spread[0, :m]"),
    ("stride-back", "stride_spread[::2, ::2]", "stride_spread[:2, :2]"),
    ("padding-back", "((0, 0), (1, 1))", "((1, 1), (0, 0))"),
    ("crop-back", "crop_delta[1:-1]", "crop_delta[:-2]"),
    ("dilation-back", "taps[::2, ::2]", "taps[:2, :3]"),
    ("all-function", "ops.rot180(K)", "K"),
    ("all-function", "- pad + r", "- pad"),
    ("four-rule", "Ks[o, c]", "Ks[c, o]"),
    ("kernel-row-check", "np.correlate(x[:-1], kernel_spread), dk", "np.correlate(x[1:], kernel_spread), dk"),
    ("kernel-function", "pad - r", "pad"),
    ("kernel-function", "[::d, ::d]", "[:2, :3]"),
    ("convolution-check", "ops.dilate(K, 2)", "ops.dilate(ops.rot180(K), 2)"),
    ("tails-used", "j:j + reach:d]", "j:j + reach]"),
    ("same-arrays", "(1, 0)", "(0, 1)"),
    ("same-sides-check", "(t, h - 1 - t)", "(h - 1 - t, t)"),
    ("inverse-matrix", "2 * i + u", "i + u"),
    ("layer-back-check", "forward(G, K,", "forward(G, K[::-1, ::-1],"),
    ("kernel-padding-check", "+ d * u - pad", "+ d * u"),
    ("digit-grid-check", "4: [4]", "4: [1, 2, 4]"),
    ("layer-tail-check", "(n - 7, n)", "(1, n)"),
]

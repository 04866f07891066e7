"""One wrong token each that has to stop notebook 10."""

NOTEBOOK = "10_the_article_line_by_line"
SLOW_CHECKS = {"test-train", "test-by-hand", "test-exact-check", "starts-train"}
SLOW_CHECKS |= {"digit-trace", "digit-figure-show", "explorer", "way-ask"}

EDITS = [  # cell, old token, new token
    ("setup-sizes", "number + 1", "number"),
    ("init-again-draw", "6 / (6 * 25 + 12 * 25)", "6 / (6 * 25)"),
    ("forward-conv-map", "4 - u, 4 - v", "u, v"),
    ("forward-conv-map", "np.full((3, 8, 8), b[j])", "np.zeros((3, 8, 8))"),
    ("forward-pool-box", "/ 4\n", "/ 2\n"),
    ("forward-flatten-check", "transpose(0, 1, 3, 2)", "transpose(0, 1, 2, 3)"),
    ("backward-od-check", "(1 - O[n, c])", "(1 + O[n, c])"),
    ("backward-c-check", "below * fv * (1 - fv)", "below * fv"),
    ("backward-expand-check", "A3 * (1 - A3) * wide / 4, d3", "A3 * (1 - A3) * wide / 2, d3"),
    ("backward-early-check", 'net.activation("conv2").copy()', 'net.activation("pool1").copy()'),
    ("backward-full-paste", "[::-1, ::-1]", "[::-1, :]"),
    ("backward-full-slide", "K[each, i, u, v]", "K[each, i, 4 - u, 4 - v]"),
    ("grads-dk-check", "A2[::-1, from_map, ::-1, ::-1]", "A2[:, from_map, ::-1, ::-1]"),
    ("grads-db-check", "d3.sum(axis=(0, 2, 3)) / N", "d3.mean(axis=(2, 3)).sum(axis=0)"),
    ("grads-dense-check", "np.outer(od[n], features[n]) / N", "np.outer(od[n], features[n])"),
    ("update-check", "- 1.0", "+ 1.0"),
    ("train-hand", "0.99 * smoothed[-1]", "0.9 * smoothed[-1]"),
    ("first-count", 'operation="correlation"', 'operation="convolution"'),
    ("parity-deltas", "[N * net.delta(layer)", "[net.delta(layer)"),
    ("both-start", "[:, :, ::-1, ::-1]", "[:, :, ::-1]"),
    ("limits-size-check", "len(shape) > 2", "len(shape) > 3"),
]

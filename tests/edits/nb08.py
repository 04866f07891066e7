"""One wrong token each that has to stop notebook 08."""

NOTEBOOK = "08_channels_batch_and_bias"
SLOW_CHECKS = {"forward-figure", "layer-ask", "path-ask"}

EDITS = [  # cell, old token, new token
    ("forward-loop", "K[o, c, u, v]", "K[o, 0, u, v]"),
    ("forward-loop", "Z[o] +=", "Z[o] ="),
    ("forward-count-check", "axis=1", "axis=0"),
    ("forward-bias-loop", "b[o]", "3 * b[o]"),
    ("count-net-check", "+ J", "+ I * J"),
    ("swap-alone-loop", "W[o, c]", "W[c % 2, o]"),
    ("gather-loop", "u, v = p - i,", "u, v = p + i,"),
    ("gather-loop", "K[o, c, u, v]", "K[o, c, 1 - u, 1 - v]"),
    ("window-arrays", "K[:, :, ::-1, ::-1]", "K"),
    ("window-arrays", "K[:, :, ::-1, ::-1]", "K[::-1, ::-1, ::-1, ::-1]"),
    ("window-arrays", "(1, 1), (1, 1)", "(2, 2), (2, 2)"),
    ("half-check", "back(half_turned.swapaxes(0, 1))", "back(half_turned)"),
    ("kernel-loop", "X[c, i + u,", "X[c, 1 + i - u,"),
    ("kernel-check", "differ(over_turned", "equal(over_turned"),
    ("shared-check", "db[o] +=", "db[o] ="),
    ("shared-symbols", "** 2 / 2", "** 2"),
    ("shared-check", "differ(own.mean", "equal(own.mean"),
    ("batch-loop", "deltas[n, o].sum() / 2", "deltas[n, o].mean() / 2"),
    ("batch-loop", "deltas[n, o]) / 2", "deltas[n, o])"),
    ("batch-wrong-check", "total_b / len(Xs)", "total_b / images"),
    ("dense-check", "mean(axis=1)", "sum(axis=1)"),
    ("where-end", 'layer.grads["b"] / 2', 'layer.grads["b"]'),
    ("flipall-convn", "t + N - 1 - n", "t + n"),
    ("flip-check", "images[::-1, ::-1, ::-1]", "images[::-1, ::-1]"),
    ("flip-check", "(N == 1)", "(N == 3)"),
    ("hidden-check", "ops.rot180(sum(by_image))", "sum(by_image)"),
    ("shared-disguise-check", "dK_sum / positions", "dK_sum / 64"),
    ("part-groups-forward", "2 * (o // 3) + c", "2 * (o % 2) + c"),
    ("part-groups-back-loop", "::-1, ::-1", "::-1, :"),
    ("part-table-back", "ops.rot180(next(slices))", "next(slices)"),
]

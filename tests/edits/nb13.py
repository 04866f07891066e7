"""One wrong token each that has to stop notebook 13."""

NOTEBOOK = "13_forget_the_rotation"

EDITS = [  # cell, old token, new token
    ("forget-loop", "ops.rot180", "np.flipud"),
    ("forget-loop", "lambda k: k", "lambda k: k[::-1, ::-1]"),
    ("forget-judge-check", "assert differ", "assert equal"),
    ("tests-recall", "np.vdot(X, wrong)", "np.vdot(X, right)"),
    ("tests-recall", "wrong.any()", "not wrong.any()"),
    ("tests-norm-check", "np.divide", "np.subtract"),
    ("tests-recall", "[1, 2, 1], [1, 2, 1]", "[1, 2, 1], [1, 2, 3]"),
    ("net-plant-code", '"no_turn"', '"dK_not_turned"'),
    ("net-line-check", "K2[j, i]", "K2[j, i].T"),
    ("lab-look-check", "moments[-1]", "moments[0]"),
    ("slope-loss-check", "(1 - y) *", "(1 + y) *"),
    ("pool-cells", "delta_block / s**2,", "delta_block / s,"),
    ("pool-net-check", "(\"no_share\", 16)", "(\"no_share\", 4)"),
    ("batch-check", '"mispaired"', '"dK_not_turned"'),
    ("update-by-hand", '"bias_elsewhere"', '"none"'),
    ("judges-claims-check", '"bias_elsewhere"', '"bias_mean"'),
    ("museum-mean-check", "K.swapaxes(2, 3)", "K.swapaxes(2, 3) ** 2"),
]

SLOW_CHECKS = {"slope-errors", "net-try-run"}  # train a net
SLOW_CHECKS |= {"net-losses-figure"}

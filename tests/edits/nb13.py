"""One wrong token each that has to stop notebook 13."""

NOTEBOOK = "13_forget_the_rotation"

EDITS = [  # cell, old token, new token
    ("forget-loop", "ops.rot180", "np.flipud"),
    ("forget-loop", "lambda k: k", "lambda k: k[::-1, ::-1]"),
    ("forget-judge-check", "assert not", "assert"),
    ("test-norm-check", "K[0, 0])", "2 * K[0, 0])"),
    ("test-zero-check", "[1, 2, 1], [1, 2, 1]", "[1, 2, 1], [1, 2, 3]"),
    ("test-zero-check", "-dX_with", "dX_with"),
    ("test-adjoint-check", "np.vdot(X, right), product", "np.vdot(X, wrong), product"),
    ("net-plant-code", '"no_turn"', '"dK_not_turned"'),
    ("net-line-check", "K2[j, i]", "K2[j, i].T"),
    ("slope-loss-check", "(1 - y) *", "(1 + y) *"),
    ("pool-cells", "delta_block / s**2)", "delta_block / s)"),
    ("pool-net-check", "(\"no_share\", 16)", "(\"no_share\", 4)"),
    ("batch-check", '"mispaired"', '"dK_not_turned"'),
    ("update-by-hand", '"bias_elsewhere"', '"none"'),
    ("judges-claims-check", '"bias_elsewhere"', '"bias_mean"'),
    ("museum-mean-check", "K.swapaxes(2, 3)", "K.swapaxes(2, 3) ** 2"),
]

SLOW_CHECKS = {"slope-errors"}  # trains a net

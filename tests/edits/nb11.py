"""One wrong token each that has to stop notebook 11."""

NOTEBOOK = "11_check_every_gradient"
SLOW_CHECKS = {"real-check", "sweep-figure"}

EDITS = [  # cell, old token, new token
    ("number-check", "cube(2 - eps)", "cube(2)"),
    ("entry-check", "X[0:2, 1:3]", "X[0:2, 0:2]"),
    ("sweep-loop", "(2 * eps) - 12", "(2 * eps) - 11"),
    ("single-loop", "np.float32)", "np.float64)"),
    ("explore-slope", "A * (1 - A)", "(1 - A)"),
    ("net-hand-loop", "(2 * eps)", "eps"),
    ("single-words-check", "> 12 / 1000", "> 12 / 100"),
    ("bugs-measure", "plant(small_net(), name)", 'plant(small_net(), "none")'),
    ("bugs-measure", '"other_map", "mispaired"', '"other_map", "no_share"'),
    ("tolerance-saturate", '"no_turn"', '"none"'),
    ("tolerance-relative-check", "assert differ", "assert equal"),
    ("adjoint-loop", "dX[i + u,", "dX[i + 1 - u,"),
    ("adjoint-wrong-check", "ops.rot180(K)", "K"),
    ("adjoint-limit-check", "ops.rot180(K)", "K"),
    ("adjoint-gap", "ops.rot180(kernels)", "kernels"),
    ("blind-arrays", "ops.rot180(kernels)", "kernels"),
    ("blind-course-check", "two_by_two.swapaxes(2, 3)", "two_by_two ** 2"),
    ("blind-search-rule", "range(-padding,", "range(0,"),
    ("blind-search-rule", "taps == taps[::-1]", "all(taps)"),
    ("batch-check", "(size == 1)", "(size == 2)"),
    ("table-layer", "turn=ops.rot180,", "turn=np.copy,"),
    ("recipe-impulse-check", "impulse[1, 0] = 1", "impulse[0, 1] = 1"),
]

"""One wrong token each that has to stop notebook 09."""

NOTEBOOK = "09_pooling_flatten_and_output"
SLOW_CHECKS = {"max-figure"}

EDITS = [  # cell, old token, new token
    ("mean-loop", "/ s**2", "/ s"),
    ("box-loop", "/ s**2", ""),
    ("box-check", "slid[::s, ::s], P,", "slid[::s, : 3], P,"),
    ("back-owner", "p // s,", "p % s,"),
    ("back-loop", "/ s**2", ""),
    ("expand-check", "expanded / s**2, measured,", "expanded / s**4, measured,"),
    ("expand-matrix", "+ a) +", "- a) +"),
    ("adjoint-by-hand", "y[p // s, q // s]", "y[p // s, q % s]"),
    ("max-loop", "> A[switch", "< A[switch"),
    ("max-back-loop", "delta[i, j]", "delta[i, j] / s**2"),
    ("ties-sub-check", "tied / tied.sum()", "tied / 2"),
    ("slope-right", "a * (1 - a)", "z * (1 - z)"),
    ("pool-delta-loop", "ops.rot180(K[j, i])", "K[j, i]"),
    ("pool-delta-loop", "+=", "="),
    ("early-loop", "(1 - A1[i])", "(1 + A1[i])"),
    ("early-loop", "/ s**2", ""),
    ("flatten-back-check", "(m, j, i)", "(m, i, j)"),
    ("flatten-weights-check", "W[:, order] @", "W @"),
    ("nets-order", "need_dX=need_dX).swapaxes(2, 3)", "need_dX=need_dX)"),
    ("error-delta", "* (1 - o)", ""),
    ("fvd-loop", "W[j, t]", "W[j, t - 1]"),
    ("dense-loop", "np.outer(od[n], fv[n]) / N", "np.outer(od[n], fv[n])"),
    ("endings-conv-check", "endings_fvd * endings_fv * (1 - endings_fv)", "endings_fvd"),
    ("saturation-check", "(1 - saturation_o), saturation_o - 1", "(1 + saturation_o), saturation_o - 1"),
    ("softmax-jacobian-loop", "- p[k]", "+ p[k]"),
    ("softmax-chain-check", "-y[j]", "y[j]"),
    ("max-overlap-check", "added[cell] += number", "added[cell] = number"),
]

"""One wrong token each that has to stop notebook 14."""

NOTEBOOK = "14_exam_and_errata"

EDITS = [  # cell, old token, new token
    ("warm-check", "X[2 * i :", "X[2 * i + 1 :"),
    ("warm-check", "1 * 9 + 10 * 7", "1 * 7 + 10 * 9"),
    ("layer-loops", "s * i + d * u", "s * i - d * u"),
    ("layer-loops", "* K[o, c, u, v]", "* K[o, c, -1 - u, -1 - v]"),
    ("layer-loops", "d * (h - 1) - 1", "d * h - 1"),
    ("judge-measure", "(delta * forward(X)).sum()", "forward(X).sum()"),
    ("judge-check", "stride=2", "stride=1"),
    ("three-judge", "::-1, ::-1]", "::1, ::1]"),
    ("pool-forward", "t * i : t * i + b_h", "t * i : t * i + b_w"),
    ("net-forward", "W.T", "-W.T"),
    ("net-measure-check", "b, W, c)", "b, W, 2 * c)"),
    ("net-arrays", "(2 * len(Y))", "len(Y)"),
]

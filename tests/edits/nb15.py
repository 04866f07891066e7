"""One wrong token each that has to stop notebook 15."""

NOTEBOOK = "15_is_your_layer_right"

EDITS = [  # cell, old token, new token
    ("first-code", "np.rot90(K, 2)", "K"),
    ("first-record", "[1]", "[8]"),
    ("first-where", '"wrong"', '"right"'),
    ("first-which-check", '"right"', '"wrong"'),
    ("second-code", "pad:-pad, pad:-pad", "pad : dX.shape[1] - pad, pad : dX.shape[2] - pad"),
    ("second-check", "<", ">="),
    ("third-code", "self.rows.T @ delta", "delta.T @ self.rows"),
    ("fourth-code", "self.W, self.X.shape)", "self.W + learning_rate * dW, self.X.shape)"),
    ("fourth-check", "== 1", "== 2"),
    ("settings-count", "SETTINGS[3]", "SETTINGS[0]"),
]

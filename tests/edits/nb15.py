"""One wrong token each that has to stop notebook 15."""

NOTEBOOK = "15_is_your_layer_right"

EDITS = [  # cell, old token, new token
    ("first-code", "np.rot90(K, 2)", "K"),
    ("first-record", "[1]", "[2:]"),
    ("first-where", '"wrong"', '"right"'),
    ("first-which", '"no_turn"', '"transposed"'),
    ("second-code", "pad:-pad, pad:-pad", "pad : dX.shape[1] - pad, pad : dX.shape[2] - pad"),
    ("second-which", "setting.p == 0", "setting.p == 1"),
    ("third-code", "self.rows.T @ delta", "delta.T @ self.rows"),
    ("fourth-code", "self.W, self.X.shape)", "self.W + learning_rate * dW, self.X.shape)"),
    ("fourth-which", '"right"', '"wrong"'),
    ("settings-count", "SETTINGS[3]", "SETTINGS[0]"),
]

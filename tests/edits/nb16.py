"""One wrong token each that has to stop notebook 16."""

NOTEBOOK = "16_the_same_turn_elsewhere"
SLOW_CHECKS = {"row-figure"}

EDITS = [  # cell, old token, new token
    ("row-matrix", "A[i, i + u]", "A[i, i + 2 - u]"),
    ("adjoint-check", "kernel[::-1]", "kernel"),
    ("machine-code", "matrix.T @", "np.linalg.pinv(matrix) @"),
    ("five-slide-check", "K[::-1, ::-1]", "K"),
    ("five-unfold-check", "+=", "="),
    ("five-mean-check", "/ 4", "/ 1"),
    ("five-drop-check", "recipe[::2, ::3]", "recipe[:3, :3]"),
    ("five-copy-check", "delta.sum(axis=(1, 2))", "delta.mean(axis=(1, 2))"),
    ("inverse-counts-check", "/ counts", "/ 6"),
    ("order-back", "spread[::2, ::2]", "spread[:4, :4]"),
    ("order-back", "K[::-1, ::-1]", "K"),
    ("order-back", "(7, 8)", "(7, 7)"),
    ("fourier-product-check", "(i + u) % N", "(i - u) % N"),
    ("reversed-check", "k[-n % N]", "k[::-1]"),
    ("reversed-check", "(h - 1)", "h"),
    ("proof-fail-check", "fourier.convolution().right", "slid.right"),
    ("back-check", "ifft(k_hat *", "ifft(np.conj(k_hat) *"),
    ("image-forward", "fft(H) * fft(D)", "np.conj(fft(H)) * fft(D)"),
    ("image-forward", "np.conj(fft(D))", "fft(D)"),
    ("caveat-check", "differ(small", "equal(small"),
    ("blind-check", "differ(fft", "equal(fft"),
    ("turned-numbers", "[1, 7, 2, 0", "[1, 2, 7, 0"),
]

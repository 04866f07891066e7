"""The gradients of a small net, right or with one fault: conv ⋆, σ, mean pool, flatten, dense, σ, squared error.

:func:`gradients` is the backward pass line by line, as one writes it by hand.  Each keyword replaces one of its
factors, so that an exercise can declare likely mistakes.
"""

from collections.abc import Callable

import numpy as np

from .. import adjoint, ops

PARTS = ("dW", "dc", "db", "dK", "dX")  # from the loss down to the image
BATCH = 2


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + e^−z)."""
    return 1 / (1 + np.exp(-z))


def forward(X: np.ndarray, K: np.ndarray, b: np.ndarray, W: np.ndarray, c: np.ndarray, scale: tuple[int, int]):
    """(A, P, O): A = σ(X ⋆ K + b), P its means over blocks of ``scale`` cells, O = σ(W·P + c)."""
    windows = ops.windows(X, K.shape[2:])  # (N, C_in, m_h, m_w, k_h, k_w)
    A = sigmoid(np.einsum("ncijuv,ocuv->noij", windows, K) + b[:, None, None])
    n, maps, m_h, m_w = A.shape
    P = A.reshape(n, maps, m_h // scale[0], scale[0], m_w // scale[1], scale[1]).mean(axis=(3, 5))
    return A, P, sigmoid(P.reshape(n, -1) @ W.T + c)


def cases(rng: np.random.Generator):
    """(X, K, A, P, W, O, Y) of three nets: a batch of two, several channels, blocks that are not always squares.

    As many maps come out as go in, so that channels in the wrong order give wrong numbers and no error.
    """
    for channels, size, kernel, scale in [
        ((2, 2), (5, 6), (2, 3), (2, 2)),
        ((3, 3), (6, 5), (3, 2), (2, 1)),
        ((2, 2), (7, 7), (2, 2), (2, 3)),
    ]:
        c_in, c_out = channels
        X, K = rng.standard_normal((BATCH, c_in, *size)), rng.standard_normal((c_out, c_in, *kernel))
        cells = [(n - k + 1) // s for n, k, s in zip(size, kernel, scale, strict=True)]
        W = rng.standard_normal((3, c_out * cells[0] * cells[1]))
        A, P, O = forward(X, K, rng.standard_normal(c_out), W, rng.standard_normal(3), scale)
        yield X, K, A, P, W, O, rng.random(O.shape)


def gradients(
    X: np.ndarray,
    K: np.ndarray,
    A: np.ndarray,
    P: np.ndarray,
    W: np.ndarray,
    O: np.ndarray,
    Y: np.ndarray,
    *,
    batch: Callable = lambda n: n,
    output_slope: Callable = lambda O: O * (1 - O),
    pool_slope: Callable = lambda P: 1,
    share: Callable = lambda area: area,
    slope: Callable = lambda A: A * (1 - A),
    order: str = "C",
    **last: Callable,
) -> dict[str, np.ndarray]:
    """∂L/∂W, ∂L/∂c, ∂L/∂b, ∂L/∂K and ∂L/∂X of L = ½ Σ (O − Y)² / N.

    ``last`` changes a gradient after everything else: name → function of (gradient, delta, the other arguments).
    """
    delta_out = (O - Y) / batch(len(O)) * output_slope(O)
    features = P.transpose(0, 1, 3, 2) if order == "F" else P
    columns = (delta_out @ W).reshape(features.shape)
    dP = (columns.transpose(0, 1, 3, 2) if order == "F" else columns) * pool_slope(P)
    s_h, s_w = A.shape[2] // P.shape[2], A.shape[3] // P.shape[3]
    delta = np.repeat(np.repeat(dP, s_h, axis=2), s_w, axis=3) / share(s_h * s_w) * slope(A)
    found = {
        "dW": delta_out.T @ features.reshape(len(P), -1),
        "dc": delta_out.sum(axis=0),
        "db": delta.sum(axis=(0, 2, 3)),
        "dK": adjoint.kernel_gradient(X, delta, K.shape[2:]),
        "dX": adjoint.scatter(delta, K, X.shape),
    }
    return {name: last[name](array, delta, K, X) if name in last else array for name, array in found.items()}


def with_fault(**options: Callable) -> Callable:
    """The backward pass with these factors replaced, as a learner's function."""
    return lambda X, K, A, P, W, O, Y: gradients(X, K, A, P, W, O, Y, **options)

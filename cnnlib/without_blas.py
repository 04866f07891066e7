"""One matrix product, computed in the way that is fast on the present platform.

NumPy hands A·B to a BLAS, a library that multiplies matrices at the machine's full speed. Python in a web page
has none. There NumPy's own loop computes one entry of C after the other and reads a column of B for each, which
is slow as soon as the sums are long. ``einsum`` is then faster on the same numbers: with B transposed in memory,
every entry of C is the dot product of two rows, both read in memory order.

:data:`LONG_SUM` gives the number of terms from which ``einsum`` is used. It was measured once
(``benchmarks/page_products.py``) and not while a net trains: the same seed gives the same bits, on one platform.
"""

import sys

import numpy as np

PLATFORM = "page" if sys.platform == "emscripten" else "native"
LONG_SUM = {"native": None, "page": 64}  # terms of a sum from which dot products of rows are faster; None: never


def matmul(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """C = A·B, C[i, k] = Σ_j A[i, j]·B[j, k], for A (m, n) and B (n, p) of one dtype."""
    long = LONG_SUM[PLATFORM]
    if long is None or A.shape[1] < long or A.dtype == object:
        return A @ B
    return np.einsum("ij,kj->ik", np.ascontiguousarray(A), np.ascontiguousarray(B.T))

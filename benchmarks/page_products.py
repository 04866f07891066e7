"""Where the time of an update goes in a web page: matrix products without BLAS, by the length of their sums.

It runs in a notebook of the page, and under Node.js with Pyodide. It prints how many times as fast dot products of
rows are as A @ B, for sums of so many terms (``cnnlib.without_blas``). The table of 2026-11-27 (Pyodide 0.27.7,
NumPy 2.0.2, Node.js 20, CPU time, 6 million products each, alike within 5 % for 6 to 120 columns):

    terms       8    16   32   48   64   96   128  200  400  1000
    faster by   0.5  0.5  0.7  0.9  1.0  1.2  1.3  1.5  1.75 1.85

Where A comes transposed, as in the gradient of a kernel, 1000 terms are 1.5 to 3.4 times as fast.
"""

import time

import numpy as np

from cnnlib import without_blas

LENGTHS = (8, 16, 32, 48, 64, 96, 128, 200, 400, 1000)


def seconds(call, times=7):
    """The second fastest of several calls."""
    call()
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        spent.append(time.perf_counter() - started)
    return sorted(spent)[1]


def main():
    rng, without_blas.PLATFORM = np.random.default_rng(0), "page"
    without_blas.LONG_SUM["page"] = 0
    for columns in (6, 12, 48):
        ratios = []
        for terms in LENGTHS:
            A = rng.standard_normal((6_000_000 // (terms * columns) + 1, terms), dtype=np.float32)
            B = rng.standard_normal((terms, columns), dtype=np.float32)
            ratio = seconds(lambda A=A, B=B: A @ B) / seconds(lambda A=A, B=B: without_blas.matmul(A, B))
            ratios.append(f"{terms}: {ratio:.2f}")
        print(f"{columns} columns   {'   '.join(ratios)}")


if __name__ == "__main__":
    main()

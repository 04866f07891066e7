"""The letters of the symbolic proofs: sizes and indices.

One letter, one meaning, as in the whole course; every index starts at 0::

    (p, q) input   (u, v) kernel   (i, j) output   (a, b) the turned kernel
    c input channel   o output channel

Under correlation the three pairs are tied by p = i + u and q = j + v.
"""

from sympy import Symbol, symbols

# Sizes are positive integers without a value: what is shown with them is shown for every size.
n_h, n_w, h, w = symbols("n_h n_w h w", integer=True, positive=True)
C_in, C_out = symbols("C_in C_out", integer=True, positive=True)

# Indices are integers of either sign: that they stay inside their map is written as a condition.
i, j, u, v, p, q, a, b, c, o = symbols("i j u v p q a b c o", integer=True)


def primed(index: Symbol) -> Symbol:
    """A second index of the same kind, as u′ beside u, for a sum in which u is already taken."""
    return Symbol(f"{index.name}'", integer=True)

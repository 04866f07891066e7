"""The proof, in SymPy alone: why the kernel turns by 180° in backpropagation::

    letters, printing, sigmoid, step
                                        the names of sizes and indices, and how formulas read
    concrete                            maps of a given size: index sums
    patch, dense                        the article's 2×2 case; dense layers
    general, index_sets, comparison     maps of symbolic size, and when two sums are equal
    claims, sentences, proofs           what is claimed, and the proof for every size, step by step
    fourier                             what a turned kernel becomes in the discrete Fourier transform

`concrete` and `general` use the same names (pad, rot180, correlate, convolve, gradient) for the same
operations, on matrices and on maps whose size is a symbol. From here the concrete ones are exported;
`from cnnlib.symbolic import general` gives the others. Nothing here imports NumPy or cnnlib.ops: the
proof and the code that trains networks are independent witnesses.
"""

from . import concrete, general
from .claims import Claim, Layer, claims, layer
from .comparison import Comparison, Summand, compare, resum, summand
from .concrete import (
    Term,
    convolve,
    correlate,
    difference,
    gradient,
    loss,
    pad,
    rot180,
    symbol_map,
    symbol_row,
    terms,
)
from .dense import DenseNet, bias_gradients, dense_deltas, dense_net, dense_steps
from .patch import patch_network, patch_steps
from .printing import latex, latex_chains, text, text_chains
from .proofs import (
    Proof,
    input_gradient_steps,
    kernel_gradient_steps,
    prove,
    prove_input_gradient,
    prove_kernel_gradient,
    without_cases,
)
from .sigmoid import sigma, sigma_prime
from .step import Step

__all__ = [
    "Claim",
    "Comparison",
    "DenseNet",
    "Layer",
    "Proof",
    "Step",
    "Summand",
    "Term",
    "bias_gradients",
    "claims",
    "compare",
    "concrete",
    "convolve",
    "correlate",
    "dense_deltas",
    "dense_net",
    "dense_steps",
    "difference",
    "general",
    "gradient",
    "input_gradient_steps",
    "kernel_gradient_steps",
    "latex",
    "latex_chains",
    "layer",
    "loss",
    "pad",
    "patch_network",
    "patch_steps",
    "prove",
    "prove_input_gradient",
    "prove_kernel_gradient",
    "resum",
    "rot180",
    "sigma",
    "sigma_prime",
    "summand",
    "symbol_map",
    "symbol_row",
    "terms",
    "text",
    "text_chains",
    "without_cases",
]

"""A layer of symbolic size, and what the course claims its two gradients to be: the table FORMS.

The first form of dX repeats the forward operation, with the kernel turned once: that holds under
correlation ⋆ and under convolution ∗. With channels the forward pass is Z_o = Σ_c X_c ⋆ K_{o,c}, and
dX_c = Σ_o δ_o ⋆full rot180(K_{o,c}) takes the same slices the other way: the kernel is turned in space,
and its two channel axes change places.
"""

from collections.abc import Callable
from typing import NamedTuple

from sympy import Sum

from .general import Index, Map, channel, convolve, correlate, named, pad, rot180, stack, summed, total
from .letters import C_in, C_out, a, b, c, h, i, j, n_h, n_w, o, p, primed, q, u, v, w

SLIDE = {"correlation": correlate, "convolution": convolve}


class Layer(NamedTuple):
    """One forward pass: z built from x and k, the sum Σ δ z, and the gradient asked of it."""

    x: Map
    k: Map
    delta: Map
    z: Map
    loss: Sum
    outputs: Index  # the running indices of δ and z: (i, j), with channels (o, i, j)
    at: Index  # the one entry asked for: (p, q) of dX, (u, v) of dK, channels first
    dimensions: int
    channels: bool
    operation: str
    gradient: str


class Form(NamedTuple):
    """One way to write a gradient: in words, in symbols, as code, and as a rule on maps."""

    text: str
    symbols: str
    code: str
    build: Callable[..., Map]


class Claim(NamedTuple):
    """What a gradient is said to be: in plain text, in LaTeX, as a line of code, and as a Map."""

    text: str
    latex: str
    code: str
    map: Map


def full(delta: Map, K: Map) -> Map:
    """δ between size − 1 zeros on each side: the valid result on it is the full result on δ."""
    return pad(delta, *(size - 1 for size in K.sizes))


FORMS = {
    ("dX", "correlation"): (
        Form("the full correlation of {δ} with rot180({K})", "{δ} ⋆full rot180({K})",
             'correlate({δ}, rot180({K}), "full")',
             lambda X, K, δ, over: correlate(full(δ, K), rot180(K), over)),
        Form("the full convolution of {δ} with {K}", "{δ} ∗full {K}",
             'convolve({δ}, {K}, "full")',
             lambda X, K, δ, over: convolve(full(δ, K), K, over)),
    ),
    ("dX", "convolution"): (
        Form("the full convolution of {δ} with rot180({K})", "{δ} ∗full rot180({K})",
             'convolve({δ}, rot180({K}), "full")',
             lambda X, K, δ, over: convolve(full(δ, K), rot180(K), over)),
        Form("the full correlation of {δ} with {K}", "{δ} ⋆full {K}",
             'correlate({δ}, {K}, "full")',
             lambda X, K, δ, over: correlate(full(δ, K), K, over)),
    ),
    ("dK", "correlation"): (
        Form("the valid correlation of {X} with {δ}", "{X} ⋆ {δ}",
             'correlate({X}, {δ}, "valid")',
             lambda X, K, δ, over: correlate(X, δ, over)),
    ),
    ("dK", "convolution"): (
        Form("rot180 of the valid correlation of {X} with {δ}", "rot180({X} ⋆ {δ})",
             'rot180(correlate({X}, {δ}, "valid"))',
             lambda X, K, δ, over: rot180(correlate(X, δ, over))),
        Form("the valid convolution of rot180({X}) with {δ}", "rot180({X}) ∗ {δ}",
             'convolve(rot180({X}), {δ}, "valid")',
             lambda X, K, δ, over: convolve(rot180(X), δ, over)),
    ),
}


def layer(dimensions=2, channels=False, operation="correlation", gradient="dX") -> Layer:
    """A convolutional layer of symbolic size, ready to be differentiated for dX or for dK.

    dimensions is 1 or 2, operation "correlation" or "convolution". An index that the gradient asks for,
    such as (u, v) of dK, is primed where the forward sum runs over it: one letter, one meaning.
    """
    if dimensions not in (1, 2) or (gradient, operation) not in FORMS:
        raise ValueError(f"Give 1 or 2 dimensions, 'correlation' or 'convolution', 'dX' or 'dK'; "
                         f"not {dimensions}, {operation!r}, {gradient!r}.")
    ours = primed if gradient == "dK" else (lambda index: index)
    taps, outputs = tuple(ours(n) for n in (u, v)[:dimensions]), (i, j)[:dimensions]
    at = (p, q)[:dimensions] if gradient == "dX" else (u, v)[:dimensions]
    slide, inputs, kernels = SLIDE[operation], (n_h, n_w)[:dimensions], (h, w)[:dimensions]
    if channels:
        x, k = named("x", C_in, *inputs), named("k", C_out, C_in, *kernels)
        outputs, at = (ours(o), *outputs), ((c, *at) if gradient == "dX" else (o, c, *at))

        def output(n):
            return summed(lambda m: slide(channel(x, m), channel(k, n, m), taps), primed(c), C_in)

        z = stack(output, C_out)
    else:
        x, k = named("x", *inputs), named("k", *kernels)
        z = slide(x, k, taps)
    delta = named("delta", *z.sizes)
    loss = total(delta, z, outputs)
    return Layer(x, k, delta, z, loss, outputs, at, dimensions, channels, operation, gradient)


def claims(of: Layer) -> tuple[Claim, ...]:
    """All forms of the gradient asked of this layer, as maps of symbolic size."""
    return tuple(_claim(of, form) for form in FORMS[of.gradient, of.operation])


def _claim(of: Layer, form: Form) -> Claim:
    over = (a, b)[: of.dimensions]

    def slices(n, m):
        return form.build(channel(of.x, m), channel(of.k, n, m), channel(of.delta, n), over)

    if not of.channels:
        text, symbols = form.text.format(δ="δ", K="K", X="X"), form.symbols.format(δ="δ", K="K", X="X")
        code = form.code.format(δ="delta", K="K", X="X")
        return Claim(text, _latex(symbols), code, form.build(of.x, of.k, of.delta, over))
    text = form.text.format(δ="δ[o]", K="K[o, c]", X="X[c]")
    symbols = form.symbols.format(δ="δ_o", K="K_{o,c}", X="X_c")
    code = form.code.format(δ="delta[o]", K="K[o, c]", X="X[c]")
    if of.gradient == "dK":
        return Claim(text, _latex(symbols), code, stack(lambda n: stack(lambda m: slices(n, m), C_in), C_out))
    text, symbols, code = f"the sum over o of {text}", f"Σ_o {symbols}", f"sum({code} for o in range(C_out))"
    return Claim(text, _latex(symbols), code, stack(lambda m: summed(lambda n: slices(n, m), o, C_out), C_in))


def _latex(symbols: str) -> str:
    words = {
        "⋆full": r"\star_{\mathrm{full}}",
        "∗full": r"\ast_{\mathrm{full}}",
        "⋆": r"\star",
        "∗": r"\ast",
        "rot180": r"\mathrm{rot180}",
        "δ": r"\delta",
        "Σ": r"\sum",
    }
    for word, command in words.items():
        symbols = symbols.replace(word, command)
    return symbols

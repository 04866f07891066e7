"""The sentence that justifies each step of a proof, in the letters of its dimensions and operation."""

from sympy import Expr

from .claims import Claim, Layer


def forward(of: Layer) -> str:
    """Step 1: the definition of the forward pass."""
    kernel = "kernel" if _plain(of) else "turned kernel"
    first = f"Forward, a {of.operation}: each output adds up a window of x times the {kernel}"
    first += ", over all input channels." if of.channels else "."
    if of.gradient == "dK":
        return f"{first} Its own kernel indices are primed; unprimed ones will name the entry asked for."
    met = _indices(of, "u", "v") if _plain(of) else _indices(of, "h − 1 − u", "w − 1 − v")
    return f"{first} Place {_indices(of, 'i + u', 'j + v')} of x meets place {met} of k."


def asked(of: Layer) -> str:
    """Step 2: the chain rule."""
    return (
        f"The chain rule: the loss depends on {_letter(of)} only through z, through every z, so all ways add up. "
        f"δ = ∂L/∂z, and counts as a constant."
    )


def differentiated(of: Layer) -> str:
    """Step 3: term by term."""
    return (
        f"The entries of {_letter(of)} are independent of each other: the derivative of one by another is "
        f"the bracket [ = ], 1 where their indices are equal and 0 elsewhere."
    )


def collapsed(of: Layer) -> str:
    """Step 4: the brackets are evaluated; the turn comes from this step."""
    if of.gradient == "dK":
        if _plain(of):
            return "Of the sum over the kernel one entry is left; i and u keep their signs, so nothing turns."
        return "Of the sum over the kernel one entry is left, and it was turned: x is read backwards in u."
    only = _indices(of, "p − i", "q − j")
    left = f"p = i + u is solved for u. Of the sum over the kernel only {only} is left"
    if _plain(of):
        return f"{left}, where the kernel reaches that far: while i grows, the kernel index p − i falls."
    return f"{left}, turned as forward: while i grows, the kernel index h − 1 − (p − i) grows too."


def counted(of: Layer) -> str:
    """Step 5: a new running index, so that the sum reads as one that slides over δ."""
    put = " and ".join(["i = p + a − (h − 1)", "j = q + b − (w − 1)"][: of.dimensions])
    kernel = "the kernel backwards" if _plain(of) else "the kernel forwards, too"
    rising = "a goes" if of.dimensions == 1 else "a and b go"
    return f"Put {put}. As {rising} up, δ is read forwards and {kernel}."


def claimed(claim: Claim) -> str:
    """Step 6: the other side."""
    return f"Separately, the claim: {claim.text}, written out from the definitions of its operations."


def subtracted(residual: Expr) -> str:
    """Step 7: general terms."""
    if residual == 0:
        return "Both sides with δ at the same index: their general terms subtract to 0."
    return "Both sides with δ at the same index: their general terms do not subtract to 0."


def index_sets(equal: bool) -> str:
    """Step 8: index sets."""
    if equal:
        return "Limits and conditions together are the same set of inequalities on both sides."
    return "The claim's limits and conditions; those of the derivative, named below, are another set."


def hence(of: Layer, claim: Claim, holds: bool) -> str:
    """Step 9: the theorem, or its failure."""
    if not holds:
        return f"The check fails: it is not shown that {of.gradient} is {claim.text}."
    sizes = "n_h and h" if of.dimensions == 1 else "n_h, n_w, h and w"
    letter = of.gradient + ({"dX": "[c]", "dK": "[o, c]"}[of.gradient] if of.channels else "")
    once = " It is the forward operation with the kernel turned once." if "rot180(K" in claim.text else ""
    return (
        f"Equal terms over equal index sets make equal sums. {sizes} never got a value: "
        f"{letter} is {claim.text}, for every size.{once}"
    )


def _plain(of: Layer) -> bool:
    return of.operation == "correlation"


def _letter(of: Layer) -> str:
    return "x" if of.gradient == "dX" else "k"


def _indices(of: Layer, first: str, second: str) -> str:
    return f"({first})" if of.dimensions == 1 else f"({first}, {second})"

"""How unlikely an array at a dotted path is to be the weights, or a gradient, by the names on the way to it."""

import re

import numpy as np

from . import likely
from .carrier import taken_out
from .contents import at
from .names import BIAS, KERNEL, WRAPPERS, squeezed


def kernel_rank(path: str) -> int:
    """How unlikely a dotted path is to be the weights themselves, for choosing among arrays of one shape."""
    said = [step for step in path.split(".") if not step.isdigit() and squeezed(step) not in WRAPPERS]
    if not said:
        return 1
    step = said[-1]
    last = squeezed(step)
    if last in KERNEL + BIAS:
        return 0
    if {"K", "b"} & set(likely.by_name("make", step)) and not _is_derived(last):
        return 1
    if re.match(r"(d|g|v|m|s|grad|delta|vel|mom|cache|old|prev|sum|opt)", last):
        return 3
    return 1 if re.search("w|kern|filt|bias|b", last) else 2


def _is_derived(last: str) -> bool:
    """Whether a name of weights has something before it, as dweights and gradbias have: no weights then."""
    before, after = "d|g|grad|gradient|delta|vel|mom|cache|old|prev", "w|k|b|f|gew|sch|pes|poi|ses|par"
    return bool(re.match(f"({before})({after})", last))


def gradient_rank(path: str) -> int:
    """How unlikely a dotted path is to be a gradient."""
    words = [step.lower().lstrip("_") for step in path.split(".")]
    like = r"(d|g|delta|nabla|der)_?(l|e|j|loss|cost)?_?d?_?(w|k|f|b|x|in|a|theta|t\b|conv|param|prev|z)"
    like += "|.*(grad|deriv|nabla)"
    if any(re.match(like, word) for word in words if word):
        return 0
    return 2 if any(re.match("(v|m|mom|vel|cache)", word) for word in words) else 1


def goes_out(session, path) -> bool:
    """Whether an array that the backward pass has made is called what goes on from it, as delta_out is.

    Or a layer before is handed it; or it bears the name under which delta was taken out of the next layer, since
    the one before takes it out likewise.
    """
    if ".handed." in path and session.plan.fields.get(path.split(".")[0], ("",))[0] == "neighbours":
        return True
    made, given = path not in session.before, np.asarray(session.context.facts.get("delta"))
    called = re.match(r"(d|delta|grad|error|err)_?(out|back|prev|down|lower|below)", path.lower().lstrip("_"))
    back = session.subject.method(session.layer, session.plan.backward_name, backward=True)
    called = called or path in taken_out(back, session.plan.backward, "delta")
    return bool(made and called and not np.array_equal(np.asarray(at(session.layer, path)).ravel(), given.ravel()))

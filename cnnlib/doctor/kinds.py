"""What each kind of layer should compute: convolution, dense, mean and max pooling, activation.

A dense layer is a convolution of 1×1 maps with 1×1 kernels: only pooling and activations need formulas.
"""

import re
from dataclasses import replace

import numpy as np

from ..ops import windows
from .anatomy import ACTIVATIONS, SIGNS, Anatomy, agree, linear_part, paddings, read_forward, tolerance

ANYTHING = "any"  # a forward pass of no known kind
TRANSPOSED = r"conv[a-z]*_?\d?d?_?transpose|transposed?_?conv|deconv|up_?conv"
NO_PADS = ((0, 0), (0, 0))
MOST_PADS = 3  # paddings under which an output of another size is compared
NAMED = (
    ("max pooling", ("maxpool", "max_pool", "pooling", "pool")),
    ("dense", ("dense", "linear", "fullyconn", "fully_conn", "affine", "fclayer", "fc_layer")),
    ("activation", ("relu", "sigmoid", "tanh", "softplus", "activation", "elu")),
)


def kind_of(name: str) -> str:
    """The kind that the name of a class or function suggests; a convolution where it suggests none."""
    low = name.lower()
    if re.search(TRANSPOSED, low):
        return ANYTHING
    if "pool" in low and "conv" not in low:
        return "mean pooling" if "avg" in low or "average" in low or "mean" in low else "max pooling"
    if "conv" in low:
        return "convolution"
    return next((kind for kind, words in NAMED if any(word in low for word in words)), "convolution")


def named(name: str) -> bool:
    """Whether a name says its kind."""
    words = ["conv", *(word for _, known in NAMED for word in known)]
    return bool(re.search(TRANSPOSED, name.lower())) or any(word in name.lower() for word in words)


def has_kernel(kind: str) -> bool:
    """Whether layers of this kind multiply by a kernel: convolutions, and dense layers as those of 1×1 maps."""
    return kind in ("convolution", "dense")


def fitted(plan, setting):
    """The setting with one image, channel or map where the plan's layouts have no axis for several."""
    if not has_kernel(plan.kind):
        return setting
    inside = plan.K.letters if plan.has_kernel and plan.K is not None else "I"
    return replace(
        setting,
        N=setting.N if "N" in plan.X.letters else 1,
        C=setting.C if "C" in plan.X.letters and "I" in inside else 1,
        O=_maps(plan, setting) if "O" in plan.Z.letters else 1,
    )


def _maps(plan, setting) -> int:
    """The maps of a setting; the next multiple of its channels where a layer is told how many each has."""
    told = {option for site in plan.sites for option in site.values()}
    return -(-setting.O // setting.C) * setting.C if ("O", 1) in told else setting.O


def pooled(X: np.ndarray, kind: str, size, stride) -> np.ndarray:
    """The mean or the maximum of every window, incomplete windows dropped."""
    W = windows(X, size, stride=stride)
    return W.mean(axis=(-2, -1)) if kind == "mean pooling" else W.max(axis=(-2, -1))


def recognise(case, Z, plan, dtype=float) -> Anatomy | None:
    """The anatomy of this forward pass under the plan's kind, or None."""
    if Z is None or not np.all(np.isfinite(Z)):
        return None
    if has_kernel(plan.kind):
        return read_forward(
            case, Z, dtype, has_bias=plan.has_bias, activation=plan.activation, any_padding=plan.any_padding
        )
    if plan.kind == "activation":
        names = [
            name for name, (value, _) in ACTIVATIONS.items() if agree(Z, value(case.X), max(tolerance(dtype), 1e-9))
        ]
        return Anatomy("activation", NO_PADS, names[0], "none") if names else None
    setting = case.setting
    wanted = pooled(case.X, plan.kind, (setting.k_h, setting.k_w), setting.s)
    return Anatomy(plan.kind, NO_PADS, "linear", "none") if agree(Z, wanted, max(tolerance(dtype), 1e-9)) else None


def expected_output(plan, setting) -> tuple[int, ...] | None:
    """The shape of Z in our order for this kind; None where it may have any."""
    if plan.kind == ANYTHING:
        return None
    return setting.shapes["X"] if plan.kind == "activation" else setting.shapes["Z"]


def likeness(case, Z, plan) -> float:
    """How much Z looks like the kind's forward pass: the largest ``|correlation|``; 0.7 where one map agrees.

    An output of another size is compared under the first paddings that give this size.
    """
    if not has_kernel(plan.kind) or Z.ndim != 4 or Z.shape[:2] != case.setting.shapes["Z"][:2] or Z.size < 3:
        return 0.0
    asked, best = Z.shape == case.setting.shapes["Z"], 0.0
    for pads in [case.setting.pads] if asked else paddings(case.setting, Z.shape[2:])[:MOST_PADS]:
        for operation in SIGNS:
            linear = linear_part(case, operation, pads)
            if linear.shape != Z.shape:
                continue
            with np.errstate(all="ignore"):
                best = max(best, _alike(Z, linear))
                maps = range(Z.shape[1]) if best < 0.7 and Z[:, 0].size > 8 else ()
                best = 0.7 if any(_alike(Z[:, o], linear[:, o]) > 0.999 for o in maps) else best
    return best


def _alike(a, b) -> float:
    return float(np.nan_to_num(abs(np.corrcoef(a.ravel(), b.ravel())[0, 1])))

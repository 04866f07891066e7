"""The format of a saved run's file: names, dtypes and shapes, and how its numbers have to agree with each other.

:func:`misfit` needs only the headers of the arrays, so it comes before anything is unpacked; :func:`contradiction`
looks at the numbers.  Both return what is wrong in words, or "".
"""

import hashlib
from collections.abc import Mapping

import numpy as np

from ..storage import LONGEST_TEXT, Header, check_numbers
from ..training import SMOOTHING
from .run import Run

TEXTS = ("net", "description", "settings", "platform", "digest")
WHOLE, REAL, TEXT = "whole numbers", np.dtype(float), "a text"
_KINDS = {WHOLE: "i", TEXT: "U"}


def misfit(headers: Mapping[str, Header], run: Run) -> str:
    """What is wrong with the names, dtypes and shapes of a record, where ``run`` is to take it over."""
    lengths = [_length(headers.get(name)) for name in ("losses", "keyframes", "errors")]
    if None in lengths:
        return "losses, keyframes or errors are missing, or are no lists"
    head, kept, measured = lengths
    if head > run.total or measured > head + 1 or not 0 < kept <= run.history.most:
        return f"{head} losses, {kept} kept weights and {measured} test errors are no record of {run.total} updates"
    wanted = _wanted(run, head, kept, measured)
    if wanted.keys() != headers.keys():
        missing, extra = sorted(wanted.keys() - headers.keys()), sorted(headers.keys() - wanted.keys())
        return f"{', '.join(missing) or 'nothing'} is missing, and {', '.join(extra) or 'nothing'} is too much"
    for name, (kind, shape) in wanted.items():
        header = headers[name]
        right_kind = header.dtype.kind == _KINDS[kind] if kind in _KINDS else header.dtype == kind
        if not right_kind or header.shape != shape or (kind == TEXT and header.nbytes > LONGEST_TEXT):
            return f"{name} is {header}; it has to be {kind} {shape}"
    return ""


def contradiction(arrays: Mapping[str, np.ndarray]) -> str:
    """What the numbers of a record that passed :func:`misfit` do not agree on."""
    if str(arrays["digest"]) != digest(arrays):
        return "its numbers are not those that were written"
    for name, array in arrays.items():
        try:
            if array.dtype.kind == "f":
                check_numbers(array, name)
        except ValueError as error:
            return str(error)
    head, every, steps = len(arrays["losses"]), int(arrays["every"]), arrays["keyframes"].tolist()
    if every < 1 or steps != list(range(0, head + 1, every)):
        return f"weights kept at the updates {str(steps)[:60]}, every {every}, do not fit {head} updates"
    if steps[-1] == head and any((arrays[name][-1] != arrays[f"now{name[4:]}"]).any() for name in _kept(arrays)):
        return "its newest weights are not the last that were kept"
    moments, shares = arrays["errors"].T
    in_order = moments[:1].tolist() == [0] and (np.diff(moments) >= 1).all() and moments[-1] <= head
    if not in_order or (moments % 1 != 0).any():
        return "its test errors are not in the order of its updates"
    if ((shares < 0) | (shares > 1)).any() or (arrays["norms"] < 0).any() or int(arrays["seed"]) < 0:
        return "a share of wrong images, a length or the seed is impossible"
    if not np.allclose(arrays["smoothed"], list(_smoothed(arrays["losses"].tolist())), rtol=1e-12, atol=0):
        return "its smoothed losses are not those of its losses"
    return ""


def digest(arrays: Mapping[str, np.ndarray]) -> str:
    """The SHA-256 of all arrays but the digest itself: their names, dtypes, shapes and numbers."""
    total = hashlib.sha256()
    for name in sorted(arrays.keys() - {"digest"}):
        array = np.asarray(arrays[name])
        total.update(f"{name} {array.dtype.str} {array.shape}\0".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def weights(network) -> dict[str, np.ndarray]:
    """The parameters of a network under "<layer number>.<name>"."""
    return {f"{i}.{name}": a for i, layer in enumerate(network.layers) for name, a in layer.params.items()}


def count_of_norms(network) -> int:
    """How many gradient norms a record holds for each update: one for each layer with kernels or weights."""
    return sum(name in ("K", "W") for layer in network.layers for name in layer.params)


def _wanted(run, head, kept, measured):
    """{name: (kind or dtype, shape)} of a record with so many updates, kept weights and test errors."""
    present = {key: np.asarray(array) for key, array in weights(run.build(rng=np.random.default_rng(0))).items()}
    wanted = {name: (TEXT, ()) for name in TEXTS} | {name: (WHOLE, ()) for name in ("form", "seed", "every")}
    wanted |= {"keyframes": (WHOLE, (kept,)), "losses": (REAL, (head,)), "smoothed": (REAL, (head,))}
    wanted |= {"norms": (REAL, (head, count_of_norms(run.network))), "errors": (REAL, (measured, 2))}
    wanted |= {f"now.{key}": (array.dtype, array.shape) for key, array in present.items()}
    wanted |= {f"kept.{key}": (array.dtype, (kept, *array.shape)) for key, array in present.items()}
    if run.momentum and head:  # without them training would start again from rest
        wanted |= {f"velocity.{key}": (array.dtype, array.shape) for key, array in present.items()}
    return wanted


def _smoothed(losses):
    value = losses[0] if losses else 0.0
    for loss in losses:
        value = SMOOTHING * value + (1 - SMOOTHING) * loss
        yield value


def _kept(arrays):
    return [name for name in arrays if name.startswith("kept.")]


def _length(header):
    """The length of a list, None where there is none."""
    return header.shape[0] if header is not None and header.shape else None

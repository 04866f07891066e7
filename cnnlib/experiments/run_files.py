"""A run to a file and back: what was recorded, and all that is needed to train on as if nothing had happened.

One .npz without pickle, written whole or not at all (:mod:`cnnlib.storage`).  Training goes on bit by bit as it
would have without the interruption: the order of the images follows from the seed, velocities are saved.
"""

from pathlib import Path

import numpy as np

from ..storage import read_npz, write_npz
from .run import History, Run

FORM = 1  # of the file


def save_run(path: str | Path, run: Run, net: str = "") -> None:
    """Write the record of a run, its newest weights and its settings; ``net`` is what the net is called."""
    run.finish_test()
    history, arrays = run.history, {f"now.{key}": array for key, array in _weights(run.network).items()}
    steps = sorted(history.keyframes)
    for key in _weights(run.network):
        i, name = key.split(".")
        arrays[f"kept.{key}"] = np.stack([history.keyframes[step][int(i)][name] for step in steps])
    arrays |= {f"velocity.{i}.{name}": v for (i, name), v in run.optimiser.velocities.items()}
    arrays |= {
        "form": np.array(FORM),
        "net": np.array(net),
        "description": np.array(describe(run)),
        "seed": np.array(run.seed),
        "keyframes": np.array(steps),
        "every": np.array(history.every),
        "losses": np.array(history.losses),
        "smoothed": np.array(history.smoothed),
        "norms": np.array(history.norms),
        "errors": np.array(history.errors, dtype=float).reshape(-1, 2),
    }
    write_npz(path, arrays)


def read_run(path: str | Path) -> dict[str, np.ndarray]:
    """What :func:`save_run` wrote; ValueError if it is anything else."""
    arrays = read_npz(path)
    if "form" not in arrays or int(arrays["form"]) != FORM:
        raise ValueError(f"{path}: this is no saved run; the panel's Save button makes one")
    return arrays


def load_run(path: str | Path, run: Run, arrays: dict[str, np.ndarray] | None = None) -> None:
    """Let ``run`` go on where the saved one was.  ValueError, and nothing changed, where the file does not fit."""
    arrays = read_run(path) if arrays is None else arrays
    if str(arrays["description"]) != describe(run):
        raise ValueError(f"{path}: saved from {arrays['description']}; this is {describe(run)}")
    network = run.build(rng=np.random.default_rng(0))
    if not _consistent(arrays, network, run.total):
        raise ValueError(f"{path}: its record is not consistent; it was not written by Save, or changed since")
    history, steps = History(network), arrays["keyframes"].tolist()
    history.losses, history.smoothed = arrays["losses"].tolist(), arrays["smoothed"].tolist()
    history.norms = arrays["norms"].tolist()
    history.errors = [(int(step), float(error)) for step, error in arrays["errors"]]
    history.every = int(arrays["every"])
    history.keyframes = {step: _layered(network, arrays, "kept.{}.{}", k) for k, step in enumerate(steps)}
    for layer, params in zip(network.layers, _layered(network, arrays, "now.{}.{}"), strict=True):
        layer.params = params
    velocities = {
        (int(i), name): arrays[f"velocity.{key}"]
        for key in _weights(network)
        for i, name in [key.split(".")]
        if f"velocity.{key}" in arrays
    }
    run.resume(int(arrays["seed"]), network, history, velocities)


def describe(run: Run) -> str:
    """The layers, the data and the settings in one line: two runs with equal lines can take each other's files."""
    layers = ", ".join(map(repr, run.network.layers))
    settings = ", ".join(f"{name} {value}" for name, value in run.settings.items())
    images = f"{len(run.digits.train_images)} + {len(run.digits.test_images)} images"
    return f"[{layers}; {run.network.loss}] on {images}, {settings}, momentum {run.momentum}"


def _consistent(arrays, network, total):
    """Are all arrays there, of the right shapes, finite, and about the same updates?"""
    shapes = {key: np.shape(array) for key, array in _weights(network).items()}
    names = {"losses", "smoothed", "norms", "errors", "keyframes", "every", "seed", "net", "description", "form"}
    names |= {f"{kind}.{key}" for key in shapes for kind in ("now", "kept")}
    if not names <= arrays.keys() <= names | {f"velocity.{key}" for key in shapes}:
        return False
    steps, head = arrays["keyframes"].tolist(), len(arrays["losses"])
    return (
        all(arrays[f"now.{key}"].shape == shape for key, shape in shapes.items())
        and all(arrays[f"kept.{key}"].shape == (len(steps), *shape) for key, shape in shapes.items())
        and len(arrays["smoothed"]) == len(arrays["norms"]) == head <= total
        and steps[:1] == [0] and steps == sorted(set(steps)) and steps[-1] <= head
        and all(np.isfinite(array).all() for array in arrays.values() if array.dtype.kind == "f")
    )  # fmt: skip


def _weights(network):
    return {f"{i}.{name}": a for i, layer in enumerate(network.layers) for name, a in layer.params.items()}


def _layered(network, arrays, pattern, k=...):
    """One dict of parameters a layer, from the arrays of a file; copies, so that nothing is shared."""
    return [
        {name: np.array(arrays[pattern.format(i, name)][k]) for name in layer.params}
        for i, layer in enumerate(network.layers)
    ]

"""Saving a run to a file and loading it: its record, and all that is needed to continue the training.

One .npz without pickle, written completely or not at all (:mod:`cnnlib.storage`).  Training continues with the same
bits as without the interruption: the order of the images follows from the seed, and velocities are saved.  That
holds on the platform that the run was saved on, which the file names: another one rounds its sums in another order.
A file is checked before it is unpacked, and nothing of it is used unless all of it fits.
"""

import json
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..storage import Header, NpzFile, write_npz
from ..without_blas import PLATFORM
from .run import History, Run
from .run_layout import TEXTS, contradiction, count_of_norms, digest, misfit, weights

FORM = 2  # of the file


class Head(NamedTuple):
    """The description of a saved run: enough to build a :class:`Run` that can continue it."""

    net: str  # what the net was called, or ""
    description: str  # see describe
    settings: dict  # arguments for Run; a learning rate that was a function is not among them
    platform: str  # of cnnlib.without_blas, whose sums were rounded as there: "native" or "page"


def save_run(path: str | Path, run: Run, net: str = "") -> None:
    """Write the record of a run, its newest weights and its settings.

    Parameters
    ----------
    path : file name
    run : Run
    net : text
        What the net is called.

    Raises
    ------
    ValueError
        And nothing is written, for a run that could not be loaded again, such as one whose weights diverged.
    """
    run.finish_test()
    history, steps = run.history, sorted(run.history.keyframes)
    arrays = {f"now.{key}": np.asarray(array) for key, array in weights(run.network).items()}
    for key in weights(run.network):
        i, name = key.split(".")
        arrays[f"kept.{key}"] = np.stack([history.keyframes[step][int(i)][name] for step in steps])
    arrays |= {f"velocity.{i}.{name}": v for (i, name), v in run.optimiser.velocities.items()}
    plain = {name: value for name, value in _settings(run).items() if not callable(value)}
    arrays |= {
        "form": np.array(FORM),
        "net": np.array(net),
        "description": np.array(describe(run)),
        "settings": np.array(json.dumps(plain)),
        "platform": np.array(PLATFORM),
        "seed": np.array(run.seed),
        "keyframes": np.array(steps),
        "every": np.array(history.every),
        "losses": np.array(history.losses, dtype=float),
        "smoothed": np.array(history.smoothed, dtype=float),
        "norms": np.array(history.norms, dtype=float).reshape(len(history.norms), count_of_norms(run.network)),
        "errors": np.array(history.errors, dtype=float).reshape(-1, 2),
    }
    arrays["digest"] = np.array(digest(arrays))
    headers = {key: Header(array.dtype, array.shape) for key, array in arrays.items()}
    trouble = misfit(headers, run) or contradiction(arrays)
    if trouble:
        raise ValueError(f"{path}: nothing was saved, since it could not be loaded again: {trouble}")
    write_npz(path, arrays)


def read_head(path: str | Path) -> Head:
    """Read the description of a saved run without unpacking its record.

    Raises
    ------
    ValueError
        If the file is anything else.
    """
    return _open(path)[1]


def load_run(path: str | Path, run: Run) -> None:
    """Let ``run`` continue from where the saved one was.

    Raises
    ------
    ValueError
        And nothing is changed, where the file does not fit.
    """
    file, head = _open(path)
    if head.description != describe(run):
        raise ValueError(f"{path}: saved from {head.description}; this is {describe(run)}")
    trouble = misfit(file.headers, run)
    arrays = {} if trouble else {key: file.read(key) for key in file.headers}
    trouble = trouble or contradiction(arrays)
    if trouble:
        raise ValueError(f"{path}: its record is not consistent: {trouble}. Save did not write this file as it is.")
    network = run.build(rng=np.random.default_rng(0))
    history, steps = History(network), arrays["keyframes"].tolist()
    history.losses, history.smoothed = arrays["losses"].tolist(), arrays["smoothed"].tolist()
    history.norms, history.every = arrays["norms"].tolist(), int(arrays["every"])
    history.errors = [(int(step), float(error)) for step, error in arrays["errors"]]
    history.keyframes = {step: _layered(network, arrays, "kept.{}.{}", k) for k, step in enumerate(steps)}
    for layer, params in zip(network.layers, _layered(network, arrays, "now.{}.{}"), strict=True):
        layer.params = params
    velocities = {tuple(key.split(".")[1:]): array for key, array in arrays.items() if key.startswith("velocity.")}
    velocities = {(int(i), name): array for (i, name), array in velocities.items()}
    run.resume(int(arrays["seed"]), network, history, velocities)


def describe(run: Run) -> str:
    """The layers, the data and the settings in one line: two runs with equal lines can take each other's files."""
    layers = ", ".join(map(repr, run.network.layers))
    content = 0
    for array in run.digits:
        content = zlib.crc32(np.ascontiguousarray(array), content)
    images = f"{len(run.digits.train_images)} + {len(run.digits.test_images)} images (checksum {content:08x})"
    settings = {name: _in_words(value, run.total) for name, value in _settings(run).items() if name != "test_every"}
    rest = ", ".join(f"{name} {value}" for name, value in settings.items())
    return f"[{layers}; {run.network.loss}] on {images}, {rest}"


def _settings(run):
    """The arguments of Run that decide how it trains and measures, as plain numbers of Python."""
    rate = run.settings["learning_rate"]
    return {
        "epochs": int(run.settings["epochs"]),
        "batch_size": int(run.settings["batch_size"]),
        "learning_rate": rate if callable(rate) else float(rate),
        "momentum": float(run.momentum),
        "test_every": int(run.test_every),
    }


def _in_words(value, total):
    """A setting as text; a learning rate that is a function is described by its values."""
    if not callable(value):
        return value
    rates = np.array([value(step) for step in range(1, total + 1)], dtype=float)
    return f"from {rates[0]:g} to {rates[-1]:g} (checksum {zlib.crc32(rates):08x})"


def _open(path):
    """(the file, its head); ValueError, in words, if it is no saved run of this form."""
    file = NpzFile(path)
    form = file.headers.get("form")
    if form is None or form.dtype.kind not in "iu" or form.shape != ():
        raise ValueError(f"{path}: this is no saved run; the panel's Save button makes one")
    if int(file.read("form")) != FORM:
        raise ValueError(f"{path}: this run was saved by another version of the course, whose files differ")
    texts = {name: file.text(name) for name in TEXTS}
    try:
        if any(text is None or text.shape != () for text in texts.values()):
            raise ValueError
        settings = json.loads(str(texts["settings"]))
        if not isinstance(settings, dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise ValueError(f"{path}: its record is not consistent: a text is missing or damaged") from None
    return file, Head(str(texts["net"]), str(texts["description"]), settings, str(texts["platform"]))


def _layered(network, arrays, pattern, k=...):
    """One dict of parameters for each layer, copied from the arrays of a file."""
    return [
        {name: np.array(arrays[pattern.format(i, name)][k]) for name in layer.params}
        for i, layer in enumerate(network.layers)
    ]

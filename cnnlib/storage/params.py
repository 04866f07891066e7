"""Saving and loading the parameters of a network: all of them or none."""

from pathlib import Path

import numpy as np

from ..validation import not_finite
from .npz import NpzFile, write_npz

NUMBERS = "iuf"  # the kinds of dtype that weights may have: no booleans, no complex numbers, no text


def save_params(path: str | Path, layers: list) -> None:
    """Every parameter under "<layer number>.<name>", and the layers' descriptions beside them.

    Parameters
    ----------
    path : file name
    layers : layers
        From input to output.

    Raises
    ------
    ValueError
        And nothing is written, for what could not be loaded again, such as weights that are not finite.
    """
    arrays = {f"{i}.{name}": array for i, layer in enumerate(layers) for name, array in layer.params.items()}
    for key, array in arrays.items():
        check_numbers(array, f"{path}: {key}")
    write_npz(path, {"layers": np.array([repr(layer) for layer in layers]), **arrays})


def load_params(path: str | Path, layers: list) -> None:
    """Read what :func:`save_params` wrote.

    Raises
    ------
    ValueError
        And nothing is changed, unless all of it fits.
    """
    file = NpzFile(path)
    texts = file.text("layers")
    saved, mine = [] if texts is None else texts.reshape(-1).tolist(), [repr(layer) for layer in layers]
    if saved != mine:
        raise ValueError(f"{path}: saved from the layers {saved}; this network has {mine}")
    places = {f"{i}.{name}": (layer, name) for i, layer in enumerate(layers) for name in layer.params}
    if file.headers.keys() - {"layers"} != places.keys():
        raise ValueError(f"{path}: holds {sorted(file.headers)}; this network has {sorted(places)}")
    for key, (layer, name) in places.items():
        if file.headers[key].shape != np.shape(layer.params[name]):
            wrong, right = file.headers[key].shape, np.shape(layer.params[name])
            raise ValueError(f"{path}: {key} is {wrong}; it has to be {right}")
        _check_kind(file.headers[key].dtype, f"{path}: {key}")
    loaded = {key: _as_kept(file.read(key), layer.params[name], f"{path}: {key}")
              for key, (layer, name) in places.items()}  # fmt: skip
    for key, (layer, name) in places.items():
        layer.params[name] = loaded[key]


def check_numbers(array: np.ndarray, name: str) -> None:
    """Refuse what is not all real numbers, each of them finite.

    Raises
    ------
    ValueError
        For anything else in the array called ``name``.
    """
    array = np.asarray(array)
    _check_kind(array.dtype, name)
    trouble = not_finite(array)
    if trouble:
        raise ValueError(f"{name} holds {trouble}; it has to be finite")


def _check_kind(dtype, name):
    if dtype.kind == "O":
        raise ValueError(f"{name} holds objects; only numbers can be saved")
    if dtype.kind not in NUMBERS:
        raise ValueError(f"{name} holds {dtype}; it has to be real numbers")


def _as_kept(array, present, name):
    """A saved parameter in the dtype of the network's own; ValueError where its numbers do not fit."""
    check_numbers(array, name)
    dtype = np.asarray(present).dtype
    if dtype.kind not in "fO":  # no saved fractions are cut off where the network's own are whole numbers
        return array
    with np.errstate(over="ignore"):
        kept = array.astype(dtype)
    if dtype.kind == "f" and not np.isfinite(kept).all():
        raise ValueError(f"{name} holds numbers too large for {dtype}")
    return kept

"""Arrays to a file and back: .npz without pickle, written whole or not at all, checked before use."""

import os
import uuid
import zipfile
from pathlib import Path

import numpy as np


def write_npz(path: str | Path, arrays: dict[str, np.ndarray]) -> None:
    """Write named arrays to ``path``: first to a file beside it, which then takes its place in one step."""
    path = Path(path)
    for name, array in arrays.items():
        if np.asarray(array).dtype == object:
            raise ValueError(f"{path}: {name} holds objects; only numbers can be saved")
    if path.is_dir():
        raise IsADirectoryError(f"{path}: this is a folder; give the name of a file")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path}: there is no folder {path.parent}")
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with open(temporary, "xb") as file:
            np.savez_compressed(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_npz(path: str | Path) -> dict[str, np.ndarray]:
    """The arrays of an .npz file by name; ValueError if it is damaged, and nothing is ever unpickled."""
    path = Path(path)  # a number would be taken for an open file
    try:
        with open(path, "rb") as file, zipfile.ZipFile(file) as archive:
            damaged = archive.testzip()  # NumPy reads what the header asks for, and may not reach the checksum
            if damaged:
                raise zipfile.BadZipFile(f"the checksum of {damaged} is wrong")
            file.seek(0)
            with np.load(file, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
    except FileNotFoundError:
        raise FileNotFoundError(f"{path}: there is no such file") from None
    except Exception as error:  # damage shows in many ways: zlib.error, TokenError, NotImplementedError, …
        raise ValueError(f"{path}: this is no undamaged .npz file of numbers ({error})") from error


def save_params(path: str | Path, layers: list) -> None:
    """Every parameter under "<layer number>.<name>", and the layers' descriptions beside them."""
    arrays = {f"{i}.{name}": array for i, layer in enumerate(layers) for name, array in layer.params.items()}
    write_npz(path, {"layers": np.array([repr(layer) for layer in layers]), **arrays})


def load_params(path: str | Path, layers: list) -> None:
    """Read what :func:`save_params` wrote; ValueError, and nothing changed, unless all of it fits."""
    arrays = read_npz(path)
    saved, mine = [str(text) for text in arrays.pop("layers", [])], [repr(layer) for layer in layers]
    if saved != mine:
        raise ValueError(f"{path}: saved from the layers {saved}; this network has {mine}")
    places = {f"{i}.{name}": (layer, name) for i, layer in enumerate(layers) for name in layer.params}
    if set(arrays) != set(places):
        raise ValueError(f"{path}: holds {sorted(arrays)}; this network has {sorted(places)}")
    for key, (layer, name) in places.items():
        if arrays[key].shape != np.shape(layer.params[name]):
            raise ValueError(f"{path}: {key} is {arrays[key].shape}; it has to be {np.shape(layer.params[name])}")
        if arrays[key].dtype.kind not in "buif":
            raise ValueError(f"{path}: {key} holds {arrays[key].dtype}; it has to be real numbers")
    for key, (layer, name) in places.items():
        dtype = np.asarray(layer.params[name]).dtype
        # Whole numbers put there by hand must not cut the fractions off what was saved.
        layer.params[name] = arrays[key].astype(dtype) if dtype.kind in "fO" else arrays[key]

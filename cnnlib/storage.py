"""Arrays to a file and back: .npz without pickle, written whole or not at all, looked at before it is unpacked."""

import contextlib
import io
import math
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .files import regular_file, replacing
from .validation import not_finite

LARGEST = 256_000_000  # bytes of a file, and of the arrays in it where nobody knows how large they have to be
LONGEST_TEXT = 100_000  # bytes
NUMBERS = "iuf"  # the kinds of dtype that weights may have: no booleans, no complex numbers, no text
_MOST_HEADER = 10_000  # bytes; NumPy's own limit
_READERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def write_npz(path: str | Path, arrays: dict[str, np.ndarray]) -> None:
    """Write named arrays to ``path``: first to a file beside it, which then takes its place in one step."""
    for name, array in arrays.items():
        if np.asarray(array).dtype == object:
            raise ValueError(f"{path}: {name} holds objects; only numbers can be saved")
    with replacing(path) as file:
        np.savez_compressed(file, **arrays)


def read_npz(path: str | Path) -> dict[str, np.ndarray]:
    """The arrays of an .npz file by name; ValueError if it is damaged, and nothing is ever unpickled."""
    file = NpzFile(path)
    size = sum(header.nbytes for header in file.headers.values())
    if size > LARGEST:
        raise ValueError(f"{path}: its arrays take {size / 1e6:,.0f} MB; {LARGEST / 1e6:,.0f} MB is the most")
    return {name: file.read(name) for name in file.headers}


class Header(NamedTuple):
    """What an array in a file says of itself before it is unpacked."""

    dtype: np.dtype
    shape: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """Bytes that the array takes; whole numbers of Python do not overflow."""
        return math.prod(self.shape) * self.dtype.itemsize

    def __str__(self):
        return f"{self.dtype} {self.shape}"


class NpzFile:
    """An .npz file that is not unpacked yet.  ``headers`` is {name: :class:`Header`}; each array is sure to match.

    Raises
    ------
    FileNotFoundError, OSError
        Where ``path`` leads to no regular file.
    ValueError
        Where the file is damaged, or holds anything but plain arrays of numbers and texts.
    """

    def __init__(self, path: str | Path):
        self.path, target = path, regular_file(path)
        if target.stat().st_size > LARGEST:
            raise ValueError(f"{path}: this file has more than {LARGEST / 1e6:,.0f} MB; none of the course's has")
        content = io.BytesIO(target.read_bytes())
        with self._damage_in_words():
            self._archive = zipfile.ZipFile(content)
            members = self._archive.infolist()
            self.headers = {member.filename.removesuffix(".npy"): self._header(member) for member in members}
            if len(self.headers) < len(members):
                raise zipfile.BadZipFile("two of its arrays have the same name")

    def read(self, name: str) -> np.ndarray:
        """Unpack one array and compare its checksum."""
        with self._damage_in_words(), self._archive.open(f"{name}.npy") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
            file.read()  # zipfile compares the checksum at the end
            return array

    def text(self, name: str) -> np.ndarray | None:
        """Unpack an array of short texts; None where there is no such array."""
        header = self.headers.get(name)
        fits = header is not None and header.dtype.kind == "U" and header.nbytes <= LONGEST_TEXT
        return self.read(name) if fits else None

    def _header(self, member):
        """The header of one array; BadZipFile where the array cannot be what it says."""
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile(f"{member.filename} is packed in a way that NumPy does not use")
        with self._archive.open(member) as file:
            start = io.BytesIO(file.read(_MOST_HEADER))
        read = _READERS.get(np.lib.format.read_magic(start))
        if read is None or not member.filename.endswith(".npy"):
            raise zipfile.BadZipFile(f"{member.filename} is no plain array")
        shape, _order, dtype = read(start)
        if dtype.hasobject or dtype.kind not in "biufcU" or any(size < 0 for size in shape):
            raise zipfile.BadZipFile(f"{member.filename} holds {dtype} {shape}, which is no plain array")
        header = Header(dtype, shape)
        if start.tell() + header.nbytes != member.file_size:
            given = member.file_size - start.tell()
            raise zipfile.BadZipFile(f"{member.filename} is {header}, which does not take {given:,} bytes")
        return header

    @contextlib.contextmanager
    def _damage_in_words(self):
        try:
            yield
        except Exception as error:  # damage shows in many ways: zlib.error, TokenError, NotImplementedError, …
            raise ValueError(f"{self.path}: this is no undamaged .npz file of numbers ({error})") from error


def save_params(path: str | Path, layers: list) -> None:
    """Every parameter under "<layer number>.<name>", and the layers' descriptions beside them.

    ValueError, and nothing written, for what could not be loaded again, such as weights that are not finite.
    """
    arrays = {f"{i}.{name}": array for i, layer in enumerate(layers) for name, array in layer.params.items()}
    for key, array in arrays.items():
        check_numbers(array, f"{path}: {key}")
    write_npz(path, {"layers": np.array([repr(layer) for layer in layers]), **arrays})


def load_params(path: str | Path, layers: list) -> None:
    """Read what :func:`save_params` wrote; ValueError, and nothing changed, unless all of it fits."""
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
    """ValueError unless an array holds real numbers, all of them finite."""
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
    """A saved parameter in the dtype that the network's own has; ValueError where its numbers do not fit."""
    check_numbers(array, name)
    dtype = np.asarray(present).dtype
    if dtype.kind not in "fO":  # whole numbers put there by hand must not cut the fractions off what was saved
        return array
    with np.errstate(over="ignore"):
        kept = array.astype(dtype)
    if dtype.kind == "f" and not np.isfinite(kept).all():
        raise ValueError(f"{name} holds numbers too large for {dtype}")
    return kept

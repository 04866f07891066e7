"""Arrays in .npz files without pickle: written completely or not at all, and checked before they are unpacked."""

import contextlib
import io
import math
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .files import regular_file, replacing

LARGEST = 256_000_000  # bytes of a file, and of the arrays in it where nobody knows how large they have to be
LONGEST_TEXT = 100_000  # bytes
_MOST_HEADER = 10_000  # bytes; NumPy's own limit
_READERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def write_npz(path: str | Path, arrays: dict[str, np.ndarray]) -> None:
    """Write named arrays to ``path``, first to a temporary file that then replaces it in one step."""
    for name, array in arrays.items():
        if np.asarray(array).dtype == object:
            raise ValueError(f"{path}: {name} holds objects; only numbers can be saved")
    with replacing(path) as file:
        np.savez_compressed(file, **arrays)


def read_npz(path: str | Path) -> dict[str, np.ndarray]:
    """The arrays of an .npz file by name; nothing is ever unpickled.

    Raises
    ------
    ValueError
        If the file is damaged.
    """
    file = NpzFile(path)
    size = sum(header.nbytes for header in file.headers.values())
    if size > LARGEST:
        raise ValueError(f"{path}: its arrays take {size / 1e6:,.0f} MB; {LARGEST / 1e6:,.0f} MB is the most")
    return {name: file.read(name) for name in file.headers}


class Header(NamedTuple):
    """The header of an array in a file: dtype and shape, known before the array is unpacked."""

    dtype: np.dtype
    shape: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """Bytes that the array takes; whole numbers of Python do not overflow."""
        return math.prod(self.shape) * self.dtype.itemsize

    def __str__(self):
        return f"{self.dtype} {self.shape}"


class NpzFile:
    """An .npz file that is not unpacked yet.  ``headers`` is {name: :class:`Header`}; each array matches its own.

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
        """The header of one array; BadZipFile if the array cannot have that dtype and shape."""
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

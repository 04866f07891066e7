"""The four original files of MNIST: found in a folder or in the cache, or fetched from a mirror, and read.

A file may be raw or packed (.gz).  Each is compared with its known size and sha256 before it is opened; a fetched
file gets its name in the cache only after that.
"""

import gzip
import hashlib
import io
import math
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..console import Progress


class MnistFile(NamedTuple):
    """One of the four original files: its name, and the size in bytes and sha256 of its raw content."""

    name: str
    size: int
    sha256: str


MNIST_FILES = (   # in the order of the fields of Digits
    MnistFile("train-images-idx3-ubyte", 47_040_016,
              "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    MnistFile("train-labels-idx1-ubyte", 60_008,
              "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    MnistFile("t10k-images-idx3-ubyte", 7_840_016,
              "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    MnistFile("t10k-labels-idx1-ubyte", 10_008,
              "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
)
MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/",
           "https://storage.googleapis.com/cvdf-datasets/mnist/")


def read_mnist(folder: str | Path | None = None) -> list[np.ndarray]:
    """Return the four arrays of `load_mnist` as they are stored: uint8, images (N, 28, 28), labels (N,)."""
    contents = _read_cache_or_fetch() if folder is None else _read_folder(Path(folder).expanduser())
    return [read_idx(contents[file], 3 if "images" in file.name else 1, file.name)
            for file in MNIST_FILES]


def read_idx(content: bytes, n_axes: int, name: str = "content") -> np.ndarray:
    """The uint8 array in the bytes of an idx file, as a view that cannot be written to.

    Format: two zero bytes, the type (8: uint8), the number of axes, each axis length as a big-endian uint32,
    then the values, last axis fastest.

    Parameters
    ----------
    content : bytes
        The whole file, unpacked.
    n_axes : number of axes
        3 for images, 1 for labels.
    name : text
        Names the file in errors.

    Raises
    ------
    ValueError
        For any other opening bytes or length.
    """
    start = 4 + 4 * n_axes
    if content[:4] != bytes([0, 0, 8, n_axes]) or len(content) < start:
        raise ValueError(f"{name} is no idx file of uint8 with {n_axes} axes; it starts with {content[:4]!r}")
    shape = tuple(int(length) for length in np.frombuffer(content, ">u4", n_axes, offset=4))
    size = start + math.prod(shape)
    if len(content) != size:
        raise ValueError(f"{name}: the shape {shape} takes {size:,} bytes; given {len(content):,}")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _unpack(content: bytes, size: int) -> bytes:
    """Return raw content as it is, and gzip content unpacked: at most size + 1 bytes."""
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            return stream.read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"damaged, cannot be unpacked ({error})") from error


def _find(folder: Path, file: MnistFile) -> bytes:
    """Return the raw content of `file` from any intact variant in `folder`; ValueError if there is none."""
    problems = []
    for stem in (file.name, file.name.replace("-idx", ".idx")):
        for path in (folder / stem, folder / f"{stem}.gz"):
            try:
                content = _unpack(path.read_bytes(), file.size)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (OSError, ValueError) as error:
                problems.append(f"{path.name}: {error}")
                continue
            if hashlib.sha256(content).hexdigest() == file.sha256:
                return content
            problems.append(f"{path.name} {_what_else(content, file)}")
    problem = "; ".join(problems) or f"{file.name} is missing"
    raise ValueError(f"{problem}: it should have {file.size:,} bytes (unpacked), sha256 {file.sha256}")


def _what_else(content: bytes, file: MnistFile) -> str:
    """What is wrong with a file whose content is not MNIST's: another data set, damaged, or possibly both."""
    try:
        found = read_idx(content, 3 if "images" in file.name else 1, file.name)
    except ValueError:
        return f"is damaged ({len(content):,} bytes)"
    what, others = "images" if found.ndim == 3 else "labels", "Fashion-MNIST, KMNIST or EMNIST"
    if len(content) != file.size:
        return f"holds {len(found):,} {what}: another set, such as {others}, which come under the same names"
    return (f"holds {len(found):,} {what}, but not MNIST's: it is of another set, such as {others}, which come "
            f"under the same names, or damaged ({len(content):,} bytes)")


def _survey(folder: Path) -> tuple[dict[MnistFile, bytes], dict[MnistFile, str]]:
    """Return the intact files in `folder`, and what is wrong with each of the others."""
    contents, problems = {}, {}
    for file in MNIST_FILES:
        try:
            contents[file] = _find(folder, file)
        except ValueError as error:
            problems[file] = str(error)
    return contents, problems


def _read_folder(folder: Path) -> dict[MnistFile, bytes]:
    contents, problems = _survey(folder)
    if problems:
        head = "does not hold the full MNIST set" if folder.is_dir() else "does not exist"
        if folder.exists() and not folder.is_dir():
            raise ValueError(f"load_mnist: {folder} is a file; give the folder that holds the four idx files, "
                             f"for instance {folder.parent}")
        raise ValueError("\n  ".join([f"The folder {folder} {head}:", *problems.values(),
                                      "Each file may be raw or packed (.gz)."]))
    return contents


def _read_cache_or_fetch() -> dict[MnistFile, bytes]:
    cache = Path((pooch := _pooch()).os_cache("cnnlib"))
    contents, problems = _survey(cache)
    for file in list(problems):
        contents[file] = _fetch(pooch, file, cache, problems)
        del problems[file]
    return contents


def _pooch():
    """Import pooch, the package that fetches; everything else needs NumPy alone."""
    try:
        import pooch
    except ImportError:
        raise ImportError("The full MNIST set is fetched by pooch, outside a web page: pip install cnnlib[mnist]\n"
                          "load_digits() has 12,000 digits everywhere; load_mnist(folder) reads yours.") from None
    return pooch


def _fetch(pooch, file: MnistFile, cache: Path, problems: dict[MnistFile, str]) -> bytes:
    """Fetch `file` from the first mirror that has it, store it raw in `cache`, and return its content.

    pooch hands a temporary file to `save`, compares its sha256, and only then moves it to its name.
    """
    def save(url, temporary_path, _):
        packed = io.BytesIO()
        progress = Progress(file.name)
        pooch.HTTPDownloader(progressbar=progress, chunk_size=2**16, timeout=10)(url, packed, None)
        Path(temporary_path).write_bytes(_unpack(packed.getvalue(), file.size))

    failures = []
    for mirror in MIRRORS:
        url = f"{mirror}{file.name}.gz"
        try:
            pooch.retrieve(url, f"sha256:{file.sha256}", fname=file.name, path=cache, downloader=save)
            return _find(cache, file)
        except (OSError, ValueError) as error:   # every error of requests is an OSError
            failures.append(f"{url}: {error}")
    raise OSError("\n  ".join([
        "The full MNIST set could not be fetched:", *failures,
        f"Put these files, raw or packed (.gz), into {cache}, or anywhere and call load_mnist(folder):",
        *problems.values(), "The embedded subset, load_digits(), needs no network."]))

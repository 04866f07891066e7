"""Handwritten digits: 12,000 embedded images of MNIST, and the way to the full 70,000.

`load_digits` reads the embedded subset and never touches the network. `load_mnist` reads the full set from a
folder, from the cache, or from a mirror. Every file is compared with a known sha256 before it is opened, and
nothing is unpickled. Images are float32 of shape (N, 1, 28, 28), ink 1 on paper 0; labels are int64 of shape
(N,). The images are MNIST, by Y. LeCun, C. Cortes and C. J. C. Burges: see digits/LICENSE.md.
"""
import gzip
import hashlib
import importlib.resources
import io
import math
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .console import Progress
from .validation import as_array

EMBEDDED = importlib.resources.files(__package__) / "digits" / "digits.npz"
EMBEDDED_SHA256 = "2d4c652b1a076d6e35405bedea20a559fdbcc35c1438965bebc6969752f44a81"


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


class Digits(NamedTuple):
    """Images, float32 (N, 1, 28, 28) in [0, 1], and labels, int64 (N,) in 0..9, for training and testing."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def load_digits() -> Digits:
    """Return the embedded digits: 10,000 training and 2,000 test images, each class equally often.

    The order is shuffled and fixed: images 10i to 10i+9 show each digit once, so every prefix is balanced.
    Each call returns arrays of its own (38 MB). A missing or damaged file is a ValueError.
    Source: chosen from MNIST by tools/build_digits.py.
    """
    try:
        packed = EMBEDDED.read_bytes()
    except OSError as error:
        raise ValueError(_embedded_message("cannot be read")) from error
    if hashlib.sha256(packed).hexdigest() != EMBEDDED_SHA256:
        raise ValueError(_embedded_message(f"is damaged ({len(packed):,} bytes, wrong sha256), not opened"))
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        return _as_digits(*(arrays[name] for name in Digits._fields))


def load_mnist(folder: str | Path | None = None) -> Digits:
    """Return the full MNIST set: 60,000 training and 10,000 test images in their original order (220 MB).

    folder: where the four idx files are, raw or packed (.gz), named train-images-idx3-ubyte or
    train-images.idx3-ubyte, and so on. A missing or damaged one is a ValueError which names it.
    None: each file is looked for in the cache folder of the operating system, then fetched from MIRRORS into
    it (11.6 MB over the network, 55 MB on disk). An OSError says what to put where when no mirror answers.
    """
    return _as_digits(*read_mnist(folder))


def one_hot(labels: ArrayLike, n_classes: int = 10) -> np.ndarray:
    """Return the targets T, float32 (N, n_classes): T[i, labels[i]] = 1, and 0 elsewhere.

    labels: (N,) integers in 0..n_classes−1; anything else is a ValueError which names it.
    """
    if not isinstance(n_classes, (int, np.integer)) or n_classes < 1:
        raise ValueError(f"one_hot: n_classes has to be a whole number of at least 1, not {n_classes!r}")
    labels = as_array(labels, "one_hot: labels")
    wanted = f"one_hot: labels must be integers 0 to {n_classes - 1}, of shape (N,)"
    if labels.ndim != 1:
        raise ValueError(f"{wanted}; given shape {labels.shape}")
    if labels.size and not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"{wanted}; given {labels.dtype}: " + ", ".join(str(label) for label in labels[:5]))
    wrong = np.flatnonzero((labels < 0) | (labels >= n_classes))
    if wrong.size:
        shown = ", ".join(f"{labels[i]} at index {i}" for i in wrong[:5])
        raise ValueError(f"{wanted}; {wrong.size} of {labels.size} are not: {shown}")
    targets = np.zeros((len(labels), n_classes), np.float32)
    targets[np.arange(len(labels)), labels.astype(np.intp)] = 1
    return targets


def read_mnist(folder: str | Path | None = None) -> list[np.ndarray]:
    """Return the four arrays of `load_mnist` as they are stored: uint8, images (N, 28, 28), labels (N,)."""
    contents = _read_cache_or_fetch() if folder is None else _read_folder(Path(folder).expanduser())
    return [read_idx(contents[file], 3 if "images" in file.name else 1, file.name)
            for file in MNIST_FILES]


def read_idx(content: bytes, n_axes: int, name: str = "content") -> np.ndarray:
    """Return the uint8 array in `content`, the bytes of an idx file, as a read-only view with n_axes axes.

    Format: two zero bytes, the type (8: uint8), the number of axes, each axis length as a big-endian uint32,
    then the values, last axis fastest. Any other magic or length is a ValueError.
    """
    start = 4 + 4 * n_axes
    if content[:4] != bytes([0, 0, 8, n_axes]) or len(content) < start:
        raise ValueError(f"{name} is no idx file of uint8 with {n_axes} axes; it starts with {content[:4]!r}")
    shape = tuple(int(length) for length in np.frombuffer(content, ">u4", n_axes, offset=4))
    size = start + math.prod(shape)
    if len(content) != size:
        raise ValueError(f"{name}: the shape {shape} takes {size:,} bytes; given {len(content):,}")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _as_digits(train_images, train_labels, test_images, test_labels) -> Digits:
    def scaled(images):   # one pass, without a float64 copy
        return np.divide(images[:, np.newaxis], np.float32(255), dtype=np.float32)
    return Digits(scaled(train_images), train_labels.astype(np.int64),
                  scaled(test_images), test_labels.astype(np.int64))


def _embedded_message(problem: str) -> str:
    return (f"The file of the embedded digits, {EMBEDDED}, {problem}. Get it back: `git checkout "
            "cnnlib/digits` in a clone, else install cnnlib again; or rebuild it with tools/build_digits.py.")


def _unpack(content: bytes, size: int) -> bytes:
    """Return raw content as it is, gzip content unpacked, and at most size + 1 bytes of that."""
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            return stream.read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"damaged, cannot be unpacked ({error})") from error


def _find(folder: Path, file: MnistFile) -> bytes:
    """Return the raw content of `file` from `folder`, whichever good variant is there, else a ValueError."""
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
    """What a file is whose content is not MNIST's: of another data set, damaged, or either."""
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
    """Return what is good in `folder`, and what is wrong with each of the other files."""
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
    """The package that fetches; all else needs NumPy alone."""
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

"""Handwritten digits: 12,000 embedded images of MNIST, and the way to the full 70,000.

`load_digits` reads the embedded subset and never touches the network. `load_mnist` reads the full set from a
folder, from the cache, or from a mirror. Every file is compared with a known sha256 before it is opened, and
nothing is unpickled. Images are float32 of shape (N, 1, 28, 28), ink 1 on paper 0; labels are int64 of shape
(N,). The images are MNIST, by Y. LeCun, C. Cortes and C. J. C. Burges: see digits/LICENSE.md.
"""
import hashlib
import importlib.resources
import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .storage.mnist import MIRRORS, MNIST_FILES, MnistFile, read_idx, read_mnist
from .validation import as_array

__all__ = ["MIRRORS", "MNIST_FILES", "Digits", "MnistFile", "load_digits", "load_mnist", "one_hot", "read_idx",
           "read_mnist"]  # fmt: skip

EMBEDDED = importlib.resources.files(__package__) / "digits" / "digits.npz"
EMBEDDED_SHA256 = "2d4c652b1a076d6e35405bedea20a559fdbcc35c1438965bebc6969752f44a81"


class Digits(NamedTuple):
    """Images, float32 (N, 1, 28, 28) in [0, 1], and labels, int64 (N,) in 0..9, for training and testing."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def load_digits() -> Digits:
    """The embedded digits: 10,000 training and 2,000 test images, each class equally often.

    The order is shuffled and fixed: images 10i to 10i+9 show each digit once, so every prefix is balanced.
    Source: chosen from MNIST by tools/build_digits.py.

    Returns
    -------
    Digits
        Arrays of its own at each call (38 MB); images and labels as in :func:`load_mnist`.

    Raises
    ------
    ValueError
        For a missing or damaged file.
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
    """The full MNIST set: 60,000 training and 10,000 test images in their original order (220 MB).

    Parameters
    ----------
    folder : path
        Where the four idx files are, raw or packed (.gz), named train-images-idx3-ubyte or train-images.idx3-ubyte,
        and so on.  None: each file is looked for in the cache folder of the operating system, then fetched from
        MIRRORS into it (11.6 MB over the network, 55 MB on disk).

    Returns
    -------
    Digits
        Images float32 from 0 to 1, (N, 1, 28, 28), and labels int64, (N,).

    Raises
    ------
    ValueError
        For a missing or damaged file in ``folder``, which it names.
    OSError
        When no mirror answers; it says what to put where.
    """
    return _as_digits(*read_mnist(folder))


def one_hot(labels: ArrayLike, n_classes: int = 10) -> np.ndarray:
    """The targets T (N, n_classes), float32: T[i, labels[i]] = 1, and 0 elsewhere.

    Parameters
    ----------
    labels : (N,) whole numbers from 0 to n_classes − 1
    n_classes : at least 1

    Raises
    ------
    ValueError
        For any other label, which it names.
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


def _as_digits(train_images, train_labels, test_images, test_labels) -> Digits:
    def scaled(images):   # one pass, without a float64 copy
        return np.divide(images[:, np.newaxis], np.float32(255), dtype=np.float32)
    return Digits(scaled(train_images), train_labels.astype(np.int64),
                  scaled(test_images), test_labels.astype(np.int64))


def _embedded_message(problem: str) -> str:
    return (f"The file of the embedded digits, {EMBEDDED}, {problem}. Get it back: `git checkout "
            "cnnlib/digits` in a clone, else install cnnlib again; or rebuild it with tools/build_digits.py.")

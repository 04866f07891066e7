"""Files that were tampered with or damaged: each mutation is a name and what it does to the arrays or the bytes."""

import io
import zipfile

import numpy as np


class Thing:
    """An object that could only come out of a file by unpickling it."""


def _with(index, value):
    def put(A):
        A = A.copy()
        A.reshape(-1)[index] = value
        return A

    return put


# What may be wrong with one array.  A mutation that cannot be made of an array (a NaN in a text) is left out.
OF_AN_ARRAY = {
    "bool": lambda A: A.astype(bool),
    "int8": lambda A: A.astype(np.int8),
    "float16": lambda A: A.astype(np.float16),
    "float64": lambda A: A.astype(np.float64),
    "complex": lambda A: A.astype(complex),
    "text": lambda A: A.astype(str),
    "text of other words": lambda A: np.full(A.shape, "<b>other</b>"),
    "objects": lambda A: np.full(A.shape, Thing(), dtype=object),
    "dates": lambda A: np.zeros(A.shape, dtype="M8[s]"),
    "fields": lambda A: np.zeros(A.shape, dtype=[("a", "f4"), ("b", "f4")]),
    "other byte order": lambda A: A.astype(A.dtype.newbyteorder()),
    "shorter": lambda A: A[:-1],
    "longer": lambda A: np.concatenate([A, A[-1:]]),
    "one more axis": lambda A: A[None],
    "flat": lambda A: A.reshape(-1),
    "transposed": lambda A: A.T,
    "empty": lambda A: A[:0],
    "a single number": lambda A: A.reshape(-1)[0],
    "NaN": _with(0, np.nan),
    "inf": _with(-1, np.inf),
    "negative": lambda A: -A - 1,
    "huge": _with(0, 1e300),
    "2**62": _with(0, 2**62),
    "zeros": np.zeros_like,
    "reversed": lambda A: A[::-1],
    "one number changed": lambda A: _with(-1, A.reshape(-1)[-1] + 1)(A),
}


def of_arrays(arrays):
    """(what was done, the arrays): one of them mutated, missing, renamed, given twice, or another's."""
    names = sorted(arrays)
    for name, neighbour in zip(names, names[1:] + names[:1], strict=True):
        for what, mutate in OF_AN_ARRAY.items():
            try:
                with np.errstate(all="ignore"):
                    mutated = mutate(arrays[name])
            except (TypeError, ValueError, IndexError, OverflowError, np.exceptions.DTypePromotionError):
                continue
            if not _same(mutated, arrays[name]):
                yield f"{name}: {what}", arrays | {name: mutated}
        rest = {other: arrays[other] for other in names if other != name}
        yield f"{name}: missing", rest
        yield f"{name}: renamed", rest | {name + "x": arrays[name]}
        if not _same(arrays[name], arrays[neighbour]):
            yield f"{name}: that of {neighbour}", arrays | {name: arrays[neighbour]}


def of_bytes(content, count, rng):
    """(what was done, the bytes): cut off, a bit turned over, a piece lost, or a lie in the directory."""
    for k in range(count):
        place = int(rng.integers(len(content)))
        yield f"bit {place}", content[:place] + bytes([content[place] ^ 1 << k % 8]) + content[place + 1 :]
        yield f"cut at {place}", content[:place]
        yield f"16 bytes lost at {place}", content[:place] + content[place + 16 :]


def of_archives(arrays):
    """(what was done, the bytes): archives that NumPy would not write."""
    name = next(iter(arrays))
    plain, bomb = _packed(arrays), np.zeros(200_000_000, np.uint8)
    yield "a bomb in the place of an array", _packed(arrays | {name: bomb})
    yield "a bomb beside the arrays", _packed(arrays | {"more": bomb})
    yield "a bomb of text", _packed(arrays | {name: np.array(["x" * 50_000_000])})
    yield "a header of 100 MB", _packed(arrays, {f"{name}.npy": b"\x93NUMPY\2\0\0\0\0\x06" + b" " * 100_000_000})
    yield "packed by LZMA", _packed(arrays, how=zipfile.ZIP_LZMA)
    yield "no array", _packed(arrays, {"more.txt": b"hello"})
    yield "the name of another folder", _packed(arrays, {"../more.npy": _npy(np.zeros(3))})
    yield "said to be encrypted", _set_bit(plain)
    yield "a header that asks for more", plain.replace(b"'shape': (", b"'shape': (9", 1)
    yield "an empty file", b""


def sealed(arrays, digest):
    """The arrays with a checksum that fits them, where there was one: what a clever forger would write."""
    if "digest" not in arrays:
        return arrays
    try:
        return arrays | {"digest": np.array(digest(arrays))}
    except Exception:  # objects have no bytes
        return arrays


def written(path, arrays):
    """np.savez of arrays, objects among them as well."""
    np.savez(path, **arrays)


def _same(one, other):
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


def _npy(array):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asarray(array))
    return stream.getvalue()


def _packed(arrays, more=(), how=zipfile.ZIP_DEFLATED):
    stream, members = io.BytesIO(), {f"{name}.npy": _npy(array) for name, array in arrays.items()} | dict(more)
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _set_bit(content):
    """The first entry of the directory marked as encrypted."""
    place = content.index(b"PK\1\2") + 8
    return content[:place] + bytes([content[place] | 1]) + content[place + 1 :]

"""The embedded digits: right, balanced, refused when damaged; idx files; one_hot."""
import hashlib
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib import data

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def digits():
    return data.load_digits()


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


# --- the embedded digits

def test_shapes_dtypes_and_range(digits):
    assert type(digits) is data.Digits and digits._fields == (
        "train_images", "train_labels", "test_images", "test_labels")
    for images, labels, n in ((digits[0], digits[1], 10_000), (digits[2], digits[3], 2_000)):
        assert images.shape == (n, 1, 28, 28) and images.dtype == np.float32 and images.flags.c_contiguous
        assert labels.shape == (n,) and labels.dtype == np.int64
        assert images.min() == 0 and images.max() == 1
        assert 0.1 < images.mean() < 0.2   # ink is bright, paper is 0


def test_every_prefix_is_balanced(digits):
    for labels in (digits.train_labels, digits.test_labels):
        assert (np.sort(labels.reshape(-1, 10), axis=1) == np.arange(10)).all()
        blocks = {tuple(block) for block in labels.reshape(-1, 10)}
        assert len(blocks) > 0.95 * len(labels) / 10   # shuffled: hardly a block repeats


def test_no_image_is_in_both_sets_or_twice(digits):
    rows = np.concatenate([digits.train_images, digits.test_images]).reshape(12_000, -1)
    assert len({row.tobytes() for row in rows}) == 12_000


def test_images_and_labels_belong_together(digits):
    """The nearest mean image names over 75 % of the test digits; with labels moved by one it is chance."""
    means = np.stack([digits.train_images[digits.train_labels == k].mean(axis=0).ravel() for k in range(10)])
    images = digits.test_images.reshape(len(digits.test_images), -1)
    named = np.argmin((means ** 2).sum(axis=1) - 2 * images @ means.T, axis=1)
    assert (named == digits.test_labels).mean() > 0.75
    assert (named == np.roll(digits.test_labels, 1)).mean() < 0.2


def test_images_stand_upright(digits):
    """A 7 has its bar on top and a 1 is an upright stroke: neither turned, mirrored nor transposed."""
    seven, one = (digits.train_images[digits.train_labels == k].mean(axis=0)[0] for k in (7, 1))
    assert seven[6:11].sum() > 1.2 * seven[18:23].sum()    # the bar
    assert seven[20:, :14].sum() > seven[20:, 14:].sum()   # the foot, left of the middle
    assert one.sum(axis=0).max() > 2 * one.sum(axis=1).max()


def test_each_call_returns_its_own_arrays(digits):
    again = data.load_digits()
    again.train_images[:] = 0.5
    assert digits.train_images[0].max() == 1 and not np.shares_memory(digits.train_images, again.train_images)


@pytest.mark.parametrize("harm", ["flip", "truncate", "empty"])
def test_a_damaged_embedded_file_is_refused_unopened(harm, tmp_path, monkeypatch):
    content = bytearray(data.EMBEDDED.read_bytes())
    content[len(content) // 2] ^= 1
    harmed = {"flip": content, "truncate": data.EMBEDDED.read_bytes()[:-1], "empty": b""}[harm]
    copy = tmp_path / "digits.npz"
    copy.write_bytes(harmed)
    monkeypatch.setattr(data, "EMBEDDED", copy)
    monkeypatch.setattr(np, "load", lambda *a, **k: pytest.fail("a damaged file was opened"))
    with pytest.raises(ValueError, match=r"digits\.npz.*is damaged.*not opened.*install cnnlib again"):
        data.load_digits()


def test_a_missing_embedded_file_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "EMBEDDED", tmp_path / "digits.npz")
    with pytest.raises(ValueError, match=r"cannot be read.*git checkout"):
        data.load_digits()


def test_a_pickle_is_never_opened(tmp_path, monkeypatch):
    """Even an archive whose hash is right is read without pickle."""
    archive = tmp_path / "digits.npz"
    np.savez(archive, **{name: np.array([{"a": 1}], dtype=object) for name in data.Digits._fields})
    monkeypatch.setattr(data, "EMBEDDED", archive)
    monkeypatch.setattr(data, "EMBEDDED_SHA256", hashlib.sha256(archive.read_bytes()).hexdigest())
    with pytest.raises(ValueError, match="allow_pickle=False"):
        data.load_digits()


def test_works_from_any_folder_with_numpy_alone(tmp_path):
    code = ("import sys, cnnlib.data as d; n = len(d.load_digits().test_labels); "
            "d.one_hot([3]); print(n, {'pooch', 'requests', 'matplotlib', 'sympy'} & set(sys.modules))")
    run = subprocess.run([sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
                         cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["2000", "set()"]


# --- idx files

@given(st.integers(1, 3), st.data())
def test_read_idx_returns_what_was_written(n_axes, draw):
    shape = draw.draw(st.tuples(*[st.integers(0, 6)] * n_axes))
    array = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    read = data.read_idx(idx(array), n_axes)
    assert read.shape == shape and read.dtype == np.uint8
    np.testing.assert_array_equal(read, array)


@pytest.mark.parametrize("content, n_axes, message", [
    (b"", 1, "no idx file"),
    (b"\0\0\x08\x01\0\0", 1, "no idx file"),                             # ends inside the header
    (b"\0\0\x0d\x01\0\0\0\1\0\0\0\0", 1, "no idx file of uint8"),        # floats
    (b"\0\0\x08\x01\0\0\0\1\7", 3, "with 3 axes"),                       # labels where images belong
    (b"\x08\x01\0\0\0\0\0\1\7", 1, "no idx file"),
    (b"\0\0\x08\x01\0\0\0\3\7\7", 1, r"x: the shape \(3,\) takes 11 bytes; given 10"),
    (b"\0\0\x08\x01\0\0\0\1\7\7", 1, r"takes 9 bytes; given 10"),
    (b"\0\0\x08\x03" + b"\xff" * 12, 3, r"takes [0-9,]{30,} bytes; given 16"),    # no overflow
])
def test_read_idx_refuses(content, n_axes, message):
    with pytest.raises(ValueError, match=message):
        data.read_idx(content, n_axes, "x")


# --- one_hot

@given(st.lists(st.integers(0, 6), max_size=20), st.sampled_from([np.int64, np.uint8, np.int8, list]))
def test_one_hot_marks_the_label(labels, kind):
    targets = data.one_hot(labels if kind is list else np.array(labels, kind), n_classes=7)
    assert targets.shape == (len(labels), 7) and targets.dtype == np.float32
    for row, label in zip(targets, labels, strict=True):
        assert row[label] == 1 and np.count_nonzero(row) == 1


@pytest.mark.parametrize("labels, message", [
    ([3, 10, -1], r"0 to 9.*2 of 3 are not: 10 at index 1, -1 at index 2"),
    ([1.5, 2.0], r"float64: 1\.5, 2\.0"),
    (["4"], "<U1: 4"),
    ([True, False], "bool"),
    ([None], "object: None"),
    ([float("nan")], "nan"),
    ([2**70], "object"),
    (3, r"shape \(\)"),
    ([[1, 2]], r"shape \(1, 2\)"),
])
def test_one_hot_names_what_is_wrong(labels, message):
    with pytest.raises(ValueError, match=message):
        data.one_hot(labels)


def test_one_hot_knows_its_number_of_classes():
    with pytest.raises(ValueError, match=r"0 to 2.*3 at index 0"):
        data.one_hot([3], n_classes=3)

"""The script that chose the embedded digits: balanced, frozen, the same bytes again."""
import functools
import hashlib
import io
import struct
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from scripts import script

from cnnlib import data
from cnnlib.storage import mnist

ROOT = Path(__file__).resolve().parents[2]
builder = script("build_digits", "tools")


def test_builder_chooses_balanced_blocks_without_repeats():
    labels = np.random.default_rng(2).integers(0, 10, 900)
    chosen = builder.choose(labels, 40, seed=[7, 0])
    assert len(set(chosen.tolist())) == 400
    assert (np.sort(labels[chosen].reshape(-1, 10), axis=1) == np.arange(10)).all()
    assert (chosen != builder.choose(labels, 40, seed=[8, 0])).any()


def test_builder_choice_never_changes():
    """The stream is frozen: other numbers here would mean another embedded subset."""
    assert builder.choose(np.arange(40) % 10, 2, seed=[1998, 0]).tolist() == [
        18, 12, 33, 35, 21, 29, 10, 36, 7, 4, 22, 8, 39, 31, 13, 0, 6, 37, 15, 24]


def test_builder_says_which_digit_is_short():
    with pytest.raises(ValueError, match="3 images of each digit are needed; 4 has 2"):
        builder.choose(np.array([*range(10)] * 2 + [0, 1, 2, 3, 5, 6, 7, 8, 9]), 3, seed=1)


def test_builder_writes_the_same_bytes_again(tmp_path, monkeypatch, capsys):
    """From four made-up idx files to a file which load_digits reads, pixel for pixel and label for label."""
    rng = np.random.default_rng(5)
    arrays, files = [], []
    for file, shape in zip(data.MNIST_FILES, [(60, 28, 28), (60,), (30, 28, 28), (30,)], strict=True):
        values = rng.integers(0, 256, shape, np.uint8) if len(shape) == 3 else np.arange(*shape) % 10
        values = values.astype(np.uint8)
        content = bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + values.tobytes()
        (tmp_path / file.name).write_bytes(content)
        arrays.append(values)
        files.append(data.MnistFile(file.name, len(content), hashlib.sha256(content).hexdigest()))
    monkeypatch.setattr(mnist, "MNIST_FILES", files)
    monkeypatch.setattr(builder, "build", functools.partial(builder.build, n_train=5, n_test=2))
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    for output in (first, second):
        builder.main([str(tmp_path), "--output", str(output)])
    assert first.read_bytes() == second.read_bytes()
    sha256 = hashlib.sha256(first.read_bytes()).hexdigest()
    shown = capsys.readouterr().out
    assert f"sha256 {sha256}" in shown and "load_digits refuses this file" in shown
    assert len(list(tmp_path.iterdir())) == 6   # no temporary file is left

    monkeypatch.setattr(data, "EMBEDDED", first)
    monkeypatch.setattr(data, "EMBEDDED_SHA256", sha256)
    train, test = builder.choose(arrays[1], 5, [1998, 0]), builder.choose(arrays[3], 2, [1998, 1])
    expected = [arrays[0][train, None] / 255, arrays[1][train], arrays[2][test, None] / 255, arrays[3][test]]
    for field, values in zip(data.load_digits(), expected, strict=True):
        np.testing.assert_allclose(field, values, rtol=1e-7, atol=0)


def test_builder_marks_no_date_and_no_platform(monkeypatch):
    digits = data.Digits(*[np.zeros(3, np.uint8)] * 4)
    packed = builder.pack(digits)
    monkeypatch.setattr(sys, "platform", "win32")
    assert builder.pack(digits) == packed
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0) and entry.create_system == 3
            assert entry.compress_type == zipfile.ZIP_DEFLATED


def test_a_builder_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "digits.npz"
    target.write_bytes(b"old")

    def full(*_):
        raise OSError("No space left on device")
    monkeypatch.setattr(builder.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        builder.write_atomically(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["digits.npz"] and target.read_bytes() == b"old"


def test_the_embedded_file_was_written_by_this_script():
    with zipfile.ZipFile(io.BytesIO(data.EMBEDDED.read_bytes())) as archive:
        assert archive.namelist() == [f"{name}.npy" for name in data.Digits._fields]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert sum(entry.compress_size for entry in archive.infolist()) < 2_000_000

"""Parameters to a file and back: all or nothing, no pickle, no damaged file."""

import os
import zipfile
from itertools import pairwise

import numpy as np
import pytest
from helpers import normal, params_of, says, small_net, symbols

from cnnlib import storage
from cnnlib.layers import Dense
from cnnlib.losses import SquaredError
from cnnlib.network import Network


@pytest.fixture
def path(tmp_path):
    return tmp_path / "net.npz"


@pytest.fixture
def saved(path):
    """A file with the parameters of :func:`small_net` from seed 0."""
    small_net().save(path)
    return path


def dense_net(*sizes, dtype=np.float64):
    rng = np.random.default_rng(2)
    return Network([Dense(n, m, rng=rng, dtype=dtype) for n, m in pairwise(sizes)], SquaredError())


# --- there and back


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_was_saved_is_loaded_bit_by_bit(path, dtype):
    net, other = small_net(dtype=dtype), small_net(dtype=dtype, seed=1)
    net.save(path)
    other.load(path)
    np.testing.assert_equal(params_of(other), params_of(net))
    assert {array.dtype for array in params_of(other)} == {np.dtype(dtype)}


def test_the_path_may_be_text_and_have_any_ending(tmp_path):
    net = small_net()
    net.save(f"{tmp_path}/weights of today")
    assert os.listdir(tmp_path) == ["weights of today"]
    net.load(f"{tmp_path}/weights of today")


def test_a_loaded_parameter_has_the_networks_dtype(saved):
    net = small_net(dtype=np.float32, seed=1)
    net.load(saved)
    assert {array.dtype for array in params_of(net)} == {np.dtype(np.float32)}


def test_whole_numbers_put_in_by_hand_do_not_cut_off_fractions(saved):
    net = small_net(seed=1)
    for layer in net.layers:
        for key, array in layer.params.items():
            layer.params[key] = np.zeros(array.shape, dtype=int)
    net.load(saved)
    np.testing.assert_equal(params_of(net), params_of(small_net()))


def test_saving_replaces_the_old_file_and_leaves_nothing_beside_it(saved):
    small_net(seed=1).save(saved)
    net = small_net()
    net.load(saved)
    np.testing.assert_equal(params_of(net), params_of(small_net(seed=1)))
    assert os.listdir(saved.parent) == [saved.name]


def test_the_file_is_as_readable_as_any_other(saved, tmp_path):
    other = tmp_path / "other"
    other.touch()
    assert saved.stat().st_mode == other.stat().st_mode


# --- all or nothing


def disk_full(*args, **kwargs):
    raise OSError("no space left on device")


def half_written(file, **arrays):
    file.write(b"PK\x03\x04 half a file")
    disk_full()


def interrupted(*args, **kwargs):
    raise KeyboardInterrupt


FAILURES = {
    "the disk is full": (np, "savez_compressed", half_written),
    "the disk reports an error late": (os, "fsync", disk_full),
    "the old file cannot be replaced": (os, "replace", disk_full),
    "the reader stops it": (np, "savez_compressed", interrupted),
}


@pytest.mark.parametrize("owner, function, failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("old", [True, False], ids=["an old file", "no old file"])
def test_a_failed_save_leaves_the_old_file_and_nothing_else(path, old, owner, function, failure, monkeypatch):
    if old:
        small_net().save(path)
    before = path.read_bytes() if old else None
    with monkeypatch.context() as patch:
        patch.setattr(owner, function, failure)
        with pytest.raises((OSError, KeyboardInterrupt)):
            small_net(seed=1).save(path)
    assert os.listdir(path.parent) == [path.name] * old
    assert not old or path.read_bytes() == before


def refused_load(path, *words):
    """Loading has to fail in these words, and to change nothing."""
    net = small_net(seed=1)
    before = params_of(net)
    with says(str(path), *words):
        net.load(path)
    np.testing.assert_equal(params_of(net), before)


def test_a_flipped_bit_is_noticed_or_does_no_harm(path):
    """One bit in every byte of the file, one after the other."""
    dense_net(2, 2).save(path)
    good, net = path.read_bytes(), dense_net(2, 2)
    noticed = 0
    for place in range(len(good)):
        path.write_bytes(good[:place] + bytes([good[place] ^ 1 << place % 8]) + good[place + 1 :])
        net.layers[0].params = {"W": np.zeros((2, 2)), "b": np.zeros(2)}
        try:
            net.load(path)
        except ValueError as error:
            assert str(path) in str(error)
            assert not any(array.any() for array in params_of(net))
            noticed += 1
        else:  # the bit was in a date, a version or a permission
            np.testing.assert_equal(params_of(net), params_of(dense_net(2, 2)))
    assert noticed > len(good) / 2


def test_a_flipped_bit_in_a_header_shows_before_anything_is_unpacked(path):
    np.savez(path, A=np.arange(50_000.0))
    path.write_bytes(path.read_bytes().replace(b"(50000,)", b"(10000,)"))  # NumPy would read 10,000 numbers
    with says(str(path), "A.npy is float64 (10000,)", "400,000 bytes"):
        storage.NpzFile(path)


def test_a_flipped_bit_in_the_numbers_shows_in_the_checksum(path):
    np.savez(path, A=np.arange(50_000.0))
    content = bytearray(path.read_bytes())
    content[-1000] ^= 1
    path.write_bytes(content)
    with says(str(path), "Bad CRC-32 for file 'A.npy'"):
        storage.read_npz(path)


def test_a_truncated_file_is_refused(path):
    dense_net(2, 2).save(path)
    good = path.read_bytes()
    for length in range(0, len(good), 5):
        path.write_bytes(good[:length])
        refused_load(path, "no undamaged .npz")


# --- files of something else


def test_a_missing_file_or_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.npz: there is no such file"):
        small_net().load(tmp_path / "nothing.npz")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        small_net().save(tmp_path / "nowhere" / "net.npz")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04"])
def test_a_file_of_something_else_is_refused(path, content):
    path.write_bytes(content)
    refused_load(path, "no undamaged .npz")


def test_a_single_array_is_refused(path):
    with open(path, "wb") as file:
        np.save(file, normal(3))
    refused_load(path, "no undamaged .npz")


class Bomb:
    """Unpickling this would leave a trace."""

    exploded = False

    def __reduce__(self):
        return setattr, (Bomb, "exploded", True)


def test_a_pickle_in_the_file_is_never_opened(saved):
    arrays = storage.read_npz(saved) | {"0.K": np.array([Bomb()], dtype=object)}
    np.savez(saved, **arrays)
    refused_load(saved, "no undamaged .npz")
    assert not Bomb.exploded


def test_symbols_cannot_be_saved(path):
    net = Network([Dense(2, 2, dtype=object)], SquaredError())
    net.layers[0].params["W"] = symbols("w", 2, 2)
    with says(str(path), "0.W", "only numbers"):
        net.save(path)
    assert os.listdir(path.parent) == []


@pytest.mark.parametrize(
    "other",
    [
        dense_net(4, 3),
        dense_net(84, 3, 3),
        Network(small_net().layers[:-1], SquaredError()),
        Network([*small_net().layers[:4], Dense(12, 4), small_net().layers[5]], SquaredError()),
    ],
    ids=["another net", "another net of as many arrays", "one layer less", "another width"],
)
def test_another_architecture_is_refused_and_nothing_changed(path, other):
    other.save(path)
    refused_load(path, "saved from the layers", repr(other.layers[-1]), repr(small_net().layers[0]))


@pytest.mark.parametrize(
    "change, words",
    [
        ({"4.W": normal(3, 11)}, ["4.W", "(3, 11)", "(3, 12)"]),
        ({"4.b": np.array(["a", "b", "c"])}, ["4.b", "real numbers"]),
        ({"4.b": normal(3) * 1j}, ["4.b", "complex128", "real numbers"]),
        ({"5.b": normal(3)}, ["5.b"]),
        ({"4.b": None}, ["4.b"]),
    ],
    ids=["a wrong shape", "text", "complex", "one array too many", "one array missing"],
)
def test_arrays_that_do_not_fit_are_refused_and_nothing_changed(saved, change, words):
    arrays = storage.read_npz(saved) | change
    np.savez(saved, **{name: array for name, array in arrays.items() if array is not None})
    refused_load(saved, *words)


def test_a_file_without_descriptions_is_refused(saved):
    arrays = storage.read_npz(saved)
    del arrays["layers"]
    np.savez(saved, **arrays)
    refused_load(saved, "saved from the layers []")


def test_the_file_holds_plain_arrays_only(saved):
    with zipfile.ZipFile(saved) as archive:
        assert sorted(archive.namelist()) == ["0.K.npy", "0.b.npy", "4.W.npy", "4.b.npy", "layers.npy"]


def test_a_folder_or_no_path_is_refused(tmp_path):
    with pytest.raises(IsADirectoryError, match="this is a folder"):
        small_net().save(tmp_path)
    for path in (5, None):
        with pytest.raises(TypeError):
            small_net().load(path)
    assert list(tmp_path.iterdir()) == []

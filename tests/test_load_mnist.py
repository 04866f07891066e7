"""The full set: from a folder, the cache or a mirror; never damaged, never half-written.

No test leaves the machine: four small made-up idx files with hashes of their own stand in for MNIST, and a
server on the loopback interface for the mirrors.
"""
import gzip
import hashlib
import http.server
import re
import socket
import struct
import threading

import numpy as np
import pooch
import pytest

from cnnlib import console, data
from cnnlib.storage import mnist

NAMES = [file.name for file in mnist.MNIST_FILES]


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@pytest.fixture
def small_set(monkeypatch):
    """Four made-up files in place of MNIST's: {name: raw content}, and the arrays they hold."""
    rng = np.random.default_rng(5)
    arrays = []
    for n in (60, 30):
        arrays += [rng.integers(0, 256, (n, 28, 28), np.uint8), rng.integers(0, 10, n, np.uint8)]
    contents = {name: idx(array) for name, array in zip(NAMES, arrays, strict=True)}
    files = tuple(mnist.MnistFile(name, len(content), hashlib.sha256(content).hexdigest())
                  for name, content in contents.items())
    monkeypatch.setattr(mnist, "MNIST_FILES", files)
    return contents, arrays


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder in place of the user's, which pooch has to make itself."""
    folder = tmp_path / "cache" / "cnnlib"
    monkeypatch.setattr(pooch, "os_cache", lambda project: folder)
    return folder


def use_mirrors(monkeypatch, port):
    base = f"http://127.0.0.1:{port}"
    monkeypatch.setattr(mnist, "MIRRORS", (f"{base}/first/", f"{base}/second/"))
    for name in ("NO_PROXY", "no_proxy"):   # a proxy of the machine must not see loopback requests
        monkeypatch.setenv(name, "127.0.0.1")


@pytest.fixture
def offline(monkeypatch):
    """Two mirrors at an address that is taken but does not listen: every connection is refused."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        use_mirrors(monkeypatch, held.getsockname()[1])
        yield


@pytest.fixture
def mirror(monkeypatch):
    """Two mirrors on the loopback interface: what they serve, by path, and the paths they were asked for."""
    served, asked = {}, []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            content = served.get(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    use_mirrors(monkeypatch, server.server_port)
    yield served, asked
    server.shutdown()
    thread.join()
    server.server_close()


def fill(folder, contents):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def serve(served, contents, mirror="first"):
    served.update({f"/{mirror}/{name}.gz": gzip.compress(content) for name, content in contents.items()})


def assert_holds(digits, arrays):
    for field, stored in zip(digits, arrays, strict=True):
        expected = stored[:, None].astype(np.float64) / 255 if stored.ndim == 3 else stored
        np.testing.assert_allclose(field, expected, rtol=1e-7, atol=0)


# --- the full set from a folder

@pytest.mark.parametrize("dotted", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_may_hold_raw_or_packed_files_of_both_names(small_set, tmp_path, dotted, packed):
    contents, arrays = small_set
    for name, content in contents.items():
        stem = name.replace("-idx", ".idx") if dotted else name
        path = tmp_path / (stem + ".gz" if packed else stem)
        path.write_bytes(gzip.compress(content) if packed else content)
    assert_holds(data.load_mnist(tmp_path), arrays)
    assert_holds(data.load_mnist(str(tmp_path)), arrays)


@pytest.mark.parametrize("missing", range(4))
def test_an_incomplete_folder_names_what_is_missing_and_nothing_else(small_set, tmp_path, missing):
    contents, _ = small_set
    fill(tmp_path, contents)
    (tmp_path / NAMES[missing]).unlink()
    with pytest.raises(ValueError, match="does not hold the full MNIST set") as caught:
        data.load_mnist(tmp_path)
    message = str(caught.value)
    assert f"{NAMES[missing]} is missing" in message and mnist.MNIST_FILES[missing].sha256 in message
    assert not any(name in message for name in NAMES if name != NAMES[missing])


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("harm", ["truncate", "flip", "block type", "append"])
def test_a_damaged_file_in_a_folder_is_refused_and_kept(small_set, tmp_path, harm, packed):
    contents, _ = small_set
    fill(tmp_path, contents)
    victim = tmp_path / NAMES[2]
    content = bytearray(victim.read_bytes())
    victim.unlink()
    if packed:
        victim = victim.with_name(victim.name + ".gz")
        content = bytearray(gzip.compress(content))
    content[len(content) // 2] ^= harm == "flip"
    content[10] |= 6 * (harm == "block type")   # a kind of deflate block that does not exist
    content = {"truncate": content[:-100], "append": content + b"\1"}.get(harm, content)
    victim.write_bytes(content)
    with pytest.raises(ValueError, match=rf"{victim.name}.*damaged.*23,536 bytes"):
        data.load_mnist(tmp_path)
    assert victim.read_bytes() == content   # the user's own file: not ours to remove


def test_a_good_variant_beside_a_damaged_one_is_used(small_set, tmp_path):
    contents, arrays = small_set
    fill(tmp_path, contents)
    (tmp_path / f"{NAMES[0]}.gz").write_bytes(gzip.compress(contents[NAMES[0]]))
    (tmp_path / NAMES[0]).write_bytes(contents[NAMES[0]][:1000])
    assert_holds(data.load_mnist(tmp_path), arrays)


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"nowhere does not exist(?s:.*)train-images-idx3-ubyte.*47,040,016"):
        data.load_mnist(tmp_path / "nowhere")


def test_a_file_given_as_folder_is_called_a_file(small_set, tmp_path):
    path = tmp_path / NAMES[0]
    path.write_bytes(small_set[0][NAMES[0]])
    with pytest.raises(ValueError) as raised:
        data.load_mnist(path)
    assert f"{path} is a file; give the folder" in str(raised.value) and str(tmp_path) in str(raised.value)
    assert "does not exist" not in str(raised.value)


def test_another_data_set_under_the_names_of_mnist_is_not_called_damaged_alone(small_set, tmp_path):
    _contents, arrays = small_set
    for name, array in zip(NAMES, arrays, strict=True):
        (tmp_path / name).write_bytes(idx(array[::-1]))   # as many, in the same form: Fashion-MNIST
    with pytest.raises(ValueError) as raised:
        data.load_mnist(tmp_path)
    assert str(raised.value).count("another set, such as Fashion-MNIST") == 4
    (tmp_path / NAMES[0]).write_bytes(idx(arrays[0][:7]))   # fewer: EMNIST has other numbers
    with pytest.raises(ValueError, match="holds 7 images: another set") as raised:
        data.load_mnist(tmp_path)
    assert "damaged" not in str(raised.value).split(";")[0].split("\n")[1]


def test_a_folder_is_read_without_the_cache_or_the_network(small_set, tmp_path, cache, monkeypatch):
    monkeypatch.setattr(pooch, "retrieve", lambda *a, **k: pytest.fail("the network was asked"))
    contents, arrays = small_set
    assert_holds(data.load_mnist(fill(tmp_path / "mine", contents)), arrays)
    with pytest.raises(ValueError, match="does not hold"):   # and an incomplete one does not fall back to it
        (tmp_path / "mine" / NAMES[0]).unlink()
        data.load_mnist(tmp_path / "mine")
    assert not cache.exists()


def test_an_archive_that_unpacks_to_far_too_much_stops_early():
    bomb = gzip.compress(bytes(20_000_000))
    assert len(mnist._unpack(bomb, 1000)) == 1001


# --- the cache and the mirrors

def test_fetches_once_with_a_bar_then_reads_the_cache(small_set, cache, mirror, capsys):
    contents, arrays = small_set
    served, asked = mirror
    serve(served, contents)
    assert_holds(data.load_mnist(), arrays)
    assert asked == [f"/first/{name}.gz" for name in NAMES]
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == contents
    shown = capsys.readouterr().err
    assert all(f"\r{name} [{'#' * 30}] " in shown for name in NAMES)
    served.clear()
    assert_holds(data.load_mnist(), arrays)
    assert len(asked) == 4


def test_a_length_unknown_to_the_server_does_not_stop_the_bar(capsys):
    bar = console.Progress("name")
    bar.total = 0
    bar.update(1000)
    bar.close()
    assert capsys.readouterr().err == f"\rname [{'.' * 30}] 0 of 0 kB\n"


def test_only_missing_and_damaged_files_are_fetched(small_set, cache, mirror):
    contents, arrays = small_set
    served, asked = mirror
    serve(served, contents)
    fill(cache, {NAMES[0]: contents[NAMES[0]], NAMES[1]: contents[NAMES[1]][:-1]})
    (cache / f"{NAMES[2]}.gz").write_bytes(gzip.compress(contents[NAMES[2]]))
    assert_holds(data.load_mnist(), arrays)
    assert asked == [f"/first/{NAMES[1]}.gz", f"/first/{NAMES[3]}.gz"]
    assert (cache / NAMES[1]).read_bytes() == contents[NAMES[1]]


@pytest.mark.parametrize("harm", ["truncated", "other content", "a login page", "nothing", "trailing bytes"])
def test_a_bad_mirror_is_passed_over_and_leaves_nothing(small_set, cache, mirror, harm):
    contents, arrays = small_set
    served, asked = mirror
    for name, content in contents.items():
        packed = gzip.compress(content)
        served[f"/first/{name}.gz"] = {
            "truncated": packed[:-40], "other content": gzip.compress(content[:-1] + b"\xff"), "nothing": b"",
            "a login page": b"<html>log in</html>", "trailing bytes": packed + b"junk"}[harm]
    with pytest.raises(OSError, match="could not be fetched"):
        data.load_mnist()
    assert list(cache.iterdir()) == []
    serve(served, contents, "second")
    assert_holds(data.load_mnist(), arrays)
    assert asked[-2:] == [f"/first/{NAMES[3]}.gz", f"/second/{NAMES[3]}.gz"]
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == contents


def test_what_was_fetched_is_kept_when_the_rest_is_not_there(small_set, cache, mirror):
    contents, _ = small_set
    serve(mirror[0], {NAMES[0]: contents[NAMES[0]]})
    with pytest.raises(OSError, match=r"second/train-labels-idx1-ubyte\.gz: 404") as caught:
        data.load_mnist()
    assert [file.sha256 in str(caught.value) for file in mnist.MNIST_FILES] == [False, True, True, True]
    assert [path.name for path in cache.iterdir()] == [NAMES[0]]


def test_an_interrupt_leaves_nothing_half_written(small_set, cache, mirror, monkeypatch):
    contents, arrays = small_set
    serve(mirror[0], contents)

    def interrupted(*_):
        raise KeyboardInterrupt
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(console.Progress, "update", interrupted)
        data.load_mnist()
    assert list(cache.iterdir()) == []
    assert_holds(data.load_mnist(), arrays)


def test_offline_says_what_to_put_where(small_set, cache, offline):
    contents, arrays = small_set
    fill(cache, {NAMES[0]: contents[NAMES[0]]})
    with pytest.raises(OSError, match="could not be fetched") as caught:
        data.load_mnist()
    message = str(caught.value)
    assert str(cache) in message and "load_digits(), needs no network" in message
    assert all(mirror in message for mirror in mnist.MIRRORS)
    for file in mnist.MNIST_FILES[1:]:
        assert f"{file.name} is missing: it should have {file.size:,} bytes" in message
        assert file.sha256 in message
    assert mnist.MNIST_FILES[0].sha256 not in message   # that one is there
    fill(cache, contents)                              # following the advice helps
    assert_holds(data.load_mnist(), arrays)


def test_a_cache_that_cannot_be_made_is_reported(small_set, offline, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "file" / "cnnlib")
    with pytest.raises(OSError, match=rf"could not be fetched(?s:.*){re.escape(str(tmp_path / 'file'))}"):
        data.load_mnist()


def test_the_known_files_are_those_of_mnist():
    """Size and header agree: 16 or 8 bytes, then 60,000 or 10,000 images of 784 pixels, or labels."""
    sizes = [16 + 60_000 * 784, 8 + 60_000, 16 + 10_000 * 784, 8 + 10_000]
    assert [file.size for file in mnist.MNIST_FILES] == sizes
    assert len({file.sha256 for file in mnist.MNIST_FILES}) == 4
    assert all(url.startswith("https://") and url.endswith("/") for url in mnist.MIRRORS)

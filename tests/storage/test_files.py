"""A file is replaced whole or not at all, and nothing but a regular file is ever replaced or read."""

import os
import signal
import stat
import subprocess
import sys
import time

import pytest

from cnnlib.storage.files import PART, regular_file, replacing


def write(path, content=b"new"):
    with replacing(path) as file:
        file.write(content)


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "old.npz"
    path.write_bytes(b"old")
    return path


def test_a_link_is_followed_and_stays_a_link(old, tmp_path):
    link = tmp_path / "link.npz"
    link.symlink_to("old.npz")
    write(link)
    assert link.is_symlink() and old.read_bytes() == b"new"


@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_the_permissions_stay(old, mode):
    old.chmod(mode)
    write(old)
    assert stat.S_IMODE(old.stat().st_mode) == mode and old.read_bytes() == b"new"


def test_a_link_to_nowhere_is_named_and_stays(tmp_path):
    link = tmp_path / "link.npz"
    link.symlink_to("nowhere.npz")
    for use in (write, regular_file):
        with pytest.raises(FileNotFoundError, match=r"link to .*nowhere\.npz, which does not exist"):
            use(link)
    assert os.listdir(tmp_path) == ["link.npz"] and link.is_symlink()


def test_a_ring_of_links_is_no_file(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="a"):
        write(tmp_path / "a")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are pipes with names on POSIX only")
def test_a_pipe_or_a_device_is_neither_read_nor_replaced(tmp_path):
    pipe, device = tmp_path / "pipe", tmp_path / "device"
    os.mkfifo(pipe)
    device.symlink_to("/dev/null")
    for path in (pipe, device):
        for use in (write, regular_file):
            with pytest.raises(OSError, match="a pipe, a device or a socket"):
                use(path)
    assert stat.S_ISFIFO(pipe.stat().st_mode) and device.is_symlink() and os.path.exists("/dev/null")


def test_a_write_protected_file_is_named(old, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # as for anybody but the administrator
    with pytest.raises(PermissionError, match=r"old\.npz: this file is write-protected"):
        write(old)
    assert old.read_bytes() == b"old"


def test_a_name_of_the_greatest_length_is_no_trouble(tmp_path):
    path = tmp_path / ("n" * 251 + ".npz")
    write(path)
    assert path.read_bytes() == b"new"


def test_what_a_killed_process_left_is_removed_by_the_next_save(tmp_path):
    """Killed in the middle, three times over: the next save leaves its own file and nothing else."""
    code = "import sys\nfrom cnnlib.storage.files import replacing\n" \
           "with replacing(sys.argv[1]) as file:\n    file.write(b'half')\n" \
           "    file.flush(); print('in', flush=True)\n    import time; time.sleep(60)"  # fmt: skip
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", code, tmp_path / "run.npz"], stdout=subprocess.PIPE)
        assert child.stdout.read(2) == b"in"
        child.send_signal(signal.SIGKILL)
        child.communicate()
    assert any(name.endswith(".part") for name in os.listdir(tmp_path))
    write(tmp_path / "run.npz")
    assert os.listdir(tmp_path) == ["run.npz"]


def test_a_save_that_is_under_way_is_left_alone(tmp_path):
    with replacing(tmp_path / "one") as file:
        file.write(b"first half, ")
        write(tmp_path / "two")
        file.write(b"second half")
    assert (tmp_path / "one").read_bytes() == b"first half, second half"
    assert sorted(os.listdir(tmp_path)) == ["one", "two"]


def test_without_locks_a_file_in_use_is_closed_before_it_is_renamed(old, monkeypatch):
    """As on Windows, which lets nobody rename or remove a file that is open."""
    monkeypatch.setattr("cnnlib.storage.files.fcntl", None)
    left = old.with_name(PART.format("0"))
    left.write_bytes(b"half")
    replaced, closed = os.replace, []
    monkeypatch.setattr(os, "replace", lambda *names: (closed.append(file.closed), replaced(*names)))
    with replacing(old) as file:
        file.write(b"new")
    assert closed == [True] and old.read_bytes() == b"new" and os.listdir(old.parent) == ["old.npz"]


def test_a_web_page_goes_the_way_without_locks():
    """Its drive writes a file when it is closed: renamed before that, it arrives empty, or not at all."""
    code = "import sys, numpy; sys.platform = 'emscripten'; from cnnlib.storage import files; print(files.fcntl)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None"


def test_saves_at_the_same_moment_do_not_disturb_each_other(tmp_path):
    code = "import sys\nfrom cnnlib.storage.files import replacing\n" \
           "for k in range(100):\n    with replacing(sys.argv[1]) as file: file.write(b'x' * 1000)"  # fmt: skip
    children = [subprocess.Popen([sys.executable, "-c", code, tmp_path / "run.npz"]) for _ in range(3)]
    end = time.monotonic() + 60
    assert [child.wait(max(end - time.monotonic(), 1)) for child in children] == [0, 0, 0]
    assert os.listdir(tmp_path) == ["run.npz"] and (tmp_path / "run.npz").stat().st_size == 1000

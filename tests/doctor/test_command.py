"""The command, as somebody with a file would use it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnnlib.doctor import __main__ as command
from cnnlib.doctor import guard

PATIENTS = Path(__file__).parent / "patients" / "by_hand.py"
ROOT = Path(__file__).parents[2]


def doctor(*words, whole=False):
    """What the command says: its inner process alone, which does the work, or the whole of it."""
    inside = [] if whole else ["--inside"]
    run = [sys.executable, "-X", "utf8", "-m", "cnnlib.doctor", *inside, *map(str, words)]
    return subprocess.run(run, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def test_a_wrong_layer_is_named_and_the_exit_status_says_so():
    done = doctor(f"{PATIENTS}:TurnedForCol2im", "--gradients", "dW,db", whole=True)
    assert done.returncode == command.WRONG and "no_turn" in done.stdout and not done.stderr


def test_a_reader_that_has_seen_enough_ends_nothing():
    read, write = os.pipe()
    os.close(read)
    run = [sys.executable, "-X", "utf8", "-m", "cnnlib.doctor", "--inside", f"{PATIENTS}:TurnedForCol2im"]
    done = subprocess.run(run, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.returncode == command.WRONG and not done.stderr


def test_two_functions_with_a_description():
    done = doctor(f"{PATIENTS}:conv_forward,conv_backward_crop", "--X", "NHWC", "--K", "HWIO", "--tell", "where")
    assert done.returncode == command.WRONG and "all numbers are zero" in done.stdout
    assert "zeros_without_padding" not in done.stdout


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mein layer.py"
    path.write_text(
        "import socket\n"
        "class Base:\n"
        "    def __init__(self, W, b):\n        self.W, self.b = W, b\n"
        "class Writes(Base):\n    def forward(self, X):\n        open('found.txt', 'w')\n"
        "class Asks(Base):\n    def forward(self, X):\n        socket.create_connection(('127.0.0.1', 9))\n"
        "class Endless(Base):\n    def forward(self, X):\n        while True: pass\n"
        "class Hungry(Base):\n    def forward(self, X):\n        return b'x' * 10**11\n",
        encoding="utf-8",
    )
    return path


def test_what_a_layer_may_not_do_is_refused_and_told(file):
    assert "write files" in doctor(f"{file}:Writes").stderr and not (ROOT / "found.txt").exists()
    assert "lets no layer do this: socket" in doctor(f"{file}:Asks").stderr


def test_a_refusal_is_told_though_the_backward_pass_alone_meets_it(file):
    file.write_text(
        "import numpy as np\n"
        "class Logs:\n"
        "    def __init__(self, W, b):\n        self.W, self.b, self.k = W, b, W.shape[2]\n"
        "    def forward(self, X):\n"
        "        w = np.lib.stride_tricks.sliding_window_view(X, (self.k, self.k), axis=(2, 3))\n"
        "        return np.einsum('nchwij,ocij->nohw', w, self.W) + self.b[:, None, None]\n"
        "    def backward(self, d):\n        open('log.txt', 'a')\n        return d\n",
        encoding="utf-8",
    )
    done = doctor(f"{file}:Logs")
    assert done.returncode == command.UNKNOWN and "write files" in done.stderr and not done.stdout


def test_a_file_that_python_cannot_read_shows_the_line(file):
    file.write_text("class Layer:\n    def forward(self)\n", encoding="utf-8")
    said = doctor(f"{file}:Layer").stderr
    assert "SyntaxError" in said and "'def forward(self)'" in said


def test_time_is_limited(file):
    done = doctor(f"{file}:Endless", "--seconds", "1", whole=True)
    assert done.returncode == command.STOPPED and "Stopped after 1 s" in done.stderr


def test_names_that_are_not_there(file, capsys):
    assert doctor(f"{file}:Nobody").returncode == command.UNKNOWN
    assert command.main(["nowhere.py:Layer"]) == command.UNKNOWN and "no such file" in capsys.readouterr().err
    for path in ("layer", "C:\\code\\layer.py", "C:/code/layer.py"):
        assert command.main([path]) == command.UNKNOWN and "file.py:ClassName" in capsys.readouterr().err


@pytest.mark.parametrize(
    "event, args",
    [
        ("open", ("x", "w", 0)),
        ("open", ("x", None, 1)),
        ("socket.connect", ()),
        ("os.remove", ("x", -1)),
        ("subprocess.Popen", ()),
    ],
)
def test_the_guard(event, args):
    with pytest.raises(guard.RefusedError):
        guard.refuse(event, args)


def test_reading_is_not_refused():
    guard.refuse("open", ("x", "r", 0))
    guard.refuse("import", ("numpy",))


@pytest.mark.parametrize(
    "line, status, said",
    [
        ("import os; os._exit(0)", command.UNKNOWN, "ended Python itself (exit status 0)"),
        ("import os; os.fork()", command.UNKNOWN, "lets no layer do this: os.fork"),
        ("raise KeyboardInterrupt", command.STOPPED, "Stopped by Ctrl-C"),
    ],
    ids=["ends", "forks", "interrupts"],
)
def test_a_layer_that_ends_python_has_not_said_that_all_is_right(tmp_path, line, status, said):
    path = tmp_path / "layer.py"
    path.write_text(f"class Layer:\n    def __init__(self, W, b):\n        {line}\n", encoding="utf-8")
    done = doctor(f"{path}:Layer", whole=True)
    assert done.returncode == status and said in done.stderr and "Traceback" not in done.stderr


def test_what_the_file_starts_or_replaces_is_no_traceback_of_ours(tmp_path):
    path = tmp_path / "layer.py"
    path.write_text(
        "import argparse, threading, time\nimport numpy as np\n"
        "class Layer:\n    def __init__(self, W, b):\n        self.W = W\n"
        "thread = threading.Thread(target=time.sleep, args=(100,))\nstarted = thread.start()\n"
        "asked = argparse.ArgumentParser().parse_args()\nnp.float64 = np.float32\n",
        encoding="utf-8",
    )
    done = doctor(f"{path}:Layer", whole=True)
    assert done.returncode == command.UNKNOWN and "The doctor failed at this layer" in done.stderr
    assert "Traceback" not in done.stderr and "usage" not in done.stderr


def test_a_folder_and_a_notebook_are_called_so(tmp_path, capsys):
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "lesson.ipynb").write_text("{}", encoding="utf-8")
    for place, said in (
        ("folder.py", "is a folder"),
        ("folder.py:Layer", "is a folder"),
        ("lesson.ipynb", "doctor.examine"),
    ):
        assert command.main([str(tmp_path / place)]) == command.UNKNOWN and said in capsys.readouterr().err


def test_the_backward_method_is_named_and_sizes_that_are_none_are_told(tmp_path):
    path = tmp_path / "layer.py"
    path.write_text(
        (PATIENTS.parents[1] / "test_hostile.py").read_text(encoding="utf-8").split("class NoNumbers")[0]
        + "class Named(Right):\n    go = Right.backward\n    def backward(self, delta):\n        return None\n",
        encoding="utf-8",
    )
    done = doctor(f"{path}:Named", "--backward", "go", "--settings", "1,2,3,5,5,3,1,0")
    assert done.returncode == command.RIGHT and "dX      right in 1 setting" in done.stdout
    done = doctor(f"{path}:Named", "--settings", "1,2,3,five,5,3,1,0")
    assert done.returncode == command.UNKNOWN and "eight numbers (N, C, O, H, W, k, stride, padding)" in done.stderr

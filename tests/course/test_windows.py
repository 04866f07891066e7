"""Nothing that an installed cnnlib runs is POSIX-only: its code is walked, and run where Windows's gaps are."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cnnlib

PACKAGE = Path(cnnlib.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
POSIX_MODULES = {"fcntl", "termios", "tty", "pty", "pwd", "grp", "resource", "syslog", "curses", "readline"}
POSIX_CALLS = {
    *("os.fork", "os.geteuid", "os.getuid", "os.getgid", "os.killpg", "os.setsid", "os.uname", "os.nice"),
    *("os.chown", "os.mkfifo", "os.getloadavg", "os.sysconf", "os.wait", "os.symlink", "os.statvfs"),
    *("signal.SIGHUP", "signal.SIGKILL", "signal.SIGALRM", "signal.alarm", "signal.setitimer", "signal.pause"),
    *("time.tzset", "socket.AF_UNIX", "os.rename"),  # rename: on Windows it refuses a name that is taken
}
TEXT_CALLS = {"read_text", "write_text"}


def guarded(tree):
    """Nodes inside ``try: … except ImportError`` or ``if hasattr(…)`` or ``if sys.platform …``, whole."""
    for node in ast.walk(tree):
        handled = isinstance(node, ast.Try) and any(
            "ImportError" in ast.unparse(h.type or ast.Name("")) for h in node.handlers
        )
        asked = isinstance(node, ast.If) and any(
            word in ast.unparse(node.test) for word in ("hasattr", "sys.platform", "os.name")
        )
        if handled or asked:
            yield from ast.walk(node)


def faults(source):
    """[(line, what)] that would fail, or do something else, on Windows."""
    tree = ast.parse(source)
    safe = set(guarded(tree))
    found = []
    for node in ast.walk(tree):
        if node in safe:
            continue
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names if alias.name in POSIX_MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module in POSIX_MODULES:
            found.append((node.lineno, node.module))
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in POSIX_CALLS:
            found.append((node.lineno, ast.unparse(node)))
        elif isinstance(node, ast.Call):
            found += [(node.lineno, fault) for fault in _faults_of_call(node)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("/tmp"):
            found.append((node.lineno, "a folder that Windows lacks"))
    return found


def _faults_of_call(call):
    name = ast.unparse(call.func)
    words = {keyword.arg for keyword in call.keywords}
    if name == "open" or (name.endswith((".open", "fdopen")) and "os" not in name):
        mode = next((a.value for a in call.args[1:2] if isinstance(a, ast.Constant)), "r")
        if name == "open" and "b" not in mode and "encoding" not in words:
            yield "text in the encoding of the system"
    if name.rpartition(".")[2] in TEXT_CALLS and "encoding" not in words:
        yield "text in the encoding of the system"
    if name.startswith("subprocess.") and {"text", "universal_newlines"} & words and "encoding" not in words:
        yield "text in the encoding of the system"
    if {"preexec_fn", "pass_fds"} & words or any(k.arg == "shell" for k in call.keywords):
        yield "a child process as POSIX starts it"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_needs_posix(path):
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("source", [
    "import fcntl", "from resource import getrusage", "import os\nos.fork()", "import signal\nsignal.SIGHUP",
    "open('a')", "open('a', 'w')", "from pathlib import Path\nPath('a').read_text()", "x = '/tm" "p/x'",
    "import subprocess\nsubprocess.run(['a'], text=True)", "import os\nos.rename('a', 'b')",
    "import subprocess\nsubprocess.run('a', shell=True)",
])  # fmt: skip
def test_the_walk_sees_what_it_looks_for(source):
    assert len(faults(source)) == 1


def test_what_is_asked_for_first_is_no_fault():
    assert faults("try:\n    import fcntl\nexcept ImportError:\n    fcntl = None\n") == []
    assert faults("import signal\nif hasattr(signal, 'SIGHUP'):\n    signal.signal(signal.SIGHUP, None)\n") == []


GAPS = """
import os, signal, sys, types
import numpy  # which itself asks which system it was built for
for name in ("fcntl", "termios", "pwd", "grp", "resource", "pty", "tty"):
    sys.modules[name] = None
gone = ((os, "fork geteuid getuid killpg setsid"), (signal, "SIGHUP SIGALRM SIGKILL"))
for module, name in [(module, name) for module, names in gone for name in names.split()]:
    delattr(module, name)
class Msvcrt(types.ModuleType):
    LK_LOCK = 1
    def locking(self, *_): pass
sys.modules["msvcrt"] = Msvcrt("msvcrt")
"""


WORDS = [["--help"], ["--version"], ["copy", "mein Kurs ü"], ["lab", "--port", "zero"], ["slides", "77"],
         ["lecture", "--port", "x"]]  # fmt: skip


@pytest.mark.parametrize("arguments", WORDS, ids=" ".join)
def test_the_command_runs_where_the_posix_parts_are_missing(tmp_path, arguments):
    """A stand-in for Windows: the modules and calls that it lacks are gone, and text has to name its encoding."""
    call = f"from cnnlib.course.command import main; sys.exit(main({arguments!r}))"
    strict = ["-X", "warn_default_encoding", "-W", "error::EncodingWarning:cnnlib"]
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    run = [sys.executable, *strict, "-c", GAPS + call]
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    expected = 0 if arguments[0] in ("--help", "--version", "copy") else 1
    assert done.returncode == expected, done.stderr.decode()

"""Fills .venv for bootstrap.py: runs uv or pip, keeps their output, and says in words what went wrong.

Packages come from requirements/: versions and hashes, ready-built files only. Where one of them does not exist
for this machine, or Python is newer than the lock, the newest within pyproject.toml's ranges are taken instead.
Like bootstrap.py, this file keeps to the syntax that an old Python can read.
"""
import errno
import os
import subprocess
import sys

import levels

NEWEST = (3, 14)  # the newest Python that requirements/ was resolved for

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOG = os.path.join(VENV, "install.log")

# What uv and pip say, by cause; the first cause that shows in their output counts.
SYMPTOMS = (
    ("space", ("No space left on device", "Disk quota exceeded", "os error 28", "os error 122")),
    ("hash", ("DO NOT MATCH THE HASHES", "Hash mismatch")),
    ("network", (
        "Failed to establish a new connection", "NewConnectionError", "ConnectTimeoutError", "ReadTimeoutError",
        "ProxyError", "SSLError", "name resolution", "Network is unreachable",
        "error sending request", "dns error", "Could not connect", "Failed to fetch", "timed out",
    )),
    ("unavailable", ("No matching distribution", "No solution found", "no wheels", "no usable wheels")),
)

WORDS = {
    "space": "The disk is full. Free about 1 GB, then run make again.\n"
    "  `df -h .` shows the disk; `pip cache purge` and `uv cache clean` empty the package caches.",
    "hash": "A package is not the file that was tested, so the set-up stopped. Is a mirror or a proxy in between?\n"
    "  `pip cache purge` or `uv cache clean`, then run make again.",
    "network": "The packages could not be fetched: the package index cannot be reached.\n"
    "  Only the first set-up needs the network. Connect (behind a proxy: set HTTPS_PROXY), then run make again.",
    "unavailable": "No package fits this machine. The course needs Linux, macOS or WSL with Python 3.11 to %d.%d.\n"
    "  make clean, then make lab PYTHON=python%d.%d; or conda: environment.yml." % (NEWEST + NEWEST),
    "unknown": "The set-up failed.",
}


def create(uv):
    """Lay an empty environment into .venv. Returns None, or what went wrong."""
    place = os.path.realpath(VENV)  # venv refuses a link to another disk
    if uv:
        command = ["uv", "venv", "--quiet", "--no-project", "--allow-existing", "--python", sys.executable, place]
    else:
        command = [sys.executable, "-m", "venv", place]
    code, text = run(command)
    return explain(text) if code else None


def install(level, uv):
    """The locked packages, then cnnlib itself from this folder. Returns None, or what went wrong."""
    pip = ["uv", "pip", "install", "--python", PYTHON] if uv else [PYTHON, "-m", "pip", "install", "--no-input"]
    lock = os.path.join("requirements", level + ".txt")
    locked = (
        pip + ["--require-hashes", "--only-binary", ":all:", "--requirement", lock],
        pip + ["--no-deps", "--no-build-isolation", "--editable", "."],
    )
    ranges = (pip + ["--editable", ".[%s]" % ",".join(levels.extras(level)), "pip"],)
    if sys.version_info[:2] > NEWEST:
        say("Python %d.%d is newer than the tested packages: taking the newest that fit." % sys.version_info[:2])
        text = run_all(ranges)
    else:
        text = run_all(locked)
        if text is not None and cause(text) == "unavailable":
            say("A tested package does not exist for this machine: taking the newest that fit.")
            text = run_all(ranges)
    return None if text is None else explain(text)


def run_all(commands):
    """Run commands until one fails; its output, or None where none did."""
    for command in commands:
        code, text = run(command)
        if code:
            return text
    return None


def run(command):
    """(exit code, output) of a command. The output goes to .venv/install.log; a terminal sees how far it is."""
    foreign = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX")
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    environment.update(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_PROGRESS_BAR="off")
    environment["PYTHONUNBUFFERED"] = "1"
    if not home_can_be_used():
        environment["HOME"] = VENV  # the package caches have to lie somewhere
    if not os.path.isdir(VENV):
        os.makedirs(VENV)
    lines, count = [], 0
    with open(LOG, "a", encoding="utf-8") as log, subprocess.Popen(
        command, cwd=ROOT, env=environment, encoding="utf-8", errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as child:
        for line in child.stdout:
            log.write(line)
            lines.append(line)
            count += line.startswith(("Collecting ", "Processing "))
            if count and sys.stdout.isatty():
                unpacks = line.startswith("Installing collected")
                say("\r  unpacking ...       " if unpacks else "\r  %d packages fetched" % count, end="")
    if count and sys.stdout.isatty():
        say("\r" + " " * 24 + "\r", end="")
    return child.returncode, "".join(lines)


def home_can_be_used():
    """Whether there is a home folder, or can be: some accounts of schools and services have none."""
    home = os.path.expanduser("~")
    try:
        if not os.path.isdir(home):
            os.makedirs(home)
    except OSError:
        return False
    return os.access(home, os.W_OK)


def cause(text):
    """The name of the first cause whose signs are in an installer's output."""
    for name, signs in SYMPTOMS:
        if any(sign in text for sign in signs):
            return name
    return "unknown"


def explain(text):
    """An installer's failure in words, with what mends it; its own last lines where they may tell more."""
    name = cause(text)
    last = [line for line in text.splitlines() if line.strip()][-4:] if name not in ("space", "network") else []
    return "\n".join([WORDS[name]] + ["  | " + line[:150] for line in last] + ["  The log: .venv/install.log"])


def trouble(error):
    """An OSError of the set-up itself in words."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return WORDS["space"]
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "No permission to write %s. Copy the course into a folder of your own." % error.filename
    return "The set-up failed: %s" % error


def say(text, end="\n"):
    sys.stdout.write(text + end)
    sys.stdout.flush()

"""Makes .venv ready: creates it, fills it, mends it, and does nothing where nothing has changed.

usage: python tools/bootstrap.py LEVEL    (tools/setup.sh finds the Python; levels.py has the levels)

lab is what the notebooks need, lecture adds slides inside JupyterLab, book Sphinx, site JupyterLite, test the test
tools, all the browser driver. uv does the work where it is installed, else venv and pip. A stamp inside .venv says
what was installed; it is written last, so that a set-up that was interrupted shows. An old Python must still be
able to read this file and say that it is too old: nothing here is newer than the syntax of Python 2.7 or outside
the standard library.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

import install
from install import PYTHON, ROOT, VENV, say
from levels import LEVELS, modules

OLDEST = (3, 11)
WANTED = 10**9  # bytes; the finished environment takes about 550 MB, the downloads the rest
STAMP = os.path.join(VENV, "cnnlib.json")


def main(arguments):
    if sys.version_info < OLDEST:
        return "Python %d.%d is too old: the course needs 3.11 or newer. make looks for one." % sys.version_info[:2]
    if os.name == "nt":
        return "On Windows the course needs no make:  pip install \".[lab]\"  and then  cnnlib"
    if len(arguments) != 1 or arguments[0] not in LEVELS:
        return "usage: python tools/bootstrap.py " + " | ".join(LEVELS)
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV):
        # .venv is activated. It may have to be rebuilt, which the Python inside it cannot do.
        os.execv(sys._base_executable, [sys._base_executable, os.path.realpath(__file__)] + arguments)
    try:
        with only_one():
            return make_ready(arguments[0])
    except KeyboardInterrupt:
        return "\nStopped. The next make starts the set-up afresh."
    except OSError as error:
        return install.trouble(error)


def make_ready(level):
    """Bring .venv up to `level`. Returns None, or what went wrong and how to mend it."""
    state, reason, installed = examine(level)
    if state == "ready":
        return None
    start, uv, level = time.time(), has_uv(), max(level, installed, key=LEVELS.index)
    problem = obstacle(uv) if state == "rebuild" else None
    if problem:
        return problem
    work = "Setting up .venv" if state == "rebuild" else "Bringing .venv up to date"
    duration = "about ten seconds" if uv else "a minute or two" if state == "rebuild" else "about twenty seconds"
    details = (reason, work, "uv" if uv else "pip", sys.version_info[0], sys.version_info[1], duration)
    say("%s%s with %s and Python %d.%d: %s ..." % details)
    if os.path.lexists(STAMP):
        os.remove(STAMP)
    if state == "rebuild":
        clear()
        problem = install.create(uv)
    problem = problem or install.install(level, uv)
    if problem:
        return problem
    switch_off_news()
    ailment = sickness(level)
    if ailment:
        return "The new environment is not usable: %s. `make clean` starts afresh; log: .venv/install.log" % ailment
    with open(STAMP, "w") as stamp:
        json.dump({"level": level, "digest": digest(), "root": ROOT, "python": list(sys.version_info[:2])}, stamp)
    say("Ready in %d s." % round(time.time() - start))
    return None


def examine(level):
    """(state, reason, installed level): what has to be done to .venv and why. States: ready, update, rebuild."""
    if not os.path.lexists(VENV):
        return "rebuild", "", "lab"
    try:
        with open(STAMP) as stamp:
            known = json.load(stamp)
        installed, root, python, sum_ = (known[key] for key in ("level", "root", "python", "digest"))
        LEVELS.index(installed)
    except (OSError, ValueError, KeyError, TypeError):
        return "rebuild", "An earlier set-up did not finish. ", "lab"
    if root != ROOT:
        return "rebuild", "The folder has moved. ", installed
    ailment = sickness(installed)
    if ailment:
        return "rebuild", "The environment is damaged: %s. " % ailment, installed
    other = python != list(sys.version_info[:2])
    if other and os.environ.get("PYTHON"):
        return "rebuild", "Another Python is asked for. ", installed
    if sum_ != digest():
        return "rebuild" if other else "update", "The requirements have changed. ", installed
    if LEVELS.index(level) > LEVELS.index(installed):
        return "rebuild" if other else "update", "More tools are needed. ", installed
    return "ready", "", installed


def sickness(level):
    """What is wrong with the Python in .venv or the packages it should find; None where it is well."""
    # A folder that lost its files is still found, as a package without a file of its own.
    code = (
        "import sys, importlib.util as u\n"
        "print(*[n for n in sys.argv[1:] if not getattr(u.find_spec(n), 'origin', None)])"
    )
    try:
        command = [PYTHON, "-I", "-c", code] + modules(level)
        missing = subprocess.check_output(command, stderr=subprocess.DEVNULL).split()
    except OSError:
        return "its Python is gone"
    except subprocess.CalledProcessError:
        return "its Python does not start"
    return "%s cannot be found" % b", ".join(missing).decode() if missing else None


def obstacle(uv):
    """What stands in the way of a first set-up, with the command that mends it."""
    sign = next((sign for sign in (os.pathsep, "$") if sign in ROOT), None)
    if sign:
        return (
            "The folder's path has a %s in it, with which Python's tools cannot set up an environment:\n  %s\n"
            "  Move the course into a folder without it, then run make again."
        ) % (sign, ROOT)
    free = shutil.disk_usage(ROOT).free
    if free < WANTED:
        return (
            "The course needs about 1 GB of disk space; %s has %.1f GB left.\n"
            "  `df -h .` shows the disk; `pip cache purge` and `uv cache clean` empty the package caches."
        ) % (ROOT, free / 1e9)
    try:
        if not uv:
            import ensurepip  # noqa: F401 (Debian ships it apart from Python)
            import venv  # noqa: F401
    except ImportError:
        return (
            "%s cannot make virtual environments: venv or ensurepip is missing.\n"
            "  Debian, Ubuntu:  sudo apt install python%d.%d-venv\n"
            "  Fedora:          sudo dnf install python3-libs\n"
            "  macOS:           brew install python\n"
            "  anywhere:        install uv, which needs neither"
        ) % ((sys.executable,) + sys.version_info[:2])
    return None


def clear():
    """Empty .venv, whatever it holds. Where it is a link to another disk, the link stays."""
    if os.path.isdir(VENV):
        for name in os.listdir(VENV):
            path = os.path.join(VENV, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.remove(path)
    elif os.path.lexists(VENV):
        os.remove(VENV)


def switch_off_news():
    """JupyterLab's announcements plugin asks the network for news and updates at every start, and pops up."""
    folder = os.path.join(VENV, "etc", "jupyter", "labconfig")
    if not os.path.isdir(folder):
        os.makedirs(folder)
    with open(os.path.join(folder, "page_config.json"), "w") as config:
        json.dump({"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}, config)


def digest():
    """One hash of all that decides what .venv holds."""
    locks = os.path.join(ROOT, "requirements")
    paths = [os.path.join(locks, name) for name in sorted(os.listdir(locks))]
    paths += [os.path.join(ROOT, "tools", name) for name in ("bootstrap.py", "install.py", "levels.py")]
    paths.append(os.path.join(ROOT, "pyproject.toml"))
    total = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            total.update(file.read() + b"\0")
    return total.hexdigest()


def has_uv():
    try:
        return subprocess.call(["uv", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def only_one():
    """A lock against two set-ups at once, held on pyproject.toml for as long as the returned file is open."""
    handle = open(os.path.join(ROOT, "pyproject.toml"))
    try:
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another make is setting up .venv: waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
    except (ImportError, OSError):
        pass  # a file system without locks
    return handle


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

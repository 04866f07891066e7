"""What a reader waits for: the import, `make lab` until the server answers, and the whole course run cold.

The import is timed in fresh processes, in turn with NumPy's own.  `make lab` is timed in a fresh clone of what is
committed: cold with its set-up, which takes packages from wherever pip or uv finds them, then warm.  The course is
every notebook and every solution, each in a kernel of its own, two at a time.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from goals import COURSE, IMPORT, ONE_NOTEBOOK
from rows import NotMeasuredError, row
from timing import in_turn

ROOT = Path(__file__).resolve().parents[1]
READY = re.compile(r"JupyterLab is ready")
UNREACHED = "the package index cannot be reached"  # what the set-up says without a network
WORKERS = 2


def import_rows(options):
    """`import cnnlib` beyond `import numpy`."""

    def fresh(code):
        def run():
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
            return time.perf_counter() - started

        return run

    runners = {"NumPy": fresh("import numpy"), "cnnlib": fresh("import numpy, cnnlib")}
    in_turn(runners, 1)  # compiles and reads the files once
    times = in_turn(runners, 2 if options.quick else 15)
    pairs = zip(times["cnnlib"].seconds, times["NumPy"].seconds, strict=True)
    beyond = sorted(mine - theirs for mine, theirs in pairs)
    note = f"Python with NumPy alone takes {times['NumPy'].median:.2f} s"
    yield row("import cnnlib, beyond NumPy's own", beyond[len(beyond) // 2], "s",
              spread=(beyond[len(beyond) // 4], beyond[-1 - len(beyond) // 4]), goal=IMPORT, note=note,
              brief=True)  # fmt: skip


def lab_rows(options):
    """`make lab` in a fresh clone until the server answers: with the set-up, then once more."""
    _require("git", "make")
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "course")
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        tool = "uv" if shutil.which("uv") else "venv and pip"
        yield row("make lab, cold", _until_ready(clone), "s", note=f"set-up by {tool} included", brief=True)
        yield row("make lab, warm", _until_ready(clone), "s", brief=True)


def _until_ready(clone):
    """Seconds from the command until it prints that the server has answered; the server is stopped again."""
    # A make that runs inside another one takes over its options, which are not meant for it.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    with tempfile.TemporaryFile("w+") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            ["make", "lab", "ARGS=--no-browser"],
            cwd=clone,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        try:
            if any(READY.search(line) for line in process.stdout):
                return time.perf_counter() - started
            log.seek(0)
            said = log.read()
            if UNREACHED in said:
                raise NotMeasuredError(f"the set-up in a fresh clone needs packages, and {UNREACHED}")
            raise RuntimeError(f"make lab ended before its server answered: {said[-2000:]}")
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=60)


def course_rows(options):
    """Every notebook and solution that git has, cold, with two workers."""
    _require("git")
    names = subprocess.run(
        ["git", "ls-files", "notebooks/*.ipynb"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    names = names[:1] if options.quick else names
    with tempfile.TemporaryDirectory() as folder:
        # Notebooks as git has them: what a reader saved is neither run nor changed.
        subprocess.run(["git", "checkout-index", "--all", f"--prefix={folder}/"], cwd=ROOT, check=True)
        started = time.perf_counter()
        with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
            spent = dict(zip(names, pool.map(_run, names, [folder] * len(names)), strict=True))
        whole = time.perf_counter() - started
    slowest = max(spent, key=spent.get)
    what = f"the course cold, {len(names)} notebooks, two workers"
    yield row(what, whole, "s", goal=COURSE, brief=True)
    yield row(f"its slowest notebook, {Path(slowest).stem}", spent[slowest], "s", goal=ONE_NOTEBOOK)


def _require(*programs):
    """NotMeasuredError where a program is missing, or this folder is no clone."""
    for program in programs:
        if shutil.which(program) is None:
            raise NotMeasuredError(f"{program} is not on PATH")
    if not (ROOT / ".git").exists():
        raise NotMeasuredError("this folder is no clone: what is measured is what git has")


def _run(name, folder):
    """Seconds that one notebook takes, its kernel's start included."""
    import nbclient
    import nbformat
    from traitlets.config import Config

    from cnnlib.course.kernels import own_sockets

    os.environ["PYTHONPATH"] = folder  # the notebooks as git has them run on the code as git has it
    notebook = nbformat.read(Path(folder, name), as_version=4)
    started = time.perf_counter()
    where = {"metadata": {"path": Path(folder, "notebooks")}}
    with own_sockets() as settings:
        nbclient.NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources=where, config=Config(settings)
        ).execute()
    return time.perf_counter() - started

"""How long the modern net trains until it errs as seldom as LeNet-5 did in 1998; the memory that training takes.

Both in fresh processes on the full data set, with the threads for matrix products that bench.py was started with
(one, if nothing was said): :mod:`fast_net`, and one pass of the article's net.
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from goals import MEMORY, MODERN_NET
from rows import NotMeasuredError, row

from cnnlib import data

ROOT = Path(__file__).resolve().parents[1]
TARGETS = (0.010, 0.0095)  # of the test images; the second is LeNet-5's


def modern_rows(options):
    """Seconds until each test error: the median over the seeds, where all of them come there."""
    if not options.quick:
        _require_mnist(options.folder)
    command = ["--embedded", "--seeds", "1", "--epochs", "1"] if options.quick else []
    *passes, memory = _lines("fast_net.py", options, *command)
    runs = {}
    for found in passes:
        runs.setdefault(found["seed"], []).append((found["seconds"], found["test_error"]))
    errors = ", ".join(f"{100 * run[-1][1]:.2f} %" for run in runs.values())
    for target in (1.0,) if options.quick else TARGETS:
        reached = [seconds_until(run, target) for run in runs.values()]
        known = None if None in reached else statistics.median(reached)
        shown = ", ".join("never" if seconds is None else f"{seconds:.1f}" for seconds in reached)
        note = f"seeds 0 to {len(runs) - 1}: {shown} s; after the last pass {errors}"
        goal = MODERN_NET if target == TARGETS[-1] else None
        what = f"modern net until {100 * target:.3g} % test error"
        yield row(what, known, "s", goal=goal, note=note, brief=True)
    yield row("memory of that training, at most", memory["peak_mb"], "MB", goal=MEMORY)


def memory_rows(options):
    """Most memory of a process that trains the article's net for one pass over all digits and tests it."""
    if options.quick:
        (found,) = _run([sys.executable, "-c", "import this_machine; this_machine.print_peak_memory()"])
    else:
        _require_mnist(options.folder)
        *_, found = _lines("accuracy.py", options, "--epochs", "1", "--memory")
    yield row("memory of training on 60,000 digits", found["peak_mb"], "MB", goal=MEMORY, brief=True)


def seconds_until(run, target):
    """Of (seconds, test error) after each pass: the first seconds with an error that small, or None."""
    return next((seconds for seconds, error in run if error <= target), None)


def _lines(script, options, *arguments):
    """What one of the scripts here prints, line by line, as JSON; other lines are left out."""
    folder = ["--folder", options.folder] if options.folder else []
    return _run([sys.executable, ROOT / "benchmarks" / script, *folder, *arguments])


def _require_mnist(folder):
    """NotMeasuredError where the full data set is neither in the folder or the cache nor to be fetched."""
    try:
        data.read_mnist(folder)
    except (OSError, ValueError, ImportError) as problem:
        reason = str(problem).partition("\n")[0].rstrip(":.")
        raise NotMeasuredError(f"{reason}; --folder says where its four files are") from problem


def _run(command):
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "benchmarks")])}
    done = subprocess.run(command, env=os.environ | paths, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

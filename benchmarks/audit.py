"""Mutation audit: does the test suite see a bug?  One bug after the other is planted in a copy of the repository.

    python benchmarks/audit.py [WORD ...] [--save] [--saved]

A bug counts only if it changes a number that the course computes or prints (benchmarks/audit_probe.py); then a test
has to fail.  WORD chooses the bugs whose names hold it; --save keeps the table in
cnnlib/experiments/results/audit.json,
--saved prints the one that was kept.  The exit status says whether every bug was killed.
"""

import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from bugs_to_plant import BUGS

from cnnlib.experiments import records

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("cnnlib", "tests", "benchmarks", "pyproject.toml")
# The tests of everything that a net computes, quick ones first; those of the planted module go before them all.
CORE = (
    *("losses", "activation", "dense", "pool", "random_configurations", "correlation", "network", "training"),
    *("layers", "toolbox_traces", "conv", "banded", "models", "ops", "adjoint", "three_witnesses"),
    *("groups", "conv_transpose", "lenet5_layers", "lenet5_1998", "run", "image_grid", "diagram"),
)
WORKERS = 2
PATIENCE = 1800  # seconds; a bug that makes something endless ends here


class Outcome(NamedTuple):
    """What became of one bug; ``changes`` and ``killed_by`` are empty where nothing did."""

    bug: str
    where: str
    changes: str
    killed_by: str
    seconds: float


class AuditError(RuntimeError):
    """The audit itself cannot go on: an edit that does not fit, or tests that fail without a bug."""


def place(bug, root=ROOT):
    """file:line of the text to be replaced; AuditError unless it stands there exactly once."""
    text = (root / bug.file).read_text(encoding="utf-8")
    if text.count(bug.old) != 1:
        raise AuditError(
            f"bug {bug.name!r}: its old text stands {text.count(bug.old)} times in {bug.file}, not once:\n{bug.old}"
        )
    return f"{bug.file}:{text[: text.index(bug.old)].count(chr(10)) + 1}"


def plant(bug, folder):
    """Edit the copy, and let no compiled file of before stand in for it."""
    place(bug, folder)
    path = folder / bug.file
    path.write_text(path.read_text(encoding="utf-8").replace(bug.old, bug.new), encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()


def copy(source, folder):
    """What the tests need; file times are kept, so that compiled files stay valid."""
    for name in COPIED:
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, folder / name)


def run(folder, *arguments):
    """Python in a copy, seeing the copy's cnnlib and nothing of the repository's."""
    settings = {"PYTHONPATH": str(folder), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    options = dict(cwd=folder, env=os.environ | settings, capture_output=True, text=True, timeout=PATIENCE)
    try:
        return subprocess.run([sys.executable, *arguments], **options)
    except subprocess.TimeoutExpired:
        raise AuditError(f"{' '.join(arguments[:2])} took more than {PATIENCE} s") from None


def probe(folder):
    """{name: array} of everything that the nets of the copy compute."""
    done = run(folder, "benchmarks/audit_probe.py", "numbers.npz")
    if done.returncode:
        raise AuditError(f"the probe stopped:\n{done.stderr}")
    with np.load(folder / "numbers.npz", allow_pickle=False) as file:
        found = dict(file)
    came_from = Path(str(found.pop("cnnlib")))
    if folder.resolve() not in came_from.resolve().parents:
        raise AuditError(f"the probe imported {came_from}, which is not the copy in {folder}")
    return found


def changes(planted, clean):
    """The first number that differs, by how much of its largest entry, and how many more do; "" for none."""
    shares = {}
    for name, array in planted.items():
        if array.shape == clean[name].shape:
            scale = np.abs(clean[name]).max(initial=0.0) or 1.0
            share = np.abs(array - clean[name]).max(initial=0.0) / scale
            if not share <= 1e-9:
                shares[name] = share
    if not shares:
        return ""
    first, share = next(iter(shares.items()))
    return f"{first} by {100 * share:.3g} %" + (f", and {len(shares) - 1} more" if len(shares) > 1 else "")


def failing_test(folder, module=None, *options):
    """The first test that fails in a copy, "" where all pass; those of the planted module are run first."""
    names = sorted(CORE, key=lambda name: name != module)
    files = []
    for name in names:
        found = [path.relative_to(folder) for path in Path(folder, "tests").rglob(f"test_{name}.py")]
        if not found:
            raise AuditError(f"there is no test_{name}.py")
        files += found
    quiet = ["-q", "-x", "--tb=no", "-rfE", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
    done = run(folder, "-m", "pytest", *quiet, *options, *files)
    found = re.search(r"^(?:FAILED|ERROR) tests/(?:\w+/)*(.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    if done.returncode not in (0, 1) or (done.returncode == 1) != bool(found):
        raise AuditError(f"pytest ended with status {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return found[1] if found else ""


def try_bug(bug, clean_folder, clean):
    """Plant one bug in a copy of its own: what does it change, and which test sees it?"""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="audit-") as name:
        folder = Path(name)
        copy(clean_folder, folder)
        plant(bug, folder)
        changed = changes(probe(folder), clean)
        killer = failing_test(folder, Path(bug.file).stem) if changed else ""
    return Outcome(bug.name, place(bug, clean_folder), changed, killer, round(time.perf_counter() - started, 1))


def audit(bugs, *, check_clean=True):
    """Yield the Outcome of each bug, in order; AuditError where the tests fail without any."""
    for bug in bugs:
        place(bug)
    with tempfile.TemporaryDirectory(prefix="audit-") as name:
        folder = Path(name)
        copy(ROOT, folder)
        clean = probe(folder)
        if check_clean and (failed := failing_test(folder, None, "-n", str(WORKERS))):
            raise AuditError(f"without any bug {failed} fails; mend that first")
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            yield from pool.map(lambda bug: try_bug(bug, folder, clean), bugs)


def show(number, outcome):
    """Two lines of the table."""
    print(f"{number:>3}  {outcome.bug:<72} {outcome.where:<32}{outcome.seconds:>6.1f} s")
    print(f"     changes  {outcome.changes or 'NOTHING that a net computes: this is no bug'}")
    if outcome.changes:
        print(f"     killed by  {outcome.killed_by or 'NO TEST: IT SURVIVES'}")
    sys.stdout.flush()


def kept():
    """The outcomes that were saved last."""
    try:
        record = records.read("audit")
    except ValueError as error:
        raise AuditError(f"{error}; --save writes it") from None
    print(f"saved on {record['date']}, {record['machine']}, {record['versions']}")
    return [Outcome(**row) for row in record["bugs"]]


def main():
    """Print the table; the exit status says whether every bug changed something and was killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="WORD", help="bugs whose names hold it; all by default")
    parser.add_argument("--save", action="store_true", help="write the table down")
    parser.add_argument("--saved", action="store_true", help="run nothing; print what was saved last")
    options = parser.parse_args()
    if options.save and options.words:
        parser.error("--save keeps the whole table; it goes with no WORD")
    chosen = [bug for bug in BUGS if not options.words or any(word in bug.name for word in options.words)]
    outcomes, started = [], time.perf_counter()
    try:
        for outcome in kept() if options.saved else audit(chosen):
            outcomes.append(outcome)
            show(len(outcomes), outcome)
    except AuditError as error:
        raise SystemExit(f"audit: {error}") from None
    killed = sum(bool(outcome.changes and outcome.killed_by) for outcome in outcomes)
    took = "" if options.saved else f", in {time.perf_counter() - started:.0f} s"
    print(f"{killed} of {len(outcomes)} planted bugs changed a number and were killed{took}")
    if options.save:
        print(f"written to {records.write('audit', bugs=[outcome._asdict() for outcome in outcomes])}")
    raise SystemExit(killed < len(outcomes) or not outcomes)


if __name__ == "__main__":
    main()

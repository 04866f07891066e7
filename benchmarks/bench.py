"""Everything that is claimed to be fast, measured and put into one table, each figure beside its peer and its goal.

    python benchmarks/bench.py [--only step,growth] [--quick] [--torch PYTHON] [--folder FOLDER] [--save]

Runs of candidates take turns on the same machine; the table shows medians, quartiles and the median of the ratios.
A goal that is not reached says so.  --torch names a Python that has PyTorch, --folder the four original files of
MNIST; --quick tries every part in little time, and its figures mean nothing.  A part that lacks its data, a
program or the network says so in its row, and the others go on.  With --save the rows go to
cnnlib/experiments/results/bench.json (:mod:`bench_record`), docs/growth.svg is drawn, and the README written anew.
The machine should have nothing else to do meanwhile.
"""

import argparse
import importlib
import os
import sys
import traceback
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `make lab` does it; has to be said before NumPy is loaded

import bench_record
from rows import NotMeasuredError, not_measured, reached, text_table
from this_machine import machine, python_with_torch, versions

PARTS = {  # in the order of the table: the module and the function that yields the rows
    "step": ("bench_step", "rows"),
    "profile": ("bench_profile", "rows"),
    "growth": ("bench_growth", "rows"),
    "page": ("bench_page", "page_rows"),
    "modern": ("bench_accuracy", "modern_rows"),
    "memory": ("bench_accuracy", "memory_rows"),
    "explorers": ("bench_panels", "explorer_rows"),
    "frame": ("bench_panels", "frame_rows"),
    "proof": ("bench_panels", "proof_rows"),
    "import": ("bench_course", "import_rows"),
    "lab": ("bench_course", "lab_rows"),
    "course": ("bench_course", "course_rows"),
}
SLOW = ("lab",)  # left out of --quick unless named: no trial of an installation is quick


class Options(NamedTuple):
    """What the parts are told."""

    quick: bool = False
    torch: str | None = None  # a Python that has PyTorch
    folder: str | None = None  # of the original MNIST files; None is the cache, then the network


def run(names, options):
    """({part: [rows]}, the parts that failed), each part printed as it comes.

    A part that cannot be measured here has one row that says why.  An error in a part is printed with its
    traceback and costs that part alone.
    """
    found, failed = {}, []
    for name in names:
        try:
            found[name] = _measure(name, options)
        except NotMeasuredError as missing:
            found[name] = [not_measured(name, str(missing))]
        except Exception as error:
            traceback.print_exc()
            found[name] = [not_measured(name, f"it failed with {type(error).__name__}: {error}")]
            failed.append(name)
        print(f"\n{name}\n{text_table(found[name])}", flush=True)
    return found, failed


def _measure(name, options):
    module, function = PARTS[name]
    try:
        return list(getattr(importlib.import_module(module), function)(options))
    except ModuleNotFoundError as error:
        raise NotMeasuredError(f"the package {error.name} is not installed") from error


def parts_named(text, quick):
    """The parts of a list such as "step,growth"; all of them where there is none, SystemExit for unknown ones."""
    names = text.split(",") if text else [name for name in PARTS if not (quick and name in SLOW)]
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        raise SystemExit(f"bench: {unknown[0]!r} is none of {', '.join(PARTS)}")
    return names


def main():
    """Measure, print, and save if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="PARTS", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="a trial: its figures mean nothing")
    parser.add_argument("--torch", metavar="PYTHON", help="a Python that has PyTorch; else this one or python3")
    parser.add_argument("--folder", help="where the four original files are; else the cache, else the network")
    parser.add_argument("--save", action="store_true", help="keep the rows, draw the curve, write the README")
    given = parser.parse_args()
    names = parts_named(given.only, given.quick)
    if given.quick and given.save:
        parser.error("a trial is not saved: leave --quick or --save out")
    options = Options(given.quick, python_with_torch(given.torch), given.folder)
    about = {"machine": machine(), "versions": versions(options.torch)}
    print(about["machine"])
    print(*(f"    {name} {version or 'not found'}" for name, version in about["versions"].items()), sep="\n")
    if given.save:
        bench_record.check(names, about)
    found, failed = run(names, options)
    goals = [reached(entry) for rows in found.values() for entry in rows]
    print(f"\n{goals.count(True)} goals reached, {goals.count(False)} not, {goals.count(None)} rows without a goal")
    if given.save:
        bench_record.save(found, about, PARTS)
    return f"failed: {', '.join(failed)}; see above" if failed else None


if __name__ == "__main__":
    sys.exit(main())

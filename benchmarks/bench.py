"""Everything that is claimed to be fast, measured and put into one table, each figure beside its peer and its goal.

    python benchmarks/bench.py [--only step,growth] [--quick] [--torch PYTHON] [--folder FOLDER] [--save]

Runs of candidates take turns on the same machine; the table shows medians, quartiles and the median of the ratios.
A goal that is not reached says so.  --torch names a Python that has PyTorch, --folder the four original files of
MNIST; --quick tries every part in little time, and its figures mean nothing.  With --save the rows go to
cnnlib/experiments/results/bench.json with machine, versions and date, docs/growth.svg is drawn, and the README
written anew.
The machine should have nothing else to do meanwhile.
"""

import argparse
import datetime
import os
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `make lab` does it; has to be said before NumPy is loaded

import bench_accuracy
import bench_course
import bench_growth
import bench_page
import bench_panels
import bench_profile
import bench_step
import curve_files
import readme
from rows import reached, text_table
from this_machine import machine, python_with_torch, versions

from cnnlib.experiments import records

PARTS = {  # in the order of the table
    "step": bench_step.rows,
    "profile": bench_profile.rows,
    "growth": bench_growth.rows,
    "page": bench_page.page_rows,
    "modern": bench_accuracy.modern_rows,
    "memory": bench_accuracy.memory_rows,
    "explorers": bench_panels.explorer_rows,
    "frame": bench_panels.frame_rows,
    "proof": bench_panels.proof_rows,
    "import": bench_course.import_rows,
    "lab": bench_course.lab_rows,
    "course": bench_course.course_rows,
}
SLOW = ("lab",)  # left out of --quick unless named: no trial of an installation is quick


class Options(NamedTuple):
    """What the parts are told."""

    quick: bool = False
    torch: str | None = None  # a Python that has PyTorch
    folder: str | None = None  # of the original MNIST files; None is the cache, then the network


def run(names, options):
    """{part: [rows]}, each part printed as it comes."""
    found = {}
    for name in names:
        found[name] = list(PARTS[name](options))
        print(f"\n{name}\n{text_table(found[name])}", flush=True)
    return found


def save(found, about):
    """Put parts into the record, beside those measured before; ValueError where these came from elsewhere."""
    parts = {}
    if "bench" in (file.name.removesuffix(".json") for file in records.FOLDER.iterdir()):
        record = records.read("bench")
        parts = record["parts"] if set(found) != set(PARTS) else {}
        if parts and any(record[key] != about[key] for key in about):
            raise ValueError("the other parts were measured on another machine or with other versions: run all")
    today = datetime.date.today().isoformat()
    parts |= {name: {"date": today, "rows": rows} for name, rows in found.items()}
    return records.write("bench", **about, parts={name: parts[name] for name in PARTS if name in parts})


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
    parser.add_argument("--save", action="store_true", help="write the result down")
    given = parser.parse_args()
    names = parts_named(given.only, given.quick)
    if given.quick and given.save:
        parser.error("a trial is not saved: leave --quick or --save out")
    options = Options(given.quick, python_with_torch(given.torch), given.folder)
    about = {"machine": machine(), "versions": versions(options.torch)}
    print(about["machine"])
    print(*(f"    {name} {version or 'not found'}" for name, version in about["versions"].items()), sep="\n")
    found = run(names, options)
    goals = [reached(entry) for rows in found.values() for entry in rows]
    print(f"\n{goals.count(True)} goals reached, {goals.count(False)} not, {goals.count(None)} rows without a goal")
    if given.save:
        print(f"written to {save(found, about)}")
        if "growth" in found:
            curve_files.growth(found["growth"])
        readme.write()


if __name__ == "__main__":
    main()

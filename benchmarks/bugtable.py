"""Does it still train?  Every planted bug, and no bug, over five seeds; the table of notebook 13.

    python benchmarks/bugtable.py [--log FILE] [--save]

Settings: cnnlib.outcomes.  A hundred runs of 1,200 updates in two processes take a quarter to half an hour.
With --log every run is added to a file, and what is in the file already is not measured again.  With --save
the result is kept as cnnlib/results/bugtable.json, where the notebook reads it, with date, machine and versions.
"""

import argparse
import json
import multiprocessing
import os
from pathlib import Path

from cnnlib import data, measured, outcomes

WORKERS = 2


def one_run(task):
    """(key, seed) → what outcomes.measure finds, with the two."""
    return task, outcomes.measure(data.load_digits(), *task)


def all_runs(done):
    """Yield every run that is not done, the seeds one after the other."""
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # a process is one worker
    tasks = [(key, seed) for seed in outcomes.SEEDS for key in outcomes.KEYS]
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        yield from pool.imap(one_run, [task for task in tasks if task not in done])


def read(log):
    """{(key, seed): run} from the lines of a log, if there is one."""
    lines = log.read_text(encoding="utf-8").splitlines() if log and log.exists() else []
    return {(key, seed): found for (key, seed), found in map(json.loads, lines)}


def _rounded(value, digits):
    return value if value is None else round(value, digits)


def recorded(runs, cosines):
    """Everything that is kept, but for the date, the machine and the versions."""
    def row(field, key, digits):
        return [_rounded(runs[key, seed][field], digits) for seed in outcomes.SEEDS]

    angles = {
        key: [{name: _rounded(value, 4) for name, value in moment.items()} for moment in moments]
        for key, moments in cosines.items()
    }
    return {
        "seeds": list(outcomes.SEEDS),
        "updates": outcomes.UPDATES,
        "moments": list(outcomes.MOMENTS),
        "test_error": {key: row("test_error", key, 4) for key in outcomes.KEYS},
        "early_loss": {key: row("early_loss", key, 7) for key in outcomes.KEYS},
        "curve": {key: [round(value, 4) for value in runs[key, 0]["curve"]] for key in outcomes.KEYS},
        "cosines": angles,
    }


def main():
    """Measure, print a line a run, and save if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", type=Path, help="a file that keeps every run, so that one can stop and go on")
    parser.add_argument("--save", action="store_true", help="keep the result")
    options = parser.parse_args()
    runs = read(options.log)
    for (key, seed), found in all_runs(runs):
        runs[key, seed] = found
        if options.log:
            with options.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps([(key, seed), found]) + "\n")
        print(f"{key:<16} seed {seed}   {found['updates']:5} updates   {found['test_error']:6.1%}", flush=True)
    cosines = outcomes.measure_cosines(data.load_digits())
    if options.save:
        print("written to", measured.write(outcomes.TABLE, **recorded(runs, cosines)))


if __name__ == "__main__":
    main()

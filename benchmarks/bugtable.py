"""Does it still train, and why?  The two tables of notebook 13, over five seeds.

    python benchmarks/bugtable.py [--only bugs|why] [--log FILE] [--save]

bugs  every planted bug and none (settings: cnnlib.bugs.training_results): a hundred runs of 1,200 updates,
      a quarter to half an hour in two processes
why   the first layer moved rightly, without the turn, not at all, and at random, in two nets
      (cnnlib.bugs.first_layer): forty runs, about five minutes

With --log every run is added to a file, and what is in the file already is not measured again.  With --save
the results are kept in cnnlib/experiments/results, where the notebook reads them, with date, machine and versions.
"""

import argparse
import json
import multiprocessing
import os
from pathlib import Path

from cnnlib import data
from cnnlib.bugs import first_layer, training_results
from cnnlib.experiments import records

WORKERS = 2


def one_run(task):
    """The task, (key, seed) of a bug or (net, way, seed) of the first layer, and what was measured."""
    part = training_results if len(task) == 2 else first_layer
    return task, part.measure(data.load_digits(), *task)


def all_runs(tasks):
    """Yield the task and the result of every run."""
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # a process is one worker
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        yield from pool.imap(one_run, tasks)


def tasks_of(part):
    """Every run of a part, the seeds one after the other."""
    if part == "bugs":
        return [(key, seed) for seed in training_results.SEEDS for key in training_results.KEYS]
    nets, ways = first_layer.SETTINGS, first_layer.WAYS
    return [(net, way, seed) for seed in first_layer.SEEDS for net in nets for way in ways]


def read(log):
    """{task: run} from the lines of a log, if there is one."""
    lines = log.read_text(encoding="utf-8").splitlines() if log and log.exists() else []
    return {tuple(task): found for task, found in map(json.loads, lines)}


def _rounded(value, digits):
    return value if value is None else round(value, digits)


def recorded_bugs(runs, cosines):
    """Everything that is kept of the bugs, but for the date, the machine and the versions."""
    def row(field, key, digits):
        return [_rounded(runs[key, seed][field], digits) for seed in training_results.SEEDS]

    angles = {
        key: [{name: _rounded(value, 4) for name, value in moment.items()} for moment in moments]
        for key, moments in cosines.items()
    }
    return {
        "seeds": list(training_results.SEEDS),
        "updates": training_results.UPDATES,
        "moments": list(training_results.MOMENTS),
        "test_error": {key: row("test_error", key, 4) for key in training_results.KEYS},
        "early_loss": {key: row("early_loss", key, 7) for key in training_results.KEYS},
        "curve": {key: [round(value, 4) for value in runs[key, 0]["curve"]] for key in training_results.KEYS},
        "cosines": angles,
    }


def recorded_why(runs):
    """What is kept of the first layer moved in four ways, but for the date, the machine and the versions."""
    def path(net, name):
        kept = [runs[net, "no turn", seed]["cosines"][name] for seed in first_layer.SEEDS]
        return [[_rounded(value, 3) for value in row] for row in kept]

    def errors(net, way):
        return [_rounded(runs[net, way, seed]["test_error"], 4) for seed in first_layer.SEEDS]

    nets = {
        net: {
            **{name: value for name, value in setting._asdict().items() if name != "build"},
            "test_error": {way: errors(net, way) for way in first_layer.WAYS},
            "own_path": {name: path(net, name) for name in runs[net, "no turn", 0]["cosines"]},
        }
        for net, setting in first_layer.SETTINGS.items()
    }
    return {"seeds": list(first_layer.SEEDS), "samples": first_layer.SAMPLES, "nets": nets}


def measure_bugs(log, save):
    """The table of the bugs."""
    runs = measure_runs("bugs", log)
    cosines = training_results.measure_cosines(data.load_digits())
    if save:
        print("written to", records.write(training_results.TABLE, **recorded_bugs(runs, cosines)))


def measure_why(log, save):
    """The table of the first layer."""
    runs = measure_runs("why", log)
    if save:
        print("written to", records.write(first_layer.RECORD, **recorded_why(runs)))


def measure_runs(part, log):
    """Every run of a part, those of the log included; a line a run."""
    runs = read(log)
    for task, found in all_runs([task for task in tasks_of(part) if task not in runs]):
        runs[task] = found
        if log:
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps([task, found]) + "\n")
        *names, seed = task
        print(f"{', '.join(names):<18} seed {seed}   {found['test_error']:6.1%}", flush=True)
    return runs


PARTS = {"bugs": measure_bugs, "why": measure_why}


def main():
    """Measure, print a line a run, and save if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, help="one of the two tables")
    parser.add_argument("--log", type=Path, help="a file that keeps every run, so that one can stop and go on")
    parser.add_argument("--save", action="store_true", help="keep the result")
    options = parser.parse_args()
    for part in [options.only] if options.only else PARTS:
        PARTS[part](options.log, options.save)


if __name__ == "__main__":
    main()

"""The test errors of the modern net with the turn and without it, five seeds: the record behind notebook 00's bet.

    python benchmarks/stake.py [--save]      (make stake)

Ten runs of 300 updates, about half a minute.  With --save the result is kept in cnnlib/experiments/results.
"""

import argparse

from cnnlib.bugs import first_layer
from cnnlib.data import load_digits
from cnnlib.experiments import records
from cnnlib.lesson import stake


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--save", action="store_true", help="keep the result")
    save, digits = parser.parse_args().save, load_digits()
    errors = {way: [] for way in stake.WAYS}
    for seed in first_layer.SEEDS:
        for way in stake.WAYS:
            errors[way].append(stake.measure(digits, way, seed)[0])
            told = " ".join(f"{error:5.1%}" for error in errors[way][-1])
            print(f"seed {seed}, {stake.WAYS[way]:<16} {told}", flush=True)
    if save:
        settings = dict(net=stake.NET, seeds=list(first_layer.SEEDS), every=stake.EVERY, tested=stake.TESTED)
        print(records.write(stake.RECORD, **settings, errors=errors))


if __name__ == "__main__":
    main()

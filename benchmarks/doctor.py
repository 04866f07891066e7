"""How well does the doctor see?  Generated layers with one mistake each, in every convention, and right ones.

    python benchmarks/doctor.py            all, about three minutes
    python benchmarks/doctor.py --once     each mistake in one convention

Counted apart: the layers of tests/doctor/patients/by_hand.py, which were written before the catalogue was.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cnnlib import doctor
from tests.doctor.patients import by_hand, generated, mistakes

NAMED, FOUND, MISSED, OTHER = "named rightly", "only found", "missed", "named wrongly"
ALIKE = {  # keys whose numbers are the same in a layer of this kind, so that either name is right
    "first_image_only": {"last_image_only"},
}


def generated_cases(conventions=generated.CONVENTIONS):
    """(key, parts, layer, description, label) for every mistake, convention and operation."""
    for name, dress in conventions.items():
        X, K = generated.LAYOUTS[name]
        for true_convolution in (False, True):
            for key, (parts, change) in mistakes.changes(X, K).items():
                layer, description = dress(true_convolution, change)
                yield key, parts, layer, description, f"{key}, {name}, {'∗' if true_convolution else '⋆'}"


def right_cases():
    for name, dress in generated.CONVENTIONS.items():
        for true_convolution in (False, True):
            layer, description = dress(true_convolution, {})
            yield layer, description, f"right, {name}, {'∗' if true_convolution else '⋆'}"


def judged(report, key, parts):
    """One of NAMED, FOUND, MISSED, OTHER for the first wrong part; and the parts that are wrong without cause."""
    wrong = [name for name in report.parts if report[name].verdict == "wrong"]
    alarms = [name for name in wrong if name not in parts]
    first = report[parts[0]]
    if parts[0] not in wrong:
        return MISSED, alarms
    if first.mistake is None:
        return FOUND, alarms
    return NAMED if first.mistake == key or key in ALIKE.get(first.mistake, ()) else OTHER, alarms


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="each mistake in one convention only")
    options = parser.parse_args(argv)
    counts, slowest, alarms, keys = Counter(), 0.0, 0, set()
    conventions = dict(list(generated.CONVENTIONS.items())[:1]) if options.once else generated.CONVENTIONS
    for key, parts, layer, description, label in generated_cases(conventions):
        start = time.perf_counter()
        report = doctor.examine(*layer, show=False, **description)
        slowest = max(slowest, time.perf_counter() - start)
        verdict, wrong = judged(report, key, parts)
        keys.add(key)
        counts[verdict] += 1
        alarms += len(wrong)
        if verdict != NAMED or wrong:
            print(f"  {label}: {verdict}, {report[parts[0]].mistakes}", *(f"false alarm: {part}" for part in wrong))
    total = sum(counts.values())
    print(
        f"{len(keys)} mistakes, {total} layers: "
        + ", ".join(f"{counts[v]} {v}" for v in (NAMED, FOUND, MISSED, OTHER))
    )
    right = [doctor.examine(*layer, show=False, **described) for layer, described, _ in right_cases()]
    alarms += sum(not report for report in right)
    print(f"{len(right)} right layers; false alarms in all: {alarms}; the slowest examination took {slowest:.2f} s")
    blind = Counter()
    for layer, description, parts, _ in by_hand.FAULTY:
        report = doctor.examine(*(layer if isinstance(layer, tuple) else (layer,)), show=False, **description)
        wrong = [name for name in report.parts if report[name].verdict == "wrong"]
        blind["found" if wrong == parts else "not found"] += 1
        blind["named"] += all(report[name].mistake for name in wrong)
    print(
        f"{len(by_hand.FAULTY)} layers written before the catalogue: {blind['found']} found, {blind['named']} named"
    )
    return 0 if not (counts[MISSED] or counts[OTHER] or alarms) else 1


if __name__ == "__main__":
    sys.exit(main())

"""How well does the doctor see?  Generated layers with one mistake each, in every convention, and right ones.

    python benchmarks/doctor.py            all, about three minutes
    python benchmarks/doctor.py --once     each mistake in one convention

Counted apart: the layers of tests/doctor/patients/by_hand.py, which were written before the catalogue was, and
those of second_hand.py, third_hand.py and strangers, written without a look at it.  What was said of them
at first look, before anything was mended because of them, is a dated record: tests/doctor/patients/RECORD.md.
"""

import argparse
import contextlib
import importlib
import io
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cnnlib import doctor
from tests.doctor.patients import (
    by_hand,
    generated,
    mistakes,
    other_kinds,
    pairs_and_slopes,
    second_hand,
    slips,
    strangers,
    third_hand,
)

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


def other_cases(once: bool):
    """The same for pooling, dense and activation layers; the key of a right layer is None."""
    seen = set()
    for label, key, part, layer, description in other_kinds.cases():
        if not once or (label.split(",")[0], key) not in seen:
            seen.add((label.split(",")[0], key))
            yield key, [part], layer, description, f"{key}, {label}"


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
    conventions = dict(list(generated.CONVENTIONS.items())[:1]) if options.once else generated.CONVENTIONS
    others = list(other_cases(options.once))
    wrong = [case for case in others if case[0]]
    more = [case for case in pairs_and_slopes.cases() if not options.once or case[4].endswith("NCHW")]
    bad = counted("convolutions", generated_cases(conventions))
    bad += counted("convolutions with pairs, slopes and biases everywhere", (case for case in more if case[0]))
    bad += counted("pooling, dense, activation", wrong)
    right = [case[:2] for case in right_cases()] + [case[2:4] for case in others + more if not case[0]]
    alarms = sum(not doctor.examine(*layer, show=False, **described) for layer, described in right)
    print(f"{len(right)} right layers: {alarms} false alarms")
    blind("written before the catalogue", by_hand.FAULTY)
    blind("written without a look at it", second_hand.LAYERS)
    assert third_hand.written  # its layers stand in the same list
    blind("in the styles of public repositories, first set", files(strangers.FIRST))
    blind("in the styles of public repositories, second set", files(strangers.SECOND))
    fallen = [
        (slips.layer_of(style, changed), {}, parts.split(), words) for style, parts, words, changed in slips.SLIPS
    ]
    blind("with the lines that people get wrong", fallen)
    return 1 if bad or alarms else 0


def counted(what: str, cases) -> int:
    """Examine faulty layers and print how they came out; how many were missed, named wrongly or wrongly blamed."""
    counts, slowest, alarms, keys = Counter(), 0.0, 0, set()
    for key, parts, layer, description, label in cases:
        start = time.process_time()
        report = doctor.examine(*layer, show=False, **description)
        slowest = max(slowest, time.process_time() - start)
        verdict, wrong = judged(report, key, parts)
        keys.add(key)
        counts[verdict] += 1
        alarms += len(wrong)
        if verdict != NAMED or wrong:
            print(f"  {label}: {verdict}, {report[parts[0]].mistakes}", *(f"false alarm: {part}" for part in wrong))
    said = ", ".join(f"{counts[v]} {v}" for v in (NAMED, FOUND, MISSED, OTHER))
    print(f"{what}: {len(keys)} mistakes, {counts.total()} layers: {said}; {alarms} false alarms; "
          f"at most {slowest:.2f} s of processor time an examination")  # fmt: skip
    return counts[MISSED] + counts[OTHER] + alarms


def files(patients):
    """The layers of a set of strangers as (layer, description, wrong parts, words), with nothing told."""
    for file, (names, wrong) in patients.items():
        module = importlib.import_module(f"{strangers.__name__}.{file}")
        yield tuple(getattr(module, name) for name in names.split()), {}, list(wrong), file


def blind(how: str, layers):
    """Layers that were not made from the catalogue: found, named, and described rightly with nothing told."""
    counts, layers = Counter(), list(layers)
    for layer, description, parts, _ in layers:
        handed = layer if isinstance(layer, tuple) else (layer,)
        report = doctor.examine(*handed, show=False, **description)
        wrong = [name for name in report.parts if report[name].verdict == "wrong"]
        counts["found"] += bool(parts) and wrong == parts
        counts["named"] += bool(parts) and all(report[name].mistake for name in parts)
        counts["right"] += not parts and bool(report)
        with contextlib.redirect_stdout(io.StringIO()):  # guessing prints the description found
            free = doctor.examine(*handed, show=False, guess=True)
        counts["guessed"] += [name for name in free.parts if free[name].verdict == "wrong"] == parts
    faulty = sum(bool(parts) for _, _, parts, _ in layers)
    said = f"{counts['found']} of {faulty} faulty ones found, {counts['named']} named"
    right = f"{counts['right']} of {len(layers) - faulty} right ones right"
    print(f"{len(layers)} layers {how}: {said}, {right}; {counts['guessed']} as well with nothing told")


if __name__ == "__main__":
    sys.exit(main())

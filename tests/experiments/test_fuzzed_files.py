"""Hundreds of damaged and forged files: refused in words, and nothing changed, or as good as before.

``python tests/experiments/test_fuzzed_files.py`` prints how many were accepted, refused, and broke something.
"""

import collections
import tracemalloc

import numpy as np
from file_mutations import of_archives, of_arrays, of_bytes, sealed, written
from helpers import params_of, small_net

from cnnlib import storage
from cnnlib.data import load_digits
from cnnlib.experiments.run import Run
from cnnlib.experiments.run_files import load_run, save_run
from cnnlib.training import LossNotFiniteError

MOST_MEMORY = 60_000_000  # bytes that loading a small file may take


def few_digits():
    digits = load_digits()
    return digits._replace(train_images=digits.train_images[:100], train_labels=digits.train_labels[:100],
                           test_images=digits.test_images[:50], test_labels=digits.test_labels[:50])  # fmt: skip


def new_run(digits):
    return Run(digits, test_every=2, batch_size=10, epochs=2, momentum=0.5, learning_rate=0.1)


def fingerprint(run):
    """All that a run holds, as text: two runs with the same go on alike."""
    history, velocities = run.history, run.optimiser.velocities
    lists = history.losses, history.smoothed, history.norms, history.errors, history.every
    arrays = [velocities[key] for key in sorted(velocities)]
    kept = [params for step in sorted(history.keyframes) for params in history.keyframes[step]]
    arrays += [params[name] for params in kept for name in params]
    return repr((run.seed, run.head, lists)), [array.tobytes() for array in [*params_of(run.network), *arrays]]


def mutated_files(path, digest=lambda arrays: ""):
    """(what was done): after each step ``path`` holds another mutated file; it begins as a good one."""
    good, arrays = path.read_bytes(), storage.read_npz(path)
    for k, (what, changed) in enumerate(of_arrays(arrays)):
        if k % 5 == 0 or "digest" not in arrays:
            written(path, changed)
            yield what
        if "digest" in arrays:  # what is wrong has to be seen without it as well
            written(path, sealed(changed, digest))
            yield f"{what}, with a new checksum"
    for what, content in [*of_bytes(good, 60, np.random.default_rng(0)), *of_archives(arrays)]:
        path.write_bytes(content)
        yield what


def outcome(load, use, original, watched=False):
    """ "refused", "unchanged", "changed", or what broke: the load, or what came after it."""
    if watched:
        tracemalloc.start()
    try:
        loaded = load()
    except (ValueError, OSError) as error:
        return "refused" if str(error) else "refused without a word"
    except Exception as error:
        return f"load broke: {type(error).__name__}"
    finally:
        _, most = tracemalloc.get_traced_memory()  # 0 where nothing is traced
        tracemalloc.stop()
        if most > MOST_MEMORY:
            return f"took {most / 1e6:.0f} MB"  # noqa: B012
    if original(loaded):
        return "unchanged"
    try:
        use(loaded)
    except Exception as error:
        return f"crashed later: {type(error).__name__}"
    return "changed"


def fuzz_runs(folder):
    """{what was done: outcome} of load_run."""
    try:
        from cnnlib.experiments.run_layout import digest
    except ImportError:
        def digest(arrays):
            return ""
    path, digits = folder / "run.npz", few_digits()
    run = new_run(digits)
    for _ in range(7):
        run.advance()
    save_run(path, run, "article")
    saved = fingerprint(run)

    def load():
        again = new_run(digits)
        before = fingerprint(again)
        try:
            load_run(path, again)
        except (ValueError, OSError):
            assert fingerprint(again) == before, "a refused file changed the run"
            raise
        return again

    def use(again):
        try:
            again.advance(), again.advance()
        except LossNotFiniteError:
            return  # what a panel says in words
        again.seek(3), again.trace(0), again.seek(9), again.finish_test()
        save_run(folder / "again.npz", again, "article")

    def original(run):
        return fingerprint(run) == saved

    return {what: outcome(load, use, original, "bomb" in what or "header" in what)
            for what in mutated_files(path, digest)}  # fmt: skip


def fuzz_params(folder):
    """{what was done: outcome} of Network.load."""
    path = folder / "net.npz"
    net = small_net(dtype=np.float32)
    net.save(path)
    saved = [array.tobytes() for array in params_of(net)]

    def load():
        other = small_net(dtype=np.float32, seed=1)
        before = [array.tobytes() for array in params_of(other)]
        try:
            other.load(path)
        except (ValueError, OSError):
            assert [array.tobytes() for array in params_of(other)] == before, "a refused file changed the net"
            raise
        return other

    def use(other):
        assert all(np.isfinite(array).all() and array.dtype == np.float32 for array in params_of(other))

    def original(net):
        return [array.tobytes() for array in params_of(net)] == saved

    return {what: outcome(load, use, original, "bomb" in what or "header" in what) for what in mutated_files(path)}


def test_a_run_is_never_taken_from_a_damaged_file(tmp_path):
    found = fuzz_runs(tmp_path)
    assert len(found) > 600
    wrong = {what: said for what, said in found.items() if said not in ("refused", "unchanged")
             and not (said == "changed" and "new checksum" in what)}  # fmt: skip
    assert wrong == {}


def test_parameters_are_never_taken_from_a_damaged_file(tmp_path):
    found = fuzz_params(tmp_path)
    assert len(found) > 300
    # Other finite numbers of the right shape are other weights, and nobody can tell.
    wrong = {what: said for what, said in found.items() if said not in ("refused", "unchanged", "changed")}
    assert wrong == {}


if __name__ == "__main__":
    import sys
    import tempfile
    from pathlib import Path

    for fuzz in (fuzz_params, fuzz_runs):
        with tempfile.TemporaryDirectory() as folder:
            found = fuzz(Path(folder))
        counts = collections.Counter(found.values())
        print(f"{fuzz.__name__}: {len(found)} files:", *(f"{n} {what};" for what, n in counts.most_common()))
        for what, said in found.items():
            if "-v" in sys.argv and said not in ("refused", "unchanged"):
                print(f"  {said}: {what}")

"""A training step, in turn with PyTorch, plain im2col and the loops; and 60,000 images, beside the toolbox.

Each candidate is a process (:mod:`stepper`) that waits while another is timed.  cnnlib and PyTorch both run with
one thread and with as many as there are cores.  One row compares them where each is fastest, another, with a goal,
with one thread each, as `make lab` runs cnnlib.  A row under load shows why: beside busy processes two threads wait
for each other.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from goals import BESIDE_PYTORCH, BESIDE_TOOLBOX
from rows import row
from timing import in_turn, timed

from cnnlib import data, network, training

ROOT = Path(__file__).resolve().parents[1]
CORES = os.cpu_count() or 1
STEPS = {("article", 1): 200, ("article", 10): 100, ("article", 50): 40, ("article", 250): 8, ("modern", 50): 20}
NAMES = {"article": "the article's net", "modern": "the modern net"}
BUSY = 2  # processes that keep the cores busy beside the rows under load
HERE, TORCH, PLAIN = "cnnlib", "PyTorch", "plain im2col"
TOOLBOX = 150.0  # seconds for 60,000 images under Octave 7.3, the quicker end of what was recorded: 150 to 190
FIRST, SAME = 5, 1e-3  # losses compared, relative difference: float32 sums in another order drift apart
PAUSE = 0.05  # seconds; until the threads of the one before have gone to sleep


class Stepper:
    """A candidate: a process that trains its net when it is asked to."""

    def __init__(self, python, threads=1, **settings):
        limits = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), str(threads))
        self.process = subprocess.Popen(
            [python, ROOT / "benchmarks" / "stepper.py", json.dumps(settings | {"threads": threads})],
            env={**os.environ, **limits, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.losses = []
        self.version = self._answer()["version"]

    def seconds(self, updates):
        """Seconds for one update, as the mean of that many."""
        time.sleep(PAUSE)
        self.process.stdin.write(f"{updates}\n")
        self.process.stdin.flush()
        answer = self._answer()
        self.losses += answer["losses"]
        return answer["seconds"]

    def close(self):
        """End the process: it stops by itself when its input ends."""
        self.process.stdin.close()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a process that trains ended with status {self.process.wait()}; see above")
        return json.loads(line)


def rows(options):
    """The rows of this part, one net and batch size after the other."""
    wanted = {("article", 1): 2, ("article", 50): 2} if options.quick else STEPS
    for (recipe, batch), updates in wanted.items():
        yield from _step_rows(recipe, batch, updates, 2 if options.quick else 15, options.torch)
    yield _load_row(2, 2) if options.quick else _load_row(40, 15)
    yield _loops_row(1 if options.quick else 3)
    yield _pass_row(options.quick)


def _step_rows(recipe, batch, updates, rounds, torch):
    net = dict(recipe=recipe, batch=batch)
    steppers = {PLAIN: Stepper(sys.executable, kind="cnnlib", path="plain", **net)}
    for threads in sorted({1, CORES}):
        steppers[_on(HERE, threads)] = Stepper(sys.executable, threads=threads, kind="cnnlib", **net)
        if torch:
            steppers[_on(TORCH, threads)] = Stepper(torch, threads=threads, kind="torch", **net)
    try:
        ask = {name: lambda stepper=stepper: stepper.seconds(updates) for name, stepper in steppers.items()}
        times = in_turn(ask, rounds)
        _check_alike(steppers)
        version = steppers[_on(TORCH, 1)].version if torch else ""
    finally:
        for stepper in steppers.values():
            stepper.close()
    title, brief = f"update of {NAMES[recipe]}, batch {batch}", {"brief": True}
    yield _beside_torch(title, times, version) | brief
    alone = {name: spent for name, spent in times.items() if name in (_on(HERE, 1), _on(TORCH, 1))}
    yield _beside_torch(title, alone, version, goal=BESIDE_PYTORCH) | (brief if batch == 50 else {})
    yield _beside(title, times, _on(HERE, 1), PLAIN) | (brief if batch == 50 else {})


def _load_row(updates, rounds):
    """One thread beside as many as there are cores, while other processes keep all cores busy."""
    steppers = {_on(HERE, n): Stepper(sys.executable, threads=n, kind="cnnlib", recipe="article", batch=50)
                for n in sorted({1, CORES})}  # fmt: skip
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
    try:
        ask = {name: lambda stepper=stepper: stepper.seconds(updates) for name, stepper in steppers.items()}
        times = in_turn(ask, rounds)
    finally:
        for other in others:
            other.kill()
            other.wait()
        for stepper in steppers.values():
            stepper.close()
    title = f"update of {NAMES['article']}, batch 50, beside {BUSY} busy processes, on 1 thread"
    return _beside(title, times, _on(HERE, 1), _on(HERE, CORES), brief=True)


def _on(who, threads):
    return f"{who} on {threads} thread{'s' * (threads > 1)}"


def _beside_torch(title, times, version, goal=None):
    """The fastest cnnlib beside the fastest PyTorch of these; a row that says so where there is none."""
    best = {who: min((name for name in times if name.startswith(who)), key=lambda name: times[name].median,
                     default=None) for who in (HERE, TORCH)}  # fmt: skip
    if best[TORCH] is None:
        best[TORCH] = "no PyTorch found"
        times = times | {best[TORCH]: None}
    shown = _beside(f"{title}, {best[HERE].removeprefix(f'{HERE} ')}", times, best[HERE], best[TORCH], goal=goal)
    return shown | {"peer": best[TORCH].replace(TORCH, version, 1) if version else best[TORCH]}


def _beside(title, times, name, peer, **facts):
    """The row of one candidate beside another; without figures of the other where it has none."""
    mine, theirs = times[name], times[peer]
    if theirs is not None:
        facts |= dict(peer_value=1000 * theirs.median, ratio=mine.times_as_fast_as(theirs))
    return row(title, 1000 * mine.median, "ms", spread=[1000 * end for end in mine.spread], peer=peer, **facts)


def _check_alike(steppers):
    """Every candidate has seen the same losses, so they trained the same net; RuntimeError where not."""
    reference = np.array(next(iter(steppers.values())).losses[:FIRST])
    for name, stepper in steppers.items():
        if not np.allclose(stepper.losses[: len(reference)], reference, rtol=SAME, atol=0):
            raise RuntimeError(f"{name} trains another net: losses {stepper.losses[:3]} beside {reference[:3]}")


def _loops_row(rounds):
    """One image through the loops, times 50, beside a batch of 50."""
    ours = Stepper(sys.executable, kind="cnnlib", recipe="article", batch=50)
    loops = Stepper(sys.executable, kind="loops", recipe="article", batch=1)
    try:
        ask = {HERE: lambda: ours.seconds(20), "loops by hand": lambda: 50 * loops.seconds(1)}
        times = in_turn(ask, rounds)
    finally:
        ours.close()
        loops.close()
    shown = _beside("update of the article's net, batch 50", times, HERE, "loops by hand")
    return shown | {"note": "the loops took one image, times 50", "brief": True}


def _pass_row(quick):
    """1,200 updates as :func:`cnnlib.training.train` makes them: shuffling and checks included."""
    digits, updates = data.load_digits(), 20 if quick else 1200
    targets = data.one_hot(digits.train_labels)

    def train():
        rng = np.random.default_rng(0)
        net = network.toolbox_net(rng=rng)
        steps = training.train(net, digits.train_images, targets, batch_size=50, epochs=6, rng=rng)
        for _ in range(updates):
            next(steps)

    scale = 1200 / updates
    times = in_turn({"pass": lambda: scale * timed(train)()}, 1 if quick else 3)["pass"]
    words = "the article's toolbox under Octave, recorded"
    peer = dict(peer=words, peer_value=TOOLBOX, ratio=TOOLBOX / times.median)
    shown = dict(spread=times.spread, goal=BESIDE_TOOLBOX, brief=True)
    return row("60,000 images, batch 50", times.median, "s", **shown, **peer)

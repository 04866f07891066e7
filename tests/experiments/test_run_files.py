"""A run that was saved goes on as if it had never stopped, and a file that does not fit changes nothing."""

import os
import subprocess
import sys

import numpy as np
import pytest
from helpers import params_of, says

from cnnlib.data import load_digits
from cnnlib.experiments.run import Run
from cnnlib.experiments.run_files import load_run, save_run
from cnnlib.models import RECIPES
from cnnlib.storage import read_npz, write_npz


def some_digits():
    digits = load_digits()
    return digits._replace(train_images=digits.train_images[:400], train_labels=digits.train_labels[:400],
                           test_images=digits.test_images[:300], test_labels=digits.test_labels[:300])  # fmt: skip


@pytest.fixture(scope="module")
def few():
    return some_digits()


def trained(few, net, updates, *, seed=3, **settings):
    run = Run(few, seed=seed, **RECIPES[net].settings(), **settings)
    for _ in range(updates):
        run.advance()
    return run


def assert_same(one, other):
    assert (one.head, one.seed) == (other.head, other.seed)
    for name in ("losses", "smoothed", "norms", "errors"):
        assert getattr(one.history, name) == getattr(other.history, name), name
    assert one.history.keyframes.keys() == other.history.keyframes.keys()
    np.testing.assert_equal(params_of(one.network), params_of(other.network))
    np.testing.assert_equal(one.history.keyframes, other.history.keyframes)


@pytest.mark.parametrize("net", RECIPES)
def test_training_goes_on_bit_by_bit_where_it_was_saved(few, net, tmp_path):
    """11 updates are in the second pass over the images; the modern nets have velocities."""
    whole = trained(few, net, 17, test_every=5)
    save_run(tmp_path / "run.npz", trained(few, net, 11, test_every=5), net)
    again = Run(few, **RECIPES[net].settings(), test_every=5)
    load_run(tmp_path / "run.npz", again)
    for _ in range(6):
        again.advance()
    whole.finish_test(), again.finish_test()
    assert_same(again, whole)


def test_the_record_can_be_looked_at_after_loading(few, tmp_path):
    run = trained(few, "article", 9)
    save_run(tmp_path / "run.npz", run)
    again = Run(few)
    load_run(tmp_path / "run.npz", again)
    run.seek(4), again.seek(4)
    np.testing.assert_array_equal(again.trace(2)[0].deltas[3], run.trace(2)[0].deltas[3])


def test_a_run_without_updates_can_be_saved(few, tmp_path):
    save_run(tmp_path / "run.npz", trained(few, "article", 0))
    again = Run(few, seed=8)
    load_run(tmp_path / "run.npz", again)
    whole = trained(few, "article", 2)
    again.advance(), again.advance()
    assert again.history.losses == whole.history.losses


def test_another_process_goes_on_with_it(few, tmp_path):
    """As after a restart of the kernel."""
    save_run(tmp_path / "run.npz", trained(few, "modern", 5))
    code = (
        "from test_run_files import *\n"
        "run = Run(some_digits(), **RECIPES['modern'].settings())\n"
        f"load_run({str(tmp_path / 'run.npz')!r}, run)\n"
        "run.advance()\nprint(run.head, run.history.losses[-1])"
    )
    path = os.pathsep.join([os.path.dirname(__file__), *sys.path])
    told = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, check=True,
                          capture_output=True, text=True).stdout.split()  # fmt: skip
    whole = trained(few, "modern", 6)
    assert (int(told[0]), float(told[1])) == (6, pytest.approx(whole.history.losses[-1], rel=1e-6))


def test_a_file_from_another_net_is_refused_in_words_and_nothing_changes(few, tmp_path):
    save_run(tmp_path / "run.npz", trained(few, "tanh", 2))
    run = trained(few, "article", 3)
    with says("saved from", "Tanh", "this is"):
        load_run(tmp_path / "run.npz", run)
    assert_same(run, trained(few, "article", 3))


@pytest.mark.parametrize("spoil", [
    lambda arrays: arrays.update(losses=arrays["losses"][:-1]),
    lambda arrays: arrays.update(keyframes=arrays["keyframes"][::-1]),
    lambda arrays: arrays.update({"now.0.K": arrays["now.0.K"][:-1]}),
    lambda arrays: arrays.update({"now.0.K": arrays["now.0.K"] * np.nan}),
    lambda arrays: arrays.update({"velocity.7.Q": arrays["now.0.K"]}),
    lambda arrays: arrays.pop("smoothed"),
])  # fmt: skip
def test_a_record_that_was_changed_is_refused(few, tmp_path, spoil):
    save_run(tmp_path / "run.npz", trained(few, "article", 3))
    arrays = read_npz(tmp_path / "run.npz")
    spoil(arrays)
    write_npz(tmp_path / "bad.npz", arrays)
    run = Run(few)
    with says("not consistent"):
        load_run(tmp_path / "bad.npz", run)
    assert run.head == 0


def test_other_files_are_no_run(few, tmp_path):
    write_npz(tmp_path / "other.npz", {"x": np.zeros(3)})
    with says("no saved run"):
        load_run(tmp_path / "other.npz", Run(few))
    (tmp_path / "text.npz").write_text("not at all")
    with says("no undamaged .npz"):
        load_run(tmp_path / "text.npz", Run(few))
    with pytest.raises(FileNotFoundError):
        load_run(tmp_path / "nowhere.npz", Run(few))

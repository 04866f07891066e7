"""The measured table of the bug lab: complete, dated, and what a run gives now."""

import numpy as np
import pytest
from scripts import script

from cnnlib import bugs, data
from cnnlib.bugs import training_results
from cnnlib.experiments import records

bugtable = script("bugtable")


@pytest.fixture(scope="module")
def digits():
    return data.load_digits()


def test_the_table_is_complete():
    table = training_results.table()
    assert table["date"] and table["machine"] and set(table["versions"]) == {"cnnlib", "numpy", "python"}
    assert table["seeds"] == list(training_results.SEEDS) and table["updates"] == training_results.UPDATES
    for part in ("test_error", "early_loss"):
        assert list(table[part]) == list(training_results.KEYS)
        assert all(len(row) == 5 for row in table[part].values())
    assert all(0 < error < 1 for row in table["test_error"].values() for error in row)
    assert list(table["cosines"]) == list(bugs.BUGS) and table["moments"] == list(training_results.MOMENTS)
    points = training_results.UPDATES // training_results.MEAN_OF
    lengths = {key: len(curve) for key, curve in table["curve"].items()}
    assert lengths == dict.fromkeys(training_results.KEYS, points)


@pytest.mark.parametrize("key, seed", [("no_turn", 0), ("no_share", 3)])
def test_two_cells_measured_again_after_twenty_updates(key, seed, digits):
    kept = training_results.table()["early_loss"]
    found = training_results.loss_after(digits, key, seed)
    assert found == pytest.approx(kept[key][seed], rel=3e-6)
    assert kept[key][seed] != pytest.approx(kept["none"][seed], rel=1e-5)  # another bug gives another loss


@pytest.mark.slow
def test_one_whole_cell_measured_again(digits):
    found, table = training_results.measure(digits, "no_turn", 1), training_results.table()
    assert found["updates"] == training_results.UPDATES
    kept = table["test_error"]["no_turn"][1]
    assert found["test_error"] == pytest.approx(kept, abs=0.02)  # rounding grows in 1,200 updates


def test_the_cosines_before_the_first_update(digits, monkeypatch):
    monkeypatch.setattr(training_results, "MOMENTS", (0,))
    for key, (found,) in training_results.measure_cosines(digits).items():
        kept = training_results.table()["cosines"][key][0]
        assert found.keys() == kept.keys()
        for name, value in found.items():
            assert value == (None if kept[name] is None else pytest.approx(kept[name], abs=2e-3)), (key, name)


def test_a_whole_run_is_kept_as_it_was(digits, monkeypatch):
    few = digits._replace(train_images=digits.train_images[:1050], train_labels=digits.train_labels[:1050])
    monkeypatch.setattr(training_results, "EPOCHS", 2)
    found = training_results.measure(few, "none", 0)
    net, run = training_results.begin(few, "none", 0)
    losses = [step.loss for step in run]
    assert found["updates"] == len(losses) == 42
    assert found["early_loss"] == losses[20] == training_results.loss_after(few, "none", 0)
    np.testing.assert_allclose(found["curve"], [np.mean(losses[:20]), np.mean(losses[20:40]), np.mean(losses[40:])])
    assert found["test_error"] == net.error_rate(few.test_images, few.test_labels)


@pytest.mark.parametrize(
    "errors, verdict",
    [([0.1, 0.1, 0.9], training_results.AS_WELL), ([0.2, 0.2, 0.1], training_results.AS_WELL),
     ([0.21, 0.3, 0.1], training_results.WORSE),
     ([0.9, 0.6, 0.1], training_results.NOT_AT_ALL)],
)  # fmt: skip
def test_the_median_decides(errors, verdict):
    assert training_results.verdict(errors, [0.1, 0.2, 0.15]) == verdict


# ----------------------------------------------------------------------------- the script that measures


def test_a_log_is_read_as_it_was_written(tmp_path):
    log = tmp_path / "runs"
    assert bugtable.read(log) == bugtable.read(None) == {}
    log.write_text('[["no_turn", 3], {"test_error": 0.5}]\n[["none", 0], {"test_error": 0.1}]\n')
    assert bugtable.read(log) == {("no_turn", 3): {"test_error": 0.5}, ("none", 0): {"test_error": 0.1}}


def test_what_is_kept_is_what_was_measured(monkeypatch, tmp_path):
    runs = {(key, seed): {"test_error": 0.12344, "early_loss": None, "curve": [0.45678 + seed]}
            for key in training_results.KEYS for seed in training_results.SEEDS}  # fmt: skip
    cosines = {key: [{"K¹": 0.98765, "b¹": None}] for key in bugs.BUGS}
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    records.write(training_results.TABLE, **bugtable.recorded_bugs(runs, cosines))
    record = training_results.table.__wrapped__()
    # the same parts in the same order as in the table that is kept
    assert list(record) == list(training_results.table())
    assert record["test_error"]["no_turn"] == [0.1234] * 5 and record["early_loss"]["none"] == [None] * 5
    assert record["curve"]["reshaped"] == [0.4568]  # of seed 0
    assert record["cosines"]["reshaped"] == [{"K¹": 0.9877, "b¹": None}]

"""Measured figures are kept with the date, the machine and the versions they belong to."""

import datetime

import numpy as np
from helpers import says

from cnnlib.experiments import records


def test_a_record_comes_back_as_it_was_written(monkeypatch, tmp_path):
    monkeypatch.setattr(records, "FOLDER", tmp_path / "results")
    path = records.write("speed", seconds=[1.5, 2.25], note="ε")
    record = records.read("speed")
    assert (record["seconds"], record["note"], path.parent.name) == ([1.5, 2.25], "ε", "results")
    assert record["date"] == datetime.date.today().isoformat()
    assert record["versions"]["numpy"] == np.__version__ and "cores" in record["machine"]


def test_what_was_never_measured_is_refused_in_words():
    with says("'luck'", "accuracy"):
        records.read("luck")


def test_every_committed_record_says_when_and_with_what():
    for file in records.FOLDER.iterdir():
        record = records.read(file.name.removesuffix(".json"))
        datetime.date.fromisoformat(record["date"])
        assert {"numpy", "python"} <= record["versions"].keys() and record["machine"], file.name

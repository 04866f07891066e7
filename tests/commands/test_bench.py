"""`make bench`: how medians and ratios are taken, what the table says, and a trial of two of its parts."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from helpers import assert_close, says
from scripts import script

from cnnlib.experiments import records
from cnnlib.layers import Conv2D
from cnnlib.network import toolbox_net

ROOT = Path(__file__).resolve().parents[2]
timing, rows, readme = script("timing"), script("rows"), script("readme")


# ---- times


def test_runners_take_turns_and_nobody_is_always_first():
    calls = []
    runners = {name: lambda name=name: calls.append(name) or 1.0 for name in "abc"}
    timing.in_turn(runners, 3)
    assert calls == list("abc" "bca" "cab")


def test_a_runner_reads_the_clock_around_its_calls_only():
    clock, calls = iter([10.0, 16.0]), []
    run = timing.timed(lambda: calls.append(1), repeats=3, clock=lambda: next(clock))
    assert (run(), len(calls)) == (2.0, 3)


def test_median_and_quartiles():
    times = timing.Times([5.0, 1.0, 2.0, 4.0, 3.0])
    assert (times.median, times.spread) == (3.0, (2.0, 4.0))
    assert timing.Times([2.5]).spread == (2.5, 2.5)


def test_the_ratio_is_that_of_the_rounds_not_of_the_medians():
    """The machine is ten times slower in the second round: for both."""
    mine, peer = timing.Times([1.0, 10.0, 4.0]), timing.Times([2.0, 20.0, 3.0])
    assert mine.times_as_fast_as(peer) == 2.0
    assert peer.median / mine.median != 2.0
    assert peer.times_as_fast_as(mine) == 0.5


# ---- the table


def sample(**changed):
    given = dict(spread=(1.9, 2.2), peer="PyTorch", peer_value=3.0, ratio=1.5, goal=("ratio at least", 2.0))
    return rows.row("a step", 2.0, "ms", **given | changed)


def test_a_goal_bounds_the_ratio_or_the_figure():
    assert rows.reached(sample()) is False
    assert rows.reached(sample(goal=("ratio at least", 1.5))) is True
    assert rows.reached(sample(goal=("at most", 2.0))) is True
    assert rows.reached(sample(goal=("at most", 1.9))) is False
    assert rows.reached(sample(goal=None)) is None
    assert rows.reached(sample(ratio=None)) is None
    assert rows.reached(rows.row("until 0.95 %", None, "s", goal=("at most", 45))) is False


def test_a_goal_that_is_not_reached_is_said_so_in_both_tables():
    for table in (rows.text_table, rows.markdown_table):
        assert "at least 2×: not reached" in table([sample()]).replace("**", "")
        assert "not reached" not in table([sample(ratio=2.0)])
        assert "not measured" in table([sample(ratio=None, peer="no PyTorch found", peer_value=None)])


def test_a_row_names_its_peer_its_spread_and_its_note():
    what, figure, peer, ratio, goal = rows.cells(sample(note="by hand"))
    assert (what, figure, peer) == ("a step", "2 ms (1.9–2.2)", "PyTorch: 3 ms")
    assert (ratio, goal) == ("1.5×", "at least 2×: **not reached**")
    assert rows.cells(sample(peer="no PyTorch found", peer_value=None, ratio=None))[2:4] == ["no PyTorch found", ""]
    assert "by hand" in rows.text_table([sample(note="by hand")])
    assert "| a step (by hand) |" in rows.markdown_table([sample(note="by hand")])


def test_times_are_shown_in_the_unit_that_fits():
    shown = [rows.cells(rows.row("it", value, unit, spread=(value, value)))[1] for value, unit in (
        (90_960.0, "ms"), (0.00159, "s"), (0.25, "s"), (99.0, "ms"), (None, "s"), (450.0, "MB"))]  # fmt: skip
    assert shown == ["91 s", "1.59 ms", "0.25 s", "99 ms", "never", "450 MB"]


def test_every_line_of_the_markdown_table_has_five_cells():
    lines = rows.markdown_table([sample(), rows.row("import", 0.1, "s")]).splitlines()
    assert {line.count("|") for line in lines} == {6}


def test_a_row_survives_json_with_the_digits_that_count():
    entry = sample(spread=(1.23456789, 1234.5678))
    assert json.loads(json.dumps(entry)) == entry and entry["spread"] == [1.235, 1235.0]


# ---- the record and the README


def test_the_readme_says_what_was_measured():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.text(text) == text, "python benchmarks/readme.py writes it anew"


def test_the_readme_shows_the_brief_rows_and_counts_the_goals(monkeypatch, tmp_path):
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    records.write("accuracy", training_images=9, test_images=3, epochs=[{"epoch": 1, "test_error": 0.25}])
    about = {"machine": "a toy, 2 cores", "versions": {"numpy": "2", "pytorch": None}}
    found = [sample(brief=True), sample() | {"what": "hidden"}, rows.row("import", 0.1, "s", goal=("at most", 1))]
    records.write("bench", **about, parts={"step": {"date": "2026-01-02", "rows": found}})
    text = readme.figures()
    assert "| test error | 25.0 % |" in text and "| a step |" in text and "hidden" not in text
    assert "1 of 3 goals" in text and "2026-01-02" in text and "a toy, 2 cores.\nVersions: NumPy 2." in text


def test_a_readme_without_its_markers_is_refused():
    with says("once, in this order"):
        readme.text(f"{readme.END} {readme.BEGIN}")


@pytest.fixture
def bench(monkeypatch, tmp_path):
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    monkeypatch.syspath_prepend(ROOT / "benchmarks")  # each part's module is imported when it is its turn
    return script("bench")


@pytest.fixture
def record(bench, monkeypatch):
    """bench_record, whose README and drawings are left alone."""
    module = script("bench_record")
    monkeypatch.setattr(module, "_draw", lambda found: None)
    return module


HERE = {"machine": "a toy", "versions": {"numpy": "2", "pytorch": None}}
THERE = HERE | {"versions": {"numpy": "1", "pytorch": None}}


def one(value):
    return [rows.row("it", value, "s")]


def test_a_part_that_is_measured_again_replaces_itself_alone(bench, record):
    record.save({name: one(1.0) for name in bench.PARTS}, HERE, bench.PARTS)
    record.check(["import"], HERE)
    record.save({"import": one(2.0)}, HERE, bench.PARTS)
    parts = records.read("bench")["parts"]
    assert {name: part["rows"][0]["value"] for name, part in parts.items()} == dict.fromkeys(bench.PARTS, 1.0) | {
        "import": 2.0
    }
    record.check(list(bench.PARTS), THERE)  # all anew: nothing is mixed
    with pytest.raises(SystemExit, match="another machine or with other versions"):
        record.check(["import"], THERE)


def test_a_part_without_figures_keeps_its_rows_with_their_date_or_drops_them_and_says_so(bench, record, capsys):
    record.save({"page": one(1.0), "import": one(1.0)}, HERE, bench.PARTS)
    old = records.FOLDER / "bench.json"
    old.write_text(old.read_text().replace(records.read("bench")["date"], "2020-01-02"))
    found = {"page": [rows.not_measured("page", "no Node.js")], "import": one(3.0)}

    record.save(found, HERE, bench.PARTS)
    parts = records.read("bench")["parts"]
    assert parts["page"] == {"date": "2020-01-02", "rows": one(1.0)}
    assert parts["import"]["rows"] == one(3.0) and parts["import"]["date"] != "2020-01-02"
    assert "page: not measured; its rows of 2020-01-02 stay" in capsys.readouterr().out

    record.save(found, THERE, bench.PARTS)
    assert records.read("bench")["parts"]["page"]["rows"] == found["page"]
    assert "page: not measured; its rows of 2020-01-02 are dropped" in capsys.readouterr().out

    record.save(found, THERE, bench.PARTS)
    assert "page" not in capsys.readouterr().out.replace("bench.json", "")


def test_a_row_that_is_older_than_the_record_has_its_date_in_the_readme(bench, record):
    record.save({"page": one(1.0), "import": one(1.0)}, HERE, bench.PARTS)
    old = records.FOLDER / "bench.json"
    text = old.read_text().replace(records.read("bench")["date"], "2020-01-02")
    old.write_text(text.replace('"it"', '"it", "brief": true'))
    record.save({"page": [rows.not_measured("page", "no Node.js")], "import": one(2.0)}, HERE, bench.PARTS)
    table = readme._bench(records.read("bench"))
    assert "| it (measured on 2020-01-02) | 1 s |" in table and "2 s" not in table  # the new row is not brief


# ---- parts that cannot be measured


def test_a_part_that_lacks_something_says_so_in_a_row_and_the_others_go_on(bench, monkeypatch, capsys):
    def lacks(options):
        yield one(1.0)[0]
        raise rows.NotMeasuredError("no network\nand forty more lines")

    def breaks(options):
        raise RuntimeError("a fault")

    monkeypatch.setitem(sys.modules, "parts", SimpleNamespace(lacks=lacks, breaks=breaks))
    parts = {"page": ("parts", "lacks"), "lab": ("parts", "breaks"), "frame": ("no_such_package", "rows"),
             "import": bench.PARTS["import"]}  # fmt: skip
    monkeypatch.setattr(bench, "PARTS", parts)
    found, failed = bench.run(list(parts), bench.Options(quick=True))
    assert failed == ["lab"]
    shown = capsys.readouterr()
    assert "page  not measured: no network\n" in shown.out and "RuntimeError: a fault" in shown.err
    assert "lab   not measured: it failed with RuntimeError: a fault\n" in shown.out
    assert "frame  not measured: the package no_such_package is not installed\n" in shown.out
    assert found["import"][0]["value"] is not None
    assert [rows.reached(found[name][0]) for name in ("page", "lab", "frame")] == [None] * 3
    assert rows.markdown_table(found["page"]).splitlines()[-1] == "| page | not measured: no network |  |  |  |"


def test_without_the_full_digits_the_parts_that_train_on_them_are_not_measured(bench, tmp_path, capsys):
    found, failed = bench.run(["modern", "memory"], bench.Options(folder=str(tmp_path)))
    assert not failed
    for name in ("modern", "memory"):
        (entry,) = found[name]
        assert "does not hold the full MNIST set; --folder says where" in entry["missing"]
    assert "Traceback" not in capsys.readouterr().err


def test_without_node_or_its_packages_the_page_is_not_measured(bench, monkeypatch, tmp_path):
    page = script("bench_page")
    monkeypatch.setattr(page, "PYODIDE", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Node.js" in bench.run(["page"], bench.Options())[0]["page"][0]["missing"]
    (tmp_path / "node").touch(mode=0o755)
    assert "make site PYODIDE=folder" in bench.run(["page"], bench.Options())[0]["page"][0]["missing"]


def test_a_set_up_without_network_is_not_measured(bench, monkeypatch):
    course = script("bench_course")
    words = (ROOT / "tools" / "install.py").read_text(encoding="utf-8")
    assert course.UNREACHED in words, "the set-up says it in other words now"
    monkeypatch.setattr(course, "_require", lambda *programs: None)
    command = [sys.executable, "-c", f"import sys; sys.exit({course.UNREACHED!r})"]
    popen, run = subprocess.Popen, subprocess.run
    monkeypatch.setattr(course.subprocess, "run", lambda *arguments, **options: None)  # git clone
    monkeypatch.setattr(course.subprocess, "Popen", lambda _, cwd, **options: popen(command, **options))
    found, failed = bench.run(["lab"], bench.Options())
    monkeypatch.setattr(course.subprocess, "run", run)
    assert not failed and course.UNREACHED in found["lab"][0]["missing"]


def test_unknown_parts_are_named_and_a_trial_leaves_the_installation_out(bench):
    with pytest.raises(SystemExit, match="'stp' is none of step"):
        bench.parts_named("step,stp", False)
    assert bench.parts_named("", True) == [name for name in bench.PARTS if name != "lab"]


def test_the_first_pass_with_so_small_an_error_counts():
    run = [(5.0, 0.02), (10.0, 0.0095), (15.0, 0.0099)]
    until = script("bench_accuracy").seconds_until
    assert (until(run, 0.0095), until(run, 0.02), until(run, 0.009)) == (10.0, 5.0, None)


def test_the_same_figures_draw_the_same_files(tmp_path):
    curve_files = script("curve_files")
    points = [
        rows.row(f"layer, {name} {x}", float(x), "ms", peer="plain", peer_value=3.0 * x, ratio=3.0)
        for name in curve_files.SETTINGS
        for x in (1, 2, 4, 8)
    ]
    epochs = [{"epoch": k, "test_error": 0.1 / k} for k in range(1, 8)]
    for draw, figures in ((curve_files.growth, points), (curve_files.accuracy, epochs)):
        first = draw(figures, tmp_path).read_bytes()
        assert draw(figures, tmp_path).read_bytes() == first
    assert set(curve_files.SETTINGS) == set(script("bench_growth").POINTS)


# ---- the peers


@pytest.mark.parametrize("operation", ["correlation", "convolution"])
def test_the_loops_give_what_the_layer_gives(operation):
    rng = np.random.default_rng(0)
    layer = Conv2D(2, 3, (3, 2), operation=operation, rng=rng, dtype=np.float64)
    loops = script("loop_twin").LoopConv2D(2, 3, (3, 2), operation=operation, dtype=np.float64)
    loops.params = {"K": layer.params["K"], "b": rng.standard_normal(3)}
    layer.params["b"] = loops.params["b"]
    X = rng.standard_normal((2, 2, 5, 4))
    delta = rng.standard_normal(layer.forward(X).shape)
    assert_close(loops.forward(X), layer.forward(X))
    assert_close(loops.backward(delta), layer.backward(delta))
    for name in ("K", "b"):
        assert_close(loops.grads[name], layer.grads[name])


def test_each_runs_on_the_threads_that_serve_it_best_and_a_missing_pytorch_is_said():
    step = script("bench_step")
    here = {"cnnlib on 1 thread": [0.004, 0.004], "cnnlib on 2 threads": [0.002, 0.002]}
    torch = {"PyTorch on 1 thread": [0.003, 0.003], "PyTorch on 2 threads": [0.006, 0.006]}
    times = {name: timing.Times(seconds) for name, seconds in (here | torch).items()}
    goal = ("ratio at least", 2.0)
    alone = step._beside_torch("a step", {name: times[name] for name in here}, "", goal)
    assert (alone["what"], alone["peer"]) == ("a step, on 2 threads", "no PyTorch found")
    assert (alone["ratio"], rows.reached(alone)) == (None, None)
    beside = step._beside_torch("a step", times, "PyTorch 9", goal)
    assert (beside["what"], beside["peer"]) == ("a step, on 2 threads", "PyTorch 9 on 1 thread")
    assert (beside["ratio"], rows.reached(beside)) == (1.5, False)


def test_a_layer_that_the_loops_cannot_do_is_refused():
    net = toolbox_net()
    net.layers[0] = Conv2D(1, 6, 5, padding=2)
    with says("padding 2", "loops"):
        script("loop_twin").with_loops(net)


def test_the_learning_rate_falls_from_its_first_value_to_nearly_nothing():
    rate = script("fast_net").cosine(0.1, 100)
    assert (rate(1), round(rate(51), 12)) == (0.1, 0.05) and 0 < rate(100) < 0.0001


# ---- a trial


def test_three_parts_run_in_a_trial():
    command = [sys.executable, "benchmarks/bench.py", "--quick", "--only", "growth,profile,memory"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert "layer, side 8" in done.stdout and "plain im2col" in done.stdout
    assert "bare matrix products" in done.stdout and "the floor under" in done.stdout
    assert "memory of training" in done.stdout and "goals reached, 0 not" in done.stdout


def test_candidates_that_train_another_net_are_found_out():
    step = script("bench_step")
    net = dict(kind="cnnlib", recipe="article", batch=1)
    pair = [step.Stepper(sys.executable, path=path, **net) for path in ("auto", "plain")]
    steppers = dict(zip(("one", "other"), pair, strict=True))
    try:
        assert all(stepper.seconds(3) > 0 for stepper in pair)
        assert len(pair[0].losses) == 3 + 2 and pair[0].version.startswith("NumPy")
        step._check_alike(steppers)
        pair[1].losses[4] *= 1.01
        with pytest.raises(RuntimeError, match="other trains another net"):
            step._check_alike(steppers)
    finally:
        for stepper in pair:
            stepper.close()

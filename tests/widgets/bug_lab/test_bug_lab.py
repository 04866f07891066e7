"""The bug lab: what it shows is what was measured; nothing is shown before an answer; a live run stops at once."""

import asyncio
import re
from html import unescape

import numpy as np
import pytest
from explorer_moves import move_at_random

from cnnlib import bugs, data
from cnnlib.bugs import detectors, training_results
from cnnlib.widgets.bug_lab import view
from cnnlib.widgets.bug_lab.lab import ANSWERS, BugLab
from cnnlib.widgets.bug_lab.live_run import LiveRun
from cnnlib.widgets.parts.explorer import move, values_of


@pytest.fixture(scope="module")
def few():
    """100 digits to train on: 12 updates."""
    digits = data.load_digits()
    return data.Digits(*(array[:100] for array in digits))


def plain(text):
    return unescape(re.sub(r"<style>.*?</style>|<[^>]*>", "", text, flags=re.DOTALL)).strip()


def number(text):
    return float(text.replace("−", "-").replace("0.999+", "0.9996"))


def assert_shows(lab):
    key, answer = lab.bug.value, lab.answer.value
    bug = bugs.BUGS[key]
    lines = [plain(line) for line in re.findall(r"<code>(.*?)</code>", lab.line.value)]
    assert lines == [f"right: {bug.right}", f"wrong: {bug.wrong}"]
    rows = [[plain(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)]
            for row in re.findall(r"<tr>(.*?)</tr>", lab.verdicts.value)]  # fmt: skip
    assert [test for test, *_ in rows] == list(detectors.TESTS)
    if answer is None:
        assert all(cells[1:] == ["?", ""] for cells in rows)
        assert "Choose first" in lab.comparison.value and lab.train.disabled
        assert "not shown yet" in lab.cosines.value
        assert lab.curves.value.count("<polyline") == 1
        return
    for cells, verdict in zip(rows, detectors.verdicts(key), strict=True):
        assert cells == [verdict.test, "✓ sees it" if verdict.sees else "– is blind", verdict.reason]
    assert_cosines(lab.cosines.value, key)
    assert plain(lab.comparison.value).startswith("Yes" if answer == training_results.outcome(key) else "No")
    assert f": {training_results.outcome(key)}." in lab.comparison.value
    errors = [float(text) for text in re.findall(r"(\d+\.\d)(?:–| %)", lab.comparison.value)]
    table = training_results.table()["test_error"]
    expected = [100 * end(table[name]) for name in (key, bugs.NONE) for end in (min, max)]
    assert errors == pytest.approx(expected, abs=0.051)
    assert not lab.train.disabled and lab.curves.value.count("<polyline") == 3
    ends = dict(re.findall(r"(with the bug|right) ([\d.]+) after 1190 updates", lab.curves.value))
    curves = training_results.table()["curve"]
    expected = {"with the bug": curves[key][-1], "right": curves[bugs.NONE][-1]}
    assert {name: float(end) for name, end in ends.items()} == pytest.approx(expected, abs=6e-4)


def assert_cosines(svg, key):
    kept = training_results.table()["cosines"][key][-1]
    words = re.search(r'aria-label="cosines: (.*?)"', svg)[1].split("; ")
    texts = re.findall(r">([^<]+)</text>", svg)
    assert " ".join(texts[1:3]) == "on the path of the right net, seed 0, update 600"
    for (name, value), word in zip(kept.items(), words, strict=True):
        assert name in texts and word.startswith(name)
        shown = word.removeprefix(name).strip()
        assert shown in texts
        assert shown == "no step" if value is None else number(shown) == pytest.approx(value, abs=6e-4)
    widths = [float(width) for width in re.findall(r'<rect x="[\d.]+" y="\d+" width="([\d.]+)"', svg)]
    lengths = [view.UNIT * abs(value) for value in kept.values() if value is not None]
    np.testing.assert_allclose(widths, lengths, atol=0.06)


def test_every_bug_and_every_answer(no_widget_left):
    lab = BugLab()
    assert_shows(lab)
    for key in values_of(lab.bug):
        move(lab.bug, key)
        assert lab.answer.value is None or key == next(iter(bugs.BUGS))  # another bug asks again
        assert_shows(lab)
        for answer in values_of(lab.answer):
            move(lab.answer, answer)
            assert_shows(lab)
    lab.close()


def test_two_hundred_random_combinations(no_widget_left):
    lab, rng = BugLab(), np.random.default_rng(13)
    for _ in range(200):
        name = list(lab.controls)[rng.integers(3)]
        move_at_random(lab.controls[name], rng)
        assert_shows(lab)
    lab.close()


def test_exactly_one_answer_is_right_for_each_bug():
    assert {training_results.outcome(key) for key in bugs.BUGS} <= set(ANSWERS)


def test_what_is_marked_is_what_was_changed():
    right, wrong = view.marked("dX = expand(delta, s) / s**2", "dX = expand(delta, s)")
    assert (right, wrong) == ("dX = expand(delta, s)<mark> / s**2</mark>", "dX = expand(delta, s)<mark></mark>")
    right, wrong = view.marked("a < rot180(K)", "a < K")
    assert (right, wrong) == ("a &lt; <mark>rot180(K)</mark>", "a &lt; <mark>K</mark>")
    for bug in bugs.BUGS.values():
        for line, shown in zip((bug.right, bug.wrong), view.marked(bug.right, bug.wrong), strict=True):
            assert plain(shown) == line


# ---------------------------------------------------------------------------------------- live runs


async def until(condition, seconds=20):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("not in time")


def test_a_live_run_comes_to_its_end_and_says_so(few, no_widget_left):
    async def scene():
        lab = BugLab(few)
        move(lab.answer, ANSWERS[0])
        lab.train.click()
        assert lab.live.running and lab.train.description == "Stop"
        await until(lambda: not lab.live.running)
        assert lab.train.description == "Train it live"
        _, steps = training_results.begin(few, lab.bug.value, 0)
        assert lab.live.losses == [step.loss for step in steps]
        assert "update 12 of 1,200" in lab.status.value and "test error" in lab.status.value
        lab.close()

    asyncio.run(scene())


@pytest.mark.parametrize("how", ["button", "bug", "seed", "view", "close"])
def test_a_live_run_stops_at_once(how, no_widget_left):
    async def scene():
        lab = BugLab(data.load_digits())
        move(lab.answer, ANSWERS[1])
        lab._view_count = 1
        lab.heart.answered = lambda: asyncio.sleep(0)  # no browser here
        lab.train.click()
        await until(lambda: len(lab.live.losses) > 2)
        {
            "button": lab.train.click,
            "bug": lambda: move(lab.bug, "mispaired"),
            "seed": lambda: move(lab.seed, 3),
            "view": lambda: setattr(lab, "_view_count", 0),
            "close": lab.close,
        }[how]()
        done = len(lab.live.losses)
        assert not lab.live.running
        await asyncio.sleep(0.3)
        assert len(lab.live.losses) == done and len(asyncio.all_tasks()) == 1
        assert (done == 0) == (how in ("bug", "seed"))  # the losses of another net are taken away
        lab.close()

    asyncio.run(scene())


def test_low_cpu_is_a_switch_of_the_lab_and_its_run_obeys(few, no_widget_left):
    lab = BugLab(few)
    assert not lab.live.quiet
    lab.heart.reduced = True  # as a browser says that asks for less motion
    assert lab.low_cpu.value and lab.live.quiet
    lab.low_cpu.value = False
    assert not lab.live.quiet
    lab.close()


def test_without_an_event_loop_it_says_what_to_do(few):
    run = LiveRun(few, lambda: None, lambda: asyncio.sleep(0))
    with pytest.raises(RuntimeError, match="event loop"):
        run.start("no_turn", 0)
    assert not run.running

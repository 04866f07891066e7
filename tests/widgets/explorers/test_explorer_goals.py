"""The goals of every explorer: each case has an answer that ticks, named mistakes that do not, and no give-away."""

import re
from pathlib import Path

import numpy as np
import pytest
from explorer_moves import move_at_random
from explorer_page import EXPLORERS, build

LONGEST = 112  # letters of a line of the strip: as many as fit at 934 pixels
WITHOUT = {"bug lab"}  # it asks for a prediction itself


@pytest.fixture(params=[name for name in EXPLORERS if name not in WITHOUT])
def explorer(request):
    made = build(request.param)
    yield made
    made.close()


def rounds(explorer):
    """(number, goal) with the goal open, for each case of each goal."""
    for number, goal in enumerate(explorer.task.goals):
        cases = goal.cases(explorer) if callable(goal.cases) else goal.cases
        for _ in cases:
            explorer.goals.ask(number)
            yield number, goal


def one_of(right):
    return min(right) if isinstance(right, set) else right


def test_two_or_three_goals_and_one_lit_control(explorer):
    assert 2 <= len(explorer.task.goals) <= 3
    assert explorer.task.light in explorer.controls and len(explorer.task.sentence) <= LONGEST
    assert sum("cnn-first" in getattr(control, "play_button", control)._dom_classes
               for control in explorer.controls.values()) == 1  # fmt: skip


def test_the_right_answer_of_each_case_ticks_and_each_named_mistake_does_not(explorer):
    goals = explorer.goals
    for number, goal in rounds(explorer):
        assert len(goals.line) <= LONGEST, goals.line
        right, wrong = goal.right(explorer), goal.wrong(explorer) if goal.wrong else {}
        mistakes = [value for value in wrong if value != right and not (isinstance(right, set) and value in right)]
        assert mistakes, f"{goals.line}: no mistake has a name"
        if goal.choices:
            assert right in goal.choices and set(wrong) <= set(goal.choices)
        goals.reached = [False] * len(goals.reached)
        goals.answer(mistakes[0])
        assert not any(goals.reached) and wrong[mistakes[0]] in goals.outcome["says"]
        goals.ask(number)
        assert not any(goals.reached)
        goals.answer(one_of(goal.right(explorer)))
        assert goals.outcome["right"] and goals.reached[number]
        assert len(goals.outcome["says"]) <= 2 * LONGEST
        goals.leave()


def test_the_answers_change_from_case_to_case(explorer):
    """Else a click on every choice, one after the other, would tick in the end."""
    answers = {}
    for number, goal in rounds(explorer):
        answers.setdefault(number, set()).add(str(goal.right(explorer)))
        explorer.goals.leave()
    assert all(len(found) > 1 for found in answers.values()), answers


def test_moving_every_control_about_ticks_nothing(explorer):
    rng = np.random.default_rng(0)
    for _ in range(60):
        for control in explorer.controls.values():
            move_at_random(control, rng)
    for grid in (part for part in vars(explorer).values() if hasattr(part, "chosen")):
        grid.chosen = (0, 0)
    assert not any(explorer.goals.reached)


def test_after_the_answer_nothing_stays_covered_or_held(explorer):
    for _, goal in rounds(explorer):
        explorer.goals.answer(one_of(goal.right(explorer)))
        assert explorer.goals._held == []
    explorer.goals.leave()
    assert not any(getattr(control, "disabled", False) for control in explorer.controls.values())


def test_one_table_of_goals_in_every_explorer():
    folder = Path(__file__).resolve().parents[3] / "cnnlib/widgets/explorers"
    packages = [path for path in folder.iterdir() if path.is_dir() and (path / "explorer.py").exists()]
    assert packages and not [path.name for path in packages if not (path / "goals.py").exists()]
    assert not re.findall(r"Goal\(", "".join((path / "explorer.py").read_text("utf-8") for path in packages))

"""Goals: a right prediction ticks, and nothing else does.  An explorer made for the test, without a browser."""

import ipywidgets as widgets
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances

from cnnlib.widgets.parts.explorer import Explorer, move
from cnnlib.widgets.parts.goals import OTHERWISE, Goal, Task
from cnnlib.widgets.parts.map_grid import MapGrid
from cnnlib.widgets.parts.transport import Transport


class Doubler(Explorer):
    """It shows twice a number, and the number's place on a map."""

    task = Task(
        "number",
        "Move the slider.",
        (
            Goal(
                "twice",
                lambda e: f"What is twice {e.number.value}?",
                right=lambda e: 2 * e.number.value,
                says="Twice is the number and itself.",
                wrong=lambda e: {e.number.value: "That is the number.", e.number.value**2: "That is its square."},
                cases=({"number": 3}, {"number": 5}),
                hides=("result", "bar.line"),
                shown={"step": 2},
            ),
            Goal(
                "where",
                "Click the cell.",
                right=lambda e: {(0, e.number.value % 3), (1, 1)},
                says="There it is.",
                map="grid",
                cases=lambda e: ({"number": 1},),
            ),
            Goal(
                "odd or even",
                "Is it odd?",
                right=lambda e: ("even", "odd")[e.number.value % 2],
                says="So it is.",
                choices=("odd", "even"),
                cases=({"number": 4}, {"number": 7}),
            ),
        ),
    )

    def __init__(self):
        self.number = widgets.IntSlider(1, min=0, max=9)
        self.bar, self.result = Transport(3), widgets.HTML()
        self.grid = MapGrid(np.zeros((2, 3)), interactive=True)
        self.field = widgets.Text()
        rows = [self.number, self.bar, self.result, self.grid, widgets.HBox([self.field])]
        super().__init__(rows, {"number": self.number, "step": self.bar})
        self.draw()

    def draw(self):
        self.result.value = str(2 * self.number.value)


@pytest.fixture
def made():
    before = set(_instances)
    explorer = Doubler()
    yield explorer
    explorer.close()
    assert set(_instances) == before


def covered(explorer):
    return {name for name, widget in (("result", explorer.result), ("words", explorer.bar.line))
            if "cnn-covered" in widget._dom_classes}  # fmt: skip


def held(explorer):
    return explorer.number.disabled, explorer.bar.locked, explorer.field.disabled, not explorer.grid.interactive


def test_a_right_prediction_ticks_and_the_explorer_shows_it(made):
    goals = made.goals
    assert goals.reached == [False] * 3 and goals.line == "Move the slider."
    goals.ask(0)
    assert (goals.line, goals.kind, goals.outcome) == ("What is twice 3?", "number", {})
    assert covered(made) == {"result", "words"} and held(made) == (True,) * 4
    goals.answer(6.0)
    assert goals.reached == [True, False, False]
    assert goals.outcome == {"given": "6", "right": True, "says": "Twice is the number and itself."}
    assert covered(made) == set() and held(made) == (False,) * 4 and made.bar.position == 2
    goals.leave()
    assert goals.asked == -1 and goals.line == "Move the slider."


@pytest.mark.parametrize("given, mistake", [(3, "That is the number."), (9, "That is its square."), (7, OTHERWISE)])
def test_a_wrong_answer_is_told_its_mistake_and_asked_again_it_is_another_case(made, given, mistake):
    goals = made.goals
    goals.ask(0)
    goals.answer(given)
    assert goals.outcome["says"].startswith(mistake) and not goals.outcome["right"] and not any(goals.reached)
    goals.answer(6.0)  # what is shown now is no prediction any more
    assert not any(goals.reached)
    goals.ask(0)
    assert goals.line == "What is twice 5?"
    goals.answer(6.0)  # the answer of the case before
    assert not any(goals.reached)


def test_leaving_uncovers_and_uses_the_case_up(made):
    move(made.number, 8)
    made.goals.ask(0)
    assert made.number.value == 3
    made.goals.leave()
    assert covered(made) == set() and held(made) == (False,) * 4
    assert made.number.value == 8, "the controls are as they were"
    made.goals.ask(0)
    assert made.goals.line == "What is twice 5?"


def test_a_cell_is_answered_on_the_map_and_not_chosen(made):
    made.goals.ask(1)
    assert made.grid.asks and made.goals.kind == "cell"
    made.grid.answered = (0, 1)
    assert made.goals.reached == [False, True, False] and made.grid.chosen is None
    assert not made.grid.asks and made.grid.answered is None
    made.goals.ask(1)
    made.grid.answered = (1, 2)
    assert not made.goals.outcome["right"] and made.goals.outcome["given"] == "cell (1, 2)"
    assert made.goals.reached[1], "what is reached stays reached"


def test_clicking_about_ticks_nothing(made):
    goals = made.goals
    for value in range(10):
        move(made.number, value)
        move(made.bar, value % 3)
        made.grid.chosen = (1, value % 3)
    assert goals.reached == [False] * 3
    # A choice: whoever clicks the first, then the other, meets another case in between.
    goals.ask(2)
    goals._heard({"answer": 0})
    goals._heard({"answer": 1})
    assert not any(goals.reached)
    goals.ask(2)
    goals._heard({"answer": 1})
    assert not any(goals.reached)


def test_what_the_browser_may_say(made):
    goals, sent = made.goals, []
    goals.send = sent.append
    for message in ({"ask": 7}, {"ask": -1}, {"ask": "0"}, {"answer": "6"}, {"answer": 0}, {}):
        goals._heard(message)
    assert goals.asked == -1 and not any(goals.reached)
    goals._heard({"ask": 0})
    for text in ("six", "", "__import__('os')", "1 2"):
        goals._heard({"answer": text})
    assert len(sent) == 4 and goals.outcome == {} and "“six” is not a number" in sent[0]["problem"]
    goals._heard({"answer": "6"})
    assert goals.reached[0]
    goals._heard({"leave": True})
    assert goals.asked == -1


def test_no_answer_reaches_the_browser_before_it_was_given(made):
    made.goals.ask(0)
    state = {name: getattr(made.goals, name) for name in made.goals.keys if not name.startswith("_")}
    assert "6" not in str({name: value for name, value in state.items() if name not in ("layout", "tabbable")})
    assert not any(goal.says in str(state) for goal in made.task.goals)


def test_the_first_control_is_lit_until_it_is_moved(made):
    assert "cnn-first" in made.number._dom_classes and not made.goals.begun
    move(made.number, 4)
    assert "cnn-first" not in made.number._dom_classes and made.goals.begun


def test_a_locked_bar_hears_no_button_and_no_key(made):
    made.goals.ask(0)
    made.bar._do("forward")
    assert made.bar.position == 0 and made.bar.forward.disabled
    made.goals.leave()
    made.bar._do("forward")
    assert made.bar.position == 1

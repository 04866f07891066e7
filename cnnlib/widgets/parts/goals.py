"""Goals of an explorer: small questions, each ticked by a right prediction and by nothing else.

A :class:`Task` is the table that an explorer gives: the control to begin with, one sentence, and two or three
goals.  A goal sets the controls of the explorer for one case, covers what would give the answer away, and asks for
a number, for a cell of a map, or for one of a few choices.  Each case takes one answer: then the explorer shows
the truth, a wrong answer is named as the mistake that it is, and the goal can be tried again with another case, so
that clicking through all choices ticks nothing.  Answers stay in the kernel until then, and nothing is stored.
"""

from collections.abc import Callable, Mapping
from importlib import resources
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from cnnlib.plots.colours import PROPERTIES

from .map_grid import MapGrid
from .parse import parse_numbers
from .transport import Transport

_FILES = resources.files(__package__)
OTHERWISE = "Not that one. Look at what is shown now."


class Goal(NamedTuple):
    """One question.  Where a function is allowed, it is called with the explorer, once the case is set.

    Attributes
    ----------
    name
        A few words, as the goal is called before it is asked.
    ask
        The question, text or function.
    right
        Function: the answer, a number, a cell (i, j), one of the choices, or a set of answers that are right.
    says
        The explanation after every answer, text or function.
    cases
        Settings of the controls, one dict for each time it is asked; or a function that returns them.
    wrong
        Function: {answer: the sentence that names the mistake}.
    choices
        For a choice: the texts; else empty.
    map
        For a cell: the attribute that holds the :class:`MapGrid` to click on; else empty.
    hides
        Attributes that are covered while it asks.
    shown
        Settings of the controls that show the answer, or a function that returns them.
    """

    name: str
    ask: str | Callable
    right: Callable
    says: str | Callable
    cases: tuple | Callable = ({},)
    wrong: Callable | None = None
    choices: tuple[str, ...] = ()
    map: str = ""
    hides: tuple[str, ...] = ()
    shown: Mapping | Callable = MappingProxyType({})


class Task(NamedTuple):
    """``light``: the control to begin with; ``sentence``: what to do with it; ``goals``: what to find out then."""

    light: str
    sentence: str
    goals: tuple[Goal, ...]


class Goals(anywidget.AnyWidget):
    """The strip above an explorer: the sentence and the goals, or one question with its answers.

    From code: ``ask(n)``, ``answer(given)``, ``leave()``; ``reached`` holds a bool for each goal.
    """

    _esm = _FILES.joinpath("goals.js").read_text(encoding="utf-8")
    _css = PROPERTIES + _FILES.joinpath("goals.css").read_text(encoding="utf-8")

    line, names = traitlets.Unicode("").tag(sync=True), traitlets.List([]).tag(sync=True)
    reached, choices = traitlets.List([]).tag(sync=True), traitlets.List([]).tag(sync=True)
    asked = traitlets.Int(-1).tag(sync=True)  # the goal that is open
    kind = traitlets.Unicode("").tag(sync=True)  # of its answer: "number", "cell" or "choice"
    outcome = traitlets.Dict({}).tag(sync=True)  # {"given", "right", "says"} once it is answered
    begun = traitlets.Bool(False).tag(sync=True)  # the first control was moved: the next goal is highlighted

    def __init__(self, explorer, task: Task):
        super().__init__(line=task.sentence, names=[goal.name for goal in task.goals])
        self.explorer, self.task = explorer, task
        self.reached = [False] * len(task.goals)
        self._cases, self._held, self._before = [0] * len(task.goals), [], {}
        self.on_msg(lambda _widget, content, _buffers: self._heard(content))

    # ------------------------------------------------------------------------------ what one can do

    def ask(self, number: int) -> None:
        """Open goal ``number``, each time with its next case."""
        self.leave()
        goal = self.task.goals[number]
        self._before = {name: getattr(control, _trait(control)) for name, control in self.explorer.controls.items()}
        cases = _of(goal.cases, self.explorer)
        self._set(cases[self._cases[number] % len(cases)])
        self._cases[number] += 1
        self._hold(goal)
        with self.hold_sync():
            self.kind = "choice" if goal.choices else "cell" if goal.map else "number"
            self.choices, self.outcome = list(goal.choices), {}
            self.line, self.asked, self.begun = _of(goal.ask, self.explorer), number, True

    def answer(self, given: Any) -> None:
        """Judge an answer to the open goal; the explorer then shows the truth."""
        if self.asked < 0 or self.outcome:
            return
        number, goal = self.asked, self.task.goals[self.asked]
        right = goal.right(self.explorer)
        wrong = goal.wrong(self.explorer) if goal.wrong else {}
        is_right = any(_same(given, one) for one in (right if isinstance(right, set) else [right]))
        mistake = next((says for value, says in wrong.items() if _same(given, value)), OTHERWISE)
        says = _of(goal.says, self.explorer)
        self._release()
        self._set(_of(goal.shown, self.explorer))
        with self.hold_sync():
            self.reached = [done or (is_right and n == number) for n, done in enumerate(self.reached)]
            text = says if is_right else f"{mistake} {says}"
            self.outcome = {"given": _written(given), "right": is_right, "says": text}

    def leave(self) -> None:
        """Back to the list of goals.  A case without an answer counts as used, and the controls go back, too."""
        self._release()
        if self.asked >= 0 and not self.outcome:
            self._set(self._before)
        with self.hold_sync():
            self.asked, self.kind, self.choices, self.outcome = -1, "", [], {}
            self.line = "All goals reached." if all(self.reached) else self.task.sentence

    # ------------------------------------------------------------------------- hold, cover, release

    def _hold(self, goal):
        """Lock all controls but the answer, and cover what would give it away."""
        for widget in _inside(self.explorer):
            if isinstance(widget, Transport):
                widget.pause()
            for trait, value in (("locked", True), ("disabled", True), ("interactive", False)):
                if widget.has_trait(trait) and getattr(widget, trait) != value:
                    self._held.append((widget, trait, getattr(widget, trait)))
                    setattr(widget, trait, value)
        for place in goal.hides:
            for covered in _as_list(attrgetter(place)(self.explorer)):
                covered.add_class("cnn-covered")
                self._held.append((covered, "", None))
        if goal.map:
            grid = attrgetter(goal.map)(self.explorer)
            grid.asks = True
            grid.observe(self._cell_answered, "answered")
            self._held.append((grid, "asks", False))

    def _release(self):
        for widget, trait, value in reversed(self._held):
            if not trait:
                widget.remove_class("cnn-covered")
                continue
            setattr(widget, trait, value)
            if trait == "asks":
                widget.unobserve(self._cell_answered, "answered")
                widget.answered = None
        self._held = []

    def _cell_answered(self, change):
        if change["new"] is not None:
            self.answer(tuple(change["new"]))

    def _set(self, settings):
        for name, value in settings.items():
            control = self.explorer.controls[name]
            control.set_trait(_trait(control), value)

    def _heard(self, content):
        """A message of the browser: {"ask": n}, {"answer": text or number of the choice}, {"leave": true}."""
        if content.get("ask") in range(len(self.task.goals)):
            self.ask(content["ask"])
        elif "leave" in content:
            self.leave()
        elif self.kind == "choice" and content.get("answer") in range(len(self.choices)):
            self.answer(self.choices[content["answer"]])
        elif self.kind == "number" and isinstance(content.get("answer"), str):
            try:
                self.answer(float(parse_numbers(content["answer"], (1,), symbols=False)[0]))
            except ValueError as error:
                self.send({"problem": str(error)})


def _trait(control):
    return "position" if isinstance(control, Transport) else "value"


def _inside(widget):
    """All parts of an explorer except the goals themselves; a transport bar counts as one part."""
    for child in getattr(widget, "children", ()):
        if not isinstance(child, Goals):
            yield child
            yield from () if isinstance(child, (Transport, MapGrid)) else _inside(child)


def _of(given, explorer):
    return given(explorer) if callable(given) else given


def _as_list(widget):
    return widget if isinstance(widget, (list, tuple)) else [widget]


def _same(one, other):
    """Are two answers equal: texts, numbers up to rounding, or cells?"""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, rtol=1e-6, atol=1e-9))


def _written(given):
    """An answer as it is shown beside the verdict."""
    if isinstance(given, tuple):
        return f"cell ({', '.join(map(str, given))})"
    return given if isinstance(given, str) else f"{given:g}".replace("-", "−")


def light(control: widgets.DOMWidget, trait: str, out: Callable[[], None]) -> None:
    """Highlight a control, or the Play button of a bar, until it is first used."""
    highlighted = control.play_button if isinstance(control, Transport) else control
    highlighted.add_class("cnn-first")

    def moved(_change):
        highlighted.remove_class("cnn-first")
        control.unobserve(moved, trait)
        out()

    control.observe(moved, trait)

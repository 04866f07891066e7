"""Exercise checkers: is the learner's function right, and if not, which mistake is it?

An :class:`Exercise` compares a function with the right answer, elementwise, on random asymmetric cases, at the
precision of the answer: one that was computed in float32 is right, and the report says so.
An answer that equals a known mistake on every case is named as that mistake.  Whatever the function does —
raise, recurse for ever, return nothing, change its input — it is answered in words; a check never raises.
A :class:`Report` is text in a terminal and folds its hints open one by one in a notebook.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ..console import carried
from ..plots.html import as_html
from .call import DOUBLE, SINGLE, STOPPED, Answer, attempt, described, difference, distance, same
from .slips import factor_of, slips

SIGNS = {"right": "✓", "not yet": "…", "wrong": "✗"}


class Report(NamedTuple):
    """The result of one attempt: ``verdict`` "right", "not yet" or "wrong"; True in a condition if right."""

    name: str
    verdict: str
    message: str
    details: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    def __bool__(self):
        return self.verdict == "right"

    def __repr__(self):
        lines = [f"{SIGNS[self.verdict]} {self.name}: {self.message}", *(f"    {line}" for line in self.details)]
        if self.hints:
            lines.append(f"    {_count(len(self.hints), 'hint')}, one at a time: .hint(1)")
        return "\n".join(lines)

    def __str__(self):
        return carried(repr(self))

    def _repr_html_(self):
        words = "<br>".join(as_html(line) for line in self.details)
        first = f"{SIGNS[self.verdict]} <b>{as_html(self.name)}</b>: {as_html(self.message)}"
        return f"<p>{first}</p>{f'<p>{words}</p>' if words else ''}{folded(self.hints)}"


class Hint(NamedTuple):
    """One hint as text; in a notebook all hints, folded."""

    number: int
    hints: tuple[str, ...]

    def __repr__(self):
        return f"hint {self.number} of {len(self.hints)}: {self.hints[self.number - 1]}"

    def __str__(self):
        return carried(repr(self))

    def _repr_html_(self):
        return folded(self.hints)


def folded(hints: tuple[str, ...]) -> str:
    """The hints as HTML that folds open one at a time: each stands inside the one before."""
    nested = ""
    for number, hint in reversed(list(enumerate(hints, 1))):
        title = f"<summary>hint {number} of {len(hints)}</summary>"
        nested = f"<details>{title}<p>{as_html(hint)}</p>{nested}</details>"
    return nested


@dataclass(frozen=True)
class Exercise:
    """One exercise, declared.

    Attributes
    ----------
    name
        Of the function that the learner writes.
    task
        What it has to return, in one sentence.
    cases
        rng → the argument tuples, asymmetric and several; drawn from a fixed seed.
    reference
        The right answer; its parameter names are the ones that messages use.
    mistakes
        Diagnosis, a sentence → a function that makes this mistake.
    hints
        From a nudge to nearly the answer.
    parts
        Names of the arrays, where the answer is a dict of several; judged one after the other.
    """

    name: str
    task: str
    cases: Callable[[np.random.Generator], Iterable[tuple]]
    reference: Callable
    mistakes: Mapping[str, Callable] = field(default_factory=dict)
    hints: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def check(self, function: Callable) -> Report:
        """Try the learner's function on every case and report; raises nothing."""
        if not callable(function):
            given = "nothing" if function is None else f"a {type(function).__name__}"
            return self._report("wrong", f"this is {given}; give the function itself, without parentheses")
        furthest = 0.0
        for part in self.parts or ("",):
            report, away = self._judged(function, part)
            if report is not None:
                return report
            furthest = max(furthest, away)
        words = f"equal to the right answer, elementwise, in {_count(len(self.drawn()), 'case')}"
        if furthest > DOUBLE:
            words += f", to the seven digits of float32 (they part by {furthest:.0e} of the largest number)"
        return Report(self.name, "right", words)

    def require(self, function: Callable) -> None:
        """For automatic grading, which expects an exception.

        Raises
        ------
        AssertionError
            With the diagnosis in it, unless the function is right.
        """
        if not (report := self.check(function)):
            raise AssertionError(str(report))

    def _judged(self, function, part):
        """(the report on one part of the answer, 0), or (None, how far it is from right).  Part "" is all of it."""
        cases, answers = self.drawn(), []
        for case in cases:
            answers.append(attempt(function, case, self.parameters, part))
            if answers[-1].problem == STOPPED:  # else the learner would have to stop the next case as well
                return self._report("wrong", STOPPED), 0.0
        if all(one.empty for one in answers):
            return self._report("not yet", f"not yet, it returns nothing so far. {self.task}"), 0.0
        right = [attempt(self.reference, case, self.parameters, part).array for case in cases]
        away = [distance(one.array, true) for one, true in zip(answers, right, strict=True)]
        wrong = [k for k, far in enumerate(away) if far > SINGLE]
        if wrong:
            return self._wrong(wrong, cases, answers, right, part), 0.0
        changed = next((one.changed for one in answers if one.changed), "")
        if changed:
            words = f"the numbers are right, but it changes its input {changed}; work on a copy"
            return self._report("wrong", words), 0.0
        return None, max(away)

    def hint(self, number: int = 1) -> Hint | Report:
        """Hint ``number``, from 1; in a notebook all hints, folded."""
        if not self.hints:
            return Report(self.name, "not yet", "there are no hints for this exercise")
        whole = number if isinstance(number, int) else 1
        return Hint(min(max(whole, 1), len(self.hints)), self.hints)

    def drawn(self) -> list[tuple]:
        """The cases, the same every time."""
        return list(self.cases(np.random.default_rng(180)))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the arguments."""
        return tuple(inspect.signature(self.reference).parameters)

    def diagnosis(self, answers: list[Answer], right: list[np.ndarray], part: str = "") -> str:
        """The known mistake that these answers equal, or nothing."""
        for sentence, mistaken in self.mistakes.items():
            made = [attempt(mistaken, case, self.parameters, part).array for case in self.drawn()]
            if _equals(answers, made, right):
                return sentence

        def reference(case):
            return attempt(self.reference, case, self.parameters, part).array

        for sentence, made in slips(reference, self.drawn(), self.parameters, right):
            if _equals(answers, made, right):
                return sentence
        return factor_of([one.array for one in answers], right)

    def _wrong(self, wrong, cases, answers, right, part):
        first, place = wrong[0], f"{part}: " if part else ""
        diagnosis = self.diagnosis(answers, right, part)
        found = answers[first].problem or place + difference(answers[first].array, right[first])
        where = described(cases[first], self.parameters)
        details = [f"wrong in {len(wrong)} of {_count(len(cases), 'case')}; the first of them: {where}"]
        if diagnosis:
            details.append(found)
        if answers[first].changed:
            details.append(f"it also changes its input {answers[first].changed}; work on a copy")
        troubles = [(k, one.problem) for k, one in enumerate(answers) if one.problem and one.problem != found]
        if troubles:
            details.append(f"{described(cases[troubles[0][0]], self.parameters)}: {troubles[0][1]}")
        return self._report("wrong", place + diagnosis if diagnosis else found, details)

    def _report(self, verdict, message, details=()):
        return Report(self.name, verdict, message, tuple(details), self.hints)


def _equals(answers, made, right):
    """Are the answers those that a mistake makes?

    A case without an answer agrees where the mistake gives none either; elsewhere it is excused, in up to half of
    the cases, as an index may run over an edge.  At least one of the numbers has to be wrong.
    """
    cases = list(zip([one.array for one in answers], made, right, strict=True))
    excused = sum(mine is None and mistaken is not None for mine, mistaken, _ in cases)
    numbers = [case for case in cases if case[0] is not None]
    return (
        2 * excused <= len(cases)
        and not all(same(mine, true) for mine, _, true in numbers)
        and all(mistaken is not None and same(mine, mistaken) for mine, mistaken, _ in numbers)
    )


def _count(n, one):
    return f"{n} {one}{'' if n == 1 else 's'}"

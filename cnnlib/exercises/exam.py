"""An examination: several exercises, and a score for as long as the notebook runs.

``exam.check(function)`` finds the exercise by the function's name and gives the checker's report.  Printing the
exam shows how many answers are right and which are open.  Nothing is stored outside of the object.
"""

from ..console import Printable
from ..plots.html import as_html
from .exercise import SIGNS, Exercise, Report


class Exam(Printable):
    """A paper of exercises, and the last report on each."""

    def __init__(self, *exercises: Exercise):
        self.exercises = {exercise.name: exercise for exercise in exercises}
        self.reports: dict[str, Report] = {}

    def check(self, function) -> Report:
        """Try ``function`` on the exercise of the same name; keeps the report and raises nothing."""
        name = str(getattr(function, "__name__", type(function).__name__))
        if name not in self.exercises:
            words = f"no exercise has this name; they are {', '.join(self.exercises)}"
            return Report(name, "wrong", words)
        report = self.exercises[name].check(function)
        self.reports[name] = report
        return report

    @property
    def right(self) -> int:
        """How many of the answers are right."""
        return sum(bool(report) for report in self.reports.values())

    def rows(self) -> list[tuple[str, str, str]]:
        """(sign, name, the last message), a row for each exercise."""
        rows = []
        for name in self.exercises:
            report = self.reports.get(name)
            if report is None:
                rows.append((SIGNS["not yet"], name, "not tried"))
            else:
                message = "not yet" if report.verdict == "not yet" else report.message
                rows.append((SIGNS[report.verdict], name, "right" if report else message))
        return rows

    def __repr__(self):
        width = max(map(len, self.exercises), default=0)
        lines = [f"    {sign} {name:<{width}}  {message}" for sign, name, message in self.rows()]
        return "\n".join([self._score(), *lines])

    def _repr_html_(self):
        cells = (
            f'<tr><td style="text-align:left">{sign}&nbsp;<code>{as_html(name)}</code></td>'
            f'<td style="text-align:left">{as_html(message)}</td></tr>'
            for sign, name, message in self.rows()
        )
        return f'<p><b>{self._score()}</b></p><table style="font-size:16px">{"".join(cells)}</table>'

    def _score(self):
        return f"{self.right} of {len(self.exercises)} right"

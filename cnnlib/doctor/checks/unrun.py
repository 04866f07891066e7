"""The report on a layer whose forward pass fails in a line that fails whatever it is given."""

from ..diagnosis.finding import Finding
from ..diagnosis.single import Diagnosis
from ..examination import NOT_SUPPORTED, WRONG
from ..mistakes.catalogue import CATALOGUE
from ..patient.plan import Plan
from ..report import Part, Report

REST = "never reached, so it could not be examined"


class Unknown(Plan):
    """The description of a layer that could not be run: its kind alone."""

    def lines(self) -> list[str]:
        return [f"kind: {self.kind}", "the rest is not known, since the forward pass does not run"]


def unrun(subject, kind: str, error, without, tell) -> Report:
    """Forward is wrong, with its line; of the gradients nothing can be said."""
    finding = Finding("forward", WRONG, notes=[str(error)], diagnosis=Diagnosis((CATALOGUE["cannot_run"],), ()))
    parts = {"forward": Part(finding, 0)}
    parts |= {name: Part(Finding(name, NOT_SUPPORTED, notes=[REST]), 0) for name in ("dX", "dK", "db")}
    rest = {"anatomy": None, "refused": {}, "said": [], "again": None}
    return Report(subject.name, Unknown(kind), parts, without=without, tell=tell, **rest)

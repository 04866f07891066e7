"""A step of a derivation: what notebook, slide and widget show alike."""

from typing import NamedTuple

from sympy import Basic

from .printing import changed, latex


class Step(NamedTuple):
    """One line of a derivation: the formula, why it follows, and the indices in play with their ranges."""

    formula: Basic
    because: str
    indices: tuple[str, ...] = ()

    def latex(self, after: "Step | None" = None) -> str:
        """The formula in LaTeX; given the step before, what is new since then is bold and coloured."""
        return latex(self.formula, changed(after.formula, self.formula) if after else ())

    def _repr_markdown_(self) -> str:
        ranges = f"\n\n*{',  '.join(self.indices)}*" if self.indices else ""
        return f"$$\\displaystyle {self.latex()}$$\n\n{self.because}{ranges}"

"""One mistake of the catalogue: its sentence, what to try, and the formulas that predict its wrong numbers."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mistake:
    """One mistake.

    Attributes
    ----------
    key
        Its short name.
    sentence, advice
        What is wrong, and what to try.
    family
        Orientation, channels, padding, stride, batch, bias, ingredient, order or scale.
    changes
        Part ("dX", "dK", "db", "forward") → its variants, each a stage and a function.
    kinds
        The kinds of layer it can stand in.
    notebook
        The notebook of the course that settles it.
    rare
        Further variants, too many or too seldom to be tried in pairs.
    """

    key: str
    family: str
    sentence: str
    advice: str
    changes: dict[str, list[tuple[str, Callable]]] = field(hash=False)
    kinds: tuple[str, ...] = ("convolution", "dense")
    notebook: str = "03"
    rare: dict[str, list[tuple[str, Callable]]] = field(default_factory=dict, hash=False)

    def variants(self, part: str):
        return self.changes.get(part, [])

    def all_variants(self, part: str):
        """Those of pairs, and the many that are tried by themselves alone."""
        return [*self.variants(part), *self.rare.get(part, ())]


def same(parts: str, stage: str, *functions) -> dict[str, list[tuple[str, Callable]]]:
    """The same variants at the same stage of several parts: same("dX dK", "pre", f, g)."""
    return {part: [(stage, function) for function in functions] for part in parts.split()}

"""The doctor's report: in words, as a truth value, as a dict, and as maps of the wrong cells in a notebook."""

import textwrap
from dataclasses import dataclass, field

from .diagnosis.conventions import MEAN
from .diagnosis.finding import Finding
from .diagnosis.pieces.telling import as_dict, in_part, told
from .diagnosis.single import Diagnosis
from .evidence import Impulse, Terms
from .examination import NOT_COMPUTED, NOT_SUPPORTED, RIGHT, WRONG
from .kinds import ANYTHING
from .mistakes.catalogue import CONSTANT, known
from .settings import Setting

WIDTH = 112  # characters
TELLS = ("evidence", "where", "which")
WORD = {"forward": "forward", "dX": "dX", "dK": "dK", "db": "db"}


def wrapped(line: str, width: int = WIDTH) -> str:
    """A line of the report, wrapped at spaces if it is too long; its own line breaks stay."""
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )


@dataclass
class Part:
    """The result for one part: "forward", "dX", "dK" or "db"."""

    finding: Finding
    ran: int  # settings in which it was judged
    raised: int = 0  # further ones, in which the backward pass did not end
    terms: Terms | None = None
    structure: list[str] = field(default_factory=list)
    impulse: Impulse | None = None
    hint: str | None = None

    @property
    def verdict(self) -> str:
        """ "right", "wrong", "mean over the batch", "not computed" or "not supported"."""
        return self.finding.verdict

    @property
    def settings(self) -> list[Setting]:
        """The settings in which it is wrong."""
        return self.finding.settings

    @property
    def diagnosis(self) -> Diagnosis | None:
        return self.finding.diagnosis

    @property
    def said(self) -> str | None:
        """What is to be said of a part beside its verdict: a convention, or what it does with ties."""
        return self.finding.ties or next(iter(self.finding.notes), None)

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The keys of all mistakes found together."""
        return tuple(m.key for m in self.diagnosis.mistakes) if self.diagnosis else ()

    @property
    def partly(self) -> list[dict]:
        """Where no mistake explains all: those that explain some settings, and how many of the wrong ones."""
        return [] if self.diagnosis else [as_dict(clause) for clause in self.finding.partly]

    @property
    def mistake(self) -> str | None:
        """A key of the catalogue, or None; of a pair the first."""
        return self.mistakes[0] if self.mistakes else None

    def to_dict(self) -> dict:
        """Plain values only."""
        return {
            "verdict": self.verdict,
            "mistake": self.mistake,
            "mistakes": list(self.mistakes),
            "partly": self.partly,
            "sentences": [m.sentence for m in self.diagnosis.mistakes] if self.diagnosis else [],
            "settings": [vars(setting) for setting in self.settings],
            "settings_run": self.ran,
            "by_hand": str(self.terms) if self.terms else None,
            "structure": self.structure,
            "notes": self.finding.notes,
            "ties": self.finding.ties,
        }


class Report:
    """One examination.  True if everything is right; ``report["dX"]`` is the Part on dX, likewise the others."""

    def __init__(self, name, plan, parts: dict[str, Part], *, anatomy, without, tell, refused, said, again):
        self.name, self.plan, self.parts, self.anatomy = name, plan, parts, anatomy
        self.without, self.tell, self.refused, self.said, self._again = without, tell, refused, said, again
        self.accidents: list[str] = []  # settings that it has parameters for, in which its forward pass raises
        self.modes: list[str] = []  # what was seen with other words for a parameter, as mode="average"

    def __getitem__(self, part: str) -> Part:
        if part not in self.parts:
            raise KeyError(f"{part!r}: a report speaks of {', '.join(self.parts)}")
        return self.parts[part]

    def __bool__(self):
        seen = any(part.verdict in (RIGHT, MEAN) for part in self.parts.values())  # nothing seen is nothing right
        return seen and all(self.is_fine(name) for name in self.parts)

    def is_fine(self, name: str) -> bool:
        """Right, or a mean over the batch, or a gradient that the layer does not have or leaves out as declared."""
        part = self.parts[name]
        if self.plan.kind == ANYTHING and name == "forward":
            return part.verdict == NOT_SUPPORTED
        if part.verdict == NOT_COMPUTED:
            return name in self.without
        return part.verdict in (RIGHT, MEAN) or (
            part.verdict == NOT_SUPPORTED and name != "forward" and not part.finding.notes
        )

    def again(self, layer=None, backward=None) -> "Report":
        """Examine the repaired layer as before: the one that now has its name, or the one that is handed over."""
        return self._again(layer, backward)

    def to_dict(self) -> dict:
        """The whole report as plain values, for other programs."""
        return {
            "layer": self.name,
            "right": bool(self),
            "kind": self.plan.kind,
            "description": self.plan.lines(),
            "forward": str(self.anatomy) if self.anatomy else None,
            "not_supported": dict(self.refused),
            "forward_raises": list(self.accidents),
            "other_modes": list(self.modes),
            "parts": {name: part.to_dict() for name, part in self.parts.items()},
        }

    def __str__(self):
        lines = [f"{self.name}: {self._head()}" + (f" ({self.anatomy})" if self.anatomy else "")]
        lines += [f"  Its forward pass raises {accident}" for accident in self.accidents]
        short = self.tell == "evidence"  # what stands below a question has to fit beside it
        plain = [name for name, part in self.parts.items() if short and part.verdict == RIGHT and not part.said]
        for name, part in self.parts.items():
            lines += [] if name in plain else self._lines(name, part)
        if plain:
            lines.append(f"  right   {', '.join(plain)}, in {max(self.parts[name].ran for name in plain)} settings")
        if self.refused and not short:
            lines += self._not_supported()
        lines += [f"  Other modes: {'; '.join(self.modes)}."] if self.modes and not short else []
        if self.said:
            lines.append(f"  (Your layer printed {len(self.said)} times; that is left out here.)")
        return "\n".join(wrapped(line) for line in lines)

    def _head(self) -> str:
        """What can be said of the layer in a few words."""
        if self:
            right = self._compared() if self.plan.kind == ANYTHING else "everything is right"
            return right + " where it runs, but it does not run in all settings that it offers" * bool(
                self.accidents
            )
        wrong = any(part.verdict == WRONG for part in self.parts.values())
        return "not right" if wrong else "nothing is wrong, but not everything could be examined"

    def _compared(self) -> str:
        """Which gradients of any kind of layer were compared, and which of a layer with weights were not."""
        compared = [
            name for name, part in self.parts.items() if name != "forward" and part.verdict != NOT_SUPPORTED
        ]
        left = [name for name in self.parts if name not in ("forward", *compared)]
        if not left:
            return "the gradients are right"
        said, rest = ((f"{' and '.join(some)}", "is" if len(some) == 1 else "are") for some in (compared, left))
        missing = "bias was" if left == ["db"] else "weights were"
        return f"{said[0]} {said[1]} right; {rest[0]} {rest[1]} not compared, since no {missing} found"

    def _not_supported(self):
        """The settings that were refused; of a layer without stride and padding all of those in one line."""
        left, lines = dict(self.refused), ["  Not supported, which is no mistake:"]
        placed = [key for key, why in left.items() if "s=1 p=0" not in key and why.startswith("the output has")]
        for words in ("a stride", "padding"):
            some = [key for key in placed if ("s=1 " in key) is (words == "padding")]
            if len(some) > 1:
                left = {key: why for key, why in left.items() if key not in some}
                lines.append(f"    {len(some)} settings with {words}: the output has another shape there")
        lines += [f"    {setting}: {why}" for setting, why in list(left.items())[:4]]
        return lines + ([f"    … and {len(left) - 4} more settings"] if len(left) > 4 else [])

    def about(self, name: str, width: int = 60) -> str:
        """What the report says of one part ("forward", "dX", "dK" or "db"), in lines that fit beside a question."""
        lines = [line.replace(" " * 10, "    ", 1)[2:] for line in self._lines(name, self[name])]
        return "\n".join(wrapped(line, width) for line in lines)

    def _lines(self, name, part):
        if part.verdict == NOT_SUPPORTED and not part.finding.notes:
            return []
        word = f"  {name:8}{part.verdict}"
        if part.verdict == MEAN:
            said = [word + ": divided by N, which is a convention; the learning rate then does not depend on N"]
            return said + [f"          But {note}." for note in part.finding.notes]
        if part.verdict != WRONG:
            ran = f" in {part.ran} setting{'s' * (part.ran > 1)}" if part.verdict == RIGHT else ""
            ran += f"; the backward pass raised in {part.raised}" * bool(part.raised and ran)
            lines = [word + ran + self._why_not(part)]
            return lines + ([f"          Ties: {part.finding.ties}."] if part.finding.ties else [])
        where = (
            "in every setting"
            if len(part.settings) == part.ran
            else f"in {len(part.settings)} of {part.ran} settings"
        )
        lines = [f"  {name:8}WRONG" + (f" {where}, for instance {part.settings[0]}" if part.settings else "")]
        shapes = [note for note in part.finding.notes if note.startswith("its shape is")]
        notes = [note for note in part.finding.notes if note not in shapes[1:]]
        lines += [f"          {note}" for note in notes[:2]]
        lines += [f"          By hand: {part.terms}"] if part.terms else []
        if self.tell == "evidence":
            return lines
        pattern = [said for said in part.structure if not said.startswith("the shape is") or not part.finding.notes]
        lines += [f"          The error: {'; '.join(pattern)}."] if pattern else []
        return lines if self.tell == "where" else lines + self._which(name, part)

    def _why_not(self, part):
        said = part.verdict in (RIGHT, NOT_SUPPORTED) and part.finding.notes
        return f": {part.finding.notes[0]}" if said else ""

    def _which(self, name, part):
        if not part.diagnosis and self.plan.kind == ANYTHING:
            return ["          Which mistake: only the known kinds of layers have formulas that name one."]
        count = len(known(name, self.plan.kind))
        if not part.diagnosis:
            return list(in_part(part.finding, count))
        lines = []
        for mistake in part.diagnosis.mistakes:
            factor = f" ({part.diagnosis.factor:.6g})" if mistake is CONSTANT else ""
            lines += told("Which mistake", mistake, factor)
        return lines + ([f"          In your code: {part.hint}"] if part.hint else [])

    def __repr__(self):
        states = ", ".join(
            f"{name} {part.verdict}" for name, part in self.parts.items() if part.verdict != NOT_SUPPORTED
        )
        return f"<Report on {self.name}: {states}>"

    def _repr_html_(self):
        from .pictures import as_html

        return as_html(self)

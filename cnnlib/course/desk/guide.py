"""docs/teaching.md: the guide of the lecture, from the sections, the questions and the prose of ``guide.md``."""

import re
from importlib import resources
from itertools import groupby

from ..lecture_slides import lectured, slides_of
from .sections import DATA, LONG, SHORT, Ask, Section, sections, slack

TITLES = {
    "00": "The row", "01": "Correlation is not convolution", "02": "Valid, same, full",
    "04": "Prove it for a 2×2 patch", "05": "Prove it for every size", "06": "One gradient, four pictures",
    "12": "Watch a LeNet learn",
}  # fmt: skip


def page() -> str:
    """The whole guide as Markdown."""
    slides = [slide for _, notebook in lectured() for slide in slides_of(notebook)]
    prose = (resources.files(__package__) / "guide.md").read_text(encoding="utf-8")
    by_notebook = groupby(sections(), lambda section: section.notebook)
    parts = {
        "long": LONG, "short": SHORT, "slack": slack()[0], "slides": len(slides),
        "presses": sum(slide.presses for slide in slides),
        "notebooks": "\n".join(_notebook(number, list(part)) for number, part in by_notebook),
        "fallbacks": _table(("what you see", "what to do"), DATA["fallbacks"]),
        "chalk": with_indices(_table(("minute", "you", "what comes out"), DATA["chalk"])),
    }  # fmt: skip
    return prose.format(**parts)


def clock(minutes: int | None) -> str:
    """42 as 00:42; "" for a section that is left out."""
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"


def with_indices(text: str) -> str:
    """x_{i+u} and z_i with their indices set below the line, in HTML, which Markdown takes as well."""
    return re.sub(r"(?<=[A-Za-zΣδ])_(?:\{([^}]+)\}|(\w))", lambda found: f"<sub>{found[1] or found[2]}</sub>", text)


def span(slides: tuple[int, int]) -> str:
    """(3, 5) as 3–5, (4, 4) as 4."""
    first, last = slides
    return str(first) if first == last else f"{first}–{last}"


def _notebook(number, found: list[Section]) -> str:
    rows = [
        (span(each.slides), each.heading, clock(each.clock[0]), str(each.minutes[0]),
         clock(each.clock[1]), str(each.minutes[1] or ""))
        for each in found
    ]  # fmt: skip
    table = _table(("slide", "section", f"clock of {LONG}", "min", f"clock of {SHORT}", "min"), rows)
    return f"## {number}, {TITLES[number]}\n\n{table}\n{''.join(map(_remarks, found))}"


def _remarks(section: Section) -> str:
    """What to say, to ask and to click at a section, as list items."""
    lines = [f"* *{section.heading}*: {section.say}\n"] if section.say else []
    lines += [_asked(section.heading, ask) for ask in section.asks]
    at = f"*{section.heading}*, slide {section.click_slide}"
    lines += [f"* **Click** at {at}: {section.click}\n"] if section.click else []
    lines += [f"* **Cut** *{section.heading}*: {section.cut}\n"] if section.cut else []
    return "".join(lines)


def _asked(heading: str, ask: Ask) -> str:
    """One question with the answer to expect, and what each other one means."""
    wrong = "".join(f"  * “{each.text}”: {each.means}.\n" for each in ask.answers if not each.right)
    says = f" {ask.expected.says}" if ask.expected.says else ""
    asked = f"* **Ask** at *{heading}*, slide {ask.slide}: {ask.question}"
    return f"{asked} Expect: {ask.expected.text}.{says}\n{wrong}"


def _table(head, rows) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)

"""Speaker's notes that are made for a deck: the section of the lecture, and what each answer to a question shows.

The note of a slide of the lecture gives its section and clock, what to say, to click and to leave out, from the
data of the desk sheet; the note of a question gives the answers to expect, and what each wrong one shows, from its
record.
"""

from functools import cache

from cnnlib.lesson.predictions import KINDS
from cnnlib.plots.number_format import minus

from ..desk.sections import sections
from ..lecture_slides import lectured, slides_of

PARTS = (("say", "Say"), ("click", "Click"), ("cut", "Late?"))


@cache
def of_lecture() -> dict[tuple[str, str], str]:
    """{(notebook such as "04", id of the cell that begins a slide of the lecture): its note}."""
    slides = {name[:2]: slides_of(notebook) for name, notebook in lectured()}
    return {(one.notebook, slides[one.notebook][number - 1].cells[0]["id"]): _of_slide(one, number)
            for one in sections() for number in range(one.slides[0], one.slides[1] + 1)}  # fmt: skip


def _of_slide(section, number):
    first, last = section.slides
    minutes = f"{section.clock[0]:02d} min" if section.clock[0] is not None else "left out"
    place = f"slide {number - first + 1} of {last - first + 1}"
    lines = [f"**{plain(section.heading)}**, {place}, begins at {minutes}."]
    if number == first:
        parts = ((word, getattr(section, part)) for part, word in PARTS)
        lines += [f"**{word}:** {plain(text)}" for word, text in parts if text]
        lines += [_aloud(ask) for ask in section.asks if ask.aloud]
    return "\n\n".join(lines)


def _aloud(ask):
    """A question that stands on no slide: what is right, and what each wrong answer shows."""
    answers = [f"* **Right: {plain(each.text)}**" if each.right else f"* {plain(each.text)}: {plain(each.means)}"
               for each in ask.answers]  # fmt: skip
    return f"**Ask:** {plain(ask.question)}\n\n" + "\n".join(answers)


def of_question(asked: dict) -> str:
    """The note of a question: the answers to expect, and what each of them shows."""
    lines = []
    for place, option in enumerate(asked["options"]):
        called = called_out(asked["kind"], option, place) or f"set {place + 1}"
        text = f" ({plain(option['text'])})" if asked["kind"] == "choice" else ""
        if place == asked["right"]:
            lines.append(f"* **Right: {called}**{text}. {plain(option['says'])}")
        else:
            lines.append(f"* {called}{text}: {plain(option.get('means', ''))}. *Say:* {plain(option['says'])}")
    after = f"\n\n**Then:** {plain(asked['after'])}" if "after" in asked else ""
    return f"**Ask:** {plain(asked['question'])}\n\n" + "\n".join(lines) + after


def called_out(kind: str, option: dict, place: int) -> str:
    """An option as it is called out in a room: the number of a choice, a number itself, nothing for cells."""
    if KINDS[kind] == "text":
        return str(place + 1)
    return minus(str(option["number"])) if KINDS[kind] == "number" else ""


def plain(text: str) -> str:
    """Text with Markdown's special characters escaped, except for `code`."""
    parts = text.split("`")
    for n in range(0, len(parts), 2):
        for mark in "\\*_$<":
            parts[n] = parts[n].replace(mark, f"\\{mark}")
    return "`".join(parts)

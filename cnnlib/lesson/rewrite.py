"""The proof from memory: the four lines of the blackboard with gaps, then empty, and on paper.

``rewrite()`` stands at the end of notebook 05, ``rewrite("i", "iv")`` asks for two of the lines again in 12.  What
is typed is read as a formula, never evaluated: an index is a sum of letters and whole numbers, so h−1−a and
−a+h−1 are the same; a line is a sum over one letter of a product.  What is 0 outside its range is asked for with
line (i), because it is forgotten most.  The first line that is wrong is named, with the mistake where it is a usual
one.  ``sheet()`` is one page to fill in, with the answer overleaf.
"""

from ..plots.colours import style
from .elements import BOARD_STYLE, Shown, element
from .proof_lines import below, lines

WORDS = {
    "name": "The proof from memory",
    "gaps": "with gaps",
    "empty": "from memory",
    "check": "check",
    "show": "show me",
    "print": "a sheet to print",
    "fill": "Fill in the indices: letters, whole numbers, + and −, in any order. k has h taps, x has n entries.",
    "how": "Type what stands right of =. A sum over t of f and g is typed <code>sum_t f[t] g[n-t]</code>, δ may be "
    "typed <code>delta</code>, and a derivative <code>dy[n]/dw[t]</code>. You may choose the letter of the sum. "
    "What is agreed with (i) may be said in words.",
    "open": "is still open.",
    "unread": "cannot be read: a sum, then factors with their index in square brackets, as in "
    "<code>sum_t f[t] g[n-t]</code>.",
    "unreadIndex": "has an index that cannot be read: letters, whole numbers, + and − only.",
    "gap": "is not right yet: look at its gap number ….",
    "other": "is not right yet. Put in p = 2 and h = 3: which numbers does it give? Do the indices add up to p?",
    "line": "Line (…)",
    "wrong": "is not there yet.",
    "next": "All right. Now the same without help: choose “from memory”.",
    "done": "That is right, from memory. Write it on paper once more, and say each reason aloud.",
}
NUMBERS = ("i", "ii", "iii", "iv")


def rewrite(*numbers: str) -> Shown:
    """The check as a notebook and the book show it; without scripts the empty sheet.

    Parameters
    ----------
    numbers
        The lines that are asked for, such as "i" and "iv"; without any all four.

    Raises
    ------
    ValueError
        If one of them is no line of the proof.
    """
    if unknown := set(numbers) - set(NUMBERS):
        raise ValueError(f"rewrite: there is no line {min(unknown)!r}; the lines are {', '.join(NUMBERS)}")
    asked = [line for line in _numbered() if not numbers or line["number"] in numbers]
    data = {"lines": asked, "words": WORDS, "sheet": sheet()}
    listed = ", ".join(f"({line['number']})" for line in asked)
    return Shown(element("rewrite", data, _gaps(asked)), f"The proof from memory: write the lines {listed}.")


def sheet() -> str:
    """Two pages as one HTML file: the lines with gaps and space for the reasons; the answer overleaf."""
    pairs = ((line["one"], "<br>".join(below(line))) for line in lines())
    answer = "".join(f"<li><div class=formula>{one}</div><div class=room>{why}</div></li>" for one, why in pairs)
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>The proof in four lines</title>
{style(BOARD_STYLE)}<style>body {{ font: 14pt/1.6 Georgia, serif; margin: 2cm; }} li {{ margin-bottom: 1.4em; }}
.room {{ grid-column: 2; }} .room:empty {{ border-bottom: 1px solid; height: 2.4em; }}
.over {{ page-break-before: always; }}</style>
<h1>Why the kernel turns: the proof in four lines</h1>
<p>Input x with n entries, kernel k with h taps, output z, δ<sub>i</sub> = ∂L/∂z<sub>i</sub>. Fill in the gaps, and
write below each line why it holds.</p>{_gaps(_numbered(), room=True)}
<div class="over"><h1>The answer</h1><ol class="board">{answer}</ol></div></html>"""


def _numbered():
    """The four lines with their numbers, what stands left of =, and what stands below them on the board."""
    for place, (number, line) in enumerate(zip(NUMBERS, lines(), strict=True), 1):
        left = line["one"].partition(" = ")[0] + " = "
        yield line | {"number": number, "place": place, "left": left, "below": below(line)}


def _gaps(asked, room=False):
    """These lines with empty gaps."""
    hole = '<span class="hole">&emsp;&emsp;</span>'
    below = '<div class="room"></div>' * room
    listed = ""
    for line in asked:
        opened = "".join(before + hole + behind for before, _, behind in line["gaps"])
        listed += f'<li style="counter-set: line {line["place"]}"><div class=formula>{opened}</div>{below}</li>'
    return f'<ol class="board">{listed}</ol>'

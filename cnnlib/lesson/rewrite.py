"""The proof from memory: the four lines of the blackboard with gaps, then empty, and on paper.

``rewrite()`` stands at the end of notebook 05.  What is typed is read as a formula, never evaluated: an index is a
sum of letters and whole numbers, so h−1−a and −a+h−1 are the same; a line is a sum over one letter of a product.
The first line that is wrong is named, with the mistake where it is a usual one.  ``sheet()`` is one page to fill
in, with the answer overleaf.
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
    "fill": "Fill in the indices: letters, whole numbers, + and −, in any order. k has h taps, x has H "
    "entries, and outside their ranges k and δ are 0.",
    "how": "Type what stands right of =. A sum over t of f and g is typed <code>sum_t f[t] g[n-t]</code>, δ may be "
    "typed <code>delta</code>, and a derivative <code>dy[n]/dw[t]</code>. You may choose the letter of the sum.",
    "open": "is still open.",
    "unread": "cannot be read: a sum, then factors with their index in square brackets, as in "
    "<code>sum_t f[t] g[n-t]</code>.",
    "unreadIndex": "has an index that cannot be read: letters, whole numbers, + and − only.",
    "gap": "is not right yet: look at its gap number ….",
    "other": "is not right yet. Read it again at p = 2 in the picture above: which numbers does it give?",
    "line": "Line (…)",
    "wrong": "is not there yet.",
    "next": "All four lines. Now the same without help: choose “from memory”.",
    "done": "That is the whole proof, from memory. Write it on paper once more, and say each reason aloud.",
}


def rewrite() -> Shown:
    """The check as a notebook and the book show it; without scripts the empty sheet."""
    four = lines()
    for line in four:
        line |= {"left": line["one"].partition(" = ")[0] + " = ", "below": below(line)}
    data = {"lines": four, "words": WORDS, "sheet": sheet()}
    return Shown(element("rewrite", data, _gaps()), "The proof from memory: four lines, from z_i = … on.")


def sheet() -> str:
    """Two pages as one HTML file: the lines with gaps and space for the reasons; the answer overleaf."""
    pairs = ((line["one"], "<br>".join(below(line))) for line in lines())
    answer = "".join(f"<li><div class=formula>{one}</div><div class=room>{why}</div></li>" for one, why in pairs)
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>The proof in four lines</title>
{style(BOARD_STYLE)}<style>body {{ font: 14pt/1.6 Georgia, serif; margin: 2cm; }} li {{ margin-bottom: 1.4em; }}
.room {{ grid-column: 2; }} .room:empty {{ border-bottom: 1px solid; height: 2.4em; }}
.over {{ page-break-before: always; }}</style>
<h1>Why the kernel turns: the proof in four lines</h1>
<p>Input x with H entries, kernel k with h taps, output z, δ<sub>i</sub> = ∂L/∂z<sub>i</sub>; outside their
ranges k and δ are 0. Fill in the gaps, and write below each line why it holds.</p>{_gaps(room=True)}
<div class="over"><h1>The answer</h1><ol class="board">{answer}</ol></div></html>"""


def _gaps(room=False):
    """The four lines with empty gaps."""
    hole = '<span class="hole">&emsp;&emsp;</span>'
    open_lines = ("".join(before + hole + behind for before, _, behind in line["gaps"]) for line in lines())
    below = '<div class="room"></div>' * room
    listed = "".join(f"<li><div class=formula>{line}</div>{below}</li>" for line in open_lines)
    return f'<ol class="board">{listed}</ol>'

"""The proof on a blackboard: four lines in one dimension, and why each of them holds.

``blackboard()`` opens notebook 05.  The learner supplies the index of line (iii) and the reason of every line; the
arrow keys move p, and picture and indices change together; one more press adds q, j, v.  In a show each step writes
a line, and the last one blanks the board.  ``rewrite()`` (:mod:`.rewrite`) asks for the same lines from memory.
"""

from .elements import Shown, element
from .proof_lines import formula, lines

N, H = 5, 3
WORDS = {
    "name": "The proof in four lines",
    "index": "Which index belongs into the gap? Type it, in the letters of lines (i) and (ii).",
    "unread": "That cannot be read as an index. Type letters, whole numbers, + and −, such as m + 2.",
    "why": "Why does this line hold?",
    "end": f"{formula('k_{h−1−a}')}: as a goes up, the tap goes down. Slid over δ with its border of h − 1 zeros, "
    "that is the kernel turned. Close the lid now and write the four lines on paper.",
    "rewrite": "Now you: write the four lines again.",
    "caption1": "Taps in the rows of their outputs. The outlined column is what … meets.",
    "caption2": "The tap that … meets in each output (i, j).",
    "twoAxes": "add the second axis: q, j, v",
    "oneAxis": "back to one axis",
    "left": "one input to the left (left arrow)",
    "right": "one input to the right (right arrow)",
    "up": "one input up (up arrow)",
    "down": "one input down (down arrow)",
}


def blackboard() -> Shown:
    """The board as a notebook, the book and a deck show it; without scripts the four lines, folded."""
    four = lines()
    listed = "".join(f"<li>{line['one']}<br>{line['reasons'][line['right']]}</li>" for line in four)
    folded = f"<details><summary>The proof in four lines</summary><ol>{listed}</ol></details>"
    data = {"lines": four, "n": N, "h": H, "words": WORDS}
    return Shown(element("blackboard", data, folded), f"The proof begins: {four[0]['typed']}")

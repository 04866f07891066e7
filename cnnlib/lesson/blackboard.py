"""The proof on a blackboard: four lines in one dimension, and why each of them holds.

``blackboard()`` begins notebook 05.  The learner supplies the indices of lines (iii) and (iv), what is 0 outside
its range, and the reason of every line; the arrow keys move p, and picture, indices and the strip of line (iv)
follow.  One more press adds q, j, v.  In a show each step writes a line, and the last one blanks the board.
``rewrite()`` (:mod:`.rewrite`) asks for the same lines from memory.
"""

from .elements import Shown, element
from .proof_lines import below, lines

INPUTS, TAPS = 5, 3
WORDS = {
    "name": "The proof in four lines",
    "index": "Which index belongs into the gap? Type it, in the letters of lines (i) and (ii).",
    "unread": "That cannot be read as an index. Type letters, whole numbers, + and −, such as m + 2.",
    "why": "Why does this line hold?",
    "end": "As a goes up, the tap goes down: the turned kernel slides over δ, with h − 1 zeros on either side."
    "<span class='read'> In code this border moves each index up by h − 1: <code>padded[p + a] * turned[a]</code>. "
    "Look away from it and write the four lines on paper. Most people forget what is 0 outside, in (i), and to "
    "test (iv): do the two indices add up to p?</span>",
    "strip": "For each place of the window: the output, its delta and the tap",
    "rewrite": "Now you: write the four lines again.",
    "caption1": "<span class='read'>Taps in the rows of their outputs. </span>The outlined column is what … meets.",
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
    listed = "".join("<li>" + "<br>".join([line["one"], *below(line)]) + "</li>" for line in four)
    folded = f"<details><summary>The proof in four lines</summary><ol>{listed}</ol></details>"
    data = {"lines": four, "n": INPUTS, "h": TAPS, "words": WORDS}
    return Shown(element("blackboard", data, folded), f"The proof begins: {four[0]['typed']}")

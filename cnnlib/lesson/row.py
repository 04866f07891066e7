"""The row in motion: nine products of five inputs and three taps, read along a row and down a column.

``row()`` opens notebook 00, and stands on the landing page and in the lecture.  It plays the forward pass row by
row, z_i = Σ_u x_{i+u}·k_u, and stops; the learner puts the taps that input p meets in order; then these slide onto
the deltas, dx_p = Σ_i δ_i·k_{p−i}.  The numbers spell what happens: 123 along the row, 321 down the column.
Without scripts, on paper, it is three stills with the answer folded.
"""

import numpy as np

from ..plots.colours import style
from ..plots.number_format import lowered
from .elements import Shown, element

STILL = style("""
.cnn-row-still { display: inline-grid; grid-template-columns: repeat(5, 3.9em) auto; gap: 3px; padding: 3px;
  font-size: max(1em, 16px);
  line-height: 2.1em; text-align: center; color: var(--cnn-text); }
.cnn-row-still .cnn-name { color: var(--cnn-input); font-weight: 600; }
.cnn-row-still .cnn-told { text-align: left; padding-left: .8em; }
.cnn-row-still [class*="tap-"] { color: var(--cnn-on-tap); border-radius: 3px; }
.cnn-row-still .cnn-here { outline: 3px solid var(--cnn-mark-on-page); outline-offset: -1px; }
.cnn-row-still .cnn-tap-0 { background: var(--cnn-tap-0); }
.cnn-row-still .cnn-tap-1 { background: var(--cnn-tap-1); }
.cnn-row-still .cnn-tap-2 { background: var(--cnn-tap-2); }
""")
K, X, DELTA, P = (1, 2, 3), (100, 10, 1, 0, 0), (100, 10, 1), 2
QUESTION = "Now go <b>down the column</b> of input 2. Which taps does it meet, from top to bottom?"
WORDS = {
    "name": "The row in motion",
    "picture": "Five inputs above, three rows of three taps below; each row has moved one place to the right.",
    "taps": "put the taps in order, from top to bottom",
    "left": "one input to the left (left arrow)",
    "right": "one input to the right (right arrow)",
    "start": "<p>Five inputs, a kernel of three taps. Let it move along: under each input stands the tap that it "
    "meets, and each row adds up to one output.</p>",
    "rows": "<p>Along row 0 the taps stand in the order <b>k₀ k₁ k₂</b>, and the sum spells <b>123</b>.</p>",
    "question": f"<p>Along row 0 stand k₀ k₁ k₂, and the sum spells <b>123</b>.</p><p>{QUESTION}</p>",
    "said": f"<p>{QUESTION}</p><p>You said …. ",
    "wrong": {
        "012": "That is row 0, from left to right. Go down the outlined column instead, beginning at the top.</p>",
        "201": "The top one is right. Which tap stands in the middle row of the outlined column?</p>",
        "other": "Look at the top row of the outlined column: which tap lies there?</p>",
    },
    "answer": "<p>The deltas say how much the loss grows with each output: δ₀ = 100, δ₁ = 10, δ₂ = 1. Input 2 "
    "meets them through <b>k₂ k₁ k₀</b>, and what it gets spells <b>321</b>. With the taps as they stood in the "
    "row it would be 123 again, and wrong.</p><p class='quiet'>The arrow keys choose another input.</p>",
    "others": "<p>The same three taps in the same order, in another place. Where a tap lies on the border of "
    "zeros, there is no output that this input could have reached through it.</p>",
}


def row() -> Shown:
    """The explorer, as a notebook, the book, a deck and the landing page show it."""
    data = {"k": K, "x": X, "delta": DELTA, "p": P, "words": WORDS}
    text = f"{_text()}\nGo down the column of input 2: which taps does it meet, from top to bottom?"
    return Shown(element("row", data, _stills()), text)


def column(delta=None, p: int = P) -> str:
    """A still of the table as HTML: the taps in the rows of their outputs, the column of input p outlined.

    With deltas, one an output, each row says what it adds to dx_p: δ_i·k_{p−i}.
    """
    head = "".join(f"<span class=cnn-name>x{lowered(q)}</span>" for q in range(len(X)))
    cells = [head + "<span></span>"]
    for i in range(len(DELTA)):
        taps = [i <= q < i + len(K) for q in range(len(X))]
        cells += [f'<span class="{f"cnn-tap-{q - i}" if there else ""}{" cnn-here" * (q == p)}">'
                  f"{f'k{lowered(q - i)} = {K[q - i]}' if there else ''}</span>" for q, there in enumerate(taps)]
        words = f"δ{lowered(i)} = {delta[i]}: adds {delta[i]}·{K[p - i]}" if delta is not None and taps[p] else ""
        cells.append(f"<span class=cnn-told>{words or f'output {i}'}</span>")
    label = f"The taps in the rows of their outputs; the column of input {p} is outlined."
    return f'{STILL}<div class="cnn-row-still" role="img" aria-label="{label}">{"".join(cells)}</div>'


def _products():
    """The nine products as text, row i and column p: tap k_{p−i} under input p."""
    cells = np.full((len(DELTA), len(X)), "", dtype=object)
    for i in range(len(DELTA)):
        for u in range(len(K)):
            cells[i, i + u] = f"k{lowered(u)}·{X[i + u]}"
    return cells


def _text():
    """The rows in plain text."""
    head = "     " + "".join(f"{f'x{lowered(p)} = {value}':<11}" for p, value in enumerate(X))
    sums = np.correlate(X, K)
    rows = (f"i={i}  {''.join(f'{cell:<11}' for cell in cells)}z{lowered(i)} = {sums[i]}"
            for i, cells in enumerate(_products()))  # fmt: skip
    return "\n".join([head, *rows])


def _stills():
    """Three stills for a page without scripts: the rows, the question, the folded answer."""
    head = "".join(f"<th>x{lowered(p)} = {value}</th>" for p, value in enumerate(X))
    sums = np.correlate(X, K)
    rows = (f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}<td>z{lowered(i)} = {sums[i]}</td></tr>"
            for i, cells in enumerate(_products()))  # fmt: skip
    answer = f"<details><summary>The answer</summary>{WORDS['answer']}</details>"
    return f"<table><tr>{head}<td></td></tr>{''.join(rows)}</table><p>{QUESTION}</p>{answer}"

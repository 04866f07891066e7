"""Checks that show what they compare: two maps side by side, the cells that differ marked, and one sentence::

    assert equal(dX, measured, "the turned kernel gives the gradient", names=("with the turn", "measured"))
    assert differ(straight, measured, names=("not turned", "measured"))

Both take numbers (rows, maps, batches) and SymPy entries, show what they found, and return whether it is as
claimed.  Numbers are equal within the tolerance of :func:`cnnlib.gradcheck.compare`, a share of the largest entry;
NaN and infinity never are.  Symbols are equal where the difference expands or simplifies to 0.  Up to 7×7 the maps
themselves are shown; of larger ones, and of batches, the sentence.
"""

import html
import re
from typing import NamedTuple

import numpy as np

from ..plots.colours import style
from ..plots.number_format import brief, entries, written
from ..validation import agreement, as_array, as_numbers
from .elements import Shown, as_html

NUMBERED = 7  # maps of at most 7×7 show their cells
NAMES = ("mine", "reference")
LONGEST = 48  # characters of a symbolic entry that a cell can show
WALL = 120  # characters of a symbolic map that somebody compares cell by cell
# As SymPy prints them: \delta_{0,1} or k_0, and \delta alone.
INDEXED = re.compile(r"\\?([a-zA-Z]+)_\{?([\w,]+)\}?|\\([a-z]+)")
GREEK = {"delta": "δ", "theta": "θ", "sigma": "σ"}
STYLE = style("""
.cnn-verdict { font-size: clamp(16px, 1em, 20px); line-height: 1.4; color: var(--cnn-text); margin: .2em 0;
  display: flex;
  flex-wrap: wrap; gap: .3em 1.6em; align-items: flex-end; }
.cnn-verdict .cnn-pair { display: flex; flex-wrap: wrap; gap: .3em 1.2em; }
.cnn-verdict .cnn-name { font-weight: 600; }
.cnn-verdict .cnn-values { display: inline-grid; gap: 2px; font-variant-numeric: tabular-nums; max-width: 100%; }
.cnn-verdict .cnn-values span { border: 1px solid var(--cnn-thin); padding: .15em .4em; min-width: 2.4em;
  text-align: center; }
.cnn-verdict .cnn-values .cnn-differs { border-color: var(--cnn-mark-on-page);
  outline: 2px solid var(--cnn-mark-on-page);
  outline-offset: -2px; font-weight: 700; }
.cnn-verdict .cnn-wrong { color: var(--cnn-wrong); font-weight: 600; }
.cnn-verdict .cnn-right { color: var(--cnn-right); font-weight: 600; }
""")


class Comparison(NamedTuple):
    """How two arrays differ: where (a mask, or None for different shapes) and by how much."""

    mine: np.ndarray
    reference: np.ndarray
    differs: np.ndarray | None
    largest: float | None  # None for symbols
    exact: bool  # exactly equal, without rounding
    precision: str = ""  # "float32" where the tolerance is that of float32

    @property
    def count(self) -> int:
        """How many entries differ; all of them where the shapes do."""
        return self.mine.size if self.differs is None else int(self.differs.sum())


def equal(
    mine, reference, means: str = "", *, names=NAMES, tolerance: float | None = None
) -> bool:
    """Show that two arrays are equal, and what that means; where they differ the cells are marked.

    Parameters
    ----------
    mine, reference : arrays of numbers or symbols
    means : text
        The rest of the sentence "all 16 cells equal: …".
    names : pair of texts
        Written above the two maps, or before the sentence where they are too large to be drawn.
    tolerance : share of the largest entry
        By default the precision of the coarser array.

    Returns
    -------
    equal : bool
    """
    found = compared(mine, reference, tolerance)
    holds = found.differs is not None and not found.count
    if holds:
        rounded = f" to the precision of {found.precision}" if found.precision else " but for rounding"
        rounded = "" if found.exact else rounded
        sentence = f"{_all(found.mine)} equal{rounded}{f': {means}' if means else ''}."
    else:
        sentence = f"not equal: {_difference(found)}."
    _show(found, names, sentence, "right" if holds else "wrong")
    return holds


def differ(
    mine, reference, means: str = "", *, names=NAMES, tolerance: float | None = None
) -> bool:
    """Show that two arrays of one shape differ, as expected; parameters as in :func:`equal`.

    Returns
    -------
    differ : bool
        False where they are equal or their shapes differ.
    """
    found = compared(mine, reference, tolerance)
    holds = found.differs is not None and found.count > 0
    if holds:
        sentence = f"differs, as expected: {_difference(found)}{f'; {means}' if means else ''}."
    elif found.differs is None:
        sentence = f"cannot be compared: {_difference(found)}."
    else:
        sentence = f"no difference, against what was expected: {_all(found.mine)} equal."
    _show(found, names, sentence, "" if holds else "wrong")
    return holds


def compared(mine, reference, tolerance: float | None = None) -> Comparison:
    """Compare two arrays entry by entry, without a tolerance at the precision of the coarser one.

    Raises
    ------
    ValueError
        For masked cells, and for entries that are neither numbers nor symbols.
    """
    limit, precision = agreement(tolerance, "tolerance", mine, reference)
    A, B = _array(mine), _array(reference)
    if A.shape != B.shape:
        return Comparison(A, B, None, None, False)
    if "O" in (A.dtype.kind, B.dtype.kind):
        differs = np.array([not _same(a, b) for a, b in zip(A.flat, B.flat, strict=True)], dtype=bool)
        return Comparison(A, B, differs.reshape(A.shape), None, True)
    with np.errstate(invalid="ignore"):
        distance = np.abs(A - B)
    scale = float(np.abs(B[np.isfinite(B)]).max(initial=0.0)) or 1.0
    differs = ~(distance <= limit * scale)
    return Comparison(A, B, differs, float(distance.max(initial=0.0)), bool((distance == 0).all()), precision)


def _array(values):
    """Numbers as float64 or complex128, symbols as objects."""
    A = as_array(values, "a comparison of numbers or symbols")
    symbols = A.dtype.kind == "O" and any(hasattr(entry, "free_symbols") for entry in A.flat)
    return A if symbols else as_numbers(A, "a comparison of numbers or symbols")


def _same(a, b):
    """Are two entries, at least one of them symbolic, the same expression?"""
    from sympy import expand, simplify

    return a == b or expand(a - b) == 0 or simplify(a - b) == 0


def _entries(A, count):
    """How many, in words: "5 numbers" of a row, "16 cells" of a map, "1,152 entries" of a batch."""
    word = {1: "number", 2: "cell"}.get(_as_map(A).ndim, "entrie")
    return f"{count:,} {'entry' if (word, count) == ('entrie', 1) else word + 's' * (count != 1)}"


def _all(A):
    """The beginning of "all 16 cells equal"; of two entries both are, and a single number is equal to one other."""
    entries_in_words = _entries(A, A.size)
    return {1: "the two are", 2: f"both {entries_in_words[2:]}"}.get(A.size, f"all {entries_in_words}")


def _difference(found):
    """Which part of the entries differs, and by how much."""
    if found.differs is None:
        return f"the shapes {_size(found.mine)} and {_size(found.reference)} differ"
    cells = f"{found.count:,} of {_entries(found.mine, found.mine.size)}"
    if found.largest is None or not np.isfinite(found.largest):
        return cells
    whole = float(found.largest).is_integer()
    return f"{cells}, by up to {written(int(found.largest), ',') if whole else brief(found.largest)}"


def _size(A):
    return "×".join(map(str, A.shape)) or "()"


def _as_map(A):
    """Without the axes in front that hold one entry."""
    while A.ndim > 2 and A.shape[0] == 1:
        A = A[0]
    return A


def _show(found, names, sentence, verdict):
    """Display it: HTML on a page, a line of text elsewhere."""
    from IPython.display import display

    sign = {"right": "✓ ", "wrong": "✗ "}.get(verdict, "")
    judged = verdict and f"cnn-{verdict}"
    maps = _maps(found, names)
    which = "" if maps or names == NAMES else f"{names[0]} against {names[1]}: "  # what is not drawn is named
    line = f'<div role="status"><span class="{judged}">{sign}{as_html(which + sentence)}</span></div>'
    text = f"{sign}{names[0]}, {names[1]}: {sentence}"
    display(Shown(f'{STYLE}<div class="cnn-verdict">{maps}{line}</div>', text))


def _maps(found, names):
    """Both maps as grids of cells; nothing where they are too large, or hold too much in a cell."""
    pair = []
    for A, name in zip((found.mine, found.reference), names, strict=True):
        A = np.atleast_2d(_as_map(A))
        if A.ndim != 2 or max(A.shape) > NUMBERED or not A.size or A.dtype.kind == "c":
            return ""
        texts = _texts(A)
        lengths = [len(re.sub("<[^>]*>", "", text)) for row in texts for text in row]
        if max(lengths) > LONGEST or (A.dtype.kind == "O" and sum(lengths) > WALL):
            return ""
        marked = np.zeros(A.shape, bool) if found.differs is None else np.atleast_2d(_as_map(found.differs))
        cells = "".join(
            f"<span{' class=cnn-differs' if marked[at] else ''}>{texts[at[0]][at[1]]}</span>"
            for at in np.ndindex(A.shape)
        )
        grid = f'<div class="cnn-values" style="grid-template-columns:repeat({A.shape[1]},auto)">{cells}</div>'
        pair.append(f'<div><div class="cnn-name">{as_html(name)}</div>{grid}</div>')
    return f'<div class="cnn-pair">{"".join(pair)}</div>'


def _texts(A):
    """Each entry as HTML: numbers with equally many decimals, symbols with their indices lowered."""
    if A.dtype.kind != "O":
        return entries(A)
    from ..symbolic import text

    def shown(match):
        name = match[1] or match[3]
        return GREEK.get(name, name) + (f"<sub>{match[2]}</sub>" if match[2] else "")

    return [[INDEXED.sub(shown, html.escape(text(entry)).replace("*", "·")) for entry in row] for row in A.tolist()]

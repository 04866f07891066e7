"""A learner's own numbers: text to an array, without evaluating anything.

A text field may hold numbers and plain symbols, nothing else.  Anything else raises a ValueError whose message can
be shown beside the field.
"""

import math
import re

import numpy as np

LARGEST = 1e6  # larger numbers do not fit a cell
LONGEST_SYMBOL = 12
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
SYMBOL = re.compile(r"\w+")
# What a Chinese keyboard types (its commas never stand in a number), and the dashes that are used as a minus sign.
SAME = (
    str.maketrans("；＋－−‐‑‒–—．　", ";+-------. ")
    | str.maketrans({"，": ", ", "、": ", "})
    | {ord("０") + d: ord("0") + d for d in range(10)}
)
BRACKETS = str.maketrans("[]()", ";;;;")
# K = np.array([[1, 2], [3, 4]], dtype=float), pasted whole: what stands around the list.
PASTED = re.compile(
    r"\s*(?:\w+\s*=\s*)?(?:\w+\.)?(?:array|asarray|matrix|Matrix|tensor)\s*\(\s*(?P<list>[\[(].*[\])])"
    r"\s*(?:,\s*dtype\s*=\s*[\w.\"']+\s*)?,?\s*\)\s*;?\s*",
    re.DOTALL,
)
TIGHT = re.compile(r"[+-]?\d+(?:,\d+)+")  # 1,5: a number with a decimal comma, or two numbers?


def parse_numbers(text: str, shape: tuple[int, ...], *, symbols: bool = True) -> np.ndarray:
    """The numbers and plain symbols in ``text`` as an array of that shape, (n,) or (rows, columns).

    Entries are separated by spaces or commas, rows by a line's end or a semicolon; brackets are allowed, the
    text of an array pasted from Python too, and a map may be on one line.  Where entries are separated by
    spaces, a comma inside one may be a decimal comma: the error asks which is meant.  A symbol is a letter
    followed by letters, digits or underscores.
    Returns float64 if all entries are numbers, else dtype object with float and str entries.  With
    ``symbols=False`` numbers alone are taken.  ValueError, in words for the learner, for anything else:
    nothing is evaluated.
    """
    rows_wanted, columns = (1, *shape)[-2:]
    if len(text) > 100 * rows_wanted * columns:
        raise ValueError(f"the text has {len(text):,} characters; that is no {_size(shape)} map")
    text = text.translate(SAME)
    pasted = PASTED.fullmatch(text)
    lines = re.split(r"[;\n]+", (pasted["list"] if pasted else text).translate(BRACKETS))
    _check_commas([line.strip(" \t\r,") for line in lines])
    rows = [re.split(r"\s*,\s*|\s+", line.strip(" \t\r,")) for line in lines if line.strip(" \t\r,")]
    if len(rows) == 1 and rows_wanted > 1 and len(rows[0]) == rows_wanted * columns:
        rows = [rows[0][r * columns : (r + 1) * columns] for r in range(rows_wanted)]
    if not rows:
        raise ValueError(f"nothing is written; it takes {_size(shape)} numbers{' or symbols' if symbols else ''}")
    _check_sizes(rows, rows_wanted, columns)
    entries = [[_entry(entry, i, j, symbols) for j, entry in enumerate(row, 1)] for i, row in enumerate(rows, 1)]
    symbolic = any(isinstance(entry, str) for row in entries for entry in row)
    return np.array(entries, dtype=object if symbolic else np.float64).reshape(shape)


def _check_commas(lines):
    """ValueError if a line separates entries by spaces and has commas inside of them."""
    for line in lines:
        inside = TIGHT.search(line)
        if inside and re.search(r"\s", line):
            one, other = inside[0], inside[0].replace(",", " ")
            point = f"{one.replace(',', '.')}, or " if one.count(",") == 1 else ""
            raise ValueError(f"is “{one}” one number or {one.count(',') + 1}? write {point}{other} with spaces")


def _check_sizes(rows, rows_wanted, columns):
    for i, row in enumerate(rows, 1):
        if len(row) != columns and len(rows) == rows_wanted:
            raise ValueError(f"row {i} has {_count(len(row), 'entry', 'entries')}; it takes {columns}")
    if len(rows) != rows_wanted:
        found = _count(sum(len(row) for row in rows), "entry", "entries")
        wanted = _count(rows_wanted, "row", "rows")
        raise ValueError(
            f"{_count(len(rows), 'row', 'rows')} with {found} in all; it takes {wanted} of {columns}"
            + (", a semicolon between two rows" if rows_wanted > 1 else "")
        )


def _entry(text, i, j, symbols):
    """One entry as a float or a symbol's name; i and j say where it stands."""
    where = f"row {i}, entry {j}"
    if NUMBER.fullmatch(text):
        value = float(text)
        if math.isinf(value) or abs(value) > LARGEST:
            raise ValueError(f"{where}: {text[:20]} is too large; numbers go up to 1,000,000")
        return value
    if text.lower() in ("nan", "inf", "infinity"):
        raise ValueError(f"{where}: {text} is no number to compute with")
    shown = text if len(text) <= 20 else f"{text[:20]}…"
    if not symbols:
        raise ValueError(f"{where}: “{shown}” is not a number; write 3 or −0.5")
    if not (SYMBOL.fullmatch(text) and text[0].isalpha()):
        raise ValueError(f"{where}: “{shown}” is neither a number nor a plain symbol; write 3, −0.5 or k_1")
    if len(text) > LONGEST_SYMBOL:
        raise ValueError(f"{where}: “{text[:20]}…” is too long; symbols have at most {LONGEST_SYMBOL} letters")
    return text


def _size(shape):
    return "×".join(str(n) for n in shape)


def _count(n, one, many):
    return f"{n} {one if n == 1 else many}"

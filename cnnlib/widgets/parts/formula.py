"""Formulas as HTML: every letter in the colour of its role, and numbers as one writes them in a sum.

Plain functions that return text; the explorers put it into an ``HTML`` widget with :func:`page`.
"""

import html
from importlib import resources

from cnnlib.plots import number_format
from cnnlib.plots.colours import style
from cnnlib.plots.html import with_star

STYLE = style(resources.files(__package__).joinpath("formula.css").read_text(encoding="utf-8"))


def page(*lines):
    """The lines below each other, as one piece of HTML with its style."""
    body = with_star("".join(f"<div>{line}</div>" for line in lines))
    return f'{STYLE}<div class="cnn-formula">{body}</div>'


def announced(*lines):
    """:func:`page` as a status, which a screen reader reads aloud whenever it changes."""
    return f'<div role="status">{page(*lines)}</div>'


def sign(text):
    """A sign between two maps: ⋆, =, →.  The font draws the star small."""
    return f'<span style="font-size:26px;padding:0 2px">{with_star(text)}</span>'


def letter(role, text):
    """A letter or formula in the colour of its role: "input", "kernel", "output" or "delta"."""
    return f'<b class="cnn-{role}">{html.escape(text)}</b>'


def entry(role, name, *index):
    """One entry of a map: entry("delta", "δ", 0, 1) reads δ[0,1]."""
    return letter(role, f"{name}[{','.join(map(number_format.minus, index))}]")


def short(name, *index):
    """The name of an entry, short enough for a cell: δ₀₁."""
    return name + "".join(map(number_format.lowered, index))


def factor(value):
    """A value as it stands in a product: a negative number in brackets, a symbol escaped."""
    return html.escape(number_format.factor(value))


def problem(text):
    """An error message about the input, so drawn that it is noticed."""
    return f'<span class="cnn-problem" role="alert">{html.escape(text)}</span>'

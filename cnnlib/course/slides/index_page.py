"""The page that leads to the decks."""

import html
from pathlib import Path

import nbformat

from ..core_path import CORE
from .deck import PARTS, title, typeset

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Slides of the course</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body class="cnn-index">
<main>
<h1>Why is the convolution kernel rotated by 180° in backpropagation?</h1>
<p>One deck for each notebook. ★ marks the core path, about 90 minutes.</p>
<ol>{items}</ol>
<h2>Keys</h2>
<p>→ and ← turn the page, <b>S</b> opens the speaker notes, <b>O</b> the overview, <b>F</b> the full screen.
A picture that can be stepped through has its own buttons: Tab reaches them, then → and ← step.</p>
<p>On paper: open a deck with <code>?print-pdf</code> behind its name and print it, with background
graphics: a slide a page. With <code>?print-pdf&amp;two</code> it is two on a page of A4, with lines to write below
each. The last slides hold the answers.</p>
</main>
</body>
</html>
"""


def write(notebooks: list[Path], out: Path, front_end: dict[str, Path]) -> Path:
    """Write index.html into ``out``, a line for each notebook whose deck is there."""
    rows = []
    for path in notebooks:
        if (out / f"{path.stem}.html").is_file():
            name = html.escape(title(nbformat.read(path, as_version=4)))
            star = '<span title="core path">★</span>' if path.name[:2] in CORE else ""
            rows.append(f'<li><span>{path.name[:2]}</span> <a href="{path.stem}.html">{name}</a> {star}</li>')
    items, formulas = typeset("\n".join(rows), front_end["mathjax"])
    style = (PARTS / "deck.css").read_text(encoding="utf-8") + formulas
    page = out / "index.html"
    page.write_text(PAGE.format(style=style, items=items), encoding="utf-8")
    return page

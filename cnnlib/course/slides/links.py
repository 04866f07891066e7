"""The links of a deck: to another deck, or to the slide with a cell; any other link becomes plain text.

A link of one word that names its file, such as *Solution*, says nothing without it, and goes.
"""

import functools
import json
import re
from pathlib import Path

from .. import places

LINK = re.compile(r'href="(\d\d_\w+)\.ipynb(?:#cell-id=([\w-]+))?')
ELSEWHERE = re.compile(r'<a href="(?![#:\w]*:|#|\d\d_\w+\.html|[^"]*run\.html\?path=)[^"]*">(.*?)</a>', re.DOTALL)
ALONE = ("Solution", "Solutions")


def among_decks(html: str, notebooks: Path = places.NOTEBOOKS) -> str:
    """The slides with their links to notebooks leading to decks, and every other link to a file taken out."""

    def deck(link):
        stem, cell = link.groups()
        place = f"#cell-id={_shown(notebooks / f'{stem}.ipynb', cell)}" if cell else ""
        return f'href="{stem}.html{place}'

    return ELSEWHERE.sub(lambda link: "" if link[1] in ALONE else link[1], LINK.sub(deck, html))


def _shown(notebook: Path, cell: str) -> str:
    """The cell itself, or, if its deck leaves it out, the nearest one before it that the deck shows."""
    order = _cells(notebook)
    names = [name for name, _ in order]
    if cell not in names:
        return cell
    before = [name for name, role in order[: names.index(cell) + 1] if role not in ("skip", "notes")]
    return before[-1] if before else names[0]


@functools.cache
def _cells(notebook):
    """(id, slide role) of the cells of a notebook, in their order; none where it is not there."""
    if not notebook.is_file():
        return []
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [(cell["id"], cell["metadata"].get("slideshow", {}).get("slide_type", "")) for cell in cells]

"""Sphinx extension: the docstrings of cnnlib, written for a reader of the code, as reStructuredText.

A paragraph stays a paragraph; what is indented, or lined up in columns, keeps its lines; ``|``, ``*`` and ``_``
are what they look like, as in |A| and Σ_u.
"""

import re

MARKED = re.compile(r"(:\w+:`[^`]+`|``[^`]+``|`[^`]+`)")
COLUMNS = re.compile(r"\S {3,}\S")


def setup(app):
    app.connect("autodoc-process-docstring", rewrite)
    app.connect("autodoc-process-signature", short_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def rewrite(_app, _what, _name, _object, _options, lines):
    """Sphinx passes the lines of a docstring, and takes them back changed."""
    lines[:] = as_rest(lines)


def short_names(_app, _what, _name, _object, _options, signature, returns):
    """Where a default is no Python, as ``<factory>``, Sphinx leaves the names long: shorten them here."""
    if signature and "<" in signature:
        return re.sub(r"~[\w.]*\.(?=\w)", "", signature), returns
    return None


def as_rest(lines: list[str]) -> list[str]:
    """The lines as reStructuredText."""
    result = []
    for block in blocks(lines):
        keeps = block[0].startswith(" ") or all(COLUMNS.search(line) for line in block)
        if keeps:
            result += [".. parsed-literal::", "", *(f"    {_escaped(line)}" for line in block), ""]
        else:
            result += [*(_escaped(line) for line in block), ""]
    return result


def blocks(lines: list[str]) -> list[list[str]]:
    """The paragraphs; indented lines are a block of their own, and two such with an empty line between are one."""
    found, gap = [], True
    for line in lines:
        if not line.strip():
            gap = True
            continue
        indented = line.startswith("    ")
        if found and indented and found[-1][0].startswith("    "):
            found[-1] += [""] * gap + [line]
        elif found and not gap and indented == found[-1][0].startswith("    "):
            found[-1].append(line)
        else:
            found.append([line])
        gap = False
    return found


def _escaped(line):
    """Marks that are meant as they stand, outside of code and roles; a single backtick quotes code."""
    parts = MARKED.split(line)
    for number, part in enumerate(parts):
        if number % 2 == 0:
            bullet, text = re.match(r"(\s*\* )?(.*)", part).groups(default="")
            parts[number] = bullet + re.sub(r"([*|\\]|_(?!\w))", r"\\\1", text)
        elif part[0] == "`" and part[1] != "`":
            parts[number] = f"`{part}`"
    return "".join(parts)

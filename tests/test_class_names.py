"""Every class that a page of the course gets from us begins with cnn-.

A page belongs to somebody else as well: Bootstrap, which the book's theme brings, has rules for .mark, .row and
.caption, JupyterLab and reveal.js have theirs.  With a prefix none of them is ours.
"""

import io
import re
import tokenize

import pytest

from cnnlib.course.places import PACKAGE

# What stands in a shadow tree or on a page of its own.
OWN_TREE = ("lesson/page", "lesson/blackboard.py", "lesson/proof_lines.py", "lesson/rewrite.py", "lesson/row.py",
            "lesson/strip.py")  # fmt: skip
ATTRIBUTE = re.compile(r"""class=(?:"([^">]*)"|'([^'>]*)'|([\w-]+))""")
ADDED = re.compile(r"""(?:add_class|classList\.(?:add|toggle))\(\s*[f]?["'`]([\w -]+)""")
MADE = re.compile(r"""\bmake\("[\w-]+", [`"]([\w -]+)""")
SELECTED = re.compile(r"\.(-?[a-zA-Z][\w-]*)")
# What belongs to JupyterLab, ipywidgets, Sphinx and its theme, Pygments and reveal.js.
FOREIGN = re.compile(
    r"jp-|lm-|cm-|widget-|jupyter-|bd-|pst-|sig|highlight$|math|literal-block|only-dark|dark-light|text_html|"
    r"hide$|above-input$|"
    r"cell(_|$)|tag_hide|notes$|indextable|field-list$|dataframe|py$|pre$|reveal$|slide|controls$|progress$|pdf-page|print-pdf|"
    r"(k[nc]?|ow?|s[12adi]|m[if]|c1|n[fc]|p)$"
)


def sources(*endings):
    for path in sorted(PACKAGE.rglob("*")):
        name = path.relative_to(PACKAGE).as_posix()
        if path.suffix in endings and not name.startswith(OWN_TREE):
            yield name, path.read_text(encoding="utf-8")


def strings(python):
    """The string literals of a module."""
    tokens = tokenize.generate_tokens(io.StringIO(python).readline)
    return [token.string for token in tokens if token.type == tokenize.STRING]


def given_in(text):
    """The classes that HTML or a script gives to an element, as far as they stand there as they are."""
    for found in ATTRIBUTE.finditer(text):
        value = re.sub(r"\{[^}]*\}?", " ", next(filter(None, found.groups()), ""))
        yield from (word for word in value.split() if re.fullmatch(r"[a-zA-Z][\w-]*", word))
    for pattern in (ADDED, MADE):
        for found in pattern.finditer(text):
            yield from found[1].split()


def selected_in(css):
    """The classes that a style sheet names."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    for selector in re.findall(r"([^{};]*)\{", css):
        yield from SELECTED.findall(re.sub(r"[\"'][^\"']*[\"']|@media[^{]*", "", selector))


def wrong(names):
    return sorted({name for name in names if not name.startswith("cnn-") and not FOREIGN.match(name)})


@pytest.mark.parametrize("kind", ["given", "selected"])
def test_every_class_of_ours_has_the_prefix(kind):
    found, seen = {}, 0
    for name, text in sources(".py", ".js", ".css"):
        texts = strings(text) if name.endswith(".py") else [text]
        if kind == "given":
            names = [] if name.endswith(".css") else [each for one in texts for each in given_in(one)]
        else:
            names = list(selected_in(text)) if name.endswith(".css") else []
        seen += len(names)
        if wrong(names):
            found[name] = wrong(names)
    assert seen > 60 and found == {}


def test_what_has_no_prefix_is_found():
    assert wrong(given_in('<b class="cnn-a mark">x</b>')) == ["mark"]
    assert wrong(given_in('make("div", "row", grid)')) == wrong(given_in('box.add_class("row")')) == ["row"]
    assert wrong(selected_in(".cnn-map .mark::before { color: red } .cnn-map .cnn-row {}")) == ["mark"]

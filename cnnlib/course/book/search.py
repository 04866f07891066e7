"""Sphinx extension: the book's own search, which finds a question that is typed as a sentence.

Sphinx's search wants every word of a query in one page and cannot show an excerpt from a file.  Here every section
of the book goes into ``_static/search_data.js`` with its text, and so do the words of :mod:`cnnlib.lookup`: the
synonyms, the words to ignore, the subjects, and of each question the further words and how people asked it.
``search.js`` searches them as :mod:`cnnlib.lookup.search` does.

An entry is {"page", "title" (of the page), "heading", "kind", "pieces": [[place, weight, text], …]}; a piece is
what stands below one place that can be linked to: a heading, a cell, a name of the reference.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from ...lookup import questions, terms
from ...lookup.search import ASKED
from .pages import place_of

HEADING, TEXT, CODE = 1.0, 0.35, 0.15  # the weight of a word there
LONGEST = 1500  # characters of a piece of code that are kept
KINDS = (("questions", "question"), ("glossary", "term"), ("notebooks/solutions/", "solution"),
         ("notebooks/", "chapter"), ("api/", "code"), ("reference", "code"))  # fmt: skip


def setup(app):
    app.connect("builder-inited", replace_sphinx_search)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def replace_sphinx_search(app):
    """Replace Sphinx's search page by our own under the same name, and build no index of Sphinx's."""
    app.builder.search = False


def write(app, problem):
    """Write what the search page reads."""
    if problem is None:
        entries = [entry for name in sorted(app.env.found_docs) for entry in entries_of(app.env, name)]
        words, subjects = questions.words(), questions.subjects()
        data = {"main": words.main, "stop": sorted(words.stop), "subjects": subjects, "entries": entries}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        target = Path(app.outdir, "_static", "search_data.js")
        target.write_text(f"window.cnnSearchData = {text};\n", encoding="utf-8")
        # The theme's pages ask for the index of Sphinx's search, which nothing here reads.
        Path(app.outdir, "searchindex.js").write_text("// see _static/search_data.js\n", encoding="utf-8")


def entries_of(env, name: str) -> Iterator[dict]:
    """The entries of a page: its sections and the names of the reference; the glossary is taken from its data."""
    kind = next((kind for start, kind in KINDS if name.startswith(start)), "page")
    page, document = {"page": f"{name}.html", "title": env.titles[name].astext()}, env.get_doctree(name)
    if kind == "term":
        yield from (page | _term(one) for one in terms.terms())
        return
    asked = {one.question: one for one in questions.questions()} if kind == "question" else {}
    for section in document.findall(nodes.section):
        heading = section.next_node(nodes.title).astext()
        own = asked.get(heading)
        pieces = _question(section, own) if own else [[section["ids"][0], HEADING, heading], *pieces_of(section)]
        yield page | {"heading": heading, "kind": "page" if asked and not own else kind, "pieces": pieces}
    for described in document.findall(addnodes.desc):
        signature = described.next_node(addnodes.desc_signature)
        place, heading = (signature["ids"] or [""])[0], signature.get("fullname", signature.astext())
        pieces = [[place, HEADING, heading], *pieces_of(described, place)]
        yield page | {"heading": heading, "kind": kind, "pieces": pieces}


def _question(section, own):
    place = section["ids"][0]
    asked = (["", ASKED, wording] for wording in own.asked)
    texts = [place, 0.5, own.answer], [place, questions.MORE, own.more]
    return [[place, HEADING, own.question], ["", 0.8, own.words], *texts, *asked]


def _term(own):
    other = (*own.also, own.zh)
    pieces = [[place_of(own.term), 1.0, own.term], ["", 0.9, " ; ".join(other)], ["", 0.3, own.meaning]]
    pieces += [["", ASKED, name] for name in other]
    return {"heading": own.term, "kind": "term", "pieces": pieces}


def pieces_of(part: nodes.Element, place: str = "") -> Iterator[list]:
    """[place, weight, text] of a section without those inside it, one for each place and kind of text."""
    place, texts = place or part["ids"][0], {TEXT: [], CODE: []}
    for node in _own(part):
        new = next(iter(node["ids"]), place)
        if new != place:
            yield from _filled(place, texts)
            place, texts = new, {TEXT: [], CODE: []}
        if isinstance(node, nodes.literal_block):
            texts[CODE].append(node.astext()[:LONGEST])
        elif isinstance(node, nodes.TextElement):
            texts[TEXT].append(node.astext())
    yield from _filled(place, texts)


def _filled(place, texts):
    yield from ([place, weight, " ".join(" ".join(text).split())] for weight, text in texts.items() if text)


def _own(part):
    """The elements of a section or of a description, in order: nothing of others inside it, nothing of outputs."""
    others = (nodes.section, nodes.title, addnodes.desc, addnodes.desc_signature)
    skipped = (*others, nodes.raw, nodes.comment, nodes.Text)
    for node in part.children:
        if not isinstance(node, skipped) and "cell_output" not in node["classes"]:
            yield node
            if not isinstance(node, nodes.TextElement):
                yield from _own(node)

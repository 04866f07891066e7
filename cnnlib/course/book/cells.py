"""Sphinx extension for the pages made of notebooks: each cell can be linked to, and solutions are folded.

The link target of a cell is ``cell-id=…``, as in JupyterLab, so that one link serves both.
"""

import re

from docutils import nodes
from sphinx.util.nodes import clean_astext

EMPTY_HEADER = re.compile(r"<th\b[^>]*>(\s*(?:<p>\s*</p>)?\s*)</th>")
SIGNATURE = re.compile(r'<dt class="sig\b.*?</dt>', re.DOTALL)
PARAMETERS = re.compile(r"<(/?)d[ld]\b")
SUMMARY = '<details class="cnn-solution"><summary>Show the solution</summary>'


def setup(app):
    app.connect("doctree-read", prepare)
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def prepare(app, document):
    """Give every cell its link target, and fold the solutions of exercises."""
    name = app.env.docname
    if name.startswith("notebooks/"):
        places = mark_cells(document)
        slugs = app.env.metadata[name].setdefault("myst_slugs", {})
        slugs.update({place: (None, place, "") for place in places})
    if name.startswith("notebooks/solutions/"):
        fold_solutions(document)


def mend(_app, _name, _template, context, _document):
    """Mend three faults for screen readers: a label that differs from the visible text, an empty header cell, and
    the parameters of a long signature as definitions without a term."""
    if "body" in context:
        body = context["body"].replace(' aria-label="Toggle hidden content"', "")
        body = EMPTY_HEADER.sub(r"<td>\1</td>", body)
        context["body"] = SIGNATURE.sub(lambda found: PARAMETERS.sub(r"<\1div", found[0]), body)


def mark_cells(document: nodes.document) -> list[str]:
    """A target for each Markdown cell, an id for each cell of code; returns their names."""
    places = []
    for comment in list(document.findall(nodes.comment)):
        if comment.astext().startswith("cell-id="):
            places.append(comment.astext())
            comment.replace_self(nodes.target("", "", ids=[comment.astext()]))
    for container in document.findall(nodes.container):
        if container.get("nb_element") == "cell_code":
            places.append(f"cell-id={container['cell_metadata']['cell']}")
            container["ids"].append(places[-1])
    return places


def fold_solutions(document: nodes.document) -> None:
    """Put the text below each heading of a solution into <details>; the link to the next notebook stays outside."""
    [page] = document.findall(lambda node: isinstance(node, nodes.section) and node.parent is document)
    _way_on_to_the_end(page)
    for section in page.children:
        if isinstance(section, nodes.section) and not clean_astext(section[0]).startswith("What you saw"):
            section.insert(1, nodes.raw("", SUMMARY, format="html"))
            section.append(nodes.raw("", "</details>", format="html"))


def _way_on_to_the_end(page):
    """The last cell, with the link to the next notebook, from the last section to the end of the page."""
    for target in list(page.findall(nodes.target)):
        if target["ids"] == ["cell-id=next"]:
            section = target.parent
            for node in section.children[section.index(target) :]:
                section.remove(node)
                page.append(node)

"""How Sphinx makes the book from the pages that cnnlib.course.book lays out."""

import os
import re
from pathlib import Path
from typing import NewType

import numpy.typing

project = html_title = "Why does the kernel turn?"
author = "the authors of cnnlib"
project_copyright = "text and figures CC BY 4.0, code BSD-3-Clause"
language = "en"

SPHINX = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
extensions = ["myst_nb", *SPHINX, "cnnlib.course.book.cells", "cnnlib.course.book.search"]

# The notebooks come with their outputs; cnnlib.course.slides.executed has run them.
nb_execution_mode = "off"
nb_render_markdown_format = "myst"
nb_code_prompt_show, nb_code_prompt_hide = "Show the code", "Hide the code"
nb_ipywidgets_js = {}  # widgets are frames here, drawn by stepper.js: nothing of ipywidgets is loaded
myst_enable_extensions = ["dollarmath", "attrs_inline", "colon_fence"]
myst_heading_anchors = 3

# Two warnings without a fault: a notebook whose first slide below the title is a subslide (### after #), and a
# short name that classes of several packages have, such as Setting: in a signature it links to one of them.
suppress_warnings = ["myst.header", "ref.python"]

# Nothing is fetched: one local file holds MathJax with all that TeX needs.
mathjax_path = "mathjax.js"
html_static_path = []  # book.build passes the folder with style, scripts and MathJax
html_css_files = ["book.css"]
html_js_files = [(name, {"defer": "defer"}) for name in ("stepper.js", "search.js", "print.js")]
templates_path = [str(Path(__file__).with_name("templates"))]
html_additional_pages = {"search": "search.html"}  # cnnlib.course.book.search takes the place of Sphinx's search
html_permalinks = False
html_copy_source = html_show_sourcelink = False
html_last_updated_fmt = None
html_show_sphinx = False

html_theme = "sphinx_book_theme"
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "toc_title": "On this page",
    "search_bar_text": "Search the book",
    "navbar_persistent": [],  # the search field stands in the sidebar
}

default_role = "code"  # single backticks quote code
napoleon_google_docstring = False
napoleon_use_ivar = True  # a class names its attributes in a list of its own
napoleon_use_param = napoleon_use_rtype = False  # a shape in the place of a type is no name to link

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 84
add_module_names = False
numpy.typing.ArrayLike = NewType("ArrayLike", object)  # a signature names it instead of writing it out
numpy.typing.DTypeLike = NewType("DTypeLike", object)
os.environ.setdefault("MPLBACKEND", "Agg")  # cnnlib.plots.figures imports Matplotlib


def setup(app):
    app.connect("autodoc-process-signature", short_names)


def short_names(_app, _what, _name, _object, _options, signature, returns):
    """Where a default is no Python, as ``<factory>``, Sphinx leaves the names long: shorten them here."""
    if signature and "<" in signature:
        return re.sub(r"~[\w.]*\.(?=\w)", "", signature), returns
    return None

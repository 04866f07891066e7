"""The ⋆ of the correlation is enlarged at one place of the package, and can be read on every kind of control."""

import re
from pathlib import Path

import cnnlib
from cnnlib.exercises import quiz
from cnnlib.plots.html import STAR, STAR_FONT, as_html, with_star
from cnnlib.widgets.parts.keys_and_names import Names

FILES = {path: path.read_text(encoding="utf-8") for path in Path(cnnlib.__file__).parent.rglob("*.py")}


def test_a_star_in_a_text_is_enlarged_and_the_text_escaped():
    assert as_html("Z = X ⋆ K < 1") == f"Z = X {STAR} K &lt; 1"
    assert with_star("<b>X ⋆ K</b>") == f"<b>X {STAR} K</b>"


def test_no_other_module_enlarges_the_star_in_its_own_way():
    own = re.compile(r'>⋆<|replace\("⋆"')
    assert [path.name for path, text in FILES.items() if own.search(text)] == ["html.py"]


def test_buttons_captions_and_quizzes_take_the_font_of_the_star():
    assert STAR_FONT in Names._css and '"course star"' in Names._css
    assert STAR_FONT in quiz.STYLE and '"course star"' in quiz.STYLE

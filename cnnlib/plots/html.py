"""Plain text as HTML, with the ⋆ of the correlation large enough not to be taken for a dot or for ∗.

Fonts draw ⋆ (U+22C6) as small as a dot.  In HTML :func:`with_star` puts it into a larger span; in plain text
(buttons, menus, captions, a quiz) :data:`STAR_FONT`, put first in a ``font-family``, is a font of this one
character: the machine's own glyph, enlarged.  :func:`in_mathtext` is for the words of a figure.
"""

import html

STAR = '<span style="font-size:1.6em;line-height:0;vertical-align:-.14em">⋆</span>'
STAR_FONT = """@font-face { font-family: "course star"; unicode-range: U+22C6; size-adjust: 160%;
  src: local("DejaVu Sans"), local("DejaVuSans"), local("Segoe UI Symbol"), local("Cambria Math"),
    local("Apple Symbols"), local("STIX Two Math"), local("Noto Sans Math"), local("Noto Sans Symbols2"); }
"""


def with_star(written: str) -> str:
    """HTML with each ⋆ enlarged."""
    return written.replace("⋆", STAR)


def in_mathtext(text: str) -> str:
    """Plain text for Matplotlib with each ⋆ set as TeX does, for ``math_fontfamily="cm"``."""
    return text.replace("⋆", r"$\star$")


def as_html(text: str) -> str:
    """Plain text, such as a sentence or an error, as HTML."""
    return with_star(html.escape(text, quote=False))

"""Looking things up: the questions that people ask, and the words of the field.  Nothing here needs a network.

* ``search``: texts found by their words: stems, synonyms, slips of the pen
* ``questions``: ask_course("my loop has no rotation"); docs/questions.md
* ``terms``: glossary("transposed convolution"); docs/glossary.md
"""

from .questions import ask_course
from .terms import glossary

__all__ = ["ask_course", "glossary"]

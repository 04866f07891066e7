"""The questions that people ask, and the words of the field, found by a reader's own words and without a network.

* ``search``: finds texts by words: stems, synonyms, misspellings
* ``questions``: ask_course("my loop has no rotation"); docs/questions.md
* ``terms``: glossary("transposed convolution"); docs/glossary.md
"""

from .questions import ask_course
from .terms import glossary

__all__ = ["ask_course", "glossary"]

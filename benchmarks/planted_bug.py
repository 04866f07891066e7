"""One bug of the mutation audit: what it is called, and what it edits."""

from typing import NamedTuple


class Bug(NamedTuple):
    """One sentence, the file, and what replaces what."""

    name: str
    file: str
    old: str
    new: str

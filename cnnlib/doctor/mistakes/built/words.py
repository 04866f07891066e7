"""What a variant of a mistake has of its own to say."""

from dataclasses import replace


def said(words: str, function):
    """The function, with the words that tell this variant from the mistake's others."""
    function.words = words
    return function


def in_words(mistake, change):
    """The mistake, its sentence ending with the words of this variant where it has any."""
    words = getattr(change[1], "words", None)
    return replace(mistake, sentence=f"{mistake.sentence}: {words}") if words else mistake

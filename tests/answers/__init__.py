"""Answers to the exercises, as learners write them: right ones in several ways, wrong ones with their diagnosis."""

from collections import defaultdict

RIGHT, WRONG = defaultdict(list), defaultdict(list)  # "nb01.convolve_at" → functions, (function, words)


def right(exercise):
    """This answer has to be accepted."""
    return lambda function: RIGHT[exercise].append(function) or function


def wrong(exercise, words):
    """This answer has to be refused, and the first line of the report has to say ``words``."""
    return lambda function: WRONG[exercise].append((function, words)) or function

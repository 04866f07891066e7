"""Answers to the exercises, as learners write them: right ones in several ways, wrong ones with their diagnosis."""

from collections import defaultdict

import numpy as np

RIGHT, WRONG = defaultdict(list), defaultdict(list)  # "nb01.convolve_at" → functions, (function, words)


def right(exercise):
    """This answer has to be accepted."""
    return lambda function: RIGHT[exercise].append(function) or function


def wrong(exercise, words):
    """This answer has to be refused, and the first line of the report has to say ``words``."""
    return lambda function: WRONG[exercise].append((function, words)) or function


# The ways to lay a kernel down, each as a learner would index it: laid[u, v] = K[…]; do the two axes change places?
WAYS = {
    "not turned": (lambda u, v, h, w: (u, v), False),
    "turned by 180°": (lambda u, v, h, w: (h - 1 - u, w - 1 - v), False),
    "turned by 90°": (lambda u, v, h, w: (v, w - 1 - u), True),
    "turned by 90°, clockwise": (lambda u, v, h, w: (h - 1 - v, u), True),
    "turned along one axis only: its rows are reversed": (lambda u, v, h, w: (h - 1 - u, v), False),
    "turned along one axis only: its columns are reversed": (lambda u, v, h, w: (u, w - 1 - v), False),
    "transposed": (lambda u, v, h, w: (v, u), True),
    "mirrored at its other diagonal": (lambda u, v, h, w: (h - 1 - v, w - 1 - u), True),
    "turned by negative indices, [−u, −v], where −0 is 0": (lambda u, v, h, w: (-u, -v), False),
}


def laid(K, way):
    """The last two axes of K, laid down as ``way`` says, entry by entry."""
    place, swapped = WAYS[way]
    h, w = K.shape[-2:]
    result = np.empty((*K.shape[:-2], w, h) if swapped else K.shape)
    for u, v in np.ndindex(result.shape[-2:]):
        result[..., u, v] = K[..., *place(u, v, h, w)]
    return result


def wrong_ways(exercise, right_way, sentence):
    """Answers for every way but the right one: ``write(lay)`` is what a learner writes who lays the kernel so."""

    def register(write):
        for number, way in enumerate(way for way in WAYS if way != right_way):
            function = write(lambda K, way=way: laid(np.asarray(K), way))
            function.__name__ = f"{write.__name__}_{number}"
            wrong(exercise, sentence.format(way))(function)
        return write

    return register

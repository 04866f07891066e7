"""Mistakes that a fresh layer does not show: what is left from the first call comes back in the second."""

from .mistake import Mistake

ANY = ("convolution", "dense", "mean pooling", "max pooling", "activation")

MISTAKES = (
    Mistake(
        "adds_up_over_calls",
        "order",
        "it is right in the first call and added to what was there in the second: nobody sets it to zero",
        "Start it from zeros in every call.",
        {},
        ANY,
        "08",
    ),
    Mistake(
        "kept_from_first_call",
        "order",
        "the second call gives what the first gave: something is computed once and kept",
        "Compute it anew from the input of every call.",
        {},
        ANY,
        "08",
    ),
)

"""Twelve more layers, written without a look at the catalogue: described, and with nothing told."""

import pytest

from cnnlib import doctor

from .patients import second_hand, third_hand  # the other half adds itself to the list

NAMED = {
    "German class: dK reads its window without the stride": "dK_stride_forgotten",
    "Spanish pair: the kernel pasted transposed": "transposed",
    "port with SAME padding: an odd border is cut at the wrong end": "border_swapped",
    "tanh inside, and tanh once more in its derivative": "slope_of_output",
    "lists of maps, step only: full correlation with the kernel mirrored left to right": "one_axis",
    "Fourier transforms: the conjugate that belongs to the forward pass stands in dX as well": "conjugated",
    "einsum with two letters swapped: dK transposed": "dK_transposed",
    "seven loops; the gradient starts from memory that nobody cleared": "memory_not_cleared",
}
WORDS = [entry[3] for entry in second_hand.LAYERS]


@pytest.mark.parametrize("guess", [False, True], ids=["described", "guessed"])
@pytest.mark.parametrize("number", range(len(WORDS)), ids=WORDS)
def test_each_is_handled(number, guess):
    layer, description, parts, words = second_hand.LAYERS[number]
    layer = layer if isinstance(layer, tuple) else (layer,)
    report = doctor.examine(*layer, show=False, **({"guess": True} if guess else description))
    assert [name for name in report.parts if report[name].verdict == "wrong"] == parts
    assert bool(report) is not bool(parts) and "not supported" not in str(report["db"].verdict)
    assert [report[name].mistake for name in parts] == [NAMED.get(words)] * len(parts)


def test_four_of_the_twelve_are_right():
    assert len(WORDS) == 12 == len(set(WORDS)) and sum(not entry[2] for entry in second_hand.LAYERS) == 4
    assert third_hand.Context in vars(third_hand).values()

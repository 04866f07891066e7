"""Each mistake of the plain loop once, in conventions that go round; `make doctor` takes them all."""

import pytest

from cnnlib import doctor

from .patients import generated, mistakes

NAMES = list(generated.CONVENTIONS)
KEYS = list(mistakes.changes())


def dressed(number):
    """(key, parts, layer, description) of one mistake in its convention."""
    key, name = KEYS[number], NAMES[number % len(NAMES)]
    parts, change = mistakes.changes(*generated.LAYOUTS[name])[key]
    return (key, parts, *generated.CONVENTIONS[name](bool(number // len(NAMES) % 2), change))


@pytest.mark.parametrize("number", range(len(KEYS)), ids=KEYS)
def test_a_mistake_is_found_named_and_nothing_else_is_blamed(number):
    key, parts, layer, description = dressed(number)
    report = doctor.examine(*layer, show=False, **description)
    wrong = [name for name in report.parts if report[name].verdict == "wrong"]
    assert parts[0] in wrong and set(wrong) <= set(parts)
    assert report[parts[0]].mistake in (key, None) and (report[parts[0]].mistake == key or key in UNNAMED)


UNNAMED = set()  # found, and said to be none of the known ones: the numbers fit no formula in some setting


@pytest.mark.parametrize("true_convolution", [False, True], ids=["correlation", "convolution"])
@pytest.mark.parametrize("name", NAMES)
def test_right_layers_are_right_described_and_guessed(name, true_convolution):
    layer, description = generated.CONVENTIONS[name](true_convolution, {})
    assert doctor.assert_right(*layer, **description)
    assert doctor.examine(*layer, guess=True, show=False)


def test_there_are_enough_mistakes_and_all_are_in_the_catalogue():
    assert len(KEYS) >= 60 and set(KEYS) <= set(doctor.CATALOGUE)

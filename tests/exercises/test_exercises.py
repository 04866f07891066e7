"""Every exercise accepts right answers however they are written, and names what is wrong with the others."""

import importlib
import itertools
import pkgutil

import answers
import numpy as np
import pytest
from answers import RIGHT, WRONG

from cnnlib import exercises
from cnnlib.exercises.call import SINGLE, attempt, distance, same
from cnnlib.exercises.exercise import Exercise

MODULES = [
    importlib.import_module(f"cnnlib.exercises.{found.name}") for found in pkgutil.iter_modules(exercises.__path__)
]
EXERCISES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": found
    for module in MODULES
    for name, found in vars(module).items()
    if isinstance(found, Exercise)
}
for found in pkgutil.iter_modules(answers.__path__):
    importlib.import_module(f"answers.{found.name}")

every_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))


def pairs(collected):
    return [
        pytest.param(EXERCISES[name], one, id=f"{name}-{label(one)}")
        for name, all in collected.items()
        for one in all
    ]


def label(one):
    return (one[0] if isinstance(one, tuple) else one).__name__


@pytest.mark.parametrize("exercise, function", pairs(RIGHT))
def test_a_right_answer_is_accepted_however_it_is_written(exercise, function):
    report = exercise.check(function)
    assert report, report


@pytest.mark.parametrize("exercise, answer", pairs(WRONG))
def test_a_wrong_answer_is_named_as_its_mistake(exercise, answer):
    function, words = answer
    report = exercise.check(function)
    assert report.verdict == "wrong" and words in report.message, report


@pytest.mark.parametrize("name", EXERCISES)
def test_every_diagnosis_has_a_wrong_answer_that_gets_it(name):
    """An answer written by itself, and not the mistake that the exercise declares."""
    exercise, said = EXERCISES[name], set()
    for function, _ in WRONG[name]:
        message = exercise.check(function).message
        said |= {message, *(message.removeprefix(f"{part}: ") for part in exercise.parts)}
    assert sorted(exercise.mistakes.keys() - said) == []


@pytest.mark.parametrize("name", EXERCISES)
def test_there_are_four_right_and_five_wrong_answers(name):
    assert len(RIGHT[name]) >= 4 and len(WRONG[name]) >= 5


@every_exercise
def test_no_mistake_looks_like_another_or_like_the_answer(exercise):
    makers = {"right": exercise.reference, **exercise.mistakes}
    made = {
        sentence: [
            attempt(maker, case, exercise.parameters, part).array
            for part in exercise.parts or [""]
            for case in exercise.drawn()
        ]
        for sentence, maker in makers.items()
    }
    for one, other in itertools.combinations(made, 2):
        assert not all(map(_equal, made[one], made[other])), f"“{one}” and “{other}” cannot be told apart"


def _equal(one, other):
    return one is other if one is None or other is None else same(one, other)


@every_exercise
def test_each_mistake_is_diagnosed_as_itself(exercise):
    assert len(exercise.mistakes) >= 5
    for sentence, mistaken in exercise.mistakes.items():
        said = exercise.check(mistaken).message
        assert said in [sentence, *(f"{part}: {sentence}" for part in exercise.parts)]


@every_exercise
def test_the_cases_are_several_and_no_symmetry_hides_a_mistake(exercise):
    cases = exercise.drawn()
    assert len(cases) >= 3
    for again, case in zip(exercise.drawn(), cases, strict=True):
        for one, other in zip(again, case, strict=True):
            np.testing.assert_array_equal(one, other)  # the same every time
    arrays = [part for case in cases for part in case if isinstance(part, np.ndarray)]
    for A in arrays:
        filled = A[A != 0]
        assert len(np.unique(filled)) == filled.size, "two entries are equal"
    assert not arrays or any(A.shape[-1] != A.shape[-2] for A in arrays if A.ndim > 1)


@every_exercise
def test_it_says_what_to_do_and_gives_hints(exercise):
    signature = f"{exercise.name}({', '.join(exercise.parameters)}) has to return "
    assert signature in exercise.task and exercise.task.endswith(".")
    assert 2 <= len(exercise.hints) <= 4 and all(hint.rstrip(")").endswith((".", "?")) for hint in exercise.hints)


@every_exercise
def test_messages_have_one_form(exercise):
    """A diagnosis follows a name and a colon, so it is no sentence with a full stop; nothing is marked up."""
    assert all(said.strip() and not said.endswith((".", "!")) for said in exercise.mistakes)
    assert "`" not in "".join([exercise.task, *exercise.hints, *exercise.mistakes])


@every_exercise
def test_batches_and_channels_are_two_or_more(exercise):
    """At least in two cases: with one channel nothing can be swapped, with one sample nothing mixed up."""
    stacks = [
        [part.shape[:2] for part in case if isinstance(part, np.ndarray) and part.ndim == 4]
        for case in exercise.drawn()
    ]
    assert not any(stacks) or sum(min(min(shape) for shape in stack) >= 2 for stack in stacks if stack) >= 2


def hostile(exercise):
    """Functions that do everything but answer, and a word of the reply to each."""
    names = ", ".join(exercise.parameters)

    def forever(*arguments):
        return forever(*arguments)

    def raises(error):
        def raising(*_arguments):
            raise error

        return raising

    return [
        (lambda *_arguments: None, "returns nothing"),
        (lambda *_arguments: ..., "returns nothing"),
        (raises(NotImplementedError()), "returns nothing"),
        (raises(ZeroDivisionError("<b>by zero</b>")), "ZeroDivisionError: <b>by zero</b>"),
        (raises(SystemExit(1)), "end the program"),
        (raises(KeyboardInterrupt()), "you stopped it"),
        (forever, "without end"),
        (lambda: 1, names),
        (lambda *_arguments: "forty-two", "a str"),
        (lambda *_arguments: {"dX": 1}, "a dict"),
        (lambda *_arguments: [[1, 2], [3]], "a list"),
        (lambda *_arguments: (n for n in range(3)), "a generator"),
        (lambda *_arguments: np.zeros((2, 3, 4, 5, 6)), "shape (2, 3, 4, 5, 6)"),
        (42, "without parentheses"),
        (None, "this is nothing"),
    ]


@every_exercise
def test_whatever_a_function_does_is_answered_in_words(exercise):
    for function, words in hostile(exercise):
        report = exercise.check(function)
        assert not report and words in report.message, report


def each_array(answer, change):
    """The answer, one array or a dict of them, each one changed."""
    if isinstance(answer, dict):
        return {name: change(np.asarray(array)) for name, array in answer.items()}
    return change(np.asarray(answer))


@every_exercise
def test_nan_is_no_answer(exercise):
    report = exercise.check(lambda *arguments: each_array(exercise.reference(*arguments), lambda A: A * np.nan))
    assert report.verdict == "wrong" and "nan" in report.message


@every_exercise
def test_an_answer_that_spoils_its_input_is_not_accepted(exercise):
    def spoils(*arguments):
        result = each_array(exercise.reference(*arguments), np.copy)
        for part in arguments:
            if isinstance(part, np.ndarray):
                part[...] = 0
        return result

    report = exercise.check(spoils)
    if any(isinstance(part, np.ndarray) for part in exercise.drawn()[0]):
        assert not report and "changes its input" in report.message
    else:
        assert report


def in_single(value):
    """Arrays of real numbers as float32, everything else as it is."""
    if isinstance(value, dict):
        return {name: in_single(array) for name, array in value.items()}
    return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype == np.float64 else value


def computed_in_single(exercise, *, back=False):
    """The right answer from float32 arrays, given as float32, or put back into float64."""

    def answer(*arguments):
        found = exercise.reference(*map(in_single, arguments))
        return each_array(found, lambda A: A.astype(np.float32).astype(np.float64 if back else np.float32))

    return answer


@every_exercise
@pytest.mark.parametrize("back", [False, True])
def test_a_right_answer_computed_in_float32_is_right_and_the_report_says_so(exercise, back):
    report = exercise.check(computed_in_single(exercise, back=back))
    if "float64" in report.message:  # the exercises on differences: central_difference takes nothing less
        assert "central_difference: x holds float32" in report.message
    else:
        assert report, report
        whole = report.message.endswith("case") or report.message.endswith("cases")
        assert whole or "seven digits of float32" in report.message


@every_exercise
def test_every_mistake_lies_far_outside_the_rounding_of_float32(exercise):
    for sentence, mistaken in exercise.mistakes.items():
        away = [
            distance(
                attempt(mistaken, case, exercise.parameters, part).array,
                attempt(exercise.reference, case, exercise.parameters, part).array,
            )
            for part in exercise.parts or [""]
            for case in exercise.drawn()
        ]
        assert max(away) > 100 * SINGLE, sentence


@every_exercise
def test_a_mistake_made_in_float32_is_diagnosed_too(exercise):
    for sentence, mistaken in list(exercise.mistakes.items())[:5]:
        said = exercise.check(lambda *case, made=mistaken: each_array(made(*case), np.float32)).message
        assert said in [sentence, *(f"{part}: {sentence}" for part in exercise.parts)]


# --- slips that nobody declares: the sign, an index that wraps around, a factor


def told(exercise, function):
    """What the report says, without the name of a part."""
    report = exercise.check(function)
    assert report.verdict == "wrong", report
    return next((report.message.removeprefix(f"{part}: ") for part in exercise.parts
                 if report.message.startswith(f"{part}: ")), report.message)  # fmt: skip


@every_exercise
def test_a_wrong_sign_is_seen_in_every_exercise(exercise):
    said = told(exercise, lambda *case: each_array(exercise.reference(*case), lambda A: -A.astype(float)))
    declared = {sentence for sentence in exercise.mistakes if "sign" in sentence or "other part" in sentence
                or "uphill" in sentence or "left slope minus" in sentence}  # fmt: skip
    assert said in {"every number has the wrong sign", *declared}


@every_exercise
def test_a_factor_is_named_in_every_exercise(exercise):
    said = told(exercise, lambda *case: each_array(exercise.reference(*case), lambda A: 1.7 * A))
    assert said == "every number is 1.7 times the right one"


def wrapped(exercise, which, axis):
    """The right answer from an argument that is read at index − 1 along one of its axes."""

    def answer(*case):
        A, moved = case[which], np.empty_like(case[which])
        for place in np.ndindex(A.shape):
            before = list(place)
            before[axis] -= 1  # 0 becomes −1
            moved[place] = A[tuple(before)]
        return exercise.reference(*case[:which], moved, *case[which + 1 :])

    return answer


@every_exercise
def test_an_index_that_wraps_around_is_seen_in_every_argument(exercise):
    cases = exercise.drawn()
    for which, name in enumerate(exercise.parameters):
        arrays = [case[which] for case in cases]
        if not all(isinstance(A, np.ndarray) and A.ndim == arrays[0].ndim for A in arrays):
            continue
        for axis in range(arrays[0].ndim):
            report = exercise.check(wrapped(exercise, which, axis))
            if report:  # a batch that is read from another image on: sums over the batch do not know
                continue
            said = told(exercise, wrapped(exercise, which, axis))
            assert "is the last" in said or said in exercise.mistakes or "axes" in said, (name, axis, said)


@every_exercise
def test_a_result_that_wraps_around_is_seen(exercise):
    answers = [attempt(exercise.reference, case, exercise.parameters, (*exercise.parts, "")[0]).array
               for case in exercise.drawn()]  # fmt: skip
    if min(one.ndim for one in answers) == 0:
        return
    for axis in range(min(one.ndim for one in answers)):
        if len({one.ndim for one in answers}) == 1 and not exercise.parts:
            for step in (1, -1):
                made = exercise.check(
                    lambda *case, step=step, axis=axis: np.roll(exercise.reference(*case), step, axis)
                )
                assert "is the last" in made.message or made.message in exercise.mistakes, made

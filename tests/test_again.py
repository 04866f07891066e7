"""The second try of screen tests: which files get one, and that a run without a named failure gets none."""

import pytest
from scripts import script

files_of = script("again", "tools").files_of


def test_a_file_of_screen_tests_is_tried_again_whole_and_once():
    failed = ["tests/b_screen.py::test_two[x]", "tests/a_screen.py::test_one", "tests/b_screen.py::test_one"]
    assert files_of(failed) == ["tests/a_screen.py", "tests/b_screen.py"]


@pytest.mark.parametrize("failed", [[], ["tests/a_screen.py::test_one", "tests/layers/test_conv.py::test_two"]])
def test_nothing_else_has_a_second_try(failed):
    with pytest.raises(ValueError, match="no second try for"):
        files_of(failed)

"""The mutation audit: its edits fit the code, it tells a bug from none, and the table that was saved is its own."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest
from scripts import script

audit = script("audit")
BUGS = script("bugs_to_plant").BUGS
ROOT = Path(__file__).resolve().parents[2]
BY_NAME = {bug.name: bug for bug in BUGS}
every_bug = pytest.mark.parametrize("bug", BUGS, ids=BY_NAME)
NO_BUG = BUGS[0]._replace(name="a comment", old="# turn space, swap channels", new="# turn space and swap channels")


@every_bug
def test_what_a_bug_replaces_stands_once_and_what_comes_instead_is_python(bug):
    before = (ROOT / bug.file).read_text(encoding="utf-8")
    assert before.count(bug.old) == 1
    after = before.replace(bug.old, bug.new)
    assert ast.dump(ast.parse(after)) != ast.dump(ast.parse(before))


def test_no_two_bugs_are_alike():
    assert len(BY_NAME) == len({(bug.file, bug.old, bug.new) for bug in BUGS}) == len(BUGS) >= 20


def test_an_edit_that_does_not_fit_is_named(tmp_path):
    path = tmp_path / "cnnlib" / "losses.py"
    path.parent.mkdir()
    path.write_text("twice = 1\ntwice = 1\n")
    for old, times in (("never", 0), ("twice", 2)):
        with pytest.raises(audit.AuditError, match=f"'it'.* stands {times} times in cnnlib/losses.py"):
            audit.plant(BUGS[0]._replace(name="it", file="cnnlib/losses.py", old=old), tmp_path)
    assert path.read_text() == "twice = 1\ntwice = 1\n"


def test_the_first_number_that_differs_is_named_and_rounding_is_no_difference():
    clean = {"loss": np.array(2.0), "dX": np.array([[1.0, -4.0]]), "dK": np.zeros(2)}
    assert audit.changes(clean, clean) == ""
    assert audit.changes(clean | {"loss": np.array(2 + 1e-12)}, clean) == ""
    planted = clean | {"dX": np.array([[1.0, -3.0]]), "dK": np.array([0, np.nan])}
    assert audit.changes(planted, clean) == "dX by 25 %, and 1 more"


def test_a_net_that_stops_has_changed_no_number():
    assert audit.changes({}, {"loss": np.array(2.0)}) == ""


def test_every_file_of_the_core_tests_is_there():
    assert [name for name in audit.CORE if not list((ROOT / "tests").rglob(f"test_{name}.py"))] == []


def test_the_saved_table_is_of_these_bugs_and_all_of_them_were_killed(capsys):
    outcomes = audit.kept()
    assert [outcome.bug for outcome in outcomes] == [bug.name for bug in BUGS]
    for outcome in outcomes:
        file, test = re.fullmatch(r"(test_\w+\.py)::(test_\w+)(?:\[.*\])?", outcome.killed_by).groups()
        (path,) = (ROOT / "tests").rglob(file)
        assert f"def {test}(" in path.read_text(encoding="utf-8"), outcome
        assert outcome.changes, outcome
    assert re.match(r"saved on \d{4}-\d\d-\d\d", capsys.readouterr().out)


@pytest.mark.slow
def test_two_bugs_are_planted_and_killed_and_a_comment_is_found_to_be_none():
    bugs = [BY_NAME["dX: the kernel is not turned"], BY_NAME["squared error: 1/N missing"], NO_BUG]
    turn, loss, comment = audit.audit(bugs, check_clean=False)
    assert turn.changes.startswith("toolbox net, plain: dX of conv 2 by ")
    assert turn.killed_by == "test_adjoint.py::test_input_gradient_is_full_correlation_with_rot180"
    assert loss.changes.startswith("toolbox net, plain: gradient of the loss by 300 %")
    assert loss.killed_by.startswith("test_losses.py::")
    assert (comment.bug, comment.changes, comment.killed_by) == ("a comment", "", "")


@pytest.mark.slow
def test_a_bug_that_no_test_looks_for_is_found_to_survive(monkeypatch):
    monkeypatch.setattr(audit, "CORE", ("correlation",))
    (outcome,) = audit.audit([BY_NAME["tanh: slope 1 − a"]], check_clean=False)
    assert outcome.changes and outcome.killed_by == ""


@pytest.mark.slow
def test_tests_that_fail_without_a_bug_stop_the_audit(monkeypatch):
    monkeypatch.setattr(audit, "CORE", ("no_such_room",))
    with pytest.raises(audit.AuditError, match=r"there is no test_no_such_room.py"):
        list(audit.audit([NO_BUG]))

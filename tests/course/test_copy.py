"""The learner's copy of the course: made, brought up to date, never overwritten."""

import json
import os
import shutil

import pytest

from cnnlib.course import copy, places

NEWER = "0.2.0"


@pytest.fixture
def course(tmp_path):
    """A course of three files, in a folder whose name has a space and an umlaut."""
    source = tmp_path / "das Päckchen"
    copy.write(source / "notebooks" / "01_a.ipynb", b"one")
    copy.write(source / "notebooks" / "02_b.ipynb", b"two")
    copy.write(source / "docs" / "index.md", b"pages")
    return source


@pytest.fixture
def mine(course, tmp_path):
    """The learner's folder with that course in it."""
    copy.update(tmp_path / "mein Kurs ü", course)
    return tmp_path / "mein Kurs ü"


def upgrade(course, monkeypatch, **texts):
    monkeypatch.setattr(copy, "__version__", NEWER)
    for name, text in texts.items():
        next(course.rglob(f"{name}*")).write_text(text, encoding="utf-8")


def texts(mine):
    return {path.name: path.read_text(encoding="utf-8") for path in mine.rglob("*") if path.suffix == ".ipynb"}


def test_an_upgrade_replaces_what_was_not_changed_and_lays_the_rest_beside(course, mine, monkeypatch):
    (mine / "notebooks" / "01_a.ipynb").write_text("my answer", encoding="utf-8")
    upgrade(course, monkeypatch, **{"01_a": "one!", "02_b": "two!"})
    report = copy.update(mine, course)
    assert texts(mine) == {"01_a.ipynb": "my answer", "01_a.new-in-0.2.0.ipynb": "one!", "02_b.ipynb": "two!"}
    assert report.beside == {"notebooks/01_a.ipynb": "notebooks/01_a.new-in-0.2.0.ipynb"}
    assert report.replaced == ["notebooks/02_b.ipynb"] and report.new == []
    assert "01_a.ipynb: it stays as it is, the new version is notebooks/01_a.new-in-0.2.0.ipynb" in str(report)


def test_a_changed_notebook_whose_original_is_the_same_gets_no_neighbour(course, mine, monkeypatch):
    (mine / "notebooks" / "01_a.ipynb").write_text("my answer", encoding="utf-8")
    upgrade(course, monkeypatch, **{"02_b": "two!"})
    assert copy.update(mine, course).beside == {}


def test_the_neighbour_is_laid_once_and_the_learners_changes_in_it_stay(course, mine, monkeypatch):
    (mine / "notebooks" / "01_a.ipynb").write_text("my answer", encoding="utf-8")
    upgrade(course, monkeypatch, **{"01_a": "one!"})
    copy.update(mine, course)
    (mine / "notebooks" / "01_a.new-in-0.2.0.ipynb").write_text("my second answer", encoding="utf-8")
    assert str(copy.update(mine, course)) == ""
    upgrade(course, monkeypatch, **{"01_a": "one!!"})
    assert list(copy.update(mine, course).beside.values()) == ["notebooks/01_a.new-in-0.2.0-2.ipynb"]
    assert sorted(texts(mine).values()) == ["my answer", "my second answer", "one!!", "two"]


def test_a_notebook_that_was_deleted_comes_back(course, mine):
    (mine / "notebooks" / "01_a.ipynb").unlink()
    assert copy.update(mine, course).new == ["notebooks/01_a.ipynb"]


@pytest.mark.parametrize("damage", ["", "[1]", '{"notebooks/01_a.ipynb": 3}', "{"])
def test_without_its_record_every_differing_file_counts_as_the_learners(course, mine, monkeypatch, damage):
    (mine / copy.RECORD).write_text(damage, encoding="utf-8")
    upgrade(course, monkeypatch, **{"01_a": "one!"})
    copy.update(mine, course)
    assert texts(mine)["01_a.ipynb"] == "one" and texts(mine)["01_a.new-in-0.2.0.ipynb"] == "one!"


def test_an_original_that_is_read_only_gives_a_copy_that_can_be_changed(course, tmp_path):
    for path in course.rglob("*.*"):
        path.chmod(0o444)
    copy.update(tmp_path / "copy", course)
    assert all(os.stat(path).st_mode & 0o200 for path in (tmp_path / "copy").rglob("*.*"))


def test_a_place_that_cannot_be_written_is_told_with_the_way_out(course, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(copy.FolderError, match=r"(?s)cannot be copied to .*cnnlib lab --folder FOLDER"):
        copy.update(tmp_path / "file", course)


def test_a_package_without_its_notebooks_is_told(tmp_path):
    with pytest.raises(copy.FolderError, match="install cnnlib again"):
        copy.update(tmp_path / "copy", tmp_path / "nothing")


def test_the_copy_holds_every_notebook_solution_and_page_and_nothing_of_a_run(in_git, tmp_path):
    for stray in (".ipynb_checkpoints/01-checkpoint.ipynb", "run.npz"):
        copy.write(in_git / "notebooks" / stray, b"")
    try:
        copy.update(tmp_path / "copy", in_git)
    finally:
        (in_git / "notebooks" / "run.npz").unlink()
        shutil.rmtree(in_git / "notebooks" / ".ipynb_checkpoints")
    files = [path for path in (tmp_path / "copy").rglob("*") if path.is_file()]
    copied = {path.relative_to(tmp_path / "copy").as_posix() for path in files}
    there = {path.relative_to(in_git).as_posix() for path in (in_git / "notebooks").rglob("*.ipynb")}
    assert there < copied and "docs/index.md" in copied and not [name for name in copied if name.endswith(".npz")]
    assert set(json.loads((tmp_path / "copy" / copy.RECORD).read_text())) == copied - {str(copy.RECORD)}


def test_newer_versions_laid_beside_are_no_notebooks_of_the_course(mine):
    (mine / "notebooks" / "01_a.new-in-0.2.0.ipynb").write_text("")
    assert [path.name for path in places.notebooks(mine / "notebooks")] == ["01_a.ipynb", "02_b.ipynb"]

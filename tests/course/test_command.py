"""The command ``cnnlib``: its help, its version, its parts, and what it says where something is missing."""

import re
import subprocess
import sys

import pytest

import cnnlib
from cnnlib.course import command, copy, places


def test_the_help_names_every_part_on_a_page_that_fits_a_terminal(capsys):
    assert command.main(["--help"]) is None
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 110 and cnnlib.__version__ in lines[0]
    text = "\n".join(lines)
    assert [part for part in [*command.PARTS, "doctor"] if f"cnnlib {part}" not in text] == []


def test_the_version_is_that_of_the_project(in_git, capsys):
    assert command.main(["--version"]) is None
    told = capsys.readouterr().out
    assert f"cnnlib {cnnlib.__version__}, " in told
    assert f'version = "{cnnlib.__version__}"' in (in_git / "pyproject.toml").read_text(encoding="utf-8")


def test_an_unknown_part_is_told_with_those_that_exist():
    assert re.search("no `cnnlib frobnicate`.*lab, copy, lecture", command.main(["frobnicate"]))


@pytest.mark.parametrize("name", command.PARTS)
def test_every_part_has_a_help_of_its_own(name, capsys):
    with pytest.raises(SystemExit) as end:
        command.main([name, "--help"])
    assert end.value.code == 0 and f"usage: cnnlib {name}" in capsys.readouterr().out


def test_what_is_not_installed_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sphinx", None)
    monkeypatch.setitem(sys.modules, "sphinx.cmd.build", None)
    monkeypatch.delitem(sys.modules, "cnnlib.course.book.build", raising=False)
    assert re.search(r'needs sphinx.*\n.*pip install "cnnlib\[book\]"', command.main(["book"]))


def test_a_fault_of_our_own_is_not_taken_for_a_missing_package(monkeypatch):
    monkeypatch.setitem(command.PARTS, "lab", command.Part("cnnlib.course.nowhere", "lab"))
    with pytest.raises(ModuleNotFoundError):
        command.main(["lab"])


def test_without_words_it_opens_the_course(monkeypatch):
    called = []
    monkeypatch.setattr(command, "_run", lambda name, arguments: called.append((name, arguments)))
    command.main([])
    command.main(["--no-browser"])
    assert called == [("lab", []), ("lab", ["--no-browser"])]


def test_python_dash_m_and_the_script_are_the_same(in_git):
    done = subprocess.run([sys.executable, "-m", "cnnlib", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"cnnlib {cnnlib.__version__}")
    assert 'cnnlib = "cnnlib.course.command:main"' in (in_git / "pyproject.toml").read_text(encoding="utf-8")


def test_copy_says_where_to_begin(tmp_path, capsys):
    assert copy.main([str(tmp_path / "ein Kurs")]) is None
    assert str(tmp_path / "ein Kurs" / "notebooks" / "00_start_here.ipynb") in capsys.readouterr().out


def test_a_call_is_told_as_its_reader_types_it(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "CLONE", None)
    assert places.say("lab", port=9000) == "cnnlib lab --port 9000"
    monkeypatch.setattr(places, "CLONE", tmp_path)
    assert places.say("lab", port=9000) == "make lab PORT=9000"



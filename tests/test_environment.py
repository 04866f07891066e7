"""When make lab and make test touch .venv: after a change or damage, and never otherwise."""

import json
import shutil
import subprocess
import sys
import time
from itertools import pairwise

import pytest
from machine import LEVELS, SH, Machine


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def ready(machine):
    """A machine with Python and uv on which `make lab` has been run."""
    machine.python()
    machine.uv()
    result = machine.setup()
    assert result.returncode == 0, result.stdout + result.stderr
    return machine


def test_the_lock_is_installed_by_hash_and_the_package_after_it(ready):
    venv, locked, package = ready.installed()
    assert venv.endswith(f"--python {sys.executable} {ready.venv}")
    assert "--require-hashes" in locked and locked.endswith("requirements/lab.txt")
    assert package.endswith("--no-deps --no-build-isolation --editable .")


@pytest.mark.parametrize(
    "prelude, says, message",
    [
        ("", "  × No solution found when resolving dependencies", "A tested package does not exist"),
        ("import sys; sys.version_info = (3, 15, 0)", None, "Python 3.15 is newer than the tested packages"),
    ],
)
@pytest.mark.parametrize("level, extras", [("site", "mnist,lab,lecture,book,site"),
                                           ("test", "mnist,lab,lecture,book,site,test")])  # fmt: skip
def test_without_a_locked_file_the_ranges_of_pyproject_are_taken(machine, prelude, says, message, level, extras):
    machine.python(prelude=prelude)
    machine.uv()
    result = machine.setup(level, **({"FAKE_UV_SAYS": says} if says else {}))
    assert result.returncode == 0 and message in result.stdout
    assert machine.installed()[-1].endswith(f"--editable .[{extras}] pip")


def test_nothing_is_done_when_nothing_changed(ready):
    seconds = []
    for _ in range(3):  # the best of three: the machine may be busy with other tests
        start = time.monotonic()
        result = ready.setup()
        seconds.append(time.monotonic() - start)
        assert (result.returncode, result.stdout, result.stderr, ready.calls.read_text()) == (0, "", "", "")
    assert min(seconds) < 2


def test_a_level_adds_its_tools_and_serves_those_below_it_too(ready):
    for below, level in pairwise(LEVELS["LEVELS"]):
        result = ready.setup(level)
        assert result.returncode == 0 and "More tools are needed. Bringing .venv up to date" in result.stdout
        assert ready.installed()[0].endswith(f"requirements/{level}.txt")
        assert ready.setup(below).stdout == "" and ready.stamp()["level"] == level


@pytest.mark.parametrize("level, module", [("book", "sphinx"), ("site", "jupyterlite_core")])
def test_a_package_of_a_level_that_is_gone_is_noticed_by_that_level_alone(machine, level, module):
    machine.python()
    machine.uv()
    assert machine.setup(level).returncode == 0
    shutil.rmtree(next(machine.venv.glob(f"lib/python*/site-packages/{module}")))
    machine.assert_rebuilt(f"{module} cannot be found")
    assert machine.installed()[1].endswith(f"requirements/{level}.txt")  # what was there stays there


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements/lab.txt", "tools/install.py", "tools/levels.py"])
def test_a_changed_requirement_brings_the_environment_up_to_date(ready, name):
    ready.setup("test")
    with (ready.course / name).open("a") as file:
        file.write("\n# changed\n")
    result = ready.setup("lab")
    assert result.returncode == 0 and "The requirements have changed. Bringing .venv up to date" in result.stdout
    assert ready.installed()[0].endswith("requirements/test.txt")  # what was there stays there
    assert ready.setup("lab").stdout == ""


def test_an_interrupted_set_up_is_done_again(ready):
    (ready.venv / "cnnlib.json").unlink()
    ready.assert_rebuilt("An earlier set-up did not finish")


def test_an_update_that_failed_is_done_again(ready):
    requirements = ready.course / "requirements" / "lab.txt"
    requirements.write_text("# changed\n")
    assert ready.setup(FAKE_UV_SAYS="half of it is installed").returncode == 1
    requirements.write_text("")  # as it was when the stamp was written
    ready.assert_rebuilt("An earlier set-up did not finish")


def test_a_damaged_stamp_is_no_stamp(ready):
    (ready.venv / "cnnlib.json").write_text('{"level": "lab", "dig')
    ready.assert_rebuilt("An earlier set-up did not finish")


def test_a_removed_interpreter_is_noticed(ready):
    (ready.venv / "bin" / "python").unlink()
    (ready.venv / "bin" / "python").symlink_to("/nowhere/python3")
    ready.assert_rebuilt("its Python is gone")


def test_a_removed_package_is_noticed(ready):
    shutil.rmtree(next(ready.venv.glob("lib/python*/site-packages/jupyterlab")))
    ready.assert_rebuilt("jupyterlab cannot be found")


def test_a_moved_folder_is_noticed(ready):
    moved = ready.course.with_name("a folder with spaces")
    ready.course.rename(moved)
    ready.course, ready.venv = moved, moved / ".venv"
    ready.assert_rebuilt("The folder has moved")
    assert ready.stamp()["root"] == str(moved)


@pytest.mark.parametrize("content", ["file", "folder", "nothing"])
def test_whatever_stands_in_the_place_of_venv_is_replaced(machine, content):
    machine.python()
    machine.uv()
    if content == "file":
        machine.venv.write_text("an-environment-of-another-tool\n")
    else:
        machine.venv.mkdir()
        if content == "folder":
            (machine.venv / "bin").mkdir()
            (machine.venv / "bin" / "python").symlink_to("/nowhere")
    machine.assert_rebuilt("An earlier set-up did not finish")


def test_a_link_to_another_disk_is_kept(machine, tmp_path):
    machine.python()
    machine.uv()
    (tmp_path / "elsewhere").mkdir()
    machine.venv.symlink_to(tmp_path / "elsewhere")
    assert machine.setup().returncode == 0
    assert machine.venv.is_symlink() and (tmp_path / "elsewhere" / "cnnlib.json").exists()


def test_an_activated_environment_can_be_rebuilt(ready):
    ready.path.insert(0, ready.venv / "bin")
    assert ready.setup().stdout == ""
    (ready.venv / "cnnlib.json").unlink()
    ready.assert_rebuilt("An earlier set-up did not finish")


def test_another_python_is_taken_when_it_is_asked_for(ready):
    stamp = ready.stamp() | {"python": [3, 10]}
    (ready.venv / "cnnlib.json").write_text(json.dumps(stamp))
    assert ready.setup().stdout == ""
    assert "Another Python is asked for" in ready.setup(PYTHON="python3").stdout


def test_two_set_ups_at_once_wait_for_each_other(machine):
    machine.python()
    machine.uv()
    options = {
        "env": {"PATH": str(machine.bin), "FAKE_UV_CALLS": str(machine.calls)},
        "cwd": machine.course,
        "stdout": subprocess.PIPE,
        "text": True,
    }
    runs = [subprocess.Popen([SH, "tools/setup.sh", "lab"], **options) for _ in range(2)]
    texts = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert "".join(texts).count("Setting up .venv with uv") == 1


def test_the_news_of_jupyterlab_are_switched_off(ready):
    config = json.loads((ready.venv / "etc/jupyter/labconfig/page_config.json").read_text())
    assert config["disabledExtensions"] == {"@jupyterlab/apputils-extension:announcements": True}

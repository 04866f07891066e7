"""make lab on a machine that lacks something: the message names what is missing and the command that mends it."""

import ast
import sys
from pathlib import Path

import pytest
from machine import Machine

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


# ---- Python


def test_without_python_the_message_names_the_commands_that_install_it(machine):
    result = machine.setup()
    assert result.returncode == 1
    for command in ("sudo apt install python3 python3-venv", "sudo dnf install python3", "brew install python"):
        assert command in result.stderr
    assert "no Python was found" in result.stderr


def test_an_old_python_is_named_with_its_version(machine):
    machine.program("python3", "echo old 3.9.18")
    result = machine.setup()
    assert result.returncode == 1
    assert "python3 is Python 3.9.18" in result.stderr and "3.11 or newer" in result.stderr


def test_a_newer_python_beside_an_old_one_is_found(machine):
    machine.program("python3", "echo old 3.9.18")
    machine.python("python3.12")
    machine.uv()
    assert machine.setup().returncode == 0
    assert machine.stamp()["level"] == "lab"


def test_a_python_that_does_not_run_is_passed_over(machine):
    machine.program("python3", "exit 127")  # as a pyenv shim without a version, or the stub of macOS
    machine.python("python3.11")
    machine.uv()
    assert machine.setup().returncode == 0


def test_uv_without_any_python_is_asked_for_one(machine):
    machine.uv()
    result = machine.setup()
    assert result.returncode == 1
    assert "uv fetches one" in result.stdout and "no Python was found" in result.stderr
    assert "python install 3.13" in machine.calls.read_text()


@pytest.mark.parametrize("name", ["bootstrap.py", "install.py", "levels.py"])
def test_an_old_python_can_read_the_script(name):
    source = (ROOT / "tools" / name).read_bytes()
    assert source.isascii()  # Python 2 wants an encoding line otherwise
    tree = ast.parse(source, feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.YieldFrom, ast.Nonlocal)
    for node in ast.walk(tree):
        assert not isinstance(node, (*newer, ast.Starred)), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            assert not (node.returns or node.args.kwonlyargs), f"line {node.lineno}"


def test_an_old_python_that_runs_the_script_is_told(machine, monkeypatch):
    machine.python(prelude="import sys; sys.version_info = (3, 8, 10)")
    result = machine.setup()
    assert result.returncode == 1 and "Python 3.8 is too old" in result.stderr and "Traceback" not in result.stderr


# ---- what else a machine may lack


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_without_venv_or_ensurepip_the_package_that_brings_it_is_named(machine, module):
    machine.python(prelude=f"import sys; sys.modules[{module!r}] = None")
    result = machine.setup()
    assert result.returncode == 1
    assert f"sudo apt install python3.{sys.version_info[1]}-venv" in result.stderr
    assert not machine.venv.exists()


def test_uv_needs_neither(machine):
    machine.python(prelude="import sys; sys.modules['ensurepip'] = None")
    machine.uv()
    assert machine.setup().returncode == 0


def test_a_full_disk_is_noticed_before_anything_is_written(machine):
    machine.python(prelude="""
import shutil, types
shutil.disk_usage = lambda path: types.SimpleNamespace(free=3 * 10**8)""")
    machine.uv()
    result = machine.setup()
    assert result.returncode == 1
    assert "about 1 GB" in result.stderr and "0.3 GB left" in result.stderr and "df -h" in result.stderr
    assert not machine.venv.exists() and machine.installed() == []


def test_a_folder_without_write_permission_is_named(machine):
    machine.python(prelude="""
import os
def refuse(path):
    raise PermissionError(13, "Permission denied", path)
os.makedirs = refuse""")
    machine.uv()
    result = machine.setup()
    assert result.returncode == 1 and f"No permission to write {machine.venv}" in result.stderr


PIP_OFFLINE = """WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)'
ERROR: Could not find a version that satisfies the requirement anyio==4.16.0 (from versions: none)
ERROR: No matching distribution found for anyio==4.16.0"""
UV_OFFLINE = "error: Request failed after 3 retries\n  cause: error sending request for url\n  cause: dns error"


@pytest.mark.parametrize(
    "text, expected",
    [
        (PIP_OFFLINE, "Only the first set-up needs the network"),
        (UV_OFFLINE, "Only the first set-up needs the network"),
        ("ERROR: [Errno 28] No space left on device", "The disk is full"),
        ("error: failed to write (os error 28)", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the file that was tested"),
        ("error: Hash mismatch for `anyio==4.16.0`", "not the file that was tested"),
        ("a failure nobody has seen", "The set-up failed.\n  | a failure nobody has seen"),
    ],
)
def test_a_failed_installation_says_why_and_the_next_one_starts_afresh(machine, text, expected):
    machine.python()
    machine.uv()
    result = machine.setup(FAKE_UV_SAYS=text)
    assert result.returncode == 1 and expected in result.stderr and "Traceback" not in result.stderr
    assert text in (machine.venv / "install.log").read_text()
    machine.assert_rebuilt("An earlier set-up did not finish")


# ---- settings for other work


@pytest.mark.parametrize("variables", [{"PYTHONSAFEPATH": "1"}, {"UV_REQUIRE_HASHES": "1"}], ids=str)
def test_settings_that_were_made_for_other_work_do_no_harm(machine, variables):
    """The first hides the scripts from each other; under the second uv refuses cnnlib, which has no hash."""
    machine.python()
    machine.uv()
    result = machine.setup(**variables)
    assert result.returncode == 0, result.stderr
    assert machine.stamp()["level"] == "lab"


@pytest.mark.parametrize("name", ["PYTHONSAFEPATH", "PYTHONWARNINGS", "UV_REQUIRE_HASHES", "PIP_REQUIRE_HASHES"])
def test_no_such_setting_reaches_the_installers(machine, name, tmp_path):
    machine.program("python3", f'case $1 in -c) echo "fits $0" ;; *) export -p > "{tmp_path}/handed" ;; esac')
    assert machine.setup(**{name: "1", "KEPT": "1"}).returncode == 0
    handed = (tmp_path / "handed").read_text()
    assert "KEPT" in handed and name not in handed


# ---- places


@pytest.mark.parametrize("name", ["pa$h", "co:lon"])
def test_a_path_that_no_environment_can_have_is_named_before_anything_is_written(tmp_path, name):
    (tmp_path / name).mkdir()
    machine = Machine(tmp_path / name)
    machine.bin = tmp_path / "bin"  # PATH cannot hold such a folder either
    machine.bin.mkdir()
    machine.path = [machine.bin]
    machine.python()
    machine.uv()
    result = machine.setup()
    assert result.returncode == 1 and "Move the course into a folder without it" in result.stderr
    assert str(machine.course) in result.stderr and not machine.venv.exists()


def test_a_home_that_cannot_be_made_is_replaced_by_the_environment(machine, tmp_path):
    (tmp_path / "file").touch()
    machine.python()
    uv = f'exec "{sys.executable}" "{ROOT}/tests/fake_uv.py" "$@"'
    machine.program("uv", f'echo "$HOME" >> "{tmp_path}/homes"\n{uv}')
    result = machine.setup(HOME=str(tmp_path / "file" / "home"))
    assert result.returncode == 0, result.stderr
    assert str(machine.venv) in (tmp_path / "homes").read_text().splitlines()


def test_a_package_whose_files_are_gone_is_missed_though_its_folder_is_there(machine):
    machine.python()
    machine.uv()
    assert machine.setup().returncode == 0
    (package,) = machine.venv.glob("lib/python*/site-packages/numpy")
    for file in package.iterdir():
        file.unlink()
    machine.assert_rebuilt("numpy cannot be found")

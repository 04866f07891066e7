"""What git has: the files, that they agree with each other, and that no link or address leads astray."""

import json
import posixpath
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.parse
from pathlib import Path

import pytest
import yaml
from machine import LEVELS as TABLE
from packaging.requirements import Requirement
from rattler import MatchSpec

ROOT = Path(__file__).resolve().parents[1]
LEVELS = TABLE["LEVELS"]
FILES = [
    *("README.md", "README.zh.md", "CONTRIBUTING.md", "LICENSE", "CITATION.cff", "CHANGELOG.md"),
    *("Makefile", "pyproject.toml", "environment.yml", ".ci/run"),
    *("requirements/lab.txt", "requirements/lecture.txt", "requirements/book.txt"),
    *("requirements/site.txt", "requirements/test.txt", "requirements/all.txt"),
    *("cnnlib/__init__.py", "cnnlib/digits/LICENSE.md", "tools/setup.sh", "tools/bootstrap.py"),
    *("benchmarks/accuracy.py", "notebooks/00_start_here.ipynb", "notebooks/12_watch_lenet_learn.ipynb"),
]
# Written so that no pattern matches itself. A path is absolute where nothing that could begin it stands before it.
ADDRESS = re.compile(
    r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|conda[.]anaconda|deb[.]debian|index-[u]rl|find-[l]inks"
    r"|(?<![\w./:~$})>*-])/(?:home|root|Users|work|mnt|srv|opt|tmp)/\w|[A-Z]:\\+Users"
)
LINK = re.compile(r"\]\(<?([^()\s<>]+)>?(?:\s+\"[^\"]*\")?\)|(?:src|href)=\"([^\"]+)\"")


@pytest.fixture(scope="module")
def names(in_git):
    """Path of every file that git has, relative to the repository."""
    return {path.relative_to(in_git).as_posix() for path in in_git.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def project(in_git):
    return tomllib.loads((in_git / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def environment(in_git):
    return yaml.safe_load((in_git / "environment.yml").read_text(encoding="utf-8"))


def ranges(requirements):
    """Package name to range, as text."""
    return {requirement.name: str(requirement.specifier) for requirement in map(Requirement, requirements)}


# ---- the files


@pytest.mark.parametrize("name", FILES)
def test_git_has(name, names):
    assert name in names


def test_the_environment_is_never_committed(names):
    assert not [name for name in names if name.startswith(".venv/") or name.endswith("uv.lock")]
    assert {".venv/", "uv.lock"} <= set((ROOT / ".gitignore").read_text().split())


def test_ci_script_runs_without_a_shell_named(in_git):
    assert (in_git / ".ci" / "run").stat().st_mode & 0o100
    subprocess.run(["bash", "-n", in_git / ".ci" / "run"], check=True)


@pytest.mark.parametrize("code", ["def test_it(): pytest.skip('why')", "pytest.importorskip('no', reason='why')"])
def test_a_skip_fails_where_ci_looks(tmp_path, code):
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_skip.py").write_text(f"import pytest\n{code}\n")
    (tmp_path / "test_pass.py").write_text("def test_it(): pass\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", tmp_path, f"--rootdir={tmp_path}"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    result = subprocess.run([*command, "--no-skips", "-n1"], capture_output=True, text=True)
    assert result.returncode != 0 and "skipped under --no-skips" in result.stdout and "why" in result.stdout


# ---- that they agree


def test_citation_has_what_the_format_wants_and_the_version_of_the_package(in_git, project):
    citation = yaml.safe_load((in_git / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["version"] == project["version"]
    assert citation["authors"] and all({"name", "family-names"} & set(author) for author in citation["authors"])


def test_changelog_has_the_version(in_git, project):
    assert f"\n## {project['version']}" in (in_git / "CHANGELOG.md").read_text(encoding="utf-8")


def test_conda_reads_every_line_of_the_environment(environment):
    assert environment["name"] == "cnnlib" and environment["channels"][0] == "conda-forge"
    specs = [line for line in environment["dependencies"] if isinstance(line, str)]
    for line in specs:
        assert MatchSpec(line).name.normalized == re.match(r"[\w-]+", line)[0]
    assert {"pip": ["-e ."]} in environment["dependencies"]


def test_environment_and_pyproject_name_the_same_packages_and_ranges(environment, project):
    lines = [MatchSpec(line) for line in environment["dependencies"] if isinstance(line, str)]
    conda = {line.name.normalized: str(line.version or "") for line in lines}
    extras = project["optional-dependencies"]
    lab = ranges(project["dependencies"] + extras["lab"] + extras["mnist"])
    assert conda == lab | {"python": project["requires-python"], "pip": ""}


def locked(in_git, level):
    """The entries of a level's file, without those of the file it builds on."""
    text = (in_git / "requirements" / f"{level}.txt").read_text(encoding="utf-8")
    return [line.removesuffix(" \\") for line in text.splitlines() if not line.startswith((" ", "-r"))]


@pytest.mark.parametrize("level", LEVELS)
def test_the_lock_holds_names_versions_and_hashes_only(in_git, level):
    text = (in_git / "requirements" / f"{level}.txt").read_text(encoding="utf-8")
    entry = r"[a-z0-9-]+==[\w.]+( ; [\w\s.'<>=!()*]+)? \\"
    line = rf"{entry}|    --hash=sha256:[0-9a-f]{{64}}( \\)?|-r (lab|lecture|book|site|test)\.txt"
    assert [wrong for wrong in text.splitlines() if not re.fullmatch(line, wrong)] == []
    assert re.search(rf"({entry}\n)(?!    --hash)", text) is None  # nothing without a hash


def test_the_lock_fits_pyproject(in_git, project):
    """A package that pyproject.toml names is locked at the level that needs it, within its range."""
    extras, pins = project["optional-dependencies"], []
    for level, added, _ in TABLE["ADDED"]:
        pins += map(Requirement, locked(in_git, level))
        wanted = [line for extra in added for line in extras[extra]]
        for requirement in map(Requirement, wanted + project["dependencies"]):
            found = [pin for pin in pins if pin.name == requirement.name]
            assert found, f"{requirement.name} is not locked: make lock"
            for pin in found:
                assert requirement.specifier.contains(str(pin.specifier).removeprefix("==")), f"{pin}: make lock"


def test_every_extra_belongs_to_one_level_and_every_level_has_its_file(in_git, names, project):
    assert sorted(TABLE["extras"]("all")) == sorted(project["optional-dependencies"])
    files = {name for name in names if name.startswith("requirements/")}
    assert files == {f"requirements/{level}.txt" for level in LEVELS}
    assert TABLE["extras"]("site") == ["mnist", "lab", "lecture", "book", "site"]
    makefile = (in_git / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"setup\.sh (\w+)", makefile)) == set(LEVELS)


def test_a_package_is_locked_in_one_file(in_git):
    levels = [{Requirement(line).name for line in locked(in_git, level)} for level in LEVELS]
    assert sum(map(len, levels)) == len(set.union(*levels))


# ---- links and addresses


def test_no_text_names_a_registry_or_a_path_of_one_machine(in_git, names):
    wrong = []
    for name in sorted(names):
        content = (in_git / name).read_bytes()
        if b"\0" not in content:
            wrong += [f"{name}: {found[0]}" for found in ADDRESS.finditer(content.decode("utf-8"))]
    assert wrong == []


def prose(in_git, names):
    """(file, text) of everything that a reader follows links in, code and formulas left out."""
    for name in sorted(names):
        text = ""
        if re.fullmatch(r"[A-Z][\w.]*\.md", name):
            text = (in_git / name).read_text(encoding="utf-8")
        elif name.endswith(".ipynb"):
            cells = json.loads((in_git / name).read_text(encoding="utf-8"))["cells"]
            text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        yield name, re.sub(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$", "", text, flags=re.DOTALL)


def test_every_relative_link_leads_to_a_file_in_git(in_git, names):
    folders = {parent.as_posix() for name in names for parent in Path(name).parents}
    broken = []
    for name, text in prose(in_git, names):
        for link in ("".join(groups) for groups in LINK.findall(text)):
            address = urllib.parse.urlsplit(link)
            if address.scheme or address.netloc or not address.path:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), urllib.parse.unquote(address.path)))
            if target not in names | folders:
                broken.append(f"{name}: {link}")
    assert broken == []

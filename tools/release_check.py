"""Builds wheel and sdist, installs each into an empty environment outside the clone, and uses it there.

usage: .venv/bin/python tools/release_check.py        (make release-check; needs the network for the packages)

What a reader gets from an index is tried from end to end: the command and its version, the copy of the notebooks,
an upgrade beside an edited notebook, JupyterLab's answer, one notebook run cold, and the doctor. The folder has a
space and letters that are not ASCII in its name. The archives stay in build/release.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "release"
NOTEBOOK = "01_correlation_is_not_convolution.ipynb"
ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/lab/tree/notebooks/00_start_here\.ipynb\?token=(\S+)")


def main() -> str | None:
    wheel, sdist = build()
    with tempfile.TemporaryDirectory(prefix="ein Ordner für cnnlib ") as scratch:
        again = OUT / "from-sdist"
        build_again = [*pip(sys.executable), "wheel", "-q", "--no-deps", "-w", again, sdist]
        subprocess.run(build_again, check=True, cwd=scratch)
        [rebuilt] = again.glob("*.whl")
        if contents(rebuilt) != contents(wheel):
            return f"The wheel made from the sdist differs: {sorted(contents(rebuilt) ^ contents(wheel))[:5]}"
        print("The sdist builds the same wheel.", flush=True)
        python = environment(Path(scratch, "env"), wheel)
        try:
            use(python, Path(scratch))
        except (AssertionError, subprocess.CalledProcessError) as error:
            return f"release-check failed: {error}"
    print(f"Both archives work. They are in {OUT}")
    return None


def build() -> tuple[Path, Path]:
    """(wheel, sdist), built as an installer builds them; setuptools has a process of its own."""
    for old in (OUT, ROOT / "build" / "lib"):  # setuptools would pack what an older build has left in lib
        shutil.rmtree(old, ignore_errors=True)
    OUT.mkdir(parents=True)
    code = "import sys; from setuptools import build_meta as b; o = sys.argv[1]; b.build_wheel(o), b.build_sdist(o)"
    done = subprocess.run([sys.executable, "-c", code, OUT], cwd=ROOT, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"setuptools did not build:\n{done.stderr[-2000:]}")
    [wheel], [sdist] = OUT.glob("*.whl"), OUT.glob("*.tar.gz")
    for path in (wheel, sdist):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB", flush=True)
    return wheel, sdist


def contents(wheel: Path) -> set[tuple[str, int]]:
    """(name, checksum) of everything in it, its own record aside."""
    with zipfile.ZipFile(wheel) as archive:
        entries = archive.infolist()
    return {(entry.filename, entry.CRC) for entry in entries if not entry.filename.endswith("RECORD")}


def pip(python) -> list[str]:
    return [str(python), "-m", "pip", "--disable-pip-version-check"]


def environment(folder: Path, wheel: Path) -> Path:
    """The Python of a new environment with ``cnnlib[lab]`` in it."""
    requirement = f"cnnlib[lab] @ {wheel.as_uri()}"
    if shutil.which("uv"):
        subprocess.run(["uv", "venv", "-q", "--no-project", "--python", sys.executable, folder], check=True)
        python = _python(folder)
        subprocess.run(["uv", "pip", "install", "-q", "--python", python, requirement], check=True, cwd=folder)
    else:
        venv.create(folder, with_pip=True)
        python = _python(folder)
        subprocess.run([*pip(python), "install", "-q", requirement], check=True, cwd=folder)
    return python


def _python(folder):
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def use(python: Path, folder: Path) -> None:
    """What a learner does, step by step. AssertionError or CalledProcessError where a step goes wrong."""
    foreign = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    own = {name: value for name, value in os.environ.items() if name not in foreign}
    own["HOME"] = str(folder)

    def call(*words, **options):
        usual = {"cwd": folder, "env": own, "encoding": "utf-8", "stdout": subprocess.PIPE, "check": True}
        return subprocess.run([python.parent / "cnnlib", *words], **usual | options).stdout

    told = call("--version")
    assert str(ROOT) not in told, f"the clone is used, not the archive: {told}"
    print(told, end="")
    read_only(python.parents[1], True)
    try:
        call("copy")
        course = folder / "cnnlib-course" / "notebooks"
        for name in ("[0-9]*.ipynb", "solutions/[0-9]*.ipynb"):
            found = len(list(course.glob(name)))
            assert found == len(list((ROOT / "notebooks").glob(name))), f"of {name}, only {found} were copied"
        print("All notebooks and solutions are copied.")
        an_upgrade_keeps(course, call)
        jupyterlab_answers(python, folder, own)
        run = [python, "-m", "jupyter", "execute", course / NOTEBOOK]
        subprocess.run(run, cwd=folder, env=own, check=True, stderr=subprocess.DEVNULL)
        print(f"{NOTEBOOK} runs.")
        assert "usage" in call("doctor", "--help").lower(), "the doctor does not answer"
        print("The doctor answers.")
    finally:
        read_only(python.parents[1], False)


def read_only(folder: Path, on: bool) -> None:
    """Take the write permission from an environment, or give it back. Root may write all the same."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode & ~0o222 if on else mode | 0o200)


def an_upgrade_keeps(course: Path, call) -> None:
    """Edit a notebook as if it came from an older version, and bring the folder up to date."""
    path, record = course / NOTEBOOK, course.parent / ".cnnlib" / "laid.json"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = ["# My own notes"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    laid = json.loads(record.read_text(encoding="utf-8"))
    laid[f"notebooks/{NOTEBOOK}"]["from"] = "that of an older version"
    record.write_text(json.dumps(laid), encoding="utf-8")
    told = call("copy")
    beside = list(course.glob("01_*.new-in-*.ipynb"))
    assert len(beside) == 1 and beside[0].name in told, "the newer version was not laid beside"
    assert "# My own notes" in path.read_text(encoding="utf-8"), "an edited notebook was overwritten"
    print("An edited notebook survives an upgrade.")


def jupyterlab_answers(python: Path, folder: Path, own: dict[str, str]) -> None:
    """Start the course without a browser, ask for its page, and end it with Ctrl-C's signal."""
    command = [python.parent / "cnnlib", "--no-browser"]
    with subprocess.Popen(command, cwd=folder, env=own, encoding="utf-8", stdout=subprocess.PIPE) as process:
        try:
            found = next(filter(None, map(ADDRESS.search, process.stdout)), None)
            assert found, "JupyterLab gave no address"
            with urllib.request.urlopen(f"{found[1]}/api/contents/notebooks?token={found[2]}") as answer:
                names = [entry["name"] for entry in json.load(answer)["content"]]
            assert NOTEBOOK in names, f"JupyterLab shows {names}"
        finally:
            process.terminate()
            process.communicate(timeout=30)
    print("cnnlib opens the course in JupyterLab.")


if __name__ == "__main__":
    sys.exit(main())

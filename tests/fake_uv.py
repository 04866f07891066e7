"""A stand-in for uv in test_bootstrap.py: makes a real empty environment and puts stub packages into it.

It notes every call in the file FAKE_UV_CALLS. FAKE_UV_SAYS=TEXT makes installing from a lock fail with that text.
"""

import os
import subprocess
import sys
from pathlib import Path

STUBS = {
    "lab": ["numpy", "matplotlib", "ipywidgets", "jupyterlab", "pip"],
    "lecture": ["jupyterlab_slideshow"],
    "book": ["sphinx", "myst_nb", "sphinx_book_theme"],
    "site": ["jupyterlite_core", "jupyterlite_pyodide_kernel"],
    "test": ["pytest", "xdist", "hypothesis", "ruff"],
    "all": ["playwright"],
}


def main(arguments):
    with open(os.environ["FAKE_UV_CALLS"], "a") as calls:
        print(*arguments, file=calls)
    if arguments[0] == "venv":
        python = arguments[arguments.index("--python") + 1]
        subprocess.run([python, "-m", "venv", "--without-pip", arguments[-1]], check=True)
    elif arguments[:2] == ["pip", "install"]:
        locked = "--requirement" in arguments
        if locked and "FAKE_UV_SAYS" in os.environ:
            sys.exit(os.environ["FAKE_UV_SAYS"])
        stub(Path(arguments[arguments.index("--python") + 1]), arguments[-1])
    elif arguments[:2] in (["python", "find"], ["python", "install"]):
        sys.exit("error: No interpreter found")


def stub(python, target):
    """Empty packages: those of a lock's level; cnnlib itself for `--editable .`."""
    if target.startswith("requirements"):
        steps = list(STUBS)[: list(STUBS).index(Path(target).stem) + 1]
        names = [name for step in steps for name in STUBS[step]]
    else:
        names = ["cnnlib"] + [name for step in STUBS.values() for name in step] * (target == "pip")
    packages = next((python.parents[1] / "lib").glob("python*")) / "site-packages"
    for name in names:
        (packages / name).mkdir(exist_ok=True)
        (packages / name / "__init__.py").touch()


if __name__ == "__main__":
    main(sys.argv[1:])

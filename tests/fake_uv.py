"""A stand-in for uv in test_bootstrap.py: makes a real empty environment and puts stub packages into it.

It notes every call in the file FAKE_UV_CALLS. FAKE_UV_SAYS=TEXT makes installing from a lock fail with that text.
As uv does it, it refuses what comes without a hash where UV_REQUIRE_HASHES is set.
"""

import os
import subprocess
import sys
from pathlib import Path

from machine import LEVELS


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
        if "--require-hashes" not in arguments and os.environ.get("UV_REQUIRE_HASHES"):
            sys.exit("error: In `--require-hashes` mode, all requirements must have a hash")
        stub(Path(arguments[arguments.index("--python") + 1]), arguments[-1])
    elif arguments[:2] in (["python", "find"], ["python", "install"]):
        sys.exit("error: No interpreter found")


def stub(python, target):
    """Empty packages: those of a lock's level; cnnlib itself for `--editable .`."""
    if target.startswith("requirements"):
        names = [name for name in LEVELS["modules"](Path(target).stem) if name != "cnnlib"]
    else:
        names = LEVELS["modules"]("all") if target == "pip" else ["cnnlib"]
    packages = next((python.parents[1] / "lib").glob("python*")) / "site-packages"
    for name in names:
        (packages / name).mkdir(exist_ok=True)
        (packages / name / "__init__.py").touch()


if __name__ == "__main__":
    main(sys.argv[1:])

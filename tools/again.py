"""Run the screen tests whose file failed once more, one file after the other and nothing else beside them.

usage: python tools/again.py [ARGUMENT FOR PYTEST …]     after a run of pytest that failed

A browser paints when it can, and on a busy machine a wait may be in vain. So a file of screen tests has a second
try: whole, since its tests share a page. What failed in both fails; what failed once is named. All other tests have
one try.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FAILED = ROOT / ".pytest_cache/v/cache/lastfailed"
SECOND_TRY = "_screen.py"


def files_of(failed: list[str]) -> list[str]:
    """The files of these tests; ValueError where there is none, or one that has no second try."""
    files = sorted({test.partition("::")[0] for test in failed})
    final = [file for file in files if not file.endswith(SECOND_TRY)]
    if final or not files:
        raise ValueError(f"no second try for {', '.join(final) or 'a run that named no failed test'}")
    return files


def main(arguments: list[str]) -> int:
    failed = sorted(json.loads(FAILED.read_text(encoding="utf-8"))) if FAILED.exists() else []
    try:
        files = files_of(failed)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print("Failed once, tried again alone:", *failed, sep="\n  ", flush=True)
    command = [sys.executable, "-m", "pytest", "-n0", "-m", "browser or slow", *arguments, *files]
    return subprocess.run(command, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

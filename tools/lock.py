"""Rebuilds requirements/ from pyproject.toml: names, versions and hashes for every platform, no addresses.

usage: python tools/lock.py        (make lock; needs uv and the network)

Everything is resolved together, so that a package has one version whoever asks for it. Each file names only
what its level adds: lecture.txt begins with `-r lab.txt`, book.txt with `-r lecture.txt`.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from levels import LEVELS, extras

ROOT = Path(__file__).resolve().parents[1]


def compile_(level: str, wanted: str, *options: str) -> str:
    """The resolved requirements of pyproject.toml with the extras of a level, and of the lines in `wanted`."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version=3.11"]
    command += ["--no-annotate", "--no-header", *(f"--extra={extra}" for extra in extras(level))]
    command += [*options, "pyproject.toml", "-"]
    return subprocess.run(command, cwd=ROOT, input=wanted, text=True, stdout=subprocess.PIPE, check=True).stdout


def blocks(text: str) -> dict[str, list[str]]:
    """Package name to its entries; a package has several where versions differ by Python."""
    found: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?=[a-z0-9])", text.strip()):
        found.setdefault(re.match(r"[a-z0-9.-]+", entry)[0], []).append(entry)
    return found


def main() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    wanted = "\n".join([*build, "pip"])  # pip, so that %pip works in a notebook whoever made .venv
    whole = compile_(LEVELS[-1], wanted, "--generate-hashes")
    if "://" in whole:
        sys.exit("The lock would name an address; nothing was written.")
    entries, done, above = blocks(whole), set(), ""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pins:
        pins.write("\n".join(line.removesuffix(" \\") for line in whole.splitlines() if line[0] != " "))
        pins.flush()
        for level in LEVELS:
            names = set(blocks(compile_(level, wanted, f"--constraint={pins.name}"))) - done
            lines = [f"-r {above}.txt"] * bool(above) + [entry for name in sorted(names) for entry in entries[name]]
            (ROOT / "requirements" / f"{level}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
            print(f"requirements/{level}.txt: {len(names)} packages")
            done, above = done | names, level


if __name__ == "__main__":
    main()

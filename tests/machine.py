"""A machine with little on it, for the tests of the set-up: a copied course, a PATH of stand-ins, no network."""

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ["setup.sh", "bootstrap.py", "install.py", "levels.py"]
LEVELS = runpy.run_path(str(ROOT / "tools" / "levels.py"))
SH = shutil.which("sh")
RUN = """
import runpy, sys
sys.argv.pop(0)
sys.path.insert(0, "tools")
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Machine:
    """A copy of what the set-up reads, in a folder of its own; PATH holds only what a test puts there."""

    def __init__(self, tmp_path):
        self.course, self.bin, self.calls = tmp_path / "course", tmp_path / "bin", tmp_path / "calls"
        self.bin.mkdir()
        (self.course / "requirements").mkdir(parents=True)
        (self.course / "tools").mkdir()
        for name in SCRIPTS:
            shutil.copy(ROOT / "tools" / name, self.course / "tools")
        (self.course / "pyproject.toml").write_text("[project]\n")
        for level in LEVELS["LEVELS"]:
            (self.course / "requirements" / f"{level}.txt").touch()
        self.venv = self.course / ".venv"
        self.path = [self.bin]

    def program(self, name, text):
        file = self.bin / name
        file.write_text(f"#!{SH}\n{text}\n")
        file.chmod(0o755)

    def python(self, name="python3", prelude=""):
        """A Python that fits; `prelude` is code that it runs before the script, to take something away from it."""
        if not prelude:
            return self.program(name, f'exec "{sys.executable}" "$@"')
        (self.bin / "prelude.py").write_text(prelude + RUN)
        self.program("inner", f'exec "{sys.executable}" "{self.bin}/prelude.py" "$@"')
        self.program(name, f'echo "fits {self.bin}/inner"')

    def uv(self):
        self.program("uv", f'exec "{sys.executable}" "{ROOT}/tests/fake_uv.py" "$@"')

    def setup(self, level="lab", **variables):
        path = os.pathsep.join(map(str, self.path))
        self.calls.write_text("")
        environment = {"PATH": path, "HOME": str(self.course), "FAKE_UV_CALLS": str(self.calls), **variables}
        command = [SH, "tools/setup.sh", level]
        return subprocess.run(command, cwd=self.course, env=environment, capture_output=True, text=True, timeout=60)

    def installed(self):
        return [line for line in self.calls.read_text().splitlines() if line.startswith(("pip", "venv"))]

    def stamp(self):
        return json.loads((self.venv / "cnnlib.json").read_text())

    def assert_rebuilt(self, reason):
        """The next set-up says `reason` and starts from an empty environment."""
        result = self.setup()
        assert result.returncode == 0, result.stderr
        assert reason in result.stdout and "Setting up .venv" in result.stdout
        assert self.installed()[0].startswith("venv")

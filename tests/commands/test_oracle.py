"""`make oracle` where PyTorch is missing: it says so, and how to get one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("missing", ["torch", "numpy"])
def test_without_pytorch_it_says_how_to_get_one_and_fails(missing):
    hidden = f"import sys, runpy; sys.modules[{missing!r}] = None; runpy.run_path('benchmarks/oracle.py')"
    run = [sys.executable, "-c", hidden]
    done = subprocess.run(run, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout == ""
    assert f"{sys.executable} has no {missing}" in done.stderr and "Traceback" not in done.stderr
    assert "pip install torch numpy" in done.stderr and "make oracle PYTHON=" in done.stderr
    assert "//" not in done.stderr  # no registry's address

"""What a figure was measured on: processor, cores, memory, and the versions of all that took part."""

import json
import os
import platform
import re
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np

import cnnlib

TORCH = "import numpy, torch; print(torch.__version__)"


def machine() -> str:
    """For example "AMD EPYC, 2 cores, 23 GB"."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB"


def versions(torch: str | None) -> dict:
    """{program: version}, with None for what was not found; ``torch`` is a Python that has PyTorch."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "cnnlib": cnnlib.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": f"{blas['name']} {blas['version']}",
        "blas threads": os.environ.get("OPENBLAS_NUM_THREADS", "as many as it likes"),
        "pytorch": _printed([torch, "-c", TORCH]) if torch else None,
    }


def python_with_torch(asked: str | None) -> str | None:
    """A Python with PyTorch and NumPy: ``asked``, else this one or python3, else None.

    SystemExit where the one that was asked for has not both.
    """
    if asked:
        if _printed([asked, "-c", TORCH]) is None:
            raise SystemExit(f"{asked} has no torch or no numpy; pip install torch numpy")
        return asked
    return next((python for python in (sys.executable, "python3") if _printed([python, "-c", TORCH])), None)


def peak_memory() -> float:
    """MB that this process has taken at the most, Python and libraries included."""
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s*(\d+) kB", status.read_text())):
        return int(found[1]) / 1e3
    # The peak of getrusage counts what the parent had when it started this process: on Linux it says too much.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)  # macOS counts in bytes, the others in kB


def print_peak_memory() -> None:
    """A line of JSON for the process that started this one."""
    print(json.dumps({"peak_mb": round(peak_memory(), 1)}), flush=True)


def _processor():
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists() and (found := re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text())):
        return found[1].strip()
    return platform.processor() or platform.machine()


def _printed(command):
    """What a command prints, or None where it cannot be run."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None

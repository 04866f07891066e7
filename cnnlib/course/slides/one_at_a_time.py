"""A lock between processes, held on an open file, on POSIX systems and on Windows."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Wait until no other process holds ``path``, and hold it; the end of the process releases it, too."""
    with open(path, "wb") as file:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX)
        else:
            _wait_on_windows(file)
        yield


def _wait_on_windows(file):
    """Windows gives up after ten seconds: ask again for as long as a notebook may take."""
    while True:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            return
        except OSError:
            time.sleep(0.1)

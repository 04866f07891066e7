"""One file: checked to be a regular one before it is read, and replaced completely or not at all."""

import contextlib
import os
import stat
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, where a file that is in use cannot be removed anyway
    fcntl = None
if sys.platform == "emscripten":  # in a web page a file reaches its folder when it is closed, and not before
    fcntl = None

PART = ".cnnlib-{}.part"  # a file that is being written; short, so that a long name of the target still fits


def regular_file(path: str | Path) -> Path:
    """The regular file that ``path`` leads to, links followed.

    Raises
    ------
    FileNotFoundError, IsADirectoryError, OSError
        If there is none, or if it is a folder, a pipe or a device: reading a pipe would wait for ever.
    """
    path = Path(path)  # a number would be taken for an open file
    target = Path(os.path.realpath(path))
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        link = f"this is a link to {target}, which does not exist"
        raise FileNotFoundError(f"{path}: {link if path.is_symlink() else 'there is no such file'}") from None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(f"{path}: this is a folder; give the name of a file")
    if not stat.S_ISREG(mode):
        raise OSError(f"{path}: this is a pipe, a device or a socket; give the name of a file")
    return target


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """A binary file to write to; when the block ends without an error it takes the place of ``path`` in one step.

    A link is followed, and the new file has the permissions of the old one.  Unfinished files that a killed process
    left in the folder are removed.

    Raises
    ------
    OSError
        If ``path`` is anything but a regular file or a new name.
    """
    target, mode = _replaceable(path)
    _sweep(target.parent)
    file, part = _open_part(target.parent)
    try:
        yield file
        file.flush()
        os.fsync(file.fileno())
        if mode is not None:
            os.chmod(part, mode)
        if fcntl is None:
            file.close()  # Windows renames no file that is open, and a web page an empty one
        os.replace(part, target)
    except BaseException:
        file.close()
        part.unlink(missing_ok=True)
        raise
    finally:
        file.close()


def _replaceable(path):
    """(the file to replace, its permissions); the permissions are None for a new one."""
    path = Path(path)
    if not os.path.lexists(path):
        if not path.parent.is_dir():
            raise FileNotFoundError(f"{path}: there is no folder {path.parent}")
        return path, None
    target = regular_file(path)
    if not os.access(target, os.W_OK):
        raise PermissionError(f"{path}: this file is write-protected")
    return target, stat.S_IMODE(target.stat().st_mode)


def _open_part(folder):
    """(a new file, its path); locked while it is open, so that no other process removes it as unfinished."""
    while True:
        part = folder / PART.format(uuid.uuid4().hex)
        file = open(part, "xb")  # noqa: SIM115 (it is handed on open)
        if fcntl is None:
            return file, part
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(file, fcntl.LOCK_EX)
        if part.exists():
            return file, part
        file.close()  # another process removed it between the two lines


def _sweep(folder):
    """Remove unfinished files that no process has open any more."""
    for part in folder.glob(PART.format("*")):
        with contextlib.suppress(OSError), open(part, "rb") as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # BlockingIOError: it is being written
                part.unlink()
        if fcntl is None:
            with contextlib.suppress(OSError):  # it is in use
                part.unlink()

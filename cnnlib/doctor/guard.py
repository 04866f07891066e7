"""Limits for somebody else's file that is run as a command: time, memory, no sockets, no writing, no processes.

An audit hook is a guard against accidents and no sandbox: it can be circumvented on purpose.
"""

import contextlib
import os
import signal
import subprocess
import sys
from typing import ClassVar

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
REFUSED = (
    *(f"os.{name}" for name in ("system", "exec", "fork", "posix_spawn", "spawn", "startfile", "kill")),
    *(f"os.{name}" for name in ("remove", "rename", "rmdir", "mkdir", "link", "symlink", "truncate")),
    *(f"os.{name}" for name in ("chmod", "chown")),
    *("socket.", "subprocess.", "shutil.", "ftplib.", "smtplib.", "urllib.", "webbrowser.", "winreg."),
)


class RefusedError(PermissionError):
    """A layer tried something that the guard does not allow; ``attempts`` keeps it, as a layer may catch it."""

    attempts: ClassVar[list[str]] = []

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.attempts.append(sentence)


def refuse(event: str, args: tuple) -> None:
    """The audit hook: PermissionError for sockets, processes and whatever changes a file."""
    if event == "open":
        path, mode, flags = (*args, None, None, None)[:3]
        writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & WRITING)
        if writes and path != os.devnull and not isinstance(path, int):
            raise RefusedError(f"the doctor lets no layer write files; it tried to write {path!r}")
    elif event.startswith(REFUSED) and event != "socket.__new__":
        raise RefusedError(f"the doctor lets no layer do this: {event}")


def limit_memory(megabytes: int) -> bool:
    """Limit this process; False where the system has no such limit."""
    try:
        import resource  # POSIX alone has it
    except ImportError:
        return False
    try:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ValueError, OSError):
        return False
    return True


def stand_guard() -> None:
    """Install the hook in this process, for good."""
    sys.dont_write_bytecode = True
    sys.addaudithook(refuse)


TOLD = 64  # what the child adds, so that a file that ends Python has not said that all is right


def run_apart(command: list[str], seconds: float) -> int:
    """The exit status of the command, run in a process that nobody answers; subprocess.TimeoutExpired.

    Ctrl-C reaches this process alone, where the system allows it, which then ends the other.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # inherited
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        return child.wait(seconds)
    finally:
        child.kill()
        child.wait()


def leave(status: int) -> None:
    """End this process at once, whatever threads the file has started."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(TOLD + status)

"""JupyterLab as a child of the command: it ends with the program that started it, even one that was killed.

usage: python -m cnnlib.course.server [JupyterLab's options]        (its standard input is a pipe from that program)
"""

import os
import signal
import sys
import threading


def main() -> None:
    """Run JupyterLab until it is stopped, or until the pipe ends."""
    threading.Thread(target=_end_with_the_pipe, daemon=True).start()
    from jupyterlab.labapp import main as run

    sys.exit(run())


def _end_with_the_pipe():
    """The system closes the pipe when the program at its other end is gone, whatever ended it."""
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()

"""How a notebook and its kernel speak to each other.

In JupyterLab it is encrypted, wherever the installed libraries can do it. Both sides are on this machine, but other
users of it could listen. ipykernel 7.4 warns of that in the terminal at every notebook that is opened, and
jupyter_client 8.10 brought the means.

A notebook that is run for a deck or the book has sockets in a folder of its own (:func:`own_sockets`). Numbers of
ports are chosen before the kernel takes them: where several kernels start at once, two can choose the same one, and
a kernel that hears a stranger prints "DELIM not in msg_list" into whatever cell is running.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

LONGEST = 90  # characters of a folder's path, so that those of its sockets stay below 104 (macOS; Linux: 108)


def encryption() -> dict[str, dict[str, str]]:
    """Settings of Jupyter's KernelManager, class by class; empty with older versions."""
    import zmq
    from jupyter_client import KernelManager

    able = "transport_encryption" in KernelManager.class_trait_names() and zmq.has("curve")
    return {"KernelManager": {"transport_encryption": "auto"}} if able else {}


@contextmanager
def own_sockets() -> Iterator[dict[str, dict[str, str]]]:
    """Settings of Jupyter's KernelManager: sockets in a folder that is removed afterwards.

    Empty on Windows, which has ports alone, and where the temporary folder's path leaves too few of the hundred
    characters that a system allows for the name of a socket.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        possible = sys.platform != "win32" and len(folder) < LONGEST
        yield {"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}} if possible else {}

"""A port of this machine that a server may listen on."""

import socket
import sys

from . import places

HOST = "127.0.0.1"
USUAL_PORT = 8888


def choose_port(text: str, name: str) -> int:
    """The port asked for, or the first free one. ValueError, in words, where it cannot be had."""
    if not text:
        return free_port(USUAL_PORT)
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise ValueError(f"{text} is not a port number: it must lie between 1024 and 65535.")
    trouble = port_trouble(int(text))
    if trouble:
        raise ValueError(f"Port {text} {trouble}. A free one: {places.say(name, port=free_port(int(text)))}")
    return int(text)


def free_port(start: int) -> int:
    """The first free port among the hundred from `start`, else one that the system picks."""
    for port in range(start, min(start + 100, 65536)):
        if port_trouble(port) is None:
            return port
    try:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            return probe.getsockname()[1]
    except OSError as error:
        raise ValueError(f"No port of {HOST} can be opened ({error}). On Linux, this mends it: "
                         "sudo ip link set lo up") from None


def port_trouble(port: int) -> str | None:
    with socket.socket() as probe:
        if sys.platform != "win32":  # there, the option would let it take the port of another program
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            return "is reserved for the system"
        except OSError:
            return "is in use by another program"
    return None

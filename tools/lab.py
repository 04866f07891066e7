"""Starts JupyterLab at the first notebook, on this machine alone, and stops it on Ctrl-C.

usage: .venv/bin/python tools/lab.py [--port 9000] [--no-browser]        (make lab)

The server listens on 127.0.0.1, wants a token, and asks the network for nothing. Settings made for other servers on
this machine (jupyter_server_config and the like) are left out, since they could move it, open it or break it; the
reader's own JupyterLab settings, such as the theme, are kept.
"""

import argparse
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_core.paths import jupyter_config_dir

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
FIRST = "00_start_here.ipynb"
HOST = "127.0.0.1"
USUAL_PORT = 8888
PATIENCE = 120  # seconds until a server that does not answer is given up; a cold disk may need thirty
TEXT_BROWSERS = {"www-browser", "links", "elinks", "lynx", "w3m"}


def main() -> str | None:
    arguments = parser("Start JupyterLab at the first notebook.").parse_args()
    try:
        return serve(choose_port(arguments.port), Start(browser=not arguments.no_browser))
    except ValueError as error:
        return str(error)


@dataclass(frozen=True)
class Start:
    """What JupyterLab opens with, besides what every start has."""

    browser: bool
    notebook: str = FIRST
    options: dict[str, object] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    told: str = ""  # a line under the address


def parser(description: str) -> argparse.ArgumentParser:
    """The options that every start has."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--port", default="", help="default: the first free one from 8888")
    made.add_argument("--no-browser", action="store_true", help="only print the address")
    return made


def serve(port: int, start: Start) -> str | None:
    """Run JupyterLab until Ctrl-C. Returns None, or what went wrong."""
    token = secrets.token_urlsafe(24)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    print("Starting JupyterLab ...", flush=True)
    # A session of its own: Ctrl-C in the terminal reaches this process only, which then stops the server in order.
    server = subprocess.Popen(
        command(port, start.options),
        cwd=NOTEBOOKS,
        env=environment(token) | start.variables,
        start_new_session=True,
    )
    try:
        if not wait_for_answer(server, port, token):
            return "JupyterLab did not start. Its last words are above; `make clean` and `make lab` start afresh."
        announce(port, token, start)
        if server.wait() != 0:
            return "JupyterLab ended with an error. Its last words are above."
    except KeyboardInterrupt:
        print("\nStopping JupyterLab.", flush=True)
    finally:
        stop(server)
    return None


def choose_port(text: str) -> int:
    """The port asked for, or the first free one. ValueError, in words, where it cannot be had."""
    if not text:
        return free_port(USUAL_PORT)
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise ValueError(f"PORT={text} is not a port number: it must lie between 1024 and 65535.")
    trouble = port_trouble(int(text))
    if trouble:
        raise ValueError(f"Port {text} {trouble}. A free one: make lab PORT={free_port(int(text))}")
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
        raise ValueError(f"No port of {HOST} can be opened ({error}). Mends it: sudo ip link set lo up") from None


def port_trouble(port: int) -> str | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            return "is reserved for the system"
        except OSError:
            return "is in use by another program"
    return None


def command(port: int, more: dict[str, object]) -> list[str]:
    options = {
        "ServerApp.ip": HOST,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.allow_root": getattr(os, "geteuid", lambda: 1)() == 0,
        "ServerApp.open_browser": False,
        "ServerApp.root_dir": NOTEBOOKS,
        "Application.log_level": "WARN",
        "LabApp.extension_manager": "readonly",  # the other one asks a package index
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in (options | more).items())]


def environment(token: str) -> dict[str, str]:
    """The token travels in the environment: a command line can be read by every user of the machine."""
    own = Path(sys.prefix, "share", "cnnlib")
    return {
        "JUPYTERLAB_SETTINGS_DIR": str(Path(jupyter_config_dir(), "lab", "user-settings")),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),  # tabs that were open in other projects stay there
        # The products of the course are small. More threads take the browser's core: the panel paints a third less.
        "OPENBLAS_NUM_THREADS": "1",
        **os.environ,
        "JUPYTER_TOKEN": token,
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_PREFER_ENV_PATH": "1",  # a kernel "python3" that the user registered elsewhere would lack cnnlib
    }


def wait_for_answer(server: subprocess.Popen, port: int, token: str) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/api/status", headers={"Authorization": f"token {token}"})
            if connection.getresponse().status == 200:
                return True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    return False


def announce(port: int, token: str, start: Start) -> None:
    page = f"/lab/tree/{start.notebook}" if (NOTEBOOKS / start.notebook).exists() else "/lab"
    address = f"http://{HOST}:{port}{page}?token={token}"
    print(f"\n  JupyterLab is ready:  {address}\n", flush=True)
    if "SSH_CONNECTION" in os.environ:
        print(f"  To open it on your own computer, run there:  ssh -L {port}:{HOST}:{port} THIS_MACHINE")
    if start.told:
        print(f"  {start.told}")
    print("  Ctrl-C stops it.", flush=True)
    if start.browser and has_browser():
        # A process apart: a browser talks to the terminal that started it, and some return only when closed.
        subprocess.Popen(
            [sys.executable, "-m", "webbrowser", "-t", address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def has_browser() -> bool:
    """Whether a browser with a window can open here: not over ssh, and never a text browser in this terminal."""
    if "SSH_CONNECTION" in os.environ:
        return False
    desktop = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not desktop:
        return False
    try:
        return getattr(webbrowser.get(), "name", "") not in TEXT_BROWSERS
    except webbrowser.Error:
        return False


def stop(server: subprocess.Popen) -> None:
    """End the server and its kernels; a second Ctrl-C, or ten seconds, ends them the hard way."""
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(10)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())

"""``cnnlib lab``: JupyterLab at the first notebook, on this machine alone, until Ctrl-C.

The server listens on 127.0.0.1, requires a token, and uses no network. Settings made for other servers on this
machine (jupyter_server_config and the like) are ignored, since they could move it, open it or break it; the
reader's own JupyterLab settings, such as the theme, are kept.
"""

import argparse
import http.client
import os
import secrets
import signal
import subprocess
import sys
import time
import webbrowser
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_core.paths import jupyter_config_dir

from . import copy, page, places
from .kernels import encryption
from .ports import HOST, choose_port, free_port, port_trouble

FIRST = "00_start_here.ipynb"
PATIENCE = 120  # seconds until a server that does not answer is given up; a cold disk may need thirty
GUARD = "import os, signal, sys; sys.stdin.read(); os.kill(int(sys.argv[1]), signal.SIGTERM)"
TEXT_BROWSERS = {"www-browser", "links", "elinks", "lynx", "w3m"}


def main(arguments: list[str]) -> str | None:
    asked = parser("lab", "Open the course in JupyterLab, at the first notebook.").parse_args(arguments)
    try:
        start = Start(course_folder(asked.folder), browser=not asked.no_browser)
        return serve(choose_port(asked.port, "lab"), start, chosen=bool(asked.port))
    except (ValueError, copy.FolderError) as error:
        return str(error)


@dataclass(frozen=True)
class Start:
    """The settings of one start of JupyterLab, besides those of every start."""

    course: "CourseFolder"
    browser: bool
    notebook: str = FIRST
    options: dict[str, object] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    note: str = ""  # a line under the address


@dataclass(frozen=True)
class CourseFolder:
    """Where JupyterLab starts, where the notebooks are in it, and where the server may keep files of its own."""

    root: Path
    notebooks: str  # relative to root, "" for root itself
    own: Path


def course_folder(wanted: str = "") -> CourseFolder:
    """The folder asked for, with the course copied into it; by default the clone itself, else ``cnnlib-course``."""
    if places.CLONE and not wanted:
        return CourseFolder(places.NOTEBOOKS, "", Path(sys.prefix, "share", "cnnlib"))
    root = Path(wanted or places.USUAL_FOLDER).expanduser().absolute()
    report = copy.update(root)
    print(f"The course is in {root}", report, sep="\n", flush=True)
    return CourseFolder(root, "notebooks", root / ".cnnlib")


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """The options that every start has."""
    made = argparse.ArgumentParser(prog=f"cnnlib {name}", description=description)
    usual = "that of the clone" if places.CLONE else f"{places.USUAL_FOLDER}, below this one"
    made.add_argument("--folder", default="", help=f"of your copy of the course; default: {usual}")
    made.add_argument("--port", default="", help="default: the first free one from 8888")
    made.add_argument("--no-browser", action="store_true", help="only print the address")
    return made


def serve(port: int, start: Start, *, chosen: bool = True) -> str | None:
    """Run JupyterLab until Ctrl-C. Returns None, or what went wrong.

    ``chosen``: somebody asked for this port. Otherwise another program may take it between the choice and the start
    of the server (a second lecture on the same machine does), and the next free one is tried.
    """
    token = secrets.token_urlsafe(24)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    page.switch_off_news(start.course.own / "config")
    page.write_style(start.course.own / "config")
    print("Starting JupyterLab ...", flush=True)
    server = launch(port, start, token)
    guard = guard_of(server)
    try:
        answers = wait_for_answer(server, port, token)
        while not answers and not chosen and server.poll() is not None and port_trouble(port):
            guard.kill()
            guard.communicate()
            port = free_port(port + 1)
            server = launch(port, start, token)
            guard = guard_of(server)
            answers = wait_for_answer(server, port, token)
        if not answers:
            mends = " `make clean` and `make lab` start afresh." if places.CLONE else ""
            return f"JupyterLab did not start. Its last words are above.{mends}"
        announce(port, token, start)
        if server.wait() != 0:
            return "JupyterLab ended with an error. Its last words are above."
    except KeyboardInterrupt:
        print("\nStopping JupyterLab.", flush=True)
    finally:
        stop(server)
        guard.kill()
        guard.communicate()
    return None


def launch(port: int, start: Start, token: str) -> subprocess.Popen:
    """Start the server in a process group of its own: Ctrl-C reaches this process only, which then stops it."""
    env = environment(token, start.course.own) | start.variables
    return subprocess.Popen(command(port, start), cwd=start.course.root, env=env, **apart())


def guard_of(server: subprocess.Popen) -> subprocess.Popen:
    """Start a process that ends the server when this one has ended, even if killed: its pipe is closed then."""
    command = [sys.executable, "-I", "-c", GUARD, str(server.pid)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, **apart())


def apart() -> dict[str, object]:
    """Options of Popen that keep a child process from receiving this terminal's Ctrl-C."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def command(port: int, start: Start) -> list[str]:
    options = {
        "ServerApp.ip": HOST,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.allow_root": getattr(os, "geteuid", lambda: 1)() == 0,
        "ServerApp.open_browser": False,
        "ServerApp.root_dir": start.course.root,
        "Application.log_level": "WARN",
        "LabApp.extension_manager": "readonly",  # the other one asks a package index
        "LabApp.news_url": None,
        "LabApp.custom_css": True,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    options |= {f"{name}.{key}": value for name, some in encryption().items() for key, value in some.items()}
    options |= start.options
    return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]


def environment(token: str, own: Path) -> dict[str, str]:
    """The server's environment, with the token in it: every user of the machine can read a command line."""
    home = {} if home_can_be_used() else dict.fromkeys(("HOME", "USERPROFILE"), str(own))
    settings = own / "settings" if home else Path(jupyter_config_dir(), "lab", "user-settings")
    return {
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),  # tabs that were open in other projects stay there
        # The products of the course are small. More threads take the browser's core: the panel paints a third less.
        "OPENBLAS_NUM_THREADS": "1",
        **os.environ,
        **home,
        "JUPYTER_TOKEN": token,
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_PREFER_ENV_PATH": "1",  # a kernel "python3" that the user registered elsewhere would lack cnnlib
    }


def home_can_be_used() -> bool:
    """Whether there is a home folder, or one can be made: some accounts of schools and services have none."""
    try:
        Path.home().mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return False
    return os.access(Path.home(), os.W_OK)


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
    notebook = Path(start.course.notebooks, start.notebook)
    path = f"/lab/tree/{notebook.as_posix()}" if (start.course.root / notebook).exists() else "/lab"
    address = f"http://{HOST}:{port}{path}?token={token}"
    print(f"\n  JupyterLab is ready:  {address}\n", flush=True)
    if "SSH_CONNECTION" in os.environ:
        print(f"  To open it on your own computer, run there:  ssh -L {port}:{HOST}:{port} THIS_MACHINE")
    if start.note:
        print(f"  {start.note}")
    print("  Ctrl-C stops it.", flush=True)
    if start.browser and has_browser():
        # A process apart: a browser talks to the terminal that started it, and some return only when closed.
        subprocess.Popen(
            [sys.executable, "-m", "webbrowser", "-t", address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **apart(),
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
    """End the server and its kernels; after a second Ctrl-C, or ten seconds, they are killed."""
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(10)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        server.kill()
        server.wait()


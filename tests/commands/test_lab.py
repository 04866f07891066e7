"""cnnlib lab, which make lab calls: the port, the address, the stop, and what Chromium sees."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from cnnlib.course import lab, page, ports

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "cnnlib", "lab"]
WATCHER = """
import sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        with open({file!r}, "a") as log:
            print(event, arguments[0] if event.endswith("info") else arguments[1], file=log)
sys.addaudithook(watch)
"""
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)(/\S*)\?token=(\S+)")


@pytest.fixture
def taken():
    """A port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@contextmanager
def running(tmp_path, *arguments):
    """cnnlib lab with an empty home and no desktop: (process, port, path, token) once it has printed its line."""
    keep = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            env={
                **keep,
                "HOME": str(tmp_path),
                "PYTHONPATH": str(tmp_path),
                "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"),
                "http_proxy": "http://127.0.0.1:9",  # must not be asked for an address on this machine
            },
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        found = next(filter(None, map(ADDRESS.search, process.stdout)), None)
        assert found, (tmp_path / "log").read_text()
        yield process, int(found[1]), found[2], found[3]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def status(port, token=None, host="127.0.0.1"):
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/api/contents", headers={"Authorization": f"token {token}"} if token else {})
        return connection.getresponse().status
    finally:
        connection.close()


def test_an_occupied_port_is_named_and_a_free_one_proposed(taken):
    with pytest.raises(ValueError, match=rf"Port {taken} is in use by another program.*make lab PORT=\d+") as error:
        ports.choose_port(str(taken), "lab")
    proposed = int(str(error.value).rpartition("=")[2])
    assert ports.port_trouble(proposed) is None and proposed != taken


def test_without_a_port_the_first_free_one_is_taken(taken, monkeypatch):
    monkeypatch.setattr(ports, "USUAL_PORT", taken)
    assert ports.choose_port("", "lab") > taken


def test_all_usual_ports_occupied_leaves_the_choice_to_the_system(monkeypatch):
    monkeypatch.setattr(ports, "port_trouble", lambda port: "is in use by another program")
    assert ports.choose_port("", "lab") not in range(8888, 8988)


def test_a_machine_without_loopback_is_told(monkeypatch):
    monkeypatch.setattr(ports, "HOST", "203.0.113.1")  # an address that no machine has
    with pytest.raises(ValueError, match=r"No port of .* ip link set lo up"):
        ports.choose_port("", "lab")


@pytest.mark.parametrize("text", ["nine", "0", "65536", "-1", "8888.0", "²"])
def test_what_is_no_port_is_said_to_be_none(text):
    with pytest.raises(ValueError, match=f"{text} is not a port number"):
        ports.choose_port(text, "lab")


def test_an_occupied_port_ends_the_command_with_one_line(taken):
    result = subprocess.run([*COMMAND, "--port", str(taken)], capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.startswith(f"Port {taken} is in use") and len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "variables, browser, expected",
    [
        ({}, "firefox", False),
        ({"DISPLAY": ":0"}, "firefox", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "firefox", True),
        ({"DISPLAY": ":0"}, "lynx", False),
        ({"DISPLAY": ":0"}, None, False),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "1 2 3 4"}, "firefox", False),
    ],
)
def test_a_browser_opens_on_a_desktop_only(monkeypatch, variables, browser, expected):
    def get():
        if browser is None:
            raise lab.webbrowser.Error("none")
        return lab.webbrowser.GenericBrowser(browser)

    monkeypatch.setattr(lab.os, "environ", variables)
    monkeypatch.setattr(lab.sys, "platform", "linux")
    monkeypatch.setattr(lab.webbrowser, "get", get)
    assert lab.has_browser() is expected


def test_kernels_take_one_thread_for_products_unless_the_user_says_otherwise(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert lab.environment("secret", Path("own"))["OPENBLAS_NUM_THREADS"] == "1"
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    assert lab.environment("secret", Path("own"))["OPENBLAS_NUM_THREADS"] == "4"


def test_the_server_answers_wants_its_token_and_ends_at_once(tmp_path):
    with running(tmp_path) as (process, port, path, token):
        assert (tmp_path / "log").read_text() == ""  # the address is all that the terminal shows
        assert path == "/lab/tree/00_start_here.ipynb"
        assert status(port, token) == 200
        assert status(port) == 403
        assert status(port, "wrong") == 403
        with pytest.raises(OSError):
            status(port, token, host="127.0.0.2")  # any other address of this machine
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert time.monotonic() - start < 5
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no process is killed like this here")
def test_a_launcher_that_is_killed_takes_the_server_with_it(tmp_path):
    with running(tmp_path) as (process, port, _, token):
        assert status(port, token) == 200
        process.kill()
        process.wait(10)
        end = time.monotonic() + 15
        while time.monotonic() < end:
            try:
                status(port, token)
            except OSError:
                return
            time.sleep(0.2)
        pytest.fail("JupyterLab still runs")


def test_settings_of_other_servers_are_left_out_and_the_theme_is_kept(tmp_path):
    config = tmp_path / ".jupyter"
    theme = config / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    theme.parent.mkdir(parents=True)
    theme.write_text('{"theme": "JupyterLab Dark"}')
    (config / "jupyter_server_config.py").write_text(
        "c.ServerApp.ip = '0.0.0.0'\nc.IdentityProvider.token = ''\nc.ServerApp.base_url = '/elsewhere/'\n"
    )
    with running(tmp_path) as (_, port, _, token):
        assert status(port) == 403
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        url = "/lab/api/settings/@jupyterlab/apputils-extension:themes"
        connection.request("GET", url, headers={"Authorization": f"token {token}"})
        assert json.load(connection.getresponse())["settings"]["theme"] == "JupyterLab Dark"
        connection.close()


@pytest.mark.browser
def test_chromium_opens_the_first_notebook_without_pop_up_or_outside_request(tmp_path, chromium):
    calls = tmp_path / "calls"
    (tmp_path / "sitecustomize.py").write_text(WATCHER.format(file=str(calls)))  # sees the server and the kernel
    requests, errors = [], []
    with running(tmp_path) as (_, port, path, token):
        page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("websocket", lambda socket: requests.append(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"http://127.0.0.1:{port}{path}?token={token}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_selector("text=/Python 3.*\\| Idle/", timeout=60_000)
        page.wait_for_timeout(5_000)  # news and update checks come a few seconds after the start
        assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
        assert page.url.endswith("/lab/tree/00_start_here.ipynb")
        page.context.close()
    assert "WARNING" not in (tmp_path / "log").read_text()  # as a kernel's: what it is sent is not encrypted
    here = re.compile(rf"(http|ws)://127\.0\.0\.1:{port}/|data:|blob:")
    assert len(requests) > 20
    assert [url for url in requests if not here.match(url)] == []
    assert errors == []
    local = re.compile(r"connect \('127\.0\.0\.1'|connect /|getaddrinfo 127\.0\.0\.1")
    python = calls.read_text().splitlines()
    assert len(python) > 5
    assert [line for line in python if not local.search(line)] == []


def test_a_port_taken_between_the_choice_and_the_start_is_given_up_for_the_next(taken, monkeypatch, tmp_path):
    """Two starts at once both find 8888 free; the server of the second ends, since it may not take another port."""
    monkeypatch.setattr(ports, "free_port", lambda start: taken)
    tried = []

    class Server:
        def __init__(self, port):
            self.ended = 1 if port == taken else 0
            tried.append(port)

        def poll(self):
            return self.ended or None

        def wait(self, timeout=None):
            return 0

        pid = os.getpid()

    class Guard:
        kill = communicate = lambda self: None

    monkeypatch.setattr(lab, "launch", lambda port, start, token: Server(port))
    monkeypatch.setattr(lab, "guard_of", lambda server: Guard())
    monkeypatch.setattr(lab, "wait_for_answer", lambda server, port, token: not server.ended)
    monkeypatch.setattr(lab, "stop", lambda server: None)
    start = lab.Start(lab.CourseFolder(tmp_path, "", tmp_path), browser=False)
    assert lab.serve(taken, start, chosen=False) is None
    assert tried[0] == taken and len(tried) == 2 and tried[1] != taken
    assert "did not start" in lab.serve(taken, start, chosen=True)


def test_the_server_has_a_home_where_the_account_has_none(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "file" / "home"))
    assert lab.environment("token", tmp_path / "own")["HOME"] == str(tmp_path / "own")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert lab.environment("token", tmp_path / "own")["HOME"] == str(tmp_path)


def test_the_page_gets_the_style_sheet_of_the_course(tmp_path):
    page.write_style(tmp_path / "config")
    css = (tmp_path / "config" / "custom" / "custom.css").read_text()
    assert '"course star"' in css and "max-width" in css and "https:" not in css and "url(" not in css
    start = lab.Start(lab.CourseFolder(tmp_path, "", tmp_path), browser=False)
    assert "--LabApp.custom_css=True" in lab.command(8888, start)

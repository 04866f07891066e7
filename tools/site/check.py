"""Runs every notebook of a built site in Chromium, every other host blocked, and again without the server.

usage: .venv/bin/python tools/site/check.py [--site build/site] [--only 00 12] [--save]      (make site-check)

The site has to hold a complete Pyodide (make site PYODIDE=FOLDER) and is served below /some/path/. Each notebook is
opened as a reader opens it, run to its end, and must give no error and no warning; the walks of walks.py then move
its controls. With --save the times go to the results and into the README.
"""

import argparse
import contextlib
import functools
import http.server
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import walks
from playwright.sync_api import Error, sync_playwright

from cnnlib.course import places

BELOW = "/some/path/"
PATIENCE = 240_000  # ms
ENDED = """() => {
  const texts = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')].map(e => e.textContent);
  return texts.some(text => /\\d/.test(text)) && !texts.some(text => text.includes('*'));
}"""
WRONG = """() => [...document.querySelectorAll('.jp-OutputArea-output')]
  .filter(e => /jupyter\\.(error|stderr)$/.test(e.dataset.mimeType)).map(e => e.innerText.slice(-300))"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of the site below ``/some/path/``, as plain servers give them."""

    def translate_path(self, path):
        inside = path.removeprefix(BELOW) if path.startswith(BELOW) else "no such file"
        return super().translate_path(f"/{inside}")

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(site: Path) -> Iterator[tuple[str, http.server.ThreadingHTTPServer]]:
    """(address, server) of the site on loopback."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{BELOW}", server
    finally:
        server.shutdown()
        server.server_close()


def open_notebook(context, address: str, path: str):
    """(page, seconds until the kernel was ready) of a notebook, by the address that book and decks link to."""
    page, started = context.new_page(), time.perf_counter()
    page.goto(f"{address}live/run.html?path=notebooks/{path}")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=PATIENCE)
    page.wait_for_selector("text=/Python.*\\| Idle/", timeout=PATIENCE)
    return page, time.perf_counter() - started


def run_all(page) -> float:
    """Run every cell; seconds until the last one ended. AssertionError: an error, a warning, a cell left out."""
    page.click(".jp-Notebook .jp-Cell >> nth=0")
    page.click('.lm-MenuBar-item:has-text("Run")')
    started = time.perf_counter()
    page.click('.lm-Menu-item[data-command="runmenu:run-all"]')
    page.wait_for_function(ENDED, timeout=PATIENCE)
    spent = time.perf_counter() - started
    page.wait_for_timeout(500)
    unrun = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").all_inner_texts().count("[ ]:")
    wrong = page.evaluate(WRONG)
    assert not wrong and not unrun, f"{unrun} cells were not run; {wrong}"
    return spent


def memory(browser_pid: int | None = None) -> float:
    """Resident memory of Chromium's largest page in GB; 0 where the system does not tell."""
    largest = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            command = status.with_name("cmdline").read_bytes()
            if b"--type=renderer" in command and b"playwright" in command:
                text = status.read_text(encoding="utf-8")
                largest = max(largest, int(text.partition("VmRSS:")[2].split()[0]))
    return largest / 1e6


def check(context, address: str, path: str) -> dict:
    """One notebook: {"ready", "ran"} in seconds, "memory" in GB, and what its walk measured."""
    page, ready = open_notebook(context, address, path)
    try:
        found = {"ready": round(ready, 1), "ran": round(run_all(page), 1), "memory": round(memory(), 2)}
        return found | walks.walk(page, path)
    finally:
        page.close()


def notebooks(asked: list[str]) -> list[str]:
    """Names of the course's notebooks and solutions, or of those whose numbers were asked for."""
    names = [path.name for path in places.notebooks()]
    names += [f"solutions/{path.name}" for path in places.notebooks(places.NOTEBOOKS / "solutions")]
    return [name for name in names if not asked or Path(name).name[:2] in asked]


def main(arguments: list[str] | None = None) -> str | None:
    parser = argparse.ArgumentParser(prog="tools/site/check.py", description=__doc__.partition("\n")[0])
    parser.add_argument("--site", type=Path, default=places.BUILD / "site")
    parser.add_argument("--only", nargs="+", default=[], help="numbers of notebooks")
    parser.add_argument("--save", action="store_true", help="keep the times, and write them into the README")
    asked = parser.parse_args(arguments)
    if not list(asked.site.glob("live/static/pyodide/numpy-*.whl")):
        return "The site holds no complete Pyodide: make site PYODIDE=FOLDER"
    names = notebooks(asked.only)
    chromium = places.chromium()
    with served(asked.site) as (address, server), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        away = set()
        here = address.removesuffix(BELOW)
        context.route(lambda url: not url.startswith((here, "data:", "blob:")), lambda route: _block(route, away))
        table, problems = {}, []
        for online in (True, False):
            if not online:
                server.shutdown()
                server.server_close()
            for name in names:
                try:
                    found = check(context, address, name)
                    table.setdefault(name, {}).update(found if online else {"offline": found["ran"]})
                    print(f"{'' if online else 'without server: '}{name}: {found}", flush=True)
                except (AssertionError, Error) as error:
                    problems.append(f"{'' if online else 'without server: '}{name}: {str(error)[:600]}")
                    print(problems[-1], flush=True)
    problems += [f"asked for {url}" for url in sorted(away)]
    if asked.save and not problems:
        import site_table

        site_table.save(table, os.getloadavg()[0] if hasattr(os, "getloadavg") else 0)
    print(f"{len(names)} notebooks ran with and without the server." if not problems else "")
    return "\n".join(problems) or None


def _block(route, away):
    away.add(route.request.url)
    route.abort()


if __name__ == "__main__":
    sys.exit(main())

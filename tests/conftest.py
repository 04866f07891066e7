"""Shared by all tests: what git has, Chromium, and the option under which a skipped test fails."""

import os
import shutil
import subprocess
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("MPLBACKEND", "Agg")  # no window, wherever the tests run
# Two workers, and the kernels they start, share two cores: more threads than that only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

# No deadline: on two busy cores a pause of the machine is not a fault of the example.
slow = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "cnnlib", deadline=None, max_examples=100, print_blob=True, suppress_health_check=slow
)
hypothesis.settings.load_profile("cnnlib")

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser):
    parser.addoption("--no-skips", action="store_true", help="a test that is skipped counts as failed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _no_skip(item.config, (yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _no_skip(collector.config, (yield))


def _no_skip(config, report):
    if report.skipped and not hasattr(report, "wasxfail") and config.getoption("no_skips"):
        report.outcome = "failed"
        report.longrepr = f"skipped under --no-skips: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def in_git(tmp_path_factory) -> Path:
    """A folder with every file as git has it (staged or committed), whatever was saved over it since.

    Without git, or outside a clone, it is a copy of the files on disk.
    """
    folder = tmp_path_factory.mktemp("in_git")
    try:
        checkout = ["git", "checkout-index", "--all", f"--prefix={folder}/"]
        subprocess.run(checkout, cwd=ROOT, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        unkept = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info")
        shutil.copytree(ROOT, folder, ignore=unkept, dirs_exist_ok=True)
    return folder


@pytest.fixture
def no_widget_left():
    """What a test makes, it has to close: an explorer with all its parts."""
    from ipywidgets.widgets.widget import _instances

    before = set(_instances)
    yield
    assert set(_instances) == before


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium behind Playwright. It fails, never skips, where one of them is missing."""
    from playwright.sync_api import sync_playwright

    from cnnlib.course import places

    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        options = [*quiet, "--disable-quic", *sandbox]
        browser = playwright.chromium.launch(executable_path=places.chromium(), args=options)
        yield browser
        browser.close()

"""What JupyterLab's page is told beside its settings: no announcements, and a style sheet for the course."""

import json
from pathlib import Path

from ..plots.html import STAR_FONT
from . import copy

STYLE = Path(__file__).with_name("lab.css")


def switch_off_news(config: Path) -> None:
    """Disable JupyterLab's announcements, which ask the network for news at every start, and pop up."""
    told = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    copy.write(config / "labconfig" / "page_config.json", json.dumps(told).encode())


def write_style(config: Path) -> None:
    """Write the style sheet to where JupyterLab looks for one, given its option ``custom_css``."""
    copy.write(config / "custom" / "custom.css", f"{STAR_FONT}{STYLE.read_text(encoding='utf-8')}".encode())

"""``cnnlib desk``: the desk sheet of the lecture on four pages, and a fifth for a room without a projector.

It is a file to print, ``build/desk/desk.html``, and a PDF beside it where Chromium is found.
"""

import argparse
import re
import subprocess
import tempfile
from html import escape
from importlib import resources
from pathlib import Path

from .. import places
from ..copy import write
from .guide import TITLES, clock, span, with_indices
from .sections import DATA, LONG, SHORT, Section, sections, slack

FOLDER = places.BUILD / "desk"
PAGES = (("00", "01"), ("02", "04"), ("05", "06"), ("12",))  # the notebooks on each page; fallbacks follow the last
SHEETS = len(PAGES) + 1
HEADS = ("clock", "min", "slide", "say; ▸ slide: click; ✂ where to cut",
         "slide: ask; expect; wrong answers")  # fmt: skip
WIDTHS = '<colgroup><col><col><col><col class="cnn-say"><col></colgroup>'
HEAD = f"{WIDTHS}<tr>{''.join(f'<th>{head}' for head in HEADS)}</tr>"
BESIDE = 250  # characters to say, at most, where the questions of the slides stand beside them
SECONDS = 120  # for Chromium, on a busy machine


def main(arguments: list[str]) -> str | None:
    parser = argparse.ArgumentParser(prog="cnnlib desk", description="The desk sheet of the lecture, to print.")
    parser.parse_args(arguments)
    sheet = FOLDER / "desk.html"
    write(sheet, page().encode())
    print(f"wrote {sheet}")
    try:
        pdf = print_sheet(sheet)
    except FileNotFoundError as error:
        print(f"No PDF: {error}. Print the file from your browser.")
        return None
    except subprocess.SubprocessError as error:
        return f"Chromium could not print {sheet}: {error}"
    pages = count_pages(pdf)
    print(f"wrote {pdf}, {pages} pages")
    return None if pages == SHEETS else f"{pdf} has {pages} pages, not {SHEETS}: shorten lecture.json."


def print_sheet(sheet: Path) -> Path:
    """The PDF that Chromium prints of it.  FileNotFoundError without Chromium, SubprocessError where it fails."""
    pdf = sheet.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as profile:
        quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        files = [f"--user-data-dir={profile}", f"--print-to-pdf={pdf}", sheet.absolute().as_uri()]
        command = [places.chromium(), *quiet, *files]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return pdf


def count_pages(pdf: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))


def page() -> str:
    """The five sheets as one HTML file that needs nothing else."""
    style = (resources.files(__package__) / "desk.css").read_text(encoding="utf-8")
    found = sections()
    sheets = [_sheet(numbers, found, last=numbers == PAGES[-1]) for numbers in PAGES] + [_chalk()]
    head = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Desk sheet</title><style>{style}</style>'
    return f"{head}<body>{''.join(sheets)}</body></html>\n"


def _sheet(numbers, found, *, last):
    parts = [_title() if numbers == PAGES[0] else ""]
    for number in numbers:
        rows = "".join(map(_row, (each for each in found if each.notebook == number)))
        head = HEAD if number == numbers[0] else WIDTHS
        parts.append(f"<h2>{number}, {escape(TITLES[number])}</h2><table>{head}{rows}</table>")
    if last:
        rows = "".join(f"<tr><td>{escape(seen)}<td>{escape(do)}</tr>" for seen, do in DATA["fallbacks"])
        end = LONG - slack()[0]
        parts.append(f"<p><b>{clock(end)}</b> the last slide; {slack()[0]} minutes are left for questions.</p>")
        parts.append(f"<h2>If something fails</h2><table><tr><th>what you see<th>what to do</tr>{rows}</table>")
    return f"<section>{''.join(parts)}</section>"


def _title():
    keys = "make lecture begins by itself · PageDown, PageUp: on, into the next notebook too, and back"
    keys += " · 1–3: the room's vote · Shift+PageDown: next section · C: code"
    keys += " · B: blank · R: the kernel again · Escape: end, then the cards in the toolbar"
    long, short = slack()
    minutes = f"{LONG} minutes, {long} of them slack; below the clock: that of {SHORT}, slack {short} (–: left out)"
    return f"<h1>Why does the kernel turn? The lecture on one desk</h1><p>{minutes}. {keys}</p>"


def _row(each: Section) -> str:
    short = "&nbsp;–" if each.clock[1] is None else f"<br>{clock(each.clock[1])}, {each.minutes[1]} min"
    words = [with_indices(escape(each.say))] + [f"▸ {each.click_slide}: {escape(each.click)}"] * bool(each.click)
    words += [f"✂ {escape(each.cut)}"] * bool(each.cut)
    beside = [ask for ask in each.asks if not ask.aloud] if len("".join(words)) < BESIDE else []
    words += [f"<i>Ask</i> {_ask(ask)}" for ask in each.asks if ask not in beside]
    heading = each.heading if each.heading.endswith("?") else f"{each.heading}."
    cells = [
        f'<td class="cnn-clock">{clock(each.clock[0])}<span class="cnn-short">{short}</span>',
        f'<td class="cnn-minutes">{each.minutes[0]}',
        f'<td class="cnn-slide">{span(each.slides)}',
        f'<td colspan="{1 if beside else 2}"><span class="cnn-name">{escape(heading)}</span> {" ".join(words)}',
        *[f"<td>{'<br>'.join(map(_ask, beside))}"] * bool(beside),
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _ask(ask) -> str:
    wrong = [f"{escape(each.text)}: {escape(each.means)}" for each in ask.answers if not each.right]
    mistakes = "".join(f' <span class="cnn-wrong">· {each}</span>' for each in wrong)
    return f"{ask.slide}: {escape(ask.question)} <b>{escape(ask.expected.text)}</b>{with_indices(mistakes)}"


def _chalk():
    lines = [(at, with_indices(escape(do)), with_indices(escape(out))) for at, do, out in DATA["chalk"]]
    rows = "".join(f'<tr><td class="cnn-clock">{at}<td>{do}<td>{out}</tr>' for at, do, out in lines)
    head = "<tr><th>minute<th>you<th>what comes out</tr>"
    title = "Ten minutes with chalk, without a projector"
    return f'<section class="cnn-chalk"><h1>{title}</h1><table>{head}{rows}</table></section>'

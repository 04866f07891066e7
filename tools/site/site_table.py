"""The times of make site-check: kept with the other records, and written into the README as a table."""

from pathlib import Path

from cnnlib.course import places
from cnnlib.experiments import records

README = places.PACKAGE.parent / "README.md"
BEGIN = "<!-- page: written by make site-check ARGS=--save -->"
END = "<!-- /page -->"
PANEL = "The panel of 12 paints {:.0f} frames a second, and makes {:.0f} updates a second as fast as it goes."


def save(table: dict[str, dict], load: float) -> None:
    """{notebook: what was measured} as a record with its date and the machine's load, and as the README's table."""
    records.write("site", notebooks=table, load=round(load, 1))
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    text = f"{before}{BEGIN}\n\n{as_markdown(records.read('site'))}\n\n{END}{after}"
    README.write_text(text, encoding="utf-8")


def as_markdown(record: dict) -> str:
    """The date, the table of the course's notebooks, and one line for what else was measured."""
    course = {name: found for name, found in record["notebooks"].items() if "/" not in name}
    solutions = [found["ran"] for name, found in record["notebooks"].items() if "/" in name]
    head = (f"Measured on {record['date']} by `make site-check ARGS=--save` in Chromium ({record['machine']}, load "
            f"{record['load']:.0f}), every other host blocked:")  # fmt: skip
    offline = [f"{found['offline']:.0f}" for found in course.values() if "offline" in found]
    rows = [
        ("notebook", [Path(name).name[:2] for name in course]),
        ("kernel ready, s", [f"{found['ready']:.0f}" for found in course.values()]),
        ("all cells, s", [f"{found['ran']:.0f}" for found in course.values()]),
        ("the same, server stopped, s", offline),
        ("memory of the tab, GB", [f"{found['memory']:.1f}" for found in course.values()]),
    ]
    lines = [f"| {name} | {' | '.join(cells)} |" for name, cells in rows if len(cells) == len(course)]
    lines.insert(1, "|---" * (len(course) + 1) + "|")
    told = [f"The {len(solutions)} solutions ran in {min(solutions):.0f} to {max(solutions):.0f} s each."]
    for found in course.values():
        if "updates_a_second" in found:
            told.append(PANEL.format(found["frames_a_second"], found["updates_a_second"]))
    return "\n".join([head, "", *lines, "", " ".join(told)])

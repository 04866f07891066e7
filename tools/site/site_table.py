"""The times of make site-check: kept with the other records, and written into the README as a table."""

from pathlib import Path

from cnnlib.course import places
from cnnlib.experiments import records

README = places.PACKAGE.parent / "README.md"
BEGIN = "<!-- page: written by make site-check ARGS=--save -->"
END = "<!-- /page -->"
PANEL = "The panel of 12 paints {:.0f} frames a second, and makes {:.0f} updates a second as fast as it goes."


def save(table: dict[str, dict]) -> None:
    """{notebook: what was measured} as a record with its date, and as the README's table."""
    records.write("site", notebooks=table)
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    text = f"{before}{BEGIN}\n\n{as_markdown(records.read('site'))}\n\n{END}{after}"
    README.write_text(text, encoding="utf-8")


def as_markdown(record: dict) -> str:
    """The date, the table of the course's notebooks, and one line for what else was measured."""
    course = {name: found for name, found in record["notebooks"].items() if "/" not in name}
    solutions = [found["ran"] for name, found in record["notebooks"].items() if "/" in name]
    head = f"Measured on {record['date']} in Chromium ({record['machine']}), every other host blocked:"
    rows = [
        ("notebook", [Path(name).name[:2] for name in course]),
        ("kernel ready, s", [f"{found['ready']:.0f}" for found in course.values()]),
        ("all cells, s", [f"{found['ran']:.0f}" for found in course.values()]),
        ("the same, server stopped, s", [f"{found['offline']:.0f}" for found in course.values()]),
        ("memory of the tab, GB", [f"{found['memory']:.1f}" for found in course.values()]),
    ]
    lines = [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    lines.insert(1, "|---" * (len(course) + 1) + "|")
    told = [f"The {len(solutions)} solutions ran in {min(solutions):.0f} to {max(solutions):.0f} s each."]
    for found in course.values():
        if "updates_a_second" in found:
            told.append(PANEL.format(found["frames_a_second"], found["updates_a_second"]))
    return "\n".join([head, "", *lines, "", " ".join(told)])

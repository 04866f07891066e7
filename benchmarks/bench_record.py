"""What `make bench ARGS=--save` keeps: cnnlib/experiments/results/bench.json, docs/growth.svg and the README.

The record names one machine and one set of versions, so rows from elsewhere have no place in it.  Parts that were
not asked for, or could not be measured this time, keep their older rows with the date of those.
"""

import datetime

from cnnlib.experiments import records


def check(names, about):
    """SystemExit, before anything is measured, where the record holds other parts that came from elsewhere."""
    others = [name for name in _record().get("parts", {}) if name not in names]
    if others and not _same(about):
        raise SystemExit(f"bench: {', '.join(others)}: measured on another machine or with other versions; "
                         "run all parts, or do not save")  # fmt: skip


def save(found, about, order):
    """Write the record, the curve and the README.

    ``found`` is {part: [rows]}, ``about`` the machine and the versions, ``order`` the parts in the order of the
    table.  A part without figures keeps its older rows if they were measured on the same machine with the same
    versions; else they are dropped.  Either is printed.
    """
    older, today = _record().get("parts", {}), datetime.date.today().isoformat()
    parts = dict(older) if _same(about) else {}
    for name, rows in found.items():
        without, had = not has_figures(rows), name in older and has_figures(older[name]["rows"])
        if without and had and name in parts:
            print(f"{name}: not measured; its rows of {older[name]['date']} stay")
            continue
        if without and had:
            print(f"{name}: not measured; its rows of {older[name]['date']} are dropped, they are from another "
                  "machine or other versions")  # fmt: skip
        parts[name] = {"date": today, "rows": rows}
    parts = {name: parts[name] for name in order if name in parts}
    print(f"written to {records.write('bench', **about, parts=parts)}")
    _draw(found)


def has_figures(rows):
    """Was the part measured?"""
    return not any("missing" in entry for entry in rows)


def _draw(found):
    import curve_files
    import readme

    if "growth" in found and has_figures(found["growth"]):
        curve_files.growth(found["growth"])
    readme.write()


def _record():
    """The record as it is; {} where there is none."""
    known = {file.name for file in records.FOLDER.iterdir()}
    return records.read("bench") if "bench.json" in known else {}


def _same(about):
    """Was the record measured on this machine with these versions?"""
    record = _record()
    versions = record.get("versions", {})
    same = all(versions.get(name) == version for name, version in about["versions"].items())
    return record.get("machine") == about["machine"] and same

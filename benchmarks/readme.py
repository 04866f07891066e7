"""The figures of the README, between two markers, from what the commands wrote down: never typed in.

    python benchmarks/readme.py     (`make bench` and `make accuracy` do it with ARGS=--save)
"""

from pathlib import Path

from rows import markdown_table, reached

from cnnlib.experiments import records

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN = "<!-- figures: written by make bench and make accuracy, from cnnlib/experiments/results -->"
END = "<!-- /figures -->"
NAMES = dict(python="Python", numpy="NumPy", blas="BLAS", pytorch="PyTorch")
GROWTH = (
    "Milliseconds of one convolutional layer, forward and back, against the side of its maps, channels, kernel "
    "and batch, both axes logarithmic: as it is computed by default, and by plain im2col."
)


def figures() -> str:
    """What stands between the markers: accuracy, and the table of `make bench` as far as it was measured."""
    parts = [_accuracy(records.read("accuracy"))]
    known = {file.name for file in records.FOLDER.iterdir()}
    if "accuracy-100.json" in known:
        parts.append(_curve(records.read("accuracy-100")))
    if "bench.json" in known:
        parts.append(_bench(records.read("bench")))
    return "\n\n".join(parts)


def text(readme: str) -> str:
    """A README with the figures anew; ValueError where a marker is missing or stands twice."""
    if readme.count(BEGIN) != 1 or readme.count(END) != 1 or readme.index(BEGIN) > readme.index(END):
        raise ValueError(f"the README has to hold these two lines once, in this order: {BEGIN}  {END}")
    before, rest = readme.split(BEGIN)
    return f"{before}{BEGIN}\n\n{figures()}\n\n{END}{rest.split(END)[1]}"


def write() -> None:
    """Write README.md anew, where its figures have changed."""
    old = README.read_text(encoding="utf-8")
    new = text(old)
    if new != old:
        README.write_text(new, encoding="utf-8")
        print(f"wrote the figures of {README.name}")


def _accuracy(record):
    epochs = record["epochs"]
    cells = {
        "passes over the training digits": [str(epoch["epoch"]) for epoch in epochs],
        "test error": [f"{100 * epoch['test_error']:.1f} %" for epoch in epochs],
    }
    head, row = (f"| {name} | " + " | ".join(values) + " |" for name, values in cells.items())
    words = (
        "The article's settings (sigmoid, mean pooling, squared error, learning rate 1, batches of 50) on all\n"
        f"{record['training_images']:,} training and {record['test_images']:,} test digits, measured on "
        f"{record['date']} by `make accuracy ARGS=--save`:"
    )
    return f"{words}\n\n{head}\n{'|---' * (1 + len(epochs))}|\n{row}"


def _curve(record):
    last = record["epochs"][-1]
    passes, error = last["epoch"], f"{100 * last['test_error']:.2f} %"
    command = f'make accuracy ARGS="--epochs {passes} --save"'
    alt = f"Test error after each of {passes} passes, both axes logarithmic: {error} at the end."
    return f"After {passes} passes the test error is {error} (`{command}`):\n\n![{alt}](docs/accuracy.svg)"


def _bench(record):
    known = record["versions"]
    versions = ", ".join(f"{words} {known[name]}" for name, words in NAMES.items() if known.get(name))
    dates = sorted({part["date"] for part in record["parts"].values()})
    parts = record["parts"].values()
    entries = [_dated(entry, part["date"], dates[-1]) for part in parts for entry in part["rows"]]
    goals = [reached(entry) for entry in entries if reached(entry) is not None]
    words = f"""\
Times are medians of runs in turn, quartiles in brackets. cnnlib has one thread for matrix products, as `make lab`
sets it, where nothing else is said; beside PyTorch the goal is for one thread each.
{goals.count(True)} of {len(goals)} goals are reached.
Measured on {" and ".join(dates)} by `make bench ARGS=--save`; `cnnlib/experiments/results/bench.json` has
every row.
Machine: {record["machine"]}.
Versions: {versions}."""
    table = markdown_table([entry for entry in entries if entry.get("brief")])
    return f"{words}\n\n{table}" + (f"\n\n![{GROWTH}](docs/growth.svg)" if "growth" in record["parts"] else "")


def _dated(entry, measured, newest):
    """The row; where others are newer, with the day on which it was measured."""
    if measured == newest:
        return entry
    return entry | {"note": "; ".join(filter(None, [entry.get("note"), f"measured on {measured}"]))}


if __name__ == "__main__":
    write()

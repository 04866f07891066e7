"""A figure in the README is one that a command measured and wrote down."""

import re
from pathlib import Path

from cnnlib.experiments import records

ROOT = Path(__file__).resolve().parents[2]


def test_the_readme_quotes_the_measured_accuracy_with_its_date():
    record = records.read("accuracy")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert record["date"] in readme
    assert (record["training_images"], record["test_images"]) == (60_000, 10_000)
    (row,) = re.findall(r"\| test error \|(.*)\|", readme)
    quoted = [cell.strip() for cell in row.split("|")]
    assert quoted == [f"{100 * epoch['test_error']:.1f} %" for epoch in record["epochs"]]


def test_one_pass_gives_what_the_toolbox_is_known_for():
    """10 to 13 % after one pass with the article's settings; others report 11 and 12.3 %."""
    record = records.read("accuracy")
    assert 0.10 <= record["epochs"][0]["test_error"] <= 0.13

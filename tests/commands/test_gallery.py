"""The pictures of the README: of the core path and of the doctor, small, and each described."""

import re
import struct
from pathlib import Path

import pytest

from cnnlib.course.core_path import CORE

ROOT = Path(__file__).resolve().parents[2]
PICTURES = [*CORE, "15"]  # the core path, and what the doctor shows


@pytest.mark.parametrize("number", PICTURES)
def test_a_picture_of_each_notebook_of_the_core_path_is_there_small_and_described(number):
    picture = (ROOT / "docs" / "gallery" / f"{number}.png").read_bytes()
    width, height = struct.unpack(">II", picture[16:24])
    assert picture[:4] == b"\x89PNG" and len(picture) <= 120_000
    assert 600 <= width <= 1280 and 300 <= height <= 1000
    for readme in ("README.md", "README.zh.md") if number == "12" else ("README.md",):
        text = (ROOT / readme).read_text(encoding="utf-8")
        (alt,) = re.findall(rf"!\[([^\]]*)\]\(docs/gallery/{number}\.png\)", text)
        assert len(alt) > 30


def test_no_picture_is_left_over():
    assert sorted(path.stem for path in (ROOT / "docs" / "gallery").iterdir()) == PICTURES

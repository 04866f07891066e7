"""The silent film: ninety seconds of the course's own pictures, in one file that plays by itself."""

import io

import pytest
from PIL import Image
from scripts import script

film = script("film", "tools")


def png(colour):
    kept = io.BytesIO()
    Image.new("RGB", (1280, 720), colour).save(kept, "PNG")
    return kept.getvalue()


def test_it_is_one_file_that_plays_and_a_picture_that_did_not_change_stands_longer(tmp_path):
    frames = [film.Frame(png(c), s) for c, s in [("white", 1.0), ("white", 2.5), ("black", 0.5), ("red", 1.0)]]
    film.write(frames, tmp_path)
    with Image.open(tmp_path / "film.webp") as made:
        assert made.n_frames == 3 and made.size == film.SHOWN
        durations = []
        for number in range(3):
            made.seek(number)
            made.load()
            durations.append(made.info["duration"])
    assert durations == [3500, 500, 1000]
    page = (tmp_path / "film.html").read_text(encoding="utf-8")
    assert 'src="film.webp" alt="' in page and "http" not in page


@pytest.mark.browser
@pytest.mark.slow
def test_row_proof_and_net_take_ninety_seconds(chromium):
    page = chromium.new_page(viewport=film.SIZE)
    frames = list(film.film(page))
    page.close()
    assert 85 <= sum(frame.seconds for frame in frames) <= 95
    assert len({frame.png for frame in frames}) > 20

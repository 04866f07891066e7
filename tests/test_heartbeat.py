"""A panel waits for a browser that is behind, and not for ever for one that is hidden."""

import asyncio
import time

import pytest

from cnnlib.widgets import heartbeat
from cnnlib.widgets.closing import close_with_parts


@pytest.fixture
def heart(monkeypatch):
    monkeypatch.setattr(heartbeat, "PATIENCE", 0.3)
    heart = heartbeat.Heartbeat()
    yield heart
    close_with_parts(heart)


def seconds_to_answer(heart, answer_after):
    async def measure():
        heart.beat()
        if answer_after is not None:
            asyncio.get_running_loop().call_later(answer_after, setattr, heart, "seen", heart.sent)
        started = time.perf_counter()
        await heart.answered()
        return time.perf_counter() - started

    return asyncio.run(measure())


def test_it_waits_until_the_frame_is_painted(heart):
    assert 0.08 < seconds_to_answer(heart, 0.1) < 0.25


def test_it_gives_a_hidden_tab_up_after_a_while(heart):
    assert 0.28 < seconds_to_answer(heart, None) < 1


def test_an_answer_to_an_earlier_frame_is_not_enough(heart):
    heart.beat()
    heart.seen = 1
    assert seconds_to_answer(heart, None) > 0.28

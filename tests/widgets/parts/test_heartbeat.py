"""A panel waits for a browser that is behind, and not for ever for one that is hidden."""

import asyncio
import time

import pytest

from cnnlib.widgets.parts import heartbeat
from cnnlib.widgets.parts.closing import close_with_parts


@pytest.fixture
def heart(monkeypatch):
    for name, seconds in (("PATIENCE", 0.4), ("LAG", 0.05), ("EVERY", 0.0)):
        monkeypatch.setattr(heartbeat, name, seconds)
    heart = heartbeat.Heartbeat()
    yield heart
    close_with_parts(heart)


def seconds_to_answer(heart, answer_after, behind=0.06):
    """How long a frame is held back that comes ``behind`` seconds after the beat."""

    async def measure():
        heart.beat()
        if answer_after is not None:
            asyncio.get_running_loop().call_later(answer_after, setattr, heart, "seen", heart.sent)
        await asyncio.sleep(behind)
        started = time.perf_counter()
        await heart.answered()
        return time.perf_counter() - started

    return asyncio.run(measure())


def test_it_waits_until_the_frame_is_painted(heart):
    assert 0.08 < seconds_to_answer(heart, 0.16) < 0.25


def test_a_frame_or_two_may_be_on_their_way(heart):
    assert seconds_to_answer(heart, None, behind=0.0) < 0.04


def test_it_gives_a_hidden_tab_up_after_a_while(heart):
    assert 0.3 < seconds_to_answer(heart, None) < 1


def test_an_answer_to_an_earlier_frame_is_not_enough(heart):
    heart.beat()
    heart.seen = 1
    assert seconds_to_answer(heart, None) > 0.3


def test_it_asks_seldom_and_not_twice_before_an_answer(heart, monkeypatch):
    heart.beat()
    heart.beat()
    assert heart.sent == 1  # the first is not answered yet
    heart.seen = 1
    heart.beat()
    assert heart.sent == 2
    monkeypatch.setattr(heartbeat, "EVERY", 10.0)
    heart.seen = 2
    heart.beat()
    assert heart.sent == 2  # asked a moment ago


@pytest.mark.parametrize("variables, on", [({}, False), ({"JUPYTERHUB_SERVICE_PREFIX": "/user/ada/"}, True)])
def test_low_cpu_is_on_at_first_where_a_class_shares_the_cores(heart, monkeypatch, variables, on):
    monkeypatch.delenv("JUPYTERHUB_SERVICE_PREFIX", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    switch = heartbeat.quiet_switch(heart)
    assert switch.value is on
    close_with_parts(switch)

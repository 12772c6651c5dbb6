"""A crowd is served one by one, who has had least first."""

import asyncio

import pytest

from standby.web import crowd
from standby.web.crowd import Crowd, Crowded


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "PAUSE", 0)


async def come(among: Crowd, had: float, done: list[float], leave: asyncio.Event | None = None) -> None:
    async with among.turn(had):
        if leave is not None:
            await leave.wait()
        done.append(had)


async def test_one_is_served_at_a_time_and_who_has_had_least_is_next() -> None:
    among, done, leave = Crowd(), list[float](), asyncio.Event()
    async with asyncio.TaskGroup() as people:
        people.create_task(come(among, 9.0, done, leave))
        await asyncio.sleep(0)
        for had in (2.0, 0.5, 1.0):
            people.create_task(come(among, had, done))
        await asyncio.sleep(0)
        assert done == []
        leave.set()
    assert done == [9.0, 0.5, 1.0, 2.0]


async def test_who_goes_away_while_they_wait_keeps_nobody() -> None:
    among, done, leave = Crowd(), list[float](), asyncio.Event()
    first = asyncio.create_task(come(among, 0.0, done, leave))
    await asyncio.sleep(0)
    impatient, patient = (asyncio.create_task(come(among, had, done)) for had in (1.0, 2.0))
    await asyncio.sleep(0)
    impatient.cancel()
    leave.set()
    await asyncio.wait([first, impatient, patient])
    assert done == [0.0, 2.0]


async def test_who_takes_very_long_doesnt_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "LONGEST_TURN", 0)
    among, done, leave = Crowd(), list[float](), asyncio.Event()
    async with asyncio.TaskGroup() as people:
        people.create_task(come(among, 0.0, done, leave))
        await asyncio.sleep(0)
        await people.create_task(come(among, 1.0, done))
        assert done == [1.0]
        leave.set()


async def test_when_so_many_wait_who_has_had_most_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "MOST_WAITING", 2)
    among, done, leave = Crowd(), list[float](), asyncio.Event()
    first = asyncio.create_task(come(among, 0.0, done, leave))
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(come(among, had, done)) for had in (1.0, 3.0, 2.0, 4.0, 2.0)]
    await asyncio.sleep(0)
    leave.set()
    await asyncio.wait([first, *waiting])
    assert done == [0.0, 1.0, 2.0]
    sent_away = [one for one in waiting if one.exception() is not None]
    assert sent_away == [waiting[1], waiting[3], waiting[4]]
    assert all(isinstance(one.exception(), Crowded) for one in sent_away)

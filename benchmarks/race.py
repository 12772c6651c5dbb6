"""One slot, offered to many at once, and all of them accept at the same moment: exactly one may win."""

import asyncio
from dataclasses import dataclass

from benchmarks.figures import Figures, now_ms, per_second, spread
from benchmarks.loading import Loader, Shape, slot_id, token
from benchmarks.stage import Ground, Stage, Via, loaded, reading, stage


@dataclass(frozen=True)
class Options:
    """`contenders` people for the slot of each of the `rounds`."""

    contenders: int = 200
    rounds: int = 20
    warmup_rounds: int = 5


async def run(ground: Ground, via: Via, options: Options) -> Figures:
    shape = Shape(1, 1)
    every = options.rounds + options.warmup_rounds

    async def load(rows: Loader) -> None:
        await rows.offered(every, per_slot=options.contenders)

    async with (
        loaded(ground, shape, load) as url,
        stage(url, shape, via=via, workers="none", connections=options.contenders) as on,
    ):
        return await _measure(on, options, every)


async def _measure(on: Stage, options: Options, every: int) -> Figures:
    winners: list[int] = []
    errors: list[BaseException] = []
    wall = 0.0
    for turn in range(every):
        first = turn * options.contenders + 1
        started = now_ms()
        answers = await asyncio.gather(
            *(on.client.accept(token(n)) for n in range(first, first + options.contenders)),
            return_exceptions=True,
        )
        if turn < options.warmup_rounds:
            continue
        wall += now_ms() - started
        winners.append(sum(answer is True for answer in answers))
        errors += [answer for answer in answers if isinstance(answer, BaseException)]
    measured = [slot_id(turn + 1) for turn in range(options.warmup_rounds, every)]
    async with reading(on.url) as database:
        most = await database.fetchval(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM bookings WHERE slot_id = ANY ($1::uuid[]) "
            "AND status = 'confirmed' GROUP BY slot_id) AS booked",
            measured,
        )
    return {
        "params": {"contenders": options.contenders, "rounds": options.rounds, "mode": "locked"},
        "rounds_with_one_winner": winners.count(1),
        "rounds_with_other_than_one": len(winners) - winners.count(1),
        "winners_per_round": spread(winners, 0),
        "winners": winners,
        "bookings_per_slot_max": most or 0,
        "rounds_per_s": per_second(options.rounds, wall, 2),
        "attempts_per_s": per_second(options.rounds * options.contenders, wall),
        "unexpected_errors": len(errors),
    }

"""Every benchmark with its options."""

import argparse
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from types import ModuleType
from typing import Any, get_args

from benchmarks import (
    accept,
    cascade,
    crash,
    flood,
    free,
    live,
    match,
    memory,
    race,
    reminders,
    send,
    timers,
    visits,
    webhook,
)
from benchmarks.figures import Figures
from benchmarks.stage import Ground, Via, Workers

HELP: Mapping[str, str] = {
    "salons": "salons in the database",
    "services": "waiting lists of each salon",
    "slots": "appointments that are measured",
    "waiting": "waiting entries for each slot; match: the sizes of the lists, with commas between",
    "in_flight": "calls that are under way at a time",
    "warmup": "calls before those that are measured",
    "warmup_rounds": "rounds before those that are measured",
    "provider_latency": "milliseconds that the provider takes to answer",
    "workers": "inline: in the process that takes the calls; child: in one of their own",
    "contenders": "customers who accept one slot at once",
    "rounds": "how often they do",
    "due": "deadlines that are measured",
    "over": "seconds over which they are spread",
    "pending": "other deadlines, a day away",
    "idle": "seconds of doing nothing, to see what that costs",
    "settle": "seconds that the worker is given to become quiet",
    "iterations": "searches that are measured (match: for each size)",
    "staff": "staff members of the salon",
    "per_day": "appointments of each of them on each weekday",
    "claims": "offers that are made and measured, for each size",
    "messages": "messages in the outbox",
    "bookings": "bookings that are to be reminded of",
    "concurrency": "messages that the worker sends at a time",
    "kills": "how often each process is killed",
    "seconds": "of measuring, each of three times",
    "rate": "what the other salon's customers ask a second",
    "flood": "what the flooded salon is asked a second",
    "dashboards": "open live streams of one salon",
    "changes": "cancellations of which they are told",
    "visits": "of each page that are measured",
    "lock": "milliseconds until a message that a dead worker was sending is looked after",
}
# The baseline lets one choose between transactions, and between lock times; here there is one of each.
ONLY_IN_THE_BASELINE = ("locked", "marked", "stock")


@dataclass(frozen=True)
class Command:
    """A benchmark. `through`: the ways of calling that it measures; none: nobody calls, the worker does it all."""

    module: ModuleType
    through: tuple[Via, ...] = ()

    @property
    def about(self) -> str:
        return (self.module.__doc__ or "").split("\n", 1)[0]

    def ways(self, wanted: str) -> list[Via | None]:
        """Which of them are wanted (a name, or both)."""
        return [way for way in self.through if wanted in (way, "both")] or [None]

    async def run(self, ground: Ground, via: Via | None, options: Any) -> Figures:
        run: Callable[..., Awaitable[Figures]] = self.module.run
        return await (run(ground, via, options) if via else run(ground, options))

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """An option for each field of the benchmark's Options."""
        for field in fields(self.module.Options):
            parser.add_argument(
                f"--{field.name.replace('_', '-')}",
                default=field.default,
                type=_sizes if isinstance(field.default, tuple) else type(field.default),
                choices=get_args(Workers)[:2] if field.name == "workers" else None,
                help=HELP[field.name],
            )
        ways = ["both", *self.through] if len(self.through) > 1 else ["both"]
        parser.add_argument(
            "--via", choices=ways, default="both",
            help="http: through the public API; inprocess: the same functions, called in this process",
        )  # fmt: skip
        for name in ONLY_IN_THE_BASELINE:
            parser.add_argument(f"--{name}", action="store_true", help=argparse.SUPPRESS)

    def options_from(self, given: argparse.Namespace) -> Any:
        """What was given, as the benchmark's Options."""
        return self.module.Options(
            **{field.name: getattr(given, field.name) for field in fields(self.module.Options)}
        )


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))


BOTH: tuple[Via, ...] = ("http", "inprocess")
COMMANDS: Mapping[str, Command] = {
    "cascade": Command(cascade, BOTH),
    "accept": Command(accept, BOTH),
    "race": Command(race, BOTH),
    "timers": Command(timers),
    "match": Command(match, ("inprocess", "http")),
    "memory": Command(memory),
    "crash": Command(crash),
    "send": Command(send),
    "webhook": Command(webhook),
    "reminders": Command(reminders),
    "free": Command(free, BOTH),
    "flood": Command(flood),
    "live": Command(live),
    "visits": Command(visits),
}

"""What is measured when everything is, and which figures are set side by side, each with its target."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.visits import PAGES

Figure = float | int
Find = Callable[[Mapping[str, Any]], Figure]


@dataclass(frozen=True)
class Measurement:
    """One command with its arguments. `once`: too long to repeat. `alone`: the baseline has nothing like it."""

    name: str
    command: str
    arguments: tuple[str, ...] = ()
    once: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Row:
    """A figure of a measurement. `theirs` None: the baseline has no such figure.

    `reached` judges ours and theirs (None: not measured) against the target; None: there is no target.
    """

    measurement: str
    label: str
    ours: Find
    theirs: Find | None
    target: str = ""
    reached: Callable[[Figure, Figure | None], bool | None] | None = None


MEASUREMENTS = (
    Measurement("cascade", "cascade"),
    Measurement("cascade, one at a time", "cascade", ("--in-flight", "1", "--slots", "500")),
    Measurement("accept", "accept"),
    Measurement("race", "race"),
    Measurement("timers, 20,000 pending", "timers"),
    Measurement("timers, 100,000 pending", "timers", ("--pending", "100000")),
    Measurement("match", "match", ("--via", "inprocess"), once=True),
    Measurement("memory", "memory"),
    Measurement("crash", "crash"),
    Measurement("send", "send"),
    Measurement("send, 200 ms away", "send", ("--provider-latency", "200", "--concurrency", "128")),
    Measurement("webhook", "webhook", alone=True),
    Measurement("webhook, the worker apart", "webhook", ("--workers", "child"), alone=True),
    Measurement("reminders", "reminders", once=True, alone=True),
    Measurement("free times", "free", alone=True),
    Measurement("flood", "flood", ("--seconds", "60"), alone=True),
    Measurement("live", "live", alone=True),
    Measurement("pages", "visits", once=True, alone=True),
    Measurement("send, 100,000 messages", "send", ("--messages", "100000"), once=True, alone=True),
)


def at(*path: str | int) -> Find:
    """The figure at a path of names and places."""

    def find(figures: Mapping[str, Any]) -> Figure:
        value: Any = figures
        for step in path:
            value = value[step]
        assert isinstance(value, int | float)
        return value

    return find


def growth(*path: str) -> Find:
    """How many times the figure of the longest list is that of the shortest."""

    def find(figures: Mapping[str, Any]) -> Figure:
        first, last = (at(*path)(figures["sizes"][place]) for place in (0, -1))
        return round(last / first, 2)

    return find


def same(label: str, measurement: str, *path: str | int, **target: Any) -> Row:
    """A figure that stands in the same place on both sides."""
    return Row(measurement, label, at(*path), at(*path), **target)


def at_most(limit: float) -> Callable[[Figure, Figure | None], bool | None]:
    return lambda ours, _: ours <= limit


def at_least(limit: float) -> Callable[[Figure, Figure | None], bool | None]:
    return lambda ours, _: ours >= limit


def times_theirs(factor: float, *, more: bool) -> Callable[[Figure, Figure | None], bool | None]:
    """At least (`more`) or at most so many times the baseline's figure."""

    def judge(ours: Figure, theirs: Figure | None) -> bool | None:
        if theirs is None:
            return None
        return ours >= factor * theirs if more else ours <= factor * theirs

    return judge


HALF: dict[str, Any] = {"target": "half the baseline's", "reached": times_theirs(0.5, more=False)}
NO_SLOWER: dict[str, Any] = {"target": "no slower than the baseline", "reached": times_theirs(1, more=False)}
TWICE: dict[str, Any] = {"target": "twice the baseline's", "reached": times_theirs(2, more=True)}
NONE: dict[str, Any] = {"target": "0", "reached": at_most(0)}
TO_PROVIDER = "Cancellation → the provider has the message, {}, ms"

ROWS = (
    same(TO_PROVIDER.format("p50"), "cascade", "cancel_to_provider_ms", "p50", **HALF),
    same(TO_PROVIDER.format("p99"), "cascade", "cancel_to_provider_ms", "p99", **HALF),
    same("Offers per second", "cascade", "offers_per_s", **TWICE),
    same("The cancelling call itself, p50, ms", "cascade", "cancel_call_ms", "p50"),
    same("Customers offered two slots at once", "cascade", "customers_offered_two_slots", **NONE),
    same("Offers without a timer", "cascade", "offers_without_timer", **NONE),
    same(TO_PROVIDER.format("p50"), "cascade, one at a time", "cancel_to_provider_ms", "p50", **NO_SLOWER),
    same(TO_PROVIDER.format("p99"), "cascade, one at a time", "cancel_to_provider_ms", "p99", **NO_SLOWER),
    same("Accepts per second", "accept", "accepts_per_s", **TWICE),
    same("The accepting call, p50, ms", "accept", "accept_call_ms", "p50"),
    same("The accepting call, p99, ms", "accept", "accept_call_ms", "p99"),
    Row("race", "Winners of 200 at once, most", at("winners_per_round", "max"), at("winners_per_round", "max"),
        "1", lambda ours, _: ours == 1),
    same("Attempts per second", "race", "attempts_per_s"),
    *(
        row
        for pending in ("20,000", "100,000")
        for row in (
            same("Lateness of an expiry, p50, ms", f"timers, {pending} pending", "lateness_ms", "p50"),
            same("Lateness of an expiry, p99, ms", f"timers, {pending} pending", "lateness_ms", "p99",
                 target="10", reached=at_most(10)),
            Row(f"timers, {pending} pending", "An expiry processed, p50, ms", at("expiry_processed_ms", "p50"), None,
                "3", at_most(3)),
            same("The next customer's message, after the deadline, p50, ms", f"timers, {pending} pending",
                 "next_offer_lateness_ms", "p50"),
            same("The worker's CPU while it waits, %", f"timers, {pending} pending", "idle", "worker_cpu_pct"),
            Row(f"timers, {pending} pending", "CPU of what keeps the timers meanwhile (PostgreSQL; Redis), %",
                at("idle", "database_cpu_pct"), at("idle", "redis_cpu_pct")),
        )
    ),
    same("Best of 1,000, p50, ms", "match", "sizes", 0, "find_ms", "p50"),
    same("Best of 1,000, p99, ms", "match", "sizes", 0, "find_ms", "p99", target="2", reached=at_most(2)),
    same("Best of 1,000,000, p50, ms", "match", "sizes", -1, "find_ms", "p50"),
    same("Best of 1,000,000, p99, ms", "match", "sizes", -1, "find_ms", "p99", target="2", reached=at_most(2)),
    Row("match", "Growth of the p50 from the shortest list to the longest, ×", growth("find_ms", "p50"),
        growth("find_ms", "p50"), "1.5", at_most(1.5)),
    same("Offer made, 1,000,000 waiting, p50, ms", "match", "sizes", -1, "find_and_mark_ms", "p50"),
    same("Joining 1,000, p50, ms", "match", "sizes", 0, "join_ms", "p50", target="2", reached=at_most(2)),
    same("Joining 1,000,000, p50, ms", "match", "sizes", -1, "join_ms", "p50", target="2", reached=at_most(2)),
    Row("memory", "Bytes for a pending timer in memory (a process of ours; Redis)",
        at("bytes_per_pending_timer_in_process"), at("redis_bytes_per_pending_job"), "less than 1", at_most(1)),
    Row("memory", "Bytes for it in the database's index", at("database_bytes_per_pending_timer"), None),
    same("Offers never sent", "crash", "offers_never_sent", **NONE),
    same("Slots without an offer", "crash", "slots_without_offer", **NONE),
    same("Offers without a timer", "crash", "offers_without_timer", **NONE),
    same("Messages sent twice", "crash", "notifications_sent_twice"),
    Row("crash", "… of which nobody is told", at("sent_twice_and_not_reported_as_uncertain"), None, **NONE),
    Row("crash", "Broken invariants", at("broken_invariants"), None, **NONE),
    same("Last message after the last kill of the worker, s", "crash", "last_message_after_last_worker_kill_s",
         target="5", reached=at_most(5)),
    same("Messages sent per second by one worker", "send", "messages_per_s", target="1,000", reached=at_least(1000)),
    same("Messages sent per second by one worker", "send, 200 ms away", "messages_per_s",
         target="300", reached=at_least(300)),
    *(
        row
        for apart in ("webhook", "webhook, the worker apart")
        for row in (
            Row(apart, "A provider's request is answered, p50, ms", at("answer_ms", "p50"), None),
            Row(apart, "A provider's request is answered, p99, ms", at("answer_ms", "p99"), None, "100", at_most(100)),
            Row(apart, "Requests answered per second", at("answers_per_s"), None),
            Row(apart, "Done what they tell, after the last answer, ms", at("done_after_the_last_answer_ms"), None),
        )
    ),
    Row("free times", "A week of twenty people's free times, p50, ms", at("free_times_ms", "p50"), None,
        "20", at_most(20)),
    Row("free times", "A week of twenty people's free times, p99, ms", at("free_times_ms", "p99"), None),
    Row("flood", "The other salon's calls, quiet, p50, ms", at("quiet", "all_ms", "p50"), None),
    Row("flood", "… p99, ms", at("quiet", "all_ms", "p99"), None),
    Row("flood", "Beside the flooding process alone, p50, ms", at("beside_a_busy_process", "all_ms", "p50"), None),
    Row("flood", "… p99, ms", at("beside_a_busy_process", "all_ms", "p99"), None),
    Row("flood", "While the first is flooded, p50, ms", at("flooded", "all_ms", "p50"), None),
    Row("flood", "… p99, ms", at("flooded", "all_ms", "p99"), None),
    Row("flood", "… p99, times the quiet one", at("p99_times_quiet", "all_ms"), None, "2", at_most(2)),
    Row("flood", "… p99, times that beside the flooding process",
        at("p99_times_beside_a_busy_process", "all_ms"), None),
    Row("flood", TO_PROVIDER.format("p99") + ", quiet", at("quiet", "cancel_to_provider_ms", "p99"), None),
    Row("flood", "… beside the flooding process alone",
        at("beside_a_busy_process", "cancel_to_provider_ms", "p99"), None),
    Row("flood", "… while the first is flooded", at("flooded", "cancel_to_provider_ms", "p99"), None),
    Row("flood", "… times the quiet one", at("p99_times_quiet", "cancel_to_provider_ms"), None, "2", at_most(2)),
    Row("flood", "The other salon's calls that were not served", at("flooded", "not_served"), None, **NONE),
    Row("flood", "The flood's requests answered per second", at("flood", "answered_per_s"), None),
    Row("flood", "… with 429, %", at("flood", "refused_pct"), None),
    Row("flood", "… that failed", at("flood", "failed"), None, **NONE),
    Row("live", "Memory of the web process for each of 500 open dashboards, kB",
        lambda figures: round(figures["bytes_per_dashboard"] / 1000, 1), None),
    Row("live", "A cancellation's call, p50, ms", at("call_ms", "p50"), None),
    Row("live", "… until the first of them knows, p50, ms", at("first_knows_ms", "p50"), None),
    Row("live", "… until all 500 know, p50, ms", at("all_know_ms", "p50"), None),
    Row("live", "… p99, ms", at("all_know_ms", "p99"), None),
    *(
        row
        for page in PAGES
        for row in (
            Row("pages", f"{page[:1].upper()}{page[1:]}: kB with all that it loads", at("pages", page, "kb"), None,
                "100", at_most(100)),
            Row("pages", "… requests", at("pages", page, "requests"), None),
            Row("pages", "… server, p50, ms", at("pages", page, "server_ms", "p50"), None, "50", at_most(50)),
        )
    ),
    Row("reminders", "Due reminders, written and sent per second by one worker", at("reminders_per_s"), None),
    Row("reminders", "… sent twice", at("reminders_sent_twice"), None, **NONE),
    Row("reminders", "The worker's memory after 10,000 of them, MB", at("worker_rss_mb_at_a_tenth"), None),
    Row("reminders", "… more after all 100,000, MB", at("worker_rss_mb_more"), None, "flat: 10", at_most(10)),
    Row("send, 100,000 messages", "Messages sent per second by one worker", at("messages_per_s"), None),
    Row("send, 100,000 messages", "The worker's memory after 10,000 of them, MB", at("worker_rss_mb_at_a_tenth"), None),
    Row("send, 100,000 messages", "… more after all 100,000, MB", at("worker_rss_mb_more"), None,
        "flat: 10", at_most(10)),
)  # fmt: skip

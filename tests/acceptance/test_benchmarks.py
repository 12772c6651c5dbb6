"""Each benchmark runs, small, and prints the figures that its page and its comparisons are made of."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks import page
from benchmarks.measurements import MEASUREMENTS, ROWS
from tests.conftest import Server

ROOT = Path(__file__).parents[2]
SPREAD = {"n", "p50", "p99", "max"}
MACHINE = {
    "cpus",
    "load_at_start",
    "python",
    "pgqueuer",
    "asyncpg",
    "postgres",
    "fsync",
    "synchronous_commit",
}
pytestmark = pytest.mark.timeout(300)  # The first of them waits for all commands.
SMALL: Mapping[str, str] = {
    "cascade": "--salons 2 --slots 20 --waiting 3 --warmup 5 --in-flight 4",
    "accept": "--salons 2 --slots 20 --warmup 5 --via inprocess",
    "race": "--contenders 10 --rounds 2 --warmup-rounds 1 --via http",
    "timers": "--salons 2 --due 10 --over 1 --pending 50 --idle 0.5 --settle 0.5",
    "match": "--waiting 100,1000 --iterations 20 --claims 5",
    "memory": "--pending 100 --settle 0.5",
    "crash": "--salons 2 --slots 30 --waiting 3 --in-flight 4 --provider-latency 5 --lock 1000",
    "send": "--salons 2 --messages 20",
    "webhook": "--salons 2 --slots 20",
    "reminders": "--salons 2 --bookings 20",
    "free": "--staff 2 --per-day 1 --iterations 3",
    "flood": "--seconds 4 --rate 5 --per-day 1",
    "live": "--dashboards 3 --changes 2",
    "visits": "--waiting 50 --visits 2 --staff 2 --per-day 1",
}
AT_ONCE = 4
Printed = Mapping[str, list[dict[str, Any]]]


async def measure(server: Server, command: str, turns: asyncio.Semaphore) -> list[dict[str, Any]]:
    """What a command prints: a line for each way of calling."""
    async with turns:
        return await _measure(server, command)


async def _measure(server: Server, command: str) -> list[dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks", command, *SMALL[command].split(), cwd=ROOT,
        env=os.environ | {"DATABASE_URL": server.address, "STANDBY_POOL_SIZE": "2"},  # A short rehearsal.
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, said = await process.communicate()
    assert process.returncode == 0, f"{command}: {said.decode()}"
    return [json.loads(line) for line in out.decode().splitlines()]


@pytest.fixture(scope="module")
async def printed(server: Server) -> Printed:
    """All commands, a few at once: half of what they take is waiting, and other tests run beside."""
    turns = asyncio.Semaphore(AT_ONCE)
    lines = await asyncio.gather(*(measure(server, command, turns) for command in SMALL))
    return dict(zip(SMALL, lines, strict=True))


async def test_every_line_says_what_was_measured_and_where(printed: Printed) -> None:
    for command, lines in printed.items():
        for line in lines:
            assert line["bench"] == command
            assert line["machine"].keys() >= MACHINE
            assert line["params"]


async def test_live_tells_what_a_dashboard_costs_and_when_all_know(printed: Printed) -> None:
    [figures] = printed["live"]
    assert figures["all_know_ms"]["n"] == 2
    assert figures["first_knows_ms"]["max"] <= figures["all_know_ms"]["max"]
    assert figures["bytes_per_dashboard"] >= 0


async def test_visits_weigh_each_page_with_all_that_it_loads(printed: Printed) -> None:
    [figures] = printed["visits"]
    for one in figures["pages"].values():
        assert one["requests"] > 1
        assert one["kb"] > one["html_kb"] > 1
        assert one["server_ms"]["n"] == 2


async def test_cascade_tells_how_soon_the_provider_has_the_message(printed: Printed) -> None:
    for figures, via in zip(printed["cascade"], ("http", "inprocess"), strict=True):
        assert figures["via"] == via
        assert figures["complete"]
        assert figures["cancel_to_provider_ms"].keys() == SPREAD
        assert figures["cancel_to_provider_ms"]["n"] == figures["cancel_call_ms"]["n"] == 20
        assert figures["offers_per_s"] > 0
        assert figures["cancels_per_s"] > 0
        assert figures["slots_without_message"] == figures["messages_sent_twice"] == 0
        assert figures["customers_offered_two_slots"] == figures["offers_without_timer"] == 0


async def test_accept_makes_every_booking(printed: Printed) -> None:
    [figures] = printed["accept"]
    assert figures["bookings_made"] == figures["accept_call_ms"]["n"] == 20
    assert figures["timers_left"] == 0
    assert figures["accepts_per_s"] > 0


async def test_race_has_one_winner(printed: Printed) -> None:
    [figures] = printed["race"]
    assert figures["winners"] == [1, 1]
    assert figures["rounds_with_one_winner"] == 2
    assert figures["rounds_with_other_than_one"] == figures["unexpected_errors"] == 0
    assert figures["bookings_per_slot_max"] == 1


async def test_timers_tell_how_late_each_took_effect(printed: Printed) -> None:
    [figures] = printed["timers"]
    assert figures["fired"] == figures["lateness_ms"]["n"] == 10
    assert figures["next_offer_lateness_ms"]["n"] == 10
    assert figures["lateness_ms"]["p50"] > 0
    assert figures["offers_without_timer"] == 0
    assert figures["idle"].keys() >= {"seconds", "worker_cpu_ms", "worker_cpu_pct"}


async def test_match_finds_in_lists_of_several_sizes(printed: Printed) -> None:
    inprocess, http = printed["match"]
    for size in inprocess["sizes"]:
        assert size.keys() == {"waiting", "find_ms", "find_statement_ms", "find_and_mark_ms", "join_ms"}
    assert [size["waiting"] for size in http["sizes"]] == [100, 1000]
    assert all(size["join_ms"].keys() == SPREAD for size in http["sizes"])


async def test_memory_tells_what_a_pending_timer_costs(printed: Printed) -> None:
    [figures] = printed["memory"]
    assert figures["delayed_jobs"] == 100
    assert figures["worker_rss_mb_before"] > 0
    assert figures["database_bytes_per_pending_offer"] > 0


async def test_crash_loses_nothing(printed: Printed) -> None:
    [figures] = printed["crash"]
    assert figures["api_kills"] == figures["worker_kills"] == 1
    assert figures["queue_drained"]
    assert figures["cancelled_slots"] == 30
    for nothing in (
        "offers_never_sent",
        "slots_without_offer",
        "offers_without_timer",
        "slots_without_timer",
        "sent_twice_and_not_reported_as_uncertain",
        "broken_invariants",
        "failed_jobs",
    ):
        assert figures[nothing] == 0, nothing


async def test_send_empties_the_outbox(printed: Printed) -> None:
    [figures] = printed["send"]
    assert figures["complete"]
    assert figures["messages"] == 20
    assert figures["messages_per_s"] > 0


async def test_free_finds_times_both_ways(printed: Printed) -> None:
    over_http, in_process = printed["free"]
    assert over_http["booked"] == in_process["booked"] > 500
    assert over_http["found"] == in_process["found"] > 0


async def test_a_flood_is_refused_and_the_other_salon_served(printed: Printed) -> None:
    [figures] = printed["flood"]
    for served in (figures["quiet"], figures["beside_a_busy_process"], figures["flooded"]):
        assert served["complete"]
        assert served["not_served"] == 0, served["first_not_served"]
        assert served["all_ms"]["n"] == 20
        assert served["cancel_to_provider_ms"]["n"] == 2
    assert figures["flood"]["refused_pct"] > 0
    assert figures["flood"]["failed"] == 0
    assert len(figures["flood"]["by_endpoint"]) == 29


async def test_reminders_are_written_and_sent_once(printed: Printed) -> None:
    [figures] = printed["reminders"]
    assert figures["complete"]
    assert figures["reminders"] == figures["bookings_reminded_once"] == 20
    assert figures["reminders_sent_twice"] == 0


async def test_webhook_has_every_report_done(printed: Printed) -> None:
    [figures] = printed["webhook"]
    assert figures["complete"]
    assert figures["answer_ms"]["n"] == 20


def test_every_figure_of_the_page_belongs_to_a_measurement() -> None:
    assert {row.measurement for row in ROWS} == {measurement.name for measurement in MEASUREMENTS}


def test_the_page_keeps_what_people_wrote_around_the_figures(tmp_path: Path) -> None:
    written = tmp_path / "benchmarks.md"
    written.write_text(f"# Ours\n\nBefore.\n\n{page.BEGIN}\nold\n{page.END}\n\nAfter.\n")
    machine = dict.fromkeys(MACHINE, "on") | {"load_at_start": 0.1, "fastapi": "0.1"}
    page.write(
        written, {("send", "worker"): {"messages_per_s": 1234.5, "machine": machine}}, runs=3, compared=False
    )
    text = written.read_text()
    assert text.startswith("# Ours\n\nBefore.\n\n")
    assert text.endswith("\n\nAfter.\n")
    assert "old" not in text
    assert "| Messages sent per second by one worker | 1,234 | 1,000: reached |" in text


async def test_a_missing_program_of_the_baseline_is_named(server: Server, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks", "--baseline", str(tmp_path), cwd=ROOT,
        env=os.environ | {"DATABASE_URL": server.address, "PATH": str(tmp_path)}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    assert process.returncode == 1
    assert b"redis-server" in said
    assert b"Node 20" in said

"""The server of Standby's own: shared, stopped by the last one, and not in need of a proper goodbye."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psutil
import pytest

from standby.database import embedded

USER = """
import sys
from pathlib import Path
from standby.database import embedded
print(embedded.start(Path(sys.argv[1])).url(), flush=True)
sys.stdin.read()
"""


async def test_what_was_stored_is_there_after_a_restart(tmp_path: Path) -> None:
    server = embedded.start(tmp_path)
    await execute(server.url(), "CREATE TABLE kept ()")
    server.stop()
    assert not is_running(tmp_path)

    server = embedded.start(tmp_path)
    await execute(server.url(), "TABLE kept")
    server.stop()


def test_processes_share_it_and_the_last_one_to_leave_stops_it(tmp_path: Path) -> None:
    with user_of(tmp_path) as first, user_of(tmp_path) as second:
        end(first)
        assert is_running(tmp_path)
        end(second)
        assert not is_running(tmp_path)


def test_two_processes_begin_at_once_and_get_the_same_server(tmp_path: Path) -> None:
    with process_using(tmp_path) as one, process_using(tmp_path) as another:
        assert one.stdout
        assert another.stdout
        assert one.stdout.readline() == another.stdout.readline() != ""
        end(one)
        end(another)
    assert not is_running(tmp_path)


def test_a_killed_process_neither_stops_it_nor_keeps_it_for_ever(tmp_path: Path) -> None:
    with user_of(tmp_path) as killed, user_of(tmp_path) as other:
        killed.kill()
        killed.wait()
        assert is_running(tmp_path)
        end(other)
        assert not is_running(tmp_path)


async def test_after_a_crash_of_the_server_the_next_start_recovers_what_was_committed(tmp_path: Path) -> None:
    server = embedded.start(tmp_path)
    await execute(server.url(), "CREATE TABLE kept ()")
    os.kill(postmaster(tmp_path), signal.SIGKILL)

    again = embedded.start(tmp_path)
    await execute(again.url(), "TABLE kept")
    server.stop()
    again.stop()
    assert not is_running(tmp_path)


def test_a_process_that_got_the_id_of_a_killed_server_is_not_taken_for_it(tmp_path: Path) -> None:
    server = embedded.start(tmp_path)
    os.kill(postmaster(tmp_path), signal.SIGKILL)
    server.stop()
    pid_file = tmp_path / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines(keepends=True)
    pid_file.write_text("".join(["1\n", *lines[1:]]))

    embedded.start(tmp_path).stop()


def test_an_interrupted_creation_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
    embedded.start(tmp_path).stop()
    assert not (tmp_path / "postgres.new").exists()


@pytest.mark.parametrize("name", ["with space", "it's", "100% + æøå"])
async def test_the_directory_may_have_any_name(tmp_path: Path, name: str) -> None:
    server = embedded.start(tmp_path / name)
    await execute(server.url("a ?&/ name"), "SELECT 1")
    server.stop()


async def test_a_directory_with_a_long_path_is_reached_by_a_short_way_of_our_own(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    server = embedded.start(long)
    way = way_to(server.url())
    assert way.readlink() == long / "postgres"
    assert stat.S_IMODE(way.parent.stat().st_mode) == 0o711

    way.unlink()  # As for a process whose /tmp is its own: it makes its way to the same server.
    joined = embedded.start(long)
    assert embedded.users(long) == [os.getpid()]
    await execute(joined.url(), "SELECT 1")
    server.stop()
    await execute(joined.url(), "SELECT 1")
    joined.stop()
    assert not is_running(long)


@pytest.mark.parametrize("laid_out", ["for all to write", "as a link", "by another"])
def test_a_way_that_somebody_else_laid_out_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, laid_out: str
) -> None:
    monkeypatch.setattr(embedded, "WAYS", str(tmp_path / "way"))
    ours = tmp_path / f"way-{os.geteuid()}"
    if laid_out == "as a link":
        (tmp_path / "theirs").mkdir(mode=0o711)
        ours.symlink_to(tmp_path / "theirs")
    else:
        ours.mkdir(mode=0o711)
        ours.chmod(0o777 if laid_out == "for all to write" else 0o711)
    if laid_out == "by another":
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        ours.rename(tmp_path / f"way-{os.geteuid()}")

    with pytest.raises(embedded.EmbeddedServerError, match="not ours alone"):
        embedded.start(tmp_path / ("x" * 100))


def test_a_place_where_nothing_can_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(embedded.EmbeddedServerError, match="can't be made"):
        embedded.start(tmp_path / "file")


def test_another_version_s_cluster_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(embedded.EmbeddedServerError, match="written by PostgreSQL 16"):
        embedded.start(tmp_path)


async def test_it_answers_on_no_network_address_and_flushes_what_it_commits(tmp_path: Path) -> None:
    server = embedded.start(tmp_path)
    connection = await asyncpg.connect(server.url())
    shown = {
        name: await connection.fetchval("SELECT current_setting($1)", name)
        for name in ("listen_addresses", "max_connections", "fsync", "synchronous_commit", "TimeZone")
    }
    await connection.close()
    server.stop()
    assert shown == {
        "listen_addresses": "",
        "max_connections": "300",
        "fsync": "on",
        "synchronous_commit": "on",
        "TimeZone": "UTC",
    }


def way_to(url: str) -> Path:
    (host,) = parse_qs(urlsplit(url).query)["host"]
    return Path(host)


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def user_of(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the server: it has started by now, and goes on until its input ends."""
    with process_using(data_dir) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("postgresql://")
        yield process


def process_using(data_dir: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def end(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.close()
    assert process.wait() == 0


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def is_running(data_dir: Path) -> bool:
    return (data_dir / "postgres" / "postmaster.pid").exists() and psutil.pid_exists(postmaster(data_dir))

"""The command line as people use it: real processes, and what they say on which stream, and how they end."""

import asyncio
import os
import re
import shlex
import shutil
import signal
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import pytest

from standby import __version__
from tests.acceptance.processes import STANDBY, Finished, run, running, settings
from tests.acceptance.stage import connected, open_stage
from tests.acceptance.test_demo import started
from tests.conftest import Server
from tests.fakes.twilio import FakeTwilio

ROOT = Path(__file__).parents[2]
TOKEN = r"[\w-]+\.[\w-]+\.[\w-]+\n"
TRACEBACK = "Traceback (most recent call last)"


# What nohup does, which not every machine has.
NOHUP = "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"


class Shell:
    """A terminal in a directory of its own, with settings for one database."""

    def __init__(self, folder: Path, **given: object) -> None:
        self.folder = folder
        self.env = settings(folder, **given)

    async def run(self, *arguments: str, given: str | None = None, **more: str) -> Finished:
        return await run(*arguments, cwd=self.folder, env=self.env | more, given=given)

    def write(self, name: str, *lines: str) -> str:
        """A file of these lines; returns its path."""
        path = self.folder / name
        path.write_text("\n".join((*lines, "")))
        return str(path)


@pytest.fixture
def shell(database_url: str, tmp_path: Path) -> Shell:
    return Shell(tmp_path, DATABASE_URL=database_url)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """One where Standby runs a database of its own; no test leaves it running."""
    return Shell(tmp_path_factory.mktemp("own"), PORT=0)


async def test_a_salon_gets_a_sender_of_its_own_and_tries_it(shell: Shell) -> None:
    assert (await shell.run("tenant", "create", "Fjord")).code == 0
    twilio = FakeTwilio(
        account="AC1",
        token="hush",
        senders={"+4790000000"},
        contents={},
        clock=lambda: datetime.now(UTC),  # noqa: TID251
    )
    appoint = ["channel", "set", "fjord", "sms", "--provider", "twilio", "--address", "+4790000000"]
    secrets = shell.write("secrets", "# Twilio's", "", "auth_token = hush")
    async with twilio.served():
        missing = await shell.run(*appoint, "--secrets", secrets)
        assert (missing.code, "account_sid: is missing" in missing.err) == (1, True)
        bare = await shell.run(*appoint, "--secrets", "-", given="# Twilio's\nhush\n")
        assert (bare.code, "Line 2 of the secrets should be" in bare.err, "hush" in bare.said) == (
            1,
            True,
            False,
        )
        option = ("--option", "account_sid=AC1")
        assert (await shell.run(*appoint, *option, "--secrets", "-", given="auth_token=hush\n")).code == 0
        long = ("--option", f"standby_offer/nb=HX{'0' * 40}")
        assert (
            await shell.run(*appoint, *option, *long, "--secrets", "-", given="auth_token=hush\n")
        ).code == 0
        for columns, heard in (
            ("80", ["answers have not arrived yet (standby channel webhooks)"]),
            ("40", ["answers have not arrived yet (standby", "channel webhooks)"]),
        ):
            listed = (await shell.run("channel", "list", "fjord", COLUMNS=columns)).out.splitlines()
            assert listed[0] == "sms by twilio"
            assert [line.strip() for line in listed[1:]] == [
                "+4790000000", "account_sid=AC1", long[1], "in use", *heard,
            ]  # fmt: skip
            assert all(line.startswith("  ") for line in listed[1:])
        to = ("--salon", "fjord", "--to", "412 34 567")
        sent = await shell.run("channel", "test", "sms", *to, STANDBY_TWILIO_API=twilio.url)
        assert (sent.code, sent.out.count("twilio took it for +4741234567")) == (0, 1)
    sealed = (await shell.run("channel", "reseal")).out
    assert "1 sender, 0 calendars, 0 webhooks and 0 second factors anew" in " ".join(sealed.split())
    assert (await shell.run("channel", "remove", "fjord", "sms")).code == 0


async def test_people_are_let_in_and_made_operators_and_shown_out(shell: Shell) -> None:
    assert (await shell.run("tenant", "create", "Fjord")).code == 0
    ida = ["Ida@example.com", "--salon", "fjord"]
    added = await shell.run("user", "add", *ida)
    assert (
        added.code,
        re.fullmatch(r"http://127\.0\.0\.1:\d+/reset/[\w-]{43}\n", added.out) is not None,
    ) == (0, True)
    assert (await shell.run("user", "role", *ida, "none")).err.startswith("✗ A salon needs an owner")
    assert (
        await shell.run("user", "add", "mia@example.com", "--salon", "fjord", "--role", "staff")
    ).code == 0
    assert (await shell.run("user", "role", "mia@example.com", "--salon", "fjord", "viewer")).code == 0
    assert "Nobody has an account with" in (await shell.run("user", "operator", "per@example.com")).err
    assert (await shell.run("user", "operator", "mia@example.com")).code == 0
    rows = [line.split() for line in (await shell.run("user", "list")).out.splitlines()[1:]]
    assert rows == [
        ["ida@example.com", "fjord:", "owner"],
        ["mia@example.com", "fjord:", "viewer", "✓"],
    ]
    token = await shell.run("tenant", "token", "fjord", "--role", "viewer")
    assert re.fullmatch(TOKEN, token.out)


async def test_a_salon_gets_a_quota_and_sees_what_it_has_sent(shell: Shell) -> None:
    assert (await shell.run("tenant", "create", "Bjørvika")).code == 0
    assert "bjorvika sent nothing in" in (await shell.run("usage", "bjorvika")).out
    quota = ["channel", "quota", "bjorvika", "sms", "--limit", "500"]
    wrong = await shell.run(*quota, "--unit-cost", "-1", "--currency", "kroner")
    assert (wrong.code, "unit_cost: must be" in wrong.err, "currency: must be" in wrong.err) == (
        1,
        True,
        True,
    )
    said = await shell.run(*quota, "--unit-cost", "0.45")
    assert said.out == "✓ bjorvika may send 500 messages a month by sms, at 0.45 NOK each\n"
    assert (await shell.run(*quota[:4])).out == said.out.removeprefix("✓ ")
    shown = await shell.run("usage", "bjorvika", "--month", "2026-11")
    assert shown.out.splitlines()[-1].split() == ["sms", "0", "of", "500", "0", "–"]


async def test_a_quota_keeps_what_is_not_named_and_loses_its_limit_by_none(shell: Shell) -> None:
    assert (await shell.run("tenant", "create", "Bjørvika")).code == 0
    quota = ["channel", "quota", "bjorvika", "sms"]
    without = "bjorvika may send any number of messages a month by sms, at"
    assert (await shell.run(*quota)).out == f"{without} 0 NOK each\n"
    assert "has no quota" in (await shell.run("usage", "bjorvika")).out  # To look sets none.
    assert (await shell.run(*quota, "--limit", "500", "--unit-cost", "0.45", "--currency", "eur")).code == 0
    said = await shell.run(*quota, "--limit", "200")
    assert said.out == "✓ bjorvika may send 200 messages a month by sms, at 0.45 EUR each\n"
    assert (await shell.run(*quota, "--limit", "none")).out == f"✓ {without} 0.45 EUR each\n"
    for wrong in ("-1", "many"):
        refused = await shell.run(*quota, f"--limit={wrong}")
        assert (refused.code, "--limit should be a number of messages like 500, or none" in refused.said) == (
            1,
            True,
        )


async def test_addresses_for_the_providers_are_printed_in_one_piece(shell: Shell) -> None:
    public = f"https://{'a-long-name.' * 8}example"
    printed = (await shell.run("channel", "webhooks", STANDBY_PUBLIC_URL=public, COLUMNS="40")).out
    for provider in ("whatsapp", "twilio", "sendgrid"):
        assert f"  {public}/webhooks/{provider}\n" in printed


async def test_the_templates_for_whatsapp_are_printed_with_numbered_values(shell: Shell) -> None:
    printed = (await shell.run("channel", "templates")).out
    assert "standby_offer (nb)" in printed
    assert "Hei {{1}}! En time er blitt ledig hos {{2}}" in printed
    assert (await shell.run("tenant", "create", "Bølgen", "--locale", "en")).code == 0
    of_salon = (await shell.run("channel", "templates", "--salon", "bolgen")).out
    assert "Hi {{1}}! A time came free at {{2}}" in of_salon
    assert "(nb)" not in of_salon


async def test_help_names_the_commands_and_version_the_version(shell: Shell) -> None:
    helped = await shell.run("--help")
    assert helped.code == 0
    for command in ("serve", "web", "work", "migrate", "doctor", "demo", "import", "tenant", "database"):
        assert command in helped.out
    assert (await shell.run("--version")).out == f"{__version__}\n"


async def test_an_unknown_command_is_refused(shell: Shell) -> None:
    refused = await shell.run("sevre")
    assert refused.code == 2
    assert "No such command 'sevre'" in refused.said


async def test_a_new_salon_s_token_is_all_that_stands_on_standard_output(shell: Shell) -> None:
    made = await shell.run("tenant", "create", "Salong Ærlig & Sønn")
    assert made.code == 0
    assert re.fullmatch(TOKEN, made.out)
    assert "salong-aerlig-sonn" in made.err
    again = await shell.run("tenant", "token", "salong-aerlig-sonn")
    assert re.fullmatch(TOKEN, again.out)


async def test_the_same_name_twice_is_refused_and_the_way_out_is_said(shell: Shell) -> None:
    await shell.run("tenant", "create", "Fjord")
    twice = await shell.run("tenant", "create", "Fjord")
    assert (twice.code, twice.out) == (1, "")
    assert "There is a salon called fjord already; give another --slug" in twice.said
    assert (await shell.run("tenant", "create", "Fjord", "--slug", "fjord-2")).code == 0


async def test_a_token_for_a_salon_that_is_not_there_is_refused(shell: Shell) -> None:
    refused = await shell.run("tenant", "token", "nowhere")
    assert (refused.code, refused.out) == (1, "")
    assert "There is no salon called nowhere" in refused.said


async def test_everything_wrong_with_a_new_salon_is_said_at_once(shell: Shell) -> None:
    bad = ("--timezone", "Oslo", "--currency", "kroner", "--country", "XX", "--locale", "sv")
    refused = await shell.run("tenant", "create", "Fjord", *bad)
    assert (refused.code, refused.out) == (1, "")
    for field in ("timezone", "currency", "country", "locale"):
        assert f"{field}: " in refused.err
    assert TRACEBACK not in refused.err


async def test_everything_wrong_with_the_settings_is_said_at_once(shell: Shell) -> None:
    refused = await shell.run(
        "doctor",
        STANDBY_PORT="99999",
        STANDBY_SECRET_KEY="short",
        STANDBY_SMPT_URL="smtp://x",
        DATABASE_URL="my.db",
    )
    assert refused.code == 1
    for name in (
        "STANDBY_PORT=99999",
        "STANDBY_SECRET_KEY",
        "did you mean STANDBY_SMTP_URL?",
        "DATABASE_URL",
    ):
        assert name in refused.err
    assert "short" not in refused.err
    assert TRACEBACK not in refused.err


async def test_migrating_twice_does_nothing_the_second_time(bare_database_url: str, tmp_path: Path) -> None:
    shell = Shell(tmp_path, DATABASE_URL=bare_database_url)
    first = await shell.run("migrate")
    assert (first.code, "0001_salon" in first.said) == (0, True)
    second = await shell.run("migrate")
    assert (second.code, "Nothing to do" in second.said) == (0, True)


@pytest.mark.parametrize(
    "command", [("work",), ("serve",), ("migrate",), ("tenant", "create", "Fjord"), ("doctor",)]
)
async def test_a_database_that_can_t_be_reached_is_said_in_a_line(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    shell = Shell(tmp_path, DATABASE_URL=f"postgresql://standby@127.0.0.1:{port}/standby", PORT=0)
    refused = await shell.run(*command)
    assert refused.code == 1
    assert "The database can't be reached" in refused.said
    assert TRACEBACK not in refused.err


@pytest.mark.parametrize(
    "odd", ["postgresql://host:port/standby", "postgresql://127.0.0.1:1/standby?sslmode=on"]
)
async def test_a_database_url_that_makes_no_sense_is_said_in_a_line(odd: str, tmp_path: Path) -> None:
    refused = await Shell(tmp_path, DATABASE_URL=odd).run("migrate")
    assert refused.code == 1
    assert "The database can't be reached" in refused.said
    assert TRACEBACK not in refused.err


async def test_a_port_in_use_is_said_in_a_line(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = str(somebody.getsockname()[1])
        for command in ("web", "serve"):
            refused = await shell.run(command, "--port", port)
            assert refused.code == 1
            assert f"Port {port} of 127.0.0.1 is taken by another program" in refused.said
            assert "--port" in refused.said
            assert TRACEBACK not in refused.err


async def test_doctor_calls_it_working_when_it_works_and_broken_when_a_promise_is_broken(
    database_url: str, tmp_path: Path
) -> None:
    async with open_stage(database_url, tmp_path) as stage:
        env = stage.settings(PUBLIC_URL="https://book.example.com")
        async with running("work", cwd=tmp_path, env=env) as worker:
            await worker.says("working")
            working = await run("doctor", cwd=tmp_path, env=env)
        assert working.code == 0, working.said
        assert "1 worker at work" in working.said
        assert "email: smtp answers" in working.said
        assert "It works, with" in working.said  # two channels have no provider
        assert "All is well" not in working.said
        await stage.owner.execute(
            "SET session_replication_role = replica;"  # no trigger looks
            " UPDATE slots SET status = 'held', hold_expires_at = now() WHERE status = 'booked'"
        )
    broken = await run("doctor", cwd=tmp_path, env=env)
    assert broken.code == 1
    assert "a held slot has an open offer" in broken.said
    assert "problems and" in broken.said


async def test_doctor_says_that_nothing_is_offered_without_a_worker_nor_sent_without_a_provider(
    shell: Shell,
) -> None:
    idle = await shell.run("doctor")
    assert idle.code == 1
    assert "No worker is running: nothing is offered or sent" in idle.said
    assert "No channel is set up: nobody can be told of an offer" in idle.said
    assert "2 problems" in idle.said


async def test_doctor_says_that_links_lead_nowhere_when_mail_is_set_up_and_the_address_is_not(
    database_url: str, tmp_path: Path
) -> None:
    async with open_stage(database_url, tmp_path) as stage:
        said = await run("doctor", cwd=tmp_path, env=stage.settings())
    assert said.code == 1
    assert "Links in messages begin with http://127.0.0.1:8000" in said.said
    assert "Set STANDBY_PUBLIC_URL" in said.said


async def test_doctor_speaks_of_logins_only_where_one_can_be_chosen(shell: Shell, own: Shell) -> None:
    assert "Standby's login may do everything" in (await shell.run("doctor")).said
    await own.run("migrate")
    assert "login" not in (await own.run("doctor")).said


async def test_doctor_says_what_a_database_lacks_and_what_to_run(
    bare_database_url: str, tmp_path: Path
) -> None:
    lacking = await Shell(tmp_path, DATABASE_URL=bare_database_url).run("doctor")
    assert lacking.code == 1
    assert "The database is not set up yet" in lacking.said
    assert "standby migrate" in lacking.said
    assert TRACEBACK not in lacking.err


async def test_doctor_as_the_first_command_says_what_sets_the_database_up(tmp_path: Path) -> None:
    first = await Shell(tmp_path).run("doctor")
    assert first.code == 1
    assert "The database is not set up yet" in first.said
    assert "standby serve" in first.said
    assert "can't be reached" not in first.said


@pytest.mark.parametrize("command", [("migrate",), ("serve",), ("doctor",), ("demo", "--once")])
async def test_a_database_or_a_login_that_the_server_does_not_know_is_said_as_that(
    command: tuple[str, ...], server: Server, tmp_path: Path
) -> None:
    shell = Shell(tmp_path, DATABASE_URL=server.url("nodb"), PORT=0)
    refused = await shell.run(*command)
    assert refused.code == 1
    assert 'The server has been reached, but database "nodb" does not exist' in refused.said
    nobody = server.url("postgres").replace("postgres@", "nobody@")
    refused = await shell.run(*command, DATABASE_URL=nobody)
    assert refused.code == 1
    assert 'refuses the login in DATABASE_URL: role "nobody" does not exist' in refused.said
    assert "can't be reached" not in refused.said


@pytest.mark.parametrize("command", ["serve", "demo"])
async def test_a_port_that_there_is_not_is_the_option_s_mistake(command: str, shell: Shell) -> None:
    refused = await shell.run(command, "--port", "99999")
    assert refused.code == 2
    assert "--port" in refused.said
    assert "STANDBY_PORT" not in refused.said


async def test_a_name_of_which_no_short_name_can_be_made_asks_for_one(shell: Shell) -> None:
    refused = await shell.run("tenant", "create", "日本")
    assert refused.code == 1
    assert "give --slug" in refused.said
    assert (await shell.run("tenant", "create", "日本", "--slug", "nihon")).code == 0


async def test_the_help_of_a_new_salon_says_which_country_is_meant(shell: Shell) -> None:
    assert "STANDBY_DEFAULT_COUNTRY" in (await shell.run("tenant", "create", "--help", COLUMNS="200")).said


async def test_the_database_url_is_good_for_other_programs_until_it_is_stopped(own: Shell) -> None:
    said = await own.run("database", "url")
    assert said.code == 0
    url = said.out.removesuffix("\n")
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT current_database()") == "standby"
    await connection.close()
    assert "Stopped" in (await own.run("database", "stop")).said
    assert "It was not running" in (await own.run("database", "stop")).said
    with pytest.raises((FileNotFoundError, ConnectionRefusedError)):
        await asyncpg.connect(url)


async def test_another_server_is_not_standby_s_to_stop(shell: Shell) -> None:
    refused = await shell.run("database", "stop")
    assert refused.code == 1
    assert "not Standby's to stop" in refused.said


async def test_serve_answers_who_has_a_token_and_takes_its_database_with_it(own: Shell) -> None:
    token = (await own.run("tenant", "create", "Fjord")).out.strip()
    async with running("serve", cwd=own.folder, env=own.env) as serve:
        address = (await serve.says("serving"))["address"]
        async with httpx.AsyncClient(base_url=address) as client:
            assert (await client.get("/api/services")).status_code == 401
            answer = await client.get("/api/services", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        assert (own.folder / "postgres" / "postmaster.pid").exists()
        assert await serve.stop() == 0, serve.log
    assert serve.log.count("no_channel_is_set_up") == 1
    assert not (own.folder / "postgres" / "postmaster.pid").exists()
    assert TRACEBACK not in serve.log


async def test_a_database_in_use_is_not_stopped_and_who_uses_it_is_said(own: Shell) -> None:
    async with running("serve", cwd=own.folder, env=own.env) as serve:
        await serve.says("serving")
        refused = await own.run("database", "stop")
        assert refused.code == 1
        assert f"Another process of Standby uses it ({serve.pid})" in refused.said
        assert await serve.stop() == 0


@pytest.mark.parametrize("command", ["serve", "work"])
async def test_a_terminal_that_closes_ends_it_gracefully_and_its_database_with_it(
    command: str, own: Shell
) -> None:
    async with running(command, cwd=own.folder, env=own.env) as process:
        await process.says("working")
        process.send(signal.SIGHUP)  # from the shell
        await process.says("stopping")
        process.send(signal.SIGHUP)  # and from the kernel
        assert await process.ends() == 0, process.log
    assert process.log.count('"stopping"') == 1
    assert not (own.folder / "postgres" / "postmaster.pid").exists()


async def test_under_nohup_it_outlives_its_terminal(own: Shell) -> None:
    nohup = [sys.executable, "-c", NOHUP, str(STANDBY), "work"]
    async with started(*nohup, cwd=own.folder, env=os.environ | own.env) as process:
        await process.says("working")
        process.send(signal.SIGHUP)
        process.send(signal.SIGTERM)
        assert await process.ends() == 0
    assert "SIGTERM" in process.said
    assert "SIGHUP" not in process.said


async def test_a_short_command_that_is_ended_takes_its_database_with_it(own: Shell) -> None:
    await own.run("tenant", "create", "Pipe")
    book = own.folder / "staff.csv"
    os.mkfifo(book)
    async with running("import", "--salon", "pipe", str(book), cwd=own.folder, env=own.env) as process:
        writer = await asyncio.to_thread(
            book.open, "w"
        )  # Returns when the import reads it, and keeps it waiting.
        process.send(signal.SIGHUP)
        assert await process.ends() == 128 + signal.SIGHUP, process.log
        writer.close()
    assert not (own.folder / "postgres" / "postmaster.pid").exists()


async def test_applied_migrations_are_no_warning(bare_database_url: str, tmp_path: Path) -> None:
    shell = Shell(tmp_path, DATABASE_URL=bare_database_url, PORT=0)
    async with running("serve", cwd=tmp_path, env=shell.env) as serve:
        told = await serve.says("Applying 0001_salon")
        assert told["level"] == "info"
        assert await serve.stop() == 0


async def test_import_takes_the_good_book_and_says_what_came_of_it(shell: Shell) -> None:
    await shell.run("tenant", "create", "Fjord")
    files = [
        shell.write("services.csv", "name,duration", "Haircut,45"),
        shell.write("staff.csv", "name", "Kim"),
    ]
    taken = await shell.run("import", "--salon", "fjord", *files)
    assert taken.code == 0, taken.said
    assert "services: 1 new" in taken.said
    assert "staff: 1 new" in taken.said
    again = await shell.run("import", "--salon", "fjord", *files)
    assert (again.code, "Nothing has changed" in again.said) == (0, True)


async def test_import_says_everything_that_is_wrong_with_its_place_and_takes_the_rest_when_told_to(
    shell: Shell, database_url: str
) -> None:
    await shell.run("tenant", "create", "Fjord")
    services = shell.write("services.csv", "name,duration", "Haircut,45", "Colour,soon")
    customers = shell.write("customers.csv", "name,phone,email", "Kari,+4741234567,", "Ola,12,", "Per,,per@")
    refused = await shell.run("import", "--salon", "fjord", services, customers)
    assert refused.code == 1
    for place in (
        f'{services}, line 3, duration "soon"',
        f'{customers}, line 3, phone "12"',
        f'{customers}, line 4, email "per@"',
    ):
        assert place in refused.said
    owner = await connected(database_url)
    assert await owner.fetchval("SELECT count(*) FROM customers") == 0
    taken = await shell.run("import", "--salon", "fjord", "--skip-bad", services, customers)
    assert (taken.code, "customers: 1 new" in taken.said) == (3, True)
    assert await owner.fetchval("SELECT count(*) FROM customers") == 1
    await owner.close()
    assert "3 when --skip-bad has left rows out" in (await shell.run("import", "--help")).said


async def test_import_into_a_salon_that_is_not_there_is_refused(shell: Shell) -> None:
    refused = await shell.run("import", "--salon", "nowhere", shell.write("staff.csv", "name", "Kim"))
    assert refused.code == 1
    assert "There is no salon called nowhere" in refused.said


async def test_the_readme_s_commands_run_one_after_the_other(shell: Shell) -> None:
    for file in (ROOT / "examples" / "salon-fjord").glob("*.csv"):
        shutil.copy(file, shell.folder)
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    [block] = [block for block in blocks if "standby tenant create" in block]
    create, fill, serve, doctor = (shlex.split(line, comments=True)[1:] for line in block.splitlines())
    made = await shell.run(*create)
    assert re.fullmatch(TOKEN, made.out), made.said
    filled = await shell.run(*fill)
    assert filled.code == 0, filled.said
    async with running(*serve, cwd=shell.folder, env=shell.env | {"STANDBY_PORT": "0"}) as process:
        await process.says("working")
        looked = await shell.run(*doctor)
        assert (looked.code, looked.out.count("✗")) == (1, 1)
        assert "No channel is set up" in looked.said
        assert await process.stop() == 0

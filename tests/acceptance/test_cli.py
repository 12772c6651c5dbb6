"""The command line as people use it: real processes, and what they say on which stream, and how they end."""

import re
import shlex
import shutil
import socket
from pathlib import Path

import asyncpg
import httpx
import pytest

from standby import __version__
from tests.acceptance.processes import Finished, run, running, settings
from tests.acceptance.stage import connected, open_stage

ROOT = Path(__file__).parents[2]
TOKEN = r"[\w-]+\.[\w-]+\.[\w-]+\n"
TRACEBACK = "Traceback (most recent call last)"


class Shell:
    """A terminal in a directory of its own, with settings for one database."""

    def __init__(self, folder: Path, **given: object) -> None:
        self.folder = folder
        self.env = settings(folder, **given)

    async def run(self, *arguments: str, **more: str) -> Finished:
        return await run(*arguments, cwd=self.folder, env=self.env | more)

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
            assert "Address already in use" in refused.said
            assert port in refused.said
            assert TRACEBACK not in refused.err


async def test_doctor_finds_a_healthy_system_healthy_and_a_broken_promise_broken(
    database_url: str, tmp_path: Path
) -> None:
    shell = Shell(tmp_path, DATABASE_URL=database_url)
    healthy = await shell.run("doctor", STANDBY_CONSOLE_CHANNELS="email")
    assert healthy.code == 0
    assert "All is well" in healthy.said
    async with open_stage(database_url, tmp_path) as stage:
        await stage.owner.execute(
            "SET session_replication_role = replica;"  # no trigger looks
            " UPDATE slots SET status = 'held', hold_expires_at = now() WHERE status = 'booked'"
        )
    broken = await shell.run("doctor")
    assert broken.code == 1
    assert "a held slot has an open offer" in broken.said
    assert "Something is wrong" in broken.said


async def test_doctor_says_what_a_database_lacks_and_what_to_run(
    bare_database_url: str, tmp_path: Path
) -> None:
    lacking = await Shell(tmp_path, DATABASE_URL=bare_database_url).run("doctor")
    assert lacking.code == 1
    assert "standby migrate" in lacking.said
    assert TRACEBACK not in lacking.err


async def test_the_database_url_is_good_for_other_programs_until_it_is_stopped(own: Shell) -> None:
    said = await own.run("database", "url")
    assert said.code == 0
    url = said.out.removesuffix("\n")
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT current_database()") == "standby"
    await connection.close()
    assert (await own.run("database", "stop")).code == 0
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
    assert (taken.code, "customers: 1 new" in taken.said) == (0, True)
    assert await owner.fetchval("SELECT count(*) FROM customers") == 1
    await owner.close()


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

"""The schema that the migrations make, as one text: src/standby/database/schema.sql."""

import asyncio
import getpass
import re
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from standby.database import embedded
from standby.database.migrate import migrate

HEAD = "-- Written by `make schema` from the migrations: what pg_dump says, for reading and comparing."
SCHEMA = Path(__file__).parents[1] / "src" / "standby" / "database" / "schema.sql"


def dump(url: str) -> str:
    """The database's schema `standby`, without what differs from server to server or from run to run.

    Owners are shown where they aren't the one who migrates.
    """
    owner = urlsplit(url).username or getpass.getuser()
    noise = re.compile(
        rf"-- Dumped |--$|$|\\(un)?restrict |SET |.* OWNER TO {re.escape(owner)};$"
        r"|ALTER TABLE .* SET \(pg_attver=\d+\);$"  # Debian's 15.20 puts it on every column.
    )
    done = subprocess.run(
        [embedded.PROGRAMS / "pg_dump", "--schema-only", "--schema=standby", f"--dbname={url}"],
        check=True,
        capture_output=True,
        text=True,
    )
    kept = [line for line in done.stdout.splitlines() if not noise.match(line)]
    return (
        "\n".join([HEAD, *(re.sub(r"^-- Name: (.*); Schema: .*", r"\n-- \1", line) for line in kept)]) + "\n"
    )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="standby") as directory:
        server = embedded.start(Path(directory))
        try:
            asyncio.run(migrate(server.url()))
            SCHEMA.write_text(dump(server.url()))
        finally:
            server.stop()
    print(f"{SCHEMA} is up to date")


if __name__ == "__main__":
    main()

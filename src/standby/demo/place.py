"""Where a demo runs: its settings, a free port, and the sample salon's files."""

import errno
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from standby.errors import StandbyError
from standby.settings import Settings, SettingsError, load

DATA_DIR: Final = Path(".demo")  # in the current directory
PORTS_TRIED: Final = 100
SAMPLE: Final = Path("examples", "salon-fjord")
KINDS: Final = ("services", "staff", "hours", "customers", "bookings", "waitlist")
PROJECT: Final = Path(__file__).parents[3]  # when it runs from the source code


class SampleMissing(StandbyError):
    """The sample salon comes with Standby's source code, not with the installed package; run `make demo` there."""


class BadSettings(StandbyError):
    """Some settings can't be used."""


def settings_of(**options: Any) -> Settings:
    """The settings, where nobody says otherwise, of a demo: a data directory and a secret of its own, and few words.

    Raises BadSettings.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        said = load(**given)
        own: dict[str, Any] = {
            "data_dir": DATA_DIR,
            "secret_key": secrets.token_urlsafe(48),
            "log_level": "error",
        }
        return load(
            **given | {name: value for name, value in own.items() if name not in said.model_fields_set}
        )
    except SettingsError as error:
        raise BadSettings(str(error)) from error


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next that nobody listens on; 0 is any. Raises OSError when there is none."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)) if wanted else (0,):
        try:
            with socket.create_server((host, port), family=_family(host)) as listener:
                found: int = listener.getsockname()[1]
                return found
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, f"no port from {wanted} on is free on {host}")


def address(host: str, port: int) -> str:
    """How a browser on this computer gets there."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # Looked for, not listened on.
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def sample_files() -> list[Path]:
    """The sample salon's files. Raises SampleMissing."""
    for root in (PROJECT, Path.cwd()):
        files = [root / SAMPLE / f"{kind}.csv" for kind in KINDS]
        if all(file.is_file() for file in files):
            return files
    raise SampleMissing


@contextmanager
def kept_token(token: str) -> Iterator[Path]:
    """A file with the token, which its owner alone can read, while the block runs."""
    with tempfile.NamedTemporaryFile("w", prefix="standby-demo-") as file:
        file.write(token + "\n")
        file.flush()
        yield Path(file.name)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET

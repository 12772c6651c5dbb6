"""The server that the settings name, or else one of our own."""

from collections.abc import Iterator
from contextlib import contextmanager

from standby.database import embedded
from standby.settings import Settings


@contextmanager
def serving(settings: Settings, *, keep: bool = False) -> Iterator[str]:
    """The database's address, as its owner; starts or joins Standby's own server when the settings name none.

    Our own server stops with its last user, unless it is to be kept.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    server = embedded.start(settings.data_dir)
    try:
        yield server.url()
    finally:
        if keep:
            server.leave_running()
        else:
            server.stop()


def revive(settings: Settings) -> None:
    """Starts Standby's own server again if it has died; another one is its operator's business."""
    if settings.database_url is None:
        embedded.start(settings.data_dir).leave_running()  # The share that `serving` holds keeps it up.

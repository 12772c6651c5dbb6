"""When a webhook is told again. Pure."""

from datetime import timedelta
from typing import Final

# After the first attempt, the second and so on: a little more than 24 hours, as Standard Webhooks advises.
WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=8),
    timedelta(hours=9),
)
JITTER: Final = 0.1  # of a wait, either way: what failed together doesn't come back together
ENDS_AFTER: Final = timedelta(days=3)  # of failing, and of nothing else
SHORTEST_REST: Final = timedelta(seconds=5)
LONGEST_REST: Final = timedelta(minutes=30)


def wait_after(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after so many failed attempts, one or more; None: that was the last. `chance` is 0 to 1."""
    if attempts > len(WAITS):
        return None
    return WAITS[attempts - 1] * (1 + JITTER * (2 * chance - 1))


def rest_after(failing: timedelta) -> timedelta:
    """How long an endpoint that doesn't answer is left alone, by how long it has been failing: a tenth of that.

    Somebody waits for each of its answers to time out, and others wait for that.
    """
    return min(max(failing / 10, SHORTEST_REST), LONGEST_REST)

"""How long it may take until somebody on the waitlist has a time: from the salon's own history, or nothing. Pure."""

from math import ceil
from typing import Final

ENOUGH: Final = 4  # places that the waitlist filled in four weeks; fewer say nothing about the next
WEEKS_FROM: Final = 14  # days; from there on whole weeks are as good as it can be told
TOLD: Final = 56  # days; what is further away is not told as a number


def estimate(days: float | None, filled: int) -> tuple[str, int]:
    """What can be said (unknown, days, weeks, long), and the number in it."""
    if days is None or filled < ENOUGH:
        return "unknown", 0
    if days > TOLD:
        return "long", TOLD // 7
    if days < WEEKS_FROM:
        return "days", max(1, ceil(days))
    return "weeks", round(days / 7)

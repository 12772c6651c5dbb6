"""What must never be, and what failed for good: all of it in the database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from rich.markup import escape

from standby import clock
from standby.database.pool import Pool
from standby.doctor.findings import FINE, PROBLEM, WARNING, Finding

LATE: Final = timedelta(minutes=1)  # a deadline that passed longer ago is being watched by nobody


async def of_promises(pool: Pool) -> AsyncIterator[Finding]:
    """Of all salons: broken promises, and what somebody has to know of."""
    broken = await pool.fetch("SELECT * FROM broken_invariants($1, $2)", clock.now(), LATE)
    for one in broken[:20]:
        yield Finding(
            PROBLEM,
            escape(f"{one['invariant']}: {one['details']} (tenant {one['tenant_id']}, id {one['id']})"),
            "If it stays after a minute with a worker running, please report it.",
        )
    if not broken:
        yield Finding(FINE, "Every promise about slots, offers, entries, bookings and messages holds")
    uncertain = await pool.fetch("SELECT * FROM uncertain_messages()")
    if uncertain:
        again = sum(1 for one in uncertain if one["resends"])
        yield Finding(
            WARNING,
            f"{len(uncertain)} messages may or may not have gone out; {again} of them were sent again",
            f"The newest: {uncertain[0]['kind']} {uncertain[0]['id']}",
        )
    unread = await pool.fetchval("SELECT unreadable_callbacks()")
    if unread:
        yield Finding(
            WARNING,
            f"{unread} requests of providers could not be read, five times each",
            "The worker's log says why.",
        )
    letters = await pool.fetchrow("SELECT * FROM unsent_letters($1)", clock.now() - timedelta(days=7))
    if letters is not None and letters["number"]:
        yield Finding(
            WARNING,
            escape(
                f"{letters['number']} mails about accounts have not gone out this week: {letters['reason']}"
            ),
            "They go by the installation's own server: STANDBY_SMTP_URL and STANDBY_EMAIL_FROM.",
        )
    for one in await pool.fetch("SELECT * FROM used_up_quotas($1)", clock.now()):
        yield Finding(
            WARNING,
            escape(
                f"{one['slug']}: {one['channel']}: the quota of {one['month']:%Y-%m} is used up "
                f"({one['messages']} of {one['monthly_limit']} messages)"
            ),
            f"More: standby channel quota {one['slug']} {one['channel']} --limit …",
        )
    async for finding in _of_webhooks(pool):
        yield finding


async def _of_webhooks(pool: Pool) -> AsyncIterator[Finding]:
    for one in await pool.fetch("SELECT * FROM failing_webhooks()"):
        what = f"{one['slug']}: the webhook at {urlsplit(one['url']).hostname}"  # The rest may be a secret.
        if one["disabled_reason"] is not None:
            yield Finding(
                WARNING,
                escape(f"{what} was switched off ({one['disabled_reason']})"),
                "The salon switches it on again (PATCH /api/webhooks/…), or deletes it.",
            )
        else:
            yield Finding(
                WARNING,
                escape(
                    f"{what} has failed since {one['failing_since']:%F %T %Z}; {one['pending']} events wait"
                ),
                "GET /api/webhooks/…/deliveries says what it answers.",
            )

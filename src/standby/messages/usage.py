"""What a salon sends each month and what that costs, by channel; and how much it may. The caller owns the transaction.

database/functions/count_usage.sql counts, and used_up_channels.sql keeps the limits.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid
from standby.tenants import tenants

SQL = statements_beside(__file__)
MOST = 1_000_000_000
DEAREST = Decimal(100_000)


@dataclass(frozen=True)
class Cost:
    """An estimate: what was sent, by the price of one at that time."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class ChannelUsage:
    """A month by one channel. `segments` is how many messages the provider counts; `limit` None: there is none."""

    channel: str
    messages: int
    segments: int
    costs: list[Cost]
    limit: int | None
    left: int | None


@dataclass(frozen=True)
class Quota:
    """How many messages a month may go out (None: any number), and what a segment costs."""

    limit: int | None
    unit_cost: Decimal
    currency: str


async def find_quota(tx: Tx, channel: str) -> Quota:
    """The quota that holds for a channel, locked. Who has none may send any number, at no price."""
    row = await tx.fetchrow(SQL["find_quota"], channel)
    if row is None:
        return Quota(None, Decimal(0), (await tenants.find(tx)).currency)
    return Quota(row["monthly_limit"], row["unit_cost"], row["currency"])


async def set_quota(tx: Tx, channel: str, quota: Quota) -> None:
    """Sets the salon's quota for a channel, in place of another. Raises Invalid with every problem."""
    if problems := _problems(quota):
        raise Invalid(problems)
    await tx.execute(SQL["set_quota"], channel, quota.limit, quota.unit_cost, quota.currency)


async def of_month(tx: Tx, month: date) -> list[ChannelUsage]:
    """The channels by which the salon sent something in the month of that day, or has a quota for."""
    rows = await tx.fetch(SQL["usage_of_month"], month.replace(day=1))
    return [
        ChannelUsage(
            row["channel"],
            row["messages"],
            row["segments"],
            [Cost(Decimal(amount), currency) for currency, amount in sorted(row["costs"].items())],
            row["monthly_limit"],
            None if row["monthly_limit"] is None else max(0, row["monthly_limit"] - row["messages"]),
        )
        for row in rows
    ]


async def current_month(tx: Tx, *, now: datetime) -> date:
    """The first day of the month that it is for the salon."""
    return now.astimezone((await tenants.find(tx)).zone).date().replace(day=1)


def _problems(quota: Quota) -> list[FieldProblem]:
    problems = []
    if quota.limit is not None and not 0 <= quota.limit <= MOST:
        problems.append(FieldProblem("limit", f"must be 0 to {MOST}"))
    if not (quota.unit_cost.is_finite() and 0 <= quota.unit_cost <= DEAREST):
        problems.append(FieldProblem("unit_cost", f"must be 0 to {DEAREST}"))
    if not re.fullmatch("[A-Z]{3}", quota.currency):
        problems.append(FieldProblem("currency", "must be three letters like NOK"))
    return problems

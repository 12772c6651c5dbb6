"""The step between a form and what it asks for: a code to the number in it, shared by booking and joining.

Everything typed goes along in the page of the step, so nothing is kept of a form that nobody finishes.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from standby.database.pool import Tx, new_id
from standby.errors import TooManyRequests
from standby.signed_links import CUSTOMER, Linked, is_visit, token_for, visit_token
from standby.tenants import codes, verifications, vouching
from standby.tenants.verifications import Over, Purpose, Wrong
from standby.tenants.vouching import Done, Failed, Shown, Unshown
from standby.web.limits import home_of
from standby.web.public.guest import Guest
from standby.web.public.typed import Typed

# What a form's button asks for besides going on.
AGAIN: Final = "again"  # another code
EDIT: Final = "edit"  # the form once more
MINUTES_FROM: Final = 90  # seconds


@dataclass(frozen=True)
class AskCode:
    """A code went to the number; `problem` is a key of words, with `values`, for one that was typed.

    `wait`: it is none of theirs; so many seconds are to be waited first.
    """

    verification_id: UUID
    problem: str = ""
    values: Mapping[str, str] | None = None
    wait: int = 0


@dataclass(frozen=True)
class TooOften:
    """Nothing was done: so many seconds are to be waited first."""

    seconds: int


Step: TypeAlias = Done | Failed | AskCode | TooOften


def shows_something(typed: Typed) -> bool:
    """Whether a form says that its number is theirs: then what they want is done, or can't be, once that is clear."""
    return bool(typed("proof") or codes.read_code(typed("code")))


async def step(
    guest: Guest, typed: Typed, phone: str, purpose: Purpose, what: str, act: Callable[[Tx], Awaitable[UUID]]
) -> Step:
    """Goes one step on: writes, or has a code sent to the number, or says what is wrong with the one that was typed."""
    try:
        if typed("step") == AGAIN:
            return AskCode(await new_code(guest, phone, purpose, new_id()))
        await guest.visitor.count_write(phone)
        shown = Shown(typed.id("verification"), codes.read_code(typed("code")), typed("proof"))
        async with guest.visitor.transaction() as tx:
            outcome = await vouching.write(
                tx, phone, shown, what, lambda: act(tx), secret=guest.web.secret, now=guest.now
            )
        match outcome:
            case Done() | Failed():
                return outcome
            case Wrong(tries_left) if tries_left:
                assert shown.verification_id is not None  # noqa: S101 - it was just tried
                return AskCode(shown.verification_id, "code.problem.wrong", {"tries": str(tries_left)})
            case Wrong() | Over():
                return AskCode(shown.verification_id or new_id(), "code.problem.over")
            case Unshown():
                return await _ask(guest, typed, phone, purpose)
    except TooManyRequests as refused:
        seconds = int(refused.details["retry_after_seconds"])
        return await still_asked(guest, typed, phone, seconds) if typed("asked") else TooOften(seconds)


async def still_asked(guest: Guest, typed: Typed, phone: str, seconds: int) -> AskCode:
    """Who is at the code stays there when they were too fast: the one that came is good as before."""
    before = typed.id("verification") or new_id()
    if typed("step") == "code":
        return AskCode(before, "code.soon.typed", _in(seconds), seconds)
    good = await _is_open(guest, before, phone)
    return AskCode(before, "code.soon.good" if good else "code.soon", _in(seconds), seconds)


def _in(seconds: int) -> dict[str, str]:
    return {"when": f"{seconds} s" if seconds <= MINUTES_FROM else f"{-(-seconds // 60)} min"}


async def _ask(guest: Guest, typed: Typed, phone: str, purpose: Purpose) -> AskCode:
    """Has a code sent, unless this very form has had one sent already."""
    wanted = typed.id("verification") or new_id()
    if not await _is_open(guest, wanted, phone):
        try:
            wanted = await new_code(guest, phone, purpose, wanted)
        except TooManyRequests:
            if not await _is_open(guest, wanted, phone):  # Pressed twice: the other one was faster.
                raise
    unread = bool(typed("code")) or (typed("step") == "code")
    return AskCode(wanted, "code.problem.digits" if unread else "")


async def _is_open(guest: Guest, verification_id: UUID, phone: str) -> bool:
    async with guest.visitor.reading() as tx:
        return await verifications.is_open(tx, verification_id, phone, now=guest.now)


async def new_code(guest: Guest, phone: str, purpose: Purpose, wanted: UUID) -> UUID:
    """Has a code sent to a number. Raises TooManyRequests."""
    lines = codes.lines(phone, home_of(guest.visitor.address), guest.salon.id)
    await guest.visitor.count_write(phone, lines)
    async with guest.visitor.transaction() as tx:
        return (await verifications.ask(tx, phone, purpose, now=guest.now, wanted_id=wanted)).id


def visit_to(guest: Guest, linked: Linked) -> str:
    """What the address of an outcome says besides: who opens it soon has just shown that the number is theirs."""
    return visit_token(guest.web.secret, linked, guest.now + codes.VERIFIED)


def own_page(guest: Guest, visit: str, linked: Linked, customer_id: UUID) -> str:
    """Where the customer's own page is, for who has just shown that the number is theirs; else nothing."""
    if not is_visit(guest.web.accounts.keys, visit, linked, now=guest.now):
        return ""
    return f"/m/{token_for(guest.web.secret, Linked(guest.salon.id, customer_id), CUSTOMER)}"

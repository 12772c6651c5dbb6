"""/app/messages: what customers wrote, every message with its state, and conversations, in which one answers by hand.

Filters are the page's address.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.accounts.permissions import Permission
from standby.database.pool import new_id
from standby.errors import CannotAnswer, Invalid, KeyUsedBefore, ReplyNotFound
from standby.formats import phone_number
from standby.messages import by_hand, conversations, outbox, replies
from standby.messages.by_hand import LONGEST
from standby.messages.kinds import KINDS
from standby.messages.outbox import Wanted
from standby.web.api.cursors import cursor_of, position_in, readable
from standby.web.dashboard.days import DAY, days_of, midnight
from standby.web.dashboard.messages_told import STATES, Teller
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.reading import id_of

router = APIRouter(prefix="/app/messages", include_in_schema=False)

HERE: Final = "/app/messages"
SHOWN: Final = 50
UNREAD_SHOWN: Final = 20
SAID_SHOWN: Final = 40
CHANNELS: Final = ("whatsapp", "sms", "email")
DONE: Final = ("handled", "sent")
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_MESSAGES)]
Writer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_MESSAGES)]
Asked: TypeAlias = Annotated[str, Query(max_length=200)]
From: TypeAlias = Annotated[str, Query(alias="from", max_length=20)]
Typed: TypeAlias = Annotated[str, Form()]


@dataclass(frozen=True)
class Draft:
    """An answer that was not sent: what was typed, and what is wrong with it."""

    text: str = ""
    channel: str = ""
    problem: str = ""
    status: int = 200


@router.api_route("", methods=["GET", "HEAD"])
async def show_messages(  # noqa: PLR0913, PLR0917 - one for each filter
    visitor: Reader,
    said: str = "",
    q: Asked = "",
    state: Asked = "",
    channel: Asked = "",
    kind: Asked = "",
    first: From = "",
    to: Asked = "",
    before: Asked = "",
) -> HTMLResponse:
    """The inbox, and messages, the newest first; `before`: those older than where the page before ended."""
    asked = {
        "q": q.strip(),
        "state": state if state in STATES else "",
        "channel": channel if channel in CHANNELS else "",
        "kind": kind if kind in KINDS else "",
        "from": first.strip(),
        "to": to.strip(),
    }
    days, problems = days_of(asked["from"], asked["to"], visitor.words)
    zone, cursor = visitor.salon.zone, _cursor(before)
    wanted = Wanted(
        state=asked["state"] or None,
        channel=asked["channel"] or None,
        kind=asked["kind"] or None,
        at_from=midnight(days.get("from"), zone),
        at_before=midnight(days["to"] + DAY, zone) if "to" in days else None,
        search=asked["q"] or None,
    )
    async with visitor.transaction() as tx:
        unread = await replies.page(tx, unread=True, before=None, limit=UNREAD_SHOWN + 1)
        rows = [] if problems else await outbox.page(tx, wanted, before=position_in(cursor), limit=SHOWN + 1)
    teller = Teller(visitor.words, visitor.formats, visitor.web.clock())
    filtered = {name: value for name, value in asked.items() if value}
    last = rows[SHOWN - 1] if len(rows) > SHOWN else None
    return visitor.page(
        "messages.html",
        "messages",
        status=422 if problems else 200,
        said=said if said in DONE else "",
        letters=[(row, teller.reply(dict(row))) for row in unread[:UNREAD_SHOWN]],
        number=phone_number,
        more_unread=len(unread) > UNREAD_SHOWN,
        messages=[(row, teller.message(dict(row))) for row in rows[:SHOWN]],
        older=urlencode({**filtered, "before": cursor_of(last["created_at"], last["id"])}) if last else None,
        newest=urlencode(filtered) if cursor else None,
        filtered=bool(filtered),
        asked=asked,
        problems=problems,
        states=STATES,
        channels=CHANNELS,
        kinds=sorted((visitor.words(f"messages.kind.{one}"), one) for one in KINDS),
        may_write=Permission.WRITE_MESSAGES in visitor.permissions,
    )


@router.post("/replies/{reply_id}/handled")
async def mark_handled(visitor: Writer, reply_id: UUID, customer: Typed = "") -> Response:
    """Takes a reply out of the inbox; `customer`: whose conversation it was done in."""
    back = HERE if id_of(customer) is None else f"{HERE}/{id_of(customer)}"
    try:
        async with visitor.transaction() as tx:
            await replies.mark_read(tx, reply_id, now=visitor.web.clock(), actor=visitor.session.actor)
    except ReplyNotFound:
        return RedirectResponse(back, status_code=303)
    return RedirectResponse(f"{back}?said=handled", status_code=303)


@router.api_route("/{customer_id}", methods=["GET", "HEAD"])
async def show_conversation(
    visitor: Reader, customer_id: UUID, said: str = "", before: Asked = ""
) -> HTMLResponse:
    """What was said, the newest last; `before`: what was said earlier."""
    return await _conversation(
        visitor, customer_id, Draft(), said=said if said in DONE else "", before=_cursor(before)
    )


@router.post("/{customer_id}/answer")
async def answer(
    visitor: Writer,
    customer_id: UUID,
    text: Typed = "",
    channel: Typed = "",
    form: Typed = "",
    seen: Typed = "",
) -> Response:
    """The same `form` writes one answer, however often it is sent; changed meanwhile, it is told that it did."""
    chosen = channel if channel in CHANNELS else None
    try:
        async with visitor.transaction() as tx:
            await by_hand.answer(
                tx,
                customer_id,
                text,
                channel=chosen,
                seen=id_of(seen),
                message_id=id_of(form),
                now=visitor.web.clock(),
                actor=visitor.session.actor,
            )
    except Invalid as invalid:
        problem = visitor.words(f"messages.problem.{invalid.problems[0].code}", most=str(LONGEST))
        return await _conversation(visitor, customer_id, Draft(text, channel, problem, 422))
    except CannotAnswer as refused:
        problem = visitor.words(f"messages.problem.{refused.details['why']}")
        return await _conversation(visitor, customer_id, Draft(text, channel, problem, 409))
    except KeyUsedBefore:
        problem = visitor.words("messages.problem.done_before")
        return await _conversation(visitor, customer_id, Draft(text, channel, problem, 409))
    return RedirectResponse(f"{HERE}/{customer_id}?said=sent", status_code=303)


async def _conversation(
    visitor: Visitor, customer_id: UUID, draft: Draft, *, said: str = "", before: str | None = None
) -> HTMLResponse:
    now = visitor.web.clock()
    async with visitor.transaction() as tx:
        customer = await by_hand.find(tx, customer_id)
        rows = await conversations.page(tx, customer_id, before=position_in(before), limit=SAID_SHOWN + 1)
    teller = Teller(visitor.words, visitor.formats, now)
    shown = rows[:SAID_SHOWN]
    ways = customer.ways(now)
    open_ways = [way.channel for way in ways if way.why_not is None]
    return visitor.page(
        "conversation.html",
        "messages",
        status=draft.status,
        customer=customer,
        number=phone_number,
        said=said,
        lines=[teller.said(dict(row)) for row in reversed(shown)],
        earlier=cursor_of(shown[-1]["at"], shown[-1]["id"]) if len(rows) > SAID_SHOWN else None,
        is_latest=before is None,
        may_write=Permission.WRITE_MESSAGES in visitor.permissions,
        open_ways=[(channel, teller.channel(channel)) for channel in open_ways],
        closed_ways=_closed(visitor, ways),
        draft=draft,
        chosen=draft.channel if draft.channel in open_ways else customer.usual_way(now),
        most=LONGEST,
        form=new_id(),
        seen=next((row["id"] for row in shown if row["theirs"]), None) if before is None else None,
    )


def _closed(visitor: Visitor, ways: list[by_hand.Way]) -> list[str]:
    """Why not by the channel that they wrote by, where that isn't so by the first of them."""
    first, words = ways[0], visitor.words
    if first.why_not is None:
        return []
    if first.why_not == "never_wrote":
        return [words("messages.no_way.never_wrote")]
    told: dict[str, Any] = {"channel": words(f"channel.{first.channel}")}
    why = [words(f"messages.way.{first.why_not}", **told)]
    return why if any(way.why_not is None for way in ways) else [*why, words("messages.no_way.none")]


def _cursor(text: str) -> str | None:
    """Where a page begins; None: at the beginning, or it is none of ours."""
    try:
        return readable(text) if text else None
    except ValueError:
        return None

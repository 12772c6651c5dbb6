"""The demo's phones on one page: what every customer was told, as it arrives, to be answered there.

There is nothing here but in a demo.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from standby.channels.events import Reply
from standby.channels.phones import Delivered, Phones
from standby.messages import inbound
from standby.signed_links import BOOKING, read_token
from standby.tenants.scope import offer_transaction, tenant_transaction
from standby.waitlist import offers
from standby.waitlist.offers import OfferView
from standby.waitlist.tokens import hash_token
from standby.web.context import GetWeb, Web
from standby.web.demo_screens import Phone, by_phone, phone_of
from standby.web.headers import CONTENT_SECURITY_POLICY
from standby.web.pages import render
from standby.web.words import words_for

router = APIRouter(include_in_schema=False)

# A mail brings its own styles, and is shown in a frame that may do nothing but open its link elsewhere.
MAIL_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)

# What a provider of text messages answers itself, by what the customer's word did; we say nothing beside it.
PROVIDER_ANSWERS: Final = {
    "stopped": "You have been unsubscribed and will receive no more messages from this number. "
    "Reply START to resubscribe.",
    "started": "You have been re-subscribed to messages from this number. Reply STOP to unsubscribe.",
}


async def _demo(web: GetWeb) -> Phones:
    if web.phones is None:
        raise HTTPException(404)
    return web.phones


GetPhones = Annotated[Phones, Depends(_demo)]


@router.get("/demo")
async def all_phones(web: GetWeb, phones: GetPhones) -> HTMLResponse:
    day = await web.day() if web.day is not None else None
    return _page(await _phones(web, phones, phones.messages), alone=False, day=day)


@router.get("/demo/phones/{address}")
async def one_phone(address: str, web: GetWeb, phones: GetPhones) -> HTMLResponse:
    messages = phones.of(address)
    if not messages:
        raise HTTPException(404)
    return _page(await _phones(web, phones, messages), alone=True)


@router.post("/demo/phones/{address}/answer")
async def answer(
    address: str,
    web: GetWeb,
    phones: GetPhones,
    channel: Annotated[Literal["whatsapp", "sms"], Form()],
    text: Annotated[str, Form(max_length=500)] = "",
    button: Annotated[str, Form(max_length=256)] = "",
) -> RedirectResponse:
    """What the customer writes back, or taps: it comes in as it would from a provider."""
    messages = [one for one in phones.of(address) if one.message.channel == channel]
    titles = {button.id: button.title for one in messages for button in one.message.buttons}
    said = titles.get(button, text).strip()
    if said:
        at = web.clock()
        reply = Reply(f"demo-{uuid4()}", at, address, "demo", said, button or None, None, None)
        phones.say(address, channel, said, at)
        became = await _taken(web, phones.of(address), channel, reply)
        if became is None:
            raise HTTPException(404)
        if channel == "sms" and became in PROVIDER_ANSWERS:
            phones.say(address, channel, PROVIDER_ANSWERS[became], at, by="provider")
    return RedirectResponse(f"/demo#{quote(f'{channel}-{address}')}", status_code=303)


@router.get("/demo/mails/{message_id}")
async def mail(message_id: UUID, phones: GetPhones) -> HTMLResponse:
    """One mail as its reader sees it; what it leads to opens beside it."""
    for one in phones.messages:
        if one.message.id == message_id and one.message.html:
            page = one.message.html.replace("<head>", '<head><base target="_blank">', 1)
            headers = {"Content-Security-Policy": MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
            return HTMLResponse(page, headers=headers)
    raise HTTPException(404)


@router.get("/demo/events", response_class=EventSourceResponse)
async def events(phones: GetPhones) -> AsyncIterator[ServerSentEvent]:
    """One event for what is there, and one whenever there is more to see; several arrivals may come as one."""
    seen: int | None = None
    while not phones.off:
        if seen == phones.changes:
            await phones.next_arrival()
        else:
            seen = phones.changes
            yield ServerSentEvent(event="arrival", raw_data=str(len(phones.messages)))


async def _phones(web: Web, phones: Phones, messages: Iterable[Delivered]) -> list[Phone]:
    now = web.clock()
    return [
        phone_of(
            lying,
            phones.said_on(lying[-1].message.to, lying[-1].message.channel),
            await _offer(web, lying),
            now,
        )
        for lying in by_phone(messages)
    ]


async def _offer(web: Web, messages: list[Delivered]) -> OfferView | None:
    """The offer of the newest link that still leads to one: its customer's name, its state, the salon's clock."""
    for delivered in reversed(messages):
        token = (delivered.message.link or "").rpartition("/")[2]
        async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
            if offer_id is not None:
                return await offers.show(tx, offer_id)
    return None


async def _taken(web: Web, messages: list[Delivered], channel: str, reply: Reply) -> str | None:
    """Has the reply read in the salon that the newest link leads to, and returns what it did; None: none does."""
    for delivered in reversed(messages):
        token = (delivered.message.link or "").rpartition("/")[2]
        if (booking := read_token(web.accounts.keys, token, BOOKING)) is not None:
            async with tenant_transaction(web.pool, booking.tenant_id) as tx:
                return await inbound.take(tx, channel, reply, now=reply.at)
        async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
            if offer_id is not None:
                return await inbound.take(tx, channel, reply, now=reply.at)
    return None


def _page(phones: list[Phone], *, alone: bool, day: Mapping[str, Any] | None = None) -> HTMLResponse:
    asked = any(phone.asks for phone in phones)
    page = render("demo.html", asked=asked, words=words_for("en"), phones=phones, alone=alone, day=day)
    page.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return page

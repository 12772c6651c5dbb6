"""The demo's phones on one page: what every customer was told, as it arrives. There is nothing here but in a demo."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import phonenumbers
from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from standby.channels.phones import Delivered, Phones
from standby.tenants.scope import offer_transaction
from standby.waitlist import offers
from standby.waitlist.offers import OfferView
from standby.waitlist.tokens import hash_token
from standby.web.context import GetWeb, Web
from standby.web.pages import render
from standby.web.words import words_for

router = APIRouter(include_in_schema=False)

CHANNELS: Final = {"whatsapp": "WhatsApp", "sms": "Text message", "email": "Email"}
# Kinds of messages that ask for an answer.
ASKS: Final = frozenset({"offer", "offer_reminder"})
TOLD: Final = {
    "offer": "was offered",
    "offer_reminder": "was reminded of",
    "booked": "has booked",
    "too_late": "was too late for",
}


@dataclass(frozen=True)
class Bubble:
    """One message as the page shows it; `asks`: it is the phone's newest, and waits for an answer.

    `at` is on the salon's clock. `told`: the newest in a few words, for who can't see it arrive.
    """

    id: str
    at: datetime
    text: str
    link: str | None
    asks: bool
    told: str


@dataclass(frozen=True)
class Phone:
    """One customer's phone, its messages oldest first. `offer`: the newest that it was told of."""

    address: str
    name: str
    number: str
    offer: OfferView | None
    salon: str
    channel: str
    bubbles: list[Bubble]

    @property
    def asks(self) -> bool:
        return self.bubbles[-1].asks


def _demo(web: GetWeb) -> Phones:
    if web.phones is None:
        raise HTTPException(404)
    return web.phones


GetPhones = Annotated[Phones, Depends(_demo)]


@router.get("/demo")
async def all_phones(web: GetWeb, phones: GetPhones) -> HTMLResponse:
    day = await web.day() if web.day is not None else None
    return _page(await _phones(web, phones.messages), alone=False, day=day)


@router.get("/demo/phones/{address}")
async def one_phone(address: str, web: GetWeb, phones: GetPhones) -> HTMLResponse:
    messages = phones.of(address)
    if not messages:
        raise HTTPException(404)
    return _page(await _phones(web, messages), alone=True)


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


async def _phones(web: Web, messages: Iterable[Delivered]) -> list[Phone]:
    """The messages sorted onto their phones. The phone that got one last comes first."""
    lying: dict[str, list[Delivered]] = {}
    for delivered in messages:
        # Taken out and put back, so that its phone is the last one so far.
        lying[delivered.message.to] = [*lying.pop(delivered.message.to, []), delivered]
    now = web.clock()
    return [
        _phone(delivered, await _offer(web, delivered), now) for delivered in reversed(list(lying.values()))
    ]


async def _offer(web: Web, messages: list[Delivered]) -> OfferView | None:
    """The offer of the newest link that still leads to one: its customer's name, its state, the salon's clock."""
    for delivered in reversed(messages):
        token = (delivered.message.link or "").rpartition("/")[2]
        async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
            if offer_id is not None:
                return await offers.show(tx, offer_id)
    return None


def _phone(messages: list[Delivered], offer: OfferView | None, now: datetime) -> Phone:
    newest = messages[-1].message
    number = _readable(newest.to)
    return Phone(
        address=newest.to,
        name=offer.customer_name if offer else number,
        number=number,
        offer=offer,
        salon=newest.salon,
        channel=CHANNELS.get(newest.channel, newest.channel),
        bubbles=[_bubble(delivered, offer, now, newest=delivered is messages[-1]) for delivered in messages],
    )


def _bubble(delivered: Delivered, offer: OfferView | None, now: datetime, *, newest: bool) -> Bubble:
    message = delivered.message
    open_now = offer is not None and offer.status == "pending" and now < offer.expires_at
    zone = ZoneInfo(offer.timezone) if offer else UTC
    return Bubble(
        id=str(message.id),
        at=delivered.at.astimezone(zone),
        # The link ends what there is to say; the page makes a button of it.
        text=(message.text.partition(message.link)[0] if message.link else message.text).rstrip(),
        link=message.link,
        asks=newest and message.kind in ASKS and open_now,
        told=_told(message.kind, offer, zone) if newest and offer else "",
    )


def _told(kind: str, offer: OfferView, zone: tzinfo) -> str:
    """Oda Nygård was offered 12:30"""
    return f"{offer.customer_name} {TOLD[kind]} {offer.starts_at.astimezone(zone):%H:%M}"


def _readable(address: str) -> str:
    """+47 412 34 567; an email address as it is."""
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return address
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _page(phones: list[Phone], *, alone: bool, day: Mapping[str, Any] | None = None) -> HTMLResponse:
    asked = any(phone.asks for phone in phones)
    return render("demo.html", asked=asked, words=words_for("en"), phones=phones, alone=alone, day=day)

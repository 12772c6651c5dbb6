"""The demo's phones on one page: what every customer was told, as it arrives. There is nothing here but in a demo."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

import phonenumbers
from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from standby.channels.phones import Delivered, Phones
from standby.web.context import GetWeb
from standby.web.pages import render
from standby.web.words import words_for

router = APIRouter(include_in_schema=False)

CHANNELS: Final = {"whatsapp": "WhatsApp", "sms": "Text message", "email": "Email"}
# Kinds of messages that ask for an answer.
ASKS: Final = frozenset({"offer", "offer_reminder"})


@dataclass(frozen=True)
class Bubble:
    """One message as the page shows it; `asks`: it is the phone's newest, and waits for an answer."""

    id: str
    at: datetime
    text: str
    link: str | None
    asks: bool


@dataclass(frozen=True)
class Phone:
    """One customer's phone, its messages oldest first."""

    address: str
    label: str
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
    return _page(phones_of(phones.messages, web.clock()), alone=False, day=day)


@router.get("/demo/phones/{address}")
async def one_phone(address: str, web: GetWeb, phones: GetPhones) -> HTMLResponse:
    messages = phones.of(address)
    if not messages:
        raise HTTPException(404)
    return _page(phones_of(messages, web.clock()), alone=True)


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


def phones_of(messages: Iterable[Delivered], now: datetime) -> list[Phone]:
    """The messages sorted onto their phones. The phone that got one last comes first."""
    lying: dict[str, list[Delivered]] = {}
    for delivered in messages:
        # Taken out and put back, so that its phone is the last one so far.
        lying[delivered.message.to] = [*lying.pop(delivered.message.to, []), delivered]
    return [_phone(delivered, now) for delivered in reversed(lying.values())]


def _phone(messages: list[Delivered], now: datetime) -> Phone:
    newest = messages[-1].message
    return Phone(
        address=newest.to,
        label=_readable(newest.to),
        salon=newest.salon,
        channel=CHANNELS.get(newest.channel, newest.channel),
        bubbles=[_bubble(delivered, now, newest=delivered is messages[-1]) for delivered in messages],
    )


def _bubble(delivered: Delivered, now: datetime, *, newest: bool) -> Bubble:
    message = delivered.message
    over = message.valid_until is not None and message.valid_until <= now
    return Bubble(
        id=str(message.id),
        at=delivered.at,
        # The link stands on the last line; the page makes a button of it.
        text=message.text.removesuffix(message.link or "").rstrip(),
        link=message.link,
        asks=newest and message.kind in ASKS and not over,
    )


def _readable(address: str) -> str:
    """+47 412 34 567; an email address as it is."""
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return address
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _page(phones: list[Phone], *, alone: bool, day: Mapping[str, Any] | None = None) -> HTMLResponse:
    return render("demo.html", words=words_for("en"), phones=phones, alone=alone, day=day)

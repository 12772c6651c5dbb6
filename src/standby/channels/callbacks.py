"""One request of a provider's, and the three questions to it: whom it is about, whether it is genuine, what it tells.

What the providers send differs in everything; see whatsapp_callbacks, twilio_callbacks and sendgrid_callbacks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from urllib.parse import parse_qsl
from uuid import UUID

from standby.channels import sendgrid_callbacks, twilio_callbacks, whatsapp_callbacks
from standby.channels.events import Reply, Status, Unreadable
from standby.channels.untrusted import id_in, uuid_in

OLDEST: Final = timedelta(minutes=10)  # A signed request that is older may be an old one again.
# Meta tries for a week to deliver what a customer wrote: what is older than that is no news but an old request again.
OLDEST_REPLY: Final = timedelta(days=7)
SALON: Final = "salon"


@dataclass(frozen=True)
class Request:
    """As it came. `url` is the address that the provider was given, without its query; header names in lower case."""

    provider: str
    url: str
    query: str
    raw: bytes
    headers: Mapping[str, str]

    @cached_property
    def form(self) -> list[tuple[str, str]]:
        return parse_qsl(self.raw.decode(errors="replace"), keep_blank_values=True)

    @cached_property
    def asked(self) -> Mapping[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))


def routes(request: Request) -> set[str]:
    """What names the senders that it may be about: a column of table `senders`. Empty: nothing that we understand."""
    try:
        match request.provider:
            case "whatsapp":
                return {number for number, _ in whatsapp_callbacks.events(request.raw)}
            case "twilio":
                return {sid for name, value in request.form if name == "AccountSid" and (sid := id_in(value))}
            case _:
                return {salon for salon, _ in sendgrid_callbacks.events(request.raw) if salon}
    except Unreadable:
        return set()


def salon_of(request: Request) -> UUID | None:
    """The salon that we put into the address (Twilio's reports), which is signed too."""
    return uuid_in(request.asked.get(SALON))


def concerns(request: Request, *, channel: str, address: str) -> bool:
    """Whether it is about this sender of those that its routes lead to. Only Twilio's account may have several."""
    if request.provider != "twilio":
        return True
    form = dict(request.form)
    if twilio_callbacks.channel(form) != channel:
        return False
    if SALON in request.asked:
        return salon_of(request) is not None
    return address in (form.get("To", "").removeprefix("whatsapp:"), form.get("MessagingServiceSid"))


def genuine(
    request: Request, options: Mapping[str, str], secrets: Mapping[str, str], *, now: datetime
) -> bool:
    """Whether the provider has signed it, with what this sender shares with it."""
    match request.provider:
        case "whatsapp":
            signature = request.headers.get("x-hub-signature-256")
            return whatsapp_callbacks.signed(request.raw, signature, secrets.get("app_secret", ""))
        case "twilio":
            url = f"{request.url}?{request.query}" if request.query else request.url
            signature = request.headers.get("x-twilio-signature")
            return twilio_callbacks.signed(url, request.form, signature, secrets.get("auth_token", ""))
        case _:
            return sendgrid_callbacks.signed(
                request.raw,
                request.headers.get("x-twilio-email-event-webhook-signature"),
                request.headers.get("x-twilio-email-event-webhook-timestamp"),
                options.get("verification_key", ""),
                now=now,
                oldest=OLDEST,
            )


def shows_that_we_hear(request: Request) -> bool:
    """Whether a request like this means that what customers answer reaches us.

    WhatsApp has one address for all that it tells, Twilio one for answers and another for what becomes of messages.
    """
    match request.provider:
        case "whatsapp":
            return True
        case "twilio":
            return SALON not in request.asked
        case _:
            return False


def told(request: Request, sender: str, *, at: datetime) -> list[tuple[str, Status | Reply]]:
    """What it tells one sender (see `routes`), each with the channel; `at`: when it came."""
    match request.provider:
        case "whatsapp":
            return [
                ("whatsapp", one)
                for number, one in whatsapp_callbacks.events(request.raw)
                if number == sender
            ]
        case "twilio":
            form = dict(request.form)
            found = twilio_callbacks.status(form, message_id=request.asked.get("message"), at=at)
            # What we don't know of a report is no answer: its sender would be the salon itself.
            event = found or (twilio_callbacks.reply(form, at=at) if shows_that_we_hear(request) else None)
            return [(twilio_callbacks.channel(form), event)] if event is not None else []
        case _:
            return [
                ("email", one) for salon, one in sendgrid_callbacks.events(request.raw) if salon == sender
            ]

"""A claimed row as the message that its customer reads: its facts, its words, and what can be answered with a tap."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import asyncpg
import structlog

from standby.calendars.ical import Appointment
from standby.channels.base import Button, Outgoing
from standby.channels.limits import overlong, segments, shortened_sms
from standby.messages import mail, words
from standby.messages.words import Choice, Facts
from standby.waitlist.answers import book_button, cancel_button, confirm_button, decline_button

Row: TypeAlias = Mapping[str, Any] | asyncpg.Record  # of claim_messages

# What adds an appointment to the customer's calendar, changes it there, or takes it away.
IN_CALENDARS: Final = frozenset({"booked", "booking_confirmed", "changed", "cancelled"})

log = structlog.get_logger()


@dataclass(frozen=True)
class Code:
    """What a message brings that is to bring a code, and when it goes out."""

    code: str
    now: datetime


def written(row: Row, link: str | None, unsubscribe_url: str, *, hears: bool, code: Code) -> Outgoing:
    """The message. `unsubscribe_url` ends mails; `hears`: what the customer answers to it reaches us."""
    facts = _facts(row, link, hears=hears)
    if row["kind"] == "verify_code":
        minutes = max(1, round((row["expires_at"] - code.now) / timedelta(minutes=1)))
        facts = replace(facts, code=code.code, valid_minutes=minutes)
    by = row["channel"]
    text = _text(facts, by, unsubscribe_url)
    message = Outgoing(
        id=row["id"],
        channel=by,
        kind=row["kind"],
        to=row["email"] if by == "email" else row["phone"],
        salon=row["salon_name"],
        subject=words.subject(facts) if by == "email" else "",
        text=text,
        html=mail.html(facts, unsubscribe_url) if by == "email" else "",
        link=link,
        unsubscribe_url=unsubscribe_url if by == "email" else None,
        valid_until=row["starts_at"] if row["kind"] == "reminder" else row["expires_at"],
        template=words.template_for(facts) if by == "whatsapp" else None,
        buttons=_buttons(row, facts) if by == "whatsapp" else (),
        in_conversation=row["in_conversation"],
        appointment=_appointment(row, facts) if by == "email" and row["kind"] in IN_CALENDARS else None,
        segments=segments(shortened_sms(text, link=link)).count if by == "sms" else 0,
    )
    if cut := overlong(message):
        log.warning("message_cut", message_id=str(message.id), channel=by, what=cut)
    return message


def _text(facts: Facts, by: str, unsubscribe_url: str) -> str:
    match by:
        case "sms":
            return words.sms(facts)
        case "email":
            return mail.text(facts, unsubscribe_url)
        case _:
            return words.text(facts)


def _facts(row: Row, link: str | None, *, hears: bool) -> Facts:
    previously = row["details"].get("previously")
    return Facts(
        kind=row["kind"],
        customer_name=row["customer_name"] or "",
        salon_name=row["salon_name"],
        timezone=row["timezone"],
        locale=row["locale"],
        currency=row["currency"],
        service_name=row["service_name"] or "",
        staff_name=row["staff_name"] or "",
        starts_at=row["starts_at"],
        previous_starts_at=None if previously is None else datetime.fromisoformat(previously),
        price=row["price"],
        window_minutes=max(1, round((row["window_seconds"] or 0) / 60)),
        expires_at=row["expires_at"],
        reason=row["details"].get("why"),
        link=link,
        can_answer=hears,
        choices=[
            Choice(one["service"], one["staff"], datetime.fromisoformat(one["starts_at"]))
            for one in row["details"].get("choices", ())
        ],
        text=row["details"].get("text"),
        own=row["own_texts"] or {},
    )


def _appointment(row: Row, facts: Facts) -> Appointment | None:
    """The booking as it is now, which may be later than what the mail was written for."""
    if row["booking_id"] is None:
        return None
    return Appointment(
        tenant_id=row["tenant_id"],
        booking_id=row["booking_id"],
        sequence=row["booking_sequence"],
        cancelled=row["booking_status"] == "cancelled",
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        changed_at=row["booking_changed_at"],
        summary=f"{facts.service_name}, {facts.salon_name}",
        location=facts.salon_name,
        description="\n".join(filter(None, (facts.staff_name, facts.link))),
        url=facts.link,
    )


def _buttons(row: Row, facts: Facts) -> tuple[Button, ...]:
    match row["kind"]:
        case "offer" | "offer_reminder":
            ids = book_button(row["offer_id"]), decline_button(row["offer_id"])
        case "reminder":
            ids = confirm_button(row["booking_id"]), cancel_button(row["booking_id"])
        case _:
            return ()
    return tuple(map(Button, ids, words.buttons(row["kind"], words.language_of(facts))))

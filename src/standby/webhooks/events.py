"""What webhooks are told: every type of event, when it happens, and what it says. The one list.

The database writes events where history is written (database/functions/event_of.sql, follow_history.sql); tests hold
it, this list, the API's description and docs/webhooks.md together. Fields may be added; none is ever taken away or
changes its meaning.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model

from standby.waitlist.lifecycle import BookingState, EntryState, OfferState, SlotState

EventType = Literal[
    "booking.created",
    "booking.moved",
    "booking.cancelled",
    "booking.restored",
    "booking.completed",
    "booking.no_show",
    "waitlist.joined",
    "waitlist.ended",
    "slot.opened",
    "slot.filled",
    "slot.closed",
    "offer.made",
    "offer.accepted",
    "offer.declined",
    "offer.expired",
    "offer.withdrawn",
    "message.failed",
]
TEST: Final = "test"  # what the button sends, to endpoints of whatever events


class Payload(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Named(Payload):
    id: UUID
    name: str = Field(description="as it was when it happened")


class Customer(Payload):
    """Who it is, as they are when it is sent."""

    id: UUID
    name: str
    phone: str | None
    email: str | None


class OfCustomer(Payload):
    customer_id: UUID
    customer: Customer | None = Field(
        default=None, description="there if the webhook asks for `contacts`, and never in the log"
    )


class Booking(OfCustomer):
    id: UUID
    status: BookingState
    starts_at: datetime
    ends_at: datetime
    service: Named
    staff: Named
    source: Literal["direct", "waitlist", "import"]
    cancelled_by: Literal["customer", "salon"] | None
    sequence: int = Field(
        description="grows with each change: of two events about one booking, the higher is newer"
    )


class Before(Payload):
    starts_at: datetime
    staff_id: UUID
    service_id: UUID


class MovedBooking(Booking):
    previous: Before


class Entry(OfCustomer):
    id: UUID
    status: EntryState
    earliest: datetime
    latest: datetime
    service: Named
    staff: Named | None = Field(description="null: anyone")
    joined_at: datetime
    booking_id: UUID | None


class Slot(Payload):
    id: UUID
    status: SlotState
    starts_at: datetime
    ends_at: datetime
    service: Named
    staff: Named
    booking_id: UUID | None


class Offer(OfCustomer):
    id: UUID
    status: OfferState
    slot_id: UUID
    entry_id: UUID
    starts_at: datetime
    ends_at: datetime
    service: Named
    staff: Named
    offered_at: datetime
    booking_id: UUID | None


class Message(OfCustomer):
    id: UUID
    kind: str
    offer_id: UUID | None
    booking_id: UUID | None
    channels: list[str] = Field(description="those that were tried and failed")


class Trial(Payload):
    webhook_id: UUID


class Event(NamedTuple):
    """A type of event: when it happens, and what its `data` is."""

    happens: str
    data: type[Payload]


EVENTS: Final[Mapping[str, Event]] = MappingProxyType(
    {
        "booking.created": Event("An appointment is made, by whom and whatever way.", Booking),
        "booking.moved": Event("It gets another time, staff member or service.", MovedBooking),
        "booking.cancelled": Event("It is cancelled, by the customer or the salon.", Booking),
        "booking.restored": Event("A cancelled one stands again, at its old time.", Booking),
        "booking.completed": Event("The salon says that it took place.", Booking),
        "booking.no_show": Event("The salon says that nobody came.", Booking),
        "waitlist.joined": Event("Somebody begins to wait.", Entry),
        "waitlist.ended": Event("Their wait is over: booked, expired or cancelled.", Entry),
        "slot.opened": Event("A time has come free, or was put back, and is offered to the waitlist.", Slot),
        "slot.filled": Event("Somebody from the waitlist has booked it.", Slot),
        "slot.closed": Event("Nobody took it in time, or it was booked or closed otherwise.", Slot),
        "offer.made": Event("A slot is held for somebody who waits.", Offer),
        "offer.accepted": Event("They take it; booking.created tells of the appointment.", Offer),
        "offer.declined": Event("They don't want it.", Offer),
        "offer.expired": Event("They have not answered in time.", Offer),
        "offer.withdrawn": Event("It ended through no fault of theirs: they wait on.", Offer),
        "message.failed": Event("A message to a customer failed by every channel.", Message),
        TEST: Event("Somebody asked for a test (POST /api/webhooks/{id}/test).", Trial),
    }
)


def body_of(name: str) -> type[BaseModel]:
    """What is sent for an event of this type, as a model: BookingCreated for booking.created."""
    fields: dict[str, Any] = {
        "type": (Literal[name], ...),
        "timestamp": (datetime, Field(description="when it happened")),
        "data": (EVENTS[name].data, ...),
    }
    title = "".join(part.capitalize() for part in name.replace(".", "_").split("_"))
    return create_model(f"{title}Event", __base__=Payload, __doc__=EVENTS[name].happens, **fields)

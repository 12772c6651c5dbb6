"""What the API takes and gives."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from standby.errors import Invalid
from standby.tenants import customers
from standby.waitlist.ranking import WITHHELD
from standby.web.api.fields import (
    Channel,
    CheckedName,
    Given,
    Minute,
    Moment,
    Name,
    Reason,
    Reminders,
    Weekdays,
    documented,
)

T = TypeVar("T")
Aspect = Literal["service", "staff", "weekday", "hour"]


class Body(BaseModel):
    """A request's body: unknown fields are errors, so that a slip of the pen is not silently ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class View(BaseModel):
    """A part of an answer, made from a row or an object."""

    model_config = ConfigDict(from_attributes=True)


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` asks for the next, null: this was the last."""

    items: list[T]
    next_cursor: str | None = None


class Person(Body):
    name: CheckedName
    phone: Annotated[str, documented("string", examples=["+47 412 34 567"])]
    email: Annotated[str, documented("string", format="email")] | None = None
    channels: list[Channel] = Field(default=[], max_length=10, description="empty: all those with an address")

    def given(self) -> customers.Person:
        """As the domain takes it, which checks it."""
        return customers.Person(self.name, self.phone, self.email, self.channels)


@contextmanager
def of_customer() -> Iterator[None]:
    """Names the problems of a form's customer as the form does: customer.phone."""
    try:
        yield
    except Invalid as invalid:
        raise Invalid(
            [
                replace(one, field=f"customer.{one.field}") if one.field in Person.model_fields else one
                for one in invalid.problems
            ]
        ) from invalid


class WishBody(Body):
    """Somebody and what they wait for."""

    customer: Person
    service_id: UUID
    staff_id: UUID | None = Field(default=None, description="null: anyone")
    earliest: Moment
    latest: Moment
    weekdays: Weekdays = [1, 2, 3, 4, 5, 6, 7]
    from_minute: Minute = 0
    until_minute: Minute = 1440


class JoinBody(WishBody):
    """Somebody and what they wait for."""

    vip: bool | None = None


class ChangeEntryBody(Body):
    """What to change; fields that are left out stay."""

    service_id: Given[UUID] = None
    staff_id: UUID | None = Field(default=None, description="null: anyone")
    earliest: Given[Moment] = None
    latest: Given[Moment] = None
    weekdays: Given[Weekdays] = None
    from_minute: Given[Minute] = None
    until_minute: Given[Minute] = None


class PlaceView(View):
    position: int = Field(
        description="by score among those who wait for the same service, without the points for a staff wish"
    )
    at_least: bool = Field(description="true: the position is this or higher")
    estimated_days: float | None = Field(description="null: the waitlist has filled nothing lately to go by")


class JoinedView(View):
    id: UUID
    already_on_list: bool = Field(
        description="true: they waited for this service and staff member already; that entry is unchanged"
    )
    not_taken_over: list[str] = Field(
        description="the fields of this request that differ from the entry that was there already"
    )
    message: str
    position: PlaceView


class EntryView(View):
    id: UUID
    customer_id: UUID
    customer_name: str
    phone: str | None
    email: str | None
    service_id: UUID
    service_name: str
    staff_id: UUID | None
    staff_name: str | None
    earliest: datetime
    latest: datetime
    weekdays: list[int]
    from_minute: int
    until_minute: int
    vip: bool
    priority_override: int | None
    status: str
    misses: int
    cooldown_until: datetime | None
    booking_id: UUID | None
    joined_at: datetime
    ended_at: datetime | None
    reason: str


class HappeningView(View):
    entity: str
    from_state: str | None
    to_state: str | None
    reason: str
    actor: str
    at: datetime
    details: dict[str, Any]


class EntryStoryView(EntryView):
    place: PlaceView | None
    history: list[HappeningView]


class PriorityBody(Body):
    priority: Annotated[int, Field(ge=0, le=1000)] | None = Field(
        description="null: back to the computed score"
    )
    reason: Reason


class NotifyBody(Body):
    slot_id: UUID


class OfferedView(View):
    offer_id: UUID
    entry_id: UUID


class BookedView(BaseModel):
    booking_id: UUID
    already_booked: bool = Field(description="true: the customer had just accepted; it is their booking")


class SlotBody(Body):
    staff_id: UUID
    service_id: UUID
    starts_at: Moment
    ends_at: Moment | None = Field(
        default=None, description="at most 24 hours after starts_at; null: by the service's duration"
    )


class OpeningView(View):
    slot_id: UUID
    waiting: int = Field(description="how many wait for this service, counted up to 100")
    fill_at: datetime | None = Field(description="when the first offer is made; null: now")


class SlotView(View):
    id: UUID
    staff_id: UUID
    staff_name: str
    service_id: UUID
    service_name: str
    starts_at: datetime
    ends_at: datetime
    status: str
    hold_expires_at: datetime | None
    fill_at: datetime | None
    unfilled_reason: str | None
    checked_at: datetime | None
    reason: str
    offer_id: UUID | None
    entry_id: UUID | None
    offered_to: str | None
    booking_id: UUID | None


class RuleView(BaseModel):
    """Why something is not offered."""

    rule: str
    explanation: str


class CandidateView(BaseModel):
    entry_id: UUID
    customer_name: str
    score: int
    parts: dict[str, int] = Field(description="the score is their sum, or the override that stands for it")
    habit: list[Aspect] | None = Field(
        description="what of this slot is a favourite of theirs; no part of the score, but breaks ties. "
        "null: the policy doesn't ask (prefer_favourites)"
    )
    joined_at: datetime


class ExcludedView(BaseModel):
    entry_id: UUID
    customer_name: str
    rule: str
    explanation: str


class CandidatesView(BaseModel):
    slot_id: UUID
    not_offered: RuleView | None = Field(
        description="why not even the first is offered it; null: nothing stands against it"
    )
    eligible: list[CandidateView]
    excluded: list[ExcludedView]
    left_out: int = Field(description="active entries beyond the limit, not judged")


class OfferStandingView(BaseModel):
    """Where an offer's customer stands."""

    message: str = Field(description="what happened, and what follows for the customer")
    still_on_list: bool
    quiet_until: datetime | None = Field(description="nothing is offered before; null: no such pause")
    can_stay: bool = Field(
        description="they are off the list, and POST /api/stay/{token} puts them back on it"
    )


class OfferView(OfferStandingView):
    id: UUID
    status: str
    expires_at: datetime
    seconds_left: int
    starts_at: datetime
    ends_at: datetime
    service_name: str
    duration_minutes: int
    price: Decimal | None
    currency: str
    staff_name: str
    salon_name: str
    timezone: str
    customer_name: str
    entry_status: str
    booking_id: UUID | None


class OfferAnswerView(OfferStandingView):
    """What became of an answer: booked, declined, or why it came too late."""

    outcome: Literal["booked", "declined", "over"]
    again: bool = False
    booking_id: UUID | None = None
    why: Literal["expired", "declined", "taken", "withdrawn", "accepted"] | None = None


class StaffBody(Body):
    name: CheckedName
    services: list[UUID] = Field(default=[], max_length=1000)


class StaffView(View):
    id: UUID
    name: str
    active: bool
    services: list[UUID]


Duration = Annotated[int, Field(ge=5, le=1440)]
Price = Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2)]
Buffer = Annotated[int, Field(ge=0, le=240, description="minutes that nobody else has the staff member")]


class ServiceBody(Body):
    name: Name
    duration_minutes: Duration
    price: Price | None = None
    buffer_before_minutes: Buffer = 0
    buffer_after_minutes: Buffer = 0


class ServiceChanges(Body):
    """What to change; fields that are left out stay, and so do appointments that are made already."""

    name: Given[Name] = None
    duration_minutes: Given[Duration] = None
    price: Price | None = Field(default=None, description="null: no price")
    buffer_before_minutes: Given[Buffer] = None
    buffer_after_minutes: Given[Buffer] = None
    active: Given[bool] = None


class ServiceView(View):
    id: UUID
    name: str
    duration_minutes: int
    price: Decimal | None
    active: bool
    buffer_before_minutes: int
    buffer_after_minutes: int


class HoursBody(Body):
    weekday: Annotated[int, Field(ge=1, le=7, description="ISO: Monday is 1")]
    opens_minute: Annotated[int, Field(ge=0, le=1439)]
    closes_minute: Annotated[int, Field(ge=1, le=1440)]

    @field_validator("closes_minute")
    @classmethod
    def _after_opening(cls, closes: int, info: ValidationInfo) -> int:
        if closes <= info.data.get("opens_minute", 0):
            raise ValueError("must be after opens_minute")
        return closes


Week = Annotated[list[HoursBody], Field(max_length=100)]


class HoursView(View):
    weekday: int
    opens_minute: int
    closes_minute: int


class IdView(BaseModel):
    id: UUID


QuietMinute = Annotated[int, Field(ge=0, le=1439)]


class PolicyBody(Body):
    """Rules; those left out are the default's (for the salon) or the salon's (for a service)."""

    offer_window_seconds: Annotated[int, Field(ge=1, le=86_400)] | None = None
    reminder_lead_seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None
    cooldown_seconds: Annotated[int, Field(ge=0, le=2_592_000)] | None = None
    max_misses: Annotated[int, Field(ge=1, le=100)] | None = None
    max_active_entries: Annotated[int, Field(ge=1, le=100)] | None = None
    minimum_notice_seconds: Annotated[int, Field(ge=0, le=2_592_000)] | None = None
    grace_seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None
    messages_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None,
        description="so many at once, then one every 60 / so many seconds; the rest waits its turn",
    )
    messages_per_day: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    channel_order: Annotated[list[Channel], Field(min_length=1)] | None = None
    quiet_from_minute: QuietMinute | None = Field(
        default=None,
        description="quiet hours begin, in minutes after local midnight; only the salon's, not a service's",
    )
    quiet_until_minute: QuietMinute | None = Field(
        default=None,
        description="and end, if need be on the next day; the same as their begin: there are none",
    )
    change_notice_seconds: Annotated[int, Field(ge=0, le=2_592_000)] | None = Field(
        default=None, description="until so long before an appointment its customer may cancel or move it"
    )
    max_customer_moves: Annotated[int, Field(ge=0, le=100)] | None = Field(
        default=None, description="how often its customer may move one appointment"
    )
    time_step_minutes: Annotated[int, Field(ge=5, le=240)] | None = Field(
        default=None, description="the rhythm of free times, counted from midnight"
    )
    reminders: Reminders | None = Field(
        default=None,
        description="when customers are reminded of an appointment: none, every_2_hours (from booking until it), "
        "24h_and_2h before, or up to ten numbers of minutes before it, like 2880,120",
    )
    prefer_favourites: bool | None = Field(
        default=None,
        description="of those with the same score, whom the slot suits by habit goes before who has waited longer",
    )
    max_future_bookings: Annotated[int, Field(ge=1, le=100)] | None = Field(
        default=None,
        description="with so many appointments to come a phone number books no other without signing in; "
        "only the salon's, not a service's",
    )


class PolicyView(View):
    offer_window_seconds: int
    reminder_lead_seconds: int
    cooldown_seconds: int
    max_misses: int
    max_active_entries: int
    minimum_notice_seconds: int
    grace_seconds: int
    messages_per_minute: int
    messages_per_day: int
    channel_order: list[str]
    quiet_from_minute: int
    quiet_until_minute: int
    change_notice_seconds: int
    max_customer_moves: int
    time_step_minutes: int
    reminders: str
    prefer_favourites: bool
    max_future_bookings: int


def withheld(rule: str | None) -> RuleView | None:
    """A key of ranking.WITHHELD with its explanation."""
    return RuleView(rule=rule, explanation=WITHHELD[rule]) if rule is not None else None

"""What can go wrong for a caller, as a tree. The first line of a class's docstring is the message people read.

StandbyError
├── NotFound              there is no such thing in this salon
│   ├── EntryNotFound, SlotNotFound, BookingNotFound, ServiceNotFound, OfferNotFound, TenantNotFound,
│   │   ReplyNotFound, NoticeNotFound, StaffNotFound, ClosureNotFound, CalendarNotFound,
│   │   FeedNotFound, CustomerNotFound, WebhookNotFound, DeliveryNotFound, SessionNotFound, MemberNotFound,
│   │   InvitationNotFound, ApiKeyNotFound, LinkNotFound, QueueNotFound, JobNotFound
├── Invalid               the request can't be understood; every problem of it at once, each with its field
├── Conflict              the request is fine, the state of things is against it
│   ├── WaitlistLimitExceeded, SlotTaken, SlotNotOpen, SlotHasAppointment, EntryNotWaiting, EntryNotNotified,
│   │   EntryEnded, BookingNotConfirmed, BookingChanged, BookingNotBegun, OutsideBusinessHours, WishDoesNotFit,
│   │   SameWish, NameTaken,
│   │   TooLateToChange, MovedTooOften, TooManyBookings, KeyUsedBefore, GoogleNotSetUp, CalendarToReconnect,
│   │   TooManyCalendars, CustomerHasAppointments, TooManyWebhooks, WebhookInactive, LastOwner, MemberAlready,
│   │   SecondFactorThere, OnlyOwner, ApiKeyThere, SecretThere, CannotAnswer
├── NotAuthenticated      no token, or not a good one
│   ├── WrongCredentials, SecondFactorNeeded, WrongCode
├── Forbidden             it is known who asks, and they may not
│   ├── NoSalonChosen, ForeignRequest
├── TooManyRequests       too often for now; the details say how many seconds to wait
│   ├── TooManyAttempts   to sign in
│   ├── TooManyStreams    open at once
│   ├── TooManyInvitations
├── Unavailable           something that is needed for it is missing on our side
│   ├── CodesUnavailable
└── IllegalTransition     a broken promise of our own code: the state machine refused
web/errors.py maps each class to its HTTP status; its code is its name in capitals (SlotTaken: SLOT_TAKEN).
"""

import re
from dataclasses import dataclass
from typing import Any


class StandbyError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None, **details: Any) -> None:
        self.message = message or (type(self).__doc__ or "").split("\n", 1)[0]
        self.details = details
        super().__init__(self.message)

    @property
    def code(self) -> str:
        """The stable code that programs read: SlotTaken is SLOT_TAKEN."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).upper()


@dataclass(frozen=True)
class FieldProblem:
    """One problem of a request: where, what, and a code for programs."""

    field: str
    message: str
    code: str = "invalid"


class Invalid(StandbyError):
    """The request has errors; each is listed with its field."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__(None, errors=[vars(problem) for problem in problems])
        self.problems = problems

    @property
    def code(self) -> str:
        return "VALIDATION_FAILED"


class NotFound(StandbyError):
    """There is nothing with this id."""


class TenantNotFound(NotFound):
    """There is no salon of this name."""


class EntryNotFound(NotFound):
    """There is no waitlist entry with this id."""


class VerificationNotFound(NotFound):
    """No code was asked for by this id."""


class SlotNotFound(NotFound):
    """There is no slot with this id."""


class BookingNotFound(NotFound):
    """There is no booking with this id."""


class CustomerNotFound(NotFound):
    """There is no customer with this id."""


class ServiceNotFound(NotFound):
    """There is no service with this id."""


class StaffNotFound(NotFound):
    """There is no staff member with this id."""


class ClosureNotFound(NotFound):
    """There is no closure with this id."""


class ReplyNotFound(NotFound):
    """There is no reply with this id."""


class OfferNotFound(NotFound):
    """This link isn't valid (any more). If you got a newer message from us, use the link in that one."""


class NoticeNotFound(NotFound):
    """There is no notice with this id."""


class FeedNotFound(NotFound):
    """There is no calendar feed with this id."""


class QueueNotFound(NotFound):
    """There is no queue of this name."""


class JobNotFound(NotFound):
    """There is no job with this id (any more)."""


class CalendarNotFound(NotFound):
    """There is no linked calendar with this id."""


class WebhookNotFound(NotFound):
    """There is no webhook with this id."""


class DeliveryNotFound(NotFound):
    """There is no delivery to this webhook with this id."""


class SessionNotFound(NotFound):
    """There is no session of yours with this id."""


class MemberNotFound(NotFound):
    """There is no member of this salon with this id."""


class InvitationNotFound(NotFound):
    """There is no invitation with this id."""


class ApiKeyNotFound(NotFound):
    """There is no API key with this id."""


class LinkNotFound(NotFound):
    """This link isn't valid (any more). Ask for a new one."""


class Conflict(StandbyError):
    """The current state does not allow this."""


class CodeOver(Conflict):
    """This code is not valid any more; ask for a new one."""


class WaitlistLimitExceeded(Conflict):
    """Too many active waitlist entries for this phone number."""


class SlotTaken(Conflict):
    """Another appointment has taken this time."""


class SlotNotOpen(Conflict):
    """This slot is not open."""


class SlotHasAppointment(Conflict):
    """This slot is booked; cancel its booking instead."""


class EntryNotWaiting(Conflict):
    """Only an entry that is waiting can be notified."""


class EntryNotNotified(Conflict):
    """Only an entry with an open offer can be converted to a booking."""


class EntryEnded(Conflict):
    """This waitlist entry has ended and can't be changed any more."""


class BookingNotConfirmed(Conflict):
    """Only a confirmed booking can be changed, cancelled or ended."""


class BookingNotCancelled(Conflict):
    """Only a cancelled booking can be put back."""


class BookingChanged(Conflict):
    """Somebody else has changed this appointment meanwhile; look at it again."""


class BookingNotBegun(Conflict):
    """This appointment has not begun yet."""


class TooLateToChange(Conflict):
    """It is too late to change this appointment online; please contact the salon."""


class MovedTooOften(Conflict):
    """This appointment can't be moved online any more; please contact the salon."""


class TooManyBookings(Conflict):
    """This number has as many appointments to come as it can book online; please contact the salon."""


class CannotAnswer(Conflict):
    """This customer can't be written to by this channel now; the details say why."""


class KeyUsedBefore(Conflict):
    """This Idempotency-Key was used for another request; take a new one."""


class OutsideBusinessHours(Conflict):
    """The salon is closed at that time, or the staff member is away."""


class WishDoesNotFit(Conflict):
    """This slot can't be offered to this entry; the details say why."""


class CustomerHasAppointments(Conflict):
    """This customer has appointments to come; cancel those first."""


class SameWish(Conflict):
    """This customer waits for the same already."""


class NameTaken(Conflict):
    """Something of this name exists already."""


class GoogleNotSetUp(Conflict):
    """Google Calendar isn't set up here: set STANDBY_GOOGLE_CLIENT_ID and STANDBY_GOOGLE_CLIENT_SECRET."""


class CalendarToReconnect(Conflict):
    """This calendar has to be connected anew before it can be read."""


class TooManyCalendars(Conflict):
    """This staff member has as many linked calendars as one may have; let go of one of them first."""


class TooManyWebhooks(Conflict):
    """This salon has as many webhooks as one may have; delete one of them first."""


class WebhookInactive(Conflict):
    """This webhook is switched off; switch it on first (active: true)."""


class LastOwner(Conflict):
    """A salon needs an owner: make somebody else one first."""


class OnlyOwner(Conflict):
    """You are the only owner of a salon: make somebody else its owner first, or have its operator close it."""


class MemberAlready(Conflict):
    """Whoever has this email belongs to the salon already."""


class SecretThere(Conflict):
    """This webhook's secret was made already, and is shown only once."""


class ApiKeyThere(Conflict):
    """This key was made already, and is shown only once."""


class SecondFactorThere(Conflict):
    """Codes are asked for already; remove the second factor first."""


class NotAuthenticated(StandbyError):
    """Send a valid token: Authorization: Bearer …."""


class TooManyRequests(StandbyError):
    """That was too often; wait a little and try again."""


class TooManyAttempts(TooManyRequests):
    """Too many attempts; wait a little, and try again."""


class TooManyInvitations(TooManyRequests):
    """As many invitations as go out in a day have gone, of this salon or to this address; send it later."""


class TooManyStreams(TooManyRequests):
    """This salon has as many live streams open here as it may have; close one, or ask every minute instead."""


class WrongCredentials(NotAuthenticated):
    """Email or password is wrong."""


class SecondFactorNeeded(NotAuthenticated):
    """Send the code that your authenticator shows too, as `code`."""


class WrongCode(NotAuthenticated):
    """This code is wrong, or was used already."""


class Forbidden(StandbyError):
    """You may not do this here."""


class NoSalonChosen(Forbidden):
    """Choose a salon first: PUT /api/auth/salon."""


class ForeignRequest(Forbidden):
    """A page elsewhere has sent this; what changes something has to come from our own."""


class Unavailable(StandbyError):
    """This can't be done right now, for a reason on our side."""


class CodesUnavailable(Unavailable):
    """We can't check codes of your authenticator right now. A recovery code works; whoever runs Standby can mend it."""


class IllegalTransition(StandbyError):
    """The state machine has no such step."""

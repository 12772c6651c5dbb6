"""Which permission each address of the API asks for. What stands in neither table is refused to everybody.

Who has a permission stands in accounts/permissions.py. A path is as its router has it, below /api.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fastapi import Request

from standby.accounts.permissions import Permission as May

Route = tuple[str, str]

NEEDS: Final[Mapping[Route, May]] = MappingProxyType(
    {
        # The book
        ("GET", "/bookings"): May.READ_BOOK,
        ("POST", "/bookings"): May.WRITE_BOOK,
        ("GET", "/bookings/{booking_id}"): May.READ_BOOK,
        ("PATCH", "/bookings/{booking_id}"): May.WRITE_BOOK,
        ("DELETE", "/bookings/{booking_id}"): May.WRITE_BOOK,
        ("POST", "/bookings/{booking_id}/cancel"): May.WRITE_BOOK,
        ("POST", "/bookings/{booking_id}/complete"): May.WRITE_BOOK,
        ("POST", "/bookings/{booking_id}/no-show"): May.WRITE_BOOK,
        ("GET", "/bookings/{booking_id}/reminders"): May.READ_BOOK,
        ("GET", "/free-times"): May.READ_BOOK,
        ("GET", "/slots"): May.READ_BOOK,
        ("POST", "/slots"): May.WRITE_BOOK,
        ("GET", "/slots/{slot_id}"): May.READ_BOOK,
        ("DELETE", "/slots/{slot_id}"): May.WRITE_BOOK,
        ("POST", "/slots/{slot_id}/open"): May.WRITE_BOOK,
        ("GET", "/slots/{slot_id}/candidates"): May.READ_BOOK,
        ("GET", "/waitlist"): May.READ_BOOK,
        ("POST", "/waitlist"): May.WRITE_BOOK,
        ("POST", "/waitlist/suggestion"): May.READ_BOOK,
        ("GET", "/waitlist/{entry_id}"): May.READ_BOOK,
        ("PATCH", "/waitlist/{entry_id}"): May.WRITE_BOOK,
        ("DELETE", "/waitlist/{entry_id}"): May.WRITE_BOOK,
        ("POST", "/waitlist/{entry_id}/notify"): May.WRITE_BOOK,
        ("POST", "/waitlist/{entry_id}/convert"): May.WRITE_BOOK,
        ("PUT", "/waitlist/{entry_id}/priority"): May.WRITE_BOOK,
        ("GET", "/customers/{customer_id}/preferences"): May.READ_BOOK,
        ("GET", "/queue/stats"): May.READ_BOOK,
        ("GET", "/events"): May.READ_BOOK,
        # What is said
        ("GET", "/messages"): May.READ_MESSAGES,
        ("GET", "/inbox"): May.READ_MESSAGES,
        ("POST", "/inbox/{reply_id}/read"): May.WRITE_MESSAGES,
        ("POST", "/customers/{customer_id}/messages"): May.WRITE_MESSAGES,
        # The salon
        ("GET", "/salon"): May.READ_SALON,
        ("PATCH", "/salon"): May.NAME_SALON,
        ("GET", "/staff"): May.READ_SALON,
        ("POST", "/staff"): May.WRITE_SALON,
        ("GET", "/staff/{staff_id}/hours"): May.READ_SALON,
        ("PUT", "/staff/{staff_id}/hours"): May.WRITE_SALON,
        ("GET", "/services"): May.READ_SALON,
        ("POST", "/services"): May.WRITE_SALON,
        ("PATCH", "/services/{service_id}"): May.WRITE_SALON,
        ("GET", "/hours"): May.READ_SALON,
        ("PUT", "/hours"): May.WRITE_SALON,
        ("GET", "/policies"): May.READ_SALON,
        ("PUT", "/policies"): May.WRITE_SALON,
        ("PATCH", "/policies"): May.WRITE_SALON,
        ("GET", "/closures"): May.READ_SALON,
        ("POST", "/closures"): May.WRITE_SALON,
        ("DELETE", "/closures/{closure_id}"): May.WRITE_SALON,
        ("GET", "/texts"): May.READ_SALON,
        ("PUT", "/texts/{kind}/{language}"): May.WRITE_SALON,
        ("DELETE", "/texts/{kind}/{language}"): May.WRITE_SALON,
        ("POST", "/texts/{kind}/{language}/preview"): May.READ_SALON,
        ("GET", "/notices"): May.READ_SALON,
        ("POST", "/notices/{notice_id}/seen"): May.WRITE_SALON,
        # What reaches beyond it
        ("GET", "/calendars"): May.READ_CALENDARS,
        ("POST", "/calendars/google"): May.WRITE_CALENDARS,
        ("POST", "/calendars/ical"): May.WRITE_CALENDARS,
        ("POST", "/calendars/{calendar_id}/read-now"): May.WRITE_CALENDARS,
        ("DELETE", "/calendars/{calendar_id}"): May.WRITE_CALENDARS,
        ("GET", "/calendar-feeds"): May.READ_CALENDARS,
        ("POST", "/calendar-feeds"): May.WRITE_CALENDARS,
        ("DELETE", "/calendar-feeds/{feed_id}"): May.WRITE_CALENDARS,
        ("GET", "/insights"): May.READ_INSIGHTS,
        ("GET", "/usage"): May.READ_USAGE,
        ("PUT", "/quotas/{channel}"): May.WRITE_USAGE,
        ("GET", "/webhooks"): May.READ_WEBHOOKS,
        ("POST", "/webhooks"): May.WRITE_WEBHOOKS,
        ("GET", "/webhooks/{webhook_id}"): May.READ_WEBHOOKS,
        ("PATCH", "/webhooks/{webhook_id}"): May.WRITE_WEBHOOKS,
        ("DELETE", "/webhooks/{webhook_id}"): May.WRITE_WEBHOOKS,
        ("POST", "/webhooks/{webhook_id}/rotate-secret"): May.WRITE_WEBHOOKS,
        ("POST", "/webhooks/{webhook_id}/test"): May.SEND_WEBHOOKS,
        ("GET", "/webhooks/{webhook_id}/deliveries"): May.READ_WEBHOOKS,
        ("GET", "/webhooks/{webhook_id}/deliveries/{delivery_id}"): May.READ_WEBHOOKS,
        ("POST", "/webhooks/{webhook_id}/deliveries/{delivery_id}/resend"): May.SEND_WEBHOOKS,
        # Who did what, and what is known of whom
        ("GET", "/audit"): May.READ_AUDIT,
        ("POST", "/customers/{customer_id}/export"): May.PERSONAL_DATA,
        ("POST", "/customers/{customer_id}/erase"): May.PERSONAL_DATA,
        # Who may do all this
        ("GET", "/members"): May.READ_MEMBERS,
        ("PATCH", "/members/{user_id}"): May.WRITE_MEMBERS,
        ("DELETE", "/members/{user_id}"): May.WRITE_MEMBERS,
        ("GET", "/invitations"): May.READ_MEMBERS,
        ("POST", "/invitations"): May.WRITE_MEMBERS,
        ("DELETE", "/invitations/{invitation_id}"): May.WRITE_MEMBERS,
        ("GET", "/api-keys"): May.WRITE_KEYS,
        ("POST", "/api-keys"): May.WRITE_KEYS,
        ("DELETE", "/api-keys/{key_id}"): May.WRITE_KEYS,
    }
)

# What asks for no permission in a salon, and what the right is instead.
OWN: Final = "one's own account, by the cookie of one's session"
OPERATE: Final = "an operator's token or cookie (web/operator.py)"
TO_SIGN_IN: Final = "what is shown: a password, a code, or a token"
EVERYBODY: Final = "none: what a salon shows its customers"
VERIFIED: Final = "the token of a verified phone number"
OTHERWISE: Final[Mapping[Route, str]] = MappingProxyType(
    {
        ("GET", "/offers/{token}"): "the token of an offer's link",
        ("POST", "/confirm/{token}"): "the token of an offer's link",
        ("POST", "/decline/{token}"): "the token of an offer's link",
        ("POST", "/stay/{token}"): "the token of an offer's link",
        ("GET", "/public/{salon}"): EVERYBODY,
        ("GET", "/public/{salon}/services"): EVERYBODY,
        ("GET", "/public/{salon}/staff"): EVERYBODY,
        ("GET", "/public/{salon}/free-times"): EVERYBODY,
        ("POST", "/public/{salon}/verifications"): "none: the code goes to the number itself",
        ("POST", "/public/{salon}/verifications/{verification_id}/confirm"): "the code",
        ("POST", "/public/{salon}/bookings"): VERIFIED,
        ("POST", "/public/{salon}/waitlist"): VERIFIED,
        ("POST", "/lifecycle/process"): "the installation's cron key",
        ("GET", "/admin/queue-health"): OPERATE,
        ("GET", "/admin/queues"): OPERATE,
        ("GET", "/admin/queues/{queue}/jobs"): OPERATE,
        ("GET", "/admin/jobs/{number}"): OPERATE,
        ("POST", "/admin/queues/{queue}/pause"): OPERATE,
        ("POST", "/admin/queues/{queue}/resume"): OPERATE,
        ("POST", "/admin/queues/{queue}/retry"): OPERATE,
        ("POST", "/admin/queues/{queue}/delete"): OPERATE,
        ("POST", "/admin/queues/{queue}/clean"): OPERATE,
        ("GET", "/admin/workers"): OPERATE,
        ("POST", "/auth/sign-in"): TO_SIGN_IN,
        ("POST", "/auth/code"): TO_SIGN_IN,
        ("POST", "/auth/token"): TO_SIGN_IN,
        ("POST", "/auth/refresh"): TO_SIGN_IN,
        ("POST", "/auth/sign-up"): TO_SIGN_IN,
        ("POST", "/auth/verify"): TO_SIGN_IN,
        ("POST", "/auth/forgot"): TO_SIGN_IN,
        ("POST", "/auth/reset"): TO_SIGN_IN,
        ("POST", "/auth/join"): TO_SIGN_IN,
        ("POST", "/auth/email/confirm"): TO_SIGN_IN,
        ("PUT", "/auth/email"): OWN,
        ("POST", "/auth/delete"): OWN,
        ("POST", "/auth/sign-out"): OWN,
        ("GET", "/auth/me"): OWN,
        ("PUT", "/auth/salon"): OWN,
        ("PUT", "/auth/password"): OWN,
        ("GET", "/auth/sessions"): OWN,
        ("DELETE", "/auth/sessions"): OWN,
        ("DELETE", "/auth/sessions/{session_id}"): OWN,
        ("POST", "/auth/totp"): OWN,
        ("POST", "/auth/totp/confirm"): OWN,
        ("POST", "/auth/totp/remove"): OWN,
    }
)


def needed_by(request: Request) -> May | None:
    """What the request's address asks for; None: it stands in no table."""
    path: str = request.scope["route"].path
    return NEEDS.get((request.method, "/" + path.removeprefix("/api/").removeprefix("/")))

"""Email by SendGrid's v3 Mail Send API.

Its tracking of opens and clicks is off: it would put SendGrid's address in the place of a link that is worth a time. So
is its own link for unsubscribing: the mail has one, which closes the channel here.
"""

from base64 import b64encode
from email.utils import parseaddr
from typing import Any, Final

import aiohttp

from standby.calendars.ical import Mailbox, invitation
from standby.channels.base import Outgoing, Permanent, Receipt, Retry, Stopped
from standby.channels.http import Answer, Provider, readable, retry_after, sensible, taken
from standby.channels.unsubscribe_headers import unsubscribe_headers
from standby.clock import Clock

UNTRACKED: Final = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}


class SendGridChannel:
    """One API key; `sender` is name@example.com or Name <name@example.com>, whose domain SendGrid has verified.

    `salon` is what its events are to name, so that they find their way back.
    """

    name = "sendgrid"

    def __init__(
        self,
        http: aiohttp.ClientSession,
        clock: Clock,
        *,
        base_url: str,
        api_key: str,
        sender: str,
        salon: str,
        **timing: float,
    ) -> None:
        self._sendgrid = Provider(http, base_url, authorization=f"Bearer {api_key}", secret=api_key, **timing)
        self._sender = sender
        self._salon = salon
        self._clock = clock

    async def send(self, message: Outgoing) -> Receipt:
        answer = await self._sendgrid.ask(
            "POST", "v3/mail/send", json=request_for(message, self._sender, self._salon)
        )
        if not isinstance(answer, Answer):
            return answer
        if answer.ok:
            return taken(answer.headers.get("X-Message-Id"), answer)
        reason = _explained(answer)
        if answer.status == 429 or answer.status >= 500:
            return Retry(reason, after=self._wait(answer))
        return Stopped(reason) if answer.status in (401, 403) else Permanent(reason)

    async def check(self) -> str | None:
        answer = await self._sendgrid.ask("GET", "v3/scopes")
        if not isinstance(answer, Answer):
            return answer.reason
        return None if answer.ok else _explained(answer)

    async def close(self) -> None:
        return None

    def _wait(self, answer: Answer) -> float | None:
        now = self._clock()
        reset = answer.headers.get("X-RateLimit-Reset", "")  # seconds since 1970
        return sensible(float(reset) - now.timestamp()) if reset.isdecimal() else retry_after(answer, now)


def request_for(message: Outgoing, sender: str, salon: str) -> dict[str, Any]:
    """The request's body. Our id and the salon's come back with each event; nothing about the customer does."""
    name, address = parseaddr(sender)
    ours = {"message_id": str(message.id), "salon": salon}
    headers = unsubscribe_headers(message.unsubscribe_url)
    attachments = _attachments(message, Mailbox(message.salon or name, address))
    request = {
        "personalizations": [{"to": [{"email": message.to}], "custom_args": ours}],
        "from": {"email": address, "name": message.salon or name},
        "subject": message.subject,
        "content": [
            {"type": "text/plain", "value": message.text},
            {"type": "text/html", "value": message.html},
        ],
        "tracking_settings": UNTRACKED,
    }
    more = {"headers": headers, "attachments": attachments}
    return request | {name: given for name, given in more.items() if given}


def _attachments(message: Outgoing, ours: Mailbox) -> list[dict[str, str]]:
    if message.appointment is None:
        return []
    calendar = invitation(message.appointment, organizer=ours, attendee=message.to)
    # SendGrid takes no parameters with a type: what is asked of the calendar, the calendar's METHOD says alone.
    return [
        {
            "content": b64encode(calendar).decode(),
            "type": "text/calendar",
            "filename": "appointment.ics",
            "disposition": "attachment",
        }
    ]


def _explained(answer: Answer) -> str:
    try:
        said = "; ".join(error["message"] for error in answer.body["errors"])
    except (TypeError, KeyError):
        said = answer.text
    return readable(f"HTTP {answer.status}: {said}")

"""What Meta's Cloud API calls us back with: one body may hold reports and replies of several numbers.

Meta delivers again until it gets a 200, in no certain order. "Read" may come without "delivered".
"""

import hmac
from collections.abc import Mapping
from typing import Any, Final

from standby.channels.events import Reply, State, Status, Unreadable
from standby.channels.untrusted import (
    code_in,
    id_in,
    json_in,
    moment_in,
    number_in,
    part,
    parts,
    text_in,
    uuid_in,
)
from standby.channels.whatsapp_codes import OPTED_OUT, SENDER_REFUSED, TEMPLATE_ONLY

STATES: Final[dict[str, State]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
NOT_WRITTEN: Final = {"system", "request_welcome"}  # WhatsApp's own news about a customer
LONGEST_KIND: Final = 40
LONGEST_BUTTON: Final = 256
LONGEST_REASON: Final = 300


def signed(raw: bytes, header: str | None, app_secret: str) -> bool:
    """Whether the body is Meta's: `header` is X-Hub-Signature-256."""
    if not app_secret or header is None:
        return False
    ours = "sha256=" + hmac.new(app_secret.encode(errors="replace"), raw, "sha256").hexdigest()
    return hmac.compare_digest(ours.encode(), header.encode(errors="replace"))


def challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """What to answer, as plain text, when Meta asks whether the address is ours; None: it isn't Meta that asks."""
    given = query.get("hub.verify_token", "").encode(errors="replace")
    if not verify_token or not hmac.compare_digest(given, verify_token.encode(errors="replace")):
        return None
    return query.get("hub.challenge") if query.get("hub.mode") == "subscribe" else None


def events(raw: bytes) -> list[tuple[str, Status | Reply]]:
    """What the body tells, each with the phone number id that it is about. Raises Unreadable."""
    body = json_in(raw)
    if not isinstance(body, dict) or not isinstance(body.get("entry"), list):
        raise Unreadable("The body has no list of entries.")
    values = [part(change, "value") for entry in parts(body, "entry") for change in parts(entry, "changes")]
    return [told for value in values for told in _told(value)]


def _told(value: dict[str, Any]) -> list[tuple[str, Status | Reply]]:
    number = id_in(part(value, "metadata").get("phone_number_id"))
    if number is None:
        return []
    found: list[Status | Reply | None] = [_status(status) for status in parts(value, "statuses")]
    found += [_reply(message, number) for message in parts(value, "messages")]
    return [(number, event) for event in found if event is not None]


def _status(status: dict[str, Any]) -> Status | None:
    wamid, at = id_in(status.get("id")), moment_in(status.get("timestamp"))
    word = text_in(status.get("status"))
    if wamid is None or at is None or word not in STATES:
        return None
    errors = parts(status, "errors")
    codes = {code_in(error.get("code")) for error in errors}
    return Status(
        provider_id=wamid,
        message_id=uuid_in(status.get("biz_opaque_callback_data")),
        state=STATES[word],
        at=at,
        dedupe_key=f"{wamid}:{word}",
        reason=_explained(errors[0]) if errors else "",
        closes=bool(codes & OPTED_OUT),
        fault="sender" if codes & SENDER_REFUSED else "window" if codes & TEMPLATE_ONLY else "",
    )


def _explained(error: dict[str, Any]) -> str:
    said = [part(error, "error_data").get("details"), error.get("message"), error.get("title")]
    details = next(filter(None, map(text_in, said)), "")
    code = code_in(error.get("code"))
    return text_in(details if code is None else f"{code}: {details}", LONGEST_REASON)


def _reply(message: dict[str, Any], number: str) -> Reply | None:
    wamid, at = id_in(message.get("id")), moment_in(message.get("timestamp"))
    kind = text_in(message.get("type"), LONGEST_KIND)
    if wamid is None or at is None or not kind or kind in NOT_WRITTEN:
        return None
    text, button = _said(message, kind)
    return Reply(
        dedupe_key=wamid,
        at=at,
        sender=number_in(f"+{text_in(message.get('from'))}"),
        address=number,
        text=text,
        button=button or None,
        in_reply_to=id_in(part(message, "context").get("id")),
        opt=None,
    )


def _said(message: dict[str, Any], kind: str) -> tuple[str, str]:
    """The text, and the button's id."""
    content = part(message, kind)
    tapped = part(content, "button_reply")
    if kind == "text":
        return text_in(content.get("body")), ""
    if kind == "button":  # a template's quick reply
        return text_in(content.get("text")), text_in(content.get("payload"), LONGEST_BUTTON)
    if kind == "interactive" and tapped:
        return text_in(tapped.get("title")), text_in(tapped.get("id"), LONGEST_BUTTON)
    return text_in(f"[{kind}] {text_in(content.get('caption'))}"), ""

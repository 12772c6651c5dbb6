"""What SendGrid's Event Webhook calls us back with: a list of events, whose key is signed for us alone."""

from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from standby.channels.events import State, Status, Unreadable
from standby.channels.untrusted import id_in, json_in, moment_in, objects, text_in, uuid_in

STATES: Final[dict[str, State]] = {
    "processed": "sent",
    "deferred": "sent",
    "delivered": "delivered",
    "open": "read",
    "click": "read",
    "bounce": "failed",
    "dropped": "failed",
    "spamreport": "delivered",
    "unsubscribe": "delivered",
    "group_unsubscribe": "delivered",
}
REFUSALS: Final = {"spamreport", "unsubscribe", "group_unsubscribe"}
# Why SendGrid drops a message to an address that it has on one of its lists ("Drops").
LISTED: Final = {"unsubscribed address", "bounced address", "spam reporting address", "invalid"}
LONGEST_REASON: Final = 300


def signed(
    raw: bytes,
    signature: str | None,
    timestamp: str | None,
    public_key: str,
    *,
    now: datetime,
    oldest: timedelta,
) -> bool:
    """Whether the body is SendGrid's, and not an old one again. `public_key`: base64 of DER, as SendGrid shows it.

    The two others are the headers X-Twilio-Email-Event-Webhook-Signature and -Timestamp.
    """
    at = moment_in(timestamp)
    if signature is None or timestamp is None or at is None or abs(now - at) > oldest:
        return False
    try:
        key = load_der_public_key(b64decode(public_key, validate=True))
        if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
            return False
        key.verify(b64decode(signature, validate=True), timestamp.encode() + raw, ECDSA(SHA256()))
    except (ValueError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def is_key(text: str) -> bool:
    """Whether it is a key by which `signed` can tell: base64 of DER, of the curve P-256."""
    try:
        key = load_der_public_key(b64decode(text, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)


def events(raw: bytes) -> list[tuple[str, Status]]:
    """What the body tells of our messages, each with the salon that we had named with it. Raises Unreadable."""
    body = json_in(raw)
    if not isinstance(body, list):
        raise Unreadable("The body is not a list of events.")
    return [
        (id_in(event.get("salon")) or "", status)
        for event in objects(body)
        if (status := _status(event)) is not None
    ]


def _status(event: dict[str, Any]) -> Status | None:
    key, at, word = (
        id_in(event.get("sg_event_id")),
        moment_in(event.get("timestamp")),
        text_in(event.get("event")),
    )
    # Custom arguments stand among SendGrid's own fields.
    ours = uuid_in(event.get("message_id"))
    # What follows X-Message-Id in it is the mail server's.
    theirs = (id_in(event.get("sg_message_id")) or "").partition(".")[0]
    if key is None or at is None or word not in STATES or (ours is None and not theirs):
        return None
    closes = _closes(event, word)
    reason = text_in(event.get("reason")) or text_in(event.get("response")) or (word if closes else "")
    return Status(
        provider_id=theirs,
        message_id=ours,
        state=_state(event, word),
        at=at,
        dedupe_key=key,
        reason=text_in(reason, LONGEST_REASON),
        closes=closes,
    )


def _state(event: dict[str, Any], word: str) -> State:
    by_machine = word == "open" and event.get("sg_machine_open") is True  # A mail program fetched it unasked.
    return "delivered" if by_machine else STATES[word]


def _closes(event: dict[str, Any], word: str) -> bool:
    if word == "bounce":  # "blocked" is that server's mood, and may pass.
        return text_in(event.get("type")) == "bounce"
    if word == "dropped":
        return text_in(event.get("reason")).lower() in LISTED
    return word in REFUSALS

"""SendGrid's v3 Mail Send: one API key, the senders that it has verified, and its Event Webhook.

A mail to an address that has bounced, complained or unsubscribed is taken like every other, and dropped afterwards.
"""

import json
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from itertools import count
from typing import Any, Final

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.callbacks import Callback
from tests.fakes.serving import FakeProvider

MOST_CUSTOM_ARGS: Final = 10_000  # bytes
# What an event tells besides the mail that it is about.
TOLD: Final[dict[str, dict[str, Any]]] = {
    "processed": {},
    "deferred": {"response": "400 try again later", "attempt": "5", "domain": "example.com"},
    "delivered": {"response": "250 OK", "ip": "168.1.1.1", "tls": 1, "cert_err": 0},
    "bounce": {"reason": "550 5.1.1 unknown user", "status": "5.1.1", "type": "bounce", "ip": "168.1.1.1",
               "bounce_classification": "Invalid Address", "tls": 1, "cert_err": 0},
    "blocked": {"reason": "550 5.7.1 blocked", "status": "5.7.1", "type": "blocked", "ip": "168.1.1.1",
                "bounce_classification": "Reputation", "tls": 1, "cert_err": 0},
    "dropped": {"status": "5.0.0"},
    "open": {"useragent": "Mozilla/5.0", "ip": "255.255.255.255", "sg_machine_open": False, "sg_content_type": "html"},
    "click": {"useragent": "Mozilla/5.0", "ip": "255.255.255.255", "url": "https://example.com/"},
    "spamreport": {},
    "unsubscribe": {},
}  # fmt: skip
WITHOUT_SMTP_ID: Final = {"open", "click", "spamreport", "unsubscribe"}
# Why a mail is dropped, after such an event.
LISTED: Final = {
    "bounce": "Bounced Address",
    "spamreport": "Spam Reporting Address",
    "unsubscribe": "Unsubscribed Address",
}


class Refused(Exception):
    """This request gets an error."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message


def error(message: str, field: str | None = None) -> dict[str, Any]:
    """An error as SendGrid writes it."""
    return {"errors": [{"message": message, "field": field, "help": None}]}


class FakeSendGrid(FakeProvider):
    """`senders`: addresses that may stand in From. `hook` is where the Event Webhook is, `public_key` verifies it."""

    def __init__(
        self,
        *,
        key: str,
        senders: set[str],
        clock: Callable[[], datetime],
        hook: str = "http://127.0.0.1/hooks/sendgrid",
    ) -> None:
        super().__init__()
        self._key = key
        self._senders = senders
        self._clock = clock
        self._signing, self._strangers = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
        self._ids = count(1)
        self.hook = hook
        self.taken: dict[str, dict[str, Any]] = {}  # by X-Message-Id
        self.suppressed: dict[str, str] = {}  # the address, and why mails to it are dropped

    @property
    def public_key(self) -> str:
        """As SendGrid shows it."""
        shown = self._signing.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(shown).decode()

    def event(self, message_id: str, word: str, **more: Any) -> dict[str, Any]:
        """What happened to a mail. "blocked" is a bounce that may pass. Some keep later mails from its address."""
        [person] = self.taken[message_id]["personalizations"]
        address: str = person["to"][0]["email"]
        if word in LISTED:
            self.suppressed[address] = LISTED[word]
        told = TOLD[word] | (
            {"reason": self.suppressed.get(address, "Spam Content")} if word == "dropped" else {}
        )
        number = next(self._ids)
        smtp_id = {} if word in WITHOUT_SMTP_ID else {"smtp-id": f"<{message_id}@geopod-ismtpd-1>"}
        return {
            "email": address,
            "timestamp": int(self._clock().timestamp()),
            **smtp_id,
            "event": "bounce" if word == "blocked" else word,
            "sg_event_id": urlsafe_b64encode(f"{word}-{number}-{message_id}".encode()).decode().rstrip("="),
            "sg_message_id": f"{message_id}.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",
            **person.get("custom_args", {}),
            **told,
            **more,
        }

    def fate(self, message_id: str) -> list[dict[str, Any]]:
        """What happens to a mail by itself."""
        [person] = self.taken[message_id]["personalizations"]
        dropped = person["to"][0]["email"] in self.suppressed
        return [
            self.event(message_id, word) for word in (["dropped"] if dropped else ["processed", "delivered"])
        ]

    def telling(self, *events: dict[str, Any]) -> Callback:
        """One request with these events, in this order; signed now."""
        raw = json.dumps(events, separators=(",", ":"), ensure_ascii=False).encode() + b"\r\n"
        at = str(int(self._clock().timestamp()))
        headers = {"Content-Type": "application/json", "User-Agent": "SendGrid Event API"}
        return Callback(
            self.hook, raw, headers | _signature(raw, at, self._signing), _signature(raw, at, self._strangers)
        )

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v3/mail/send", self._send), web.get("/v3/scopes", self._scopes)]

    async def _scopes(self, request: web.Request) -> web.Response:
        return self._turned_away(request) or web.json_response({"scopes": ["mail.send"]})

    async def _send(self, request: web.Request) -> web.Response:
        if refusal := self._turned_away(request):
            return refusal
        mail = await request.json()
        try:
            _check(mail)
        except Refused as refused:
            return web.json_response(error(refused.message, refused.field), status=400)
        except (KeyError, TypeError, AttributeError) as missing:
            return web.json_response(error(f"Bad Request: {missing}"), status=400)
        if mail["from"]["email"] not in self._senders:
            said = error("The from address does not match a verified Sender Identity.", "from")
            return web.json_response(said, status=403)
        message_id = (
            urlsafe_b64encode(sha256(str(next(self._ids)).encode()).digest()[:16]).decode().rstrip("=")
        )
        self.taken[message_id] = mail
        return web.Response(status=202, headers={"X-Message-Id": message_id})

    def _turned_away(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") == f"Bearer {self._key}":
            return None
        said = error("The provided authorization grant is invalid, expired, or revoked")
        return web.json_response(said, status=401)


def _signature(raw: bytes, at: str, key: EllipticCurvePrivateKey) -> dict[str, str]:
    signature = b64encode(key.sign(at.encode() + raw, ECDSA(SHA256()))).decode()
    return {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": at,
    }


def _check(mail: dict[str, Any]) -> None:
    people = mail.get("personalizations")
    _need(isinstance(people, list) and 1 <= len(people) <= 1000, "personalizations")
    for person in people or []:
        _need(person.get("to"), "personalizations.to")
        _need(all(_address(to.get("email")) for to in person["to"]), "personalizations.to.email")
        args = person.get("custom_args", {})
        _need(all(isinstance(value, str) for value in args.values()), "personalizations.custom_args")
        _need(len(json.dumps(args).encode()) <= MOST_CUSTOM_ARGS, "personalizations.custom_args")
    _need(_address(mail.get("from", {}).get("email")), "from.email")
    _need(mail.get("subject"), "subject")
    content = mail.get("content")
    _need(content and all(part.get("type") and part.get("value") for part in content), "content")
    for part in mail.get("attachments", []):
        _need(part.get("filename") and _base64(part["content"]), "attachments.content")
        _need(not set(part.get("type", "")) & set(";,\r\n"), "attachments.type")
    kinds = [part["type"] for part in content or []]
    _need(kinds == sorted(kinds, reverse=True), "content: text/plain comes before text/html")


def _need(so: object, field: str) -> None:
    if not so:
        raise Refused(field, f"Invalid {field}")


def _base64(text: str) -> bool:
    try:
        return bool(b64decode(text, validate=True))
    except ValueError:
        return False


def _address(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and text.count("@") == 1

"""Twilio's Programmable Messaging: one account that sends SMS and WhatsApp, lists what it took, and calls back.

Twilio itself heeds STOP and START in an SMS, says so with OptOutType when its Advanced Opt-Out is on, and refuses the
number from then on. On WhatsApp it heeds them with Advanced Opt-Out only.
"""

import hashlib
import hmac
import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from tests.fakes.callbacks import Callback
from tests.fakes.serving import FakeProvider

E164: Final = re.compile(r"\+[1-9]\d{6,14}")
PLACE: Final = re.compile(r"{{(\d+)}}")  # where a value goes in a content
WHATSAPP: Final = "whatsapp:"
WINDOW: Final = timedelta(hours=24)
VERSION: Final = "2010-04-01"
STOP: Final = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
START: Final = {"START", "YES", "UNSTOP"}


@dataclass(frozen=True)
class Taken:
    """A message that Twilio took: what was asked, and what it made of it."""

    form: Mapping[str, str]
    body: str
    at: datetime


class Refused(Exception):
    """This request gets an error."""

    def __init__(self, code: int, message: str) -> None:
        self.code, self.message = code, message


def error(code: int, message: str, status: int = 400) -> dict[str, Any]:
    """An error as Twilio writes it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": message, "more_info": more, "status": status}


class FakeTwilio(FakeProvider):
    """People are E.164 numbers, also those on WhatsApp. `senders` are numbers and messaging services of the account."""

    def __init__(
        self,
        *,
        account: str,
        token: str,
        senders: set[str],
        contents: Mapping[str, str],
        clock: Callable[[], datetime],
        hook: str = "http://127.0.0.1/hooks/twilio",
        advanced_opt_out: bool = False,
    ) -> None:
        super().__init__()
        self._account = account
        self._token = token
        self._advanced_opt_out = advanced_opt_out
        self._ids = count(1)
        self.hook = hook  # where what people write is told; a message says itself where its reports go
        self._authorised = "Basic " + b64encode(f"{account}:{token}".encode()).decode()
        self._senders = senders
        self._contents = contents  # texts with {{1}} by ContentSid
        self._clock = clock
        self.taken: dict[str, Taken] = {}  # by sid
        self.opted_out: set[str] = set()
        self.last_word: dict[str, datetime] = {}  # when they last wrote by WhatsApp

    def in_window(self, number: str) -> bool:
        """Whether they have written by WhatsApp within 24 hours, so that free text may go to them."""
        at = self.last_word.get(number)
        return at is not None and self._clock() < at + WINDOW

    def report(self, sid: str, status: str, code: int | None = None, message: str = "") -> Callback:
        """What became of a message, told where it asked for: sent, delivered, read, undelivered, failed …"""
        sent = self.taken[sid].form
        by_whatsapp = sent["To"].startswith(WHATSAPP)
        form = {
            "AccountSid": self._account,
            "ApiVersion": VERSION,
            "From": sent.get("From") or self._from_service(by_whatsapp=by_whatsapp),
            "MessageSid": sid,
            "MessageStatus": status,
            "SmsSid": sid,
            "SmsStatus": status,
            "To": sent["To"],
        }
        if "MessagingServiceSid" in sent:
            form["MessagingServiceSid"] = sent["MessagingServiceSid"]
        if by_whatsapp:
            form |= {
                "ChannelPrefix": "whatsapp",
                "ChannelInstallSid": "XE" + "0" * 32,
                "StructuredMessage": "false",
            }
            form["ChannelToAddress"] = sent["To"].removeprefix(WHATSAPP)[:-4] + "XXXX"
            if status in ("delivered", "read"):
                form["EventType"] = status.upper()
        elif status == "delivered":
            form["RawDlrDoneDate"] = f"{self._clock():%y%m%d%H%M}"
        if code is not None:
            form |= {"ErrorCode": str(code), "ErrorMessage": message}
            if by_whatsapp:
                form |= {"ChannelStatusMessage": message, "EventType": "UNDELIVERED"}
        return self._callback(sent["StatusCallback"], form)

    def writes(self, number: str, text: str, *, to: str) -> Callback:
        """Somebody texts a number of ours. STOP closes and START opens again what may be sent to them."""
        opted = self._heed(number, text)
        digits = {f"{end}{what}": "" for end in ("From", "To") for what in ("City", "State", "Zip")}
        form = digits | {"ToCountry": "NO", "FromCountry": "NO", "NumMedia": "0", "NumSegments": "1"}
        return self._heard(form | opted, number, to, text)

    def writes_by_whatsapp(
        self, number: str, text: str, *, to: str, name: str = "Kari", answering: str | None = None
    ) -> Callback:
        """Somebody writes by WhatsApp, perhaps under one of our messages. That opens the window for 24 hours."""
        self.last_word[number] = self._clock()
        form = {"MessageType": "text"}
        if self._advanced_opt_out:
            form |= self._heed(number, text)
        return self._heard_by_whatsapp(form, number, to, text, name, answering)

    def taps(self, sid: str, button: str, title: str, *, to: str, name: str = "Kari") -> Callback:
        """The customer taps a button of a content that was taken. Its texts and names are in Twilio's console only."""
        number = self.taken[sid].form["To"].removeprefix(WHATSAPP)
        self.last_word[number] = self._clock()
        form = {"MessageType": "button", "ButtonText": title, "ButtonPayload": button}
        return self._heard_by_whatsapp(form, number, to, title, name, sid)

    def _heed(self, number: str, text: str) -> dict[str, str]:
        word = text.strip().upper()
        if word in STOP:
            self.opted_out.add(number)
        if word in START:
            self.opted_out.discard(number)
        opt = "STOP" if word in STOP else "START" if word in START else "HELP" if word == "HELP" else ""
        return {"OptOutType": opt} if opt and self._advanced_opt_out else {}

    def _heard_by_whatsapp(
        self, form: dict[str, str], number: str, to: str, text: str, name: str, answering: str | None
    ) -> Callback:
        wa_id = number.lstrip("+")
        context = {"type": "whatsapp", "data": {"context": {"ProfileName": name, "WaId": wa_id}}}
        form = form | {"ProfileName": name, "WaId": wa_id, "ChannelMetadata": json.dumps(context)}
        form |= {"NumMedia": "0", "NumSegments": "1", "ReferralNumMedia": "0"}
        if answering is not None:
            form |= {"OriginalRepliedMessageSender": WHATSAPP + to, "OriginalRepliedMessageSid": answering}
        return self._heard(form, WHATSAPP + number, WHATSAPP + to, text)

    def _heard(self, form: dict[str, str], sender: str, to: str, text: str) -> Callback:
        sid = f"SM{next(self._ids):032x}"
        ids = {"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "SmsStatus": "received"}
        ends = {"AccountSid": self._account, "ApiVersion": VERSION, "From": sender, "To": to, "Body": text}
        return self._callback(self.hook, form | ids | ends)

    def _callback(self, url: str, form: Mapping[str, str]) -> Callback:
        raw = urlencode(form).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": hashlib.sha256(raw).hexdigest()[:36],
        }
        lies = _signature(url, form, "a stranger's")
        return Callback(url, raw, headers | _signature(url, form, self._token), lies)

    def _from_service(self, *, by_whatsapp: bool) -> str:
        numbers = sorted(sender for sender in self._senders if sender.startswith("+"))
        return (WHATSAPP if by_whatsapp else "") + numbers[0]

    def routes(self) -> list[web.RouteDef]:
        account = f"/2010-04-01/Accounts/{self._account}"
        return [
            web.post(f"{account}/Messages.json", self._send),
            web.get(f"{account}/Messages.json", self._list),
            web.get(f"{account}/Balance.json", self._balance),
        ]

    async def _balance(self, request: web.Request) -> web.Response:
        return self._turned_away(request) or web.json_response({"balance": "9.50", "currency": "USD"})

    async def _list(self, request: web.Request) -> web.Response:
        if refusal := self._turned_away(request):
            return refusal
        to, most = request.query.get("To"), int(request.query.get("PageSize", "50"))
        newest = [sid for sid in reversed(self.taken) if to in (None, self.taken[sid].form["To"])]
        return web.json_response({"messages": [self._shown(sid) for sid in newest[:most]], "page": 0})

    async def _send(self, request: web.Request) -> web.Response:
        if refusal := self._turned_away(request):
            return refusal
        form = {key: str(value) for key, value in (await request.post()).items()}
        try:
            body = self._checked(form)
        except Refused as refused:
            return web.json_response(error(refused.code, refused.message), status=400)
        sid = f"SM{next(self._ids):032x}"
        self.taken[sid] = Taken(form, body, self._clock())
        return web.json_response(self._shown(sid), status=201)

    def _turned_away(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") == self._authorised:
            return None
        return web.json_response(error(20003, "Authenticate", 401), status=401)

    def _shown(self, sid: str) -> dict[str, Any]:
        taken = self.taken[sid]
        return {
            "sid": sid,
            "status": "queued",
            "to": taken.form["To"],
            "from": taken.form.get("From"),
            "messaging_service_sid": taken.form.get("MessagingServiceSid"),
            "body": taken.body,
            "date_created": format_datetime(taken.at),
            "error_code": None,
        }

    def _checked(self, form: Mapping[str, str]) -> str:
        """The message's text. Raises Refused."""
        to = form.get("To", "")
        number = to.removeprefix(WHATSAPP)
        _need(to, 21604, "A 'To' phone number is required")
        _need(E164.fullmatch(number), 21211, "Invalid 'To' Phone Number")
        self._check_sender(form, by_whatsapp=to.startswith(WHATSAPP))
        validity = form.get("ValidityPeriod", "1")
        # Which code Twilio gives here isn't documented; that it refuses is.
        _need(validity.isdecimal() and 1 <= int(validity) <= 36_000, 20001, "ValidityPeriod: 1 to 36000")
        body = self._filled_in(form) if "ContentSid" in form else form.get("Body", "")
        _need(body, 21602, "Message body is required")
        _need(len(body) <= 1600, 21617, "The concatenated message body exceeds the 1600 character limit")
        blocked = 63014 if to.startswith(WHATSAPP) else 21610
        _need(number not in self.opted_out, blocked, "Attempt to send to unsubscribed recipient")
        free = to.startswith(WHATSAPP) and "ContentSid" not in form
        _need(not free or self.in_window(number), 63016, "Outside the allowed window")
        return body

    def _check_sender(self, form: Mapping[str, str], *, by_whatsapp: bool) -> None:
        service, sender = form.get("MessagingServiceSid"), form.get("From")
        _need(service or sender, 21603, "A 'From' phone number is required")
        if service is None and sender is not None:
            _need(sender.startswith(WHATSAPP) == by_whatsapp, 21910, "Invalid 'From' and 'To' pair")
        _need((service or sender or "").removeprefix(WHATSAPP) in self._senders, 21606, "Not your number")

    def _filled_in(self, form: Mapping[str, str]) -> str:
        text = self._contents.get(form["ContentSid"])
        if text is None:
            raise Refused(21655, "The ContentSid is invalid")
        try:
            values = dict(json.loads(form.get("ContentVariables", "{}")))
        except ValueError:
            raise Refused(21656, "The ContentVariables are no JSON object") from None
        filled = all(isinstance(value, str) and value and "\n" not in value for value in values.values())
        _need(filled and set(values) == set(PLACE.findall(text)), 21656, "The ContentVariables are invalid")
        return PLACE.sub(lambda place: str(values[place[1]]), text)


def _signature(url: str, form: Mapping[str, str], token: str) -> dict[str, str]:
    text = url + "".join(key + form[key] for key in sorted(form))
    return {"X-Twilio-Signature": b64encode(hmac.digest(token.encode(), text.encode(), "sha1")).decode()}


def _need(so: object, code: int, message: str) -> None:
    if not so:
        raise Refused(code, message)

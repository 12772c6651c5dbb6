"""Twilio's Programmable Messaging: one account that sends SMS and WhatsApp, and lists what it took."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from aiohttp import web

from tests.fakes.serving import FakeProvider

E164: Final = re.compile(r"\+[1-9]\d{6,14}")
PLACE: Final = re.compile(r"{{(\d+)}}")  # where a value goes in a content
WHATSAPP: Final = "whatsapp:"


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
    ) -> None:
        super().__init__()
        self._account = account
        self._authorised = "Basic " + b64encode(f"{account}:{token}".encode()).decode()
        self._senders = senders
        self._contents = contents  # texts with {{1}} by ContentSid
        self._clock = clock
        self.taken: dict[str, Taken] = {}  # by sid
        self.opted_out: set[str] = set()
        self.outside_window: set[str] = set()

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
        sid = f"SM{len(self.taken) + 1:032x}"
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
        _need(not free or number not in self.outside_window, 63016, "Outside the allowed window")
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


def _need(so: object, code: int, message: str) -> None:
    if not so:
        raise Refused(code, message)

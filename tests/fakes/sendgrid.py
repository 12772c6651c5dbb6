"""SendGrid's v3 Mail Send: one API key and the senders that it has verified."""

import json
from typing import Any, Final

from aiohttp import web

from tests.fakes.serving import FakeProvider

MOST_CUSTOM_ARGS: Final = 10_000  # bytes


class Refused(Exception):
    """This request gets an error."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message


def error(message: str, field: str | None = None) -> dict[str, Any]:
    """An error as SendGrid writes it."""
    return {"errors": [{"message": message, "field": field, "help": None}]}


class FakeSendGrid(FakeProvider):
    """`senders`: addresses that may stand in From."""

    def __init__(self, *, key: str, senders: set[str]) -> None:
        super().__init__()
        self._key = key
        self._senders = senders
        self.taken: dict[str, dict[str, Any]] = {}  # by X-Message-Id

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
        message_id = f"sg-{len(self.taken) + 1}"
        self.taken[message_id] = mail
        return web.Response(status=202, headers={"X-Message-Id": message_id})

    def _turned_away(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") == f"Bearer {self._key}":
            return None
        said = error("The provided authorization grant is invalid, expired, or revoked")
        return web.json_response(said, status=401)


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
    kinds = [part["type"] for part in content or []]
    _need(kinds == sorted(kinds, reverse=True), "content: text/plain comes before text/html")


def _need(so: object, field: str) -> None:
    if not so:
        raise Refused(field, f"Invalid {field}")


def _address(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and text.count("@") == 1

"""WhatsApp's Cloud API: one sending number, its approved templates, who has written to it lately, and its webhooks.

Meta leaves the word STOP to the business: it is a reply like others. What Meta knows of is a customer who stops a
business's marketing by WhatsApp's own switch (`stops_marketing`).
"""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

from aiohttp import web

from tests.fakes.callbacks import Callback
from tests.fakes.serving import FakeProvider

# Answers with their code as the whole story; the rest is a request of ours that is wrong (100).
OUTSIDE_WINDOW: Final = 131047
OPTED_OUT: Final = 131050
NO_SUCH_TEMPLATE: Final = 132001
WRONG_NUMBER_OF_VALUES: Final = 132000

WINDOW: Final = timedelta(hours=24)
ACCOUNT: Final = "102290129340398"  # of the business
OUR_NUMBER: Final = "15550783881"
ERROR_CODES: Final = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass(frozen=True)
class Approved:
    """A template as Meta has approved it: how many values and quick replies it has, and what those say."""

    values: int
    buttons: int
    titles: tuple[str, ...] = ()
    is_code: bool = False  # of category authentication: its one value is a code, which its one button copies


class Refused(Exception):
    """This request gets an error."""

    def __init__(self, code: int, details: str) -> None:
        self.code, self.details = code, details


def error(code: int, details: str = "", message: str = "") -> dict[str, Any]:
    """An error as Meta writes it."""
    said = {"message": message or f"(#{code}) {details}", "type": "OAuthException", "code": code}
    return {"error": said | {"error_data": {"details": details}, "fbtrace_id": "AbC"}}


class FakeWhatsApp(FakeProvider):
    """People are E.164 numbers. `hook` is where the app's webhook is, `app_secret` what signs its requests."""

    def __init__(
        self,
        *,
        number_id: str,
        token: str,
        templates: dict[tuple[str, str], Approved],
        clock: Callable[[], datetime],
        hook: str = "http://127.0.0.1/hooks/whatsapp",
        app_secret: str = "app secret",
    ) -> None:
        super().__init__()
        self._number_id = number_id
        self._token = token
        self._templates = templates  # by name and language
        self._clock = clock
        self._app_secret = app_secret
        self._ids = count(1)
        self.hook = hook
        self.taken: dict[str, dict[str, Any]] = {}  # by wamid
        self.opted_out: set[str] = set()
        self.last_word: dict[str, datetime] = {}  # when they last wrote

    def in_window(self, number: str) -> bool:
        """Whether they have written within 24 hours, so that free text may go to them."""
        at = self.last_word.get(number)
        return at is not None and self._clock() < at + WINDOW

    def report(self, wamid: str, status: str, code: int | None = None, details: str = "") -> Callback:
        """What became of a message: sent, delivered, read, or failed with an error's code."""
        to = self.taken[wamid]["to"].lstrip("+")
        told: dict[str, Any] = {
            "id": wamid,
            "status": status,
            "timestamp": self._seconds(),
            "recipient_id": to,
            "recipient_user_id": _user(to),
        }
        if "biz_opaque_callback_data" in self.taken[wamid]:
            told["biz_opaque_callback_data"] = self.taken[wamid]["biz_opaque_callback_data"]
        if status in ("sent", "delivered"):
            told |= self._billing(wamid, status)
        if code is not None:
            explained = {"code": code, "title": details, "message": details, "href": ERROR_CODES}
            told["errors"] = [explained | {"error_data": {"details": details}}]
        return self._callback({"contacts": [{"wa_id": to, "user_id": _user(to)}], "statuses": [told]})

    def writes(self, number: str, text: str, *, name: str = "Kari", answering: str | None = None) -> Callback:
        """A customer writes, perhaps under one of our messages. That opens the window for 24 hours."""
        said: dict[str, Any] = {"text": {"body": text}, "type": "text"}
        return self._heard(number, said, name, answering)

    def taps(self, wamid: str, button: str, *, name: str = "Kari") -> Callback:
        """The customer taps a button of a message that was taken: it is named as we named it there."""
        body = self.taken[wamid]
        [title] = [title for named, title in self._buttons(body) if named == button]
        if body["type"] == "template":
            said = {"type": "button", "button": {"payload": button, "text": title}}
        else:
            reply = {"type": "button_reply", "button_reply": {"id": button, "title": title}}
            said = {"type": "interactive", "interactive": reply}
        return self._heard("+" + body["to"].lstrip("+"), said, name, wamid)

    def stops_marketing(self, number: str, *, name: str = "Kari") -> Callback:
        """The customer uses WhatsApp's own switch: Meta takes nothing more for them."""
        self.opted_out.add(number)
        wa_id = number.lstrip("+")
        wish = {
            "wa_id": wa_id,
            "user_id": _user(wa_id),
            "detail": "User requested to stop marketing messages",
            "category": "marketing_messages",
            "value": "stop",
            "timestamp": int(self._seconds()),
        }
        contact = {"profile": {"name": name}, "wa_id": wa_id, "user_id": _user(wa_id)}
        return self._callback({"contacts": [contact], "user_preferences": [wish]}, field="user_preferences")

    def together(self, *callbacks: Callback) -> Callback:
        """Several in one body, as Meta sends them when there is much to tell."""
        entries = [entry for callback in callbacks for entry in json.loads(callback.body)["entry"]]
        return self._signed({"object": "whatsapp_business_account", "entry": entries})

    def _heard(self, number: str, said: dict[str, Any], name: str, answering: str | None) -> Callback:
        self.last_word[number] = self._clock()
        wa_id = number.lstrip("+")
        message = {
            "from": wa_id,
            "from_user_id": _user(wa_id),
            "id": self._wamid(wa_id),
            "timestamp": self._seconds(),
            **said,
        }
        if answering is not None:
            message["context"] = {"from": OUR_NUMBER, "id": answering}
        contact = {"profile": {"name": name}, "wa_id": wa_id, "user_id": _user(wa_id)}
        return self._callback({"contacts": [contact], "messages": [message]})

    def _buttons(self, body: dict[str, Any]) -> list[tuple[str, str]]:
        if body["type"] == "interactive":
            replies = [button["reply"] for button in body["interactive"]["action"]["buttons"]]
            return [(reply["id"], reply["title"]) for reply in replies]
        template = body["template"]
        approved = self._templates[template["name"], template["language"]["code"]]
        buttons = [part for part in template.get("components", []) if _kind(part) == "button"]
        named = [part["parameters"][0]["payload"] for part in buttons]
        return list(zip(named, approved.titles or named, strict=True))

    def _billing(self, wamid: str, status: str) -> dict[str, Any]:
        category = "utility" if self.taken[wamid]["type"] == "template" else "service"
        conversation: dict[str, Any] = {"id": hashlib.md5(wamid.encode()).hexdigest()}  # noqa: S324 - an id
        if status == "sent":
            conversation["expiration_timestamp"] = str(int((self._clock() + WINDOW).timestamp()))
        free = category == "service"
        kind = "free_customer_service" if free else "regular"
        pricing = {"billable": not free, "pricing_model": "PMP", "category": category, "type": kind}
        return {"conversation": conversation | {"origin": {"type": category}}, "pricing": pricing}

    def _callback(self, told: dict[str, Any], *, field: str = "messages") -> Callback:
        metadata = {"display_phone_number": OUR_NUMBER, "phone_number_id": self._number_id}
        value = {"messaging_product": "whatsapp", "metadata": metadata, **told}
        entry = {"id": ACCOUNT, "changes": [{"value": value, "field": field}]}
        return self._signed({"object": "whatsapp_business_account", "entry": [entry]})

    def _signed(self, body: dict[str, Any]) -> Callback:
        raw = json.dumps(
            body, separators=(",", ":")
        ).encode()  # Meta escapes what isn't ASCII, and signs that.
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
        return Callback(
            self.hook, raw, headers | _signature(raw, self._app_secret), _signature(raw, "a stranger's")
        )

    def _seconds(self) -> str:
        return str(int(self._clock().timestamp()))

    def _wamid(self, wa_id: str) -> str:
        return "wamid." + b64encode(f"\x1d\x18{wa_id}\x15\x02{next(self._ids):020X}\x00".encode()).decode()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/{version}/{number}/messages", self._send),
            web.get("/{version}/{number}", self._describe),
        ]

    async def _describe(self, request: web.Request) -> web.Response:
        if refusal := self._turned_away(request):
            return refusal
        return web.json_response({"verified_name": "Fjord", "quality_rating": "GREEN", "id": self._number_id})

    async def _send(self, request: web.Request) -> web.Response:
        if refusal := self._turned_away(request):
            return refusal
        body = await request.json()
        try:
            self._check(body)
        except Refused as refused:
            return web.json_response(error(refused.code, refused.details), status=400)
        except (KeyError, TypeError) as missing:
            return web.json_response(error(100, f"Missing: {missing}"), status=400)
        wamid = self._wamid(body["to"].lstrip("+"))
        self.taken[wamid] = body
        there = {"input": body["to"], "wa_id": body["to"].lstrip("+")}
        return web.json_response(
            {"messaging_product": "whatsapp", "contacts": [there], "messages": [{"id": wamid}]}
        )

    def _turned_away(self, request: web.Request) -> web.Response | None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if given != self._token:
            # Meta does say the token back.
            return web.json_response(error(190, message=f"Malformed access token {given}"), status=401)
        if request.match_info["number"] != self._number_id:
            return web.json_response(error(100, "Object does not exist"), status=400)
        return None

    def _check(self, body: dict[str, Any]) -> None:
        _need(body.get("messaging_product") == "whatsapp", "messaging_product")
        _need(body.get("recipient_type", "individual") == "individual", "recipient_type")
        _need(isinstance(body.get("to"), str) and body["to"].lstrip("+").isdecimal(), "to")
        _need(len(body.get("biz_opaque_callback_data", "")) <= 512, "biz_opaque_callback_data")
        match body.get("type"):
            case "text":
                _need(_fits(body["text"].get("body"), 4096), "text.body")
            case "interactive":
                _check_interactive(body["interactive"])
            case "template":
                self._check_template(body["template"])
            case _:
                raise Refused(100, "type")
        to = "+" + body["to"].lstrip("+")
        if to in self.opted_out:
            raise Refused(OPTED_OUT, "User has stopped messages")
        if body["type"] != "template" and not self.in_window(to):
            raise Refused(OUTSIDE_WINDOW, "More than 24 hours have passed")

    def _check_template(self, template: dict[str, Any]) -> None:
        approved = self._templates.get((template["name"], template["language"]["code"]))
        if approved is None:
            raise Refused(NO_SUCH_TEMPLATE, "Template name does not exist in the translation")
        components = template.get("components", [])
        values = [value for part in components if _kind(part) == "body" for value in part["parameters"]]
        buttons = [part for part in components if _kind(part) == "button"]
        if len(values) != approved.values:
            raise Refused(WRONG_NUMBER_OF_VALUES, "Number of parameters does not match")
        for value in values:
            _need(value["type"] == "text" and _in_one_line(value["text"]), "parameter text")
        _need(
            [str(part["index"]) for part in buttons] == [str(n) for n in range(approved.buttons)], "buttons"
        )
        if approved.is_code:
            [copied] = [value for part in buttons for value in part["parameters"]]
            _need(buttons[0]["sub_type"].lower() == "url" and copied == values[0], "copied code")
            return
        for part in buttons:
            _need(part["sub_type"].lower() == "quick_reply" and len(part["parameters"]) == 1, "button")
            _need(part["parameters"][0]["type"] == "payload", "button payload")


def _kind(part: dict[str, Any]) -> str:
    """What part of a template it is. Meta takes it in capitals too, and an index as a number or as text."""
    return str(part["type"]).lower()


def _user(wa_id: str) -> str:
    """The business-scoped user id, which stays when a customer hides their number."""
    return f"NO.{int(hashlib.sha256(wa_id.encode()).hexdigest()[:15], 16)}"


def _signature(raw: bytes, secret: str) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


def _check_interactive(interactive: dict[str, Any]) -> None:
    _need(interactive["type"] == "button", "interactive.type")
    _need(_fits(interactive["body"].get("text"), 1024), "interactive.body.text")
    buttons = interactive["action"]["buttons"]
    _need(1 <= len(buttons) <= 3, "buttons: at least 1, at most 3")
    for button in buttons:
        _need(button["type"] == "reply", "button.type")
        _need(_fits(button["reply"].get("title"), 20), "button title: at most 20 characters")
        _need(_fits(button["reply"].get("id"), 256), "button id: at most 256 characters")
    _need(len({button["reply"]["title"] for button in buttons}) == len(buttons), "unique titles")
    _need(len({button["reply"]["id"] for button in buttons}) == len(buttons), "unique ids")


def _need(so: object, what: str) -> None:
    if not so:
        raise Refused(100, f"Invalid parameter: {what}")


def _fits(text: object, most: int) -> bool:
    return isinstance(text, str) and 1 <= len(text) <= most


def _in_one_line(text: str) -> bool:
    return bool(text) and not {"\n", "\t"} & set(text) and " " * 5 not in text

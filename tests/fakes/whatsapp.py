"""WhatsApp's Cloud API: one sending number, its approved templates, and who has written to it lately."""

from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from tests.fakes.serving import FakeProvider

# Answers with their code as the whole story; the rest is a request of ours that is wrong (100).
OUTSIDE_WINDOW: Final = 131047
OPTED_OUT: Final = 131050
NO_SUCH_TEMPLATE: Final = 132001
WRONG_NUMBER_OF_VALUES: Final = 132000


@dataclass(frozen=True)
class Approved:
    """A template as Meta has approved it: how many values and quick replies it has."""

    values: int
    buttons: int


class Refused(Exception):
    """This request gets an error."""

    def __init__(self, code: int, details: str) -> None:
        self.code, self.details = code, details


def error(code: int, details: str = "", message: str = "") -> dict[str, Any]:
    """An error as Meta writes it."""
    said = {"message": message or f"(#{code}) {details}", "type": "OAuthException", "code": code}
    return {"error": said | {"error_data": {"details": details}, "fbtrace_id": "AbC"}}


class FakeWhatsApp(FakeProvider):
    """People are E.164 numbers. Who is not `outside_window` has written within 24 hours."""

    def __init__(self, *, number_id: str, token: str, templates: dict[tuple[str, str], Approved]) -> None:
        super().__init__()
        self._number_id = number_id
        self._token = token
        self._templates = templates  # by name and language
        self.taken: dict[str, dict[str, Any]] = {}  # by wamid
        self.opted_out: set[str] = set()
        self.outside_window: set[str] = set()

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
        wamid = f"wamid.{len(self.taken) + 1}"
        self.taken[wamid] = body
        there = {"input": body["to"], "wa_id": body["to"]}
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
        to = "+" + body["to"].lstrip("+")
        if to in self.opted_out:
            raise Refused(OPTED_OUT, "User has stopped messages")
        if body.get("type") != "template" and to in self.outside_window:
            raise Refused(OUTSIDE_WINDOW, "More than 24 hours have passed")
        match body.get("type"):
            case "text":
                _need(_fits(body["text"].get("body"), 4096), "text.body")
            case "interactive":
                _check_interactive(body["interactive"])
            case "template":
                self._check_template(body["template"])
            case _:
                raise Refused(100, "type")

    def _check_template(self, template: dict[str, Any]) -> None:
        approved = self._templates.get((template["name"], template["language"]["code"]))
        if approved is None:
            raise Refused(NO_SUCH_TEMPLATE, "Template name does not exist in the translation")
        components = template.get("components", [])
        values = [value for part in components if part["type"] == "body" for value in part["parameters"]]
        buttons = [part for part in components if part["type"] == "button"]
        if len(values) != approved.values:
            raise Refused(WRONG_NUMBER_OF_VALUES, "Number of parameters does not match")
        for value in values:
            _need(value["type"] == "text" and _in_one_line(value["text"]), "parameter text")
        _need([part["index"] for part in buttons] == [str(n) for n in range(approved.buttons)], "buttons")
        for part in buttons:
            _need(part["sub_type"] == "quick_reply" and len(part["parameters"]) == 1, "button")
            _need(part["parameters"][0]["type"] == "payload", "button payload")


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

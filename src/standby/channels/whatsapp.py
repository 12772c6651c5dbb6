"""WhatsApp by Meta's Cloud API.

Outside of 24 hours after the customer last wrote, WhatsApp takes approved templates only: an offer is one, with quick
replies. Within them it is an interactive message with the same buttons. The codes below are Meta's ("Cloud API error
codes"); what is not among them is decided by the HTTP status.
"""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from standby.channels.base import (
    Button,
    NeedsTemplate,
    OptedOut,
    Outgoing,
    Permanent,
    Receipt,
    Retry,
    Stopped,
    Template,
)
from standby.channels.http import Answer, Provider, readable, retry_after, taken
from standby.channels.limits import (
    BUTTON_TITLE,
    WHATSAPP_BODY,
    WHATSAPP_BUTTONS,
    WHATSAPP_TEXT,
    in_one_line,
    shortened,
)
from standby.channels.whatsapp_codes import (
    NOT_THEM,
    OPTED_OUT,
    OUR_MISTAKE,
    PAIR_RATE,
    SENDER_REFUSED,
    TEMPLATE_ONLY,
    TRY_AGAIN,
)
from standby.clock import Clock

PAIR_PAUSE_SECONDS: Final = 6.0  # One person takes about one message every six seconds from one number.
FINAL: Final[tuple[tuple[set[int], Callable[[str], Receipt]], ...]] = (
    (TEMPLATE_ONLY, NeedsTemplate),
    (OPTED_OUT, OptedOut),
    (SENDER_REFUSED, Stopped),
    (NOT_THEM | OUR_MISTAKE, Permanent),
)


class WhatsAppChannel:
    """One sending number. `version` is the Graph API's, like v23.0."""

    name = "whatsapp"

    def __init__(
        self,
        http: aiohttp.ClientSession,
        clock: Clock,
        *,
        base_url: str,
        version: str,
        phone_number_id: str,
        token: str,
        **timing: float,
    ) -> None:
        self._graph = Provider(
            http, f"{base_url}/{version}", authorization=f"Bearer {token}", secret=token, **timing
        )
        self._number = quote(phone_number_id, safe="")
        self._clock = clock

    async def send(self, message: Outgoing) -> Receipt:
        answer = await self._graph.ask("POST", f"{self._number}/messages", json=request_for(message))
        if not isinstance(answer, Answer):
            return answer
        if answer.ok:
            return _accepted(answer)
        return self._refused(answer)

    async def check(self) -> str | None:
        answer = await self._graph.ask("GET", f"{self._number}?fields=verified_name,quality_rating")
        if not isinstance(answer, Answer):
            return answer.reason
        return None if answer.ok else _explained(answer)

    async def close(self) -> None:
        return None

    def _refused(self, answer: Answer) -> Receipt:
        code, reason = _code(answer), _explained(answer)
        if code == PAIR_RATE:
            return Retry(reason, after=PAIR_PAUSE_SECONDS)
        if code in TRY_AGAIN:
            return Retry(reason, after=retry_after(answer, self._clock()))
        for codes, receipt in FINAL:
            if code in codes:
                return receipt(reason)
        if answer.status == 429 or answer.status >= 500:
            return Retry(reason, after=retry_after(answer, self._clock()))
        return Stopped(reason) if answer.status in (401, 403) else Permanent(reason)


def request_for(message: Outgoing) -> dict[str, Any]:
    """The request's body. In a conversation: buttons or text. Outside of one: a template, if the message has one."""
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.to.removeprefix("+"),
        "biz_opaque_callback_data": str(message.id),
    }
    if message.template is not None and not message.in_conversation:
        return body | {"type": "template", "template": _template(message.template, message.buttons)}
    if message.buttons:
        return body | {"type": "interactive", "interactive": _interactive(message)}
    return body | {
        "type": "text",
        "text": {"body": shortened(message.text, WHATSAPP_TEXT, link=message.link), "preview_url": False},
    }


def _interactive(message: Outgoing) -> dict[str, Any]:
    return {
        "type": "button",
        "body": {"text": shortened(message.text, WHATSAPP_BODY, link=message.link)},
        "action": {
            "buttons": [
                {
                    "type": "reply",
                    "reply": {"id": button.id, "title": shortened(button.title, BUTTON_TITLE)},
                }
                for button in message.buttons[:WHATSAPP_BUTTONS]
            ]
        },
    }


def _template(template: Template, buttons: tuple[Button, ...]) -> dict[str, Any]:
    components: list[dict[str, Any]] = []
    if template.values:
        components.append(
            {
                "type": "body",
                "parameters": [{"type": "text", "text": in_one_line(value)} for value in template.values],
            }
        )
    components += [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": button.id}],
        }
        for index, button in enumerate(buttons)
    ]
    if template.code is not None:  # Meta calls it so, whatever it opens.
        copied = [{"type": "text", "text": template.code}]
        components.append({"type": "button", "sub_type": "url", "index": "0", "parameters": copied})
    return {"name": template.name, "language": {"code": template.language}, "components": components}


def _accepted(answer: Answer) -> Receipt:
    try:
        provider_id = answer.body["messages"][0]["id"]
    except (TypeError, KeyError, IndexError):
        provider_id = None
    return taken(provider_id, answer)


def _code(answer: Answer) -> int | None:
    try:
        code = answer.body["error"]["code"]
    except (TypeError, KeyError):
        return None
    return code if isinstance(code, int) else None


def _explained(answer: Answer) -> str:
    try:
        error = answer.body["error"]
        details = (error.get("error_data") or {}).get("details") or error.get("message") or ""
    except (TypeError, KeyError, AttributeError):
        return readable(f"HTTP {answer.status}: {answer.text}")
    return readable(f"{error.get('code')}: {details}")

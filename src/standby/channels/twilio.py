"""SMS and WhatsApp by Twilio's Programmable Messaging.

Twilio knows no key against sending twice, so after an answer that never came the message is looked for before anybody
thinks of sending it again. The codes below are Twilio's ("Error and Warning Dictionary").
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

import aiohttp

from standby.channels.base import (
    NeedsTemplate,
    OptedOut,
    Outgoing,
    Permanent,
    Receipt,
    Retry,
    Stopped,
    Uncertain,
)
from standby.channels.http import Answer, Overdue, Provider, readable, retry_after, taken
from standby.channels.limits import in_one_line, shortened_sms
from standby.clock import Clock

LONGEST_VALIDITY: Final = 36_000  # seconds
LOOKED_AT: Final = 50  # of the newest messages to a number, when one is looked for
CLOCKS_DIFFER: Final = timedelta(minutes=5)  # Twilio's and ours, at most

OPTED_OUT: Final = {21610, 63014}
TRY_AGAIN: Final = {20429, 21611, 30001, 63018}
TEMPLATE_ONLY: Final = {63016}
SENDER_REFUSED: Final = {20003, 20005, 20008, 21212, 21603, 21606, 21660, 63007}


class TwilioChannel:
    """One sender: a number in E.164, or a messaging service (MG…).

    `status_url`, which has a query already, is told what becomes of a message. `contents`: the ContentSid of each
    template, by its name and language (standby_offer/en).
    """

    name = "twilio"

    def __init__(
        self,
        http: aiohttp.ClientSession,
        clock: Clock,
        *,
        base_url: str,
        account_sid: str,
        auth_token: str,
        sender: str,
        status_url: str | None = None,
        contents: Mapping[str, str] | None = None,
        **timing: float,
    ) -> None:
        account = f"2010-04-01/Accounts/{quote(account_sid, safe='')}"
        basic = b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._twilio = Provider(
            http, f"{base_url}/{account}", authorization=f"Basic {basic}", secret=auth_token, **timing
        )
        self._sender = sender
        self._status_url = status_url
        self._contents = contents or {}
        self._clock = clock

    async def send(self, message: Outgoing) -> Receipt:
        now = self._clock()
        if _as_template(message) and self._content(message) is None:
            return NeedsTemplate(f"no content is set for the template {_named(message)}")
        form = self._form(message, now)
        answer = await self._twilio.ask("POST", "Messages.json", data=form)
        if isinstance(answer, Answer) and answer.ok:
            return _accepted(answer)
        if isinstance(answer, Uncertain) or (isinstance(answer, Answer) and answer.status >= 500):
            return await self._looked_up(form, answer, now)
        return _refused(answer, now) if isinstance(answer, Answer) else answer

    async def check(self) -> str | None:
        answer = await self._twilio.ask("GET", "Balance.json")
        if isinstance(answer, Answer) and answer.ok:
            return None
        return _explained(answer)

    async def close(self) -> None:
        return None

    def _form(self, message: Outgoing, now: datetime) -> dict[str, str]:
        by_whatsapp = "whatsapp:" if message.channel == "whatsapp" else ""
        form = {"To": by_whatsapp + message.to}
        if self._sender.startswith("MG"):
            form["MessagingServiceSid"] = self._sender
        else:
            form["From"] = by_whatsapp + self._sender
        if message.template is not None and _as_template(message):
            form["ContentSid"] = self._content(message) or ""
            values = {
                str(place): in_one_line(value) for place, value in enumerate(message.template.values, 1)
            }
            form["ContentVariables"] = json.dumps(values, ensure_ascii=False)
        else:
            form["Body"] = shortened_sms(message.text, link=message.link)
        if message.valid_until is not None:
            left = int((message.valid_until - now).total_seconds())
            form["ValidityPeriod"] = str(max(1, min(left, LONGEST_VALIDITY)))
        if self._status_url is not None:
            form["StatusCallback"] = f"{self._status_url}&{urlencode({'message': message.id})}"
        return form

    def _content(self, message: Outgoing) -> str | None:
        if message.template is not None and message.template.name.startswith("HX"):
            return message.template.name
        return self._contents.get(_named(message))

    async def _looked_up(self, form: dict[str, str], lost: Answer | Uncertain, now: datetime) -> Receipt:
        """What became of a message whose answer is missing, as far as Twilio's list of messages tells."""
        why = _explained(lost)
        if "Body" not in form:  # Twilio writes it: there is nothing to know it by.
            return Uncertain(why)
        query = {"To": form["To"], "PageSize": str(LOOKED_AT)}
        answer = await self._twilio.ask("GET", f"Messages.json?{urlencode(query)}")
        if not isinstance(answer, Answer) or not answer.ok:
            return Uncertain(why)
        try:
            found = _found(answer.body["messages"], form["Body"], since=now - CLOCKS_DIFFER)
        except (TypeError, KeyError, ValueError, OverflowError):
            return Uncertain(why)
        if found is not None:
            return taken(found, answer)
        if isinstance(lost, Overdue):
            return Uncertain(f"{why}; Twilio has no such message yet")
        after = retry_after(lost, now) if isinstance(lost, Answer) else None
        return Retry(f"{why}; Twilio has no such message", after)


def _as_template(message: Outgoing) -> bool:
    return message.channel == "whatsapp" and message.template is not None and not message.in_conversation


def _named(message: Outgoing) -> str:
    return f"{message.template.name}/{message.template.language}" if message.template is not None else ""


def _found(listed: Any, body: str, *, since: datetime) -> Any:
    """The sid of the message with this body: not of one that said the same before. Raises when the list is none."""
    for there in listed:
        if there["body"] == body and parsedate_to_datetime(there["date_created"]) >= since:
            return there["sid"]
    return None


def _accepted(answer: Answer) -> Receipt:
    return taken(answer.body.get("sid") if isinstance(answer.body, dict) else None, answer)


def _refused(answer: Answer, now: datetime) -> Receipt:
    code, reason = _code(answer), _explained(answer)
    if code in OPTED_OUT:
        return OptedOut(reason)
    if code in TRY_AGAIN or answer.status == 429:
        return Retry(reason, after=retry_after(answer, now))
    if code in TEMPLATE_ONLY:
        return NeedsTemplate(reason)
    if code in SENDER_REFUSED or answer.status in (401, 403):
        return Stopped(reason)
    return Permanent(reason)


def _code(answer: Answer) -> int | None:
    code: Any = answer.body.get("code") if isinstance(answer.body, dict) else None
    return code if isinstance(code, int) else None


def _explained(answer: Answer | Retry | Permanent | Uncertain) -> str:
    if not isinstance(answer, Answer):
        return answer.reason
    if isinstance(answer.body, dict) and answer.body.get("message"):
        return readable(f"{answer.body.get('code')}: {answer.body['message']}")
    return readable(f"HTTP {answer.status}: {answer.text}")

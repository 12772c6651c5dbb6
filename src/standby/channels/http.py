"""A request to a provider, and what may be known of it when it fails: it was not taken, or nobody can tell.

A connection that was never made took nothing: worth a retry. One that ended after the request had begun may have
been a message sent. What a provider says is quoted in receipts, but never with our secrets in it, which some say back.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from yarl import URL

from standby.channels.base import Permanent, Retry, Sent, Uncertain

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 15.0
LONGEST_WAIT_SECONDS: Final = 86_400.0  # What a provider asks for may be any number.
LONGEST_REASON: Final = 300
NOT_REACHED: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


@dataclass(frozen=True)
class Answer:
    """What a provider said: `body` is its JSON, None when it was none."""

    status: int
    headers: Any
    text: str
    body: Any

    @property
    def ok(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


@dataclass(frozen=True)
class Overdue(Uncertain):
    """Not answered in time: the provider still has the request, and may take it yet."""


class Provider:
    """One provider's API at `base`, on a session shared by all.

    `authorization` is the header that goes with every request (empty: none), `secret` what must not be seen of it.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        base: str,
        *,
        authorization: str,
        secret: str,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._http = http
        self._base = base.rstrip("/")
        # In all, too: an answer that comes by the byte is never late between two of them.
        # To wait for a free connection counts as connecting: nothing has been said yet.
        self._timeout = aiohttp.ClientTimeout(
            total=CONNECT_SECONDS + answer_seconds, connect=CONNECT_SECONDS, sock_read=answer_seconds
        )
        self._headers = {"Authorization": authorization} if authorization else {}
        self._secrets = [part for part in (secret, authorization.rpartition(" ")[2]) if part]

    async def ask(self, method: str, path: str, **request: Any) -> Answer | Retry | Permanent | Uncertain:
        """The provider's answer, whatever its status; or what became of a request without one."""
        try:
            async with self._http.request(
                method,
                URL(f"{self._base}/{path}", encoded=True),
                timeout=self._timeout,
                allow_redirects=False,
                headers=self._headers,
                **request,
            ) as response:
                text = self._without_secrets((await response.read()).decode(errors="replace"))
                return Answer(response.status, response.headers, text, _json(text))
        except NOT_REACHED as error:
            return Retry(f"not reached: {_said(error)}")
        except UnicodeEncodeError as error:
            return Permanent(f"it can't be written as a request: {error.reason}")
        except TimeoutError as error:
            return Overdue(f"no answer in time: {_said(error)}")
        except (aiohttp.ClientError, OSError) as error:
            return Uncertain(f"the connection ended before the answer: {_said(error)}")

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text


def taken(provider_id: Any, answer: Answer) -> Sent | Uncertain:
    """The receipt for an answer that says yes, if there is an id in it that can be written down."""
    if isinstance(provider_id, str) and provider_id and provider_id.isprintable():
        return Sent(provider_id)
    return Uncertain(readable(f"taken without an id: {answer.text}"))


def readable(said: str) -> str:
    """What a provider said, as a receipt's reason: short, and without what a database or a log can't take."""
    return "".join(letter if letter.isprintable() else " " for letter in said[:LONGEST_REASON])


def retry_after(answer: Answer, now: datetime) -> float | None:
    """In how many seconds the provider wants to be asked again (RFC 9110, 10.2.3); None: it doesn't say."""
    said = answer.headers.get("Retry-After", "")
    if said.isdecimal():
        return sensible(float(said))
    try:
        return sensible((parsedate_to_datetime(said) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def sensible(seconds: float) -> float:
    """A wait that can be kept: neither negative nor endless."""
    return max(0.0, min(seconds, LONGEST_WAIT_SECONDS))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _said(error: BaseException) -> str:
    return readable(str(error) or type(error).__name__)

"""Google's OAuth: where people allow us their calendar, and the tokens that follow from it.

The refresh token is what a link keeps (sealed); access tokens last an hour and are held in memory only.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp

from standby.calendars.base import Reconnect, Refused, Retry
from standby.channels import base as channels
from standby.channels.http import Answer, Provider, readable, retry_after
from standby.clock import Clock

# The least that reads events with sync tokens, is told of changes, and writes: in calendars that the person owns.
SCOPE: Final = "https://www.googleapis.com/auth/calendar.events.owned"
EARLY: Final = timedelta(minutes=1)  # So long before its end a token is no longer used.


@dataclass(frozen=True)
class Granted:
    """Somebody has allowed it."""

    refresh_token: str = field(repr=False)


@dataclass(frozen=True)
class _Access:
    token: str = field(repr=False)
    until: datetime


class GoogleAccess:
    """The installation's OAuth client. `accounts` is where people are asked, `oauth` where tokens are."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        clock: Clock,
        *,
        accounts: str,
        oauth: str,
        client_id: str,
        client_secret: str,
        redirect_url: str,
    ) -> None:
        self._http = http
        self._clock = clock
        self._accounts = accounts
        self._oauth = oauth
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._redirect_url = redirect_url
        self._held: dict[str, _Access] = {}  # by refresh token

    def consent_url(self, state: str, verifier: str) -> str:
        """Where somebody allows us one of their calendars. `prompt`: only then Google gives a refresh token again."""
        asked = {
            "client_id": self._client["client_id"],
            "redirect_uri": self._redirect_url,
            "response_type": "code",
            "scope": SCOPE,
            "access_type": "offline",
            "prompt": "consent",
            "state": state,
            "code_challenge": urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{self._accounts}/o/oauth2/v2/auth?{urlencode(asked)}"

    async def exchange(self, code: str, verifier: str) -> Granted | Retry | Reconnect | Refused:
        """What a code is good for; once. Reconnect: the code isn't good, or not all was allowed."""
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": self._redirect_url,
        }
        said = await self._ask(given, code)
        if not isinstance(said, dict):
            return said
        if SCOPE not in str(said.get("scope", "")).split():
            return Reconnect("The access to the calendar's events was not allowed.")
        if not isinstance(said.get("refresh_token"), str):
            return Refused("Google gave no refresh token.")
        return Granted(said["refresh_token"])

    async def token(self, refresh_token: str, *, but: str | None = None) -> str | Retry | Reconnect | Refused:
        """A token for the API; not the one that Google has just refused (`but`)."""
        now = self._clock()
        self._held = {one: held for one, held in self._held.items() if now < held.until - EARLY}
        held = self._held.get(refresh_token)
        if held is not None and held.token != but:
            return held.token
        self._held.pop(refresh_token, None)
        given = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        said = await self._ask(given, refresh_token)
        if not isinstance(said, dict):
            return said
        token, lasts = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not isinstance(lasts, int):
            return Retry("Google gave no access token.")
        self._held[refresh_token] = _Access(token, self._clock() + timedelta(seconds=lasts))
        return token

    async def _ask(
        self, given: Mapping[str, str], secret: str
    ) -> dict[str, Any] | Retry | Reconnect | Refused:
        provider = Provider(self._http, self._oauth, authorization="", secret=secret)
        answer = await provider.ask("POST", "token", data=self._client | dict(given))
        if not isinstance(answer, Answer):
            return not_answered(answer)
        if answer.ok and isinstance(answer.body, dict):
            return answer.body
        error = answer.body.get("error") if isinstance(answer.body, dict) else None
        if error == "invalid_grant":
            return Reconnect("Google no longer accepts the access that was given (invalid_grant).")
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= 500 or answer.ok:
            return Retry(f"Google gave no token: HTTP {answer.status}", retry_after(answer, self._clock()))
        return Refused(readable(f"Google refuses this installation: {error or answer.status}"))


def not_answered(became: channels.Retry | channels.Permanent | channels.Uncertain) -> Retry | Refused:
    """What follows from a request without an answer. All of ours may be made twice."""
    if isinstance(became, channels.Permanent):
        return Refused(became.reason)
    return Retry(became.reason)

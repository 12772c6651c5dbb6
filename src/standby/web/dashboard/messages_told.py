"""How messages and replies read: what they were about, how far they are, and why. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from standby.formats import Formats
from standby.web.dashboard.visitor import moment
from standby.web.words import LANGUAGES, Words

STATES: Final = ("queued", "sent", "delivered", "read", "failed", "uncertain", "dropped")
TROUBLE: Final = frozenset({"failed", "uncertain"})
PUT_OFF: Final = frozenset({"quiet_hours", "rate_limited", "sender_busy", "channel_paused"})  # to a time


@dataclass(frozen=True)
class Told:
    """One thing that was said.

    `about` is which appointment it tells of, `why` is why its state is what it is; either is "" if there is nothing to
    say. `when` is short, `exactly` is all of it.
    """

    id: UUID
    theirs: bool
    what: str
    text: str
    about: str
    channel: str
    state: str
    state_word: str
    why: str
    trouble: bool
    at: datetime
    when: str
    exactly: str
    unread: bool = False


@dataclass(frozen=True)
class Teller:
    """Tells in somebody's language what rows of the outbox and of replies say."""

    words: Words
    formats: Formats
    now: datetime

    def message(self, row: Mapping[str, Any]) -> Told:
        """One that we sent, or are to send."""
        state = row["state"]
        return Told(
            id=row["id"],
            theirs=False,
            what=self.words(f"messages.kind.{row['kind']}"),
            text=row["text"] or "",
            about=self._about(row),
            channel=self.channel(row["channel"] or row.get("first_channel")),
            state=state,
            state_word=self.words(f"messages.state.{state}"),
            why=self._why(row),
            trouble=state in TROUBLE,
            **self._times(row["created_at"] if "created_at" in row else row["at"]),
        )

    def reply(self, row: Mapping[str, Any]) -> Told:
        """One that a customer wrote; what followed is its state."""
        unread = row["handled_at"] is None
        known = f"messages.outcome.{row['outcome']}"
        return Told(
            id=row["id"],
            theirs=True,
            what=self.words(known) if known in LANGUAGES[self.words.language] else "",
            text=row["text"] or self.words("messages.no_text"),
            about="",
            channel=self.channel(row["channel"]),
            state="unread" if unread else "handled",
            state_word=self.words("messages.unread" if unread else "messages.handled"),
            why="",
            trouble=False,
            unread=unread,
            **self._times(row["received_at"] if "received_at" in row else row["at"]),
        )

    def said(self, row: Mapping[str, Any]) -> Told:
        """One of a conversation."""
        return self.reply(row) if row["theirs"] else self.message(row)

    def channel(self, name: str | None) -> str:
        return self.words(f"channel.{name}") if name else ""

    def _about(self, row: Mapping[str, Any]) -> str:
        if row["starts_at"] is None:
            return ""
        when = f"{self.formats.date(row['starts_at'], short=True)} {self.formats.time(row['starts_at'])}"
        return " · ".join(filter(None, (row["service_name"], row["staff_name"], when)))

    def _why(self, row: Mapping[str, Any]) -> str:
        """In plain words, with what can be done; a provider's own words stand at the end."""
        reason = row["reason"]
        match row["state"]:
            case "uncertain":
                return self.words("messages.why.uncertain")
            case "queued" if reason in PUT_OFF:
                return self._put_off(reason, row["not_before"])
            case "failed" | "dropped" if f"messages.why.{reason}" in LANGUAGES[self.words.language]:
                return self.words(f"messages.why.{reason}")
            case "queued" | "failed" as state if reason:
                return self.words(
                    f"messages.why.{'retry' if state == 'queued' else 'provider'}", reason=reason
                )
        return ""

    def _put_off(self, reason: str, until: datetime | None) -> str:
        if until is None or until <= self.now:
            return ""  # It goes out any moment.
        return self.words(f"messages.why.{reason}", when=self.formats.moment(until, self.now, short=True))

    def _times(self, at: datetime) -> dict[str, Any]:
        return {
            "at": at,
            "when": self.formats.moment(at, self.now, short=True),
            "exactly": moment(at, self.formats),
        }

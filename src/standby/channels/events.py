"""What providers tell us afterwards, the same from all of them: what became of a message, what a customer wrote."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

State: TypeAlias = Literal["sent", "delivered", "read", "failed"]

# Reports come late, twice and out of order. What has arrived did not fail, whatever is said of it afterwards.
ORDER: Final[tuple[State, ...]] = ("sent", "failed", "delivered", "read")


class Unreadable(ValueError):
    """The provider's request is not what that provider sends."""


@dataclass(frozen=True)
class Status:
    """What became of a message of ours. `dedupe_key` is the same when the same report comes again.

    `closes`: the customer wants, or can get, nothing more by this channel from this sender. `fault`, of a failure: the
    sender is refused, whatever the message; or only a template may go to the customer now.
    """

    provider_id: str
    message_id: UUID | None  # ours, as far as the provider says it back
    state: State
    at: datetime
    dedupe_key: str
    reason: str = ""
    closes: bool = False
    fault: Literal["", "sender", "window"] = ""


@dataclass(frozen=True)
class Reply:
    """Something that a customer wrote, or tapped."""

    dedupe_key: str
    at: datetime
    sender: str | None  # E.164; on WhatsApp a customer may have no number to show
    address: str  # our number, or the provider's id of it
    text: str
    button: str | None  # what we named the button
    in_reply_to: str | None  # the provider's id of our message
    opt: Literal["out", "in"] | None  # what the provider has done about it already


def furthest(one: State, other: State) -> State:
    """The one that a message is in when both were reported, in whichever order."""
    return max(one, other, key=ORDER.index)

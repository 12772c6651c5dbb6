"""What Twilio calls us back with, for SMS and for WhatsApp: a form for each report and each reply."""

import hmac
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, Literal

from standby.channels.events import Reply, State, Status
from standby.channels.untrusted import code_in, id_in, number_in, text_in, uuid_in

STATES: Final[dict[str, State]] = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
REFUSED: Final = {21610, 63014}  # opted out; blocked us
NO_SUCH_PHONE: Final = {21211, 21614, 21635, 30006}  # not a number, or one that takes no SMS
OPTS: Final[dict[str, Literal["out", "in"]]] = {"STOP": "out", "START": "in"}
WHATSAPP: Final = "whatsapp:"
LONGEST_BUTTON: Final = 256
LONGEST_REASON: Final = 300
URL: Final = re.compile(r"(https?)://([^/?#]*?)(:[0-9]+)?([/?#].*)?", re.DOTALL)


def signed(
    url: str,
    form: Mapping[str, object] | Iterable[tuple[str, object]],
    header: str | None,
    auth_token: str,
) -> bool:
    """Whether the request is Twilio's: `header` is X-Twilio-Signature, `url` the one that Twilio was given.

    `form` has every field, also the empty ones; as pairs if a field may occur twice.
    """
    if not auth_token or header is None:
        return False
    pairs = list(form.items() if isinstance(form, Mapping) else form)
    texts = [(key, value) for key, value in pairs if isinstance(value, str)]
    if len(texts) < len(pairs):  # an uploaded file, which Twilio never sends
        return False
    # As Twilio's own libraries do: a field that occurs twice counts once for each value, the values in order.
    fields = "".join(key + value for key, value in sorted(set(texts)))
    given = header.encode(errors="replace")
    try:
        ours = [_signature(way + fields, auth_token) for way in _spellings(url)]
    except UnicodeEncodeError:  # half of a surrogate pair, which was never in a request
        return False
    return any(hmac.compare_digest(one, given) for one in ours)


def _signature(text: str, auth_token: str) -> bytes:
    return b64encode(hmac.new(auth_token.encode(), text.encode(), "sha1").digest())


def _spellings(url: str) -> list[str]:
    """With and without its port: Twilio signs now one, now the other."""
    match = URL.fullmatch(url)
    if match is None:
        return [url]
    scheme, host, port, rest = match[1], match[2], match[3], match[4] or ""
    port = port or (":443" if scheme == "https" else ":80")
    return [f"{scheme}://{host}{rest}", f"{scheme}://{host}{port}{rest}"]


def status(form: Mapping[str, object], *, message_id: str | None, at: datetime) -> Status | None:
    """What became of a message; None: the form tells nothing of that. `message_id` stood in the callback's URL."""
    sid, word = id_in(form.get("MessageSid")), text_in(form.get("MessageStatus"))
    if sid is None or word not in STATES:
        return None
    code = code_in(form.get("ErrorCode"))
    said = text_in(form.get("ErrorMessage")) or text_in(form.get("ChannelStatusMessage"))
    return Status(
        provider_id=sid,
        message_id=uuid_in(message_id),
        state=STATES[word],
        at=at,
        dedupe_key=f"{sid}:{word}",
        reason=text_in(said if code is None else f"{code}: {said}", LONGEST_REASON),
        closes=code in REFUSED | NO_SUCH_PHONE,
    )


def reply(form: Mapping[str, object], *, at: datetime) -> Reply | None:
    """What a customer wrote; None: the form is something else."""
    sid, our = id_in(form.get("MessageSid")), _without_prefix(form.get("To"))
    if sid is None or not our or "From" not in form or text_in(form.get("MessageStatus")) in STATES:
        return None
    return Reply(
        dedupe_key=sid,
        at=at,
        sender=number_in(_without_prefix(form.get("From"))),
        address=our,
        text=text_in(form.get("Body")) or text_in(form.get("ButtonText")) or _media(form),
        button=text_in(form.get("ButtonPayload"), LONGEST_BUTTON) or None,
        in_reply_to=id_in(form.get("OriginalRepliedMessageSid")),
        opt=OPTS.get(text_in(form.get("OptOutType")).upper()),
    )


def channel(form: Mapping[str, object]) -> Literal["whatsapp", "sms"]:
    """Which way the message went."""
    ends = (text_in(form.get("From")), text_in(form.get("To")))
    return "whatsapp" if any(end.startswith(WHATSAPP) for end in ends) else "sms"


def _without_prefix(end: object) -> str:
    return id_in(text_in(end).removeprefix(WHATSAPP)) or ""


def _media(form: Mapping[str, object]) -> str:
    kind = text_in(form.get("MediaContentType0"), LONGEST_BUTTON).partition("/")[0]
    return f"[{kind}]" if kind else ""

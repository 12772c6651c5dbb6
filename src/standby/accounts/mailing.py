"""Sends the mails about accounts that were asked for (letters.py), by the installation's own mail server.

A link's token is made when its mail is: so it is stored nowhere, and the database knows its hash alone. A mail that is
tried again carries a new link, and the earlier one is good for nothing.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import structlog

from standby.accounts.letters import NOTES, PATHS
from standby.channels.base import Channel, Outgoing, Permanent, Receipt, Sent, Uncertain
from standby.clock import Clock
from standby.database.pool import Pool, new_id
from standby.messages import mail
from standby.waitlist.tokens import hash_token, new_token

SENDER: Final = "Standby"

WHY: Final = {
    "en": "It wasn’t you? Then you needn’t do anything: without the link nothing happens.",
    "nb": "Var det ikke deg? Da trenger du ikke gjøre noe: uten lenken skjer det ingenting.",
}
# A sign-up's mail holds nothing that was typed: whoever likes can have one sent to anybody.
TEXTS: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "en": {
        "sign_up": {
            "subject": "Confirm your email",
            "lead": "You’re signing up a salon with Standby. Open the link within 24 hours to go on.",
            "action": "Go on",
        },
        "reset": {
            "subject": "Choose a new password",
            "lead": "Open the link within an hour to choose a new password for Standby.",
            "action": "Choose a password",
        },
        "invitation": {
            "subject": "{salon} has invited you",
            "lead": "You can work in the book of {salon} with Standby. Open the link within 7 days to join.",
            "action": "Join {salon}",
        },
        "email": {
            "subject": "Confirm your new email",
            "lead": "Open the link within 24 hours, and you’ll sign in to Standby with this address.",
            "action": "Use this address",
        },
        "email_asked": {
            "subject": "Your email is about to change",
            "lead": "Somebody who knows your password has asked that your account at Standby get another email. "
            "That happens when the link is opened that we’ve sent there.",
            "action": "Choose a new password",
            "why": "It was you? Then you needn’t do anything. If it wasn’t, a new password stops it.",
        },
    },
    "nb": {
        "sign_up": {
            "subject": "Bekreft e-postadressen din",
            "lead": "Du melder på en salong hos Standby. Åpne lenken innen 24 timer for å gå videre.",
            "action": "Gå videre",
        },
        "reset": {
            "subject": "Velg et nytt passord",
            "lead": "Åpne lenken innen en time for å velge et nytt passord til Standby.",
            "action": "Velg et passord",
        },
        "invitation": {
            "subject": "{salon} har invitert deg",
            "lead": "Du kan arbeide i boken til {salon} med Standby. Åpne lenken innen 7 dager for å bli med.",
            "action": "Bli med hos {salon}",
        },
        "email": {
            "subject": "Bekreft den nye e-postadressen din",
            "lead": "Åpne lenken innen 24 timer, så logger du inn hos Standby med denne adressen.",
            "action": "Bruk denne adressen",
        },
        "email_asked": {
            "subject": "E-postadressen din er i ferd med å bli endret",
            "lead": "Noen som kan passordet ditt, har bedt om at kontoen din hos Standby får en annen e-postadresse. "
            "Det skjer når lenken vi har sendt dit, blir åpnet.",
            "action": "Velg et nytt passord",
            "why": "Var det deg? Da trenger du ikke gjøre noe. Var det ikke deg, stopper et nytt passord det.",
        },
    },
}

log = structlog.get_logger()


class Mailing:
    """`pool` acts as the worker's role. No `channel`: the installation has no mail server, and letters wait for one."""

    def __init__(self, pool: Pool, channel: Channel | None, clock: Clock, public_url: str) -> None:
        self._pool = pool
        self._channel = channel
        self._clock = clock
        self._public_url = public_url

    async def send(self, letter_id: UUID) -> None:
        """Sends one letter, if that is still to be done."""
        token = new_token()
        row = await self._pool.fetchrow(
            "SELECT * FROM claim_letter($1, $2, $3)", letter_id, hash_token(token), self._clock()
        )
        if row is None:
            return
        if self._channel is None:
            log.warning(
                "letter_waits", kind=row["kind"], advice="set STANDBY_SMTP_URL and STANDBY_EMAIL_FROM"
            )
            await self._end(letter_id, "the installation has no mail server", again=True)
            return
        kind = row["kind"]
        path = NOTES[kind] if kind in NOTES else f"{PATHS[kind]}/{token}"
        link = f"{self._public_url}/{path}"
        receipt = await self._channel.send(
            _written(row["kind"], row["locale"], row["email"], row["salon"], link)
        )
        await self._record(letter_id, row["kind"], receipt)

    async def _record(self, letter_id: UUID, kind: str, receipt: Receipt) -> None:
        match receipt:
            case Sent() | Uncertain():  # A second mail would end the first one's link.
                await self._end(letter_id, None, again=False)
            case Permanent(reason):
                log.warning("letter_not_sent", kind=kind, reason=reason)
                await self._end(letter_id, reason, again=False)
            case other:
                log.warning("letter_not_sent_yet", kind=kind, reason=other.reason)
                await self._end(letter_id, other.reason, again=True)

    async def _end(self, letter_id: UUID, failure: str | None, *, again: bool) -> None:
        await self._pool.execute("SELECT end_letter($1, $2, $3)", letter_id, failure, again)


def _written(kind: str, locale: str, to: str, salon: str | None, link: str) -> Outgoing:
    told = {"why": WHY[locale]} | {
        part: text.format(salon=salon) for part, text in TEXTS[locale][kind].items()
    }
    return Outgoing(
        id=new_id(),
        channel="email",
        kind=kind,
        to=to,
        salon=SENDER,
        subject=told["subject"],
        text=f"{told['lead']}\n\n{link}\n\n{told['why']}",
        html=mail.letter(
            language=locale,
            sender=SENDER,
            subject=told["subject"],
            lead=told["lead"],
            link=link,
            action=told["action"],
            why=told["why"],
        ),
        link=link,
    )

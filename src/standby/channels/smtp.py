"""Email by SMTP (RFC 5321).

What the server says decides: 4xx is worth a retry, 5xx is not, and a connection that ends after the message's data has
begun leaves it uncertain. Message-ID is made of our id, so a mail that is sent twice shows as one in most mailboxes.
A mail is written before the server is called: one that can't be written has not been sent, and won't be.
"""

from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
from email_validator import validate_email

from standby.calendars.ical import Mailbox, invitation, method_of
from standby.channels.base import Outgoing, Permanent, Receipt, Retry, Sent, Stopped, Uncertain
from standby.channels.unsubscribe_headers import unsubscribe_headers
from standby.clock import Clock

TIMEOUT_SECONDS = 10.0
FILE_NAME: Final = "appointment.ics"
CREDENTIALS_REFUSED: Final = {530, 534, 535, 538}  # RFC 4954, 6
# In ASCII, which every server takes; but for an address beyond it, for which there is no other way (RFC 6531).
ASCII: Final = policy.SMTP.clone(cte_type="7bit")
UTF8: Final = policy.SMTPUTF8.clone(cte_type="7bit")


@dataclass(frozen=True)
class Mail:
    """A mail as it goes to the server."""

    sender: str
    to: str
    data: bytes

    @property
    def utf8(self) -> bool:
        """Whether its server has to know SMTPUTF8."""
        return not (self.sender + self.to).isascii()


class SmtpChannel:
    """One connection per message; `url` is smtp://user:password@host:587?starttls=1 or smtps://host:465."""

    name = "smtp"

    def __init__(self, url: str, sender: str, clock: Clock, timeout: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        secure = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if secure else 587 if "starttls" in query else 25)
        self._secure = secure
        self._starttls = query.get("starttls", ["0"])[0] in ("1", "true", "yes")
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender = sender
        self._clock = clock
        self._timeout = timeout

    async def send(self, message: Outgoing) -> Receipt:
        try:
            mail = self._written(message)
        except ValueError as error:
            return Permanent(f"it can't be written as a mail: {error}")
        client = self._client()
        try:
            await client.connect()
            if mail.utf8 and not await _takes_utf8(client):
                return Permanent("the server takes no address with letters beyond ASCII (SMTPUTF8)")
            await self._send_envelope(client, mail)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Retry(_said(error))
        except ValueError as error:
            return Permanent(f"an address can't be sent: {error}")
        else:
            return await self._send_data(client, mail, str(message.id))
        finally:
            client.close()

    async def check(self) -> str | None:
        client = self._client()
        try:
            await client.connect()
            await client.noop()
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return f"{self._host}:{self._port}: {_said(error)}"
        else:
            return None
        finally:
            client.close()

    async def close(self) -> None:
        return None

    async def _send_envelope(self, client: aiosmtplib.SMTP, mail: Mail) -> None:
        encoding = "utf-8" if mail.utf8 else "ascii"
        await client.mail(mail.sender, options=["SMTPUTF8"] if mail.utf8 else [], encoding=encoding)
        await client.rcpt(mail.to, encoding=encoding)

    async def _send_data(self, client: aiosmtplib.SMTP, mail: Mail, our_id: str) -> Receipt:
        try:
            response = await client.data(mail.data)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Uncertain(f"the connection ended while the mail was handed over: {_said(error)}")
        return Sent(f"{our_id} {response.message}"[:200])

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            use_tls=self._secure,
            start_tls=self._starttls,
            timeout=self._timeout,
        )

    def _written(self, message: Outgoing) -> Mail:
        """Raises ValueError when there can be no such mail."""
        name, address = parseaddr(self._sender)
        sender, to = _deliverable(address), _deliverable(message.to)
        mail = EmailMessage(policy=ASCII if (sender + to).isascii() else UTF8)
        mail["From"] = Address(display_name=message.salon or name, addr_spec=sender)
        mail["To"] = to
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(self._clock())
        mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        mail.add_alternative(message.html, subtype="html")
        if message.appointment is not None:
            ours = Mailbox(message.salon or name, sender)
            calendar = invitation(message.appointment, organizer=ours, attendee=to)
            # Twice: Outlook and Gmail act by themselves on the alternative, others show what is attached.
            method = {"method": method_of(message.appointment)}
            mail.add_alternative(calendar.decode(), subtype="calendar", params=method)
            mail.add_attachment(calendar, maintype="application", subtype="ics", filename=FILE_NAME)
        # Written by hand: the library would break a long address up and encode it, and nobody could follow it.
        unsubscribe = unsubscribe_headers(message.unsubscribe_url)
        written = "".join(f"{name}: {value}\r\n" for name, value in unsubscribe.items())
        return Mail(sender, to, written.encode("ascii") + mail.as_bytes())


def _deliverable(address: str) -> str:
    """The address in ASCII if it can be: a domain always can, what stands before the @ can't."""
    if address.isascii():
        return address
    found = validate_email(address, check_deliverability=False)
    return found.ascii_email or found.normalized


async def _takes_utf8(client: aiosmtplib.SMTP) -> bool:
    await client.ehlo()
    return client.supports_extension("smtputf8")


def _refused(error: aiosmtplib.SMTPResponseException) -> Receipt:
    said = f"{error.code} {error.message}"
    if error.code in CREDENTIALS_REFUSED:
        return Stopped(said)
    return Retry(said) if 400 <= error.code < 500 else Permanent(said)


def _said(error: BaseException) -> str:
    return str(error) or type(error).__name__

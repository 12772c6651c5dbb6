"""Email by SMTP (RFC 5321).

What the server says decides: 4xx is worth a retry, 5xx is not, and a connection that ends after the message's data has
begun leaves it uncertain. Message-ID is made of our id, so a mail that is sent twice shows as one in most mailboxes.
"""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from standby.channels.base import Outgoing, Permanent, Receipt, Retry, Sent, Uncertain
from standby.clock import Clock

TIMEOUT_SECONDS = 10.0


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
        client = self._client()
        try:
            await client.connect()
            mail = self._mail(message)
            await client.mail(parseaddr(self._sender)[1])
            await client.rcpt(message.to)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Retry(_said(error))
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

    async def _send_data(self, client: aiosmtplib.SMTP, mail: EmailMessage, our_id: str) -> Receipt:
        try:
            response = await client.data(mail.as_bytes())
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

    def _mail(self, message: Outgoing) -> EmailMessage:
        name, address = parseaddr(self._sender)
        mail = EmailMessage()
        mail["From"] = Address(display_name=message.salon or name, addr_spec=address)
        mail["To"] = message.to
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(self._clock())
        mail["Message-ID"] = f"<{message.id}@{address.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        mail.add_alternative(message.html, subtype="html")
        return mail


def _refused(error: aiosmtplib.SMTPResponseException) -> Receipt:
    said = f"{error.code} {error.message}"
    return Retry(said) if 400 <= error.code < 500 else Permanent(said)


def _said(error: BaseException) -> str:
    return str(error) or type(error).__name__

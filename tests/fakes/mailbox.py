"""A mail server that takes what it is given and keeps it, unless it is told otherwise."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, cast

from aiosmtpd.smtp import SMTP as Server  # noqa: N811 - it is a class
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

if TYPE_CHECKING:
    from email.message import EmailMessage


class Mailbox:
    """A mail server's handler that keeps what it took, and answers as it is told."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.hanging = asyncio.Event()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Server, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if answer := self.answers.get("rcpt"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Server, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.raw.append(envelope.original_content or b"")
        self.mails.append(message_from_bytes(self.raw[-1], policy=default))
        answer = self.answers.get("data", "250 taken")
        if answer == "hang":
            await self.hanging.wait()
        if answer == "drop":
            cast("asyncio.Transport", server.transport).abort()
        return answer


@asynccontextmanager
async def mail_server(
    mailbox: Mailbox, *, utf8: bool = False, password: str | None = None
) -> AsyncIterator[str]:
    """A server on a free port; its URL.

    `utf8`: it takes addresses beyond ASCII (SMTPUTF8). `password`: it takes mail from those who say it only.
    """
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: Server(
            mailbox,
            hostname="mail.test",
            loop=loop,
            enable_SMTPUTF8=utf8,
            auth_required=password is not None,
            auth_require_tls=False,
            authenticator=lambda *said: _judged(said[-1], password),
        ),
        "127.0.0.1",
        0,
    )
    try:
        yield f"smtp://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        mailbox.hanging.set()
        listening.close()


def _judged(login: object, password: str | None) -> AuthResult:
    right = isinstance(login, LoginPassword) and password is not None and login.password == password.encode()
    return AuthResult(success=right, handled=False)  # The server itself says no.

"""Who looks at a page of a salon's, by the cookie of their session, and whether they may."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from standby.accounts.permissions import Permission, permissions_of
from standby.accounts.sessions import SignedIn
from standby.database.pool import Tx
from standby.errors import Forbidden, NoSalonChosen, NotAuthenticated
from standby.formats import Formats, formats_for
from standby.tenants import tenants
from standby.tenants.scope import Author, tenant_transaction
from standby.tenants.tenants import Salon
from standby.web.account_forms import HEADERS
from standby.web.context import GetWeb, Web
from standby.web.pages import render
from standby.web.signed_in import author_of, session_of
from standby.web.words import Words, words_for

# The pages there are, with what each asks for.
PAGES: Final = {
    "members": Permission.READ_MEMBERS,
    "api-keys": Permission.WRITE_KEYS,
    "audit": Permission.READ_AUDIT,
}


@dataclass(frozen=True)
class Visitor:
    """Somebody who may see the page. What they change is written into the audit log as theirs."""

    session: SignedIn
    salon: Salon
    author: Author
    web: Web

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.session.role) if self.session.role else frozenset()

    @cached_property
    def words(self) -> Words:
        return words_for(self.session.locale)

    @cached_property
    def formats(self) -> Formats:
        """In their language, and the salon's time."""
        return formats_for(self.session.locale, self.salon.timezone)

    def moment(self, when: datetime) -> str:
        """A day and a time, in full."""
        return moment(when, self.formats)

    def transaction(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction in the salon."""
        return tenant_transaction(self.web.pool, self.salon.id, self.author)

    def page(self, template: str, here: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """The page `here`, in the salon's frame."""
        page = render(
            template,
            status=status,
            words=self.words,
            salon=self.salon.name,
            here=here,
            pages=pages_for(self.session),
            **context,
        )
        page.headers.update(HEADERS)
        return page


def pages_for(session: SignedIn) -> list[str]:
    """The pages that somebody may see in the salon where they are."""
    permissions = permissions_of(session.role) if session.role else frozenset()
    return [name for name, needed in PAGES.items() if needed in permissions]


def moment(when: datetime, formats: Formats) -> str:
    """Mon 23 Nov 2026, 13:00"""
    return f"{formats.date(when, short=True)} {when.astimezone(formats.zone).year}, {formats.time(when)}"


def asks(permission: Permission) -> Any:
    """For a page's route: its visitor, who has this permission in the salon that they have chosen."""
    return Depends(_visitor_with(permission))


def _visitor_with(permission: Permission) -> Callable[[Request, GetWeb], Awaitable[Visitor]]:
    async def visitor(request: Request, web: GetWeb) -> Visitor:
        session = await session_of(request, web)
        if session is None or session.needs_code:
            raise NotAuthenticated
        if session.tenant_id is None or session.role is None:
            raise NoSalonChosen
        if permission not in permissions_of(session.role):
            raise Forbidden(needs=permission, role=session.role)
        author = author_of(request, session, web)
        async with tenant_transaction(web.pool, session.tenant_id) as tx:
            return Visitor(session, await tenants.find(tx), author, web)

    return visitor

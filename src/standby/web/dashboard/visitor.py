"""Who looks at a page of a salon's, by the cookie of their session, and whether they may."""

from collections.abc import Awaitable, Callable, Mapping
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
from standby.messages import replies
from standby.tenants import tenants
from standby.tenants.scope import Author, tenant_transaction
from standby.tenants.tenants import Salon
from standby.web.account_forms import HEADERS
from standby.web.context import GetWeb, Web
from standby.web.pages import render
from standby.web.signed_in import author_of, session_of
from standby.web.words import Words, words_for

# The pages of every day, and those on which the salon is set up: in this order, with what each asks for.
PAGES: Final[dict[str, Permission]] = {
    "today": Permission.READ_BOOK,
    "waitlist": Permission.READ_BOOK,
    "calendar": Permission.READ_BOOK,
    "messages": Permission.READ_MESSAGES,
    "insights": Permission.READ_INSIGHTS,
}
SETTINGS: Final[dict[str, Permission]] = {
    "salon": Permission.READ_SALON,
    "services": Permission.READ_SALON,
    "staff": Permission.READ_SALON,
    "hours": Permission.READ_SALON,
    "rules": Permission.READ_SALON,
    "texts": Permission.READ_SALON,
    "channels": Permission.READ_USAGE,
    "webhooks": Permission.READ_WEBHOOKS,
    "calendars": Permission.READ_CALENDARS,
    "import": Permission.PERSONAL_DATA,
    "members": Permission.READ_MEMBERS,
    "api-keys": Permission.WRITE_KEYS,
    "audit": Permission.READ_AUDIT,
}
# What a page says when it asks for itself again: that is no use, for nobody need be there (sessions.find).
REFRESH: Final = "Standby-Refresh"
UNREAD: Final = 100
# The salon whose guide (welcome_page.py) somebody is in the midst of, and the pages that it leads to.
GUIDED: Final = "standby_guided"
GUIDED_TO: Final = frozenset({"hours", "services", "staff", "channels", "import"})


@dataclass(frozen=True)
class Visitor:
    """Somebody who may see the page. What they change is written into the audit log as theirs."""

    session: SignedIn
    salon: Salon
    author: Author
    web: Web
    unread: int = 0  # what customers wrote that somebody has to read, up to UNREAD
    guided: bool = False

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

    def page(
        self, template: str, here: str, *, status: int = 200, live_at: str = "", **context: Any
    ) -> HTMLResponse:
        """The page `here`, in the salon's frame. `live_at`: where what is live in it is read, if not at its own."""
        page = render(
            template,
            status=status,
            words=self.words,
            salon=self.salon.name,
            salon_id=self.salon.id,
            here=here,
            live_at=live_at,
            main_pages=pages_for(self.session, PAGES),
            setting_pages=pages_for(self.session, SETTINGS),
            hears=Permission.READ_BOOK in self.permissions,
            unread=self.unread,
            guided=self.guided and here in GUIDED_TO,
            **context,
        )
        page.headers.update(HEADERS)
        return page


def pages_for(session: SignedIn, pages: Mapping[str, Permission]) -> list[str]:
    """Those of the pages that somebody may see in the salon where they are."""
    permissions = permissions_of(session.role) if session.role else frozenset()
    return [name for name, needed in pages.items() if needed in permissions]


def moment(when: datetime, formats: Formats) -> str:
    """Mon 23 Nov 2026, 13:00"""
    return f"{formats.date(when, short=True)} {when.astimezone(formats.zone).year}, {formats.time(when)}"


def asks(permission: Permission) -> Any:
    """For a page's route: its visitor, who has this permission in the salon that they have chosen."""
    return Depends(_visitor_with(permission))


def _visitor_with(permission: Permission) -> Callable[[Request, GetWeb], Awaitable[Visitor]]:
    async def visitor(request: Request, web: GetWeb) -> Visitor:
        session = await session_of(request, web, used=REFRESH not in request.headers)
        if session is None or session.needs_code:
            raise NotAuthenticated
        if session.tenant_id is None or session.role is None:
            raise NoSalonChosen
        if permission not in permissions_of(session.role):
            raise Forbidden(needs=permission, role=session.role)
        author = author_of(request, session, web)
        async with tenant_transaction(web.pool, session.tenant_id) as tx:
            reads = Permission.READ_MESSAGES in permissions_of(session.role)
            unread = await replies.count_unread(tx, most=UNREAD) if reads else 0
            guided = request.cookies.get(GUIDED) == str(session.tenant_id)
            return Visitor(session, await tenants.find(tx), author, web, unread, guided)

    return visitor

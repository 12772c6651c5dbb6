"""Who looks at a salon's public pages: anybody, in their language, on our site or in a frame on the salon's own."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from standby.errors import TenantNotFound
from standby.formats import Formats, formats_for
from standby.tenants.tenants import RESERVED, Salon
from standby.web import colours
from standby.web.api.visitor import GetVisitor, Visitor
from standby.web.context import Web
from standby.web.headers import FRAMED
from standby.web.pages import render
from standby.web.public.reader import CARRIED, Reading, reading_of
from standby.web.words import Words

EMBED: Final = "embed"
# What leads out of the frame, where our other pages may not be.
ELSEWHERE: Final = Markup(' target="_blank" rel="noopener"')
Answer = TypeVar("Answer", bound=Response)


@dataclass(frozen=True)
class Guest:
    """Somebody at `/{salon}`. Nothing is known of them, and nothing remembered but their language."""

    visitor: Visitor
    reading: Reading
    now: datetime
    embedded: bool = False  # then nothing is kept by a cookie, and the address says all

    @property
    def salon(self) -> Salon:
        return self.visitor.salon

    @property
    def web(self) -> Web:
        return self.visitor.web

    @property
    def words(self) -> Words:
        return self.reading.words

    @cached_property
    def formats(self) -> Formats:
        """In their language, and the salon's time."""
        return formats_for(self.words.language, self.salon.timezone)

    def address(self, path: str = "", **query: object) -> str:
        """The address of one of this salon's pages."""
        told = {name: str(value) for name, value in query.items() if value}
        if self.embedded:
            told |= {EMBED: "1", CARRIED: self.words.language}
        return f"/{self.salon.slug}{path}" + (f"?{urlencode(told)}" if told else "")

    def go_to(self, path: str, **query: object) -> RedirectResponse:
        """The answer to what was done: a page that can be loaded again."""
        return self._answer(RedirectResponse(self.address(path, **query), status_code=303))

    def page(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A page of the salon's."""
        page = render(
            template,
            status=status,
            words=self.words,
            salon=self.salon.name,
            address=self.address,
            reading=self.reading,
            colours=colours.url(self.salon.slug, self.salon.accent),
            embedded=self.embedded,
            elsewhere=ELSEWHERE if self.embedded else "",
            **context,
        )
        return self._answer(page)

    def _answer(self, answer: Answer) -> Answer:
        if self.embedded:
            answer.headers.update(FRAMED)
        else:
            self.reading.keep(answer, secure=self.web.public_url.startswith("https://"))
        return answer


async def _guest(request: Request, salon: str, visitor: GetVisitor) -> Guest:
    if salon in RESERVED:  # Of one that was called so before that was reserved.
        raise TenantNotFound
    embedded = request.query_params.get(EMBED) == "1"
    return Guest(visitor, reading_of(request, visitor.salon.locale), visitor.web.clock(), embedded)


GetGuest = Annotated[Guest, Depends(_guest)]

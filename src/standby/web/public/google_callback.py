"""Where Google sends back who has allowed a calendar, or hasn't.

A GET that changes something: OAuth has no other way (RFC 6749, 4.1.2). It is bound to the state instead, which only
the browser has that was sent to Google, which is good for one answer, and without which nothing happens. Nobody logs in
here: the state says whose salon it is.
"""

from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from standby.calendars import google_connect
from standby.calendars.google_connect import Linked, NotAllowed, TryLater, Unknown
from standby.web.context import GetWeb
from standby.web.pages import render
from standby.web.words import words_accepted, words_for

router = APIRouter(include_in_schema=False)

Given = Annotated[str | None, Query(max_length=2048)]

log = structlog.get_logger()


@router.get("/calendars/google/callback")
async def come_back(request: Request, web: GetWeb, state: Given = None, code: Given = None) -> HTMLResponse:
    """Google's `error` isn't read: without a code it was no."""
    match await google_connect.finish(web.calendars, state or "", code):
        case Linked(locale):
            return render("calendar.html", words=words_for(locale), kind="linked")
        case NotAllowed(locale):
            return render("calendar.html", status=403, words=words_for(locale), kind="unlinked")
        case TryLater(locale, reason):
            log.warning("google_calendar_not_linked", reason=reason)
            return render("calendar.html", status=502, words=words_for(locale), kind="unasked")
        case Unknown():
            words = words_accepted(request.headers.get("accept-language", ""))
            return render("calendar.html", status=404, words=words, kind="stale")

"""A private feed, for calendar programs: /calendars/{token}.ics. They have no login; whoever has the address may read.

They ask often, mostly for nothing new: who has the current version already (If-None-Match) gets 304, and no calendar is
written for that.
"""

import asyncio
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from standby.calendars import feeds
from standby.tenants.scope import feed_transaction
from standby.waitlist.tokens import hash_token
from standby.web.context import GetWeb

router = APIRouter(include_in_schema=False)

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"


@router.api_route("/calendars/{token}.ics", methods=["GET", "HEAD"])
async def show(request: Request, token: str, web: GetWeb) -> Response:
    known = _known(request.headers.get("if-none-match", ""))
    async with feed_transaction(web.pool, hash_token(token)) as (tx, feed_id):
        if feed_id is None:
            return PlainTextResponse("There is no calendar here (any more).\n", HTTPStatus.NOT_FOUND)
        wanted = request.method == "GET"
        reading = await feeds.read(tx, feed_id, known=known, wanted=wanted, now=web.clock())
    headers = {"ETag": f'"{reading.etag}"', "Cache-Control": "private, no-cache"}
    if reading.etag in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers |= {"Content-Type": CONTENT_TYPE, "Content-Disposition": 'inline; filename="standby.ics"'}
    if reading.appointments is None:
        answer = Response(headers=headers)
        del answer.headers["Content-Length"]  # Nobody has counted it.
        return answer
    return Response(await asyncio.to_thread(reading.written), headers=headers)


def _known(header: str) -> list[str]:
    """The ETags of If-None-Match; what passes on the answer may have made them weak."""
    return [one.strip().removeprefix("W/").strip('"') for one in header.split(",")]

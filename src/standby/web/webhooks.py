"""/webhooks/{provider}: where providers tell us what became of messages, and what customers wrote.

Nothing is believed, or kept, that its provider has not signed. The answer comes at once; a job does the rest.
"""

import hmac
from hashlib import sha256
from http import HTTPStatus
from typing import Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException

from standby.calendars import pushing
from standby.channels import callbacks
from standby.channels.untrusted import uuid_in
from standby.channels.whatsapp_callbacks import challenge
from standby.web.context import GetWeb

router = APIRouter(prefix="/webhooks", include_in_schema=False)

NOT_SIGNED: Final = "No sender of this installation has signed that."
EMPTY_TWIML: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><Response/>'  # Twilio: there is nothing to say right now.
)


@router.get("/whatsapp")
async def verify(request: Request, web: GetWeb) -> PlainTextResponse:
    """Meta asks whether this address is ours before it sends anything there."""
    answer = challenge(request.query_params, verify_token(web.secret))
    if answer is None:
        raise HTTPException(HTTPStatus.FORBIDDEN, "That is not this installation's verify token.")
    return PlainTextResponse(answer)


@router.post("/google-calendar")
async def calendar_changed(request: Request, web: GetWeb) -> Response:
    """Google says that a calendar has changed, not what: it is read. Nothing is signed; the channel's token is known
    to nobody but Google and us.
    """
    channel_id = uuid_in(request.headers.get("X-Goog-Channel-ID"))
    token = request.headers.get("X-Goog-Channel-Token", "")
    if channel_id is None or not await pushing.hear(web.calendars, channel_id, token):
        raise HTTPException(HTTPStatus.NOT_FOUND, "That is no channel of this installation.")
    return Response()


@router.post("/{provider}")
async def take(
    provider: Literal["whatsapp", "twilio", "sendgrid"], request: Request, web: GetWeb
) -> Response:
    """Keeps a genuine request of a provider's."""
    received = callbacks.Request(
        provider=provider,
        url=f"{web.public_url}/webhooks/{provider}",
        query=request.scope["query_string"].decode("latin-1"),
        raw=await request.body(),
        headers=request.headers,
    )
    if not await web.callbacks.take(received):
        raise HTTPException(HTTPStatus.FORBIDDEN, NOT_SIGNED)
    if provider == "twilio":
        return Response(EMPTY_TWIML, media_type="application/xml")
    return Response()


def verify_token(secret: bytes) -> str:
    """What Meta is to be given beside the address; no other installation's."""
    return hmac.new(secret, b"whatsapp verify token", sha256).hexdigest()[:32]

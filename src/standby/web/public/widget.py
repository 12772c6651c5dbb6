"""What a salon's own site loads: the script that puts its booking there, and its colours."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from standby.web import colours
from standby.web.pages import STATIC
from standby.web.public.guest import GetGuest

router = APIRouter(include_in_schema=False)

FOR_AN_HOUR: Final = "public, max-age=3600"
FOR_EVER: Final = "public, max-age=31536000, immutable"


@router.api_route("/embed.js", methods=["GET", "HEAD"])
async def script() -> FileResponse:
    """Its address is written into other sites, so it never changes."""
    return FileResponse(
        STATIC / "embed.js", media_type="text/javascript", headers={"Cache-Control": FOR_AN_HOUR}
    )


of_salon = APIRouter(prefix="/{salon}", include_in_schema=False)


@of_salon.api_route("/colours.css", methods=["GET", "HEAD"])
async def colours_of(guest: GetGuest, v: str = "") -> Response:
    """The salon's colours. The address says which, so it may be kept; another one's is today's."""
    accent = guest.salon.accent
    kept = FOR_EVER if accent == f"#{v}" else "no-cache"
    written = colours.stylesheet(accent) if accent else ""
    return Response(written, media_type="text/css", headers={"Cache-Control": kept})

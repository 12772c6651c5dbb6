"""/health: whether this process lives, and whether the installation is ready. Open to everybody; it says no secrets."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from standby.web.api.shapes import View
from standby.web.context import GetWeb

router = APIRouter(prefix="/health", include_in_schema=False)


class LiveView(BaseModel):
    status: Literal["live"] = "live"


class PartView(View):
    ready: bool
    says: str


class ReadyView(BaseModel):
    ready: bool
    parts: dict[str, PartView] = Field(
        description="database, migrations (the database has what this version needs), workers (one has been heard of "
        "in the last ten seconds), providers (not every sender of salons is paused)"
    )


@router.get("/live")
async def live() -> LiveView:
    """This process answers. It asks nobody else: a process is not restarted because the database is away."""
    return LiveView()


Wanted = Literal["database", "migrations", "workers", "providers"]


@router.get("/ready", responses={503: {"model": ReadyView, "description": "A part is not ready"}})
async def ready(
    web: GetWeb, response: Response, part: Annotated[list[Wanted] | None, Query()] = None
) -> ReadyView:
    """Whether everything that is needed is there, or the parts that are asked for; 503 when it isn't, with the part."""
    parts = await web.readiness.parts(now=web.clock())
    whole = all(name in parts and parts[name].ready for name in part or parts)
    if not whole:
        response.status_code = 503
    return ReadyView.model_validate({"ready": whole, "parts": parts})

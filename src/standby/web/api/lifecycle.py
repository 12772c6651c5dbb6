"""/api/lifecycle/process: the workers' timers and healing once, for an outside scheduler (seed 004)."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel

from standby.errors import NotAuthenticated
from standby.web.context import GetWeb

router = APIRouter(prefix="/lifecycle", tags=["operations"])


class ProcessedView(BaseModel):
    taken: int
    healed: int


@router.post("/process")
async def process(web: GetWeb, x_cron_key: Annotated[str | None, Header()] = None) -> ProcessedView:
    """Takes all deadlines that are due and enqueues what a crash lost. Workers do the same all the time."""
    if web.cron_key is None or x_cron_key is None or not _same(web.cron_key, x_cron_key):
        raise NotAuthenticated("Send the installation's cron key as x-cron-key")
    taken, healed = await web.process()
    return ProcessedView(taken=taken, healed=healed)


def _same(key: str, header: str) -> bool:
    """In bytes, for they may be any; a header's are read as Latin-1."""
    return hmac.compare_digest(key.encode(), header.encode("latin-1"))

"""/api/api-keys: what the salon's own programs call with."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from standby.accounts import api_keys
from standby.accounts.permissions import FOR_KEYS, Permission
from standby.web.api.caller import GetCaller
from standby.web.api.fields import Moment
from standby.web.api.forms import SecretFormRoute
from standby.web.api.shapes import Body, View

router = APIRouter(prefix="/api-keys", tags=["members"], route_class=SecretFormRoute)


class KeyBody(Body):
    name: str = Field(description="what it is for", examples=["till"])
    scopes: list[Permission] = Field(
        max_length=len(FOR_KEYS), description=f"what it may do: {', '.join(sorted(FOR_KEYS))}"
    )
    ends_at: Moment | None = Field(default=None, description="null: when it is revoked")


class KeyView(View):
    id: UUID
    name: str
    prefix: str = Field(description="how it begins, to know it by")
    scopes: list[str]
    created_by: str
    created_at: datetime
    ends_at: datetime | None
    last_used_at: datetime | None = Field(description="to the minute")


class NewKeyView(View):
    id: UUID
    prefix: str
    key: str = Field(description="send it as Authorization: Bearer sk_…. It is shown this once")


@router.get("")
async def list_keys(caller: GetCaller) -> list[KeyView]:
    """The salon's keys, the newest first, without what would open anything."""
    async with caller.transaction() as tx:
        return [KeyView.model_validate(dict(row)) for row in await api_keys.all_of(tx)]


@router.post("", status_code=status.HTTP_201_CREATED)
async def make_key(body: KeyBody, caller: GetCaller) -> NewKeyView:
    """Makes a key for a program of the salon's. No key can let in others: for that people sign in."""
    async with caller.transaction() as tx:
        made = await api_keys.make(
            tx, body.name, body.scopes, ends_at=body.ends_at, by=caller.actor, now=caller.web.clock()
        )
    return NewKeyView.model_validate(made)


@router.delete("/{key_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_key(key_id: UUID, caller: GetCaller) -> None:
    """Ends a key at once."""
    async with caller.transaction() as tx:
        await api_keys.revoke(tx, key_id)

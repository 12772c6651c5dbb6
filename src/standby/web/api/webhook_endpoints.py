"""/api/webhooks: where the salon's own systems want to be told of what happens."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from standby.web.api.caller import GetCaller
from standby.web.api.fields import Given, documented
from standby.web.api.forms import SecretFormRoute
from standby.web.api.shapes import Body, View
from standby.web.api.webhook_deliveries import DeliveryStoryView
from standby.webhooks import deliveries, endpoints, sending
from standby.webhooks.endpoints import Changes
from standby.webhooks.events import EventType

router = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=SecretFormRoute)

Url = Annotated[str, documented("string", format="uri", examples=["https://erp.example.com/standby"])]
Description = Annotated[str, documented("string", maxLength=200)]
Events = Annotated[list[EventType], Field(max_length=50, description="empty: all, those to come too")]
Contacts = Annotated[bool, Field(description="true: it is told the customers' names, numbers and mailboxes")]


class WebhookBody(Body):
    url: Url
    description: Description = ""
    events: Events = Field(default=[])
    contacts: Contacts = False
    active: bool = True


class WebhookChanges(Body):
    """What to change; fields that are left out stay."""

    url: Given[Url] = None
    description: Given[Description] = None
    events: Given[Events] = None
    contacts: Given[Contacts] = None
    active: Given[bool] = Field(
        default=None, description="false: it is told nothing more, and what waits is dropped; true: again"
    )


class WebhookView(View):
    id: UUID
    url: str
    description: str
    events: list[str] = Field(description="empty: all")
    contacts: bool
    active: bool
    disabled_reason: Literal["gone", "failing"] | None = Field(
        description="why it was switched off by itself: it answered 410, or failed for days and did nothing else"
    )
    failing_since: datetime | None = Field(description="null: the last time all went well")
    pending: int = Field(description="how many events wait to be sent, for the first time or again")
    former_until: datetime | None = Field(description="until then the secret before this one signs too")
    created_at: datetime


class NewWebhookView(WebhookView):
    secret: str = Field(description="what signatures are checked with. It is shown this once")


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_webhook(body: WebhookBody, caller: GetCaller) -> NewWebhookView:
    """Adds a webhook: from now on it is told of these events, each signed by the specification Standard Webhooks."""
    web = caller.web
    async with caller.transaction() as tx:
        row, secret = await endpoints.create(
            tx,
            Changes(**dict(body)),
            addresses=web.webhooks.addresses,
            seal=web.webhooks.seal(),
            now=web.clock(),
        )
    return NewWebhookView(**row, secret=secret)


@router.get("")
async def list_webhooks(caller: GetCaller) -> list[WebhookView]:
    """The salon's webhooks, and how they are."""
    async with caller.transaction() as tx:
        return [WebhookView(**row) for row in await endpoints.listed(tx)]


@router.get("/{webhook_id}")
async def get_webhook(webhook_id: UUID, caller: GetCaller) -> WebhookView:
    """One of them."""
    async with caller.transaction() as tx:
        return WebhookView(**await endpoints.find(tx, webhook_id))


@router.patch("/{webhook_id}")
async def change_webhook(webhook_id: UUID, body: WebhookChanges, caller: GetCaller) -> WebhookView:
    """Changes it. What waits already is sent to the new address, and tells of contacts as it is now."""
    async with caller.transaction() as tx:
        row = await endpoints.change(
            tx, webhook_id, Changes(**dict(body)), addresses=caller.web.webhooks.addresses
        )
        return WebhookView(**row)


@router.delete("/{webhook_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_webhook(webhook_id: UUID, caller: GetCaller) -> None:
    """Forgets it, with its log; what waits is not sent."""
    async with caller.transaction() as tx:
        await endpoints.remove(tx, webhook_id)


@router.post("/{webhook_id}/rotate-secret")
async def rotate_secret(webhook_id: UUID, caller: GetCaller) -> NewWebhookView:
    """Gives it a new secret. For 24 hours everything is signed with both, and either signature is good."""
    web = caller.web
    async with caller.transaction() as tx:
        row, secret = await endpoints.rotate(tx, webhook_id, seal=web.webhooks.seal(), now=web.clock())
    return NewWebhookView(**row, secret=secret)


@router.post("/{webhook_id}/test")
async def test_webhook(webhook_id: UUID, caller: GetCaller) -> DeliveryStoryView:
    """Sends it a `test` event now, and says what came back. Whatever that is, it is not tried again."""
    delivery_id = await sending.send_test(caller.web.webhooks, caller.identity.tenant_id, webhook_id)
    async with caller.transaction() as tx:
        return DeliveryStoryView(**await deliveries.find(tx, webhook_id, delivery_id))

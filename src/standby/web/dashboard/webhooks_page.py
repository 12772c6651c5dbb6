"""/app/webhooks: who outside is told of what happens, and what became of it. A secret is shown once. No scripts."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from standby.accounts.permissions import Permission
from standby.database.pool import new_id
from standby.errors import (
    DeliveryNotFound,
    Invalid,
    SecretThere,
    TooManyWebhooks,
    WebhookInactive,
    WebhookNotFound,
)
from standby.web.dashboard.back import back
from standby.web.dashboard.typed import NEW, Form
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.reading import id_of
from standby.webhooks import deliveries, endpoints, sending
from standby.webhooks.endpoints import Changes
from standby.webhooks.events import EVENTS, TEST

router = APIRouter(prefix="/app/webhooks", include_in_schema=False)

DONE: Final = ("changed", "removed", "resent", "inactive")
SHOWN: Final = 25
KINDS: Final = tuple(one for one in EVENTS if one != TEST)
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_WEBHOOKS)]
Sender: TypeAlias = Annotated[Visitor, asks(Permission.SEND_WEBHOOKS)]
Changer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_WEBHOOKS)]


@router.api_route("", methods=["GET", "HEAD"])
async def show_webhooks(visitor: Reader, said: str = "") -> HTMLResponse:
    return await _page(visitor, said=said if said in DONE else "")


@router.post("")
async def add_webhook(visitor: Changer, request: Request) -> Response:
    """The secret stands in this answer alone. The same form makes one webhook, however often it is sent."""
    form, web = Form.sent(NEW, await request.form(), visitor.words), visitor.web
    try:
        async with visitor.transaction() as tx:
            row, secret = await endpoints.create(
                tx,
                _wanted(form),
                addresses=web.webhooks.addresses,
                seal=web.webhooks.seal(),
                now=web.clock(),
                endpoint_id=id_of(form["form"]),
            )
    except Invalid as invalid:
        _note(form, invalid)
        return await _page(visitor, form=form, status=422)
    except TooManyWebhooks:
        form.wrong("url", "webhooks.problem.many")
        return await _page(visitor, form=form, status=409)
    except SecretThere:
        return await _page(visitor, problem="again", status=409)
    return await _page(visitor, secret=secret, of=row["url"])


@router.post("/{webhook_id}")
async def change_webhook(visitor: Changer, webhook_id: UUID, request: Request) -> Response:
    """An unticked `active` tells it nothing more."""
    form = Form.sent(str(webhook_id), await request.form(), visitor.words)
    try:
        async with visitor.transaction() as tx:
            await endpoints.change(tx, webhook_id, _wanted(form), addresses=visitor.web.webhooks.addresses)
    except Invalid as invalid:
        _note(form, invalid)
        return await _page(visitor, form=form, status=422)
    except WebhookNotFound:
        return back("webhooks")
    return back("webhooks", "changed")


@router.post("/{webhook_id}/secret")
async def rotate_secret(visitor: Changer, webhook_id: UUID, request: Request) -> Response:
    """`instead_of` says which secret the page knew, so that sending it again makes no other one."""
    web, instead_of = visitor.web, str((await request.form()).get("instead_of", ""))
    try:
        async with visitor.transaction() as tx:
            row, secret = await endpoints.rotate(
                tx, webhook_id, seal=web.webhooks.seal(), now=web.clock(), instead_of=instead_of
            )
    except WebhookNotFound:
        return back("webhooks")
    except SecretThere:
        return await _page(visitor, problem="again", status=409)
    return await _page(visitor, secret=secret, of=row["url"])


@router.post("/{webhook_id}/remove")
async def remove_webhook(visitor: Changer, webhook_id: UUID) -> Response:
    try:
        async with visitor.transaction() as tx:
            await endpoints.remove(tx, webhook_id)
    except WebhookNotFound:  # Somebody was faster.
        return back("webhooks")
    return back("webhooks", "removed")


@router.post("/{webhook_id}/test")
async def test_webhook(visitor: Sender, webhook_id: UUID) -> Response:
    """Sends a test now; what came back stands in its log."""
    try:
        await sending.send_test(visitor.web.webhooks, visitor.salon.id, webhook_id)
    except WebhookNotFound:
        return back("webhooks")
    return back(f"webhooks/{webhook_id}")


@router.api_route("/{webhook_id}", methods=["GET", "HEAD"])
async def show_deliveries(visitor: Reader, webhook_id: UUID, said: str = "", after: str = "") -> Response:
    """What it was told, the newest first; `after`: those older than this delivery."""
    try:
        async with visitor.transaction() as tx:
            row = await endpoints.find(tx, webhook_id)
            before = None
            if (last := id_of(after)) is not None:
                older = await deliveries.find(tx, webhook_id, last)
                before = (older["at"], last)
            rows = await deliveries.page(tx, webhook_id, status=None, before=before, limit=SHOWN + 1)
    except (WebhookNotFound, DeliveryNotFound):
        return back("webhooks")
    return visitor.page(
        "webhook.html",
        "webhooks",
        webhook={"id": row["id"], "url": row["url"]},
        deliveries=[_told(dict(one), visitor) for one in rows[:SHOWN]],
        older=rows[SHOWN - 1]["id"] if len(rows) > SHOWN else None,
        may_send=Permission.SEND_WEBHOOKS in visitor.permissions,
        said=said if said in DONE else "",
    )


@router.post("/{webhook_id}/deliveries/{delivery_id}/resend")
async def resend(visitor: Sender, webhook_id: UUID, delivery_id: UUID) -> Response:
    try:
        async with visitor.transaction() as tx:
            await deliveries.resend(tx, webhook_id, delivery_id, now=visitor.web.clock())
    except (WebhookNotFound, DeliveryNotFound):
        return back("webhooks")
    except WebhookInactive:
        return back(f"webhooks/{webhook_id}", "inactive")
    return back(f"webhooks/{webhook_id}", "resent")


def _wanted(form: Form) -> Changes:
    return Changes(
        url=form["url"],
        description=form["description"],
        events=[one for one in form.chosen.get("events", ()) if one in KINDS],
        contacts=form["contacts"] == "on",
        active=form.key == NEW or form["active"] == "on",
    )


def _note(form: Form, invalid: Invalid) -> None:
    for one in invalid.problems:
        form.wrong(one.field, "form.problem.name" if one.field == "description" else "webhooks.problem.url")


async def _page(
    visitor: Visitor,
    *,
    said: str = "",
    problem: str = "",
    secret: str = "",
    of: str = "",
    form: Form | None = None,
    status: int = 200,
) -> HTMLResponse:
    async with visitor.transaction() as tx:
        rows, marks = [dict(row) for row in await endpoints.listed(tx)], await endpoints.marks(tx)
    return visitor.page(
        "webhooks.html",
        "webhooks",
        status=status,
        webhooks=[_shown(row, visitor, form) | {"mark": marks.get(row["id"], "")} for row in rows],
        new=form if form and form.key == NEW else Form(NEW, visitor.words, {}),
        next_id=new_id(),
        kinds=KINDS,
        secret=secret,
        of=of,
        may_change=Permission.WRITE_WEBHOOKS in visitor.permissions,
        may_send=Permission.SEND_WEBHOOKS in visitor.permissions,
        said=said,
        problem=problem,
    )


def _shown(row: Mapping[str, Any], visitor: Visitor, sent: Form | None) -> dict[str, Any]:
    words, key = visitor.words, str(row["id"])
    told = [words("webhooks.all") if not row["events"] else ", ".join(row["events"])]
    if row["pending"]:
        told.append(words("webhooks.pending", count=str(row["pending"])))
    failing = row["failing_since"]
    wrong = sent is not None and sent.key == key
    held = {
        "url": row["url"],
        "description": row["description"],
        "contacts": "on" if row["contacts"] else "",
        "active": "on" if row["active"] else "",
    }
    return {
        "id": row["id"],
        "name": row["description"] or row["url"],
        "url": row["url"],
        "told": " · ".join(told),
        "state": _state(row),
        "failing": words("webhooks.failing", since=visitor.moment(failing)) if failing else "",
        "open": wrong,
        "form": sent if wrong else Form(key, words, held, {"events": list(row["events"])}),
    }


def _state(row: Mapping[str, Any]) -> str:
    if not row["active"]:
        return row["disabled_reason"] or "off"
    return "failing" if row["failing_since"] else "on"


def _told(row: Mapping[str, Any], visitor: Visitor) -> dict[str, Any]:
    answer = [str(one) for one in (row["status_code"], row["error"]) if one]
    if row["milliseconds"] is not None:
        answer.append(f"{row['milliseconds']} ms")
    return {
        "id": row["id"],
        "event": row["event"],
        "at": visitor.moment(row["at"]),
        "status": row["status"],
        "attempts": row["attempts"],
        "answer": " · ".join(answer),
    }

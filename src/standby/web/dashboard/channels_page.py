"""/app/channels: by what the salon writes to its customers, how that stands, and whether it works. No scripts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from standby.accounts.permissions import Permission
from standby.messages import senders, trial, usage
from standby.messages.sealing import CannotOpen
from standby.messages.trial import Tried
from standby.tenants import audit, permits
from standby.tenants.permits import Rate
from standby.waitlist.policy import CHANNELS
from standby.web.dashboard.back import back
from standby.web.dashboard.typed import Form
from standby.web.dashboard.visitor import Visitor, asks

router = APIRouter(prefix="/app/channels", include_in_schema=False)

TESTS: Final = Rate(5, timedelta(minutes=12))  # of a salon: five an hour
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_USAGE)]
Changer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_SALON)]


@router.api_route("", methods=["GET", "HEAD"])
async def show_channels(visitor: Reader, said: str = "") -> HTMLResponse:
    """`said`: the channel by which a test is on its way."""
    return await _page(visitor, said=said if said in CHANNELS else "")


@router.post("/{channel}/test")
async def test_channel(visitor: Changer, channel: str, request: Request) -> Response:
    """Sends a real message to whom the signed-in person names."""
    if channel not in CHANNELS:
        return back("channels")
    form = Form.sent(channel, await request.form(), visitor.words)
    web = visitor.web
    if not form["to"]:
        form.wrong("to", f"channels.problem.{'mail' if channel == 'email' else 'phone'}")
        return await _page(visitor, form=form, status=422)
    wait = await permits.take(
        web.pool, {f"trial {visitor.salon.id}": TESTS}, secret=web.secret, now=web.clock()
    )
    if wait:
        form.wrong("to", "channels.problem.often", minutes=str(-(-int(wait.total_seconds()) // 60)))
        page = await _page(visitor, form=form, status=429)
        page.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
        return page
    try:
        tried = await trial.send(web.senders, visitor.salon, channel, form["to"])
    except CannotOpen:
        tried = Tried("no_sender", "")
    if tried.why in ("", "refused"):  # It went out, or its provider was asked.
        async with visitor.transaction() as tx:
            await audit.note_trial(tx, channel)
    if tried.taken:
        return back("channels", channel)
    key = {"no_sender": "sender", "refused": "refused"}.get(
        tried.why, "mail" if channel == "email" else "phone"
    )
    form.wrong("to", f"channels.problem.{key}", reason=tried.said)
    return await _page(visitor, form=form, status=422)


async def _page(
    visitor: Visitor, *, said: str = "", form: Form | None = None, status: int = 200
) -> HTMLResponse:
    now = visitor.web.clock()
    async with visitor.transaction() as tx:
        own = {row["channel"]: dict(row) for row in await senders.appointed(tx, now=now)}
        month = await usage.of_month(tx, await usage.current_month(tx, now=now))
    used = {one.channel: one for one in month}
    return visitor.page(
        "channels.html",
        "channels",
        status=status,
        channels=[
            _shown(channel, own.get(channel), visitor)
            | {
                "usage": _used(used.get(channel), visitor),
                "form": form if form and form.key == channel else Form(channel, visitor.words, {}),
            }
            for channel in CHANNELS
        ],
        may_change=Permission.WRITE_SALON in visitor.permissions,
        said=said,
    )


def _shown(channel: str, own: Mapping[str, Any] | None, visitor: Visitor) -> dict[str, Any]:
    words = visitor.words
    lent = visitor.web.senders.installation.get(channel)
    if own is not None:
        how = words("channels.own", provider=own["provider"].title(), address=own["address"])
    else:
        how = words("channels.lent" if lent is not None else "channels.none")
    paused = own is not None and own["paused"]
    return {
        "name": channel,
        "there": own is not None or lent is not None,
        "how": how,
        "paused": words("channels.paused", until=visitor.moment(own["paused_until"]), reason=own["reason"])
        if own and paused
        else "",
        "heard": visitor.moment(own["heard_at"]) if own and own["heard_at"] else "",
    }


def _used(used: usage.ChannelUsage | None, visitor: Visitor) -> str:
    words = visitor.words
    if used is None:
        return words("channels.unused")
    costs = [visitor.formats.price(one.amount, one.currency) for one in used.costs if one.amount]
    told = [words("channels.used", count=str(used.messages)), *costs]
    if used.limit is not None:
        told.append(words("channels.left", left=str(used.left), limit=str(used.limit)))
    return " · ".join(told)

"""/app/rules: the salon's rules, and what they come to. A look at what would follow changes nothing; no scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from standby.accounts.permissions import Permission
from standby.bookings import bookings
from standby.bookings.bookings import Filter
from standby.database.pool import Tx, new_id
from standby.errors import Invalid, ServiceNotFound
from standby.tenants import catalog, tenants
from standby.waitlist import cascade
from standby.waitlist import policy as policies
from standby.waitlist.foreseen import foreseen
from standby.waitlist.policy import Policy
from standby.waitlist.ranking import Slot
from standby.web.dashboard import rules_form
from standby.web.dashboard.back import back
from standby.web.dashboard.rules_told import Example, told
from standby.web.dashboard.typed import Form
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.reading import id_of

router = APIRouter(prefix="/app/rules", include_in_schema=False)

FORM: Final = "rules"
AHEAD: Final = timedelta(days=2)  # of the example, so that it can be cancelled well before
FRIDAY: Final = 5
# When the example is cancelled, before it begins; "evening": at half past ten, the evening before.
CANCELLED: Final[Mapping[str, timedelta | None]] = {
    "day": timedelta(days=1),
    "evening": None,
    "hours": timedelta(hours=3),
    "minutes": timedelta(minutes=20),
}
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_SALON)]
Changer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_SALON)]


@dataclass(frozen=True)
class Chosen:
    """Whose rules are looked at (None: the salon's), and when the example is cancelled."""

    service_id: UUID | None
    cancelled: str


@router.api_route("", methods=["GET", "HEAD"])
async def show_rules(visitor: Reader, request: Request, said: str = "", looked: str = "") -> Response:
    """`looked`: what would follow from the rules in the address, which are nobody's yet."""
    form = Form.sent(FORM, request.query_params, visitor.words)
    return await _answer(visitor, form, typed=bool(looked), said="saved" if said == "saved" else "")


@router.post("")
async def save_rules(visitor: Changer, request: Request) -> Response:
    """What is left empty goes back to ours; for a service, to what holds for the salon."""
    form = Form.sent(FORM, await request.form(), visitor.words)
    chosen = _chosen(form)
    rules = rules_form.read(form, service=chosen.service_id is not None)
    if not form.problems:
        try:
            async with visitor.transaction() as tx:
                await tenants.replace_policy(tx, chosen.service_id, rules)
        except Invalid:
            form.wrong("reminder_lead_seconds", "rules.problem.lead")
        except ServiceNotFound:
            return back("rules")
    if form.problems:
        return await _answer(visitor, form, typed=True, status=422)
    service = str(chosen.service_id) if chosen.service_id else ""
    return back("rules", "saved", service=service, cancelled=chosen.cancelled)


def _chosen(form: Form) -> Chosen:
    cancelled = form["cancelled"] if form["cancelled"] in CANCELLED else "day"
    return Chosen(id_of(form["service"]), cancelled)


async def _answer(
    visitor: Visitor, form: Form, *, typed: bool, said: str = "", status: int = 200
) -> Response:
    chosen, words = _chosen(form), visitor.words
    of_service = chosen.service_id is not None
    try:
        async with visitor.transaction() as tx:
            services = [dict(row) for row in await catalog.services(tx)]
            salons = await tenants.own_rules(tx)
            own = await tenants.own_rules(tx, chosen.service_id) if of_service else salons
            if typed:
                own = rules_form.read(form, service=of_service)
            else:
                form = Form(FORM, words, rules_form.typed_as(own))
            policy = policies.resolve(salons, own) if of_service else policies.resolve(own)
            example, asked = await _example(tx, visitor, chosen, services, policy)
    except ServiceNotFound:
        return back("rules")
    story = [] if form.problems else told(policy, example, asked, visitor.formats, words)
    return _page(visitor, form, chosen, services, salons, story, said=said, status=status)


def _page(
    visitor: Visitor,
    form: Form,
    chosen: Chosen,
    services: Sequence[Mapping[str, Any]],
    salons: Mapping[str, Any],
    story: Sequence[str],
    *,
    said: str,
    status: int,
) -> HTMLResponse:
    words, service = visitor.words, chosen.service_id is not None
    otherwise = rules_form.typed_as(asdict(policies.resolve(salons)) if service else asdict(Policy()))
    named = next((one["name"] for one in services if one["id"] == chosen.service_id), "")
    return visitor.page(
        "rules.html",
        "rules",
        status=status,
        form=form,
        parts=rules_form.parts_for(service=service),
        otherwise=otherwise,
        numbers=rules_form.NUMBERS,
        orders=[(one, _order_said(one, visitor)) for one in rules_form.ORDERS],
        reminders=[(one, _reminders_said(one, visitor)) for one in _rules_of_reminders(form, otherwise)],
        service=str(chosen.service_id or ""),
        service_name=named,
        services=[("", words("rules.salon")), *((str(one["id"]), one["name"]) for one in services)],
        cancelled=chosen.cancelled,
        moments=[(one, words(f"rules.cancelled.{one}")) for one in CANCELLED],
        story=story,
        may_change=Permission.WRITE_SALON in visitor.permissions,
        said=said,
    )


async def _example(
    tx: Tx, visitor: Visitor, chosen: Chosen, services: Sequence[Mapping[str, Any]], policy: Policy
) -> tuple[Example, tuple[str, str] | None]:
    """The next appointment that is two days ahead or more, or a made-up one; and who would be asked first."""
    soon, zone = visitor.web.clock() + AHEAD, visitor.salon.zone
    wanted = Filter(starts_from=soon, service_id=chosen.service_id, status="confirmed")
    rows = await bookings.page(tx, wanted, after=None, limit=1)
    if not rows:
        starts_at, named = _friday(soon, zone), [one["name"] for one in services if one["active"]]
        named = [one["name"] for one in services if one["id"] == chosen.service_id] or named
        example = Example(starts_at, _cancelled_at(starts_at, chosen, zone), next(iter(named), ""))
        return example, None
    row = rows[0]
    starts_at = row["starts_at"]
    example = Example(starts_at, _cancelled_at(starts_at, chosen, zone), row["service_name"])
    slot = Slot(
        new_id(), row["service_id"], row["staff_id"], starts_at, row["ends_at"], zone, row["customer_id"]
    )
    plan = foreseen(policy, zone, starts_at, example.cancelled_at)
    if not plan.asks:
        return example, None
    return example, await cascade.first_in_line(tx, slot, policy, now=plan.asks[0].at)


def _friday(soon: datetime, zone: Any) -> datetime:
    day = soon.astimezone(zone).date()
    return datetime.combine(day + timedelta(days=(FRIDAY - day.isoweekday()) % 7), time(14), zone)


def _cancelled_at(starts_at: datetime, chosen: Chosen, zone: Any) -> datetime:
    before = CANCELLED[chosen.cancelled]
    if before is not None:
        return starts_at - before
    evening = starts_at.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(evening, time(22, 30), zone)


def _order_said(order: str, visitor: Visitor) -> str:
    return visitor.words("rules.then").join(visitor.words(f"rules.channel.{one}") for one in order.split(","))


def _rules_of_reminders(form: Form, otherwise: Mapping[str, str]) -> list[str]:
    """Those that can be chosen, and whatever is."""
    return list(
        dict.fromkeys([*rules_form.REMINDERS, *filter(None, (form["reminders"], otherwise["reminders"]))])
    )


def _reminders_said(rule: str, visitor: Visitor) -> str:
    words, formats = visitor.words, visitor.formats
    if not all(one.isdigit() for one in rule.split(",")):
        return words(f"rules.reminders.{rule}") if rule in rules_form.REMINDERS else rule
    spans = [formats.duration(int(one)) for one in rule.split(",")]
    return words("rules.reminders.before", spans=words("rules.and").join(spans))

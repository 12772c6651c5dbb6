"""Who comes to a salon's public addresses: anybody. And for whom they may write there."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Annotated, Final

from fastapi import Depends, Path, Request
from pydantic import Field

from standby.bookings.managing import CUSTOMER
from standby.database.pool import Tx
from standby.errors import FieldProblem, Invalid, StandbyError
from standby.messages import consent
from standby.tenants import customers, tenants, verifications
from standby.tenants.customers import CONSENT_TEXT, Person
from standby.tenants.permits import Rate
from standby.tenants.sign_in import Identity
from standby.tenants.tenants import Salon
from standby.web import limits
from standby.web.api import shapes
from standby.web.api.caller import Caller
from standby.web.api.forms import FormRoute, is_trial
from standby.web.api.once import once_of
from standby.web.client_address import client_address
from standby.web.context import GetWeb

NOT_VERIFIED: Final = FieldProblem(
    "verification",
    "does not show that this number is theirs (any more); have a new code sent",
    "not_verified",
)
NO_CONSENT: Final = FieldProblem(
    "consent", f"must be {CONSENT_TEXT}, which says that they agreed to today's words", "not_agreed"
)
NOT_TAKEN_OVER: Final = "what of this form the salon knows otherwise, and keeps"


@dataclass(frozen=True, kw_only=True)
class Visitor(Caller):
    """Somebody who has not signed in. They have no permission, and history calls them the customer."""

    salon: Salon
    address: str

    def number(self, phone: str) -> str | None:
        """A phone number in E.164, read as in the salon's country; None: there is no such number."""
        return customers.e164(phone, self.salon.country)

    async def count_write(self, person: str | None, also: Mapping[str, Rate] | None = None) -> None:
        """Counts a write; raises TooManyRequests. On trial the person may be made up, and is not counted."""
        of: dict[limits.Of, str] = {
            "address": limits.home_of(self.address),
            "person": "" if self.on_trial or person is None else person,
            "salon": str(self.salon.id),
        }
        await limits.check(self.web, of, also)


async def _visitor(
    request: Request,
    web: GetWeb,
    salon: Annotated[str, Path(description="its slug, as in GET /api/salon")],
) -> Visitor:
    found = await tenants.find_by_slug(web.pool, salon)
    request.state.salon_id = found.id
    return Visitor(
        identity=Identity(found.id, CUSTOMER, role=None),
        web=web,
        on_trial=is_trial(request),
        once=once_of(request),
        salon=found,
        address=client_address(request, web.trusted_proxies),
    )


GetVisitor = Annotated[Visitor, Depends(_visitor)]


def _kept_as(key: str) -> str:
    return f"public {sha256(key.encode()).hexdigest()}"


class VisitorRoute(FormRoute):
    """A form that anybody may send. Their keys are none of those that the salon's own programs choose."""

    kept_as = staticmethod(_kept_as)


class VouchedBody(shapes.Body):
    """A form of somebody who has shown that the number is theirs, and has agreed to be written to."""

    customer: shapes.Person
    verification: str = Field(
        max_length=200, description="the token that the code sent to customer.phone was exchanged for"
    )
    consent: str = Field(
        max_length=50,
        description="the version of the words that they agreed to: consent.version of the salon",
    )


async def vouched(
    tx: Tx, visitor: Visitor, body: VouchedBody, check: Callable[[Person], Awaitable[object]]
) -> Person:
    """The person of a form. Raises Invalid with all its problems, those that `check` finds in the rest of it included.

    Nothing depends on whether the salon knows the number, unless it is shown to be theirs.
    """
    person = replace(body.customer.given(), themselves=True)
    phone = visitor.number(body.customer.phone)
    problems = []
    if phone is not None and not await verifications.is_verified(
        tx, body.verification, phone, now=visitor.web.clock()
    ):
        problems.append(NOT_VERIFIED)
    if body.consent != CONSENT_TEXT:
        problems.append(NO_CONSENT)
    if problems:
        with suppress(StandbyError):
            try:
                await check(person)
            except Invalid as invalid:
                problems += invalid.problems
        raise Invalid(problems)
    return person


async def grant_named(tx: Tx, visitor: Visitor, person: Person) -> None:
    """Opens the channels that a form names, of somebody vouched for and remembered, who may have closed them."""
    checked, _ = customers.checked(person, default_country=visitor.salon.country)
    await consent.grant_named(tx, checked, person.channels, at=visitor.web.clock())


async def kept_of(tx: Tx, visitor: Visitor, person: Person) -> list[str]:
    """The fields of a form that the salon knows otherwise, and keeps: a customer's own data is changed by the salon."""
    checked, _ = customers.checked(person, default_country=visitor.salon.country)
    return [f"customer.{name}" for name in await customers.kept(tx, checked)]

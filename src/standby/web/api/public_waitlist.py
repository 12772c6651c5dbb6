"""/api/public/{salon}/waitlist: customers join for themselves."""

from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field

from standby.tenants.customers import Person
from standby.waitlist import entries
from standby.waitlist.entries import Wish
from standby.web.api import shapes
from standby.web.api.visitor import (
    NOT_TAKEN_OVER,
    GetVisitor,
    VisitorRoute,
    VouchedBody,
    grant_named,
    kept_of,
    vouched,
)

router = APIRouter(prefix="/public/{salon}/waitlist", tags=["public"], route_class=VisitorRoute)


class PublicJoinBody(shapes.WishBody, VouchedBody):
    """Somebody and what they wait for."""


class PublicJoinedView(BaseModel):
    id: UUID
    already_on_list: bool = Field(
        description="they waited for this service and staff member already; that entry is unchanged"
    )
    not_taken_over: list[str] = Field(description=NOT_TAKEN_OVER)
    position: shapes.PlaceView


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={200: {"model": PublicJoinedView, "description": "They were on the list already"}},
)
async def join_publicly(body: PublicJoinBody, visitor: GetVisitor, response: Response) -> PublicJoinedView:
    """Puts a customer on the list. Who waits for this service and staff member already keeps that entry: 200."""
    now = visitor.web.clock()
    await visitor.count_write(visitor.number(body.customer.phone))
    wish = Wish(**body.model_dump(exclude={"customer", "verification", "consent"}))
    async with visitor.transaction() as tx:
        with shapes.of_customer():

            async def check(person: Person) -> None:
                await entries.check(tx, person, wish, now=now)

            person = await vouched(tx, visitor, body, check)
            joined = await entries.join(tx, person, wish, now=now, actor=visitor.actor)
        await grant_named(tx, visitor, person)
        kept = await kept_of(tx, visitor, person)
    if joined.again:
        response.status_code = status.HTTP_200_OK
    return PublicJoinedView(
        id=joined.entry_id,
        already_on_list=joined.again,
        not_taken_over=[*kept, *joined.kept],
        position=shapes.PlaceView.model_validate(joined.place),
    )

"""All that is known of a customer, for themselves: as a file, or erased. For whoever has their link, and their phone.

A code to their number opens it for half an hour; the page carries what shows that, and nothing is kept by a cookie.
"""

import json
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from standby.bookings.managing import CUSTOMER as ACTOR
from standby.database.pool import new_id
from standby.errors import CustomerHasAppointments, TooManyRequests, VerificationNotFound
from standby.privacy import personal_data
from standby.tenants import codes, verifications
from standby.tenants.verifications import Over, Verified, Wrong
from standby.web.context import GetWeb
from standby.web.limits import LIMITED
from standby.web.public.my_page import GetMine, Mine, guest_of, veiled
from standby.web.public.person_form import status_of, to_go_back_to
from standby.web.public.typed import Typed, in_form
from standby.web.public.vouched import new_code, still_asked

router = APIRouter(prefix="/m/{token}", include_in_schema=False)

Step = Literal["start", "code", "open"]
UNSURE: Final = "my.erase.sure_first"
FILE: Final = 'attachment; filename="my-data.json"'


@router.api_route("/data", methods=["GET", "HEAD"])
async def ask(mine: GetMine) -> Response:
    return _page(mine, "start")


@router.post("/data", dependencies=[LIMITED])
async def act(request: Request, mine: GetMine) -> Response:
    """Each of its forms: have a code sent, show it, take the file, be erased."""
    typed = await in_form(request)
    if mine.person.phone is None:
        return _page(mine, "start", problem="my.data.no_phone")
    match typed("step"):
        case "send":
            return await _send(mine, mine.person.phone, typed)
        case "code":
            return await _opened(mine, mine.person.phone, typed)
        case "" if verification := typed.id(
            "verification"
        ):  # The page that they are at, in another language.
            return _page(mine, "code", verification=str(verification))
        case step:
            return await _with_proof(mine, mine.person.phone, step, typed)


@router.api_route("/erased", methods=["GET", "HEAD"])
async def erased(request: Request, token: str, web: GetWeb) -> Response:
    """What becomes of their page with them; it can be loaded again."""
    guest, person = await guest_of(request, token, web)
    if person is not None:
        return Mine(guest, person, token).back()
    return guest.page("my_data.html", step="erased", problem="", unsure=False)


async def _with_proof(mine: Mine, phone: str, step: str, typed: Typed) -> Response:
    """What they may who have shown that the number is theirs."""
    async with mine.guest.visitor.reading() as tx:
        shown = await verifications.is_verified(tx, typed("proof"), phone, now=mine.guest.now)
    if not shown:
        return _page(mine, "start", problem="my.data.again")
    if step == "download":
        return await _download(mine)
    return await _erase(mine, typed) if step == "erase" else _page(mine, "open", proof=typed("proof"))


async def _send(mine: Mine, phone: str, typed: Typed) -> Response:
    try:
        verification_id = await new_code(mine.guest, phone, "data", new_id())
    except TooManyRequests as refused:
        seconds = int(refused.details["retry_after_seconds"])
        asked = await still_asked(mine.guest, typed, phone, seconds)
        step: Step = "code" if typed.id("verification") else "start"
        return _page(
            mine,
            step,
            problem=asked.problem,
            verification=str(asked.verification_id),
            wait=seconds,
            **asked.values or {},
        )
    return _page(mine, "code", verification=str(verification_id))


async def _opened(mine: Mine, phone: str, typed: Typed) -> Response:
    code, verification_id = codes.read_code(typed("code")), typed.id("verification")
    if verification_id is None:
        return _page(mine, "start", problem="my.data.again")
    asked = str(verification_id)
    if code is None:
        return _page(mine, "code", problem="code.problem.digits", verification=asked)
    try:
        async with mine.guest.visitor.transaction() as tx:
            outcome = await verifications.confirm(
                tx, verification_id, code, phone=phone, secret=mine.guest.web.secret, now=mine.guest.now
            )
    except VerificationNotFound:
        outcome = Over()
    match outcome:
        case Verified(token):
            return _page(mine, "open", proof=token)
        case Wrong(tries_left) if tries_left:
            return _page(
                mine, "code", problem="code.problem.wrong", tries=str(tries_left), verification=asked
            )
        case Wrong() | Over():
            return _page(mine, "start", problem="code.problem.over")


async def _download(mine: Mine) -> Response:
    async with mine.guest.visitor.transaction() as tx:
        document: dict[str, Any] = await personal_data.export(tx, mine.person.id)
    written = json.dumps(document, ensure_ascii=False, indent=2)
    return Response(written, headers={"Content-Type": "application/json", "Content-Disposition": FILE})


async def _erase(mine: Mine, typed: Typed) -> Response:
    if typed("sure") != "yes":
        return _page(mine, "open", problem=UNSURE, proof=typed("proof"))
    try:
        async with mine.guest.visitor.transaction() as tx:
            await personal_data.erase(tx, mine.person.id, now=mine.guest.now, actor=ACTOR)
    except CustomerHasAppointments:
        return _page(mine, "open", problem="my.erase.appointments", proof=typed("proof"))
    return mine.back(path="/erased")


def _page(
    mine: Mine,
    step: Step,
    *,
    problem: str = "",
    verification: str = "",
    proof: str = "",
    wait: int = 0,
    **values: str,
) -> Response:
    phone = mine.person.phone
    page = mine.page(
        "my_data.html",
        status=status_of(problem, wait),
        step=step,
        unsure=problem == UNSURE,
        wait=wait,
        problem=mine.guest.words(problem, **values) if problem else "",
        phone=veiled("sms", phone) if phone else "",
        verification=verification,
        proof=proof,
    )
    return to_go_back_to(page, wait)

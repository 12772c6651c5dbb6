"""The form of somebody who books or waits: who they are, what is wrong with it, the page that asks for their code."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import HTMLResponse

from standby.database.pool import new_id
from standby.errors import FieldProblem
from standby.tenants import customers
from standby.tenants.customers import CONSENT_TEXT, Person
from standby.web.public.guest import Answer, Guest
from standby.web.public.typed import Typed
from standby.web.public.vouched import AGAIN, EDIT, AskCode

UNCHOSEN: Final = "visit.problem.at"  # Their time has gone, and they chose none of the others.


def checked_person(guest: Guest, typed: Typed, channels: Sequence[str] = ()) -> tuple[Person, dict[str, str]]:
    """Who a form is of, and what is wrong with what it says of them: keys of words, by field."""
    given = Person(typed("name"), typed("phone"), typed("email") or None, channels, themselves=True)
    person, found = customers.checked(given, default_country=guest.salon.country)
    problems = problems_by_field(found)
    if typed("consent") != CONSENT_TEXT:
        problems["consent"] = "visit.problem.consent"
    return person, problems


def problems_by_field(found: Sequence[FieldProblem]) -> dict[str, str]:
    """Keys of words, by field."""
    return {
        one.field: f"visit.problem.{one.code if one.code in ('in_the_past', 'too_soon') else one.field}"
        for one in reversed(found)
    }


def code_page(
    guest: Guest, typed: Typed, asked: AskCode, *, action: str, hidden: Sequence[str], lead: str
) -> HTMLResponse:
    """The page that asks for the code; `hidden` are the form's fields, which go along."""
    person, _ = checked_person(guest, typed)
    said = guest.words(asked.problem, **(asked.values or {})) if asked.problem else ""
    page = guest.page(
        "visit_code.html",
        status=status_of(asked.problem, asked.wait),
        action=action,
        hidden=[(name, value) for name in hidden for value in typed.all(name)],
        phone=customers.written(person.phone) if person.phone else typed("phone"),
        verification=asked.verification_id,
        problem=said if not asked.wait else "",
        notice=said if asked.wait else guest.words("code.sent_again") if typed("step") == AGAIN else "",
        lead=lead,
        again=AGAIN,
        edit=EDIT,
    )
    return to_go_back_to(page, asked.wait)


def form_page(
    guest: Guest,
    template: str,
    typed: Typed,
    problems: Mapping[str, str],
    *,
    proof: str,
    wait: int,
    **context: Any,
) -> HTMLResponse:
    """The form with what is wrong with it. `wait`: for so many seconds it isn't taken."""
    page = guest.page(
        template,
        status=_status_of_form(problems, wait),
        typed=typed,
        problems={
            field: guest.words(key, minutes=str(-(-wait // 60) or 1)) for field, key in problems.items()
        },
        proof=proof or typed("proof"),
        verification=typed("verification") or new_id(),
        consent=CONSENT_TEXT,
        **context,
    )
    return to_go_back_to(page, wait)


def to_go_back_to(page: Answer, wait: int = 0) -> Answer:
    """The browser may keep it: what answers a form can't be asked for again, and "back" would lead to an error.

    `wait`: for so many seconds the form isn't taken.
    """
    page.headers["Cache-Control"] = "private, no-cache"
    if wait:
        page.headers["Retry-After"] = str(wait)
    return page


def status_of(problem: object, wait: int = 0) -> int:
    """Of the answer to a form; `wait`: for so many seconds it isn't taken."""
    if wait:
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK


def _status_of_form(problems: Mapping[str, str], wait: int) -> int:
    gone = problems.get("at", UNCHOSEN) != UNCHOSEN
    return HTTPStatus.CONFLICT if gone and not wait else status_of(problems, wait)

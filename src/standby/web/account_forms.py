"""The forms of accounts: what was typed stays (but passwords), and what is wrong with it is said beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final, Literal

from fastapi.responses import HTMLResponse

from standby.errors import (
    CodesUnavailable,
    Invalid,
    OnlyOwner,
    StandbyError,
    TooManyAttempts,
    WrongCode,
    WrongCredentials,
)
from standby.web.pages import render
from standby.web.words import Words

Page = Literal[
    "sign-in",
    "code",
    "sign-up",
    "forgot",
    "reset",
    "verify",
    "reset-first",
    "verify-more",
    "invitation",
    "invitation-more",
    "own-email",
    "email-confirm",
    "own-password",
    "factor",
    "factor-confirm",
    "factor-off",
    "delete",
]
Note = Literal["asked", "stale", "foreign", "email-asked", "deleted"]

# Else browsers would call what our own forms send "from nowhere" (web/same_site.py); nobody else hears of the address.
HEADERS: Final = {"Referrer-Policy": "same-origin"}
SAID_OF: Final = {"password_short", "password_long", "password_common", "password_name", "email_same"}


@dataclass(frozen=True)
class Field:
    """One thing that a form asks for; `hint` is a key of words."""

    name: str
    type: str = "text"
    autocomplete: str = "off"
    value: str = ""
    hint: str = ""
    label: str = ""  # a key of words; "": the field's name is
    options: Sequence[str] = ()
    problem: str = ""

    @property
    def described(self) -> str:
        """What a screen reader reads with it."""
        parts = [f"{self.name}-problem"] if self.problem else []
        return " ".join([*parts, *([f"{self.name}-hint"] if self.hint else [])])


EMAIL: Final = Field("email", "email", "username")
PASSWORD: Final = Field("password", "password", "current-password")
NEW_PASSWORD: Final = Field("password", "password", "new-password", hint="password")
CODE: Final = Field("code", autocomplete="one-time-code", hint="code")
NEWEST_CODE: Final = Field("code", autocomplete="one-time-code", hint="newest_code")
CURRENT: Final = Field("current", "password", "current-password")


def again(field: Field, label: str) -> Field:
    """The same, asked for under another name."""
    return replace(field, label=label, autocomplete="email")


@dataclass(frozen=True)
class Form:
    """A form to show: where it goes, what it asks, and where else one may go."""

    page: Page
    action: str
    fields: Sequence[Field]
    links: Sequence[str] = ()
    hidden: Mapping[str, str] | None = None
    told: Mapping[str, str] | None = None
    picture: str = ""  # SVG of ours, of what stands in `secret`
    secret: str = ""

    def typed(self, **values: str) -> "Form":
        """The same with what was typed; never a password."""
        fields = [
            field if field.type == "password" else replace(field, value=values.get(field.name, field.value))
            for field in self.fields
        ]
        return replace(self, fields=fields)

    def shown(self, words: Words, error: StandbyError | None = None, *, note: str = "") -> HTMLResponse:
        """The page, with what is wrong."""
        problems = _problems(words, error)
        names = {field.name for field in self.fields}
        page = render(
            "account_form.html",
            status=_status(error),
            words=words,
            page=self.page,
            action=self.action,
            fields=[replace(field, problem=problems.get(field.name, "")) for field in self.fields],
            problem=next((said for name, said in problems.items() if name not in names), ""),
            hidden=dict(self.hidden or {}),
            links=self.links,
            told=dict(self.told or {}),
            picture=self.picture,
            secret=self.secret,
            note=note,
        )
        page.headers.update(HEADERS)
        if isinstance(error, TooManyAttempts):
            page.headers["Retry-After"] = str(error.details["retry_after_seconds"])
        return page


def note_page(words: Words, page: Note, *, status: int = 200, to: str = "sign-in") -> HTMLResponse:
    """A page that only says what comes next; `to` is where one may go."""
    shown = render("account_note.html", status=status, words=words, page=page, to=to)
    shown.headers.update(HEADERS)
    return shown


def codes_page(words: Words, codes: Sequence[str]) -> HTMLResponse:
    """The recovery codes, this once."""
    shown = render("account_codes.html", words=words, codes=codes)
    shown.headers.update(HEADERS)
    return shown


def _status(error: StandbyError | None) -> int:
    match error:
        case None:
            return HTTPStatus.OK
        case TooManyAttempts():
            return HTTPStatus.TOO_MANY_REQUESTS
        case CodesUnavailable():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case Invalid():
            return HTTPStatus.UNPROCESSABLE_ENTITY
        case OnlyOwner():
            return HTTPStatus.CONFLICT
        case _:
            return HTTPStatus.UNAUTHORIZED


def _problems(words: Words, error: StandbyError | None) -> dict[str, Any]:
    """What is wrong, by field; under "" what is wrong with all of it."""
    match error:
        case None:
            return {}
        case Invalid():
            return {one.field: _said(words, one.field, one.code) for one in reversed(error.problems)}
        case TooManyAttempts():
            minutes = -(-int(error.details["retry_after_seconds"]) // 60)
            return {"": words("account.problem.wait", minutes=str(minutes))}
        case OnlyOwner():
            return {"": words("account.problem.only_owner", salons=", ".join(error.details["salons"]))}
        case WrongCredentials():
            return {"": words("account.problem.credentials")}
        case WrongCode() | CodesUnavailable() as error:
            wrong = isinstance(error, WrongCode)
            return {"code": words("account.problem.code" if wrong else "account.problem.codes_unavailable")}
        case _:
            raise error


def _said(words: Words, field: str, code: str) -> str:
    return words(f"account.problem.{code if code in SAID_OF else field}")

"""All problems of a request at once: what can't be read of it together with what only the domain can find.

Where some fields can't be read, the request is tried with stand-ins in their place that the domain takes. Nothing of a
trial is kept (`Caller.transaction`): it only finds what is wrong with the other fields.
"""

import difflib
import json
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, Final

from fastapi import Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.types import Message

from standby.errors import FieldProblem, Invalid, StandbyError
from standby.web.api.once import HEADER, LONGEST, WRITES, answer_once

# For the fields that a form can't be without and the domain has something to say of; the others are left out.
STAND_INS: Final[dict[str, Any]] = {
    "customer": {"name": "-", "phone": "+4740000000"},
    "service_id": "00000000-0000-0000-0000-000000000000",
    "staff_id": "00000000-0000-0000-0000-000000000000",
    "slot_id": "00000000-0000-0000-0000-000000000000",
    "earliest": "2000-01-01T00:00:00Z",
    "latest": "2999-12-31T00:00:00Z",
    "starts_at": "2999-12-31T00:00:00Z",
    "from_minute": 0,
    "until_minute": 1440,
    "name": "-",
    "phone": "+4740000000",
    "subject": "-",
    "body": "-",
    "sms": "-",
    "text": "-",
    "verification": "-",
    "consent": "-",
    "purpose": "booking",
}
# What is judged by a field is left out together with it.
JUDGES: Final = {"starts_at": "ends_at", "offer_window_seconds": "reminder_lead_seconds"}
# What a program sent, in words that say what to do; the library's own describe its parser.
SAID: Final = {
    "missing": "is needed",
    "extra_forbidden": "there is no such field",
    "uuid_parsing": "is no id; ids look like 0198f3a2-5c1e-7d40-9b6a-3f2e1d0c4b5a",
    "timezone_aware": "needs its distance from UTC, like 2026-03-02T10:30:00+01:00 or …Z",
}
KEY_IN_DOCS: Final = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    "description": "The same request with the same key happens once, and is answered alike for a day.",
}


class NothingKept(Exception):
    """A trial's transaction came to its end."""


class FormRoute(APIRoute):
    """A route whose bodies are checked to the end even when some of their fields can't be read.

    A write that carries a key happens once (once.py). Parameters that nobody reads are errors, as unknown fields are.
    """

    keeps_answers = True
    kept_as: Callable[[str], str] = staticmethod(str)  # by what name the salon keeps a key

    def __init__(self, path: str, endpoint: Callable[..., Any], **rest: Any) -> None:
        super().__init__(path, endpoint, **rest)
        self._known = {field.alias for field in get_flat_params(self.dependant)}
        if self.keeps_answers and WRITES.intersection(self.methods or ()):
            self.openapi_extra = {**(self.openapi_extra or {}), "parameters": [KEY_IN_DOCS]}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with the trial around it."""
        handle = super().get_route_handler()

        async def handle_or_try(request: Request) -> Response:
            if unknown := sorted(request.query_params.keys() - self._known):
                raise Invalid([self._no_such(name) for name in unknown])
            try:
                return await handle(request)
            except RequestValidationError as error:
                unreadable = problems_of(error)
                form, stood_in = _with_stand_ins(error)
                if form is None:
                    raise Invalid(unreadable) from error
                found = await _found(handle(_trial(request, form)))
                told = [one for one in found if not _is_within(one.field, stood_in)]
                raise Invalid(unreadable + told) from error

        return (
            partial(answer_once, handle=handle_or_try, kept_as=self.kept_as)
            if self.keeps_answers
            else handle_or_try
        )

    def _no_such(self, name: str) -> FieldProblem:
        near = difflib.get_close_matches(name, self._known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return FieldProblem(name, f"there is no such parameter{hint}", "extra_forbidden")


class SecretFormRoute(FormRoute):
    """The same for what is answered with a secret: that is kept nowhere, so its writes take no key."""

    keeps_answers = False


async def _found(trial: Awaitable[Response]) -> list[FieldProblem]:
    """What the domain has against the fields of a form; what else stands against it may be the stand-ins' fault."""
    with suppress(StandbyError, NothingKept, RequestValidationError):
        try:
            await trial
        except Invalid as invalid:
            return invalid.problems
    return []


def is_trial(request: Request) -> bool:
    """Whether some of the request's fields are stand-ins, so that nothing of it may be kept."""
    return getattr(request.state, "trial", False)


def problems_of(error: RequestValidationError) -> list[FieldProblem]:
    """What can't be read, field by field: customer.phone."""
    return [_problem(one) for one in error.errors()]


def _problem(one: dict[str, Any]) -> FieldProblem:
    where, *path = one["loc"]
    if one["type"] == "json_invalid":
        message = f"is no JSON: {one['ctx']['error']} at character {path[0]}"
        return FieldProblem("body", message, one["type"])
    field = ".".join(str(part) for part in path) or str(where)
    said = SAID.get(one["type"], one["msg"].removeprefix("Value error, "))
    return FieldProblem(field, said, one["type"])


def _with_stand_ins(error: RequestValidationError) -> tuple[Any, set[str]]:
    """The body made readable, and the fields that aren't as they were given; (None, …): nothing can be made of it."""
    if any(one["loc"][0] != "body" for one in error.errors()):
        return None, set()
    stood_in: set[str] = set()
    match error.body:
        case dict() if all(len(one["loc"]) > 1 for one in error.errors()):
            form: Any = json.loads(json.dumps(error.body))
            # From the end of a list to its beginning: what is taken out moves what comes after it.
            for one in reversed(error.errors()):
                if one["type"] == "extra_forbidden":
                    _leave_out(form, list(one["loc"][1:]))
                else:
                    stood_in |= _stand_in(form, STAND_INS, list(one["loc"][1:]))
        case list() if all(len(one["loc"]) > 1 for one in error.errors()):
            wrong = {one["loc"][1] for one in error.errors()}
            form = [item for number, item in enumerate(error.body) if number not in wrong]
        case _:
            form = None
    return form, stood_in


def _stand_in(form: dict[str, Any], stand_ins: dict[str, Any], path: list[Any]) -> set[str]:
    """Replaces the field at the path; the names of what it replaced or left out."""
    name, *inner = path
    if inner and isinstance(form.get(name), dict) and isinstance(stand_ins.get(name), dict):
        return {f"{name}.{part}" for part in _stand_in(form[name], stand_ins[name], inner)}
    if inner and isinstance(form.get(name), list) and isinstance(inner[0], int):
        del form[name][inner[0]]
        return set()
    if name in stand_ins:
        form[name] = stand_ins[name]
    else:
        form.pop(name, None)
    form.pop(JUDGES.get(name, ""), None)
    return {str(name)}


def _leave_out(form: dict[str, Any], path: list[Any]) -> None:
    for part in path[:-1]:
        form = form[part]
    form.pop(path[-1], None)


def _is_within(field: str, stood_in: set[str]) -> bool:
    return any(field == name or field.startswith(f"{name}.") for name in stood_in)


def _trial(request: Request, form: Any) -> Request:
    body = json.dumps(form).encode()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({**request.scope, "state": {**request.scope.get("state", {}), "trial": True}}, receive)

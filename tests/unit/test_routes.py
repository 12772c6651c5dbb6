"""Each address leads to its route, and nothing on the way there waits for a thread."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import Match

from standby.web.app import create_app
from tests.api import NOBODY

APP = create_app(replace(NOBODY, phones=cast("Any", True)))
ROUTES = [route for route in iter_route_contexts(APP.routes) if isinstance(route.original_route, APIRoute)]


def called(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call is not None:
        yield dependant.call
    for dependency in dependant.dependencies:
        yield from called(dependency)


def name_of(route: RouteContext) -> str:
    return f"{min(route.methods or ())} {route.path}"


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_an_address_leads_to_a_route_of_its_own_part(route: RouteContext) -> None:
    scope: dict[str, Any] = {
        "type": "http",
        "method": min(route.methods or ()),
        "path": route.path,
        "root_path": "",
        "headers": [],
    }
    found = next(part for part in APP.routes if part.matches(scope)[0] is Match.FULL)
    assert name_of(route) in {name_of(other) for other in iter_route_contexts([found])}


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_nothing_that_a_route_calls_is_handed_to_a_thread(route: RouteContext) -> None:
    for call in called(cast("APIRoute", route.original_route).dependant):
        function = call if inspect.isroutine(call) else type(call).__call__
        assert inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function), call

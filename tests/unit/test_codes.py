"""One-time codes: what they look like, how they are known, how they are read; and the names of salons in addresses."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from fastapi.routing import iter_route_contexts

from standby.tenants import codes
from standby.tenants.permits import Rate
from standby.tenants.tenants import RESERVED, SLUG, slug_of
from standby.web.app import create_app
from tests.api import NOBODY

ONE, OTHER = UUID(int=1), UUID(int=2)


def test_a_code_has_six_digits_and_hardly_ever_the_same() -> None:
    drawn = [codes.new_code() for _ in range(200)]
    assert all(codes.read_code(code) == code for code in drawn)
    assert len(set(drawn)) > 190


def test_a_code_is_known_by_another_hash_for_each_verification_and_key() -> None:
    known = codes.hash_code(b"key", ONE, "123456")
    assert len(known) == 32
    assert known == codes.hash_code(b"key", ONE, "123456")
    others = (b"key", OTHER, "123456"), (b"other", ONE, "123456"), (b"key", ONE, "123457")
    assert known not in [codes.hash_code(*one) for one in others]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" 012-345 ", "012345"),
        ("012 345", "012345"),
        ("12345", None),
        ("1234567", None),
        ("12345a", None),
        ("١٢٣٤٥٦", None),
        ("", None),
    ],
)
def test_a_code_is_read_as_people_write_it(typed: str, read: str | None) -> None:
    assert codes.read_code(typed) == read


def test_the_next_code_to_a_number_is_a_minute_away_whichever_salon_sends_it() -> None:
    ours, theirs = codes.lines("+4740000001", "1.1.1.1", ONE), codes.lines("+4740000001", "", OTHER)
    assert ours["code +4740000001"] == theirs["code +4740000001"] == Rate(1, timedelta(minutes=1))
    assert not [line for line in theirs if "address" in line]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Salong Ærlig & Sønn", "salong-aerlig-sonn"), ("Admin", "admin-salon"), ("  Héllo—2! ", "hello-2")],
)
def test_a_salons_name_in_addresses_comes_from_its_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_no_salon_is_called_what_stands_for_something_else() -> None:
    names = {slug_of(word) for word in RESERVED}
    assert names.isdisjoint(RESERVED)
    assert all(SLUG.fullmatch(name) for name in names)


def test_no_salon_can_be_called_what_an_address_of_ours_begins_with() -> None:
    app = create_app(replace(NOBODY, phones=cast("Any", True)))
    firsts = {str(route.path).split("/")[1] for route in iter_route_contexts(app.routes)}
    assert {"{salon}", "sign-in", "m", "static"} <= firsts
    assert {name for name in firsts if SLUG.fullmatch(name)} <= RESERVED

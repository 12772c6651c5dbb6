"""Where a request comes from: nobody is believed but proxies of ours."""

from ipaddress import ip_network

import pytest
from starlette.requests import Request

from standby.web.client_address import client_address
from standby.web.limits import home_of

OURS = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def asked(client: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return Request({"type": "http", "headers": headers, "client": (client, 1) if client else None})


@pytest.mark.parametrize(
    ("request_", "address"),
    [
        (asked("1.1.1.1"), "1.1.1.1"),
        (asked("1.1.1.1", "2.2.2.2"), "1.1.1.1"),
        (asked("10.0.0.1", "2.2.2.2"), "2.2.2.2"),
        (asked("10.0.0.1", "9.9.9.9, 2.2.2.2"), "2.2.2.2"),
        (asked("10.0.0.1", "2.2.2.2, 10.0.0.2"), "2.2.2.2"),
        (asked("10.0.0.1", "9.9.9.9", "2.2.2.2 , 10.0.0.2"), "2.2.2.2"),
        (asked("10.0.0.1", "2.2.2.2, who knows"), "10.0.0.1"),
        (asked("10.0.0.1", "10.0.0.3"), "10.0.0.3"),
        (asked("10.0.0.1"), "10.0.0.1"),
        (asked("::ffff:10.0.0.1", "::ffff:2.2.2.2"), "2.2.2.2"),
        (asked("fd00::1", "2001:db8::7"), "2001:db8::7"),
        (asked(None, "2.2.2.2"), ""),
        (asked("testclient", "2.2.2.2"), ""),
    ],
)
def test_who_asks_is_the_last_one_whom_only_our_proxies_speak_of(request_: Request, address: str) -> None:
    assert client_address(request_, OURS) == address


def test_without_proxies_of_ours_whoever_connects_is_who_asks() -> None:
    assert client_address(asked("10.0.0.1", "2.2.2.2"), []) == "10.0.0.1"


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("1.1.1.1", "1.1.1.1"),
        ("::ffff:1.1.1.1", "1.1.1.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_all_addresses_of_one_home_are_counted_as_one(address: str, home: str) -> None:
    assert home_of(address) == home

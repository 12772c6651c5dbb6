"""The token in a link that says what it opens: nobody can make one, or turn one into another's."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standby.channels.unsubscribe_headers import unsubscribe_headers
from standby.signed_links import BOOKING, UNSUBSCRIBE, Linked, read_token, token_for
from standby.tenants.sign_in import Identity, issue_token

KEY: Final = b"k" * 40
KARI: Final = Linked(UUID(int=7), UUID(int=8))
TOKEN: Final = token_for(KEY, KARI, UNSUBSCRIBE)


@given(st.uuids(), st.uuids())
def test_a_token_says_whose_it_is_and_fits_into_a_link(tenant: UUID, customer: UUID) -> None:
    token = token_for(KEY, Linked(tenant, customer), UNSUBSCRIBE)
    assert read_token([KEY], token, UNSUBSCRIBE) == Linked(tenant, customer)
    assert len(token) == 64
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(st.integers(0, 47), st.integers(1, 255))
def test_a_token_in_which_anything_is_changed_is_none(place: int, change: int) -> None:
    raw = bytearray(urlsafe_b64decode(TOKEN))
    raw[place] ^= change
    assert read_token([KEY], urlsafe_b64encode(raw).decode(), UNSUBSCRIBE) is None


def test_another_salons_or_customers_token_has_another_signature() -> None:
    for other in (Linked(uuid4(), KARI.id), Linked(KARI.tenant_id, uuid4())):
        ids = urlsafe_b64decode(token_for(KEY, other, UNSUBSCRIBE))[:32]
        forged = urlsafe_b64encode(ids + urlsafe_b64decode(TOKEN)[32:]).decode()
        assert read_token([KEY], forged, UNSUBSCRIBE) is None


def test_a_token_is_good_for_its_key_and_its_purpose_alone() -> None:
    assert read_token([b"another" * 9], TOKEN, UNSUBSCRIBE) is None
    assert read_token([KEY], TOKEN, BOOKING) is None


def test_the_links_of_a_key_from_before_are_good_while_it_is_kept() -> None:
    assert read_token([b"new" * 20, KEY], TOKEN, UNSUBSCRIBE) == KARI


@given(st.text())
def test_whatever_else_is_said_is_no_token(text: str) -> None:
    assert read_token([KEY], text, UNSUBSCRIBE) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "æ" * 64,
        "=" * 64,
        "A" * 64,
        " " + TOKEN[1:],
        TOKEN + "=",
        TOKEN[:-1],
        TOKEN.replace("A", "+"),
    ],
)
def test_what_is_nearly_a_token_is_none(text: str) -> None:
    assert read_token([KEY], text, UNSUBSCRIBE) is None


def test_a_token_to_sign_in_with_is_none() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    signed_in = issue_token(KEY, Identity(KARI.tenant_id, "kari"), now=now, lifetime=timedelta(days=1))
    assert read_token([KEY], signed_in, UNSUBSCRIBE) is None


def test_a_mail_says_where_to_unsubscribe_and_by_https_that_one_click_does_it() -> None:
    assert unsubscribe_headers("https://standby.test/u/token") == {
        "List-Unsubscribe": "<https://standby.test/u/token>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert unsubscribe_headers("http://127.0.0.1/u/token") == {
        "List-Unsubscribe": "<http://127.0.0.1/u/token>"
    }
    assert unsubscribe_headers(None) == {}


def test_a_header_is_ascii_whatever_the_installations_name() -> None:
    assert unsubscribe_headers("https://bestill.ærlig.no/u/token")["List-Unsubscribe"] == (
        "<https://bestill.xn--rlig-uoa.no/u/token>"
    )

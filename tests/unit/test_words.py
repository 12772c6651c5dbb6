"""What messages say: as the page says it, and nothing that isn't so."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from standby.formats import formats_for
from standby.messages import words
from standby.messages.words import Facts

EXPIRES = datetime(2026, 11, 23, 12, 15, 42, tzinfo=UTC)
OFFER = Facts(
    kind="offer",
    customer_name="Ingrid Berg",
    salon_name="Fjord",
    service_name="Haircut",
    staff_name="Kim",
    starts_at=datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
    timezone="Europe/Oslo",
    locale="en",
    currency="NOK",
    price=Decimal("650.00"),
    window_minutes=15,
    expires_at=EXPIRES,
    link="http://127.0.0.1/o/secret",
)
KINDS = ("offer", "offer_reminder", "booked", "too_late")


def test_an_offer_says_what_when_with_whom_for_how_much_and_until_when() -> None:
    assert words.text(OFFER) == (
        "Hi Ingrid! A time came free at Fjord: Haircut with Kim, Tuesday 24 November at 13:00, NOK 650. "
        "We hold it for you until 13:15.\nhttp://127.0.0.1/o/secret"
    )
    assert words.text(replace(OFFER, locale="nb", service_name="Klipp", price=Decimal("1650.50"))) == (
        "Hei Ingrid! En time er blitt ledig hos Fjord: Klipp hos Kim, tirsdag 24. november kl. 13:00, 1 650,50 kr. "
        "Vi holder den av til deg til 13:15.\nhttp://127.0.0.1/o/secret"
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["en", "nb"])
def test_a_message_writes_dates_and_times_as_the_page_does(kind: str, locale: str) -> None:
    said = words.text(replace(OFFER, kind=kind, locale=locale))
    formats = formats_for(locale, "Europe/Oslo")
    assert OFFER.starts_at is not None
    assert formats.date(OFFER.starts_at) in said
    assert formats.time(OFFER.starts_at) in said
    assert "{" not in said + words.subject(replace(OFFER, kind=kind))


@pytest.mark.parametrize("seconds", [5, 60, 90, 150, 900, 5400, 86_400])
def test_the_end_that_a_message_names_is_at_most_a_minute_early_and_never_late(seconds: int) -> None:
    end = EXPIRES + timedelta(seconds=seconds)
    said = words.text(replace(OFFER, window_minutes=max(1, round(seconds / 60)), expires_at=end))
    named = said.partition("until ")[2].partition(".\n")[0].split()[-1]
    local = end.astimezone(formats_for("en", "Europe/Oslo").zone)
    exact = datetime.combine(local.date(), time.fromisoformat(named), local.tzinfo)
    assert timedelta() <= local - exact < timedelta(minutes=1 if seconds > 240 else 0, seconds=1)


def test_an_end_on_another_day_has_its_date() -> None:
    late = datetime(2026, 11, 23, 23, 5, tzinfo=UTC)
    assert "until Tuesday 24 November 00:05." in words.text(replace(OFFER, expires_at=late))


@pytest.mark.parametrize("locale", ["en", "nb"])
def test_a_text_has_no_blank_that_makes_it_cost_double(locale: str) -> None:
    said = words.text(replace(OFFER, locale=locale, price=Decimal("1650.50")))
    assert not set(said) & {"\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"}

"""What was typed into a form: read, or told what is wrong with it beside its field."""

from decimal import Decimal
from uuid import UUID

import pytest
from starlette.datastructures import FormData

from standby.web.dashboard.typed import Form, written
from standby.web.words import words_for


def typed(**fields: str) -> Form:
    return Form("new", words_for("en"), fields)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("650", "650"), ("49,50", "49.50"), ("1 450", "1450"), ("1\N{NO-BREAK SPACE}450.5", "1450.5")],
)
def test_an_amount_may_have_a_comma_a_point_or_blanks(text: str, amount: str) -> None:
    form = typed(price=text)
    assert form.amount("price") == Decimal(amount)
    assert form.problems == {}


@pytest.mark.parametrize("text", ["much", "-1", "1.234", "999999999", "1e3", "٣"])
def test_what_is_no_amount_is_told_beside_its_field(text: str) -> None:
    form = typed(price=text)
    assert form.amount("price") is None
    assert form.problems == {"price": "Write an amount like 650 or 49.50."}


def test_a_number_lies_within_its_bounds_and_may_be_left_out_where_that_means_one() -> None:
    form = typed(minutes="45", none="", few="4")
    assert form.number("minutes", 5, 1440) == 45
    assert form.number("none", 0, 240, empty=0) == 0
    assert form.problems == {}
    form.number("few", 5, 1440)
    form.number("absent", 5, 1440)
    assert form.problems == dict.fromkeys(("few", "absent"), "Write a whole number from 5 to 1440.")


@pytest.mark.parametrize(("text", "minute"), [("09:30", 570), ("9.30", 570), ("24:00", 1440), ("00:00", 0)])
def test_a_time_of_day_is_in_minutes(text: str, minute: int) -> None:
    assert typed(at=text).minute("at") == minute


@pytest.mark.parametrize("text", ["", "24:01", "12:60", "noon", "12"])
def test_what_is_no_time_is_told(text: str) -> None:
    form = typed(at=text)
    form.minute("at")
    assert list(form.problems) == ["at"]


def test_of_a_field_that_comes_twice_the_first_is_shown_and_all_are_chosen() -> None:
    one, other = UUID(int=1), UUID(int=2)
    sent = FormData([("services", str(one)), ("services", str(other)), ("services", "x"), ("name", " Mia ")])
    form = Form.sent("new", sent, words_for("en"))
    assert (form["services"], form["name"], form["absent"]) == (str(one), "Mia", "")
    assert form.ids("services") == [one, other]
    assert form.has("services", str(other))


def test_an_amount_is_written_as_it_would_be_typed() -> None:
    assert [written(one) for one in (None, Decimal("650.00"), Decimal("49.5"))] == ["", "650", "49.50"]

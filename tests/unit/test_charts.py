"""Pictures of numbers, and tables as files."""

import pytest

from standby.exporting.formulas import harmless
from standby.web.dashboard.charts import HEIGHT, LETTER, TOP, WIDTH, Step, columns, fields
from standby.web.dashboard.insight_figures import Cell, Table, csv_of


def said(amount: float) -> str:
    return f"{amount:g}"


def test_a_columns_parts_stand_on_one_another_and_the_scale_ends_above_the_highest() -> None:
    chart = columns([Step("a", "A", 3, 1), Step("b", "B", 0, 5), Step("c", "C", 0)], said)
    assert [word for _, word in chart.marks] == ["6", "3", "0"]
    first, second, third = chart.columns
    assert first.full == pytest.approx((TOP + HEIGHT / 2, HEIGHT / 2))
    assert first.hollow == pytest.approx((TOP + HEIGHT / 3, HEIGHT / 6))
    assert sum(second.hollow) == pytest.approx(HEIGHT + TOP)
    assert (third.full[1], third.hollow[1]) == (0, 0)


@pytest.mark.parametrize(
    ("most", "marks"),
    [
        (0, ["2", "1", "0"]),
        (1, ["1", "0"]),
        (2, ["2", "1", "0"]),
        (7, ["10", "5", "0"]),
        (1000, ["1000", "500", "0"]),
    ],
)
def test_a_scale_of_things_that_are_counted_has_whole_numbers(most: int, marks: list[str]) -> None:
    assert [word for _, word in columns([Step("", "", most)], said).marks] == marks


def test_of_many_columns_some_have_words_below_and_none_at_all_is_a_picture_too() -> None:
    chart = columns([Step(str(number), "", 1) for number in range(31)], said)
    assert [one.label for one in chart.columns if one.label] == [
        "0",
        "2",
        "4",
        "6",
        "8",
        "10",
        "12",
        "14",
        "16",
        "18",
        "20",
        "22",
        "24",
        "26",
        "28",
        "30",
    ]
    assert columns([], said).columns == []


def test_a_word_below_the_last_column_is_not_cut_off() -> None:
    *_, last = columns([Step(word, "", 1) for word in ("a", "b", "≥ 1 month or more")], said).columns
    assert last.label_at + len(last.label) * LETTER / 2 == pytest.approx(WIDTH)


def test_the_strongest_field_is_the_one_with_the_most() -> None:
    chart = fields({(1, 9): 4, (2, 10): 1}, {1: "Mon", 2: "Tue"}, {9: "09:00", 10: "10:00"}, lambda *_: "")
    assert [(one.amount, one.strength) for one in chart.fields] == [(4, 1), (0, 0), (0, 0), (1, 0.25)]
    assert fields({}, {1: "Mon"}, {}, lambda *_: "").fields == []


@pytest.mark.parametrize("text", ["=1+1", "+47 1", "-1+1", "@x", "\t=1", "\r=1", "+SUM(1)", "-cmd|x"])
def test_a_text_is_no_formula(text: str) -> None:
    assert harmless(text) == f" {text}"
    assert f" {text}" in csv_of(Table(["a"], [[Cell(text, text)]]))


@pytest.mark.parametrize("text", ["+4741234567", "-1", "+2,5", "-0.25", "Kari", "a=b", ""])
def test_phone_numbers_and_numbers_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_numbers_stay_numbers_and_a_file_says_how_it_is_written() -> None:
    table = Table(
        ["Når", "Andel"],
        [[Cell("1. nov.", "2026-11-01"), Cell("–", None)], [Cell("", "a,b"), Cell("", -0.5)]],
    )
    assert csv_of(table) == '\ufeffNår,Andel\r\n2026-11-01,\r\n"a,b",-0.5\r\n'

"""A week's hours, as a form asks for them and as a line tells them."""

from babel import Locale

from standby.tenants.opening_hours import Hours
from standby.web.dashboard import weeks
from standby.web.dashboard.typed import Form
from standby.web.words import words_for

WORDS = words_for("en")
ENGLISH = Locale("en", "GB")
WEEK = [
    Hours(1, 540, 720),
    Hours(1, 780, 1440),
    *(Hours(day, 540, 1020) for day in (2, 3, 4)),
    Hours(6, 600, 900),
]


def test_what_a_form_holds_of_a_week_is_read_as_that_week() -> None:
    form = Form("week", WORDS, weeks.typed_as(WEEK))
    assert weeks.read(form) == WEEK
    assert form.problems == {}


def test_a_week_is_told_with_equal_days_together() -> None:
    told = weeks.told(WEEK, ENGLISH, WORDS)
    assert told == "Mon 09:00–12:00, 13:00–24:00 · Tue–Thu 09:00–17:00 · Sat 10:00–15:00"
    assert weeks.told([], ENGLISH, WORDS) == ""
    assert weeks.told([Hours(7, 0, 60)], Locale("nb"), WORDS) == "Søn 00:00–01:00"


def test_each_problem_of_a_week_is_told_beside_its_times() -> None:
    typed = {
        "opens-1-0": "09:00",
        "closes-1-0": "",
        "opens-2-0": "17:00",
        "closes-2-0": "09:00",
        "opens-3-0": "09:00",
        "closes-3-0": "12:00",
        "opens-3-1": "11:00",
        "closes-3-1": "15:00",
        "opens-4-0": "noon",
        "closes-4-0": "25:00",
    }
    form = Form("week", WORDS, typed)
    weeks.read(form)
    said = {name: problem for name, problem in form.problems.items() if name[0].isdigit()}
    assert list(said) == ["1-0", "2-0", "4-0", "3-0"]
    assert said["3-0"] == "Two of this day’s times overlap."


def test_a_day_has_a_field_more_than_it_has_openings_and_two_at_least() -> None:
    [monday, tuesday, *_] = weeks.fields_for(Form("week", WORDS, weeks.typed_as(WEEK)), ENGLISH)
    assert list(monday.openings) == ["1-0", "1-1", "1-2"]
    assert (tuesday.name, list(tuesday.openings)) == ("Tuesday", ["2-0", "2-1"])

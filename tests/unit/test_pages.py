"""What pages say and how they write it; no browser needed."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from string import Formatter

import pytest
from jinja2 import UndefinedError

from standby.formats import formats_for
from standby.messages.kinds import KINDS
from standby.web.demo_screens import Bubble, Phone
from standby.web.pages import STATIC, TEMPLATES, render, static_url
from standby.web.words import LANGUAGES, words_accepted, words_for

AFTERNOON = datetime(2025, 6, 3, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    assert LANGUAGES[language].keys() == LANGUAGES["en"].keys()
    for key, text in LANGUAGES[language].items():
        assert text.strip(), key
        assert _blanks(text) == _blanks(LANGUAGES["en"][key]), key


def test_every_word_that_a_template_names_is_there() -> None:
    templates = "".join(path.read_text() for path in TEMPLATES.glob("*.html"))
    named = set(re.findall(r"words\(['\"]([\w.]+)['\"]", templates))
    assert named
    assert named <= LANGUAGES["en"].keys()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_message_has_a_name(kind: str) -> None:
    names = {f"texts.kind.{kind}", f"texts.kind.{kind}.text", f"messages.kind.{kind}"}
    assert names <= LANGUAGES["en"].keys()


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("en", "en"),
        ("nb", "nb"),
        ("nb_NO", "nb"),
        ("nb-NO", "nb"),
        ("no", "nb"),
        ("nn", "nb"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_a_locale_has_words(locale: str, language: str) -> None:
    assert words_for(locale).language == language


def test_the_first_language_that_a_browser_accepts_decides() -> None:
    assert words_accepted("nb-NO,nb;q=0.9,en;q=0.8").language == "nb"
    assert words_accepted("no;q=0.9").language == "nb"
    assert words_accepted("de,nb;q=0.5").language == "en"
    assert words_accepted("").language == "en"


@pytest.mark.parametrize(
    ("locale", "day", "time"),
    [
        ("en", "Tuesday 3 June", "15:30"),
        ("nb", "tirsdag 3. juni", "15:30"),
        ("en_GB", "Tuesday 3 June", "15:30"),
        ("en-US", "Tuesday June 3", "3:30\N{NARROW NO-BREAK SPACE}PM"),
        ("unheard-of", "Tuesday 3 June", "15:30"),
    ],
)
def test_a_time_is_written_as_the_salons_clock_and_country_have_it(locale: str, day: str, time: str) -> None:
    formats = formats_for(locale, "Europe/Oslo")
    assert formats.date(AFTERNOON) == day
    assert formats.time(AFTERNOON) == time


def test_a_day_begins_at_the_salons_midnight() -> None:
    late = datetime(2025, 6, 3, 22, 30, tzinfo=UTC)  # already the 4th in Oslo
    assert formats_for("en", "Europe/Oslo").days_ahead(late, AFTERNOON) == 1
    assert formats_for("en", "Europe/London").days_ahead(late, AFTERNOON) == 0
    assert formats_for("en", "Europe/Oslo").date(late) == "Wednesday 4 June"


@pytest.mark.parametrize(
    ("locale", "amount", "currency", "written"),
    [
        ("en", "650.00", "NOK", "NOK 650"),
        ("en", "1650.50", "NOK", "NOK 1,650.50"),
        ("en", "45.00", "GBP", "£45.00"),
        ("en", "0", "GBP", "£0.00"),
        ("nb", "650.00", "NOK", "650 kr"),
        ("nb", "1650.50", "NOK", "1 650,50 kr"),
        ("nb", "45.00", "EUR", "45,00 €"),
        ("en", "900", "JPY", "JP¥900"),
    ],
)
def test_a_price_is_written_as_in_the_salons_country(
    locale: str, amount: str, currency: str, written: str
) -> None:
    price = formats_for(locale, "Europe/Oslo").price(Decimal(amount), currency)
    assert price.replace("\N{NO-BREAK SPACE}", " ") == written


@pytest.mark.parametrize(
    ("minutes", "english", "norwegian"),
    [(45, "45 mins", "45 min"), (60, "1 hr", "1 t"), (90, "1 hr 30 mins", "1 t 30 min")],
)
def test_a_duration_is_written_in_hours_and_minutes(minutes: int, english: str, norwegian: str) -> None:
    assert formats_for("en", "Europe/Oslo").duration(minutes) == english
    assert formats_for("nb", "Europe/Oslo").duration(minutes) == norwegian


def test_a_page_that_lacks_a_fact_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("trouble.html")


def test_what_customers_and_salons_typed_is_shown_as_text() -> None:
    page = render(
        "demo.html",
        words=words_for("en"),
        phones=[_phone("<script>alert(1)</script>")],
        alone=False,
        asked=False,
        day=None,
    )
    assert b"<script>alert" not in page.body
    assert b"&lt;script&gt;alert" in page.body


def test_a_static_files_address_changes_with_the_file() -> None:
    for path in STATIC.iterdir():
        assert re.fullmatch(rf"/static/{re.escape(path.name)}\?v=[0-9a-f]{{12}}", static_url(path.name))


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_template_has_inline_script_or_style_which_browsers_are_told_to_refuse(path: object) -> None:
    text = (TEMPLATES / str(path)).read_text()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _phone(text: str) -> Phone:
    return Phone(
        "+4741234567",
        text,
        "+47 412 34 567",
        None,
        text,
        "sms",
        [Bubble("1", AFTERNOON, text, told=text), Bubble("2", AFTERNOON, text, by="customer")],
    )

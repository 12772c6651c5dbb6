"""What messages say: as the page says it, and nothing that isn't so."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from structlog.testing import capture_logs

from standby.channels.base import Template
from standby.channels.limits import BUTTON_TITLE, segments
from standby.formats import formats_for
from standby.messages import catalogue, words
from standby.messages.catalogue import CATALOGUES
from standby.messages.kinds import KINDS
from standby.messages.places import named_in
from standby.messages.words import Choice, Facts

STARTS = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EXPIRES = datetime(2026, 11, 23, 12, 15, 42, tzinfo=UTC)
OFFER = Facts(
    kind="offer",
    customer_name="Ingrid Berg",
    salon_name="Fjord",
    service_name="Haircut",
    staff_name="Kim",
    starts_at=STARTS,
    timezone="Europe/Oslo",
    locale="en",
    currency="NOK",
    price=Decimal("650.00"),
    window_minutes=15,
    expires_at=EXPIRES,
    link="http://127.0.0.1/o/secret",
)
ANY = replace(
    OFFER,
    link=None,
    previous_starts_at=STARTS - timedelta(days=1, hours=3),
    reason="taken",
    choices=(Choice("Haircut", "Kim", STARTS), Choice("Colour", "Alex", STARTS + timedelta(days=1))),
    code="482915",
    valid_minutes=10,
    text="Yes, you can.",
)
LANGUAGES = tuple(CATALOGUES)
ABOUT_A_TIME = [name for name, kind in KINDS.items() if "when" in kind.places]
EVERY = pytest.mark.parametrize(("kind", "language"), [(kind, one) for kind in KINDS for one in LANGUAGES])


def test_an_offer_says_what_when_with_whom_for_how_much_and_until_when() -> None:
    assert words.text(OFFER) == (
        "Hi Ingrid! A time came free at Fjord: Haircut with Kim, Tuesday 24 November at 13:00, NOK 650. "
        "We hold it for you until 13:15.\nhttp://127.0.0.1/o/secret"
    )
    assert words.text(replace(OFFER, locale="nb", service_name="Klipp", price=Decimal("1650.50"))) == (
        "Hei Ingrid! En time er blitt ledig hos Fjord: Klipp hos Kim, tirsdag 24. november kl. 13:00, 1 650,50 kr. "
        "Vi holder den av til deg fram til 13:15.\nhttp://127.0.0.1/o/secret"
    )


@pytest.mark.parametrize("kind", ABOUT_A_TIME)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_message_writes_dates_and_times_as_the_page_does(kind: str, locale: str) -> None:
    said = words.text(replace(ANY, kind=kind, locale=locale))
    formats = formats_for(locale, "Europe/Oslo")
    assert formats.date(STARTS) in said
    assert formats.time(STARTS) in said


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


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_text_has_no_blank_that_makes_it_cost_double(locale: str) -> None:
    said = words.text(replace(OFFER, locale=locale, price=Decimal("1650.50")))
    assert not set(said) & {"\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"}


def test_the_catalogues_have_the_same_texts_with_the_same_places() -> None:
    assert set(LANGUAGES) == {"en", "nb"}
    english = CATALOGUES["en"]
    for language, texts in CATALOGUES.items():
        assert texts.keys() == english.keys(), language
        for key, text in texts.items():
            assert text.strip(), (language, key)
            if not key.startswith("place."):  # They explain how places are written.
                assert set(named_in(text)) == set(named_in(english[key])), (language, key)


@EVERY
def test_every_kind_has_every_text_and_names_only_what_it_can_fill_in(kind: str, language: str) -> None:
    texts, about = CATALOGUES[language], KINDS[kind]
    for part in ("subject", "body", "sms", "lead"):
        assert set(named_in(texts[f"{kind}.{part}"])) <= set(about.places), part
    for part in ("body", "sms"):
        assert about.needed <= set(named_in(texts[f"{kind}.{part}"])), part
    assert all(f"place.{name}" in texts for name in about.places)
    assert f"mail.because_{about.why}" in texts


@EVERY
def test_every_message_can_be_written_in_full(kind: str, language: str) -> None:
    facts = replace(ANY, kind=kind, locale=language)
    for said in (words.subject(facts), words.text(facts), words.sms(facts), words.lead(facts)):
        assert said.strip()
        assert not set("{}") & set(said)
    assert "\n" not in words.subject(facts)


@EVERY
def test_an_sms_fits_into_one_but_for_its_link(kind: str, language: str) -> None:
    names: dict[str, Any] = {
        "salon_name": "Salong Fjord",
        "service_name": "Klipp og farge",
        "staff_name": "Kristine",
    }
    said = words.sms(replace(ANY, kind=kind, locale=language, price=Decimal(1650), **names))
    counted = segments(said)
    assert (counted.count, counted.encoding) == (1, "GSM-7"), said


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if not kind.is_answer])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_neither_begins_nor_ends_with_a_value(kind: str, language: str) -> None:
    text = words.template_text(kind, language)
    assert not text.startswith("{")
    assert not text.endswith("}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["offer", "reminder"])
def test_buttons_fit_their_places(kind: str, language: str) -> None:
    titles = words.buttons(kind, language)
    assert len(set(titles)) == 2
    assert all(0 < len(title) <= BUTTON_TITLE for title in titles)


def test_only_who_can_answer_by_text_is_told_so() -> None:
    assert "YES" not in words.text(OFFER) + words.sms(OFFER)
    said = words.text(replace(OFFER, can_answer=True))
    assert said.endswith(" Answer YES or NO, or open the link.\nhttp://127.0.0.1/o/secret")
    assert "Svar JA eller NEI" in words.sms(replace(OFFER, can_answer=True, locale="nb"))
    assert "YES" not in words.text(replace(ANY, kind="booked", can_answer=True))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("expired", "is no longer held for you"),
        ("taken", "has gone to somebody else"),
        ("withdrawn", "has been taken back by the salon"),
        ("cancelled", "has been called off by the salon"),
        ("already_over", "has already begun"),
        ("of_no_kind", "is not available any more"),
        (None, "is not available any more"),
    ],
)
def test_who_was_too_late_reads_why(reason: str | None, said: str) -> None:
    facts = replace(ANY, kind="too_late", reason=reason)
    assert said in words.text(facts)
    assert said in words.sms(facts)


def test_a_change_tells_the_new_time_and_the_old_one() -> None:
    said = words.text(replace(ANY, kind="changed"))
    assert "now Tuesday 24 November at 13:00. Before, it was Monday 23 November at 10:00." in said


def test_who_has_several_offers_chooses_by_number() -> None:
    assert words.sms(replace(ANY, kind="which_one", locale="nb")) == (
        "Hvilken time mener du?\n1: Haircut hos Kim, tir. 24. nov. kl. 13:00\n"
        "2: Colour hos Alex, ons. 25. nov. kl. 13:00\nSvar JA og nummeret, for eksempel JA 1."
    )


def test_a_code_needs_no_name_and_no_time() -> None:
    facts = Facts("verify_code", "", "Fjord", "Europe/Oslo", "nb", "NOK", code="0042", valid_minutes=1)
    assert words.sms(facts) == "0042 er koden din for Fjord. Den gjelder i 1 minutt. Ikke gi den til noen."


@pytest.mark.parametrize("locale", ["nb", "nb_NO", "nb-NO", "no", "nn_NO"])
def test_norwegians_read_norwegian(locale: str) -> None:
    assert not catalogue.falls_back(locale)
    assert words.text(replace(OFFER, locale=locale)).startswith("Hei Ingrid! En time er blitt ledig")


def test_an_american_salon_reads_its_own_dates_and_times() -> None:
    said = words.text(replace(OFFER, locale="en_US", timezone="America/New_York", currency="USD"))
    assert "Tuesday November 24 at 7:00 AM, $650.00" in said


def test_a_language_without_a_catalogue_reads_english_and_that_is_logged_once() -> None:
    catalogue._tell_fallback.cache_clear()
    with capture_logs() as logged:
        said = [words.text(replace(OFFER, locale="de_DE")) for _ in range(2)]
    assert said == [words.text(OFFER)] * 2
    assert catalogue.falls_back("de_DE")
    assert [one["event"] for one in logged] == ["no_catalogue_for_locale"]


def test_a_salon_s_own_text_is_what_is_said_in_its_language() -> None:
    own = {"en": {"body": "Oi {first_name}: {service} {when}{price}?", "sms": "Oi {first_name}!"}}
    facts = replace(OFFER, own=own)
    assert words.text(facts) == (
        "Oi Ingrid: Haircut Tuesday 24 November at 13:00, NOK 650?\nhttp://127.0.0.1/o/secret"
    )
    assert words.sms(facts) == "Oi Ingrid!\nhttp://127.0.0.1/o/secret"
    assert words.subject(facts) == "A time came free at Fjord", "what it doesn't say is said in ours"
    assert words.text(replace(facts, locale="nb")).startswith("Hei Ingrid!")


@pytest.mark.parametrize("own", ["Hi {nobody}", "Hi {", "Hi {first_name.__class__}", "Hi {0}", "Hi {code}."])
def test_an_own_text_that_cant_be_filled_in_gives_way_to_ours(own: str) -> None:
    facts = replace(OFFER, own={"en": {"subject": own, "body": own, "sms": own}})
    with capture_logs() as logged:
        assert words.subject(facts) == words.subject(OFFER)
        assert words.text(facts) == words.text(OFFER)
        assert words.sms(facts) == words.sms(OFFER)
        assert words.lead(facts) == words.lead(OFFER)
        assert words.template_for(facts) == words.template_for(OFFER)
    assert {one["event"] for one in logged} == {"own_text_unusable"}


def test_a_template_has_the_values_of_its_text_in_their_order() -> None:
    template = words.template_for(OFFER)
    assert template is not None
    assert words.template_text("offer", "en") == (
        "Hi {{1}}! A time came free at {{2}}: {{3}} with {{4}}, {{5}}. We hold it for you until {{6}}.\n{{7}}\n"
        "Open the link to answer."
    )
    assert (template.name, template.language) == ("standby_offer", "en")
    assert template.values == (
        "Ingrid", "Fjord", "Haircut", "Kim", "Tuesday 24 November at 13:00, NOK 650", "13:15",
        "http://127.0.0.1/o/secret",
    )  # fmt: skip


def test_a_code_goes_by_whatsapp_in_its_own_words_whatever_the_salons_are() -> None:
    own = {"en": {"body": "Hi, {code} it is, from {salon}."}}
    facts = Facts(
        "verify_code", "", "Fjord", "Europe/Oslo", "en", "NOK", code="0042", valid_minutes=1, own=own
    )
    assert words.template_for(facts) == Template("standby_verify_code", "en", ("0042",), "0042")
    assert words.text(facts) == "Hi, 0042 it is, from Fjord."


def test_a_template_of_an_own_text_is_called_after_its_values() -> None:
    text, turned = "Oi {first_name}, {when}{price}, {first_name}!", "Oi {when}{price}, {first_name}!"
    own = {"en": {"body": text}}
    template = words.template_for(replace(OFFER, own=own))
    assert template is not None
    assert template.values == (
        "Ingrid",
        "Tuesday 24 November at 13:00, NOK 650",
        "http://127.0.0.1/o/secret",
    )
    assert words.template_text("offer", "en", text) == (
        "Oi {{1}}, {{2}}, {{1}}!\n{{3}}\nOpen the link to answer."
    )
    assert template.name == words.template_name("offer", text) != "standby_offer"
    assert words.template_name("offer", turned) != template.name
    assert words.template_name("offer", text.replace("Oi", "Hei")) == template.name


def test_an_answer_to_what_somebody_wrote_needs_no_template() -> None:
    without = {kind for kind in KINDS if words.template_for(replace(ANY, kind=kind)) is None}
    assert without == {"help", "help_booking", "call_salon", "which_one", "stopped", "started", "by_hand"}

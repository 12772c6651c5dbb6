"""Mails: the same as the text, laid out so that every client shows it, and nothing from elsewhere in it."""

import re
from dataclasses import replace
from html import unescape

import pytest

from standby.messages import mail, words
from standby.messages.kinds import KINDS
from tests.unit.test_words import ABOUT_A_TIME, ANY, EVERY, LANGUAGES, OFFER

STOP = "https://standby.test/u/token"


def seen(html: str) -> str:
    """What a reader reads."""
    body = html.partition("</head>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("kind", ABOUT_A_TIME)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_mail_says_what_its_text_says(kind: str, locale: str) -> None:
    facts = replace(ANY, kind=kind, locale=locale)
    said = seen(mail.html(facts, STOP))
    values = words.values_of(facts)
    for name in ("first_name", "salon", "service", "staff", "when"):
        assert values[name].replace("\N{NO-BREAK SPACE}", " ") in said.replace("\N{NO-BREAK SPACE}", " ")
    assert ("13:15" in said) == ("offer" in kind)
    assert ("10:00" in said) == (kind == "changed")


@EVERY
def test_a_mail_of_every_kind_is_whole(kind: str, language: str) -> None:
    html = mail.html(replace(ANY, kind=kind, locale=language), STOP)
    assert not set("{}") & set(seen(html))
    assert html.count("<table") == html.count("</table>")
    assert html.count("<tr") == html.count("</tr>")


def test_a_code_can_be_read_from_afar() -> None:
    assert "font-size:34px" in mail.html(replace(ANY, kind="verify_code"), STOP)
    assert "font-size:34px" not in mail.html(OFFER, STOP)


def test_a_salon_s_own_body_stands_in_place_of_our_lead() -> None:
    html = mail.html(replace(OFFER, own={"en": {"body": "Oi {first_name}!\n<b>{service}</b>?"}}), STOP)
    said = seen(html)
    assert "Oi Ingrid!" in said
    assert "<b>Haircut</b>?" in said, "as text"
    assert "This time came free" not in said
    assert "See the time and answer" in said


def test_its_link_is_a_button_and_can_be_read() -> None:
    html = mail.html(OFFER, STOP)
    assert html.count('href="http://127.0.0.1/o/secret"') == 1
    assert "See the time and answer" in html
    assert seen(html).count("http://127.0.0.1/o/secret") == 1


def test_without_a_link_there_is_no_button_and_without_a_price_no_line_for_it() -> None:
    html = mail.html(replace(OFFER, kind="booked", link=None, price=None), STOP)
    assert html.count("<a ") == 1
    assert "Price" not in html


def test_nothing_is_loaded_from_anywhere_and_no_name_becomes_markup() -> None:
    html = mail.html(replace(OFFER, customer_name="<b>Kari</b>", service_name="Cut & <i>colour</i>"), STOP)
    assert "<b>" not in html
    assert "Cut &amp; &lt;i&gt;colour" in html
    assert not re.search(r"<(img|link|script|iframe)|url\(|src=", html)


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize(("locale", "says"), [("en", "No more email"), ("nb", "Ingen flere e-poster")])
def test_every_mail_ends_with_the_way_to_get_no_more(kind: str, locale: str, says: str) -> None:
    facts = replace(ANY, kind=kind, locale=locale)
    assert (
        mail.text(facts, STOP)
        == f"{words.text(facts)}\n\n{says} f{'rom' if locale == 'en' else 'ra'} Fjord:\n{STOP}"
    )
    assert re.search(rf'href="{STOP}"[^>]*>{says}</a>', mail.html(facts, STOP))
